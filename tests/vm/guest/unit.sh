#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# System services with a filter: their calls, the drop-in that is suggested, and the service with it.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

units=/run/systemd/system
make_unit() { # NAME CALLS: more settings from standard input
	{
		printf '[Service]\nExecStart=%s --stay 1000 %s\n' "$CALLS" "$2"
		cat
	} >"$units/$1"
}
seen() { # WORKLOAD SYSCALL ACTION
	ctl show "$1" --json 2>/dev/null |
		jq -s "[.[] | select(.syscall == \"$2\" and .action == \"SCMP_ACT_$3\") | .count] | add // 0"
}
is_seen() { # WORKLOAD SYSCALL ACTION
	[ "$(seen "$@")" -gt 0 ]
}
listed() { # WORKLOAD KEY
	ctl list --json | jq -r "select(.workload == \"$1\") | .$2"
}
ended_by() { # UNIT SIGNAL
	[ "$(property ExecMainStatus "$1")" = "$2" ]
}

# ---- a filter that kills
make_unit vm-web.service "times mincore" <<-'END'
	SystemCallFilter=@system-service
	SystemCallFilter=~mincore
END
systemctl daemon-reload
systemctl start vm-web.service
check "the service is killed" wait_until 20 ended_by vm-web.service 31
check "the call is the unit's" wait_until 20 is_seen unit:vm-web.service mincore KILL_PROCESS
check "journalctl finds it by the unit" wait_until 10 has_entry OBJECT_SYSTEMD_UNIT=vm-web.service SECCOMP_SYSCALL=mincore
is "its sighting as a warning" \
	"$(entries OBJECT_SYSTEMD_UNIT=vm-web.service SECCOMP_SYSCALL=mincore | jq -r 'select(.MESSAGE_ID == "7a3c1f5d0e8b4b6e9d2f64c8a15b3e70") | .PRIORITY')" 4
ctl suggest unit:vm-web.service --apply >"$work/suggest" 2>&1
advice=$?
is "a drop-in is offered, and written" "$advice" 1
[ "$advice" = 1 ] || diag "$(cat "$work/suggest")"
dropin=/etc/systemd/system/vm-web.service.d/50-seccompd.conf
is "which allows the call" "$(grep -v '^#' "$dropin" | xargs)" "[Service] SystemCallFilter=mincore"
is "systemd-analyze verify has nothing to say" "$(systemd-analyze verify --man=no "$units/vm-web.service" 2>&1)" ""
systemctl daemon-reload && systemctl restart vm-web.service
check "the service runs with it" wait_until 20 is_active vm-web.service
is "its stage" "$(listed unit:vm-web.service '| "\(.stage) \(.visibility) \(.running)"')" "kill full true"
ctl suggest unit:vm-web.service >"$work/suggest" 2>&1
advice=$?
is "then there is nothing to offer" "$advice" 0
[ "$advice" = 0 ] || diag "$(cat "$work/suggest")"

# ---- a filter that only logs
make_unit vm-log.service "times sched_getparam" <<-'END'
	SystemCallFilter=@system-service
	SystemCallErrorNumber=EPERM
	SystemCallLog=~@basic-io @file-system @process
	SystemCallLog=times
END
systemctl daemon-reload && systemctl start vm-log.service
check "a call that is logged is seen" wait_until 20 is_seen unit:vm-log.service times LOG
check "the service goes on" is_active vm-log.service
# systemd may be too busy with what it has read anew to tell the filter at the first call.
advised() {
	ctl suggest unit:vm-log.service --apply >"$work/suggest" 2>&1
	advice=$?
	[ "$advice" != 2 ]
}
wait_until 30 advised
is "a drop-in is offered" "$advice" 1
[ "$advice" = 1 ] || diag "$(cat "$work/suggest")"
before=$(seen unit:vm-log.service times LOG)
systemctl daemon-reload && systemctl restart vm-log.service
check "the service runs with it" wait_until 20 is_active vm-log.service
check "all is read" everything_is_read
is "and is not logged any more" "$(seen unit:vm-log.service times LOG)" "$before"

# ---- instances
make_unit vm-many@.service getcpu <<<'SystemCallLog=getcpu'
systemctl daemon-reload && systemctl start vm-many@1.service vm-many@2.service
two() {
	[ "$(seen unit:vm-many@.service getcpu LOG)" = 2 ]
}
check "instances are one workload" wait_until 20 two
systemctl stop vm-web.service vm-log.service vm-many@1.service vm-many@2.service
rm -rf "$units"/vm-* /etc/systemd/system/vm-*
systemctl daemon-reload && systemctl reset-failed
done_testing
