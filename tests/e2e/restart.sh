#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Restarts under load. With the socket that a service manager keeps, nothing is lost over SIGTERM and
# SIGKILL; with a socket of its own what came meanwhile is lost, and that is said.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

RECORDS=${RECORDS:-30000}
PASS_SOCKET=$E2E_BUILD/tests/e2e/pass-socket

need_root
need jq
e2e_begin
need_stream
start_waker

# ---- a socket of its own ----
start_seccompd --no-journal || bail "seccompd does not start"
check "a flood is made" "$CALLS" --stay 1 flood 100 mincore
check "and counted" wait_until 20 total_is mincore 100
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
is "no serial was missing so far" "$(status_field serial_gaps)" 0
: >"$E2E_DIR/empty"
start_on_file() {
	"$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" --no-journal --once \
		--source "file:$E2E_DIR/empty"
}
check "a log read into the same ledger meanwhile" start_on_file
"$CALLS" flood 100 mincore
start_seccompd --no-journal || bail "seccompd does not start"
gaps_are_known() {
	[ "$(status_field serial_gaps)" -ge 100 ]
}
check "one more record is made" "$CALLS" --stay 1 flood 1 mincore
check "what came while nobody listened is counted as missing" wait_until 20 gaps_are_known
check "as is the time" test "$(ctl list --all | sed -n 's/.*was not running  *//p')" -ge 1
stop_seccompd
rm -f "$E2E_DIR"/ledger.db*

# ---- a socket that stays ----
write_config
mkfifo "$E2E_DIR/again"
exec 8<>"$E2E_DIR/again"
"$PASS_SOCKET" "$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" --no-journal \
	<"$E2E_DIR/again" >"$E2E_DIR/pass" 2>"$E2E_DIR/seccompd.log" &
E2E_PIDS+=($!)

started() { # TIMES
	[ "$(grep -c started "$E2E_DIR/pass")" = "$1" ] && is_running
}

ended() { # TIMES
	[ "$(grep -c ended "$E2E_DIR/pass")" = "$1" ]
}

running_pid() {
	sed -n 's/started //p' "$E2E_DIR/pass" | tail -n 1
}

round=0
for signal in TERM TERM KILL; do
	round=$((round + 1))
	echo >&8
	wait_until 20 started "$round" || bail "seccompd does not start: $(cat "$E2E_DIR/seccompd.log")"
	"$CALLS" --stay 2 flood "$RECORDS" mincore &
	flood=$!
	sleep 0.1
	kill -"$signal" "$(running_pid)"
	wait_until 20 ended "$round" || not_ok "SIG$signal ends it in the middle of a flood"
	wait "$flood"
done
is "how they ended" "$(sed -n 's/ended //p' "$E2E_DIR/pass" | xargs)" "0 0 137"
round=$((round + 1))
echo >&8
wait_until 20 started "$round" || bail "seccompd does not start: $(cat "$E2E_DIR/seccompd.log")"
# The records of a batch that was received and not counted when SIGKILL came are missing, as serials.
all_is_known() {
	[ $(($(total_of mincore) + $(status_field serial_gaps))) -ge $((3 * RECORDS)) ]
}
check "each record is counted, or its serial is missing" wait_until 20 all_is_known
diag "counted $(total_of mincore) of $((3 * RECORDS)), $(status_field serial_gaps) serials missing"
check "none is counted twice" test "$(total_of mincore)" -le $((3 * RECORDS))
check "what is missing is less than two batches" test "$(status_field serial_gaps)" -lt 128
is "no time without a listener is noted" "$(ctl list --all | grep -c 'was not running')" 0
kill -TERM "$(running_pid)"
wait_until 20 ended "$round"
done_testing
