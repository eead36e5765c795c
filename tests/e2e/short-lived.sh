#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# PROCESSES (5,000) processes that make one logged call and end at once, in two Podman and two Docker
# containers at the same time, with all processors busy. Each container has a call of its own, so that
# a call in the wrong one shows. Beside it a second daemon without the history of processes: what it
# cannot name it says. Then containers of runc's own that live for one call.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

PROCESSES=${PROCESSES:-5000}
RUNC_RUNS=${RUNC_RUNS:-40}
CONTAINERS=(podman:short1 podman:short2 docker:short3 docker:short4)
CALL_OF=(sched_getparam sched_getscheduler sched_get_priority_max sync_file_range)
RUNC_CALL=getitimer
SPINNERS=()

need_root
need podman docker dockerd runc busybox jq
e2e_begin
need_stream
start_waker
make_image
start_podman
start_docker

# ---- helpers -----------------------------------------------------------------------------------

spin() { # as many as there are processors, and as many again
	local i
	for ((i = 0; i < 2 * $(nproc); i++)); do
		"$BASH" -c 'while :; do :; done' &
		SPINNERS+=($!)
		E2E_PIDS+=($!)
	done
}

stop_spinning() {
	local pid
	for pid in "${SPINNERS[@]}"; do stop_pid "$pid"; done
	SPINNERS=()
}

start_other() { # the daemon without a history
	sed 's/^\[seccompd\]/&\nLineage=no/' "$E2E_DIR/seccompd.conf" >"$E2E_DIR/other.conf"
	"$SECCOMPD" --config "$E2E_DIR/other.conf" --ledger "$E2E_DIR/other.db" --no-journal >"$E2E_DIR/other.log" 2>&1 &
	OTHER=$!
	E2E_PIDS+=("$OTHER")
	# It holds its tally some time before it has joined anything.
	wait_until 20 eval 'other status --json | jq_holds ".running and .since != null"'
}

other() {
	"$SECCOMPCTL" --ledger "$E2E_DIR/other.db" "$@"
}

