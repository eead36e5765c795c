#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Podman as Debian has it: crun, cgroup v2, the systemd cgroup manager. A container's whole way from LOG over
# ERRNO, where crun lets denials be seen, and back, to KILL_PROCESS; by the gate, never by force.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

profile=$work/web.json
RUNTIME=crun
cp "$STARTER" "$profile"
unattributed=$(status_field unattributed)

engine() { # KEY
	podman info --format "{{.Host.$1}}"
}

# The container makes these calls, then lives until it is told to end.
up() { # CALL...
	podman run --runtime "$RUNTIME" --detach --rm --name web --network none --security-opt seccomp="$profile" "$IMAGE" \
		/bin/sh -c "/bin/calls $*; "'trap "exit 0" TERM; while :; do sleep 0.1; done'
}

# The name is free a little after the end.
is_gone() {
	! podman container exists web
}

down() {
	is_gone && return
	podman stop --time 10 web && wait_until 20 is_gone
}

once() { # CALL...: what the program answered
	podman run --runtime "$RUNTIME" --rm --name web --network none --security-opt seccomp="$profile" "$IMAGE" /bin/calls "$@" \
		>"$work/once" 2>&1
}

seen() { # WORKLOAD SYSCALL ACTION
	ctl show "$1" --json 2>/dev/null |
		jq -s "[.[] | select(.syscall == \"$2\" and .action == \"SCMP_ACT_$3\") | .count] | add // 0"
}

seen_is() { # WORKLOAD SYSCALL ACTION COUNT
	[ "$(seen "$1" "$2" "$3")" = "$4" ]
}

listed() { # KEY
	ctl list --json | jq -r "select(.workload == \"podman:web\") | .$1"
}

gate() { # STAGE
	ctl gate podman:web --to "$1" >"$work/gate" 2>&1
}

gate_is() { # STAGE STATUS
	gate "$1"
	[ $? = "$2" ]
}

# A start, a graceful end and another start of a container that makes no new call: the gate opens.
gets_ready() { # STAGE CALL...
	local to=$1 try
	shift
	for try in 1 2 3; do
		up "$@" && down && up "$@" || return
		wait_until 10 gate_is "$to" 0 && down && return
		diag "try $try: $(ctl gate podman:web --to "$to" --json | jq -r \
			'select(.verdict? and .criterion and .verdict != "ready") | "\(.criterion): \(.value) \(.reason)"')"
		down
	done >"$work/cycles"
	return 1
}

promoted() { # STAGE
	ctl promote podman:web --to "$1" --profile "$profile" --runtime crun --apply --why "a test" >"$work/promote" 2>&1
	is "promote --to $1, by the gate" $? 0 || diag "$(cat "$work/promote")"
}

is "the cgroup manager" "$(engine CgroupManager)" systemd
is "of version" "$(engine CgroupsVersion)" v2
is "the runtime" "$(engine OCIRuntime.Name)" crun
make_image
check "an image" podman import "$work/image.tar" "$IMAGE"

# ---- stage log
gate errno
is "the gate does not know what was never seen" $? 2
check "a container runs" up times getcpu
check "its calls are seen" wait_until 20 seen_is podman:web times LOG 1
read -r id pid conmon < <(podman inspect --format '{{.Id}} {{.State.Pid}} {{.State.ConmonPid}}' web)
check "it is in a scope of systemd's" grep -q "^0::/machine.slice/libpod-$id.scope" "/proc/$pid/cgroup"
is "and identified by its pid" "$(ctl identify "$pid" --json | jq -r .id)" "$id"
is "its monitor is no container" "$(ctl identify "$conmon" --json | jq -r .container)" false
is "the list names it" "$(listed '| "\(.runtime) \(.name) \(.image) \(.stage) \(.visibility) \(.running)"')" \
	"podman web $IMAGE log full true"
is "with its profile" "$(listed profile_source)" "$profile"
gate errno
check "the gate is closed" test $? = 1 -o $? = 5
check "it ends" down
ctl suggest podman:web --profile "$profile" --apply >"$work/suggest" 2>&1
is "a patch is offered, and applied" $? 1
check "both calls are in it" test "$(jq '[.syscalls[].names[]] | contains(["times", "getcpu"])' "$profile")" = true
cp "$profile" "$work/patched.json"
if gets_ready errno times getcpu; then
	ok "the gate opens"
else
	not_ok "the gate opens" "$(cat "$work/gate")"
fi

# ---- stage errno: denials are seen
promoted errno
is "with both flags" "$(jq -c '.flags | sort' "$profile")" '["SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_SPEC_ALLOW"]'
once times getcpu
is "what was learned works" $? 0 || diag "$(cat "$work/once")"
once getresuid getresuid getresuid
is "a new call is refused" $? 1
check "each denial is seen, and the workload's" wait_until 20 seen_is podman:web getresuid ERRNO 3
check "which is its own container's entry" has_entry CONTAINER_NAME=web SECCOMP_SYSCALL=getresuid SECCOMP_ACTION=SCMP_ACT_ERRNO
check "at stage errno" has_entry CONTAINER_NAME=web SECCOMP_SYSCALL=getresuid SECCOMP_STAGE=errno
is "visibility is full" "$(listed visibility)" full
check "the gate is lost" gate_is kill 1
ctl suggest podman:web --profile "$profile" --json >"$work/suggest"
is "the call is suggested" "$(jq -r 'select(.syscall == "getresuid") | .advice' "$work/suggest")" allow

# ---- back, learn, and on again
check "demote" ctl demote podman:web --apply
check "to the same bytes" cmp "$profile" "$work/patched.json"
printf '[workload podman:web]\nGateRollbackTested=yes\n' >/etc/seccompd/seccompd.conf.d/web.conf
once getresuid
is "the call works again" $? 0
check "and is logged" wait_until 20 seen_is podman:web getresuid LOG 1
ctl suggest podman:web --profile "$profile" --apply >"$work/suggest" 2>&1
is "it is learned" $? 1
if gets_ready errno times getcpu getresuid; then
	ok "the gate opens again"
else
	not_ok "the gate opens again" "$(cat "$work/gate")"
fi
promoted errno
if gets_ready kill times getcpu getresuid; then
	ok "and to kill, without a denial"
else
	not_ok "and to kill, without a denial" "$(cat "$work/gate")"
fi

# ---- stage kill
promoted kill
once times getcpu getresuid
is "what was learned works" $? 0 || diag "$(cat "$work/once")"
once getsid
is "a new call ends the process" $? 159
check "the killed call is the workload's" wait_until 20 seen_is podman:web getsid KILL_PROCESS 1
check "the journal has it" wait_until 10 has_entry CONTAINER_NAME=web SECCOMP_SYSCALL=getsid
is "with the priority of a warning" "$(entries CONTAINER_NAME=web SECCOMP_SYSCALL=getsid | jq -r '"\(.PRIORITY) \(.SECCOMP_ACTION)"')" \
	"4 SCMP_ACT_KILL_PROCESS"
is "the other records of the kernel's about it are no calls" "$(seen podman:web getsid KILL_THREAD)" 0

# ---- runc under the same manager
RUNTIME=runc
cp "$STARTER" "$profile"
once getitimer
is "runc: a call works" $? 0
check "runc: and is the workload's" wait_until 20 seen_is podman:web getitimer LOG 1
is "nothing was left unattributed" "$(status_field unattributed)" "$unattributed"
done_testing
