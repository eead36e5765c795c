#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a single container may have planted is marked and waits for a person: calls that only an exec
# made, only one of three replicas, or only behind a risky call. Without such a reason a call is offered.
# And containers of one workload that flood with different calls push out nobody else's.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman runc busybox jq
e2e_begin
need_stream
start_waker
make_image
start_podman
write_config
cat >>"$E2E_DIR/seccompd.conf" <<-END
	[workload replicas]
	MatchName=replica-*
	[workload flooded]
	MatchName=flood-*
END
start_seccompd --no-journal || bail "seccompd does not start"

ctl() { # VERB...: with our names of workloads
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" "$@"
}

starts() { # NAME COMMAND
	podman_ run --detach --name "$1" --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
		--security-opt seccomp="$STARTER" "$IMAGE" /bin/sh -c "$2; while :; do sleep 0.2; done" >>"$E2E_DIR/run.log" 2>&1
}

execs() { # NAME COMMAND...
	podman_ exec "$@" >>"$E2E_DIR/run.log" 2>&1
}

marks_of() { # WORKLOAD SYSCALL
	ctl show "$1" --json 2>/dev/null | jq -r "select(.syscall == \"$2\" or (.nr | tostring) == \"$2\") | .marks | join(\" \")" | sort -u | xargs
}

marks_are() { # WORKLOAD SYSCALL MARKS
	[ "$(marks_of "$1" "$2")" = "$3" ] && ! count_is "$1" "$2" 0
}

suggests() { # WORKLOAD OPTION...
	ctl suggest "$1" --profile "$STARTER" --json "${@:2}" 2>/dev/null
}

advice() { # WORKLOAD SYSCALL
	suggests "$1" | jq -r "select(.syscall == \"$2\") | \"\(.advice) \(.offered) \(.marks | join(\" \"))\""
}

is_added() { # WORKLOAD SYSCALL OPTION...
	suggests "$1" "${@:3}" | jq -r 'select(.summary) | .newly_allowed[]' | grep -qx "$2"
}

# ---- three replicas, which get older meanwhile ----
for i in 1 2 3; do
	check "replica $i runs" starts replica-$i 'calls sched_getparam; while [ ! -e /tmp/go ]; do sleep 0.1; done; calls getitimer'
done
execs replica-2 /bin/sh -c ': >/tmp/go'

# ---- exec ----
check "a container runs" starts web 'calls sched_getscheduler; while [ ! -e /tmp/go ]; do sleep 0.1; done; calls mincore'
check "an exec makes a call" execs web /bin/calls --linger 300 mincore
check "it is marked" wait_until 20 marks_are podman:web mincore exec-only
is "and not offered" "$(advice podman:web mincore)" "review false exec-only"
check "it is in no patch" eval '! is_added podman:web mincore'
check "unless it is asked for" is_added podman:web mincore --include-marked
check "what the program itself makes is offered" wait_until 20 is_added podman:web sched_getscheduler
is "for the program's own call there is no mark" "$(marks_of podman:web sched_getscheduler)" ""
number=$((100000 + OWN_CALL))
check "an exec tries out numbers" execs web /bin/calls --linger 300 spread 40 $number
check "that is a burst" wait_until 20 marks_are podman:web $((number + 39)) "exec-only burst"
check "a probe of the program's own call" execs web /bin/sh -c ': >/tmp/go'
check "when the program makes it too, the mark goes" wait_until 20 marks_are podman:web mincore ""
check "and it is offered" is_added podman:web mincore

# ---- behind a risky call ----
check "a container is taken over" starts risky 'calls getpriority bpf getsid'
check "what came behind it is marked" wait_until 20 marks_are podman:risky getsid after-risk
is "and not offered" "$(advice podman:risky getsid)" "review false after-risk"
check "the reason names it" eval 'suggests podman:risky | jq -r "select(.syscall == \"getsid\") | .reason" | grep -q "behind the risky bpf"'
is "the risky call is none the less for a person" "$(advice podman:risky bpf | cut -d" " -f2)" false
is "what came before is offered" "$(advice podman:risky getpriority)" "allow true "
podman_ rm --force --time 0 risky >>"$E2E_DIR/run.log" 2>&1
check "another one makes it without" starts risky 'calls getsid'
check "then it is offered" wait_until 20 marks_are podman:risky getsid ""

# ---- floods ----
for i in 1 2; do
	check "container $i floods" starts flood-$i "calls spread 2500 $((200000 + i * 10000))"
done
dropped_is() { # WORKLOAD LEAST
	[ "$(ctl list --json | jq -r "select(.workload == \"$1\") | .dropped")" -ge "$2" ] 2>/dev/null
}
check "what was not kept is counted, with its maker" wait_until 20 dropped_is flooded $((2 * 2500 - 4096 - 200))
check "another of the same workload makes three calls" starts flood-3 'calls times getcpu sysinfo'
for call in times getcpu sysinfo; do
	check "$call is kept" wait_until 20 count_is flooded $call 1
done
check "status names who flooded" eval 'ctl status --json | jq_holds ".dropped[] | select(.workload == \"flooded\" and .records > 0)"'
check "for people, too" grep -q "^flooded made too many different calls" <(ctl status)
flooder=$(podman_ inspect --format '{{.Id}}' flood-2)
check "show names the containers" grep -q "^ *[0-9]* of $flooder\$" <(ctl show flooded)
is "no other workload lost anything" "$(ctl list --json | jq -r 'select(.dropped > 0) | .workload' | xargs)" flooded
check "what others made is all there" count_is podman:web sched_getscheduler 1

# ---- one of three, which is known by now ----
check "what one of three replicas made is marked" wait_until 30 marks_are replicas getitimer one-replica
is "and not offered" "$(advice replicas getitimer)" "review false one-replica"
is "what all made is offered" "$(advice replicas sched_getparam)" "allow true "
execs replica-3 /bin/sh -c ': >/tmp/go'
check "when another makes it too, the mark goes" wait_until 20 marks_are replicas getitimer ""
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
