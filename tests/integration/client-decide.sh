#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl decide: what is kept and how, what is refused, and what suggest, show, gate and promote
# make of it.
. "${srcdir:?}/tests/integration/client-lib.sh"
command -v jq >/dev/null || skip_all "needs jq"

"$builddir/tests/integration/make-ledger" "$work/ledger.db" complete || exit 99
dir=$work/workloads.d
conf=$dir/podman:risky.conf
file=$work/p.json
export SUDO_USER=nobody # where nobody logged in, as in a test

printf '{"defaultAction": "SCMP_ACT_LOG",\n "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],\n' >"$file"
printf ' "syscalls": [\n  {"names": ["read"], "action": "SCMP_ACT_ALLOW"}\n ]}\n' >>"$file"

verb() { # NAME CODE ARGS...: the verb's words, with ledger and folder
	local name=$1 code=$2
	shift 2
	exits "$name" "$code" --ledger "$work/ledger.db" "$@" --workloads-dir "$dir"
}

refused() { # NAME CODE PATTERN ARGS...: and nothing was written
	local name=$1 code=$2 pattern=$3
	shift 3
	fails "$name" "$code" "$pattern" --ledger "$work/ledger.db" decide "$@" --workloads-dir "$dir"
}

fields() { # PATH...: of the first line of the output; null for one below null
	head -n 1 "$work/out" | jq -r '[getpath($ARGS.positional[] | split("."))] | map(tostring) | join(" ")' --args "$@"
}

# ---- bad input leaves nothing behind
refused "no reason, no decision" 2 'why TEXT is missing' podman:risky ptrace deny
refused "blanks are none" 2 'why TEXT is missing' podman:risky ptrace deny --why '  '
refused "a book is none" 2 'longer than' podman:risky ptrace deny --why "$(printf 'x%.0s' {1..300})"
refused "an unknown call" 2 'there is no system call "ptrice"' podman:risky ptrice deny --why x
refused "one that the architecture lacks" 2 'no system call arch_prctl on aarch64' podman:risky \
	arch_prctl:aarch64 deny --why x
refused "an unknown architecture" 2 'vax is no architecture' podman:risky ptrace:vax deny --why x
refused "an unknown answer" 2 'perhaps is no decision' podman:risky ptrace perhaps --why x
refused "an unknown errno" 2 'EFOO is no error' podman:risky ptrace errno=EFOO --why x
refused "an answer is missing" 2 'are needed' podman:risky ptrace --why x
refused "a date that is none" 2 'takes a date' podman:risky ptrace deny --why x --until tomorrow
refused "a day that there is not" 2 'takes a date' podman:risky ptrace deny --why x --until 2099-02-30
refused "a day that is over" 2 'in the past' podman:risky ptrace deny --why x --until 2020-01-01
refused "an unknown workload" 2 'no workload' nobody ptrace deny --why x
refused "a process of the host" 2 'has no profile' host:/usr/bin/curl mincore deny --why x
refused "listing and deciding" 2 'stands alone' podman:risky --list --why x
refused "no workload" 2 'name one workload' --list
[ ! -e "$dir" ]
result $? "nothing of that was written"
exits "--help" 0 decide --help

# ---- kept
verb "deny" 0 decide risky ptrace deny --why 'no debugger in production; see #7'
has "is told with its file" "^podman:risky: ptrace: deny, in $conf\.$"
grep -qx '\[decision ptrace\]' "$conf" && grep -qx 'Answer=deny' "$conf" && grep -qx 'User=nobody' "$conf" &&
	grep -qE '^Time=[0-9-]{10}T.*Z$' "$conf" && grep -qx 'Why=no debugger in production\\x3b see \\x237' "$conf" &&
	grep -qx 'Name=podman:risky' "$conf"
result $? "is kept with who, when and why"
verb "another" 0 decide podman:risky bpf:i386 errno=1 --why 'no tracing' --until 2099-12-31
verb "changed" 0 decide podman:risky ptrace allow --why 'a debugger after all'
has "tells what it was" 'ptrace: allow \(before: deny, decided by nobody: no debugger'
is "one section for a call" "$(grep -c '^\[decision' "$conf")" 2
verb "the list" 0 decide podman:risky --list
has "has both" '^bpf:i386 +errno=EPERM +2099-12-31 +nobody +[0-9]+ s ago +no tracing$'
has "in order" '^ptrace +allow +- '
verb "as JSON" 0 decide podman:risky --list --json
has_keys "with its keys" 1 "workload syscall arch answer errno user time until why holds file line"
is "and values" "$(fields arch errno until holds)" "i386 EPERM 2099-12-31 true"
mv "$work/ledger.db" "$work/gone.db"
verb "they outlive the ledger" 0 decide podman:risky --list
mv "$work/gone.db" "$work/ledger.db"
verb "revoked" 0 decide podman:risky bpf:i386 --revoke
verb "but once" 1 decide podman:risky bpf:i386 --revoke
grep -q 'nothing to revoke' "$work/err"
result $? "which is said"
verb "nothing decided" 0 decide podman:web --list
has "is said" '^Nothing was decided on podman:web'

# ---- suggest
rm -rf "$dir"
verb "high risk is not offered" 1 suggest podman:risky --profile "$file" --json
is "but open" "$(fields advice open decision)" "review true null"
verb "allow" 0 decide podman:risky ptrace allow --why 'a debugger'
verb "is offered then" 1 suggest podman:risky --profile "$file" --json
is "by whose word" "$(fields advice offered decision.answer decision.user)" \
	"allow true allow nobody"
