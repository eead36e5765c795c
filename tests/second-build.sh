#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# second-build.sh ARGUMENT...: configures another build in the current folder, once. A source tree
# that was itself configured cannot be built from outside, so then a fresh copy of it is used.
set -eu
top=${srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
if [ -e "$top/config.status" ]; then
	mkdir -p source
	(cd "$top" && tar -cf - --exclude=./.git --exclude='./build*' --exclude='*.o' --exclude='*.a' \
		--exclude=.deps --exclude=./config.status --exclude=./Makefile --exclude=./sanitized .) |
		tar -C source -xf -
	top=$PWD/source
fi
[ -e config.status ] || exec "$top/configure" -q "$@"
