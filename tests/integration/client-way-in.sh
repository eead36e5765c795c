#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl promote --to audit-all, suggest --new and --tighten, diff --observed: what is known, what
# is not, and bad input.
. "${srcdir:?}/tests/integration/client-lib.sh"
command -v jq >/dev/null || skip_all "needs jq"

"$builddir/tests/integration/make-ledger" "$work/ledger.db" audited || exit 99
cd "$work" || exit 99

# A runc that says which it is, and no other: the host's own is no part of these tests.
mkdir "$work/bin"
printf '#!/bin/sh\necho "runc version 1.1.5"\necho "libseccomp: 2.5.4"\n' >"$work/bin/runc"
chmod +x "$work/bin/runc"
PATH=$work/bin:$PATH

profile() { # FILE DEFAULT NAMES...
	local file=$1 default=$2 names
	shift 2
	names=$(printf '"%s", ' "$@")
	printf '{\n"defaultAction": "SCMP_ACT_%s",\n"architectures": ["SCMP_ARCH_X86_64"],\n"syscalls": [\n{"names": [%s], "action": "SCMP_ACT_ALLOW"}\n]\n}\n' \
		"$default" "${names%, }" >"$file"
}

summary() { # KEY: of the last line
	tail -n 1 out | jq -rc --arg key "$1" '.[$key] | if type == "array" then join(" ") else . end'
}

tool() { # NAME CODE ARGS...
	local name=$1 code=$2
	shift 2
	exits "$name" "$code" --ledger ledger.db "$@"
}

profile p.json ERRNO chmod clone execve mkdir mount rmdir write

# ---- tighten
tool "tighten: what nobody used" 1 suggest docker:tight --tighten --profile p.json
has "by risk" '^  Not used, of high risk:$'
has "what stays, with the reason" '^  Kept, since runc makes it between'
has "the patch" '^\+.*"clone", "execve", "mkdir", "write"'
has "the proof" '^Proved with libseccomp .* those 3 are not allowed'
has "how long was looked" '^The evidence: 1 run watched from the start and without a loss, 2 min together'
has "the next command" '^Next: the same with -o FILE, then docker run --security-opt seccomp=FILE'
plain "nothing harms a terminal"
tool "tighten: as JSON" 1 suggest docker:tight --tighten --profile p.json --json
is "the names that go" "$(summary newly_denied)" "chmod mount rmdir"
is "and the counts" "$(summary used) $(summary unused) $(summary kept) $(summary unknown)" "2 3 2 0"
has_keys "an object per name" 1 "syscall fate risk count reason"
tool "tighten: written" 1 suggest docker:tight --tighten --profile p.json -o t.json --output diff
is "to the file" "$(grep -c 'rmdir' t.json)" 0
tool "tighten: nothing left" 0 suggest docker:tight --tighten --profile t.json
cp p.json a.json
tool "tighten: in its place" 1 suggest docker:tight --tighten --profile a.json --apply
cmp -s a.json t.json
result $? "the same bytes"
has "the old one is kept" '^The old profile is kept as '

# ---- what nobody can know
profile few.json ERRNO mkdir rmdir execve
tool "what the filter allowed is not known" 5 suggest docker:plain --tighten --profile few.json
has "with the reason" 'a filter that it ran under allowed it, and allowed calls leave no record'
has "and the remedy" 'seccompctl promote docker:plain --to audit-all -o FILE'
tool "a run with a loss is none" 5 suggest docker:gap --tighten --profile p.json --json
is "it was set aside" "$(summary runs)" \
	'{"whole":0,"running":0,"seconds":0,"set_aside":1,"why":"records came of processes that could not be named"}'
tool "what is refused in silence is not known" 5 suggest docker:mute --tighten --profile p.json
has "with this reason" 'refused it in silence'
run --ledger ledger.db suggest docker:gap --tighten --profile p.json -o never.json
[ ! -e never.json ]
result $? "nothing is written without an offer"

# ---- bad use of tighten
fails "an unknown workload" 2 'no workload' --ledger ledger.db suggest docker:nope --tighten --profile p.json
fails "a profile that is not there" 3 'there is no such file' --ledger ledger.db suggest docker:tight --tighten --profile none.json
echo '{"defaultAction":"SCMP_ACT_ALLOW"}' >allow.json
fails "a list of denials" 3 'no list to tighten' --ledger ledger.db suggest docker:tight --tighten --profile allow.json
echo '{' >bad.json
fails "no profile at all" 3 'bad.json:2:' --ledger ledger.db suggest docker:tight --tighten --profile bad.json
fails "formats that it has not" 2 'report, json, diff or profile' --ledger ledger.db suggest docker:tight --tighten --profile p.json --output spo
mkdir profiles
profile profiles/one.json LOG mkdir rmdir
cp profiles/one.json profiles/two.json
printf '[seccompd]\nProfilePath=%s\n' "$work/profiles" >seccompd.conf
fails "two files that match" 2 'several files mean what it runs under.*one.json, .*two.json' \
	--config seccompd.conf --ledger ledger.db suggest docker:plain --tighten
fails "a profile in use that no file matches" 2 'none of the 2 files' \
	--config seccompd.conf --ledger ledger.db suggest docker:tight --tighten

