#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of what the two threads share, under ThreadSanitizer.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

e2e_begin
mkdir "$E2E_DIR/build" && cd "$E2E_DIR/build" || bail "no build folder"
# Address space layout randomisation with many bits confuses the run-time of older compilers.
run=(setarch -R)
"${run[@]}" true 2>/dev/null || run=()
check "configure" "$top/tests/second-build.sh" CFLAGS='-O1 -g' --enable-sanitizers=thread --disable-hardening
check "build and test" ${run[@]+"${run[@]}"} make -j"$(nproc)" check-core
done_testing
