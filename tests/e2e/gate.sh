#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The gate on a real container: unknown as long as no start of it was watched, not ready while time
# and events are missing, ready when the (shortened) criteria hold, and lost again with a new call.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman runc busybox jq
e2e_begin
need_stream
make_image
start_podman
write_config
cat >>"$E2E_DIR/seccompd.conf" <<-END
	[gate]
	Complete=2s
	Quiet=2s
	Starts=2
	Replicas=1
	Exercises=reload
	[workload podman:web]
	GateExercised=reload
END

gate() { # OPTION...
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" gate podman:web --to errno "$@"
}

gate_exits() { # STATUS
	gate >"$E2E_DIR/gate" 2>&1
	[ "$?" = "$1" ]
}

verdict_of() { # CRITERION
	gate --json | jq -r "select(.criterion == \"$1\") | .verdict"
}

# What its program calls as well is no mark of an exec.
up() {
	podman_ run --detach --rm --name web --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
		--security-opt seccomp="$STARTER" "$IMAGE" \
		/bin/sh -c 'trap "exit 0" TERM; calls flood 1 mincore; while :; do sleep 0.1; done' >>"$E2E_DIR/run.log" 2>&1
}

down() {
	podman_ stop --time 5 web >>"$E2E_DIR/run.log" 2>&1
}

is_watched() { # STARTS
	[ "$(gate --json 2>/dev/null | jq -r 'select(.summary) | .window.starts')" -ge "$1" ] 2>/dev/null
}

# ---- there before the daemon ----
check "a container runs" up
start_seccompd --no-journal || bail "seccompd does not start"
check "one that was there before is known" wait_until 20 gate_exits 5
is "what it called at its start is unknown" "$(verdict_of complete)" unknown
check "and the reason is said" grep -q "no start was watched" "$E2E_DIR/gate"
is "no start is counted" "$(gate --json | jq -r 'select(.summary) | .window.starts')" 0

# ---- watched ----
# A stranger's record that nobody can name begins every window on the host anew: then once more.
watched_cycles() {
	for _ in 1 2; do
		down
		# With --rm the name is free a little after the end.
		wait_until 20 up || return 1
		podman_ exec web /bin/calls flood 1 mincore >>"$E2E_DIR/run.log" 2>&1
	done
	wait_until 20 is_watched 1
}
gets_ready() {
	local try
	for try in 1 2 3; do
		if ! watched_cycles; then
			diag "try $try: $(tail -n 3 "$E2E_DIR/run.log"; gate --json | jq -c 'select(.summary)')"
			continue
		fi
		# Each pass of the writer moves the end of what was watched.
		wait_until 8 eval 'podman_ exec web /bin/calls flood 1 mincore >>"$E2E_DIR/run.log" 2>&1; gate_exits 0' && return
		diag "try $try: $(gate --json | jq -r 'select(.verdict? and .criterion and .verdict != "ready") | "\(.criterion): \(.value) \(.reason)"')"
	done
	return 1
}
if gets_ready; then
	ok "with starts, a graceful stop, an exec and quiet it is ready"
else
	not_ok "with starts, a graceful stop, an exec and quiet it is ready" "$(cat "$E2E_DIR/gate")"
fi
gate --json >"$E2E_DIR/json"
is "each criterion has its five keys" \
	"$(jq -r 'select(.criterion) | [has("value"), has("threshold"), has("verdict"), has("reason")] | all' "$E2E_DIR/json" | sort -u)" true
is "the summary agrees" "$(jq -r 'select(.summary) | "\(.workload) \(.to) \(.verdict) \(.exit)"' "$E2E_DIR/json")" "podman:web errno ready 0"
check "at least one graceful stop was seen" test "$(jq -r 'select(.summary) | .window.graceful_stops' "$E2E_DIR/json")" -ge 1
check "lifetimes were seen whole" test "$(jq -r 'select(.summary) | .window.lifetimes' "$E2E_DIR/json")" -ge 1
check "the curve of discovery has hours" test "$(jq -r 'select(.summary) | .hours | length' "$E2E_DIR/json")" -ge 1
check "coverage carries its caveat" grep -q "not confidence" <(gate)
is "the list calls the evidence complete by its own window" \
	"$("$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" list --json | jq -r 'select(.workload == "podman:web") | .complete')" true
"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" gate podman:web --to kill >"$E2E_DIR/kill" 2>&1
check "to kill it is not ready: errno comes first" test "$?" = 1 -o "$?" = 5
check "and that is said" grep -q "stage kill comes next from errno" "$E2E_DIR/kill"

# ---- a new code path ----
is_not_quiet() {
	[ "$(verdict_of quiet)" = not-ready ]
}
# It is quiet again after a while, and a loss of a stranger's may cut the window: then another call.
takes_it_away() {
	local call
	for call in sched_getparam sched_getscheduler getitimer getsid; do
		podman_ exec web /bin/calls flood 1 "$call" >>"$E2E_DIR/run.log" 2>&1
		wait_until 5 is_not_quiet && return
	done
	return 1
}
check "a new call takes it away" takes_it_away
check "the gate is closed" test "$(gate --json | jq -r 'select(.summary) | .exit')" != 0
down
stop_seccompd
done_testing
