#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The threads under ThreadSanitizer: the tests of what they share, and the daemon in a flood that is
# stopped, killed and started anew in the middle of it.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

e2e_begin
mkdir "$E2E_DIR/build" && cd "$E2E_DIR/build" || bail "no build folder"
# Address space layout randomisation with many bits confuses the run-time of older compilers.
RUN=(setarch -R)
"${RUN[@]}" true 2>/dev/null || RUN=(env)
# shellcheck source=tests/long/sanitized-lib.sh
. "$top/tests/long/sanitized-lib.sh"
check "configure" "$top/tests/second-build.sh" CFLAGS='-O1 -g' --enable-sanitizers=thread --disable-hardening
check "build and test" "${RUN[@]}" make -j"$(nproc)" check-core
sanitized_e2e "$PWD" flood restart kill9 slow-disk gate reload
done_testing
