#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl promote and demote: what changes along, what is refused, what is kept, and the way back.
. "${srcdir:?}/tests/integration/client-lib.sh"

"$builddir/tests/integration/make-ledger" "$work/ledger.db" complete || exit 99
dir=$work/workloads.d
file=$work/p.json

# A runc that says which it is, and no other: the host's own is no part of these tests.
mkdir "$work/bin"
printf '#!/bin/sh\necho "runc version 1.1.5"\necho "libseccomp: 2.5.4"\n' >"$work/bin/runc"
printf '#!/bin/sh\necho "crun version 1.8.1"\n' >"$work/bin/crun"
chmod +x "$work/bin/runc" "$work/bin/crun"
PATH=$work/bin:$PATH

fresh() { # DEFAULT [NAMES]: a new profile without a history
	rm -rf "$dir"
	cat >"$file" <<-END
		{
		  "defaultAction": "SCMP_ACT_$1",
		  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
		  "syscalls": [
		    {"names": [${2:-"\"read\", \"mincore\""}], "action": "SCMP_ACT_ALLOW"}
		  ]
		}
	END
	cp "$file" "$work/original.json"
}

promote() { # NAME CODE ARGS...
	local name=$1 code=$2
	shift 2
	exits "$name" "$code" --ledger "$work/ledger.db" promote "$@" --workloads-dir "$dir"
}

demote() { # NAME CODE ARGS...
	local name=$1 code=$2
	shift 2
	exits "$name" "$code" --ledger "$work/ledger.db" demote "$@" --workloads-dir "$dir"
}

same() { # NAME A B
	cmp -s "$2" "$3"
	result $? "$1"
}

lacks() { # NAME PATTERN
	! grep -qE -- "$2" "$work/out"
	result $? "$1"
}

field() { # KEY: of the summary
	sed -n '$p' "$work/out" | jq -r --arg key "$1" '.[$key]'
}

# ---- the gate and the preflight stand in the way
fresh LOG
promote "an unknown gate is no promotion" 5 podman:web --to errno --profile "$file"
has "it says why" 'Not promoted: nobody can know yet'
has "with the criteria" '^complete +unknown'
lacks "and prints no profile" '^[-+]'
same "and changes nothing" "$file" "$work/original.json"
[ ! -e "$dir" ]
result $? "not even the history"
fresh LOG '"read"'
promote "a call that would be refused is told" 5 podman:web --to errno --profile "$file"
has "by its name" 'mincore \(x86_64, number 27\), 2 records: SCMP_ACT_ERRNO'
has "with the next command" 'Next: seccompctl suggest podman:web --profile '
promote "a stage left out is told" 5 podman:web --to kill --profile "$file"
has "in a sentence" 'stage errno was left out'

# ---- what changes along
fresh LOG
promote "by force it is printed" 0 podman:web --to errno --profile "$file" --force
has "the default with its errno" '^\+ +"defaultErrnoRet": 1,$'
has "both flags" '^\+ +"SECCOMP_FILTER_FLAG_SPEC_ALLOW"'
has "ENOSYS for calls that programs try" '^\+ .*"clone3".*"errnoRet": 38'
has "and the proof" '^Proof: both filters were run'
same "the file is only read" "$file" "$work/original.json"
promote "the diff alone" 0 podman:web --to errno --profile "$file" --force --output diff
if command -v patch >/dev/null; then
	patch -s "$file" "$work/out"
	promote "is one that patch takes" 0 podman:web --to errno --profile "$file"
	has "to the end" 'nothing changes'
else
	skip "is one that patch takes" "no patch"
fi
fresh LOG
promote "the profile alone" 0 podman:web --to errno --profile "$file" --force --output profile
cp "$work/out" "$work/errno.json"
promote "is what -o writes" 0 podman:web --to errno --profile "$file" --force -o "$work/o.json"
fails "-o never replaces the ledger" 2 'would replace the ledger: nothing was written' --ledger "$work/ledger.db" \
	promote podman:web --to errno --profile "$file" --force -o "$work/ledger.db"
