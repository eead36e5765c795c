#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-image.sh FOLDER: makes a Debian 12 to boot, FOLDER/HASH/{disk,kernel,initrd}, and prints the name of
# that folder. Nothing of ours is in it, so it is made anew only when this script, the initrd's init or the
# package list changes. A few minutes, most of them downloading and unpacking.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mkdir -p "$1" && cd "$1" && pwd)

PACKAGES="linux-image-cloud-amd64 systemd systemd-sysv udev dbus kmod procps util-linux iproute2
	podman crun runc conmon uidmap libpam-systemd dbus-user-session auditd apparmor jq busybox-static
	libaudit1 libseccomp2 libsystemd0 libjson-c5 libsqlite3-0 libeconf0 libgcrypt20 zlib1g liblzma5"
SIZE=2G

image=$folder/$(cat "$0" "$here/initrd-init" | sha256sum | cut -c1-16)
if [ -e "$image/initrd" ]; then
	echo "$image"
	exit
fi

work=$(mktemp -d "$folder/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/image"
root=$work/root

# The package of the kernel wants an initrd of its own, which would take longest of all.
# shellcheck disable=SC2016,SC2046
mmdebstrap --quiet --mode=root --variant=minbase --include="$(echo "$PACKAGES" | xargs | tr " " ,)" \
	--aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
	--dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' \
	--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
	--essential-hook='chroot "$1" dpkg-divert --quiet --local --rename --add /usr/sbin/update-initramfs' \
	--essential-hook='ln -s /bin/true "$1/usr/sbin/update-initramfs"' \
	bookworm "$root" >&2

version=$(basename "$root"/lib/modules/*)
cp "$root/boot/vmlinuz-$version" "$work/image/kernel"

# What the initrd needs: busybox, and the modules that find the disks.
initrd=$work/initrd
mkdir -p "$initrd"/{bin,dev,proc,root} "$initrd/lib/modules/$version"
cp "$root/bin/busybox" "$initrd/bin/"
cp "$here/initrd-init" "$initrd/init"
chmod 0755 "$initrd/init"
cp "$root/lib/modules/$version/modules.dep" "$initrd/lib/modules/$version/"
for module in virtio_pci virtio_blk; do
	chroot "$root" modprobe --set-version "$version" --show-depends "$module" | awk '/^insmod/ { print $2 }'
done | sort -u | while read -r file; do
	mkdir -p "$initrd${file%/*}" && cp "$root$file" "$initrd$file"
done
(cd "$initrd" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$work/image/initrd"

# The console carries no login; no timer of the distribution runs in the middle of a test.
for unit in serial-getty@ttyS0.service getty@tty1.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
	e2scrub_all.timer e2scrub_reap.service fstrim.timer podman-auto-update.{service,timer} podman-restart.service \
	apparmor.service; do
	ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
# Started by the test that is about it.
rm -f "$root"/etc/systemd/system/*.wants/auditd.service
echo seccompd-vm >"$root/etc/hostname"
echo '127.0.0.1 localhost seccompd-vm' >"$root/etc/hosts"
: >"$root/etc/fstab"
rm -rf "${root:?}"/{boot,var/cache/apt,var/lib/apt/lists,usr/share/{locale,man,info,zoneinfo}}
mke2fs -q -t ext4 -m 0 -O ^has_journal -d "$root" "$work/image/disk" "$SIZE" >&2
# What was made under an older hash is of no use any more.
find "$folder" -mindepth 1 -maxdepth 1 -name '????????????????' -exec rm -rf {} +
mv "$work/image" "$image"
echo "$image"
