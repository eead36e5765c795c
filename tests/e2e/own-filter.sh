#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs in containers that load a filter of their own: their calls are marked, those of all others
# are not, whatever the engine puts around them, and what only they made is left to a person.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman docker dockerd runc busybox jq
grep -q '^Seccomp_filters:' /proc/self/status || skip_all "this kernel does not tell the number of filters"
e2e_begin
need_stream
make_image
start_podman
start_docker

of() { # WORKLOAD SYSCALL: "COUNT OWN_FILTER"
	ctl show "$1" --json 2>/dev/null | jq -rs "[.[] | select(.syscall == \"$2\")] | \"\([.[].count] | add) \([.[].own_filter] | add)\""
}

of_is() { # WORKLOAD SYSCALL WANTED
	[ "$(of "$1" "$2")" = "$3" ]
}

advice() { # WORKLOAD SYSCALL
	ctl suggest "$1" --profile "$STARTER" --json 2>/dev/null | jq -r "select(.syscall == \"$2\") | .advice + \" \" + .reason"
}

begin() { # ENGINE OPTION...
	local engine=$1 name
	shift
	name=$engine-own-$#
	"${engine}_" run --detach --name "$name" --network none --security-opt seccomp="$STARTER" "$@" "$IMAGE" /bin/sh -c \
		'calls --linger 300 times; calls --pause 100000 flood 3 getpriority; calls --linger 300 getsid
		calls --linger 300 getitimer; calls --pause 100000 flood 3 getitimer; sleep 60' >/dev/null 2>"$E2E_DIR/run.err" ||
		diag "$(cat "$E2E_DIR/run.err")"
	"${engine}_" exec "$name" /bin/calls --linger 300 sched_getparam >/dev/null 2>&1
}

suite() { # ENGINE OPTION...
	local engine=$1 name
	shift
	name=$engine-own-$#
	check "$name: calls of programs with a filter of their own are marked" wait_until 20 of_is "$engine:$name" getpriority "3 3"
	check "$name: those before and behind it are not" wait_until 20 of_is "$engine:$name" getsid "1 0"
	is "$name: nor the first" "$(of "$engine:$name" times)" "1 0"
	check "$name: nor those of an exec" wait_until 20 of_is "$engine:$name" sched_getparam "1 0"
	check "$name: a call of both sorts is one sighting" wait_until 20 of_is "$engine:$name" getitimer "4 3"
	is "$name: of the runtime's own none is marked" \
		"$(ctl show "$engine:$name" --json | jq -s '[.[] | select(.origin == "runtime-init") | .own_filter] | add // 0')" 0
	is "$name: what only they made is for a person" "$(advice "$engine:$name" getpriority | cut -d, -f1)" \
		"review only programs that had loaded a filter of their own made it"
	is "$name: what others made too is offered" "$(advice "$engine:$name" getitimer | cut -d' ' -f1)" allow
	remove "$engine" "$name"
}

start_seccompd --no-journal || bail "seccompd does not start"
ULIMITS=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
begin docker
begin docker --init
begin podman "${ULIMITS[@]}"
suite docker
suite docker --init
suite podman "${ULIMITS[@]}"
stop_seccompd
done_testing
