#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Restarts under load: what comes meanwhile waits in the socket that PID 1 holds. Ledger, tally and stated
# loss together are what was emitted.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

RECORDS=4000
gaps_before=$(status_field serial_gaps)
gaps() {
	echo $(($(status_field serial_gaps) - gaps_before))
}
restarted() { # OLD-PID
	is_active && [ "$(main_pid)" != "$1" ] && is_running
}

# Pauses make it last longer than the restarts.
"$CALLS" --pause 2000 --stay 5 flood "$RECORDS" "$OWN_CALL" &
flood=$!
times=0
while kill -0 "$flood" 2>/dev/null && [ "$times" -lt 3 ]; do
	check "systemctl restart, time $((times + 1))" systemctl restart "$SERVICE"
	times=$((times + 1))
done
wait "$flood"
check "the flood lasted through restarts" test "$times" -ge 2
check "each record is counted once" wait_until 60 total_is "$OWN_CALL" "$RECORDS"
is "no serial is missing" "$(gaps)" 0
is "a restart by hand is no failure" "$(property NRestarts)" 0

# ---- the process is killed
OWN_CALL=$((OWN_CALL + 1))
pid=$(main_pid)
"$CALLS" --pause 1000 --stay 5 flood "$RECORDS" "$OWN_CALL" &
flood=$!
wait_until 20 eval '[ "$(total_of "$OWN_CALL")" -gt 0 ]'
kill -KILL "$pid"
check "it is started again" wait_until 30 restarted "$pid"
wait "$flood"
all_is_known() {
	[ $(($(total_of "$OWN_CALL") + $(gaps))) -ge "$RECORDS" ]
}
check "each record is counted, or stated as lost" wait_until 60 all_is_known
check "none is counted twice" test "$(total_of "$OWN_CALL")" -le "$RECORDS"
check "at most one batch is lost" test "$(gaps)" -le 64
diag "SIGKILL: $(total_of "$OWN_CALL") of $RECORDS counted, $(gaps) serials missing"
is "systemd counts the restart" "$(property NRestarts)" 1
check "the ledger is sound" test "$(status_field running)" = true
systemctl reset-failed "$SERVICE"
done_testing
