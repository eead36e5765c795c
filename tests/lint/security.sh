#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SECURITY.md: each test that it names is there, has the case that it names, and is run by the Makefile; each
# row of a table of claims names one.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

named() { # PAGE: "FILE" or "FILE#CASE"
	grep -oE '`tests/[a-z0-9/_.-]+(#[a-z0-9_]+)?`' "$1" | tr -d '`' | sort -u
}

is_run() { # FILE: by the Makefile, as a script or as the program that is made of it
	grep -qE "^(TESTS|[a-z0-9]+_(tests|targets)) .*[ =]${1%.c}( |\$)" "$top/Makefile.am"
}

find_dead_names() { # PAGE
	named "$1" | while IFS='#' read -r file case; do
		if [ ! -e "$top/$file" ]; then
			echo "$file is not there"
		elif ! is_run "$file"; then
			echo "$file is not run"
		elif [ -n "$case" ] && ! grep -qE "cmocka_unit_test.*[( ]$case\>|\<T\($case\>|^static void $case\(" "$top/$file"; then
			echo "$file has no $case"
		fi
	done
}

find_bare_claims() { # PAGE: rows of tables with the head "shown by" that name no test
	awk '/^\| claim \| shown by \|$/ { claims = 1; next } !/^\|/ { claims = 0 }
		claims && !/^\|-/ && !/`tests\// { print FNR ": " $0 }' "$1"
}

bad=$(mktemp) || bail "mktemp failed"
trap 'rm -f "$bad"' EXIT
cat >"$bad" <<'END'
`tests/unit/test-none.c` `tests/unit/unit.h` `tests/unit/test-record.c#test_none`

| claim | shown by |
|---|---|
| nothing happens | believe it |
END
is "self-test: what is not there, not run or not in it" "$(find_dead_names "$bad" | cut -d' ' -f2- | xargs)" \
	"is not there has no test_none is not run"
is "self-test: a claim without a test" "$(find_bare_claims "$bad" | cut -d: -f1)" 5

is "each test that SECURITY.md names is there and is run" "$(find_dead_names "$top/SECURITY.md")" ""
is "each claim names one" "$(find_bare_claims "$top/SECURITY.md")" ""
check "it names many" test "$(named "$top/SECURITY.md" | wc -l)" -gt 50
done_testing
