#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The compile matrix: each compiler at each end of the optimiser, without a warning, tests passing.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

e2e_begin
for cc in gcc clang; do
	for level in -O0 -O3; do
		name="$cc $level"
		command -v "$cc" >/dev/null || { skip "$name" "$cc is not installed" && continue; }
		mkdir "$E2E_DIR/$cc$level" && cd "$E2E_DIR/$cc$level" || bail "no build folder"
		check "$name: configure" "$top/tests/second-build.sh" CC="$cc" CFLAGS="$level -g" --enable-werror
		check "$name: build" make -j"$(nproc)"
		check "$name: tests" make -j"$(nproc)" check-core
	done
done
done_testing