same "to the byte" "$work/errno.json" "$work/o.json"
promote "a second time nothing changes" 0 podman:web --to errno --profile "$work/errno.json"
has "and that is said" 'nothing changes'
promote "old runc makes the stage blind" 0 docker:web --to errno --profile "$file" --force --json
if command -v jq >/dev/null; then
	is "and the summary says so" "$(field blind)" true
	is "and what the gate said" "$(field gate)" unknown
	is "and that it was forced" "$(field forced)" true
else
	skip "and the summary says so" "no jq"
fi
grep -q '"check":"flags".*replica' "$work/out"
result $? "and offers a replica at stage log"
promote "newer runc gets the flags" 0 docker:web --to errno --profile "$file" --force --runtime-version 1.2.0
has "as crun does" '^\+ +"SECCOMP_FILTER_FLAG_LOG"'
promote "the errno that was asked for" 0 podman:web --to errno --profile "$file" --force --errno ENOSYS
has "stands there" '^\+ +"defaultErrnoRet": 38'
fresh ERRNO
promote "the way in needs no gate" 0 docker:hidden --to log --profile "$file"
has "it logs" '^\+ +"defaultAction": "SCMP_ACT_LOG"'
has "and still refuses what reaches the host" '^\+ .*"reboot".*SCMP_ACT_ERRNO'
promote "kill ends the process" 0 docker:hidden --to kill --profile "$file" --force --diff
has "by its right name" '^\+ +"defaultAction": "SCMP_ACT_KILL_PROCESS"'
promote "and why, in whole sentences" 0 docker:hidden --to kill --profile "$file" --force --runtime-version 1.2.0
has "of the process and of the errno" 'KILL_PROCESS, which ends the whole process: .* wrote code for; its errno goes, since'

# ---- without a file
promote "what a container runs under becomes a file" 0 podman:wider --to errno --force --output profile
has "in a readable form" '^	"defaultAction": "SCMP_ACT_ERRNO",$'
fails "when it is known" 3 'name its file with --profile' --ledger "$work/ledger.db" promote podman:fits \
	--to log --workloads-dir "$dir"

# ---- a part of a larger file
printf '{"ociVersion": "1.0.2",\n "linux": {"seccomp": {"defaultAction": "SCMP_ACT_LOG",\n  "syscalls": [{"names": ["read", "mincore"], "action": "SCMP_ACT_ALLOW"}]}}}\n' >"$work/config.json"
promote "a part of a larger file" 0 podman:web --to errno --profile "$work/config.json" --at /linux/seccomp \
	--for oci --force -o "$work/config.out"
grep -q '^{"ociVersion": "1.0.2",$' "$work/config.out" && grep -q 'SCMP_ACT_ERRNO' "$work/config.out"
result $? "is all that changes"
fails "and must be there" 3 'nothing at /linux/nothing' --ledger "$work/ledger.db" promote podman:web --to errno \
	--profile "$work/config.json" --at /linux/nothing --workloads-dir "$dir"

# ---- kept, and back
fresh LOG
promote "applied" 0 podman:web --to errno --profile "$file" --force --apply --why 'rollout; #7'
same "the file is the next profile" "$file" "$work/errno.json"
conf=$dir/podman:web.conf
kept=$(find "$dir/podman:web.d" -name '*.json')
same "the one before is kept" "$kept" "$work/original.json"
grep -qx 'Forced=yes' "$conf" && grep -qx 'Gate=unknown' "$conf" && grep -qx 'From=log' "$conf" &&
	grep -qx 'Why=rollout\\x3b \\x237' "$conf" && grep -qx "Profile=$file" "$conf"
