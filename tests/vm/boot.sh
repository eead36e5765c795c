#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# boot.sh IMAGE DISK ARCHIVE RESULTS SECONDS SUBJECT...: boots DISK, a copy of IMAGE/disk, with ARCHIVE (or
# "") laid over it, and runs the tests of these subjects in it (guest/run.sh). RESULTS gets what they print,
# RESULTS.console the kernel's console. Exit status 0 only when the VM switched itself off in time.
set -u
image=$1 disk=$2 archive=$3 results=$4 seconds=$5
shift 5
ACCEL=${VM_ACCEL:-tcg,thread=multi}

drives=(-drive "file=$disk,format=raw,if=virtio,cache=unsafe")
[ -z "$archive" ] || drives+=(-drive "file=$archive,format=raw,if=virtio,readonly=on")
: >"$results"
qemu-system-x86_64 -accel "$ACCEL" -cpu max -smp 2 -m 2G -nodefaults -no-user-config -display none -no-reboot \
	-kernel "$image/kernel" -initrd "$image/initrd" "${drives[@]}" \
	-append "console=ttyS0 panic=-1 mitigations=off systemd.show_status=no systemd.wants=seccompd-vm.service vm.subjects=$(IFS=, && echo "$*")" \
	-serial "file:$results.console" -serial "file:$results" </dev/null &
qemu=$!
trap 'kill -KILL $qemu 2>/dev/null' EXIT
trap 'exit 143' INT TERM HUP
end=$((SECONDS + seconds))
while kill -0 "$qemu" 2>/dev/null; do
	if [ "$SECONDS" -ge "$end" ]; then
		echo "the VM did not end within $seconds s" >&2
		exit 1
	fi
	sleep 0.5
done
wait "$qemu" || { echo "QEMU ended with status $?" >&2 && exit 1; }