# ---- a first profile
tool "new: what was seen" 1 suggest --new docker:tight
has "with what is always needed" 'it allows 45 calls that no program or runtime'
has "a name that was seen" '^\+.*"mkdir"'
has "clone for harmless arguments" '^\+.*"SCMP_CMP_MASKED_EQ"'
has "what a person must decide is told" '^keyctl .* review '
tool "new: the whole text" 1 suggest --new docker:tight --output profile
jq -e '.syscalls[0].names as $names | .defaultAction == "SCMP_ACT_LOG" and .architectures == ["SCMP_ARCH_X86_64"] and
	$names == ($names | sort) and (["mkdir", "exit_group", "fstatfs"] - $names == []) and
	($names - ["keyctl", "setresuid"] == $names)' out >/dev/null
result $? "at stage log, in order, with what runc needs, without what needs a decision"
tool "new: what the filter allowed" 1 suggest --new docker:plain --json
is "is carried over, and counted" "$(summary carried)" 2
tool "new: for crun" 1 suggest --new docker:tight --runtime crun --output profile -o crun.json
is "with what crun needs" "$(grep -cE '"(setresuid|setresgid)"' crun.json)" 2
tool "new: its own file has nothing to add" 1 suggest docker:tight --profile crun.json --runtime crun --json
is "but for a person's decision" "$(summary newly_allowed)" ""
fails "new: without a record it would be a guess" 5 'nothing was recorded of docker:mute' --ledger ledger.db suggest --new docker:mute
fails "new: takes no profile" 2 'it takes no --profile' --ledger ledger.db suggest --new docker:tight --profile p.json

# ---- how much it allows
tool "show: how many calls the filter allows" 0 show docker:plain
has "beside Docker's default" "^Allows    2 calls; Docker's default profile allows [23][0-9][0-9] to"
tool "show: as JSON" 0 show docker:plain --json
is "by two keys" "$(sed -n 's/.*,"allows":\([0-9]*\),"docker_allows":[23][0-9][0-9].*/\1/p' out)" 2

# ---- for one replica
tool "audit-all: of a file" 0 promote docker:tight --to audit-all --profile p.json -o audit.json
has "the rules that go" 'the rules of 5 allowed calls go'
has "what it costs" 'tens of thousands a second'
has "where it is read" 'auditd, and journald with Audit=yes'
has "the next command" '^Next: docker run --security-opt seccomp=audit.json'
is "what is always needed stays silent" "$(grep -c '"execve"' audit.json) $(grep -c '"mkdir"' audit.json)" "1 0"
tool "audit-all: as JSON" 0 promote docker:tight --to audit-all --profile p.json --json
is "by its name" "$(summary to) $(summary next)" "audit-all docker run --security-opt seccomp=FILE ..."
fails "audit-all: never in place" 2 'for one replica' --ledger ledger.db promote docker:tight --to audit-all --profile p.json --apply
fails "a stage that is none" 2 'log, errno, kill or audit-all' --ledger ledger.db promote docker:tight --to all

# ---- a change, tried on what was seen
profile a.json LOG mkdir rmdir
profile less.json ERRNO rmdir
profile more.json LOG mkdir rmdir keyctl
tool "observed: what would be refused" 1 diff a.json less.json --observed docker:tight --json
is "is told" "$(grep -o '"observed":true,"change":"[a-z]*","arch":"x86_64","syscall":"[a-z]*"' out | tr '\n' ' ')" \
	'"observed":true,"change":"denied","arch":"x86_64","syscall":"clone" "observed":true,"change":"denied","arch":"x86_64","syscall":"mkdir" "observed":true,"change":"denied","arch":"x86_64","syscall":"keyctl" '
has_keys "an object per call" 1 \
	"observed change arch syscall nr before before_data after after_data by_arguments count first last origins"
tool "observed: for people" 1 diff a.json less.json --observed docker:tight
has "how many" '^docker:tight: of 3 calls that were seen, 3 would be answered differently under less.json than under a.json\.$'
has "with both answers" '^mkdir +x86_64 +5 +2023-11-14 +ALLOW +ERRNO EPERM +always$'
plain "nothing harms a terminal there"
tool "observed: what is newly allowed is a difference, too" 1 diff a.json more.json --observed docker:tight
has "and told" '^keyctl +x86_64 .* LOG +ALLOW '
tool "observed: what was not seen, and would have been" 0 diff a.json more.json --observed docker:plain
profile fewer.json LOG rmdir
tool "observed: what nobody could see" 5 diff a.json fewer.json --observed docker:plain --json
is "is counted" "$(summary different) $(summary unknown)" "0 1"
tool "observed: beside what was" 1 diff a.json less.json --observed docker:plain --json
is "that counts more" "$(summary different) $(summary unknown)" "1 1"
tool "observed: alike is alike, whatever is known" 0 diff a.json a.json --observed docker:mute
has "and said so" 'a.json and a.json answer every call alike'
tool "observed: under a filter that hides" 5 diff a.json more.json --observed docker:mute
has "the names are told" 'nobody knows whether it makes it:'
fails "observed: an unknown workload" 2 'no workload' --ledger ledger.db diff a.json p.json --observed docker:nope
fails "observed: one profile is not enough" 2 'name A and B' --ledger ledger.db diff a.json --observed docker:tight
fails "observed: not with what runs" 2 'what runs now, or what was recorded' --ledger ledger.db diff a.json p.json --observed docker:tight --running docker:tight
echo 'no setting' >broken.conf
run --config broken.conf diff a.json p.json --observed docker:tight
is "observed: a broken configuration is told" "$status $(grep -c 'broken.conf:1' err)" "3 1"
fails "observed: no ledger" 4 'ledger' --ledger "$work/nowhere/ledger.db" diff a.json p.json --observed docker:tight
done_testing