result $? "with who, why, and by force"
demote "the way back is shown" 0 podman:web
has "as a diff" '^\+ +"defaultAction": "SCMP_ACT_LOG"'
printf '\n[decision bpf]\n# a comment\nAnswer=deny\n' >>"$conf"
mv "$work/ledger.db" "$work/gone.db"
demote "and gone, without a ledger" 0 podman:web --apply
mv "$work/gone.db" "$work/ledger.db"
same "to the original, byte for byte" "$file" "$work/original.json"
grep -qx 'Answer=deny' "$conf" && grep -qx '# a comment' "$conf"
result $? "sections and comments of others stay"
demote "no further" 1 podman:web
grep -q 'no profile is kept' "$work/err"
result $? "which is said"
promote "forward again" 0 podman:web --to errno --profile "$file" --force --apply
promote "and one stage more" 0 podman:web --to kill --profile "$file" --force --apply
demote "back by two" 0 podman:web --to log --apply --json
same "to the original" "$file" "$work/original.json"
demote "and there is nothing left to take back" 1 podman:web
promote "applied where nothing changes" 0 podman:web --to log --profile "$file" --apply
is "leaves no trace" "$(find "$dir/podman:web.d" -name '*.json' | wc -l)" 5

# ---- changed since
fresh LOG
promote "applied once more" 0 podman:web --to errno --profile "$file" --force --apply
sed -i 's/"read"/"read", "write"/' "$file"
demote "a patch made since would be lost" 1 podman:web --apply
grep -q 'promote podman:web --to log --profile' "$work/err"
result $? "and how to keep it is said"
demote "unless that is wanted" 0 podman:web --apply --force
same "then it is the original" "$file" "$work/original.json"

# ---- every sample: forward and back is the same file
samples=$srcdir/../shared/data/profiles
if [ -d "$samples" ]; then
	tried=0
	wrong=
	for sample in "$samples"/*.json; do
		for to in log errno kill; do
			rm -rf "$dir"
			cp "$sample" "$file"
			chmod u+w "$file"
			run --ledger "$work/ledger.db" promote podman:web --to $to --profile "$file" --for docker \
				--force --apply --workloads-dir "$dir"
			[ "$status" -eq 0 ] || continue
			cmp -s "$file" "$sample" && continue
			tried=$((tried + 1))
			run --ledger "$work/ledger.db" demote podman:web --apply --workloads-dir "$dir"
			cmp -s "$file" "$sample" || wrong="$wrong ${sample##*/}:$to"
		done
	done
	is "forward and back is the same file, for every sample" "$wrong" ""
	[ "$tried" -ge 20 ]
	result $? "and there were enough of them"
else
	skip "forward and back is the same file, for every sample" "no samples"
fi

# ---- a history that people edited
fresh LOG
promote "a history to spoil" 0 podman:web --to errno --profile "$file" --force --apply
printf 'rubbish\n[stage tomorrow]\nFrom=log\n' >>"$conf"
demote "a mistake hides nothing else" 0 podman:web
grep -q "podman:web.conf:[0-9]*: neither a \[section\]" "$work/err" &&
	grep -q "podman:web.conf:[0-9]*: \[stage tomorrow\] has no time" "$work/err"
result $? "and is told with its line"
sed -i 's/^Name=.*/Name=podman:other/' "$conf"
fails "the file of another workload is not taken" 3 'the file of workload podman:other' \
	--ledger "$work/ledger.db" demote podman:web --workloads-dir "$dir"
fresh LOG
promote "a kept profile to spoil" 0 podman:web --to errno --profile "$file" --force --apply
echo '{}' >"$(find "$dir/podman:web.d" -name '*.json')"
fails "one that was changed is not put back" 3 'is not what was kept there' \
	--ledger "$work/ledger.db" demote podman:web --workloads-dir "$dir"

# ---- a profile that cannot be changed leaves no step behind
fresh LOG
ln "$file" "$work/second-name.json"
promote "a file with two names is not changed" 3 podman:web --to errno --profile "$file" --force --apply
rm "$work/second-name.json"
same "at all" "$file" "$work/original.json"
is "and no step is left" "$(grep -c '^\[stage ' "$conf") $(find "$dir" -name '*.json' | wc -l)" "0 0"
promote "then it can be" 0 podman:web --to errno --profile "$file" --force --apply
is "with nothing left beside it" "$(find "$work" -maxdepth 1 -name 'p.json?*')" ""

