#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The integration tests (or VALGRIND_TESTS, names without their folder) with daemon and client under
# valgrind, and with VALGRIND_UNITS=yes the unit tests as well: no error, and nothing leaks.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

# What runs none of our programs (vm-results.sh), has its own way to make allocations fail (scarce.sh), or
# starts the client some hundred times for what unit tests look at as well; what makes system calls fail
# or closes descriptors, Valgrind's own among them.
LEFT_OUT="vm-results.sh scarce.sh client-vectors.sh client-diff.sh client-explain-call.sh client-apply.sh client-outputs.sh"

# No other begins then.
VALGRIND_SECONDS=${VALGRIND_SECONDS:-720}
FIRST="metrics.sh daemon-auditd.sh daemon-replay.sh decode.sh client-gate.sh client-verbs.sh"

need valgrind
e2e_begin
real=$(cd "$E2E_BUILD" && pwd)
build=$E2E_DIR/build
mkdir "$build"
mkdir -m 1777 "$E2E_DIR/valgrind" # other users' programs log there, too

under_valgrind() { # PROGRAM: a script beside it that runs it so
	cat >"$build/$1" <<-END
		#!/bin/sh
		# Valgrind itself needs more than a test of small memory gives.
		[ "\$(ulimit -v)" = unlimited ] || exec "$real/$1" "\$@"
		exec valgrind -q --log-file=$E2E_DIR/valgrind/$1.%p --error-exitcode=99 --leak-check=full \
			--errors-for-leak-kinds=definite --show-leak-kinds=definite "$real/$1" "\$@"
	END
	chmod +x "$build/$1"
}

for entry in "$real"/*; do ln -s "$entry" "$build/"; done
rm -f "$build/seccompd" "$build/seccompctl"
under_valgrind seccompd
under_valgrind seccompctl

# What valgrind has said since the last time.
said() {
	find "$E2E_DIR/valgrind" -type f -size +0 -exec cat {} +
	find "$E2E_DIR/valgrind" -type f -delete
}

# Its own warnings (of a system call that it does not know, and answers with ENOSYS) are no errors.
judge() { # NAME STATUS OUTPUT
	local errors
	errors=$(said)
	is "$1: valgrind finds no error" "$(grep '^==' <<<"$errors" | head -n 60)" ""
	if [ "$2" = 0 ]; then
		ok "$1: passes"
	else
		not_ok "$1: passes" "$(grep -A5 '^not ok\|^Bail' <<<"$3")"
	fi
}

all=$(cd "$top/tests/integration" && grep -l '^#!' ./*.sh)
for test in ${VALGRIND_TESTS:-$FIRST $(grep -vxF "$(printf './%s\n' $FIRST)" <<<"$all")}; do
	test=${test#./}
	[[ " $LEFT_OUT " != *" $test "* ]] || continue
	if [ "$SECONDS" -gt "$VALGRIND_SECONDS" ]; then
		skip "$test" "VALGRIND_SECONDS=$VALGRIND_SECONDS are over"
		continue
	fi
	began=$SECONDS
	out=$(srcdir=$top builddir=$build bash "$top/tests/integration/$test" 2>&1)
	judge "$test" "$?" "$out"
	diag "$((SECONDS - began)) s"
done

if [ "${VALGRIND_UNITS:-no}" = yes ]; then
	for program in "$real"/tests/unit/test-*; do
		[ -x "$program" ] && [ -f "$program" ] || continue
		out=$(cd "$real" && srcdir=$top valgrind -q --log-file="$E2E_DIR/valgrind/unit.%p" --error-exitcode=99 --leak-check=full \
			--errors-for-leak-kinds=definite --show-leak-kinds=definite "$program" 2>&1)
		judge "${program##*/}" "$?" "$out"
	done
fi
done_testing
