#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# make-archive.sh BUILD ARCHIVE [PACKAGE]: what is laid over the system of the VM: the project as "make install"
# of the configured BUILD has it, or else PACKAGE, not installed, and the tests that run there.
set -eu
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
build=$1 archive=$2 package=${3:-}
work=$(mktemp -d "$archive.XXXXXX")
trap 'rm -rf "$work"' EXIT
tests=$work/opt/seccompd-vm/tests

[ -n "$package" ] || make -C "$build" -s install DESTDIR="$work" >&2
installed=$(cd "$work" && find . -type f -o -type l | sed 's/^\.//' | sort)
mkdir -p "$tests/vm" "$tests/e2e" "$work/etc/systemd/system"
echo "$installed" >"$tests/vm/installed"
# The VM has no make: the commands that it would run. A make that it would call has told its own already.
make -C "$build" -s -n uninstall | grep -vE '^(make|/[^ ]*/make)( |$)' >"$tests/vm/uninstall"
cp -r "$top/tests/lib" "$tests/"
cp "$top/tests/e2e/lib.sh" "$top/tests/e2e/starter.json" "$build/tests/e2e/calls" "$tests/e2e/"
cp -r "$top/tests/vm/guest" "$tests/vm/"
[ -z "$package" ] || cp "$package" "$tests/vm/"
mv "$tests/vm/guest/seccompd-vm.service" "$work/etc/systemd/system/"
cd "$work" && find . -type f -o -type l | tar --owner=0 --group=0 -cf "$archive" -T -
