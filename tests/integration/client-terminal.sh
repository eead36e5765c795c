#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a terminal changes in the output: colours, and how wide tables are.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

ledger=$work/l.db
"${builddir:?}/tests/integration/make-ledger" "$ledger" complete || exit 99
command -v script >/dev/null || bail "no script(1)"
unset NO_COLOR COLUMNS

on_terminal() { # COLUMNS ARGS...: as run, on a terminal that is so wide
	local words
	printf -v words '%q ' "$ctl" "${@:2}"
	timeout 20 script -qec "stty cols $1 -opost; exec $words" "$work/typescript" </dev/null >"$work/out" 2>"$work/err"
	status=$?
}
colored() { # NAME WANTED
	is "$1" "$(grep -q $'\x1b\\[[0-9]*m' "$work/out" && echo color || echo plain)" "$2"
}

# ---- colours
on_terminal 200 --ledger "$ledger" list
is "a verb runs on a terminal" "$status" 0
colored "colours on a terminal" color
on_terminal 200 --ledger "$ledger" --color=never list
colored "never" plain
NO_COLOR=1 on_terminal 200 --ledger "$ledger" list
colored "NO_COLOR" plain
NO_COLOR=1 on_terminal 200 --ledger "$ledger" --color auto list
colored "auto heeds it" plain
run --ledger "$ledger" --color=auto list
colored "no colours in a pipe" plain
NO_COLOR=1 run --ledger "$ledger" --color=always list
colored "always" color
run --ledger "$ledger" --color=always list --json
colored "but not in JSON" plain
fails "what is none of them" 2 '--color takes auto, always or never, not "red"' --color=red list

# ---- tables, as wide as the terminal
export LC_ALL=C.UTF-8
widest() { # of the table, which ends before the empty line and the sentences
	sed "${1:-1,/^\$/!d}" "$work/out" | wc -L
}
run --ledger "$ledger" show docker:web
cp "$work/out" "$work/whole"
table='/^ARCH/,/^$/!d'
on_terminal 200 --ledger "$ledger" --color=never show docker:web
is "200 columns have room for all" "$(cat "$work/out")" "$(cat "$work/whole")"
on_terminal 80 --ledger "$ledger" --color=never show docker:web
check "80 columns: none is left" test "$(widest "$table")" -le 80 -a "$(widest "$table")" -gt 60
has "80 columns: text gives way" '…'
is "80 columns: no number does" "$(sed "$table" "$work/out" | awk 'NR > 1 && NF { print $3, $8 }')" \
	"$(sed "$table" "$work/whole" | awk 'NR > 1 && NF { print $3, $8 }')"
on_terminal 20 --ledger "$ledger" --color=never list
check "20 columns: none is left" test "$(sed '/^1 host/,$d' "$work/out" | wc -L)" -le 20
has "20 columns: the columns are below each other" '^WORKLOAD: docker:web$'
COLUMNS=20 on_terminal 200 --ledger "$ledger" --color=never list
has "COLUMNS is stronger" '^WORKLOAD: docker:web$'
COLUMNS=20 run --ledger "$ledger" show docker:web
is "in a pipe nothing is cut" "$(cat "$work/out")" "$(cat "$work/whole")"
done_testing
