#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A real systemd-journald, started by hand in a mount namespace of its own: each new sighting becomes
# one entry, found by the name of the container, and vouched for by journald's trusted fields.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman runc busybox jq journalctl "$JOURNALD"
e2e_begin
need_stream

entries() { # MATCH...: one JSON object per line
	journalctl --no-pager -o json "$@" 2>/dev/null
}

NEW=MESSAGE_ID=$(sed -n 's/.*SECCOMPD_MESSAGE_NEW_SIGHTING "\(.*\)"/\1/p' "$top/include/seccompd/message-ids.h")

syscalls_of_web() {
	entries "$NEW" CONTAINER_NAME=web | jq -r .SECCOMP_SYSCALL | sort | xargs
}

web_has() {
	[ "$(syscalls_of_web)" = "$1" ]
}

start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
make_image
start_podman
start_seccompd || bail "seccompd does not start"
enter_unit "$SECCOMPD_PID"
podman_run web "$STARTER" /bin/calls --loop 5 --stay 2 getcpu sysinfo >/dev/null 2>&1
check "journalctl CONTAINER_NAME=web finds one entry per new sighting" \
	wait_until 20 web_has "epoll_ctl fstatfs getcpu sysinfo"
web_has "epoll_ctl fstatfs getcpu sysinfo" || diag "got: $(syscalls_of_web)"
podman_run web "$STARTER" /bin/calls --stay 2 getcpu times >/dev/null 2>&1
check "a second run adds an entry for what is new only" wait_until 20 web_has "epoll_ctl fstatfs getcpu sysinfo times"

entry=$(entries "$NEW" CONTAINER_NAME=web SECCOMP_SYSCALL=getcpu | head -n 1)
field() {
	jq -r ".$1" <<<"$entry"
}
is "its workload" "$(field SECCOMP_WORKLOAD)" podman:web
is "its image" "$(field IMAGE_NAME)" "$IMAGE"
is "its action" "$(field SECCOMP_ACTION)" SCMP_ACT_LOG
is "its origin" "$(field SECCOMP_ORIGIN)" workload
is "its stage" "$(field SECCOMP_STAGE)" log
is "its message id" "MESSAGE_ID=$(field MESSAGE_ID)" "$NEW"
is "the container's id, long and short" "$(field CONTAINER_ID_FULL | cut -c1-12)" "$(field CONTAINER_ID)"

# ---- a container of which calls would not be seen
kind() { # KIND
	sed -n "s/.*SECCOMPD_MESSAGE_$1 \"\(.*\)\"/MESSAGE_ID=\1/p" "$top/include/seccompd/message-ids.h"
}
has_kind() { # KIND MATCH...
	entries "$(kind "$1")" "${@:2}" | grep -q .
}
to_errno_stage "$STARTER" "$E2E_DIR/errno.json"
podman_run hidden "$E2E_DIR/errno.json" /bin/calls --stay 2 getcpu >/dev/null 2>&1
check "a blind spot is told" wait_until 20 has_kind BLIND_SPOT SECCOMP_WORKLOAD=podman:hidden SECCOMP_VISIBILITY=blind
check "and its stage" has_kind STAGE_CHANGED SECCOMP_WORKLOAD=podman:hidden SECCOMP_STAGE=errno
check "that somebody watches is told, too" has_kind WATCHED
# Of a process that has moved journald knows for some seconds only where it was.
if [ "$(cat /proc/1/comm)" = systemd ]; then
	skip "journald vouches for the unit" "the service manager owns the cgroups here"
else
	is "journald vouches for the unit" "$(entries "$(kind BLIND_SPOT)" SECCOMP_WORKLOAD=podman:hidden | jq -r ._SYSTEMD_UNIT | tail -n 1)" seccompd.service
fi

# journald dies and leaves its socket behind.
kill -KILL "$JOURNALD_PID" && wait "$JOURNALD_PID" 2>/dev/null
: >"$E2E_DIR/seccompd.log"
said() { # WORDS TIMES
	[ "$(grep -c "$1" "$E2E_DIR/seccompd.log")" = "$2" ]
}
"$CALLS" --stay 1 flood 1 sched_getparam
check "that the journal is gone is said" wait_until 20 said "cannot write to the journal" 1
# Two folds later.
sleep 5
check "and is said once" said "cannot write to the journal" 1
rm -rf /run/log/journal /run/systemd/journal && mkdir -p /run/log/journal /run/systemd/journal
run_journald
has_waited() {
	entries SECCOMP_SYSCALL=sched_getparam | grep -q .
}
check "the entry has waited for the next journald" wait_until 20 has_waited
check "which is said, too" said "the journal can be written again" 1
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
leave_unit
done_testing
