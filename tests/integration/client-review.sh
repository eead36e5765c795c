#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl review: one question per open call, each answer kept at once, left and taken up again;
# from a pipe, and in a terminal.
. "${srcdir:?}/tests/integration/client-lib.sh"
. "$srcdir/tests/lib/terminal.sh"

"$builddir/tests/integration/make-ledger" "$work/ledger.db" review || exit 99
dir=$work/workloads.d
conf=$dir/docker:app.conf
file=$work/p.json
printf '{"defaultAction": "SCMP_ACT_LOG",\n "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],\n' >"$file"
printf ' "syscalls": [\n  {"names": ["read"], "action": "SCMP_ACT_ALLOW"}\n ]}\n' >>"$file"
words=(--ledger "$work/ledger.db" review docker:app --workloads-dir "$dir")

review() { # NAME CODE ANSWERS [ARGS...]: answers from a pipe
	local name=$1 code=$2 answers=$3
	shift 3
	printf "$answers" | "$ctl" "${words[@]}" "$@" >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -eq "$code" ]
	result $? "$name"
}

decided() { # the sections and answers of the file, in one line
	sed -n 's/^\[decision \(.*\)\]/\1/p; s/^Answer=//p' "$conf" 2>/dev/null | tr '\n' ' '
}

# ---- what is asked
review "left at once" 1 'q\n'
has "a question for each open call" '^\[1/4\] ptrace, high risk$'
has "with the evidence" '^    2 records on x86_64, answered SCMP_ACT_LOG$'
has "for each architecture" '^    1 record on i386, answered SCMP_ACT_LOG$'
has "its makers, escaped" 'by /bin/ex\\x1B\\xFF \(co\\x0Amm'
has "the reason of the risk" 'reads and controls other processes'
has "and a proposal" 'Proposed: deny'
has "the end says what waits" '4 calls wait for a decision: ptrace, '
has "and how to go on" "^Next: seccompctl --ledger [^ ]*/ledger.db review .*docker:app"
plain "nothing harms a terminal"
[ ! -e "$conf" ]
result $? "nothing was decided"
review "no terminal and no answers" 2 ''
grep -q 'no terminal and has no answers' "$work/err"
result $? "which is said"

# ---- answers
review "Enter takes the proposal, and the reason offered" 1 '\n\nq\n'
is "and keeps it" "$(decided)" "ptrace deny "
grep -q '^Why=reviewed: high risk, [123] records\? up to ' "$conf"
result $? "with that reason"
review "what was decided is not asked again" 1 'e\nENOENTS\nEACCES\nit copes\nq\n'
has "and the next is" '^\[1/3\] mount, high risk'
grep -q 'errno=ENOENTS is no error' "$work/err"
result $? "an error that is none is told, and asked for again"
is "the answer is there" "$(decided)" "mount errno=EACCES ptrace deny "
review "skipped, viewed, mistyped" 1 's\nv\nx\nq\n'
has "all that is known" '^bpf, all that is known:'
grep -q 'type one of the letters' "$work/err"
result $? "a letter that is none is told"
is "nothing more is decided" "$(decided)" "mount errno=EACCES ptrace deny "
review "back, and another answer" 1 'a\ntests load one\nb\nd\nnot any more\nq\n'
has "shows the earlier one" 'Now: allow, decided by .*: tests load one'
is "which is replaced" "$(decided)" "init_module deny mount errno=EACCES ptrace deny "
review "cut off within an answer" 1 'i\nhal'
has "is said" 'Cut off here; what was answered is kept'
is "and decides nothing" "$(decided)" "init_module deny mount errno=EACCES ptrace deny "
review "the last one, and the patch into the file" 0 'i\nonly noise\nw\n' --profile "$file"
has "the summary" 'docker:app: 1 decided now, 4 in all. No call waits for a decision'
grep -q '"mount"\], "action": "SCMP_ACT_ERRNO", "errnoRet": 13' "$file" && grep -q '"mincore", "read"' "$file"
result $? "has what was decided, and what needs nobody"
[ "$(find "$work" -name 'p.json.bak-*' | wc -l)" -eq 1 ]
result $? "and the old one is kept"
review "nothing waits" 0 ''
has "and the gate comes next, or the patch" '^Next: seccompctl --ledger [^ ]* (gate|suggest) '

# ---- somebody else decides meanwhile
rm -rf "$dir"
mkfifo "$work/fifo"
"$ctl" "${words[@]}" <"$work/fifo" >"$work/out" 2>"$work/err" &
pid=$!
exec 9>"$work/fifo"
printf 'd\n' >&9
for ((i = 0; i < 200; i++)); do
	grep -q 'Why?' "$work/out" && break
	sleep 0.05
done
run --ledger "$work/ledger.db" decide docker:app ptrace allow --why 'gdb' --workloads-dir "$dir" >/dev/null
"$ctl" "${words[@]}" </dev/null >/dev/null 2>&1
printf 'no\nq\n' >&9
exec 9>&-
wait "$pid"
is "the other's answer stays" "$(decided)" "ptrace allow "
"$ctl" --ledger "$work/ledger.db" decide docker:app ptrace --revoke --workloads-dir "$dir" >/dev/null

# ---- killed
for signal in INT HUP TERM KILL; do
	rm -rf "$dir" "$work/out" # the last one's output is no sign of this one's
	"$ctl" "${words[@]}" <"$work/fifo" >"$work/out" 2>"$work/err" &
	pid=$!
	exec 9>"$work/fifo"
	printf 'd\nno\n' >&9
	for ((i = 0; i < 200; i++)); do
		grep -q '^\[2/4\]' "$work/out" && break
		sleep 0.05
	done
	kill -"$signal" "$pid"
	wait "$pid" 2>/dev/null
	status=$?
	exec 9>&-
	is "SIG$signal loses no answer" "$(decided)" "ptrace deny "
	[ "$signal" = KILL ] || [ "$status" -eq 1 ]
	result $? "and SIG$signal ends it well"
done

# ---- in a terminal
if ! command -v tmux >/dev/null; then
	skip "in a terminal" "no tmux"
	done_testing
	exit
fi
rm -rf "$dir"
keys() { # NAME PATTERN KEYS...: typed, and what then stands there
	local name=$1 pattern=$2
	shift 2
	terminal_type "$@" && terminal_shows "$pattern"
	result $? "$name"
}
session() { # TERM
	terminal_begin "$work" "$1" "$work/out" && terminal_run "$ctl" "${words[@]}"
}
session dumb
terminal_shows '^\[1/4\] ptrace'
result $? "a dumb terminal is asked"
keys "deny" 'Why\?' d Enter
keys "with a reason" '^\[2/4\] mount' 'no debugger' Enter
keys "Ctrl-C leaves" 'code=1' C-c
has "with what is kept said" 'Cut off here'
terminal_end
is "the answer is there" "$(decided)" "ptrace deny "
session screen
terminal_shows '^\[1/3\] mount'
result $? "another terminal goes on there"
keys "skip" '^\[2/3\] init_module' s Enter
keys "back" '^\[1/3\] mount.*' b Enter
keys "quit" 'code=1' q Enter
terminal_run "$ctl" "${words[@]}"
terminal_shows '^\[1/3\] mount'
terminal_end
is "a line that breaks loses nothing" "$(decided)" "ptrace deny "
done_testing
