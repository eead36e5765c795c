# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What the tests under sanitizers share: end-to-end tests on another build, of which a report of a
# sanitizer's in any process is a failure, whatever the test itself says. Source it behind e2e/lib.sh.

: "${top:?}"
# Where a report goes to, whoever made it; one that is written to a log ends with the test's folder.
mkdir "$E2E_DIR/reports"
export ASAN_OPTIONS=log_path=$E2E_DIR/reports/asan UBSAN_OPTIONS=log_path=$E2E_DIR/reports/ubsan:print_stacktrace=1 \
	TSAN_OPTIONS=log_path=$E2E_DIR/reports/tsan

reports() {
	find "$E2E_DIR/reports" -type f -exec cat {} +
}

# A skipped one is a pass of its own; which says why.
one_e2e() { # BUILD NAME
	SECCOMPD_E2E_STRICT=0 srcdir=$top builddir=$1 "${RUN[@]}" bash "$top/tests/e2e/$2.sh"
}

sanitized_e2e() { # BUILD NAME...
	local build=$1 name
	shift
	if [ "$(id -u)" != 0 ]; then
		skip "end-to-end tests" "needs root"
		return
	fi
	check "the programs of the end-to-end tests" make -C "$build" -j"$(nproc)" e2e-programs
	for name; do
		check "end-to-end: $name" one_e2e "$build" "$name"
		is "no report of a sanitizer behind $name" "$(reports)" ""
		rm -f "$E2E_DIR"/reports/*
	done
}
