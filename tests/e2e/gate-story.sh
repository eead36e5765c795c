#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The whole way of one profile with real containers, each step when the (shortened) gate says so and
# none by force: LOG, ready, ERRNO, a call that nobody saw before, back, forth, KILL_PROCESS.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman crun busybox jq journalctl "$JOURNALD"
only_cgroup2 || cannot "the kernel's second version of cgroups cannot be mounted here"
e2e_begin
need_stream
start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
make_image
make_crun
start_podman
write_config
sed -i "/^Source=/aWorkloadsDir=$E2E_DIR/workloads.d" "$E2E_DIR/seccompd.conf"
cat >>"$E2E_DIR/seccompd.conf" <<-END
	[gate]
	Complete=2s
	Quiet=2s
	Starts=2
	Replicas=1
	KillQuiet=2s
	KillLifetimes=1
END
profile=$E2E_DIR/web.json
cp "$STARTER" "$profile"

verb() { # VERB ARGS...: on the workload; its output is kept
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" "$1" podman:web "${@:2}" \
		>"$E2E_DIR/$1" 2>&1
}

promote() { # STAGE OPTION...
	verb promote --to "$1" --profile "$profile" --runtime crun "${@:2}"
}

gate_exits() { # STAGE STATUS
	verb gate --to "$1"
	[ "$?" = "$2" ]
}

# A criterion is not met, and its reason names a call. That of quiet is met again after a while.
is_lost_for() { # STAGE CRITERION CALL
	verb gate --to "$1" --json
	[ $? != 0 ] && jq -es "any(.[]; .criterion == \"$2\" and .verdict != \"ready\" and (.reason | test(\"$3\")))" "$E2E_DIR/gate"
}

not_ready() { # STAGE
	verb gate --to "$1" --json
	diag "$(jq -r 'select(.criterion and .verdict != "ready") | "\(.criterion) (\(.verdict)): \(.value) \(.reason)"' "$E2E_DIR/gate")"
}

# It asks for its time at its start, and ends when it is asked to.
up() {
	podman_ run --detach --rm --name web --network none --pids-limit -1 --ulimit nofile=1024:1024 \
		--ulimit nproc=1000:1000 --security-opt seccomp="$profile" "$IMAGE" \
		/bin/sh -c 'trap "exit 0" TERM; calls times; while :; do sleep 0.1; done' >>"$E2E_DIR/run.log" 2>&1
}

down() {
	podman_ stop --time 5 web >>"$E2E_DIR/run.log" 2>&1
}

inside() { # CALL...
	podman_ exec web /bin/calls "$@" >>"$E2E_DIR/run.log" 2>&1
}

# A pass of the writer for whoever waits: it has something to write.
nudge() {
	"$CALLS" --stay 1 flood 1 mincore
}

# Up and down until the window holds what is asked for, which a stranger's record that nobody can name
# begins anew for all.
gets_ready() { # STAGE
	local try
	for try in 1 2 3 4 5 6; do
		down
		wait_until 10 up || return 1
		inside times
		[ "$try" -gt 1 ] && wait_until 4 eval "nudge; gate_exits $1 0" && return
	done
	not_ready "$1"
	return 1
}

# Where it does not get ready, nothing of what follows means anything.
must_get_ready() { # STAGE NAME
	if gets_ready "$1"; then
		ok "$2"
		return
	fi
	down
	bail "$2: it does not"
}

is_seen() { # SYSCALL ACTION
	ctl show podman:web --json 2>/dev/null |
		jq -es "any(.[]; .syscall == \"$1\" and .action == \"SCMP_ACT_$2\")" >/dev/null
}

is_refusal() { # STATUS: not ready, or nobody can know
	[ "$1" = 1 ] || [ "$1" = 5 ]
}

list_says() {
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" list --json |
		jq -r 'select(.workload == "podman:web") | "\(.stage) \(.visibility)"'
}

patch() { # OUT
	verb suggest --profile "$profile" --for podman -o "$1"
}

# ---- stage log
check "a container runs" up
start_seccompd || bail "seccompd does not start"
enter_unit "$SECCOMPD_PID"
check "as nobody saw its start, the gate is unknown" wait_until 20 gate_exits errno 5
check "and says why" grep -q "no start was watched" "$E2E_DIR/gate"
down
check "it starts again" wait_until 10 up
check "what it calls is seen" wait_until 20 is_seen times LOG
patch "$E2E_DIR/first.json"
is "and offered" $? 1
cp "$E2E_DIR/first.json" "$profile"
must_get_ready errno "with the patch it is ready"
is "at stage log, and nothing is hidden" "$(list_says)" "log full"

# ---- a new code path
# A loss of a stranger's may cut the window between the call and our look at it: then another call.
gate_is_lost() {
	for new in getpriority getitimer sched_getscheduler; do
		inside "$new"
		wait_until 5 is_lost_for errno quiet "$new" && return
	done
	return 1
}
gate_is_lost
is "a call that nobody saw before takes the gate away, and is named" $? 0
check "it is in the ledger" wait_until 20 is_seen "$new" LOG
promote errno --apply
check "promote refuses" is_refusal $?
check "and names it" grep -q "      $new (" "$E2E_DIR/promote"
check "the profile is as it was" cmp "$profile" "$E2E_DIR/first.json"
patch "$E2E_DIR/second.json"
is "a patch is offered" $? 1
check "with that call in it" test "$(diff "$E2E_DIR/first.json" "$E2E_DIR/second.json" | grep '^>' | grep -c "\"$new\"")" = 1
cp "$E2E_DIR/second.json" "$profile"
must_get_ready errno "with that it is ready again"

# ---- stage errno
promote errno --apply --why "the gate says so"
is "promoted without force" $? 0
check "the log flag is in it" grep -q SECCOMP_FILTER_FLAG_LOG "$profile"
down
check "it runs at stage errno" wait_until 10 up
inside times "$new"
is "what was learned works" $? 0
inside getresuid
is "what was not is refused" $? 1
check "and seen" wait_until 20 is_seen getresuid ERRNO
is "nothing is hidden" "$(list_says)" "errno full"
check "it keeps the gate to kill closed, and is named" \
	wait_until 20 eval "inside getresuid; nudge; is_lost_for kill denials getresuid"
patch "$E2E_DIR/third.json"
is "a patch is offered there" $? 1
verb demote --apply
is "demote" $? 0
check "to the same bytes" cmp "$profile" "$E2E_DIR/second.json"
# The way back was tried; its owner goes on with the patch.
cp "$E2E_DIR/third.json" "$profile"

# ---- stage kill
must_get_ready kill "no denial, and it is ready to kill"
promote kill --apply
is "promoted to kill without force" $? 0
down
check "it runs at stage kill" wait_until 10 up
is "nothing is hidden" "$(list_says)" "kill full"
inside times "$new" getresuid
is "what was learned works" $? 0
inside getsid
is "what was not ends the process" $? 159
check "that is the workload's" wait_until 20 is_seen getsid KILL_PROCESS
killed() {
	journalctl --no-pager -o json CONTAINER_NAME=web SECCOMP_ACTION=SCMP_ACT_KILL_PROCESS 2>/dev/null
}
check "and told to the journal" wait_until 20 eval 'killed | grep -q .'
is "of the call, with priority" "$(killed | jq -r '"\(.SECCOMP_SYSCALL) \(.SECCOMP_WORKLOAD) \(.PRIORITY)"')" "getsid podman:web 4"
verb demote --apply
is "demote" $? 0
check "to the same bytes, once more" cmp "$profile" "$E2E_DIR/third.json"
down
stop_seccompd
leave_unit
done_testing
