#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SIGHUP: what the new configuration changes at once, what waits for a restart, what a mistake in it does
# (nothing, but it is said everywhere), and that no record is lost over it.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need jq
e2e_begin
need_stream
start_waker

UNIT=web$$.service
call=$OWN_CALL

"$E2E_BUILD/tests/e2e/notify-listen" "$E2E_DIR/notify" >>"$E2E_DIR/notified" &
E2E_PIDS+=($!)
wait_until 20 test -S "$E2E_DIR/notify" || bail "notify-listen does not start"

reload_with() { # LINE...: behind the usual configuration
	write_config
	printf '%s\n' "$@" >>"$E2E_DIR/seccompd.conf"
	: >"$E2E_DIR/notified"
	: >"$E2E_DIR/seccompd.log"
	kill -HUP "$SECCOMPD_PID"
	wait_until 10 grep -q '^READY=1' "$E2E_DIR/notified"
}

make_calls() { # N
	in_unit "$UNIT" "$CALLS" --stay 1 flood "$1" "$call"
}

fault() { # KIND: its reason
	ctl status --json | jq -r ".faults[] | select(.kind == \"$1\") | .reason"
}

export NOTIFY_SOCKET=$E2E_DIR/notify
start_seccompd --no-journal || bail "seccompd does not start"
unset NOTIFY_SOCKET
since=$(status_field since)
make_calls 10
check "calls of a unit are counted under its name" wait_until 20 count_is "unit:$UNIT" "$call" 10

# ---- what changes at once ----
check "a reload is announced, and its end" reload_with '[workload shop]' "MatchUnit=$UNIT" \
	'[seccompd]' "MetricsFile=$E2E_DIR/metrics.prom"
is "in this order" "$(grep -oE '^(RELOADING|MONOTONIC_USEC|READY)' "$E2E_DIR/notified" | head -n 3 | xargs)" \
	"RELOADING MONOTONIC_USEC READY"
check "a repeated section is a mistake" grep -q 'the old one holds: .*seccompd.conf:12: ' "$E2E_DIR/seccompd.log"
make_calls 1
check "and changes nothing" wait_until 20 count_is "unit:$UNIT" "$call" 11
mkdir "$E2E_DIR/seccompd.conf.d"
printf '[seccompd]\nMetricsFile=%s\n' "$E2E_DIR/metrics.prom" >"$E2E_DIR/seccompd.conf.d/metrics.conf"
reload_with '[workload shop]' "MatchUnit=$UNIT"
is "a good one is taken" "$(cat "$E2E_DIR/seccompd.log")" "seccompd: the configuration was read again"
make_calls 5
check "further calls of the unit are counted under the new rule's name" wait_until 20 count_is shop "$call" 5
is "what was counted stays where it is" "$(ledger_count "unit:$UNIT" "$call")" 11
check "the metrics are written at once" wait_until 20 grep -q seccompd_records "$E2E_DIR/metrics.prom"

# ---- what waits for a restart ----
reload_with '[workload shop]' "MatchUnit=$UNIT"
sed -i 's/^ReceiveBuffer=.*/ReceiveBuffer=16M\nLineage=no/' "$E2E_DIR/seccompd.conf"
: >"$E2E_DIR/notified"
kill -HUP "$SECCOMPD_PID"
check "what takes a restart is said in the log" \
	wait_until 10 grep -q 'ReceiveBuffer=, Lineage= changed, which takes a restart' "$E2E_DIR/seccompd.log"
check "to the service manager" \
	wait_until 10 grep -q '^STATUS=.*waiting for a restart: ReceiveBuffer=, Lineage=' "$E2E_DIR/notified"
is "by status --json" "$(fault restart)" \
	"ReceiveBuffer=, Lineage= changed, which takes a restart (systemctl restart seccompd)"
check "and by status" grep -q '^The configuration was read again.*takes a restart' <(ctl status)
reload_with '[workload shop]' "MatchUnit=$UNIT"
is "until it is as it was" "$(fault restart)" ""

# ---- a mistake ----
reload_with '[workload shop]' "MatchUnit=$UNIT" 'MatchUnit=again.service'
check "a mistake is said in the log, with file and line" \
	grep -q "was not read again, the old one holds: $E2E_DIR/seccompd.conf:[0-9]*: " "$E2E_DIR/seccompd.log"
check "to the service manager" \
	wait_until 10 grep -q '^STATUS=.*the new configuration is wrong and the old one holds: .*seccompd.conf:' "$E2E_DIR/notified"
check "and by status" grep -q "^The new configuration is wrong, the old one holds.*seccompd.conf:" <(ctl status)
rm "$E2E_DIR/seccompd.conf"
: >"$E2E_DIR/seccompd.log"
kill -HUP "$SECCOMPD_PID"
check "a file that is gone is a mistake where it was asked for" \
	wait_until 10 grep -q "the old one holds: $E2E_DIR/seccompd.conf" "$E2E_DIR/seccompd.log"
make_calls 2
check "the old rule holds" wait_until 20 count_is shop "$call" 7
reload_with '[workload shop]' "MatchUnit=$UNIT"
is "until it is mended" "$(fault config)" ""

# ---- under load ----
reloads() {
	grep -c "the configuration was read again" "$E2E_DIR/seccompd.log"
}
before=$(reloads)
"$CALLS" --stay 1 flood 60000 "$((call + 1))" &
flood=$!
for _ in $(seq 40); do
	kill -HUP "$SECCOMPD_PID"
	sleep 0.02
done
wait "$flood"
check "it was reloaded meanwhile ($(($(reloads) - before)) times)" test "$(reloads)" -ge $((before + 5))
check "none of 60000 records is lost over that" wait_until 20 total_is "$((call + 1))" 60000
is "no serial is missing" "$(status_field serial_gaps)" 0
is "the buffer never ran over" "$(status_field enobufs)" 0
is "it is the same run" "$(status_field since)" "$since"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
