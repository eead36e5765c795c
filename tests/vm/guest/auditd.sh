#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# auditd beside us: the kernel gives each record to both.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

RECORDS=500
log=/var/log/audit/audit.log
gaps=$(status_field serial_gaps)
in_log() { # NR
	grep -c "^type=SECCOMP .* syscall=$1 " "$log" 2>/dev/null
}
in_log_is() { # NR COUNT
	[ "$(in_log "$1")" = "$2" ]
}
has_auditd() {
	[ "$(auditctl -s | sed -n 's/^pid //p')" = "$(property MainPID auditd.service)" ]
}

check "auditd starts" systemctl start auditd.service
check "the kernel knows it" wait_until 20 has_auditd
"$CALLS" --pause 1000 flood "$RECORDS" "$OWN_CALL"
check "we get every record" wait_until 60 total_is "$OWN_CALL" "$RECORDS"
check "and so does auditd" wait_until 60 in_log_is "$OWN_CALL" "$RECORDS"
check "while we restart" systemctl restart "$SERVICE"
"$CALLS" --pause 1000 flood "$RECORDS" "$OWN_CALL"
check "it does not change" wait_until 60 total_is "$OWN_CALL" $((2 * RECORDS))
check "for either" wait_until 60 in_log_is "$OWN_CALL" $((2 * RECORDS))
is "no serial is missing" "$(status_field serial_gaps)" "$gaps"
is "its log is read as it is" "$(seccompctl decode --json "$log" | jq -r "select(.nr == $OWN_CALL) | .status" | sort | uniq -c | xargs)" \
	"$((2 * RECORDS)) record"
is "nothing in it is rejected" "$(seccompctl decode --json "$log" | grep -c '"status":"reject"')" 0
diag "other records on the stream: $(status_field skipped)"
# Its unit refuses to be stopped by hand.
kill -TERM "$(property MainPID auditd.service)"
gone() {
	! is_active auditd.service
}
check "auditd ends" wait_until 20 gone
"$CALLS" flood 5 "$OWN_CALL"
check "we go on" wait_until 30 total_is "$OWN_CALL" $((2 * RECORDS + 5))
done_testing
