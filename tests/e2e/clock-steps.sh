#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The wall clock is set two hours forward and then three back, while the daemon runs: counts stay exact,
# no time is watched that did not pass, and journal and ledger go on.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need jq sqlite3 journalctl "$JOURNALD"
! ldd "$SECCOMPD" | grep -q 'libasan\|libtsan' || cannot "a sanitizer has the clock already"
e2e_begin
need_stream
start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"

UNIT=seccompd-e2e-clock-$$.service
export CLOCK_FILE=$E2E_DIR/clock
CLOCK=$E2E_BUILD/tests/e2e/clock.so

set_clock() { # SECONDS: in place, so that nobody ever reads half of it
	OFFSET=$1
	printf '%+08d\n' "$1" 1<>"$CLOCK_FILE"
}

ctl() {
	LD_PRELOAD=$CLOCK "$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_LEDGER" "$@"
}

# Nothing lies ahead of the furthest that the clock has shown, nor before what it has shown: the hour
# before that is the earliest that status counts in.
EARLIEST=$(($(date +%s) - 3 * 3600))
times_are_sane() {
	{
		ctl list --all --json
		ctl show "host:$CALLS" --json
		ctl show "unit:$UNIT" --json
		ctl gate "unit:$UNIT" --to errno --json
		ctl status --json
	} >"$E2E_DIR/outputs"
	[ -s "$E2E_DIR/outputs" ] && jq -e -s --argjson from "$EARLIEST" --argjson to "$(($(date +%s) + 7200 + 5))" '
		def seconds: sub("\\.[0-9]+Z$"; "Z") | fromdateiso8601;
		([.. | strings | select(test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z$")) | seconds] | all(. >= $from and . <= $to)) and
		([.. | numbers] | all(. >= 0)) and
		([.. | objects | select((.first | type) == "string" and (.last | type) == "string")] | all(.first <= .last)) and
		([.. | objects | select((.from | type) == "string" and (.to | type) == "string")] | all(.from <= .to))' "$E2E_DIR/outputs" || { cat "$E2E_DIR/outputs"; return 1; }
}

watched_us() {
	ctl gate "unit:$UNIT" --to errno --json 2>/dev/null | jq -r 'select(.summary) | .window.complete_us'
}

is_watched() {
	[ "$(watched_us)" -gt 0 ] 2>/dev/null
}

# From its start, by a clock that nobody set.
not_longer_than_it_ran() {
	local watched
	watched=$(watched_us)
	[ "$watched" -le $(((SECONDS - BEGAN + 2) * 1000000)) ] || { echo "watched: $watched us in $((SECONDS - BEGAN)) s"; return 1; }
}

entries() { # NR: how many calls the journal tells of
	journalctl --no-pager -o json --output-fields=SECCOMP_COUNT "SECCOMP_SYSCALL_NR=$1" 2>/dev/null |
		jq -s 'map(.SECCOMP_COUNT | tonumber) | add // 0'
}

has_grown_to() { # NR MORE-THAN
	[ "$(entries "$1")" -gt "$2" ]
}

entries_are() { # NR WANTED
	[ "$(entries "$1")" = "$2" ]
}

last_alive() {
	sqlite3 -readonly "$E2E_LEDGER" "SELECT value / 1000000 FROM meta WHERE key = 'last_alive'"
}

# The ledger is written by the clock as it is now.
is_alive_by_the_clock() {
	local clock alive
	clock=$(($(date +%s) + OFFSET))
	alive=$(last_alive)
	[ "$alive" -ge $((clock - 40)) ] && [ "$alive" -le $((clock + 2)) ]
}

made=0
make_calls() { # N
	"$CALLS" --linger 100 flood "$1" "$OWN_CALL" && made=$((made + $1))
}

# A round under the clock as it is.
goes_on() { # NAME NEW-CALL
	make_calls 1000
	"$CALLS" --linger 100 flood 7 "$2"
	check "$1: counts are exact" wait_until 20 count_is "host:$CALLS" "$OWN_CALL" "$made"
	check "$1: a new call is told" wait_until 20 entries_are "$2" 7
	check "$1: no time is absurd" times_are_sane
	check "$1: no time is called complete that did not pass" not_longer_than_it_ran
	check "$1: the daemon knows the time" wait_until 20 is_alive_by_the_clock
	check "$1: it runs" is_running
}

set_clock 0
write_config
export -n CLOCK_FILE
LD_PRELOAD=$CLOCK CLOCK_FILE=$CLOCK_FILE start_seccompd || bail "seccompd does not start"
export CLOCK_FILE
BEGAN=$SECONDS
in_unit "$UNIT" "$CALLS" --stay 60 flood 1 "$OWN_CALL" &
E2E_PIDS+=($!)
wait_until 20 count_is "unit:$UNIT" "$OWN_CALL" 1 || bail "the unit's call does not come"
check "a unit is watched" wait_until 20 is_watched
goes_on "before" $((OWN_CALL + 1))
# At once, with what was counted by then; the rest of the hour's with the next roll-up.
check "what is new is told" wait_until 20 has_grown_to "$OWN_CALL" 1

before=$made
set_clock 7200
goes_on "two hours on" $((OWN_CALL + 2))
check "two hours on: what has grown is told" wait_until 20 has_grown_to "$OWN_CALL" "$((before + 1))"

set_clock -3600
goes_on "three hours back" $((OWN_CALL + 3))
before=$(entries "$OWN_CALL")
set_clock -2900
goes_on "and ten minutes later" $((OWN_CALL + 4))
check "and ten minutes later: what has grown is told" wait_until 20 has_grown_to "$OWN_CALL" "$before"
is "no serial is missing" "$(status_field serial_gaps)" 0
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
check "the ledger is sound" test "$(sqlite3 -readonly "$E2E_LEDGER" 'PRAGMA integrity_check')" = ok
is "nothing ends before it begins" "$(sqlite3 -readonly "$E2E_LEDGER" '
	SELECT (SELECT count(*) FROM lifetime WHERE stop > 0 AND stop < start) +
		(SELECT count(*) FROM loss WHERE stop < start) + (SELECT count(*) FROM run WHERE stop < start)' 2>&1)" 0
done_testing