# ---- two at once
if command -v flock >/dev/null; then
	flock "$dir/podman:web.d" "$ctl" --ledger "$work/ledger.db" promote podman:web --to log --profile "$file" \
		--apply --workloads-dir "$dir" >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -eq 3 ] && grep -q 'another seccompctl' "$work/err"
	result $? "two cannot change one workload at once"
else
	skip "two cannot change one workload at once" "no flock"
fi

fresh LOG
pids=
for ((i = 0; i < 6; i++)); do
	"$ctl" --ledger "$work/ledger.db" promote podman:web --to errno --profile "$file" --force --apply \
		--workloads-dir "$dir" >"$work/out.$i" 2>"$work/err.$i" &
	pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
same "of many at once the file is whole" "$file" "$work/errno.json"
is "and one has done it" "$(grep -l '^Written' "$work"/out.* | wc -l)" 1
is "with one step in the history" "$(grep -c '^\[stage ' "$conf")" 1
demote "that leads back" 0 podman:web --apply
same "to the original, as ever" "$file" "$work/original.json"

# ---- the history has an end
fresh LOG
for ((i = 0; i < 10; i++)); do
	run --ledger "$work/ledger.db" promote podman:web --to errno --profile "$file" --force --apply --workloads-dir "$dir"
	run --ledger "$work/ledger.db" demote podman:web --apply --workloads-dir "$dir"
done
is "the oldest steps go" "$(grep -c '^\[stage ' "$conf")" 16
is "with what was kept of them" "$(find "$dir/podman:web.d" -name '*.json' | wc -l)" 16

# ---- where it is kept
printf '[seccompd]\nWorkloadsDir=%s\n' "$work/elsewhere" >"$work/c.conf"
exits "the configuration says where" 0 --config "$work/c.conf" --ledger "$work/ledger.db" promote podman:web \
	--to errno --profile "$file" --force --apply
[ -e "$work/elsewhere/podman:web.conf" ]
result $? "and it is there"

# ---- a stage that the records do not fit is not one
"$builddir/tests/integration/make-ledger" "$work/stages.db" stages || exit 99
exits "list holds stages against records" 0 --ledger "$work/stages.db" list
has "one that fits stays" '^podman:fitting .* log '
has "one that does not is none" '^podman:mixed .* other '
has "and is told" '^podman:mixed: its filter is at stage log, but 7 records show SCMP_ACT_ERRNO'
lacks "only that one" '^podman:fitting:'
exits "as JSON" 0 --ledger "$work/stages.db" list --json
has "too" "\"workload\":\"podman:mixed\".*\"stage\":\"other\""

# ---- bad use
c=(--ledger "$work/ledger.db")
fails "promote wants a stage" 2 '--to STAGE is missing' "${c[@]}" promote podman:web
fails "promote knows its stages" 2 'log, errno, kill or audit-all' "${c[@]}" promote podman:web --to trap
fails "promote wants a workload" 2 'name one workload' "${c[@]}" promote --to log
fails "an unknown workload" 2 'no workload' "${c[@]}" promote nobody --to log
fails "a host process has no profile" 2 "has no profile" "${c[@]}" promote host:/usr/bin/curl --to log
fails "an errno that is none" 2 'EPERM or ENOSYS' "${c[@]}" promote podman:web --to errno --errno EFOO
fails "a format that is none" 2 'report, diff, json or profile' "${c[@]}" promote podman:web --to log --output yaml
fails "what runs cannot be changed in place" 2 'name it with --profile' "${c[@]}" promote podman:web --to log --apply
fails "standard input neither" 2 'standard input' "${c[@]}" promote podman:web --to log --apply --profile -
fails "demote wants a workload" 2 'name one workload' "${c[@]}" demote
fails "demote knows its stages" 2 'log or errno' "${c[@]}" demote podman:web --to trap
echo '{"defaultAction":"SCMP_ACT_LOG",}' >"$work/bad.json"
fails "a profile that is wrong" 3 'bad.json:1:' "${c[@]}" promote podman:web --to errno --profile "$work/bad.json"
exits "--help of promote" 0 promote --help
exits "--help of demote" 0 demote --help
done_testing
