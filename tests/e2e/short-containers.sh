#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Containers that are gone, with all that their engine knew of them, before anybody looks: each still
# gets its own name and the filter that it ran under.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

N=${SHORT_CONTAINERS:-6}
KILLER=

need_root
need podman docker dockerd runc busybox jq
e2e_begin
need_stream
start_waker
make_image
start_podman
start_docker
mkdir "$E2E_DIR/cids"
KILLER=$E2E_DIR/killer.json
cat >"$KILLER" <<-END
	{ "defaultAction": "SCMP_ACT_ALLOW",
	  "syscalls": [ { "names": [ "getsid" ], "action": "SCMP_ACT_KILL_PROCESS" } ] }
END

row() { # WORKLOAD KEY
	ctl list --json | jq -r "select(.workload == \"$1\") | .$2"
}

# How many of ENGINE:NAME1 to N are in the ledger with exactly one such call.
named() { # ENGINE NAME CALL
	local i n=0
	for ((i = 1; i <= N; i++)); do
		[ "$(ledger_count "$1:$2$i" "$3")" != 1 ] || n=$((n + 1))
	done
	echo "$n"
}

all_named() { # ENGINE NAME CALL
	[ "$(named "$@")" = "$N" ]
}

# The stream is the host's: containers of others are none of ours.
run() { # ENGINE NAME PROFILE COMMAND...
	local engine=$1 name=$2 profile=$3
	shift 3
	"${engine}_" run --rm --name "$name" --cidfile "$E2E_DIR/cids/$engine-$name" --network none \
		${RUN_OPTIONS[@]+"${RUN_OPTIONS[@]}"} --security-opt seccomp="$profile" "$IMAGE" "$@" >/dev/null 2>&1
}

unconfirmed() {
	local id
	ctl list --json 2>/dev/null | jq -r '.workload | select(startswith("unconfirmed:"))' | while IFS=/ read -r _ id; do
		grep -lFx "$id" "$E2E_DIR"/cids/*
	done
}

# A call whose process was gone before it could be asked is unattributed.
all_there() { # ENGINE NAME CALL UNATTRIBUTED-BEFORE
	[ $(($(named "$1" "$2" "$3") + $(ledger_count unattributed "$3") - $4)) -ge "$N" ]
}

short_suite() { # ENGINE
	local engine=$1 i hash before
	run "$engine" long "$STARTER" /bin/calls --stay 3 getsid
	check "$engine: one that stays is named" wait_until 20 count_is "$engine:long" getsid 1
	hash=$(row "$engine:long" profile)
	[ -n "$hash" ] && [ "$hash" != null ] || not_ok "$engine: its filter is known" "no hash"

	before=$(ledger_count unattributed getsid)
	for ((i = 1; i <= N; i++)); do
		run "$engine" "short$i" "$STARTER" /bin/calls --linger 50 getsid
	done
	check "$engine: the calls of $N short containers are counted" wait_until 20 all_there "$engine" short getsid "$before"
	# Another test's call that is nobody's may have stood for one of ours.
	wait_until 5 all_named "$engine" short getsid
	is "$engine: each under its own name" "$(named "$engine" short getsid)" "$N"
	is "$engine: all with the filter that they ran under" \
		"$(ctl list --json | jq -r "select(.workload | startswith(\"$engine:short\")) | .profile" | sort | uniq -c | xargs)" \
		"$N $hash"

	before=$(ledger_count unattributed sysinfo)
	for ((i = 1; i <= N; i++)); do
		run "$engine" "flash$i" "$STARTER" /bin/calls sysinfo
	done
	check "$engine: the calls of $N that end at once are counted" wait_until 20 all_there "$engine" flash sysinfo "$before"
	diag "$engine: of $N containers that end within a millisecond of their call" \
		"$(named "$engine" flash sysinfo) are named, the others had no process left to ask"

	before=$(ledger_count unattributed getsid)
	for ((i = 1; i <= 5; i++)); do
		run "$engine" "killed$i" "$KILLER" /bin/calls getsid
	done
	N=5 check "$engine: the calls of 5 killed containers are counted" wait_until 20 all_there "$engine" killed getsid "$before"
	diag "$engine: of 5 killed containers $(N=5 named "$engine" killed getsid) are named"

	restart_suite "$engine"
}

restart_suite() { # ENGINE
	local engine=$1
	"${engine}_" run --name again --network none --security-opt seccomp="$STARTER" \
		${RUN_OPTIONS[@]+"${RUN_OPTIONS[@]}"} "$IMAGE" /bin/calls --linger 50 getsid >/dev/null 2>&1
	"${engine}_" start again >/dev/null 2>&1
	check "$engine: a restarted container is the same workload" wait_until 20 count_is "$engine:again" getsid 2
	remove "$engine" again
	is "$engine: it does not run any more" "$(row "$engine:again" running)" false
}

start_seccompd --no-journal || bail "seccompd does not start"
RUN_OPTIONS=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
short_suite podman
RUN_OPTIONS=()
short_suite docker
is "none of them is left without its name" "$(unconfirmed)" ""
is "which was looked for" "$(find "$E2E_DIR/cids" -type f | wc -l)" $((2 * (2 * N + 6)))
is "all that is kept of them is counted" "$(ctl status --json | jq -c ".containers | [.appeared >= $((2 * (2 * N + 6))), .ended > 0, .refused, .dropped, .unwatched]")" \
	"[true,true,0,0,0]"
is "no record was lost" "$(status_field serial_gaps) $(status_field enobufs) $(status_field rejected)" "0 0 0"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
