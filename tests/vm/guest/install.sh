#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The steps that the README names behind "make install", on a system that never saw us.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

diag "$(uname -r), $(systemctl --version | head -n 1), booted in $(systemd-analyze time | head -n 1 | sed 's/.*= //')"
is "the system is up" "$(systemctl is-system-running --wait)" running
check "sysusers" systemd-sysusers
check "tmpfiles" systemd-tmpfiles --create
check "the catalog" journalctl --update-catalog
check "the group is there" getent group seccompd
is "the ledger's folder is for root and the group" "$(stat -c '%U %G %a' /var/lib/seccompd)" "root seccompd 750"

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
check "enable --now" systemctl enable --now seccompd.socket seccompd.service
check "the service is active" wait_until 20 is_active
check "and so is the socket" is_active seccompd.socket
check "status says that it runs" wait_until 20 is_running
is "on the kernel's stream" "$(status_field source)" netlink
check "a record arrives" everything_is_read
is "and status exits 0" "$(ctl status >/dev/null 2>&1; echo $?)" 0
done_testing
