#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The list on the first day: containers that made no call outside of their profile, with the profile
# that they run under.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman docker dockerd runc busybox jq setpriv dbus-daemon
e2e_begin
need_stream
make_image
start_podman
start_docker

row() { # WORKLOAD
	ctl list --json | jq -r "select(.workload == \"$1\") |
		[.runtime, .stage, .visibility, .running, .sightings, .last] | map(tostring) | join(\" \")"
}

rows() { # PREFIX
	ctl list --json 2>/dev/null | jq -r .workload | grep -c "^$1"
}

is_quiet_and_over() { # WORKLOAD
	[ "$(row "$1" | cut -d' ' -f4,5)" = "false 0" ]
}

start() { # ENGINE NAME OPTION...
	local engine=$1 name=$2
	shift 2
	"${engine}_" run -d --name "$name" --network none ${RUN_OPTIONS[@]+"${RUN_OPTIONS[@]}"} "$@" \
		"$IMAGE" /bin/sleep 300 >/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
}

suite() { # ENGINE
	local engine=$1
	start "$engine" quiet
	is "$engine: a container under the default profile is listed, and blind" \
		"$(row "$engine:quiet")" "$engine errno blind true 0 null"
	start "$engine" free --security-opt seccomp=unconfined
	is "$engine: one without a profile is blind" "$(row "$engine:free")" "$engine other blind true 0 null"
	check "$engine: it is called unconfined" grep -q "^$engine:free  *yes  *unconfined " <(ctl list)
	check "$engine: the way in is told" grep -q "is to run$" <(ctl list)
	start "$engine" seen --security-opt seccomp="$STARTER"
	check "$engine: the runtime's own calls make it a workload with records" \
		wait_until 20 eval "[ \$(ledger_count $engine:seen epoll_ctl) -gt 0 ]"
	is "$engine: it is one row" "$(rows "$engine:seen")" 1
	is "$engine: which has the stage of now" "$(row "$engine:seen" | cut -d' ' -f1-4)" "$engine log full true"
	remove "$engine" quiet free seen
	check "$engine: what ended without a record stays, without one" wait_until 20 is_quiet_and_over "$engine:quiet"
	is "$engine: what ended with one is" "$(row "$engine:seen" | cut -d' ' -f4)" false
}

# ---- a unit, whose filter systemd knows: ours, on a bus of ours ---------------------------------

unit_suite() {
	in_unit kills.service "$CALLS" --pause 50000 flood 4 "$OWN_CALL"
	check "a unit's calls are counted" wait_until 20 count_is unit:kills.service "$OWN_CALL" 4
	is "under the filter that systemd tells" \
		"$(ctl show unit:kills.service --json | jq -r .profile | sort -u)" \
		"$(ctl list --json | jq -r 'select(.workload == "unit:kills.service") | .profile')"
	# Its program brought a filter of its own, at LOG, which is not what one at KILL answers.
	is "in no stage, as the records say otherwise" "$(row unit:kills.service | cut -d' ' -f2-3)" "other full"
	check "which is said" grep -q "unit:kills.service" <(ctl list 2>&1 | grep -i "kill" | grep -v "^unit:kills.service ")
}

start_bus
start_seccompd --no-journal || bail "seccompd does not start"
RUN_OPTIONS=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
suite podman
RUN_OPTIONS=()
suite docker
unit_suite
chmod -R a+rX "$E2E_DIR"/ledger.db*
chmod 0700 "$E2E_DIR/docker" "$E2E_DIR/podman"
setpriv --reuid 65534 --regid 65534 --clear-groups "$SECCOMPCTL" --ledger "$E2E_DIR/ledger.db" list --json \
	>"$E2E_DIR/out" 2>"$E2E_DIR/err"
is "who may not read state gets the ledger's list" "$?" 0
check "and one sentence that says what is missing" grep -q \
	'^seccompctl list: the state of container runtimes cannot be read, so running containers without a record are missing here: be root$' "$E2E_DIR/err"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