verb "and in the report" 1 suggest podman:risky --profile "$file"
has "with the reason" 'decided by nobody: a debugger'
has "and proved" 'Newly allowed: ptrace \(x86_64, i386\)'
verb "deny" 0 decide podman:risky ptrace deny --why 'no'
verb "leaves nothing to do" 0 suggest podman:risky --profile "$file" --json
is "and is told" "$(fields advice open)" "keep-denied false"
verb "errno" 0 decide podman:risky ptrace errno=EACCES --why 'it copes'
verb "is a rule" 1 suggest podman:risky --profile "$file" --output profile
has "with that errno" '"ptrace".*"errnoRet": 13'
verb "ignore" 0 decide podman:risky ptrace ignore --why 'noise'
verb "asks nobody" 0 suggest podman:risky --profile "$file"
verb "show has it" 0 show podman:risky
has "as a column" 'ptrace .* high +ignore '
verb "for programs" 0 show podman:risky --json
is "too" "$(fields decision.answer)" ignore

# ---- the gate counts what is open
verb "the gate" 5 gate docker:web --to errno
has "misses a decision" '^decided +1 .* not-ready'
verb "which is made" 0 decide docker:web ptrace ignore --why 'noise'
verb "the gate again" 5 gate docker:web --to errno
has "has nothing undecided" '^decided +0 .* ready'

# ---- promote
verb "an errno for the next stage" 0 decide podman:risky ptrace errno=EACCES --why 'it copes'
verb "goes along" 0 promote podman:risky --to errno --profile "$file" --force --output profile
has "as a rule" '"names": \["ptrace"\].*"errnoRet": 13'
verb "in the report" 5 promote podman:risky --to errno --profile "$file"
has "it is told" 'calls get the errno that was decided for them: ptrace \(EACCES\)'
has "and speaks not against it" '1 of the calls that were seen will be refused, as was decided'
! grep -q 'What speaks against it' "$work/out"
result $? "at all"
verb "to kill as well" 0 promote podman:risky --to kill --profile "$file" --force --output profile
has "so that it lives" '"names": \["ptrace"\].*"errnoRet": 13'
verb "a promotion applied" 0 promote podman:risky --to errno --profile "$file" --force --apply
grep -q '^\[stage ' "$conf" && grep -qx '\[decision ptrace\]' "$conf"
result $? "keeps decisions"
verb "deciding" 0 decide podman:risky bpf deny --why no
is "keeps stages, and the order" "$(grep '^\[' "$conf" | cut -d' ' -f1,2 | sed 's/stage .*/stage/' | tr '\n' ' ')" \
	"[workload] [decision bpf] [decision ptrace] [stage "

# ---- edited by hand
cat >"$conf" <<-'END'
	# reviewed in spring
	[workload]
	Name=podman:risky

	# the exporter
	[decision ptrace]
	Answer=allow
	Why=it asks
	[decision bpf]
	Answer=perhaps
	Why=hm
	rubbish
	[decision mount]
	Answer=deny
	Why=never
	Until=2001-02-03
END
verb "a file with mistakes" 1 decide podman:risky --list
grep -q "risky.conf:10: perhaps is no decision" "$work/err" && grep -q "risky.conf:12: neither a" "$work/err" &&
	grep -q "risky.conf:13: the decision on mount (deny) held until 2001-02-03, and holds no more" "$work/err"
result $? "tells each with its line"
has "and the rest holds" '^ptrace +allow'
has "also what is over is listed" '^mount +deny +2001-02-03 \(over\)'
verb "suggest" 1 suggest podman:risky --profile "$file" --json
grep -q "risky.conf:10:" "$work/err"
result $? "tells them as well"
is "and follows the rest" "$(fields decision.answer)" allow
cp "$conf" "$work/before"
verb "one more" 0 decide podman:risky mkdir deny --why x
diff "$work/before" "$conf" | grep '^<' >"$work/out"
[ ! -s "$work/out" ]
result $? "changes no line that was there"
cp "$conf" "$work/before"
sed -i 's/^Name=.*/Name=podman:other/' "$conf"
fails "another workload's file is not taken" 3 'the file of workload podman:other' --ledger "$work/ledger.db" \
	suggest podman:risky --profile "$file" --workloads-dir "$dir"
cp "$work/before" "$conf"

# ---- many at once
calls=(acct bpf chroot kexec_load mount pivot_root ptrace reboot swapon swapoff umount2 userfaultfd)
rm -rf "$dir"
pids=
for call in "${calls[@]}"; do
	"$ctl" --ledger "$work/ledger.db" decide podman:web "$call" deny --why "$call" --workloads-dir "$dir" \
		>/dev/null 2>>"$work/many" &
	pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
is "of many at once none is lost" "$(grep -c '^\[decision' "$dir/podman:web.conf")" "${#calls[@]}"
is "and none complains" "$(cat "$work/many")" ""

# ---- nowhere to write
if [ "$(id -u)" -eq 0 ] && mkdir "$work/small" && mount -t tmpfs -o size=64k,mode=755 tmpfs "$work/small" 2>/dev/null; then
	dir=$work/small/w
	verb "on a small disk" 0 decide podman:web ptrace deny --why first
	cp "$dir/podman:web.conf" "$work/before"
	cat /dev/zero >"$work/small/full" 2>/dev/null
	refused "a full disk" 3 'No space left' podman:web bpf deny --why second
	cmp -s "$work/before" "$dir/podman:web.conf"
	result $? "loses nothing"
	is "and leaves nothing" "$(find "$dir" -type f | wc -l)" 1
	mount -o remount,ro "$work/small"
	refused "a read-only disk" 3 'Read-only file system' podman:web bpf deny --why third
	verb "is read all the same" 0 decide podman:web --list
	umount "$work/small"
else
	skip "on a full and on a read-only disk" "no tmpfs can be mounted here"
fi
done_testing
