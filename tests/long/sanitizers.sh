#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What "make check" runs of the sanitized build is its unit tests; here it is all the rest,
# and the end-to-end tests that see most of the daemon. (Not self.sh, which is about the calls that the
# daemon makes: sanitizers make some of their own.)
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

e2e_begin
mkdir "$E2E_DIR/build" && cd "$E2E_DIR/build" || bail "no build folder"
RUN=(env)
# shellcheck source=tests/long/sanitized-lib.sh
. "$top/tests/long/sanitized-lib.sh"
check "configure" "$top/tests/second-build.sh" CFLAGS='-O1 -g1' CPPFLAGS=-DUNIT_SHARE=1U --enable-sanitizers --disable-hardening
check "build and test" make -j"$(nproc)" check-core
# Where a test leaves little memory (scarce.sh), a sanitizer does not even start.
is "no report of a sanitizer in it" "$(reports | grep -v 'failed to allocate 0x[0-9a-f]* .* bytes at address\|ReserveShadowMemoryRange failed')" ""
rm -f "$E2E_DIR"/reports/*
sanitized_e2e "$PWD" restart journal short-containers poison
done_testing
