#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl doctor on a host as it is on the first day: what it finds, and that each remedy, followed to
# the letter, clears the finding.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

ACTIONS=/proc/sys/kernel/seccomp/actions_logged

need_root
need docker dockerd podman runc busybox jq auditctl sysctl unshare
e2e_begin
need_stream
make_image
write_config

# The commands that doctor prints call the programs by their names.
mkdir "$E2E_DIR/bin" "$E2E_DIR/here"
ln -s "$(realpath "$SECCOMPCTL")" "$E2E_DIR/bin/seccompctl"
ln -s "$(realpath "$SECCOMPD")" "$E2E_DIR/bin/seccompd"
PATH=$E2E_DIR/bin:$PATH
cd "$E2E_DIR/here" || bail "no folder"

doctor() { # OPTION...
	seccompctl --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" doctor "$@"
}

findings() { # CODE [WORKLOAD]: their severities
	doctor --json | jq -r "select(.code == \"$1\" and .workload == ${2:+\"}${2:-null}${2:+\"}) | .severity" | xargs
}

remedy() { # CODE [WORKLOAD]: the command
	doctor --json | jq -r "select(.code == \"$1\" and .workload == ${2:+\"}${2:-null}${2:+\"}) | .command" | head -n 1
}

follow() { # CODE [WORKLOAD]
	bash -c "$(remedy "$@")" >"$E2E_DIR/remedy.log" 2>&1 || diag "$(cat "$E2E_DIR/remedy.log")"
}

is_clear() { # CODE [WORKLOAD]
	[ -z "$(findings "$@")" ]
}

start() { # NAME OPTION...: beside the others
	local name=$1
	shift
	{
		docker_ rm --force "$name" >/dev/null 2>&1
		docker_ run -d --name "$name" --network none "$@" "$IMAGE" /bin/sleep 300 >"$E2E_DIR/id-$name" ||
			echo "$name was not started"
	} >"$E2E_DIR/run-$name.err" 2>&1 &
	STARTING+=($!)
}

# Docker's --privileged asks for every capability there is, Podman's for those that can be given.
start_privileged() { # NAME OPTION...
	local name=$1
	shift
	{
		podman_ rm --force --time 0 "$name" >/dev/null 2>&1
		podman_ run -d --name "$name" --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
			"$@" "$IMAGE" /bin/sleep 300 >"$E2E_DIR/id-$name" || echo "$name was not started"
	} >"$E2E_DIR/run-$name.err" 2>&1 &
	STARTING+=($!)
}

started() {
	wait "${STARTING[@]}"
	STARTING=()
	cat "$E2E_DIR"/run-*.err | sed 's/^/# /' >&2
}
STARTING=()

# ---- nobody listens ------------------------------------------------------------------------------

is "seccompd does not run: that is found" "$(findings D05)" error
bash -c "exec $(remedy D05) --no-journal" >>"$E2E_DIR/seccompd.log" 2>&1 &
SECCOMPD_PID=$!
check "the remedy starts it" wait_until 10 is_clear D05
is "its socket is on the host's stream, with a buffer that is large enough" "$(findings D06)$(findings D08)" ""
stop_seccompd
sed -i 's/^ReceiveBuffer=.*/ReceiveBuffer=1M/' "$E2E_DIR/seccompd.conf"
start_seccompd --no-journal
is "a small receive buffer is found" "$(findings D08)" warning
edit=$(doctor --json | jq -r 'select(.code == "D08") | .edit')
is "the remedy names the key and the file" "${edit%%;*}" \
	"set ReceiveBuffer=64M in the section [seccompd] of $E2E_DIR/seccompd.conf and start seccompd anew"
stop_seccompd
sed -i 's/^ReceiveBuffer=.*/ReceiveBuffer=64M/' "$E2E_DIR/seccompd.conf"
start_seccompd --no-journal
is "and clears it" "$(findings D08)" ""

# ---- the kernel ----------------------------------------------------------------------------------

