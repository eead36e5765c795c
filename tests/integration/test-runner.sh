#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What runs the tests: one that does not end fails, and has tidied up; one that leaves a process behind
# keeps nobody waiting for it.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

work=$(mktemp -d) || bail "mktemp failed"
trap 'rm -rf "$work"' EXIT

cat >"$work/hangs.sh" <<'END'
trap 'echo "# tidied up"; exit 143' TERM
echo "ok 1 - before"
echo "# why" >&2
sleep 1000
echo "ok 2 - behind"
END
SECCOMPD_TEST_LIMIT=1 bash "$top/tests/lib/run-shell.sh" "$work/hangs.sh" >"$work/out" 2>"$work/err"
is "a test that does not end fails" "$?" 143
is "what it said is kept, in its order, and it tidies up" "$(grep '^ok\|^#' "$work/out")" "$(printf 'ok 1 - before\n# why\n# tidied up')"
check "what it waits for is shown" grep -q "sleep 1000" "$work/err"
check "and the limit" grep -q "has not ended within 1 s" "$work/err"

cat >"$work/leaves.sh" <<'END'
sleep 1000 &
echo "$!" >"$(dirname "$0")/pid"
echo "ok 1 - all"
exit 3
END
# shellcheck disable=SC2016
check "nobody waits for what stays behind" timeout 20 bash -c 'bash "$0" "$1" | cat' \
	"$top/tests/lib/run-shell.sh" "$work/leaves.sh"
check "which was there all the time" kill "$(cat "$work/pid")"
bash "$top/tests/lib/run-shell.sh" "$work/leaves.sh" >/dev/null
is "the status is the test's" "$?" 3
kill "$(cat "$work/pid")"

SECCOMPD_TEST_LIMIT=1 bash "$top/tests/lib/run-unit.sh" sleep 1000 >/dev/null 2>&1
is "a unit test that does not end fails" "$?" 124
done_testing
