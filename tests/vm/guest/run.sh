#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs in the VM: the subjects that the kernel's command line names, one after the other, each with a limit
# of time. What they print goes to the second serial line, between lines that only we write, as
# tests/vm/results.awk reads them. Then the VM is switched off.
SUBJECT_SECONDS=1200

top=$(cd "$(dirname "$0")/../../.." && pwd)
export srcdir=$top HOME=/root LC_ALL=C.UTF-8
busybox stty -F /dev/ttyS1 raw -echo
exec </dev/null >/dev/ttyS1 2>&1

subjects=$(sed -n 's/.*vm\.subjects=\([^ ]*\).*/\1/p' /proc/cmdline | tr , ' ')
for subject in $subjects; do
	echo "VM-BEGIN $subject"
	timeout --kill-after=5 "$SUBJECT_SECONDS" bash "$top/tests/vm/guest/$subject.sh"
	echo "VM-END $subject $? $SECONDS"
	SECONDS=0
done
echo "VM-DONE"
systemctl --no-block poweroff
