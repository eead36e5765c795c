#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# configure-copy.sh FOLDER ARGUMENT...: configures a second build in the current folder. A source
# tree that was itself configured cannot be built from outside, so then a copy of it is made in
# FOLDER/source.
set -eu
top=${srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
folder=$1
shift
if [ -e "$top/config.status" ]; then
	mkdir -p "$folder/source"
	(cd "$top" && tar -cf - --exclude=.git --exclude='./build' --exclude='*.o' --exclude='*.a' \
		--exclude=.deps --exclude=config.status --exclude=./Makefile --exclude=sanitized .) |
		tar -C "$folder/source" -xf -
	top=$folder/source
fi
exec "$top/configure" -q "$@"
