#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a terminal changes in the output: colours, how wide tables are, and a pager.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

ledger=$work/l.db
"${builddir:?}/tests/integration/make-ledger" "$ledger" complete || exit 99
command -v script >/dev/null || bail "no script(1)"
unset NO_COLOR COLUMNS SECCOMPCTL_PAGER SYSTEMD_PAGER PAGER SYSTEMD_LESS LESSSECURE
export TERM=xterm

on_terminal() { # COLUMNS ARGS...: as run, on a terminal that is so wide
	local words
	printf -v words '%q ' "$ctl" "${@:2}"
	timeout 20 script -qec "stty cols $1 -opost; exec $words" "$work/typescript" </dev/null >"$work/out" 2>"$work/err"
	status=$?
}
colored() { # NAME WANTED
	is "$1" "$(grep -q $'\x1b\\[[0-9]*m' "$work/out" && echo color || echo plain)" "$2"
}

export SECCOMPCTL_PAGER=
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
on_terminal 200 list --ledger "$ledger" --color=never
colored "never, behind the verb" plain
run list --color always --ledger "$ledger" --all
colored "always, among the verb's own options" color
fails "what is none of them, behind the verb" 2 'seccompctl: --color takes auto, always or never, not "red"' list --color red
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

# ---- decode's lines
for i in 1 22 333; do echo "type=SECCOMP msg=audit(1700000000.000:$i): auid=0 uid=0 gid=0 ses=1 pid=7 comm=\"a-long-name-for\" exe=\"/usr/lib/x86_64-linux-gnu/a/path/longer/x\" sig=0 arch=c000003e syscall=$((i % 300)) compat=0 ip=0x1 code=0x7ffc0000"; done >"$work/three"
run decode "$work/three"
is "in a pipe nothing is cut" "$(grep -c '^TIME  *SERIAL  *PID COMM  *EXE  *ARCH  *SYSCALL  *ACTION  *STATUS$\|a-long-name-for /usr/lib/.*/x x86_64 ' "$work/out")" 4
for columns in 200 130 100 80; do
	on_terminal $columns decode "$work/three"
	is "decode: $columns columns are enough" "$status $(sed '$d' "$work/out" | awk 'END { print NR }') $(test "$(sed '$d' "$work/out" | wc -L)" -le $columns && echo fits)" "0 4 fits"
	has "$columns columns: which call" ' pipe +SCMP_ACT_LOG '
done
sed 's/exe=[^ ]*/exe=bare/' "$work/three" >"$work/refused"
on_terminal 200 decode "$work/refused"
has "why a line is refused stands there whole" 'reject: exe= is neither .* nor [a-z ]+$'
on_terminal 20 decode "$work/three"
is "20 columns: none is left" "$(sed '$d' "$work/out" | wc -L)" 20
has "but the columns are below each other" '^SYSCALL: write$'
is "whole" "$(sed -n '/^EXE:$/,/^ARCH/{/^  /p}' "$work/out" | sed 's/^  //' | head -n 3 | paste -sd '' | cut -c 1-32)" /usr/lib/x86_64-linux-gnu/a/path

