#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# docs/RECIPES.md, as it stands: each command of a block that is marked to be run is run, line by line,
# with the engines of this test in place of the host's. What cannot be run on any such machine is named.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/page-lib.sh
. "$top/tests/e2e/page-lib.sh"

need_root
need podman docker dockerd runc ctr busybox jq
e2e_begin
need_stream
make_image
PAGE=$top/docs/RECIPES.md
export WEB=example/web:1
change='CMD ["/bin/calls", "--stay", "300", "get_mempolicy", "times"]'

# ---- the engines, under their own names -------------------------------------------------------

# As those of page-lib.sh.
make_engine_commands() {
	cat >"$E2E_DIR/commands/docker" <<-END
		#!/bin/bash
		export DOCKER_HOST=$DOCKER_SOCKET PATH=$PATH
		case \$1 in
		run) exec docker run --network none "\${@:2}" ;;
		compose) docker compose version >/dev/null 2>&1 || exec docker-compose "\${@:2}" ;;
		esac
		exec docker "\$@"
	END
	cat >"$E2E_DIR/commands/ctr" <<-END
		#!/bin/bash
		export PATH=$PATH
		verb=\$1
		shift
		[ \$verb != run ] || set -- --snapshotter native --runc-root $E2E_DIR/ctr-runc "\$@"
		exec ctr --address $E2E_DIR/docker-exec/containerd/containerd.sock --namespace recipes-$$ \$verb "\$@"
	END
	chmod +x "$E2E_DIR/commands/"*
}

cut_blocks
is "each block of the recipes is marked" "$(grep -l '^unmarked$' "$E2E_DIR/steps/"* | wc -l)" 0
start_docker
docker_ import --change "$change" "$E2E_DIR/image.tar" "$WEB" >/dev/null 2>"$E2E_DIR/run.err" || bail "$(cat "$E2E_DIR/run.err")"
start_podman
podman_ import --change "$change" "$E2E_DIR/image.tar" "$WEB" >/dev/null 2>"$E2E_DIR/run.err" || bail "$(cat "$E2E_DIR/run.err")"
make_commands
make_engine_commands
start_page_seccompd

# ---- all of them ------------------------------------------------------------------------------

run_section docker
calls_of() { # FILE: how many it allows
	jq '[.syscalls[] | select(.action == "SCMP_ACT_ALLOW") | .names[]] | length' "$1"
}
check "docker: the patch is in the profile" grep -q get_mempolicy "$E2E_DIR/docker/web.json"
check "docker: and hardly more than it needs" [ "$(calls_of "$E2E_DIR/docker/web.json")" -lt 80 ]
is "docker: it still runs under it" "$(docker_ inspect --format '{{.State.Running}}' web)" true
docker_ rm --force web >/dev/null 2>&1

if docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null; then
	run_section compose
	check "compose: the patch is in the profile" grep -q get_mempolicy "$E2E_DIR/compose/web.json"
	docker_ ps --quiet | xargs -r env "DOCKER_HOST=$DOCKER_SOCKET" docker rm --force >/dev/null 2>&1
else
	skip "compose" "no docker compose"
fi

run_section podman
check "podman: the patch is in the profile" grep -q get_mempolicy "$E2E_DIR/podman/web.json"

docker_ save --output "$E2E_DIR/web.tar" "$WEB" && "$E2E_DIR/commands/ctr" image import --snapshotter native "$E2E_DIR/web.tar" >"$E2E_DIR/ctr.log" 2>&1
run_section containerd
"$E2E_DIR/commands/ctr" task rm --force web >/dev/null 2>&1
"$E2E_DIR/commands/ctr" container rm web >/dev/null 2>&1

for step in "$E2E_DIR/steps/"*.not; do
	diag "block $(basename "${step%.not}") is not run: $(sed 's/^not run: //' "$step")"
done
done_testing
