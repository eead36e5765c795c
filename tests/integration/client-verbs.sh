#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each verb over a known ledger: keys, figures, exit codes.
. "${srcdir:?}/tests/integration/client-lib.sh"

good=$work/good.db
bad=$work/bad.db
empty=$work/empty.db
"${builddir:?}/tests/integration/make-ledger" "$good" complete || exit 99
"${builddir:?}/tests/integration/make-ledger" "$bad" lossy || exit 99
"${builddir:?}/tests/integration/make-ledger" "$empty" empty || exit 99

cat >"$work/p.json" <<'P'
{
	"defaultAction": "SCMP_ACT_LOG",
	"architectures": ["SCMP_ARCH_X86_64"],
	"syscalls": [
		{
			"names": [
				"close",
				"read",
				"write"
			],
			"action": "SCMP_ACT_ALLOW"
		}
	]
}
P
cp "$work/p.json" "$work/p.orig"

lines() { # NAME N
	[ "$(wc -l <"$work/out")" -eq "$2" ]
	result $? "$1"
}

# ---- status
exits "status of a tally that nobody holds is fine" 0 --ledger "$bad" status --json
has_keys "status has its keys" 1 "running source since records skipped rejected enobufs serial_gaps unattributed attribution causes lineage containers opener last_serial workloads complete dropped faults busiest hosts silent"
has "status: figures of the tally" '"running":false,.*"records":1000,"skipped":20,"rejected":3,"enobufs":1,"serial_gaps":9,"unattributed":7,'
has "status: attribution by means" '"attribution":\{"proc":993,"lineage":0,"pidfd":0,"inferred":0,"none":7\}'
has "status: causes of failure" '"causes":\{"gone":6,"zombie":0,"pid-reused":0,"conflict":0,"invalid":0,"monitor":1,"replayed":0,"unreadable":0,"limit":0,"no-cgroup":0\}'
has "status: states that could not be read" '"containers":\{"running":0,.*"overflows":0,"untimed":0,"unreadable":5\},'
plain "status: a hostile source is escaped"
exits "status for people" 0 --ledger "$bad" status
has "status says why records are unattributed" '^ *6 +0\.6 %    the process had ended'
has "status: the share of each means" '^ *993 +99\.3 %  attributed by proc$'
has "status: the share that failed" '^ *7 +0\.7 %  unattributed:$'
has "status says how often a state could not be read" "^ *5 times that a container's state could not be read"
hidden() { ! grep -q 'lineage\|zombie' "$work/out"; }
check "status: rows of zero are left out" hidden
plain "status for people is harmless"
exits "status for people, from the ledger alone" 0 --ledger "$good" status
unsaid() { ! grep -q 'could not be read' "$work/out"; }
check "status says nothing of states that could be read" unsaid
exits "status from the ledger alone" 0 --ledger "$good" status --json
has "status: without a tally nothing runs" '"running":false,"source":null,"since":null,"records":19,'
fails "status without ledger and tally" 4 'has not run here' --ledger "$work/none.db" status

# ---- list
exits "list" 0 --ledger "$good" list --json
lines "list leaves host processes out" 8
has_keys "list has its keys" 1 "workload runtime name image stage visibility profile profile_file profile_files profile_source running sightings records first last complete heuristic dropped asserted imported hosts"
has "list: figures" '"workload":"docker:web","runtime":"docker","name":"web","image":"nginx:1.25","stage":"log","visibility":"full","profile":"aa11","profile_file":null,"profile_files":\[\],"profile_source":"/etc/web.json","running":false,"sightings":4,"records":10,'
has "list: complete without any loss" '"docker:web".*"complete":true'
has "list: a blind filter is never complete" '"docker:hidden".*"complete":false'
plain "list escapes names and images"
exits "list --all" 0 --ledger "$good" list --all --json
lines "list --all has host processes" 9
exits "list with losses" 0 --ledger "$bad" list --json
[ -s "$work/out" ] && ! grep -q '"complete":true' "$work/out"
result $? "list: nothing is complete after a loss"
exits "list for people" 0 --ledger "$bad" list
plain "list for people is harmless"
[ -s "$work/out" ] && ! grep -q ' $' "$work/out"
result $? "list: no line ends in a blank"
has "list says what is missing" 'times that seccompd was not running  *1$'
exits "list of an empty ledger" 0 --ledger "$empty" list
has "an empty list does not claim that all is well" 'was recorded so far'

# ---- show
exits "show" 0 --ledger "$good" show docker:web --json
lines "show: one line per sighting" 4
has_keys "show has its keys" 1 "workload profile arch syscall nr action origin count first last risk examples own_filter marks asserted imported causes allows docker_allows hosts decision"
has "show: figures" '"arch":"x86_64","syscall":"mincore","nr":27,"action":"SCMP_ACT_LOG","origin":"workload","count":3,"first":"2023-11-14T22:12:20.000000Z","last":"2023-11-14T22:13:20.000000Z","risk":"'
has "show: an unknown number has no name" '"syscall":null,"nr":9999,.*"risk":null'
has "show: the runtime is told apart" '"syscall":"fcntl".*"origin":"runtime-init"'
has "show: examples" '"examples":\[\{"comm":"co.*","exe":"/bin/ex.*","ip":"0x7f01","pid":42\}\]'
plain "show escapes comm and exe"
exits "show for people" 0 --ledger "$good" show docker:evil
plain "show for people is harmless"
exits "show by image" 0 --ledger "$good" show nginx:1.25 --json
has "show by image finds it" '"workload":"docker:web"'
exits "show by unique start" 0 --ledger "$good" show podman:r --json
exits "unattributed can be shown" 0 --ledger "$bad" show unattributed --json

