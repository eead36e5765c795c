#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# As a plugin of the real auditd, in both formats: every record arrives, a process that lives has its
# unit or program, and whatever ends is ended well.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need auditd auditctl jq
[ "$(auditctl -s 2>/dev/null | sed -n 's/^pid //p')" = 0 ] || cannot "another auditd runs here, or the kernel does not tell"
e2e_begin
need_stream

RECORDS=300
AUDITD_PID=
conf=$E2E_DIR/auditd
mkdir "$conf" "$conf/plugins.d" && chmod 0750 "$conf" "$conf/plugins.d"
# auditd gives its plugins two arguments at the most, and wants them to be root's.
cat >"$conf/plugin" <<-END
	#!/bin/sh
	exec "$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" "\$@" --no-journal 2>>"$E2E_DIR/seccompd.log"
END
chmod 0750 "$conf/plugin"
cat >"$conf/auditd.conf" <<-END
	local_events = yes
	write_logs = no
	log_file = $E2E_DIR/audit.log
	log_format = ENRICHED
	plugin_dir = $conf/plugins.d
	name_format = HOSTNAME
	max_restarts = 3
	space_left = 75
	admin_space_left = 50
END
chmod 0640 "$conf/auditd.conf"

daemon_pid() {
	pgrep -f -- "--ledger $E2E_DIR/ledger.db --source auditd" | head -n 1
}
is_registered() {
	[ "$(auditctl -s | sed -n 's/^pid //p')" = "$AUDITD_PID" ]
}
start_auditd() { # FORMAT
	local since
	since=$(status_field since 2>/dev/null)
	sed -e "s|^path = .*|path = $conf/plugin|" -e "s|^format = .*|format = $1|" "$E2E_BUILD/conf/auditd-plugin.conf" >"$conf/plugins.d/seccompd.conf"
	chmod 0640 "$conf/plugins.d/seccompd.conf"
	# It must neither switch the machine's auditing on nor off.
	auditd -n -s nochange -c "$conf" >>"$E2E_DIR/auditd.log" 2>&1 &
	AUDITD_PID=$!
	E2E_PIDS+=("$AUDITD_PID")
	wait_until 20 is_registered && wait_until 20 is_listening "$since" && return
	bail "auditd does not start us: $(tail -n 3 "$E2E_DIR/auditd.log" "$E2E_DIR/seccompd.log" 2>&1)"
}
has_loss() {
	ctl status --json | jq_holds '.serial_gaps > 0' || ! ctl list --all --json | jq -es 'length > 0 and all(.complete)' >/dev/null
}

write_config
call=$((OWN_CALL + 1))
for format in string binary; do
	call=$((call + 1))
	start_auditd "$format"
	is "$format: auditd starts us" "$?" 0
	is "$format: the source has its name" "$(status_field source)" auditd
	before=$(status_field serial_gaps)
	"$CALLS" --pause 200 --stay 3 flood "$RECORDS" "$call" &
	caller=$!
	check "$format: every record arrives" wait_until 20 total_is "$call" "$RECORDS"
	check "$format: of a process that lives it is known who made it" \
		eval 'ctl list --all --json | jq -r .workload | grep -v "^unattributed" | while read -r w; do ctl show "$w" --json; done |
			jq -es "[.[] | select(.nr == $call) | .count] | add // 0 > 0" >/dev/null'
	wait "$caller"
	is "$format: no serial is missing" "$(status_field serial_gaps)" "$before"
	is "$format: nothing was rejected" "$(status_field rejected)" 0
	pid=$(daemon_pid)
	stop_pid "$AUDITD_PID" 10
	check "$format: we end with auditd" wait_until 20 pid_is_gone "$pid"
	is "$format: with everything in the ledger" \
		"$(rm -f "$E2E_DIR/ledger.db.tally"; total_of "$call")" "$RECORDS"
done

start_auditd string
is "auditd starts us again" "$?" 0
"$CALLS" --pause 200 flood "$RECORDS" "$OWN_CALL"
check "every record arrives" wait_until 20 total_is "$OWN_CALL" "$RECORDS"
diag "counted $(total_of "$OWN_CALL") of $RECORDS, $(status_field serial_gaps) serials missing"
pid=$(daemon_pid)
kill -KILL "$pid"
wait_until 10 pid_is_gone "$pid"
restarted() {
	local now
	"$CALLS" flood 1 "$((OWN_CALL + 1))"
	now=$(daemon_pid)
	[ -n "$now" ] && [ "$now" != "$pid" ] && is_running
}
check "killed, we are started again" wait_until 20 restarted
"$CALLS" --pause 200 flood "$RECORDS" "$OWN_CALL"
check "and count on" wait_until 20 total_is "$OWN_CALL" $((2 * RECORDS))
check "what went in between is stated" wait_until 20 has_loss
stop_pid "$AUDITD_PID" 10
is "nobody complained" "$(cat "$E2E_DIR/seccompd.log")" ""
done_testing
