#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SOAK_SECONDS (600) of a steady load on the live stream: nothing lost, and neither memory nor
# descriptors grow once the daemon has settled.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

SOAK_SECONDS=${SOAK_SECONDS:-600}

rss_kb() {
	awk '/^VmRSS/ { print $2 }' "/proc/$SECCOMPD_PID/status"
}

descriptors() {
	find "/proc/$SECCOMPD_PID/fd" -mindepth 1 | wc -l
}

need_root
need jq
e2e_begin
need_stream
start_seccompd --no-journal || bail "seccompd does not start"
made=0
load() { # a burst, and some processes that end at once
	"$CALLS" flood 2000 "$OWN_CALL" && made=$((made + 2000))
	for _ in 1 2 3 4 5; do "$CALLS" flood 1 "$OWN_CALL" && made=$((made + 1)); done
}
for _ in 1 2 3 4 5 6 7 8 9 10; do load; done
wait_until 20 total_is "$OWN_CALL" "$made"
rss=$(rss_kb) fds=$(descriptors) end=$((SECONDS + SOAK_SECONDS))
while [ "$SECONDS" -lt "$end" ]; do
	load
	sleep 0.2
done
check "all of $made records are counted" wait_until 20 total_is "$OWN_CALL" "$made"
is "no serial is missing" "$(status_field serial_gaps)" 0
diag "resident: $rss KiB at first, $(rss_kb) KiB after $SOAK_SECONDS s"
check "memory stays flat (10 % or 1 MiB)" test "$(rss_kb)" -le $((rss + (rss / 10 > 1024 ? rss / 10 : 1024)))
is "no descriptor leaks" "$(descriptors)" "$fds"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