# ---- suggest
exits "suggest offers" 1 --ledger "$good" suggest docker:web --profile "$work/p.json" --json
lines "suggest: a line per call and a summary" 5
has_keys "suggest has its keys" 1 "arch syscall nr advice risk reason count first last origins subjects examples offered line fallback siblings arch_added marks open decision"
has_keys "suggest has its summary" 5 "summary newly_allowed other_changes still_denied complete asserted imported lost capabilities exit"
has "suggest offers the harmless ones only" '"newly_allowed":\["fcntl","mincore"\]|"newly_allowed":\["mincore","fcntl"\]'
has "suggest: summary" '"other_changes":\[\],"still_denied":2,"complete":true,"asserted":false,"imported":false,"lost":\{"enobufs":0,"serial_gaps":0,"rejected":0,"overflow":0,"over_limit":0,"unattributed":0,"not_running":0,"set_aside":0,"lineage":0,"kernel_lost":0,"state_unreadable":0,"not_logged":0,"undated":0,"journal_gap":0\},"capabilities":"[^"]*","exit":1\}'
has "suggest never offers what it cannot name" '"syscall":null,"nr":9999,"advice":"unknown-number"'
plain "suggest escapes"

exits "suggest with losses still offers" 1 --ledger "$bad" suggest docker:web --profile "$work/p.json" --json
has "suggest: the larger of ledger and tally" '"complete":false,"asserted":false,"imported":false,"lost":\{"enobufs":1,"serial_gaps":13,"rejected":3,"overflow":0,"over_limit":4,"unattributed":7,"not_running":1,"set_aside":0,"lineage":0,"kernel_lost":0,"state_unreadable":0,"not_logged":0,"undated":0,"journal_gap":0\},"capabilities":"[^"]*","exit":1\}'

exits "nothing to do" 0 --ledger "$good" suggest podman:fits --profile "$work/p.json" --json
has "nothing to do is said" '"newly_allowed":\[\].*"exit":0'
exits "nothing to offer and cannot know" 5 --ledger "$bad" suggest podman:fits --profile "$work/p.json" --json
exits "a blind filter cannot be known" 5 --ledger "$good" suggest docker:hidden --profile "$work/p.json"
has "a blind filter is said" 'may hide denied calls'
exits "what the loaded filter let pass cannot be known" 5 --ledger "$good" suggest podman:wider --profile "$work/p.json" --json
has "what the loaded filter let pass is no complete evidence" '"complete":false'
exits "what the loaded filter let pass, for people" 5 --ledger "$good" suggest podman:wider --profile "$work/p.json"
has "what the loaded filter let pass is named" 'would have been recorded. mincore\.'
exits "a risky call needs a person" 1 --ledger "$good" suggest podman:risky --profile "$work/p.json" --json
has "a risky call is not offered" '"newly_allowed":\[\]'
cat >"$work/risk.conf" <<C
[risk]
mincore=high
ptrace=low
C
exits "risks of one's own" 1 --config "$work/risk.conf" --ledger "$good" suggest docker:web --profile "$work/p.json" --json
has "a call that the administrator calls risky is not offered" '"syscall":"mincore".*"advice":"review","risk":"high","reason":"high risk by your setting'
has "one that is none there is" '"newly_allowed":\["fcntl","ptrace"\]'
echo "mincore=huge" >>"$work/risk.conf"
printf '[gat]\nQuiet=1d\n' >"$work/section.conf"
fails "a section that is none" 3 'section.conf:1: there is no section .gat.' --config "$work/section.conf" --ledger "$good" list
printf '[seccompd]\nLegder=/a\n' >"$work/key.conf"
fails "a key that is none" 3 'key.conf:2: there is no key Legder= in section .seccompd.' --config "$work/key.conf" --ledger "$good" list
fails "a risk that is none" 3 'risk.conf:4: mincore' --config "$work/risk.conf" --ledger "$good" suggest docker:web --profile "$work/p.json"
exits "a call to keep denied leaves nothing to do" 0 --ledger "$good" suggest podman:denied --profile "$work/p.json" --json
has "a call to keep denied stays so" '"syscall":"init_module".*"advice":"keep-denied"'

exits "suggest -o" 1 --ledger "$good" suggest docker:web --profile "$work/p.json" -o "$work/out.json" --diff
cmp -s "$work/p.json" "$work/p.orig"
result $? "the profile itself is only read"
if command -v patch >/dev/null; then
	patch -s "$work/p.json" <"$work/out" && cmp -s "$work/p.json" "$work/out.json"
	result $? "the diff makes the same file as -o"
else
	skip "the diff makes the same file as -o" "no patch program"
fi
exits "the patched profile needs no more" 1 --ledger "$good" suggest docker:web --profile "$work/out.json" --json
has "the patched profile: nothing more to allow" '"newly_allowed":\[\].*"still_denied":2'
rm -f "$work/none.json"
run --ledger "$good" suggest podman:fits --profile "$work/p.orig" -o "$work/none.json"
[ "$status" -eq 0 ] && [ ! -e "$work/none.json" ] && grep -q 'was not written' "$work/err"
result $? "nothing is written when nothing is offered"
exits "suggest for people" 1 --ledger "$good" suggest docker:web --profile "$work/p.orig"
has "suggest for people has the proof" 'Nothing else changes'
plain "suggest for people is harmless"
done_testing
