#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The project installed into a Debian 12 of its own, booted under QEMU with systemd as PID 1: what cannot be
# tested where another service manager, or none, owns the cgroups. tests/vm/guest/ has a file per subject.
#
# SUBJECTS="install podman" runs only those, in the first boot. VM_ACCEL=kvm is for where KVM works.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

FIRST_BOOT=${SUBJECTS:-install service open unit apparmor journal restart podman auditd}
SECOND_BOOT="reboot uninstall"
[ -z "${SUBJECTS:-}" ] || SECOND_BOOT=
# Two minutes for each on a machine that does nothing else; the limit is for one that hangs.
VM_SECONDS=${VM_SECONDS:-3600}

need_root
need mmdebstrap qemu-system-x86_64 busybox mke2fs jq
[ "$(uname -m)" = x86_64 ] || cannot "the VM is an x86_64"
grep -qx VERSION_CODENAME=bookworm /etc/os-release || cannot "the VM runs Debian 12, which this is not"
e2e_begin
folder=$E2E_BUILD/vm
build=$folder/build
mkdir -p "$build"

build_project() {
	local cc
	cc=$(sed -n 's/^CC = //p' "$E2E_BUILD/Makefile")
	cd "$build" && bash "$top/tests/second-build.sh" CC="$cc" --prefix=/usr --sysconfdir=/etc &&
		make -s -j"$(nproc)" && make -s tests/e2e/calls
}

boot() { # ARCHIVE SUBJECT...: one boot, its results as ours
	local archive=$1 results=$E2E_DIR/results start=$SECONDS
	shift
	bash "$top/tests/vm/boot.sh" "$image" "$E2E_DIR/disk" "$archive" "$results" "$VM_SECONDS" "$@" ||
		diag "the end of its console: $(tail -n 15 "$results.console")"
	awk -v n="$TAP_N" -v subjects="$*" -f "$top/tests/vm/results.awk" "$results" >"$E2E_DIR/tap" ||
		TAP_FAILED=$((TAP_FAILED + 1))
	cat "$E2E_DIR/tap"
	TAP_N=$((TAP_N + $(grep -cE '^(not )?ok ' "$E2E_DIR/tap")))
	diag "this boot took $((SECONDS - start)) s: $*"
}

image=$(bash "$top/tests/vm/build-image.sh" "$folder" 2>"$E2E_DIR/log") ||
	cannot "no image can be made: $(tail -n 1 "$E2E_DIR/log")"
diag "image: $SECONDS s"
check "the project is built for it" build_project
check "and installed" bash "$top/tests/vm/make-archive.sh" "$build" "$E2E_DIR/archive"
cp --sparse=always "$image/disk" "$E2E_DIR/disk" || bail "no disk"
# shellcheck disable=SC2086
boot "$E2E_DIR/archive" $FIRST_BOOT
# shellcheck disable=SC2086
[ -z "$SECOND_BOOT" ] || boot "" $SECOND_BOOT
done_testing
