# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A real server through all stages: its calls are collected at LOG, suggested, patched in; then the same
# load must work at ERRNO and at KILL_PROCESS. Source it behind lib.sh and e2e_begin. A test sets SERVER (its
# name), COMMAND, NEEDED (a call without which the load fails) and SERVER_OPTIONS (of podman run), and has
# server_files, server_answers PID, server_load PID OUT (fails when any request failed) and server_life PID
# (reload, reopen, graceful stop: ends the server).

: "${top:?}"
SERVER_ROOT=$E2E_DIR/image
SERVER_OPTIONS=()

# A program of this machine with what it is linked to.
add_program() { # PATH...
	local path lib
	for path; do
		install -D "$path" "$SERVER_ROOT$path" || return
		while read -r lib; do
			[ -e "$SERVER_ROOT$lib" ] || install -D "$lib" "$SERVER_ROOT$lib" || return
		done < <(ldd "$path" | grep -o '/[^ ]*')
	done
}

# Where names are asked for: glibc loads this when it is needed.
add_users() {
	local lib
	mkdir -p "$SERVER_ROOT/etc" "$SERVER_ROOT/tmp" "$SERVER_ROOT/run" "$SERVER_ROOT/dev" && chmod 1777 "$SERVER_ROOT/tmp"
	printf 'root:x:0:0::/:/bin/sh\n%s:x:33:33::/:/bin/sh\n' "$1" >"$SERVER_ROOT/etc/passwd"
	printf 'root:x:0:\n%s:x:33:\n' "$1" >"$SERVER_ROOT/etc/group"
	for lib in $(ldconfig -p | grep -o '/[^ ]*libnss_files.so.2'); do install -D "$lib" "$SERVER_ROOT$lib"; done
}

server_image() {
	make_image
	server_files || bail "the image of $SERVER cannot be made"
	tar -C "$SERVER_ROOT" -cf "$E2E_DIR/image.tar" .
	start_podman
}

server_pid() {
	podman_ inspect --format '{{.State.Pid}}' "$SERVER"
}

in_its_network() { # PID COMMAND...
	timeout 60 nsenter --net="/proc/$1/ns/net" "${@:2}"
}

server_start() { # PROFILE: sets PID
	podman_ run --detach --name "$SERVER" --log-opt max-size=1mb --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
		${SERVER_OPTIONS[@]+"${SERVER_OPTIONS[@]}"} --security-opt seccomp="$1" "$IMAGE" "${COMMAND[@]}" >"$E2E_DIR/started" 2>"$E2E_DIR/run.err" ||
		{ diag "$(cat "$E2E_DIR/run.err")"; return 1; }
	PID=$(server_pid)
	wait_until 20 server_answers_or_is_over "$PID"
	! server_is_over
}

server_answers_or_is_over() { # PID
	server_answers "$1" || server_is_over
}

server_is_over() {
	[ "$(podman_ inspect --format '{{.State.Running}}' "$SERVER")" = false ]
}

# Its whole life: start, load, reload and whatever else it knows, a graceful stop. The status it ended with.
server_run() { # PROFILE
	local status=0
	server_start "$1" || status="no start"
	[ "$status" = 0 ] && { server_load "$PID" "$E2E_DIR/load" || status="load"; }
	[ "$status" = 0 ] && { server_life "$PID" || status="life"; }
	[ "$status" = 0 ] && { wait_until 20 server_is_over || status="no end"; }
	[ "$status" = 0 ] && status=$(podman_ inspect --format '{{.State.ExitCode}}' "$SERVER")
	[ "$status" = 0 ] || diag "$status: $(podman_ logs "$SERVER" 2>&1 | tail -n 5) $(tail -n 5 "$E2E_DIR/load" 2>/dev/null)"
	podman_ rm --force --time 0 "$SERVER" >/dev/null 2>&1
	[ "$status" = 0 ]
}

records_of_it() {
	ctl show "podman:$SERVER" --json 2>/dev/null | jq -s 'map(.count) | add // 0'
}

# Everything sent so far is in the ledger: two looks behind a record of our own see no change.
settled() {
	local mark=$((OWN_CALL + RANDOM % 10000 + 20000)) before
	"$CALLS" flood 1 "$mark" && wait_until 20 total_is "$mark" 1 || return
	before=$(records_of_it)
	"$CALLS" flood 1 $((mark + 1)) && wait_until 20 total_is $((mark + 1)) 1 && [ "$(records_of_it)" = "$before" ]
}

at_stage() { # FROM TO ACTION
	jq --arg action "$3" '.defaultAction = $action | if $action == "SCMP_ACT_ERRNO" then .defaultErrnoRet = 1 else del(.defaultErrnoRet) end' "$1" >"$2"
}

names_in() {
	jq '[.syscalls[] | select(.action == "SCMP_ACT_ALLOW") | .names[]] | unique | length' "$1"
}

# What the server does beyond PROFILE is found, offered, and enough.
server_through_the_stages() { # PROFILE
	local profile=$E2E_DIR/profile.json next=$E2E_DIR/next.json default=$top/../shared/data/profiles/moby-default-v20.10.json
	cp "$1" "$profile"
	check "$SERVER runs at LOG" server_run "$profile"
	check "its calls are in the ledger" wait_until 20 settled
	ctl suggest "podman:$SERVER" --profile "$profile" -o "$next" >"$E2E_DIR/suggestion"
	is "calls are offered" $? 1
	check "the patch is proved and written" test -s "$next"
	is "nothing waits for a decision" "$(ctl suggest "podman:$SERVER" --profile "$profile" --json |
		jq -r 'select(.advice == "review" or .advice == "arguments-needed" or .advice == "capability") | .syscall' | xargs)" ""
	check "$SERVER runs at LOG with them" server_run "$next"
	check "that is in the ledger too" wait_until 20 settled
	is "nothing more is offered" "$(ctl suggest "podman:$SERVER" --profile "$next" --json | jq -c 'select(.summary) | .newly_allowed')" "[]"
	at_stage "$next" "$E2E_DIR/errno.json" SCMP_ACT_ERRNO
	check "at ERRNO no request fails" server_run "$E2E_DIR/errno.json"
	at_stage "$next" "$E2E_DIR/kill.json" SCMP_ACT_KILL_PROCESS
	check "at KILL_PROCESS no request fails" server_run "$E2E_DIR/kill.json"
	jq --arg needed "$NEEDED" 'del(.syscalls[].names[] | select(. == $needed))' "$E2E_DIR/errno.json" >"$E2E_DIR/less.json"
	if server_run "$E2E_DIR/less.json" >/dev/null; then
		not_ok "without $NEEDED it fails"
	else
		ok "without $NEEDED it fails"
	fi
	diag "$SERVER: $(names_in "$profile") names before, $(names_in "$next") after$(
		[ ! -e "$default" ] || echo "; Docker's default of 20.10 has $(names_in "$default")")"
}
