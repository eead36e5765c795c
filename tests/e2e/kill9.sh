#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kill -9 at random moments under load. Each round starts the daemon, makes a burst of known size and
# kills it. In even rounds the kill comes at any moment: the sum may then lack records, but never
# exceed what was made. In odd rounds all has been counted first and the kill hits the folding: the
# sum must then be exact. A record counted twice would show in either.
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

kill_seccompd() {
	kill -KILL "$SECCOMPD_PID"
	wait "$SECCOMPD_PID" 2>/dev/null
	SECCOMPD_PID=
}

pause_ms() { # MOST
	sleep "$(printf '0.%03d' $((RANDOM % $1)))"
}

unopened=0 exceeded=0 inexact=0 shrunk=0 partial=0
sum=0
for ((round = 0; round < ROUNDS; round++)); do
	start_seccompd --no-journal || bail "round $round: seccompd does not start"
	before=$sum
	if ((round % 2)); then
		"$CALLS" flood "$BURST" getsid
		wait_until 10 total_is getsid $((before + BURST)) || inexact=$((inexact + 1))
		pause_ms 400
		kill_seccompd
		sum=$(total_of getsid)
		[ "$sum" = $((before + BURST)) ] || { inexact=$((inexact + 1)) && diag "round $round: $before + $BURST became $sum"; }
	else
		"$CALLS" flood "$BURST" getsid &
		flood=$!
		pause_ms 60
		kill_seccompd
		wait "$flood"
		sum=$(total_of getsid)
		[ "$sum" = $((before + BURST)) ] || partial=$((partial + 1))
	fi
	[ "$sum" -le $((before + BURST)) ] || { exceeded=$((exceeded + 1)) && diag "round $round: $before + $BURST became $sum"; }
	[ "$sum" -ge "$before" ] || { shrunk=$((shrunk + 1)) && diag "round $round: $before became $sum"; }
	ctl list --all >/dev/null 2>"$E2E_DIR/err" || { unopened=$((unopened + 1)) && diag "round $round: $(cat "$E2E_DIR/err")"; }
done
diag "$ROUNDS kills, $partial of them in the middle of a burst; $sum of $((ROUNDS * BURST)) counted"
is "the ledger opens after each of $ROUNDS kills" "$unopened" 0
is "the sum never exceeds what was made" "$exceeded" 0
is "no count is lost again" "$shrunk" 0
is "what was counted before the kill is counted exactly once" "$inexact" 0
check "some kills hit the middle of a burst" test "$partial" -gt 0

start_seccompd --no-journal || bail "seccompd does not start"
stop_seccompd
is "a clean stop changes no count" "$(total_of getsid)" "$sum"
rm -f "$E2E_DIR/ledger.db.tally"
is "all of it is in the ledger then" "$(total_of getsid)" "$sum"
is "the ledger was never set aside" "$(find "$E2E_DIR" -name 'ledger.db.corrupt*')" ""
done_testing