# Both hold for the whole host, so each for as short as can be: the first hurts who needs records of
# ERRNO, the second only records of this process.
actions=$(cat "$ACTIONS")
restore() {
	local status=$?
	printf '%s\n' "$actions" >"$ACTIONS"
	auditctl -d always,exclude -F msgtype=1326 -F "pid=$$" >/dev/null 2>&1
	return "$status"
}
trap 'restore; e2e_end' EXIT
if printf '%s\n' "${actions/errno /}" >"$ACTIONS" 2>/dev/null; then
	found=$(doctor --json)
	bash -c "$(jq -r 'select(.code == "D01") | .command' <<<"$found")" >/dev/null
	is "actions_logged without errno is found" \
		"$(jq -r 'select(.code == "D01") | .severity + ": " + .message' <<<"$found")" \
		"error: $ACTIONS lacks errno"
	is "the remedy clears it" "$(findings D01)" ""
	is "nothing else was changed by it" "$(tr ' ' '\n' <"$ACTIONS" | sort | xargs)" \
		"$(tr ' ' '\n' <<<"$actions" | sort | xargs)"
else
	skip "actions_logged without errno is found" "$ACTIONS cannot be written"
fi
auditctl -a always,exclude -F msgtype=SECCOMP -F "pid=$$" >/dev/null 2>&1
is "a rule that excludes records of some processes is found" "$(findings D03)" warning
follow D03
is "the remedy clears it" "$(findings D03)" ""
restore

# ---- containers ----------------------------------------------------------------------------------

start_docker
start_podman
cat >allow.json <<'END'
{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["no_such_call"], "action": "SCMP_ACT_ERRNO"}]}
END
cat >socket.json <<'END'
{"defaultAction": "SCMP_ACT_LOG", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": [
	{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_NE"}]}
]}
END
start plain
start free --security-opt seccomp=unconfined
start_privileged priv --privileged
start sock --security-opt seccomp="$STARTER" -v "$E2E_DIR/docker.sock:/var/run/docker.sock"
start run --security-opt seccomp="$STARTER" -v /run//.:/host-run
start admin --security-opt seccomp="$STARTER" --cap-add SYS_ADMIN
start tight --security-opt seccomp="$STARTER" --security-opt no-new-privileges
start open --security-opt seccomp=allow.json
start args --security-opt seccomp=socket.json
started

