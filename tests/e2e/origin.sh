#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who in a container made a call: its own program, also after a restart and when it was there before
# the daemon; what docker exec and podman exec bring in; one that is killed for its call; and one that
# is gone with its container when the record is read.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman docker dockerd runc busybox jq pgrep
e2e_begin
need_stream
start_waker
make_image
start_podman
start_docker

origins() { # WORKLOAD SYSCALL
	ctl show "$1" --json 2>/dev/null | jq -r "select(.syscall == \"$2\") | .origin" | sort -u | xargs
}

origin_is() { # WORKLOAD SYSCALL ORIGIN
	[ "$(origins "$1" "$2")" = "$3" ]
}

starts() { # ENGINE NAME PROFILE COMMAND...
	local engine=$1 name=$2 profile=$3
	shift 3
	set -- run --detach --name "$name" --network none --security-opt seccomp="$profile" "$IMAGE" "$@"
	[ "$engine" = docker ] || set -- "$1" --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 "${@:2}"
	"${engine}_" "$@" >>"$E2E_DIR/run.log" 2>&1
}

# By name, or, where the engine's own files were gone too soon for that, by the container's id.
killed_is_named() { # ENGINE
	local id
	id=$("${1}_" inspect --format '{{.Id}}' "$1-killed")
	count_is "$1:$1-killed" mincore 1 && origin_is "$1:$1-killed" mincore workload && return
	count_is "unconfirmed:$1/$id" mincore 1 && origin_is "unconfirmed:$1/$id" mincore workload
}

# What was brought in is the container's as well, for who asks about its process.
exec_is_identified() { # ENGINE
	local pid command="/bin/sleep $((100000 + OWN_CALL))"
	# shellcheck disable=SC2086
	"${1}_" exec "$1-web" $command >/dev/null 2>&1 &
	E2E_PIDS+=($!)
	wait_until 20 pgrep -f -x "$command" >/dev/null
	pid=$(pgrep -f -x "$command")
	is "$1: identify knows a living process of an exec" \
		"$("$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" identify "$pid" --json | jq -r '"\(.kind) \(.runtime) \(.confirmed) \(.workload) \(.stage)"')" \
		"container $1 true $1:$1-web log"
	[ -z "$pid" ] || kill -KILL "$pid"
}

engine_suite() { # ENGINE
	local engine=$1
	check "$engine: a container runs" starts "$engine" "$engine-web" "$STARTER" \
		/bin/sh -c 'rm -f /tmp/go; calls sched_getparam; while [ ! -e /tmp/go ]; do sleep 1; done; calls getpriority; : >/tmp/done; sleep 60'
	check "$engine: its program's call is the workload's" wait_until 20 origin_is "$engine:$engine-web" sched_getparam workload
	check "$engine exec runs" "${engine}_" exec "$engine-web" /bin/calls --stay 1 sched_getscheduler
	check "$engine exec's call is told apart" wait_until 20 origin_is "$engine:$engine-web" sched_getscheduler exec
	check "$engine exec of a shell runs" "${engine}_" exec "$engine-web" /bin/sh -c 'calls --fork 20 --spawn 20 sync_file_range; sleep 1'
	check "and so are those of its children" wait_until 20 count_is "$engine:$engine-web" sync_file_range 40
	is "and nothing else" "$(origins "$engine:$engine-web" sync_file_range)" exec
	exec_is_identified "$engine"
	"${engine}_" restart --time 0 "$engine-web" >/dev/null
	is "$engine: it is restarted" "$?" 0
	check "its program's call counts again" wait_until 20 count_is "$engine:$engine-web" sched_getparam 2
	is "and is the workload's again" "$(origins "$engine:$engine-web" sched_getparam)" workload
	check "$engine exec after the restart" "${engine}_" exec "$engine-web" /bin/calls --stay 1 getcpu
	check "is still told apart" wait_until 20 origin_is "$engine:$engine-web" getcpu exec

	sed 's/"defaultAction": *"SCMP_ACT_LOG"/"defaultAction": "SCMP_ACT_LOG"/; s/"syscalls": \[/&{ "names": ["mincore"], "action": "SCMP_ACT_KILL_PROCESS" },/' \
		"$STARTER" >"$E2E_DIR/kill.json"
	starts "$engine" "$engine-killed" "$E2E_DIR/kill.json" /bin/calls mincore
	check "$engine: a program that is killed for its call is named" wait_until 20 killed_is_named "$engine"

	# Stopped, the daemon reads the record when there is neither process nor container any more.
	kill -STOP "$SECCOMPD_PID"
	"${engine}_" exec "$engine-web" /bin/sh -c ': >/tmp/go; while [ ! -e /tmp/done ]; do sleep 0.1; done' >/dev/null 2>&1
	remove "$engine" "$engine-web"
	kill -CONT "$SECCOMPD_PID"
	check "$engine: the call of a container that is gone is named" wait_until 20 count_is "$engine:$engine-web" getpriority 1
	is "as the workload's" "$(origins "$engine:$engine-web" getpriority)" workload
}

# ---- containers of before ----------------------------------------------------------------------

check "a container runs before the daemon does" starts docker early "$STARTER" \
	/bin/sh -c 'while [ ! -e /tmp/go ]; do sleep 1; done; calls sched_get_priority_max; while :; do sleep 1; done'
docker_ exec early /bin/sh -c 'while [ ! -e /tmp/go ]; do sleep 1; done; calls getresuid; sleep 60' >/dev/null 2>&1 &
E2E_PIDS+=($!)
wait_until 20 eval 'docker_ top early | grep -q getresuid'
start_seccompd --no-journal || bail "seccompd does not start"
docker_ exec early /bin/sh -c ': >/tmp/go'
check "a call of its program is the workload's" wait_until 20 origin_is docker:early sched_get_priority_max workload
check "and that of an exec of before is told apart" wait_until 20 origin_is docker:early getresuid exec

engine_suite podman
engine_suite docker
is "no event of a process was lost" "$(status_field lineage.lost)" 0
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
