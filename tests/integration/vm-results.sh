#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# How the results of a VM are read: whatever did not come to its end is a failure, never a pass.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

results() { # LINE...: the verdicts alone, and the exit status
	printf '%s\n' "$@" | awk -v n=3 -v subjects="one two" -f "$top/tests/vm/results.awk" |
		sed -n 's/^\(not \)\{0,1\}ok [0-9]*.*/\1ok/p' | xargs
}
exits() { # STATUS LINE...
	printf '%s\n' "${@:2}" | awk -v subjects="one two" -f "$top/tests/vm/results.awk" >/dev/null
	[ $? = "$1" ]
}
ONE=("VM-BEGIN one" "ok 1 - a" "ok 2 - b # SKIP c" "1..2" "VM-END one 0 5")
TWO=("VM-BEGIN two" "noise" "ok 1 - a" "1..1" "VM-END two 0 5")

is "all is well" "$(results "${ONE[@]}" "${TWO[@]}" VM-DONE)" "ok ok ok ok ok ok"
check "which exits 0" exits 0 "${ONE[@]}" "${TWO[@]}" VM-DONE
is "numbers go on, names are told" "$(printf '%s\n' "${ONE[@]}" | awk -v n=3 -f "$top/tests/vm/results.awk" | sed 2q | tr '\n' ,)" \
	"ok 4 - one: a,ok 5 - one: b # SKIP c,"
is "no end of the VM" "$(results "${ONE[@]}" "${TWO[@]}")" "ok ok ok ok ok not ok"
check "which exits 1" exits 1 "${ONE[@]}" "${TWO[@]}"
is "a subject that never came" "$(results "${ONE[@]}" VM-DONE)" "ok ok ok not ok ok"
is "a subject without an end" "$(results "${ONE[@]}" "${TWO[@]:0:3}")" "ok ok ok ok not ok not ok"
is "another one begins meanwhile" "$(results "${ONE[@]:0:2}" "${TWO[@]}" VM-DONE)" "ok not ok ok ok ok"
is "no plan" "$(results "${ONE[@]}" "VM-BEGIN two" "ok 1 - a" "VM-END two 0 5" VM-DONE)" "ok ok ok ok not ok ok"
is "fewer than planned" "$(results "${ONE[@]}" "VM-BEGIN two" "ok 1 - a" "1..2" "VM-END two 0 5" VM-DONE)" "ok ok ok ok not ok ok"
is "a failure" "$(results "${ONE[@]}" "VM-BEGIN two" "not ok 1 - a" "1..1" "VM-END two 1 5" VM-DONE)" "ok ok ok not ok ok ok"
is "killed by its limit of time" "$(results "${ONE[@]}" "VM-BEGIN two" "ok 1 - a" "1..1" "VM-END two 124 5" VM-DONE)" "ok ok ok ok not ok ok"
is "nothing at all" "$(results "")" "not ok not ok not ok"
is "a subject that cannot run" "$(results "${ONE[@]}" "VM-BEGIN two" "1..0 # SKIP why" "VM-END two 0 5" VM-DONE)" "ok ok ok ok ok ok"
done_testing
