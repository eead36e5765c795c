#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# summary.sh BUILD: the sum of all test results below a build folder, failures by name first. Exit
# status 1 when anything failed, or when nothing ran at all.
set -u
build=${1:-.}
mapfile -t results < <(find "$build" -name '*.trs' -not -path '*/source/*' | sort)
[ ${#results[@]} -gt 0 ] || { echo "no test has run below $build" >&2; exit 1; }
for trs in "${results[@]}"; do
	grep -hE '^:test-result: (FAIL|XPASS|ERROR)' "$trs" | sed "s|^:test-result: |${trs#"$build"/}: |"
done
count() {
	cat "${results[@]}" | grep -cE "^:test-result: ($1)"
}
failed=$(count 'FAIL|XPASS|ERROR')
echo "$(count 'PASS|XFAIL') passed, $failed failed, $(count SKIP) skipped"
[ "$failed" -eq 0 ]
