#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Made journal.xz beside it, with systemd-journal-remote of systemd 252.
set -eu
cd "$(dirname "$0")"
for ((i = 0; i < 20; i++)); do
	kinds=(a b c) transports=(journal kernel) long=short
	[ "$i" != 4 ] || long=$(printf 'x%.0s' {1..70000})
	printf '%s=%s\n' __REALTIME_TIMESTAMP $((1700000000000000 + i * 1000000)) \
		__MONOTONIC_TIMESTAMP $((1000000 + i * 1000000)) _BOOT_ID 0123456789abcdef0123456789abcdef \
		_MACHINE_ID fedcba9876543210fedcba9876543210 _TRANSPORT "${transports[i % 2]}" SYSLOG_FACILITY 0 \
		MESSAGE "entry $i" N "$i" KIND "${kinds[i % 3]}" LONG "$long"
	echo
done | /lib/systemd/systemd-journal-remote -o "$PWD/made.journal" -
xz -9e --check=crc32 <made.journal >journal.xz
rm made.journal
