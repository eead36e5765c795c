#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl gate on made-up ledgers: ready when everything was seen, and for each way of losing
# evidence unknown, as suggest and list are incomplete.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/integration/client-lib.sh
. "$top/tests/integration/client-lib.sh"

printf '{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/p.json"
printf '[seccompd]\n' >"$work/plain.conf"
make_watched() { # FILE [KIND]
	"${builddir:?}/tests/integration/make-ledger" "$1" watched ${2:+"$2"} || exit 99
}
gate() { # LEDGER OPTION...
	local ledger=$1
	shift
	echo --config "$work/plain.conf" --ledger "$ledger" gate docker:gate "$@"
}

make_watched "$work/good.db"
# shellcheck disable=SC2046
{
	exits "all seen, and long enough: ready" 0 $(gate "$work/good.db" --to errno)
	has "the verdict in words" 'Ready \(docker:gate to errno\)'
	has "what it ran on, of a runtime that is not installed only the name" \
		'^The newest instance: runc, libseccomp 2\.5\.4, Linux 6\.1\.0, x86_64\.$'
	has "coverage and its caveat" 'not confidence'
	has "what was seen in one instance only, by name" 'in one instance only.*: mincore\.'
	exits "ready, for programs" 0 $(gate "$work/good.db" --to errno --json)
	has "a criterion" '^\{"criterion":"quiet","value":"27 d","threshold":"7 d","verdict":"ready","reason":"'
	has "the window" '"window":\{"from":"2023-10-15T22:13:20.000000Z","to":"2023-11-12T22:13:20.000000Z"'
	has "what happened in it" '"starts":4,"graceful_stops":4,"killed":0,"failed":0,"lifetimes":4,"running":0,"execs":1,"replicas":2,'
	has "the curve" '"hours":\[\{"from":"2023-10-16T22:00:00.000000Z","new":1,"records":1,'
	has "no loss but that nobody listens now" '"losses":\[\{"kind":"not-running",[^}]*"from":"2023-11-14T22:13:20.000000Z",[^}]*\}\],"losses_of_others":0,"exit":0\}'
	exits "to kill: the stage before comes first" 1 $(gate "$work/good.db" --to kill)
	has "and that is said" 'kill comes next from errno, not from log'
	exits "list: complete" 0 --ledger "$work/good.db" list --json
	has "list: complete by its own window" '"docker:gate".*"complete":true'
	exits "suggest for one that has ended" 1 --ledger "$work/good.db" suggest docker:gate --profile "$top/tests/e2e/starter.json"
	has "with the capabilities of its last instance" 'capabilities of the container docker:gate, which has ended'
}

for kind in enobufs serial-gap rejected tally-full unattributed not-running rebooted set-aside lineage kernel-lost \
	not-logged workload-limit sighting-limit; do
	make_watched "$work/$kind.db" "$kind"
	# shellcheck disable=SC2046
	exits "$kind: the gate is unknown" 5 $(gate "$work/$kind.db" --to errno --json)
	has "$kind: for want of complete evidence" '"criterion":"complete","value":"[12] d","threshold":"7 d","verdict":"unknown"'
	! grep -q 'something was lost' "$work/out"
	result $? "$kind: the reason is said"
	has "$kind: the window begins behind it" '"window":\{"from":"2023-11-11T22:13:20.000000Z"'
	exits "$kind: suggest still offers" 1 --ledger "$work/$kind.db" suggest docker:gate --profile "$work/p.json" --for docker --json
	has "$kind: and is incomplete" '"complete":false'
	exits "$kind: list" 0 --ledger "$work/$kind.db" list --json
	has "$kind: so is list" '"docker:gate".*"complete":false'
done

# A record without a name is a loss to those whose filter can have made it, and to nobody else.
make_watched "$work/strangers.db" strangers
make_watched "$work/maybe.db" maybe-strangers
# shellcheck disable=SC2046
{
	exits "a nameless record that its filter cannot make is no loss" 0 $(gate "$work/strangers.db" --to errno)
	has "and that is said" '^Not held against it: 1 stretch with records of processes that could not be named\.$'
	exits "one that it can make is" 5 $(gate "$work/maybe.db" --to errno)
	! grep -q 'Not held against it' "$work/out"
	result $? "and nothing else is said"
	exits "list goes by the same" 0 --ledger "$work/strangers.db" list --json
	has "list: complete" '"docker:gate".*"complete":true'
	exits "list: where it can be theirs" 0 --ledger "$work/maybe.db" list --json
	has "list: incomplete" '"docker:gate".*"complete":false'
}

