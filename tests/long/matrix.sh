#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The compile matrix: each compiler at each end of the optimiser, with and without hardening, without a
# warning; those with hardening pass the tests.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

build() { # NAME ARGUMENT...
	local name=$1
	shift
	mkdir "$E2E_DIR/$name" && cd "$E2E_DIR/$name" || bail "no build folder"
	check "$name: configure" "$top/tests/second-build.sh" "$@" --enable-werror
	check "$name: build" make -j"$(nproc)"
}

e2e_begin
for cc in gcc clang; do
	for level in -O0 -O3; do
		command -v "$cc" >/dev/null || { skip "$cc $level" "$cc is not installed" && continue; }
		build "$cc$level-plain" CC="$cc" CFLAGS="$level -g" --disable-hardening
		build "$cc$level" CC="$cc" CFLAGS="$level -g"
		check "$cc$level: tests" make -j"$(nproc)" check-core TEST_CFLAGS="$level -g"
	done
done
done_testing
