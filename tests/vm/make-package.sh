#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# make-package.sh BUILD FOLDER: the Debian package of what "make dist" of the configured BUILD packs, in FOLDER.
# The unit tests, which a package's build runs, have been run by whoever comes here.
set -eu
build=$1
mkdir -p "$2/dist" && folder=$(cd "$2" && pwd)
DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)"
export DEB_BUILD_OPTIONS
# Of where the compiler's cache is, the build is not told.
unset MAKEFLAGS MAKELEVEL MFLAGS
[ ! -d /usr/lib/ccache ] || export PATH=/usr/lib/ccache:$PATH CCACHE_DIR="${CCACHE_DIR:-$HOME/.cache/ccache}"

make -C "$build" -s distdir distdir="$folder/dist/seccompd" >"$folder/log" 2>&1 || { cat "$folder/log" && exit 1; }
version=$(sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p' "$folder/dist/seccompd/debian/changelog")
mv "$folder/dist/seccompd" "$folder/seccompd-$version"
cd "$folder"
tar -cJf "seccompd_$version.orig.tar.xz" --exclude="seccompd-$version/debian" "seccompd-$version"
cd "seccompd-$version"
dpkg-buildpackage -us -uc >"$folder/log" 2>&1 || { tail -n 30 "$folder/log" && exit 1; }
