#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The steps that the README names to remove all of it: nothing is left.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

check "disable --now" systemctl disable --now seccompd.socket seccompd-open.socket seccompd.service seccompd-open.service
not_active() {
	! is_active && ! is_active seccompd.socket && ! is_active seccompd-open.socket
}
check "both have ended" wait_until 20 not_active
check "make uninstall" sh -e "$srcdir/tests/vm/uninstall"
is "no file of ours is left" "$(xargs ls -d <"$srcdir/tests/vm/installed" 2>/dev/null)" ""
check "the evidence" rm -r /var/lib/seccompd /run/seccompd /etc/seccompd
check "the user and its group" userdel seccompd
check "and that of seccompd-open" userdel seccompd-open
check "the catalog" journalctl --update-catalog
check "daemon-reload" systemctl daemon-reload
is "systemd knows neither" "$(systemctl list-unit-files --no-legend 'seccompd.*' 'seccompd-open.*')" ""
is "nor failed units" "$(systemctl list-units --failed --no-legend --plain)" ""
is "nothing is left that has our name" \
	"$(find / /run -xdev -path "$srcdir" -prune -o -name '*seccompd*' ! -name '*seccompd-vm*' -print)" ""
is "nor a link to nothing" "$(find /etc/systemd -xtype l ! -lname /dev/null)" ""
done_testing