audit() { # NAME: what stands against it
	doctor --audit --json | jq -r "select(.name == \"$1\") |
		[(select(.unconfined) | \"unconfined\"), (select(.privileged) | \"privileged\"),
		(select(.sys_admin) | \"sys_admin\"), (select(.engine_socket) | .engine_socket)] | join(\" \")"
}
doctor --audit >"$E2E_DIR/audit.txt"
is "audit: it finds something" "$?" 1
is "audit: a container under the default profile" "$(audit plain)" ""
is "audit: an unconfined one" "$(audit free)" "unconfined"
is "audit: a privileged one" "$(audit priv)" "unconfined privileged sys_admin"
is "audit: one with Docker's socket" "$(audit sock)" "$E2E_DIR/docker.sock"
is "audit: one with the folder of all sockets, however it is written" "$(audit run)" "/run"
is "audit: one with CAP_SYS_ADMIN" "$(audit admin)" "sys_admin"
is "audit: what holds a container" \
	"$(doctor --audit --json | jq -r 'select(.name == "tight") | [.engine, .runtime, .mode, .stage, .visibility, .filters, .no_new_privs] | map(tostring) | join(" ")')" \
	"docker runc filter log full 1 true"
is "audit: and an unconfined one" \
	"$(doctor --audit --json | jq -r 'select(.name == "free") | [.mode, .stage, .visibility, .filters, .no_new_privs] | map(tostring) | join(" ")')" \
	"none other blind 0 false"
check "audit: the table has the same" grep -q '^podman:priv  *priv  *none  *unconfined  *blind  *0  *no  *yes  *yes  *-' \
	"$E2E_DIR/audit.txt"

elsewhere() { # UNSHARE-OPTION... -- DOCTOR-OPTION...: from another namespace than the host's
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	unshare "${options[@]}" "$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" doctor "$@"
}
elsewhere --pid --fork --mount-proc -- --audit >"$E2E_DIR/audit.txt" 2>"$E2E_DIR/audit.err"
is "audit: where no process shows, it cannot tell" \
	"$? $(cat "$E2E_DIR/audit.txt") $(grep -c 'may be more containers: .*pid namespace' "$E2E_DIR/audit.err")" \
	"5 No container was found. 1"
is "doctor: what does not show in another network namespace is no finding" \
	"$(elsewhere --net -- --json | jq -r 'select(.code == "D04" or .code == "D06") | .code')" D04

doctor >"$E2E_DIR/doctor.txt"
is "doctor: it finds what blinds a workload" "$?" 1
is "the default profile is blind" "$(findings D20 docker:plain)" error
is "an unconfined container is found" "$(findings D22 docker:free)" error
is "a privileged one is, too" "$(findings D22 podman:priv) $(findings D24 podman:priv)" "error warning"
is "a profile that confines nothing" "$(findings D25 docker:open)" error
is "a filter on arguments that 32-bit programs get around" "$(findings D26 docker:args)" warning
is "a sound one has no finding" \
	"$(doctor --json | jq -r 'select(.workload == "docker:tight" and .severity != "note") | .code')" ""
is "list has the blind one with the way in" \
	"$(ctl list --json | jq -r 'select(.workload == "docker:plain") | .visibility') $(ctl list | grep -c 'seccompctl promote WORKLOAD --to log')" \
	"blind 1"
is "runc refuses flags" "$(findings D12)" warning

# ---- remedies ------------------------------------------------------------------------------------

clears() { # CODE WORKLOAD COMMAND...: the command starts an instance with the file that the remedy names
	local code=$1 workload=$2 file=${2/:/-}.json edit
	shift 2
	edit=$(doctor --json | jq -r "select(.code == \"$code\" and .workload == \"$workload\") | .edit")
	is "$workload: the remedy names the file" "${edit%%;*}" \
		"start one instance anew with --security-opt seccomp=$file"
	follow "$code" "$workload"
	"$@" --security-opt "seccomp=$file"
}
clears D20 docker:plain start plain
clears D22 docker:free start free
clears D25 docker:open start open
clears D22 podman:priv start_privileged priv
sed -i 's/, "SCMP_ARCH_X86"//' socket.json
start args --security-opt seccomp=socket.json
started
is "the remedies clear them" "$(doctor --json | jq -r 'select(.code | test("D2[02-6]")) | .code + " " + .workload')" ""
is "args: without the architecture it is clear" "$(findings D26 docker:args)" ""

# The state says one thing, the kernel another.
start free --security-opt seccomp=unconfined --stop-signal KILL
started
bundle=$(find "$E2E_DIR/docker-exec" -path "*moby/$(docker_ inspect -f '{{.Id}}' free)/config.json")
jq '.linux.seccomp = {"defaultAction": "SCMP_ACT_LOG"}' "$bundle" >"$E2E_DIR/forged" && cat "$E2E_DIR/forged" >"$bundle"
is "a container that is not held by its filter" "$(findings D23 docker:free) $(findings D22 docker:free)" "error "
DOCKER_HOST=$DOCKER_SOCKET follow D23 docker:free
is "the remedy clears it" "$(findings D23 docker:free)" ""
docker_ rm --force free >/dev/null 2>&1

# Not in the folder where the engines would find it, too.
mkdir "$E2E_DIR/newer"
printf '#!/bin/sh\necho runc version 1.2.0\n' >"$E2E_DIR/newer/runc"
chmod +x "$E2E_DIR/newer/runc"
is "runc 1.2 takes them" "$(PATH=$E2E_DIR/newer:$PATH findings D12)" ""
doctor >"$E2E_DIR/doctor.txt"
is "with every remedy followed nothing is hidden" "$?" 0 || diag "$(cat "$E2E_DIR/doctor.txt")"
done_testing
