#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kill -9 at random moments under load. Each round makes a burst of known size and kills the daemon:
#   in the middle of the burst (the sum may then lack records, but never exceed what was made),
#   after all was counted, while the ledger takes the counts over,
#   once more while the next start takes them over,
#   or (with strace) between a commit of the ledger and the tally's mark of it.
# In all but the first the sum must be exact. A record counted twice would show in each of them. The sum is
# read behind a start that reads nothing and only moves what the tally still holds into the ledger.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

ROUNDS=${ROUNDS:-50}
BURST=${BURST:-1000}
RANDOM=${SEED:-4711}

need_root
need jq
e2e_begin
need_stream
start_waker

kill_seccompd() {
	kill -KILL "$SECCOMPD_PID"
	wait "$SECCOMPD_PID" 2>/dev/null
	SECCOMPD_PID=
}

pause_ms() { # MOST
	sleep "$(printf '0.%03d' $((RANDOM % $1)))"
}

fold() {
	: >"$E2E_DIR/empty"
	"$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" --no-journal --once \
		--source "file:$E2E_DIR/empty" >>"$E2E_DIR/seccompd.log" 2>&1
}

records_are() {
	[ "$(status_field records)" -ge "$1" ]
}

burst_is_counted() {
	local records
	records=$(status_field records)
	"$CALLS" flood "$BURST" "$OWN_CALL" && wait_until 20 records_are $((records + BURST))
}

kill_in_burst() {
	made=$((10 * BURST))
	"$CALLS" flood "$made" "$OWN_CALL" &
	local flood=$!
	pause_ms 70
	kill_seccompd
	wait "$flood"
}

kill_in_fold() {
	: >"$E2E_DIR/empty"
	burst_is_counted || uncounted=$((uncounted + 1))
	pause_ms 1000
	pause_ms 1000
	kill_seccompd
}

kill_in_start() {
	burst_is_counted || uncounted=$((uncounted + 1))
	kill_seccompd
	"$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" --no-journal \
		>>"$E2E_DIR/seccompd.log" 2>&1 &
	SECCOMPD_PID=$!
	pause_ms 40
	kill_seccompd
}

all_traced() { # PID
	! grep -qx 'TracerPid:[[:space:]]*0' "/proc/$1"/task/*/status
}

# fdatasync() is the last step of a commit: the log holds it then, and the tally does not know yet.
kill_in_commit() {
	local records tracer
	records=$(status_field records)
	strace -f -qq -o /dev/null -e trace=fdatasync -e inject=fdatasync:signal=KILL -p "$SECCOMPD_PID" &
	tracer=$!
	E2E_PIDS+=("$tracer")
	wait_until 20 all_traced "$SECCOMPD_PID" || bail "strace cannot attach"
	"$CALLS" flood "$BURST" "$OWN_CALL"
	{ wait_until 10 pid_is_gone "$SECCOMPD_PID" || kill -KILL "$SECCOMPD_PID"; } 2>/dev/null
	wait "$SECCOMPD_PID" "$tracer" 2>/dev/null
	SECCOMPD_PID=
	# It may have died before all of the burst had come.
	records_are $((records + BURST)) || kind=kill_in_burst
}

kinds=(kill_in_burst kill_in_fold kill_in_start)
if command -v strace >/dev/null; then
	kinds+=(kill_in_commit)
else
	diag "no strace: no kill between commit and mark"
fi
unopened=0 unfolded=0 exceeded=0 inexact=0 shrunk=0 partial=0 uncounted=0
sum=0 total=0
for ((round = 0; round < ROUNDS; round++)); do
	kind=${kinds[round % ${#kinds[@]}]}
	before=$sum made=$BURST
	start_seccompd --no-journal || bail "round $round: seccompd does not start"
	"$kind"
	ctl list --all >/dev/null 2>"$E2E_DIR/err" || { unopened=$((unopened + 1)) && diag "round $round: $(cat "$E2E_DIR/err")"; }
	fold || { unfolded=$((unfolded + 1)) && diag "round $round: $(tail -n 1 "$E2E_DIR/seccompd.log")"; }
	sum=$(total_of "$OWN_CALL")
	total=$((total + made))
	[ "$sum" -le $((before + made)) ] || { exceeded=$((exceeded + 1)) && diag "$kind: $before + $made became $sum"; }
	[ "$sum" -ge "$before" ] || { shrunk=$((shrunk + 1)) && diag "$kind: $before became $sum"; }
	if [ "$sum" != $((before + made)) ]; then
		[ "$kind" = kill_in_burst ] && partial=$((partial + 1)) || { inexact=$((inexact + 1)) && diag "$kind: $before + $made became $sum"; }
	fi
done
diag "$ROUNDS kills, $partial of them in the middle of a burst; $sum of $total counted"
is "the ledger opens after each of $ROUNDS kills" "$unopened" 0
is "the next start takes the counts over each time" "$unfolded" 0
is "all records of a finished burst are counted" "$uncounted" 0
is "the sum never exceeds what was made" "$exceeded" 0
is "no count is lost again" "$shrunk" 0
is "what was counted before the kill is counted exactly once" "$inexact" 0
check "some kills hit the middle of a burst" test "$partial" -gt 0

start_seccompd --no-journal || bail "seccompd does not start"
stop_seccompd
is "a clean stop changes no count" "$(total_of "$OWN_CALL")" "$sum"
rm -f "$E2E_DIR/ledger.db.tally"
is "all of it is in the ledger then" "$(total_of "$OWN_CALL")" "$sum"
is "the ledger was never set aside" "$(find "$E2E_DIR" -name 'ledger.db.corrupt*')" ""
done_testing
