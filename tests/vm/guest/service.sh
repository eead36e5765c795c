#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The units as they are shipped: what systemd says of them, with which privileges the service runs, and the
# socket that PID 1 holds for it.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

pid=$(main_pid)
status_of() { # KEY
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status" | tr '\t' ' '
}

# ---- what systemd says
is "systemd-analyze verify has nothing to say" \
	"$(systemd-analyze verify --man=no seccompd{,-open}.{service,socket} 2>&1)" ""
is_exposed_less() { # UNIT TENTHS
	local level
	level=$(systemd-analyze security --no-pager "$1" 2>/dev/null | sed -n 's/.*exposure level[^:]*: \([0-9.]*\).*/\1/p')
	diag "systemd-analyze security $1: $level"
	[ -n "$level" ] && [ "${level/./}" -le "$2" ]
}
is_exposed_less "$SERVICE" 12
is "systemd-analyze security is at most 1.2" $? 0
is_exposed_less seccompd-open.service 20
is "and at most 2.0 of seccompd-open" $? 0

# ---- privileges in steady state
is "it has no capability, and can get none" "$(status_of CapEff) $(status_of CapPrm) $(status_of CapBnd)" \
	"0000000000000000 0000000000000000 0000000000000000"
is "its user" "$(status_of Uid)" "$(id -u seccompd | awk '{ print $1, $1, $1, $1 }')"
is "none is inherited" "$(status_of CapInh) $(status_of CapAmb)" "0000000000000000 0000000000000000"
is "no new ones can come" "$(status_of NoNewPrivs)" 1
is "it has a filter of its own" "$(status_of Seccomp)" 2
is "its group" "$(status_of Gid)" "$(getent group seccompd | awk -F: '{ print $3, $3, $3, $3 }')"
# CAP_DAC_READ_SEARCH (2), CAP_NET_ADMIN (12)
check "seccompd-open runs" is_active seccompd-open.service
is "with its two capabilities" "$(sed -n 's/^Cap\(Eff\|Bnd\):[[:space:]]*//p' "/proc/$(property MainPID seccompd-open.service)/status" | sort -u)" \
	0000000000001004
is "as a user of its own" "$(stat -c %U "/proc/$(property MainPID seccompd-open.service)")" seccompd-open
is "and is asked" "$(status_field opener.state)" on
is "the history of processes is kept" "$(status_field lineage.state)" on
is "its socket is the service's own" "$(stat -c '%U %a' /run/seccompd-open.socket)" "seccompd 600"
diag "$(grep -E '^(VmRSS|Threads):' "/proc/$pid/status" | tr '\t\n' '  ')"
diag "start to READY: $((($(property ActiveEnterTimestampMonotonic) - $(property ExecMainStartTimestampMonotonic)) / 1000)) ms"

# ---- who may read
reads_as() { # GROUP
	setpriv --reuid nobody --regid "$1" --clear-groups seccompctl status >"$work/as" 2>&1
}
reads_as seccompd
is "a member of the group reads" $? 0 || diag "$(cat "$work/as")"
reads_as nogroup
is "another user does not" $? 4
is "which is said in one line" "$(wc -l <"$work/as")" 1

# ---- the socket
socket=$(readlink "/proc/$pid/fd/3")
held() {
	readlink /proc/1/fd/* | grep -Fxq "$socket"
}
check "the service's socket is PID 1's" held
# The default buffer would have room for less than a tenth of these.
kill -STOP "$pid"
"$CALLS" flood 3000 "$OWN_CALL"
kill -CONT "$pid"
check "it has room for what comes while nobody reads" wait_until 60 total_is "$OWN_CALL" 3000
is "the kernel's queue never ran over" "$(status_field enobufs) $(status_field serial_gaps)" "0 0"
OWN_CALL=$((OWN_CALL + 1))
check "the service stops" systemctl stop "$SERVICE"
check "the socket stays" is_active seccompd.socket
is "status says that nothing runs" "$(status_field running)" false
"$CALLS" flood 5 "$OWN_CALL"
check "a record starts the service" wait_until 30 is_active
check "and is not lost" wait_until 30 total_is "$OWN_CALL" 5
is "on the same socket" "$(readlink "/proc/$(main_pid)/fd/3")" "$socket"
is "it has failed never" "$(property NRestarts) $(property Result)" "0 success"
done_testing
