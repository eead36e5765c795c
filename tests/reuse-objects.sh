#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# reuse-objects.sh TO: what only tests, compiled in the current build folder, into another one below it, so
# that make does not compile it again there. Left to that build is what asks for sanitizers.
set -eu
top=${srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
for folder in tests/unit tests/fuzz; do
	mkdir -p "$1/$folder/.deps"
	# automake's stamps come first, or they would be newer than the objects.
	for stamp in "$1/$folder/.dirstamp" "$1/$folder/.deps/.dirstamp"; do
		[ -e "$stamp" ] || : >"$stamp"
	done
	for object in "$folder"/*.o; do
		source=$top/${object%.o}.c
		[ ! -e "$source" ] || grep -qE 'UNIT_SHARE|__SANITIZE|__has_feature' "$source" || cp -u "$object" "$1/$folder/"
	done
done
