#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The journal under our entries is rotated, vacuumed and restarted.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

pid=$(main_pid)
sighted() { # UNIT CALL
	run_unit "$1" "$CALLS" flood 1 "$2" && wait_until 30 has_entry "OBJECT_SYSTEMD_UNIT=$1.service" "SECCOMP_SYSCALL=$2"
}
check "a sighting has its entry" sighted vm-journal-1 times
is "one" "$(entries OBJECT_SYSTEMD_UNIT=vm-journal-1.service SECCOMP_SYSCALL=times | wc -l)" 1
is "the unit is vouched for" "$(entries OBJECT_SYSTEMD_UNIT=vm-journal-1.service SECCOMP_SYSCALL=times | jq -r ._SYSTEMD_UNIT)" "$SERVICE"
check "journalctl -x explains it" eval 'journalctl -x --no-pager OBJECT_SYSTEMD_UNIT=vm-journal-1.service SECCOMP_SYSCALL=times |
	grep -q "seccompctl show unit:vm-journal-1.service"'
check "the journal is rotated" journalctl --rotate
check "and vacuumed" journalctl --vacuum-time=1s
is "the entry is gone" "$(entries OBJECT_SYSTEMD_UNIT=vm-journal-1.service SECCOMP_SYSCALL=times | wc -l)" 0
check "the evidence is not" test "$(ctl show unit:vm-journal-1.service --json | jq -r .syscall)" = times
# Files that are put away are made shorter, which is deadly to who has them mapped and does not see to it.
check "and once more" eval 'journalctl --rotate && journalctl --rotate && journalctl --vacuum-files=1'
check "the next sighting has its entry" sighted vm-journal-2 times
check "journald starts anew" systemctl restart systemd-journald.service
check "and has the next one" sighted vm-journal-3 times
is "the service is the same" "$(main_pid)" "$pid"
is "and had nothing to complain" "$(journalctl --no-pager --output=cat --priority=err "_SYSTEMD_UNIT=$SERVICE")" ""
done_testing
