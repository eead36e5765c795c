#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# docs/TUTORIAL.md, as it stands: from an unconfined container to KILL, each command of the page in turn.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/page-lib.sh
. "$top/tests/e2e/page-lib.sh"

need_root
need podman runc busybox jq
e2e_begin
need_stream
make_image
PAGE=$top/docs/TUTORIAL.md
start_podman
podman_ import --change 'CMD ["/bin/calls", "--stay", "300", "get_mempolicy", "times"]' "$E2E_DIR/image.tar" example/web:1 \
	>/dev/null 2>"$E2E_DIR/run.err" || bail "$(cat "$E2E_DIR/run.err")"

# As people type them; what is added is where they run, and that nothing has a network.
mkdir "$E2E_DIR/commands"
cat >"$E2E_DIR/commands/podman" <<-END
	#!/bin/bash
	export PATH=$PATH
	verb=\$1
	shift
	[ \$verb != run ] || set -- --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 "\$@"
	exec podman --root $E2E_DIR/podman --runroot $E2E_DIR/podman-run --tmpdir $E2E_DIR/podman-tmp \\
		--storage-driver vfs --runtime runc --cgroup-manager=cgroupfs --events-backend=file \$verb "\$@"
END
cat >"$E2E_DIR/commands/seccompctl" <<-END
	#!/bin/bash
	export PATH=$PATH
	exec $SECCOMPCTL --config $E2E_DIR/seccompd.conf --ledger $E2E_DIR/ledger.db "\$@"
END
chmod +x "$E2E_DIR/commands/"*
write_config
sed -i "s|^Source=|WorkloadsDir=$E2E_DIR/workloads.d\n&|" "$E2E_DIR/seccompd.conf"
start_seccompd --no-journal || bail "seccompd does not start"

cut_blocks
is "each block of the page is marked" "$(grep -l '^unmarked$' "$E2E_DIR/steps/"* | wc -l)" 0
run_section tutorial
check "the patch is in the profile" grep -q get_mempolicy "$E2E_DIR/tutorial/web.json"
check "list says the stage" grep -qE '^podman:web +yes +kill ' "$E2E_DIR/out"
is "the profile kills" "$(jq -r .defaultAction "$E2E_DIR/tutorial/web.json")" SCMP_ACT_KILL_PROCESS
is "the container runs under it" "$(podman_ inspect --format '{{.State.Running}}' web)" true
podman_ exec web /bin/calls keyctl >"$E2E_DIR/run.log" 2>&1
check "and what is outside of it is killed" [ $? -ge 128 ]
done_testing
