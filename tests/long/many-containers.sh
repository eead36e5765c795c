#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# COUNT (10,000) containers of Docker's form that come and go as fast as they can, one in EVERY (50) with
# a call: each such call is its own, and what the daemon costs stays within bounds.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/load-lib.sh
. "$top/tests/e2e/load-lib.sh"

COUNT=${COUNT:-10000}
EVERY=${EVERY:-50}
RSS_MAX_KB=32768
CPU_MAX=100 # % of a processor
parents=()

need_root
need jq
e2e_begin
need_stream
mkdir -p "$E2E_DIR/docker/containers"
write_config

for root in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup/memory /sys/fs/cgroup; do
	[ -e "$root/cgroup.procs" ] && mkdir -p "$root/docker" && parents+=("$root/docker")
done
[ "${#parents[@]}" -gt 0 ] || cannot "no hierarchy of cgroups can be written"

start_seccompd --no-journal || bail "seccompd does not start"
cpu=$(cpu_ms "$SECCOMPD_PID") began=$(now_ms) records=$(status_field records)
check "$COUNT containers come and go" "$E2E_BUILD/tests/e2e/herd" containers "$COUNT" "$EVERY" "$OWN_CALL" "$E2E_DIR/docker" "${parents[@]}"
took=$(($(now_ms) - began))
called=$(((COUNT + EVERY - 1) / EVERY))
check "each call of $called of them is counted" wait_until 60 total_is "$OWN_CALL" "$called"
cpu=$(($(cpu_ms "$SECCOMPD_PID") - cpu)) all=$(($(now_ms) - began))
named=$(ledger_count compose:herd/web "$OWN_CALL")
most=$(status_kb "$SECCOMPD_PID" VmHWM)
diag "$COUNT containers in $took ms ($((COUNT * 60000 / took)) a minute), $(($(status_field records) - records)) records, $named of $called calls named by their service"
diag "daemon: $cpu ms of a processor in $all ms, $most KiB at most, ENOBUFS $(status_field enobufs); $(ctl status --json | jq -c .containers)"
is "all of them are named" "$named" "$called"
is "the kernel dropped nothing (no ENOBUFS)" "$(status_field enobufs)" 0
is "no event of a process was lost" "$(status_field lineage.lost)" 0
check "memory stays within its bound" test "$most" -le "$RSS_MAX_KB"
check "so does the use of processors" test $((100 * cpu / all)) -le "$CPU_MAX"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
