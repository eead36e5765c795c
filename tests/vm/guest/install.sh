#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The steps that the README names behind "make install", on a system that never saw us.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

diag "$(uname -r), $(systemctl --version | head -n 1), booted in $(systemd-analyze time | head -n 1 | sed 's/.*= //')"
is "the system is up" "$(systemctl is-system-running --wait)" running
check "sysusers" systemd-sysusers
check "the catalog" journalctl --update-catalog
check "the user and the group are there" id -g -n seccompd
# What an earlier version, which ran as root, left.
mkdir -m 0750 /var/lib/seccompd /run/seccompd && chgrp seccompd /var/lib/seccompd /run/seccompd
: >"$work/empty"
check "a ledger of root's" setpriv --regid seccompd --keep-groups seccompd --source "file:$work/empty" --once --no-journal
is "is root's" "$(stat -c '%U %G' /var/lib/seccompd/ledger.db /run/seccompd/tally | sort -u)" "root seccompd"

# What the subjects need of the configuration, as a drop-in.
mkdir -p /etc/seccompd/seccompd.conf.d
cat >/etc/seccompd/seccompd.conf.d/vm.conf <<-END
	[gate]
	Complete=2s
	Quiet=2s
	Starts=2
	Execs=0
	Replicas=1
	KillQuiet=2s
	KillLifetimes=1
END

check "daemon-reload" systemctl daemon-reload
check "enable --now" systemctl enable --now seccompd.socket seccompd-open.socket seccompd.service
check "the service is active" wait_until 20 is_active
check "and so is the socket" is_active seccompd.socket
is "the folder and what was in it are the service's" \
	"$(stat -c '%U %G %a' /var/lib/seccompd) $(stat -c '%U %G' /var/lib/seccompd/ledger.db /run/seccompd/tally | sort -u)" \
	"seccompd seccompd 750 seccompd seccompd"
is "which set no ledger aside" "$(find /var/lib/seccompd -name '*.corrupt-*')" ""
check "status says that it runs" wait_until 20 is_running
is "on the kernel's stream" "$(status_field source)" netlink
check "a record arrives" everything_is_read
is "and status exits 0" "$(ctl status >/dev/null 2>&1; echo $?)" 0
done_testing
