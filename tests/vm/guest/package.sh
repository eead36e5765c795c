#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The Debian package in a booted system that has nothing else of ours: installed it runs, an upgrade loses
# no record, and after purge nothing is left but the users, which Debian never gives to somebody else.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

deb=$(ls "$srcdir"/tests/vm/seccompd_*.deb) || bail "no package"
ours() { # all that has our name, but what belongs to these tests, the kernel and the journal
	{
		find / -xdev \( -path /opt/seccompd-vm -o -path /proc -o -path /sys -o -path /var/log/journal \) -prune \
			-o \( -iname '*seccompd*' -o -iname '*seccompctl*' \) -print
		find /run -xdev -iname '*seccompd*' -print
	} | grep -v seccompd-vm
}
users() {
	getent passwd seccompd seccompd-open | cut -d: -f1,7 | xargs
}

is "the system is up" "$(systemctl is-system-running --wait)" running
is "nothing of ours is there" "$(ours)" ""
check "the package is installed" dpkg --install "$deb"
is "and the system is still well" "$(systemctl is-system-running)" running
check "the service is active" wait_until 20 is_active
for unit in seccompd.socket seccompd-open.socket; do
	check "$unit is active" is_active "$unit"
done
is "all are enabled" "$(systemctl is-enabled seccompd.service seccompd.socket seccompd-open.socket | xargs)" "enabled enabled enabled"
is "it runs as its own user" "$(stat -c %U "/proc/$(main_pid)")" seccompd
is "without a capability" "$(sed -n 's/^CapPrm:\t//p' "/proc/$(main_pid)/status")" 0000000000000000
check "status says that it runs" wait_until 20 is_running
is "on the kernel's stream" "$(status_field source)" netlink
check "a record arrives" everything_is_read
check "the opener is there" wait_until 20 test "$(ctl status --json | jq -r .opener.state)" != unavailable
check "the catalog has our texts" eval 'journalctl --list-catalog 2>/dev/null | grep -qi 7a3c1f5d0e8b4b6e9d2f64c8a15b3e70'

# ---- an upgrade, in the middle of what is recorded
pid=$(main_pid) socket=$(property InvocationID seccompd.socket)
"$CALLS" --pause 20000 flood 500 "$OWN_CALL" &
check "the package is installed over itself" dpkg --install "$deb"
wait $!
check "the service is active" wait_until 20 is_active
check "it is another process" test "$(main_pid)" != "$pid"
is "the socket stayed open" "$(property InvocationID seccompd.socket)" "$socket"
check "no record was lost" wait_until 60 total_is "$OWN_CALL" 500
is "no serial is missing" "$(status_field serial_gaps)" 0

# ---- what the administrator changed stays
systemctl disable --now seccompd.service seccompd.socket >/dev/null 2>&1
check "installed over a disabled service" dpkg --install "$deb"
is "it stays disabled" "$(systemctl is-enabled seccompd.service)" disabled
check "and is not started" test "$(property ActiveState)" != active
systemctl enable --now seccompd.socket seccompd.service >/dev/null 2>&1
check "enabled, it runs again" wait_until 20 is_active

# ---- remove, then purge
check "a decision is made" seccompctl decide unit:seccompd-vm.service mount deny --why "a test"
check "and kept" test -d /etc/seccompd/workloads.d
check "the package is removed" dpkg --remove seccompd
check "nothing of it runs" eval '! pgrep -x "seccompd|seccompd-open"'
check "the evidence is still there" test -s /var/lib/seccompd/ledger.db
check "and so is the configuration" test -e /etc/seccompd/seccompd.conf
check "the package is purged" dpkg --purge seccompd
is "nothing of ours is left" "$(ours)" ""
is "dpkg knows it no more" "$(dpkg-query -W -f '${Status}' seccompd 2>/dev/null)" ""
is "no unit is left" "$(systemctl list-units --all --no-legend 'seccompd*' | grep -v seccompd-vm)" ""
is "the users stay, without a shell" "$(users)" "seccompd:/usr/sbin/nologin seccompd-open:/usr/sbin/nologin"
is "the system is well" "$(systemctl is-system-running)" running
done_testing