short_processes() { # I: a fifth of them starts a program first
	local engine=${CONTAINERS[$1]%%:*} name=${CONTAINERS[$1]#*:} n=$((PROCESSES / 4))
	"${engine}_run" "$name" "$STARTER" /bin/calls --fork $((n - n / 5)) --spawn $((n / 5)) "${CALL_OF[$1]}" \
		>/dev/null 2>>"$E2E_DIR/run.err"
}

calls_in() { # WORKLOAD: those of ours that it is said to have made
	ctl show "$1" --json 2>/dev/null |
		jq -r --arg ours "${CALL_OF[*]}" 'select(.syscall as $c | $ours | split(" ") | index($c)) | .syscall' | sort -u | xargs
}

sums_up() { # STATUS-JSON
	jq_holds '([.attribution[]] | add) == .records and .attribution.none == .unattributed' <<<"$1"
}

# ---- many short processes ----------------------------------------------------------------------

start_seccompd --no-journal || bail "seccompd does not start"
is "the history of processes is on" "$(status_field lineage.state)" on
check "a second daemon runs without it" start_other
is "and says so" "$(other status --json | jq -r .lineage.state)" off
spin
pids=()
for i in "${!CONTAINERS[@]}"; do
	short_processes "$i" &
	pids+=($!)
done
ran=0
for pid in "${pids[@]}"; do wait "$pid" && ran=$((ran + 1)); done
stop_spinning
is "the four containers have run to their end" "$ran" 4
for i in "${!CONTAINERS[@]}"; do
	check "${CONTAINERS[i]}: each of its $((PROCESSES / 4)) calls is its own" \
		wait_until 20 count_is "${CONTAINERS[i]}" "${CALL_OF[i]}" $((PROCESSES / 4))
	is "${CONTAINERS[i]}: and none of another's" "$(calls_in "${CONTAINERS[i]}")" "${CALL_OF[i]}"
	is "${CONTAINERS[i]}: the origin is the workload" \
		"$(ctl show "${CONTAINERS[i]}" --json | jq -r "select(.syscall == \"${CALL_OF[i]}\") | .origin" | sort -u)" workload
done
is "no event of a process was lost" "$(status_field lineage.lost)" 0
check "what is attributed and what is not make up all records" sums_up "$(ctl status --json)"
diag "with the history: $(ctl status --json | jq -c ".attribution, .lineage")"

found=0
for i in "${!CONTAINERS[@]}"; do
	n=$("$SECCOMPCTL" --ledger "$E2E_DIR/other.db" show "${CONTAINERS[i]}" --json 2>/dev/null |
		jq -s "[.[] | select(.syscall == \"${CALL_OF[i]}\") | .count] | add // 0")
	found=$((found + n))
done
diag "without it: $found of $PROCESSES, $(other status --json | jq -c .attribution)"
check "without the history fewer are named" test "$found" -lt "$PROCESSES"
check "and all records are accounted for" sums_up "$(other status --json)"

# ---- runc by hand ------------------------------------------------------------------------------

make_bundle() {
	mkdir -p "$E2E_DIR/bundle/rootfs"
	tar -C "$E2E_DIR/bundle/rootfs" -xf "$E2E_DIR/image.tar"
	(cd "$E2E_DIR/bundle" && runc spec) || return 1
	mv "$E2E_DIR/bundle/config.json" "$E2E_DIR/spec.json"
}

run_bundle() { # ID
	jq --arg id "$1" --arg call "$RUNC_CALL" --slurpfile profile "$STARTER" '
		.process.terminal = false | .process.args = ["/bin/calls", $call] | .root.path = "rootfs" |
		.process.rlimits = [] | .linux.cgroupsPath = "/docker/" + $id |
		.linux.seccomp = ($profile[0] | { defaultAction, architectures, syscalls: [.syscalls[] | { names, action }] })' \
		"$E2E_DIR/spec.json" >"$E2E_DIR/bundle/config.json"
	runc --root "$E2E_DIR/runc" run -b "$E2E_DIR/bundle" "$1" >/dev/null 2>>"$E2E_DIR/runc.err"
}

id_of() { # NUMBER
	printf '%064x' $(($$ * 100000 + $1))
}

calls_of_runc() { # prints: COUNT WORKLOAD
	local workload
	ctl list --all --json | jq -r .workload | while read -r workload; do
		echo "$(ledger_count "$workload" "$RUNC_CALL") $workload"
	done | grep -v '^0 '
}

all_of_runc() {
	calls_of_runc >"$E2E_DIR/runc.calls"
	[ "$(awk '{ n += $1 } END { print n + 0 }' "$E2E_DIR/runc.calls")" -ge "$RUNC_RUNS" ]
}

if make_bundle && run_bundle "$(id_of 0)"; then
	spin
	for ((i = 1; i < RUNC_RUNS; i++)); do run_bundle "$(id_of "$i")"; done
	stop_spinning
	check "all calls of $RUNC_RUNS containers of runc are counted" wait_until 60 all_of_runc
	for ((i = 0; i < RUNC_RUNS; i++)); do id_of "$i"; echo; done | sort >"$E2E_DIR/ids"
	is "none is given to the caller or to anybody else" \
		"$(sed 's/^[0-9]* //; s/.*\///' "$E2E_DIR/runc.calls" | grep -vx unattributed | sort | comm -13 "$E2E_DIR/ids" - | xargs)" ""
	is "none is given to another of them" "$(grep -v ' unattributed$' "$E2E_DIR/runc.calls" | grep -v '^1 ')" ""
	diag "runc: $(grep -vc ' unattributed$' "$E2E_DIR/runc.calls") of $RUNC_RUNS named"
else
	skip "containers of runc" "$(tail -n 1 "$E2E_DIR/runc.err" 2>/dev/null)"
fi

stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