# What rules of their own answer, with a record or with ENOSYS, is so at each stage.
make_watched "$work/probes.db" errno-probes
make_watched "$work/denied.db" errno-denied
# shellcheck disable=SC2046
{
	exits "at stage errno, to kill" 1 $(gate "$work/probes.db" --to kill --json)
	has "a call that a rule records contradicts no stage" '"criterion":"stage","value":"errno","threshold":"errno","verdict":"ready"'
	has "one that a rule answers with ENOSYS is no denial" '"criterion":"denials","value":"0","threshold":"at most 0","verdict":"ready"'
	exits "one that the default refused" 1 $(gate "$work/denied.db" --to kill --json)
	has "is a denial" '"criterion":"denials","value":"1","threshold":"at most 0","verdict":"not-ready"'
}

# What the kernel drops might have gone unseen: accepted only by name, and said each time.
make_watched "$work/blind.db" unobservable
# shellcheck disable=SC2046
exits "unobservable loss: unknown" 5 $(gate "$work/blind.db" --to errno)
printf '[gate]\nAcceptUnobservableLoss=yes\n' >"$work/plain.conf"
# shellcheck disable=SC2046
exits "unobservable loss: accepted" 0 $(gate "$work/blind.db" --to errno)
has "and said" 'AcceptUnobservableLoss=yes is set'

printf '[gate]\nStarts=5\n[workload docker:gate]\nGateExercised=reload\n' >"$work/plain.conf"
# shellcheck disable=SC2046
exits "a threshold of one's own" 1 $(gate "$work/good.db" --to errno --json)
has "a threshold of one's own is shown" '"criterion":"starts","value":"4","threshold":"at least 5","verdict":"not-ready"'
printf '[gate]\nQuiet=soon\n' >"$work/plain.conf"
# shellcheck disable=SC2046
fails "a mistake in it is refused with file and line" 3 'plain.conf:2: Quiet=soon is no good value' \
	$(gate "$work/good.db" --to errno)
printf '[seccompd]\n' >"$work/plain.conf"

# What only an exec made waits for a person, and is offered to nobody who did not ask for it.
make_watched "$work/marked.db" exec-only
suggest_marked() { # OPTION...
	echo --config "$work/plain.conf" --ledger "$work/marked.db" suggest docker:gate --profile "$work/p.json" --for docker "$@"
}
# shellcheck disable=SC2046
{
	exits "a marked call keeps the gate closed" 1 $(gate "$work/marked.db" --to errno --json)
	has "as undecided" '"criterion":"decided","value":"1","threshold":"at most 0","verdict":"not-ready"'
	exits "show marks it" 0 --ledger "$work/marked.db" show docker:gate --json
	has "by its name" '"syscall":"mincore".*"marks":\["exec-only"\]'
	exits "show for people" 0 --ledger "$work/marked.db" show docker:gate
	has "says why" '^  mincore \(x86_64, 27\): only programs that were brought in from outside \(exec\) made it\.$'
	exits "suggest does not offer it" 1 $(suggest_marked --json)
	has "but asks" '"syscall":"mincore","nr":27,"advice":"review".*"reason":"only programs that were brought in.*"offered":false.*"marks":\["exec-only"\]'
	has "and adds nothing" '"newly_allowed":\[\].*"still_denied":1.*"exit":1'
	exits "suggest for people" 1 $(suggest_marked)
	has "says how to have it" '^--include-marked offers what is marked as well\.$'
	exits "asked for, it is offered" 1 $(suggest_marked --json --include-marked)
	has "with its mark" '"advice":"allow".*"offered":true.*"marks":\["exec-only"\]'
	has "and added" '"newly_allowed":\["mincore"\]'
	printf '[gate]\nMarks=one-replica burst\n' >"$work/plain.conf"
	exits "marks that are switched off" 0 $(gate "$work/marked.db" --to errno)
	exits "hold nothing back" 1 $(suggest_marked --json)
	has "and are not named" '"newly_allowed":\["mincore"\]'
	printf '[gate]\nMarks=exec\n' >"$work/plain.conf"
	fails "a word that is no mark" 3 'plain.conf:2: Marks=exec is no good value: no, or words of exec-only' $(suggest_marked)
	printf '[seccompd]\n' >"$work/plain.conf"
}

# shellcheck disable=SC2046
{
	exits "without --to" 2 $(gate "$work/good.db")
	exits "to a stage that is none" 2 $(gate "$work/good.db" --to log)
	exits "for two workloads" 2 $(gate "$work/good.db" other --to errno)
}
exits "for one that is not known" 2 --ledger "$work/good.db" gate nobody --to errno
"${builddir:?}/tests/integration/make-ledger" "$work/calls.db" complete || exit 99
exits "calls alone, without a lifetime, are no evidence" 5 --ledger "$work/calls.db" gate docker:web --to errno
has "and that is said" 'no instance was watched'
done_testing
