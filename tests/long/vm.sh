#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The project installed into a Debian 12 of its own, booted under QEMU with systemd as PID 1: what cannot be
# tested where another service manager, or none, owns the cgroups. tests/vm/guest/ has a file per subject.
#
# SUBJECTS="install podman" runs only those, in the first boot; SUBJECTS=package only that, which has a boot of
# its own, on a disk without "make install". VM_ACCEL=kvm is for where KVM works.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

FIRST_BOOT=${SUBJECTS:-install service open unit apparmor journal restart podman auditd}
SECOND_BOOT="reboot uninstall"
PACKAGE_BOOT=package
[ -z "${SUBJECTS:-}" ] || SECOND_BOOT=
[[ " ${SUBJECTS:-package} " == *" package "* ]] || PACKAGE_BOOT=
FIRST_BOOT=$(xargs -n 1 <<<"$FIRST_BOOT" | grep -vx package | xargs)
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
disk() {
	cp --sparse=always "$image/disk" "$E2E_DIR/disk" || bail "no disk"
}
if [ -n "$FIRST_BOOT" ]; then
	check "and installed" bash "$top/tests/vm/make-archive.sh" "$build" "$E2E_DIR/archive"
	disk
	# shellcheck disable=SC2086
	boot "$E2E_DIR/archive" $FIRST_BOOT
	# shellcheck disable=SC2086
	[ -z "$SECOND_BOOT" ] || boot "" $SECOND_BOOT
fi
if [ -n "$PACKAGE_BOOT" ]; then
	if ! command -v dh >/dev/null; then
		skip "the package" "there is no debhelper"
	else
		check "the package is built" bash "$top/tests/vm/make-package.sh" "$E2E_BUILD" "$E2E_DIR/package"
		check "and laid beside the tests" bash "$top/tests/vm/make-archive.sh" "$build" "$E2E_DIR/archive" \
			"$E2E_DIR"/package/seccompd_*.deb
		disk
		boot "$E2E_DIR/archive" "$PACKAGE_BOOT"
	fi
fi
done_testing
