#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The Debian package: built from what "make dist" packs, judged by lintian, and installed, upgraded, removed and
# purged in a Debian 12 of its own, which nobody has booted (tests/vm/guest/package.sh does that).
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need dpkg-buildpackage dh lintian mmdebstrap
grep -qx VERSION_CODENAME=bookworm /etc/os-release || cannot "the package is for Debian 12, which this is not"
e2e_begin
folder=$E2E_DIR/package
root=$E2E_DIR/root

# PACKAGE=FOLDER has been built before.
if [ -n "${PACKAGE:-}" ]; then
	folder=$PACKAGE
else
	check "the package is built" bash "$top/tests/vm/make-package.sh" "$E2E_BUILD" "$folder"
fi
deb=$(ls "$folder"/seccompd_*.deb) || bail "no package"
is "lintian has no error and no warning" "$(lintian --allow-root --fail-on error,warning "$folder"/*.changes 2>&1; echo $?)" 0
check "what lintian was told to overlook is what it should be" test \
	"$(grep -c '^[^#]' "$top/debian/seccompd.lintian-overrides")" = 1

# ---- where Debian expects each file
is "files where Debian has them" "$(dpkg --contents "$deb" | awk '$1 !~ /^d/ { print $6 }' | sed 's/^\.//' |
	grep -vE '^(/etc/seccompd/seccompd\.conf|/(usr/)?lib/systemd/system/seccompd(-open)?\.(service|socket)|/usr/bin/seccompctl|/usr/sbin/seccompd|/usr/libexec/seccompd-open|/usr/lib/systemd/catalog/.*|/usr/lib/sysusers\.d/.*|/usr/share/(bash-completion/completions|fish/vendor_completions\.d|zsh/vendor-completions|doc/seccompd|seccompd|lintian/overrides)/.*|/usr/share/man/man[1578]/.*\.gz)$')" ""
is "its configuration is told apart" "$(dpkg-deb --info "$deb" conffiles)" /etc/seccompd/seccompd.conf

# ---- a system to install it in
check "a Debian 12" mmdebstrap --quiet --mode=root --variant=minbase --include="systemd,$(dpkg-deb --field "$deb" Depends |
	tr ',' '\n' | sed 's/|.*//; s/(.*//; s/ //g' | paste -sd,)" --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
	bookworm "$root"
[ -x "$root/usr/bin/dpkg" ] || bail "no system"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod 0755 "$root/usr/sbin/policy-rc.d"
# All that has our name, and what is not there before.
ours() {
	find "$root" -xdev -path "$root/proc" -prune -o \( -iname '*seccompd*' -o -iname '*seccompctl*' \) -print | sed "s|^$root||"
}
in_root() {
	DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$root" "$@"
}
enabled() {
	in_root systemctl is-enabled seccompd.service seccompd.socket seccompd-open.socket 2>/dev/null | xargs
}
# The same package under a later number.
later=$E2E_DIR/later.deb
(dpkg-deb --raw-extract "$deb" "$E2E_DIR/raw" && sed -i 's/^Version: .*/&+later/' "$E2E_DIR/raw/DEBIAN/control" &&
	echo '# later' >>"$E2E_DIR/raw/etc/seccompd/seccompd.conf" && dpkg-deb --build "$E2E_DIR/raw" "$later") >/dev/null ||
	bail "no later package"
is "nothing of ours is there" "$(ours)" ""
cp "$deb" "$root/first.deb" && cp "$later" "$root/later.deb"

check "it is installed" in_root dpkg --install /first.deb
is "its users are there, without a shell" "$(in_root getent passwd seccompd seccompd-open | cut -d: -f1,7 | xargs)" \
	"seccompd:/usr/sbin/nologin seccompd-open:/usr/sbin/nologin"
is "its units are enabled" "$(enabled)" "enabled enabled enabled"
is "the client runs" "$(in_root seccompctl --version | cut -d' ' -f1)" seccompctl
is "the daemon, too" "$(in_root seccompd --version | cut -d' ' -f1)" seccompd
is "no library is missing" "$(in_root ldd /usr/bin/seccompctl /usr/sbin/seccompd | grep 'not found')" ""
is "the units name programs that there are" \
	"$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$root"/lib/systemd/system/seccompd*.service | while read -r p; do [ -x "$root$p" ] || echo "$p"; done)" ""

# ---- an upgrade keeps what the administrator did
echo '# by hand' >>"$root/etc/seccompd/seccompd.conf"
in_root systemctl disable seccompd.service >/dev/null 2>&1
check "a later one is installed over it" in_root dpkg --force-confdef --force-confold --install /later.deb
is "which is it now" "$(in_root dpkg-query -W -f '${Version}' seccompd | grep -c later)" 1
check "the configuration is the administrator's" grep -qx '# by hand' "$root/etc/seccompd/seccompd.conf"
is "what was disabled stays so" "$(in_root systemctl is-enabled seccompd.service)" disabled

# ---- remove and purge
mkdir -p "$root/var/lib/seccompd" "$root/etc/seccompd/workloads.d" && : >"$root/var/lib/seccompd/ledger.db" &&
	: >"$root/etc/seccompd/workloads.d/x.conf"
check "it is removed" in_root dpkg --remove seccompd
is "configuration, decisions and evidence stay" "$(ours | grep -cE '^(/etc/seccompd|/var/lib/seccompd)$')" 2
check "decisions, too" test -e "$root/etc/seccompd/workloads.d/x.conf"
check "it is purged" in_root dpkg --purge seccompd
is "nothing of ours is left" "$(ours)" ""
is "no link to nothing" "$(find "$root/etc/systemd" -xtype l ! -lname /dev/null ! -lname '/lib/*' ! -lname '/usr/*' 2>/dev/null)" ""
is "the users stay, as Debian's policy wants" "$(in_root getent passwd seccompd seccompd-open | wc -l)" 2

# ---- what is the administrator's alone is not taken away
check "it is installed again" in_root dpkg --install /first.deb
mkdir -p "$root/etc/seccompd/seccompd.conf.d" && : >"$root/etc/seccompd/seccompd.conf.d/mine.conf"
check "and purged" in_root dpkg --purge seccompd
check "a drop-in stays" test -e "$root/etc/seccompd/seccompd.conf.d/mine.conf"
done_testing
