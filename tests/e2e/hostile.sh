#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Containers that attack at the same time, each in its own way, while another makes a known number of
# calls: its evidence is exact, the daemon stays within its bounds, and who floods is named.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private bash "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/load-lib.sh
. "$top/tests/e2e/load-lib.sh"

HOSTILE_SECONDS=${HOSTILE_SECONDS:-3}
ROUNDS=$((4 * HOSTILE_SECONDS)) # of the victim
LOOP=20                         # calls of each kind in a round
RSS_MAX_KB=32768
CPU_MAX=160 # % of a processor: the reader's thread and the writer's

need_root
need podman runc busybox jq journalctl "$JOURNALD"
e2e_begin
need_stream
start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
make_image "$HOSTILE"
start_podman
start_waker
start_seccompd || bail "seccompd does not start"

starts() { # NAME OPTION... -- COMMAND...
	local name=$1 options=()
	shift
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	podman_ run --detach --name "$name" --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
		--security-opt seccomp="$STARTER" ${options[@]+"${options[@]}"} "$IMAGE" "$@" >>"$E2E_DIR/run.log" 2>&1
}

attacks() { # KIND ARGUMENT...
	starts "$1" -- /bin/hostile --seconds "$HOSTILE_SECONDS" "${@:2}" "$1" ${DIR:+"$DIR"}
}

made_by() { # NAME: what it says itself
	podman_ logs "$1" 2>>"$E2E_DIR/run.log" | made_of /dev/stdin
}

# Before all others, so that its name is there to be taken.
victim() {
	starts victim -- /bin/sh -c "i=0; while [ \$i -lt $ROUNDS ]; do
		calls --loop $LOOP getpriority times; calls --fork 5 mincore; sleep 0.2; i=\$((i + 1)); done"
}