# ---- every verb on a narrow terminal: the same end as in a pipe, before long, and no table is wider
printf '{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/p.json"
printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","nonsense"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/q.json"
printf '[seccompd]\nWorkloadsDir=%s\n' "$work/workloads.d" >"$work/conf"
echo '1 read(3, "", 1) = 0' >"$work/strace"
mkdir "$work/fleet"
"$builddir/tests/integration/make-fleet" "$work/fleet" 2 2 2 || exit 99
"$ctl" merge "$work"/fleet/*.db --ledger "$work/fleet.db" >/dev/null 2>&1
cgroup=/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope
while read -r -a words; do
	rm -rf "$work/new.db"* "$work/workloads.d"
	run --config "$work/conf" --color=never "${words[@]}" </dev/null
	code=$status
	rm -rf "$work/new.db"* "$work/workloads.d"
	on_terminal 20 --config "$work/conf" --color=never "${words[@]}"
	check "20 columns: ${words[*]:0:2} ends the same" test "$status" -eq "$code"
done <<END
status --ledger $ledger
list --all --ledger $ledger
list --ledger $work/fleet.db
show docker:web --ledger $ledger
show docker:app-1 --hosts --ledger $work/fleet.db
gate docker:web --to errno --ledger $ledger
suggest docker:web --profile $work/p.json --ledger $ledger
decide docker:web ptrace deny --why no --ledger $ledger
decide docker:web --list --ledger $ledger
promote docker:web --to errno --profile $work/p.json --ledger $ledger
demote docker:web --ledger $ledger
diff $work/p.json $work/q.json
diff $work/p.json $work/q.json --observed docker:web --ledger $ledger
lint $work/q.json --for docker
explain docker:web --ledger $ledger
explain --syscall ptrace
doctor --ledger $ledger
identify --cgroup $cgroup
report -o $work/page.html --ledger $ledger
replay $work/three --as docker:x --ledger $work/new.db
import --strace $work/strace --workload docker:x --ledger $work/new.db
merge $work/fleet/1.db $work/fleet/2.db --ledger $work/new.db
top -b -n 1 --ledger $work/fleet.db
decode --summary $work/three
END

on_terminal 20 --config "$work/conf" --ledger "$ledger" --color=never review docker:web --profile "$work/p.json"
has "20 columns: review asks" '^\[1/[0-9]+\] '
for verb in 'gate docker:web --to errno' 'show docker:web' 'list --all'; do
	# shellcheck disable=SC2086
	on_terminal 20 --config "$work/conf" --ledger "$ledger" --color=never $verb
	is "20 columns: no line of $verb's table is wider" \
		"$(grep -E '^ |^[A-Z-]{3,}( [A-Z]+)?:' "$work/out" | awk 'length > 20' | grep -vE '^  [a-z]|^ *[0-9]')" ""
done

# ---- a pager
export SYSTEMD_PAGER="tr a-z A-Z; env >$work/env"
gate=(--ledger "$ledger" gate docker:web --to errno)
run "${gate[@]}"
code=$status
check "a verb with an exit code of its own" test "$code" -ne 0
on_terminal 80 "${gate[@]}"
check "an empty variable wants no pager" test ! -e "$work/env"
unset SECCOMPCTL_PAGER
on_terminal 80 "${gate[@]}"
has "a pager, a command of the shell" 'THE APPLIED FILTER'
has "it gets the verb's text" 'GRACEFUL-STOPS'
is "the exit code is the verb's" "$status" "$code"
is "less gets its options, and runs no commands" "$(grep -E '^LESS(SECURE)?=' "$work/env" | sort | xargs)" "LESS=FRXMK LESSSECURE=1"
rm -f "$work/env"
on_terminal 80 --no-pager "${gate[@]}"
has "--no-pager" 'graceful-stops'
on_terminal 80 gate docker:web --ledger "$ledger" --no-pager --to errno
has "--no-pager, among the verb's own options" 'graceful-stops'
TERM=dumb on_terminal 80 "${gate[@]}"
has "nor on a terminal that can do nothing" 'graceful-stops'
run "${gate[@]}"
has "nor in a pipe" 'graceful-stops'
check "none was run" test ! -e "$work/env"
on_terminal 80 --ledger "$ledger" show docker:none
has "a complaint stands in the pager, too" 'DOCKER:NONE'
is "with its exit code" "$status" "$(run --ledger "$ledger" show docker:none; echo "$status")"
SYSTEMD_PAGER=/nonexistent/pager on_terminal 80 "${gate[@]}"
has "a pager that there is not hides nothing" 'graceful-stops'
is "and changes no exit code" "$status" "$code"
# More than a pipe holds, and a pager that leaves at once.
for i in {1..4000}; do echo "type=SECCOMP msg=audit(1700000000.000:$i): auid=0 uid=0 gid=0 ses=1 pid=7 comm=\"x\" exe=\"/bin/x\" sig=0 arch=c000003e syscall=$((i % 300)) compat=0 ip=0x1 code=0x7ffc0000"; done >"$work/log"
"$ctl" replay "$work/log" --ledger "$work/long.db" --as docker:long >/dev/null 2>&1
long=(--ledger "$work/long.db" show docker:long --json)
run "${long[@]}"
check "there is much to show" test "$(wc -c <"$work/out")" -gt 66000
code=$status
SYSTEMD_PAGER=true on_terminal 80 "${long[@]}"
is "whoever leaves early gets the same exit code" "$status $(wc -c <"$work/out")" "$code 0"
done_testing
