#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The settings of units: lint, with groups of a systemd-analyze of our own.
. "${srcdir:?}/tests/integration/client-lib.sh"

mkdir "$work/bin"
cat >"$work/bin/systemd-analyze" <<'P'
#!/bin/sh
[ "$*" = "syscall-filter --no-pager" ] || exit 1
printf '@default\n    # always\n    execve\n    exit_group\n    getpid\n    rt_sigreturn\n\n'
printf '@basic-io\n    close\n    read\n    write\n\n@service\n    @basic-io\n    mmap\n    mprotect\n    openat\n'
P
chmod +x "$work/bin/systemd-analyze"
PATH=$work/bin:$PATH

# ---- lint
cat >"$work/good.service" <<'P'
[Service]
ExecStart=/bin/true
SystemCallFilter=@service
SystemCallArchitectures=native
P
cat >"$work/bad.conf" <<'P'
[Service]
SystemCallFilter=@basic-io \
	# systemd goes on behind a comment
	read bogus
SystemCallErrorNumber=EFOO
P
exits "a unit without findings" 0 lint --for systemd "$work/good.service"
is "of it nothing is said" "$(cat "$work/out" "$work/err")" ""
exits "a unit with findings" 1 lint --for systemd "$work/bad.conf"
is "each has its place and its code" "$(sed -E 's/^.*(bad.conf:[0-9:]+) ([a-z]+):.*(\[.*\])$/\1 \2 \3/' "$work/out" | xargs)" \
	"bad.conf:4:2: note [S05] bad.conf:4:7: warning [S02] bad.conf:5:23: warning [S04]"
exits "for programs" 1 lint --for systemd --json "$work/bad.conf"
is "where it is" "$(jq -r .where "$work/out" | sort -u | xargs)" "/Service/SystemCallErrorNumber /Service/SystemCallFilter"
fails "there is no JSON in units" 2 '--at is for JSON' lint --for systemd --at /spec "$work/bad.conf"
printf '{}' >"$work/profile.json"
exits "a profile of containers" 1 lint --for systemd "$work/profile.json"
has "is named for what it is" 'this is JSON.*\[S01\]'
printf '#!/bin/sh\necho what\n' >"$work/bin/systemd-analyze"
fails "an answer that is none" 3 'not what "systemd-analyze' lint --for systemd "$work/good.service"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/systemd-analyze"
exits "no answer" 1 lint --for systemd "$work/good.service"
has "is a finding" 'good.service:3:1: error: .*systemd-analyze'
done_testing