# Cgroups below its own, with the names that the victim has and would have.
names() {
	local id
	id=$(podman_ inspect --format '{{.Id}}' victim)
	# shellcheck disable=SC2016
	starts names --privileged --cgroupns private -- /bin/sh -c '
		for name in "libpod-$1" "libpod-$1.scope" "docker-$1.scope" "docker/$1"; do
			for root in /sys/fs/cgroup /sys/fs/cgroup/*; do
				[ -e "$root/cgroup.procs" ] || continue
				busybox mkdir -p "$root/$name" && echo $$ >"$root/$name/cgroup.procs" && echo "is in $name"
			done
			calls --loop 10 sched_getparam
			calls --fork 10 sched_getparam
		done 2>/dev/null' names "$id"
}

check "a victim runs" victim
cpu=$(cpu_ms "$SECCOMPD_PID") began=$(now_ms) records=$(status_field records)
pids=()
for kind in numbers comms forks programs; do
	# Once all its slots are taken, it may end.
	options=()
	[ "$kind" != numbers ] || options=(--seconds 0 --count 6000)
	DIR=$([ "$kind" != programs ] || echo /tmp) attacks "$kind" ${options[@]+"${options[@]}"} --call $((OWN_CALL + ${#pids[@]})) &
	pids+=($!)
done
names &
pids+=($!)
started=0
for pid in "${pids[@]}"; do wait "$pid" && started=$((started + 1)); done
is "five others attack" "$started" 5
podman_ wait numbers comms forks programs names victim >/dev/null 2>&1
cpu=$(($(cpu_ms "$SECCOMPD_PID") - cpu)) took=$(($(now_ms) - began))

# ---- the victim --------------------------------------------------------------------------------

victims() { # prints the counts of its calls by name
	ctl show podman:victim --json >"$E2E_DIR/victim" 2>/dev/null
	jq -rs '[.[] | { name: (.syscall // "\(.nr)"), count }] | group_by(.name)[] | "\(.[0].name) \(map(.count) | add)"' "$E2E_DIR/victim" |
		grep -E '^(getpriority|times|mincore|sched_getparam|[0-9]+) ' | xargs
}
wanted="getpriority $((ROUNDS * LOOP)) mincore $((ROUNDS * 5)) times $((ROUNDS * LOOP))"
victim_is_exact() {
	[ "$(victims)" = "$wanted" ]
}

# Those of processes that end at once as well, and nobody else's.
wait_until 20 victim_is_exact
is "the victim's calls are exact" "$(victims)" "$wanted"
# What cannot be named is another test's just as well: it is not asked here.
is "no loss is everybody's, and none is its own" \
	"$(ctl gate podman:victim --to errno --json | jq -r 'select(.summary) | .losses[].kind' | grep -v unattributed | sort -u | xargs)" ""
ctl status --json >"$E2E_DIR/status"
is "no serial is missing, the kernel dropped nothing, no event of a process was lost" \
	"$(jq -c '[.serial_gaps, .enobufs, .lineage.lost]' "$E2E_DIR/status")" "[0,0,0]"

# ---- the attackers -----------------------------------------------------------------------------

i=0
for kind in numbers comms forks programs; do
	made=$(made_by $kind)
	if [ "$kind" != numbers ]; then
		wait_until 20 count_is "podman:$kind" $((OWN_CALL + i)) "$made"
		is "$kind: all its $made calls are its own" "$(ledger_count "podman:$kind" $((OWN_CALL + i)))" "$made" ||
			diag "of all: $(total_of $((OWN_CALL + i))), unattributed $(ledger_count unattributed $((OWN_CALL + i)))"
	fi
	i=$((i + 1))
done
made=$(made_by numbers)
dropped() {
	ctl list --json | jq -r 'select(.workload == "podman:numbers") | .dropped'
}
numbers_are_told() { # more are not made than there are: the shell, the runtime
	local all
	all=$(($(ctl show podman:numbers --json | jq -s '[.[] | select(.syscall == null) | .count] | add // 0') + $(dropped)))
	[ "$all" = "$made" ]
}
check "numbers: what is counted and what is said to be dropped make up its $made calls" wait_until 20 numbers_are_told
check "names: it was where it wanted to be" grep -q "is in libpod-" <(podman_ logs names 2>&1)
check "names: all its calls are its own" wait_until 20 count_is podman:names sched_getparam 80
ctl status --json >"$E2E_DIR/status"
check "status names who makes too many different calls" \
	grep -qx podman:numbers <(jq -r '.dropped[].workload' "$E2E_DIR/status")
check "and who is busiest: none of them comes behind the victim" jq_holds \
	'.busiest.workloads | map(.workload) | index("podman:forks") < (index("podman:victim") // 99)' "$E2E_DIR/status"
check "for people, too" grep -q '^The busiest of the last ' <(ctl status)
for kind in comms programs; do
	ctl show podman:$kind >"$E2E_DIR/$kind.show"
	ctl show podman:$kind --json >"$E2E_DIR/$kind.json.show"
done
check "what a process calls itself is shown" grep -qF '\\x1B[2J\\x0A' "$E2E_DIR/comms.json.show"
check "and its program" grep -qF '/tmp/\x1B[31mprogram\x0A' "$E2E_DIR/programs.show"
check "and does nothing to a terminal" eval '! grep -q "[[:cntrl:]]" "$E2E_DIR"/*.show'

# ---- the bounds --------------------------------------------------------------------------------

most=$(status_kb "$SECCOMPD_PID" VmHWM)
diag "$(($(status_field records) - records)) records in $took ms; $cpu ms of a processor ($((100 * cpu / took)) %); $most KiB at most"
check "memory stays within its bound" test "$most" -le "$RSS_MAX_KB"
check "so does the use of processors" test $((100 * cpu / took)) -le "$CPU_MAX"
most=$(most_entries "$SECCOMPD_PID")
diag "journal: $most entries in 30 s at most"
check "the journal gets no more than its share" test "$most" -le 200 -a "$most" -gt 0
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
