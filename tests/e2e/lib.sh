# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# What the end-to-end tests (and the quickstart) share: a private folder that is emptied whatever
# happens, the daemon on the live stream, an image, and Podman and Docker with all their state in
# that folder. Source it from a script whose first lines set $top.
#
# A test that cannot run here says why and is skipped; with SECCOMPD_E2E_STRICT=1 root gets a failure.

: "${top:?}"
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

# What make hands down (TESTS=, jobs) is not for the builds that a test makes.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL

E2E_BUILD=${builddir:-$top}
SECCOMPD=${SECCOMPD:-$E2E_BUILD/seccompd}
SECCOMPCTL=${SECCOMPCTL:-$E2E_BUILD/seccompctl}
CALLS=$E2E_BUILD/tests/e2e/calls
WAKE_AUDIT=$E2E_BUILD/tests/e2e/wake-audit
RECV_LOOP=$E2E_BUILD/tests/bench/recv-loop
STARTER=$top/tests/e2e/starter.json
IMAGE=localhost/seccompd-e2e:1
PATH=$PATH:/usr/sbin:/sbin

E2E_DIR=
E2E_LEDGER=
SECCOMPD_PID=
DOCKERD_PID=
E2E_PIDS=()
E2E_PODMAN=
E2E_CGROUPS_BEFORE=

# ---- may we run at all -------------------------------------------------------------------------

cannot() { # REASON
	if [ "${SECCOMPD_E2E_STRICT:-0}" = 1 ] && [ "$(id -u)" = 0 ]; then
		not_ok "the machine can run this test" "$1"
		done_testing
	fi
	skip_all "$1"
}

need_root() {
	[ "$(id -u)" = 0 ] || cannot "needs root"
}

need() { # COMMAND...
	local command
	for command; do
		command -v "$command" >/dev/null || cannot "needs $command"
	done
}

# One record made by ourselves must come back on the stream.
stream_works() {
	local out=$E2E_DIR/stream
	timeout 30 "$RECV_LOOP" 1 10 >"$out" 2>&1 &
	local pid=$!
	wait_until 10 grep -q ready "$out" || return 1
	"$CALLS" flood 1 || return 1
	wait "$pid"
	grep -q 'records=[1-9]' "$out"
}

need_stream() {
	stream_works || cannot "the kernel's audit stream is not given to us: $(tail -n 1 "$E2E_DIR/stream")"
}

# Without it a flood may stand still for a minute (see wake-audit.c).
start_waker() {
	"$WAKE_AUDIT" 2>>"$E2E_DIR/wake.err" &
	E2E_PIDS+=($!)
}

# ---- the private folder, and its end -----------------------------------------------------------

container_cgroups() {
	find /sys/fs/cgroup -maxdepth 2 -type d \( -name libpod_parent -o -name docker \) 2>/dev/null | sort
}

# What runs of ours knows our folder: a container's monitor ends a little later than it.
nobody_is_left() {
	! grep -qsaFf <(printf '%s/' "$E2E_DIR") /proc/[0-9]*/cmdline
}

# A test that has lost sight of something it started is a fault.
end_those_left() {
	local file pid
	grep -lsaFf <(printf '%s/' "$E2E_DIR") /proc/[0-9]*/cmdline | while read -r file; do
		pid=${file#/proc/}
		pid=${pid%/cmdline}
		diag "left running: $(tr '\0' ' ' <"$file")"
		kill -KILL "$pid"
	done
}

# The engines leave their own folder, and Podman its monitors' in it. Those of an engine that was not
# ours are another test's; one that another test uses by now cannot be removed.
remove_new_cgroups() {
	local dir
	comm -13 <(printf '%s\n' "$E2E_CGROUPS_BEFORE") <(container_cgroups) | while read -r dir; do
		case ${dir##*/} in
		libpod_parent) [ -n "$E2E_PODMAN" ] || continue ;;
		docker) [ -n "$DOCKERD_PID" ] || continue ;;
		esac
		rmdir "$dir/conmon" "$dir" 2>/dev/null
	done
}

e2e_begin() {
	E2E_DIR=$(mktemp -d "${TMPDIR:-/tmp}/seccompd-e2e.XXXXXX") || bail "mktemp failed"
	chmod 0755 "$E2E_DIR"
	export SECCOMPD_E2E_OWNER=$E2E_DIR
	E2E_LEDGER=$E2E_DIR/ledger.db
	E2E_CGROUPS_BEFORE=$(container_cgroups)
	trap e2e_end EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

stop_pid() { # PID [SECONDS]: TERM, then KILL
	local pid=$1
	kill -TERM "$pid" 2>/dev/null || return 0
	wait_until "${2:-10}" pid_is_gone "$pid" || kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

pid_is_gone() {
	local state
	state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 0
	[ -z "$state" ] || [ "${state%% *}" = Z ]
}

e2e_end() {
	local status=$? pid dir
	trap - EXIT
	set +e
	[ -z "$SECCOMPD_PID" ] || stop_pid "$SECCOMPD_PID"
	for pid in ${E2E_PIDS[@]+"${E2E_PIDS[@]}"}; do stop_pid "$pid" 3; done
	# One that is stuck must not hold all that comes after.
	ENGINE_LIMIT="timeout --kill-after 5 30"
	[ -z "$E2E_PODMAN" ] || podman_ rm --all --force --time 0 >/dev/null 2>&1
	if [ -n "$DOCKERD_PID" ]; then
		docker_ ps --all --quiet 2>/dev/null | xargs -r timeout --kill-after 5 30 env "DOCKER_HOST=$DOCKER_SOCKET" docker rm --force >/dev/null 2>&1
		stop_pid "$DOCKERD_PID" 20
	fi
	if [ "$status" != 0 ] && [ -n "${SECCOMPD_E2E_KEEP:-}" ]; then
		diag "kept: $E2E_DIR"
		exit "$status"
	fi
	awk -v dir="$E2E_DIR/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r dir; do
		umount -l "$dir" 2>/dev/null
	done
	if ! wait_until 5 nobody_is_left; then
		end_those_left
		status=1
	fi
	leave_units
	remove_new_cgroups
	# A monitor that tidies up behind its container still writes there.
	wait_until 10 rm -rf "$E2E_DIR" 2>/dev/null
	exit "$status"
}

# Is there a line for which this is true? jq -e alone succeeds where its input is empty.
jq_holds() { # OPTION... FILTER [FILE]
	local arguments=("$@") at=$(($# - 1))
	[ ! -f "${arguments[at]}" ] || at=$((at - 1))
	arguments[at]="(${arguments[at]}) | select(.)"
	[ -n "$(jq -c "${arguments[@]}" 2>/dev/null)" ]
}

# ---- the daemon --------------------------------------------------------------------------------

write_config() {
	cat >"$E2E_DIR/seccompd.conf" <<-END
		[seccompd]
		Source=netlink
		ReceiveBuffer=128M
		[state]
		DockerRoot=$E2E_DIR/docker
		DockerExecRoot=$E2E_DIR/docker-exec
		ContainerdState=$E2E_DIR/docker-exec/containerd/daemon
		PodmanRoot=$E2E_DIR/podman
		PodmanRunRoot=$E2E_DIR/podman-run
	END
}

ctl() { # VERB...: the client on our ledger
	"$SECCOMPCTL" --ledger "$E2E_LEDGER" "$@"
}

status_field() { # KEY
	ctl status --json | jq -r ".$1"
}

is_running() {
	[ "$(status_field running 2>/dev/null)" = true ]
}

# A daemon that listens has stamped its start behind opening the stream.
is_listening() { # SINCE-BEFORE
	is_running && [ "$(status_field since)" != "$1" ]
}

start_seccompd() { # OPTION...
	local since
	[ -e "$E2E_DIR/seccompd.conf" ] || write_config
	since=$(status_field since 2>/dev/null)
	# As its unit has it.
	nice -n -10 "$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_LEDGER" "$@" \
		>>"$E2E_DIR/seccompd.log" 2>&1 &
	SECCOMPD_PID=$!
	wait_until 10 is_listening "$since" && return
	diag "$(cat "$E2E_DIR/seccompd.log")"
	return 1
}

# Where the threads of a process stand, for whoever has to find out why it does not end.
tell_of_process() { # PID
	local task
	for task in /proc/"$1"/task/*; do
		diag "$(cat "$task/comm") in $(cat "$task/wchan"), $(cat "$task/syscall"): $(grep ^State "$task/status")"
	done
	! command -v gdb >/dev/null ||
		diag "$(timeout 20 gdb -batch -p "$1" -ex 'thread apply all bt 12' 2>/dev/null | grep '^#\|^Thread')"
}

# What is queued is taken within 3 s, and committed. One that does not end is a fault of its own.
stop_seccompd() { # returns its exit status
	local pid=$SECCOMPD_PID
	SECCOMPD_PID=
	kill -TERM "$pid" || return
	if ! wait_until 60 pid_is_gone "$pid"; then
		diag "seccompd (pid $pid) does not end"
		tell_of_process "$pid"
		kill -KILL "$pid"
	fi
	wait "$pid"
}

# Has everything that the daemon has read reached the ledger? Counts are due there within 5 s.
ledger_count() { # WORKLOAD SYSCALL: the sum over its sightings; a number stands for itself
	ctl show "$1" --json 2>/dev/null |
		jq -s "[.[] | select(.syscall == \"$2\" or (.nr | tostring) == \"$2\") | .count] | add // 0"
}

count_is() { # WORKLOAD SYSCALL WANTED
	[ "$(ledger_count "$1" "$2")" = "$3" ]
}

# ---- journald ----------------------------------------------------------------------------------

JOURNALD=/lib/systemd/systemd-journald

# In a mount namespace of our own. Audit= empty: it must neither switch the machine's auditing on nor off.
start_journald() { # SETTING
	mount -t tmpfs tmpfs /run/systemd && mkdir -p /run/systemd/journal /run/systemd/journald.conf.d &&
		mkdir -p /run/log && mount -t tmpfs tmpfs /run/log && mkdir -p /run/log/journal || return
	printf '[Journal]\nAudit=\nStorage=volatile\nRateLimitIntervalSec=0\nForwardToConsole=no\n%s\n' "$1" \
		>/run/systemd/journald.conf.d/e2e.conf
	run_journald
}

run_journald() {
	"$JOURNALD" >"$E2E_DIR/journald.log" 2>&1 &
	JOURNALD_PID=$!
	E2E_PIDS+=("$JOURNALD_PID")
	wait_until 10 test -S /run/systemd/journal/socket
}

UNIT_CGROUP=system.slice/seccompd.service

# The cgroup from which journald reads the unit that sent an entry.
unit_cgroups() {
	local root
	for root in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[ -e "$root/cgroup.procs" ] && echo "$root/$UNIT_CGROUP"
	done
}

enter_unit() { # PID
	local dir
	while read -r dir; do
		mkdir -p "$dir" 2>/dev/null && echo "$1" >"$dir/cgroup.procs"
	done < <(unit_cgroups)
}

leave_unit() {
	local dir
	while read -r dir; do
		rmdir "$dir" "${dir%/*}" 2>/dev/null
	done < <(unit_cgroups)
}

# ---- image, Podman, Docker ---------------------------------------------------------------------

make_image() { # PROGRAM...: beside those that all tests use
	local applet root=$E2E_DIR/image
	mkdir -p "$root/bin" "$root/tmp"
	cp "$(command -v busybox)" "$root/bin/busybox"
	cp "$CALLS" "$@" "$root/bin"
	for applet in sh echo sleep cat; do ln -s busybox "$root/bin/$applet"; done
	tar -C "$root" -cf "$E2E_DIR/image.tar" .
}

podman_() {
	${ENGINE_LIMIT:-} podman --root "$E2E_DIR/podman" --runroot "$E2E_DIR/podman-run" --tmpdir "$E2E_DIR/podman-tmp" \
		--storage-driver vfs --runtime "${PODMAN_RUNTIME:-runc}" --cgroup-manager=cgroupfs --events-backend=file "$@"
}

start_podman() {
	E2E_PODMAN=yes
	podman_ import "$E2E_DIR/image.tar" "$IMAGE" >"$E2E_DIR/podman.log" 2>&1 ||
		cannot "podman cannot import an image: $(tail -n 1 "$E2E_DIR/podman.log")"
}

podman_run() { # NAME PROFILE COMMAND...
	local name=$1 profile=$2
	shift 2
	podman_ run --rm --name "$name" --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
		--security-opt seccomp="$profile" "$IMAGE" "$@"
}

# A host of cgroup version 2 alone, as crun wants it; in a mount namespace of our own.
only_cgroup2() {
	umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup
}

# crun without the cgroup's device rules: those are BPF programs, which not every kernel lets us load.
make_crun() {
	cat >"$E2E_DIR/crun" <<-'END'
		#!/bin/sh
		for argument; do
			[ "$last" != --bundle ] || bundle=$argument
			last=$argument
		done
		[ -z "$bundle" ] || {
			jq 'del(.linux.resources.devices)' "$bundle/config.json" >"$bundle/without" &&
				cat "$bundle/without" >"$bundle/config.json" && rm "$bundle/without"
		}
		exec crun "$@"
	END
	chmod 0755 "$E2E_DIR/crun"
	PODMAN_RUNTIME=$E2E_DIR/crun
}

docker_() {
	${ENGINE_LIMIT:-} env "DOCKER_HOST=$DOCKER_SOCKET" docker "$@"
}

start_docker() {
	DOCKER_SOCKET=unix://$E2E_DIR/docker.sock
	dockerd --iptables=false --ip-masq=false --bridge=none --storage-driver=vfs \
		--data-root "$E2E_DIR/docker" --exec-root "$E2E_DIR/docker-exec" \
		--pidfile "$E2E_DIR/dockerd.pid" -H "$DOCKER_SOCKET" >"$E2E_DIR/dockerd.log" 2>&1 &
	DOCKERD_PID=$!
	wait_until 30 docker_ version || cannot "dockerd does not start: $(tail -n 1 "$E2E_DIR/dockerd.log")"
	docker_ import "$E2E_DIR/image.tar" "$IMAGE" >"$E2E_DIR/docker.log" 2>&1 ||
		cannot "docker cannot import an image: $(tail -n 1 "$E2E_DIR/docker.log")"
}

docker_run() { # NAME PROFILE COMMAND...
	local name=$1 profile=$2
	shift 2
	docker_ run --rm --name "$name" --network none --security-opt seccomp="$profile" "$IMAGE" "$@"
}

# Podman asks a container to end, and waits, unless it is told not to.
remove() { # ENGINE NAME...
	local engine=$1 now=()
	shift
	[ "$engine" = docker ] || now=(--time 0)
	"${engine}_" rm --force ${now[@]+"${now[@]}"} "$@" >/dev/null 2>&1
}

# The same profile one stage further: what is not listed now fails with EPERM.
to_errno_stage() { # FROM TO
	sed 's/"defaultAction": *"SCMP_ACT_LOG"/"defaultAction": "SCMP_ACT_ERRNO",\n\t"defaultErrnoRet": 1/' "$1" >"$2"
}

# A call that nobody else makes: the stream is the host's, and so are its records.
OWN_CALL=$((10000 + $$ % 20000))

# Everything ever counted of one call, whoever made it: ledger plus what the tally holds beyond it.
total_of() { # SYSCALL
	local workload sum=0
	while read -r workload; do
		sum=$((sum + $(ledger_count "$workload" "$1")))
	done < <(ctl list --all --json 2>/dev/null | jq -r .workload)
	echo "$sum"
}

total_is() { # SYSCALL WANTED
	[ "$(total_of "$1")" = "$2" ]
}

# ---- units -------------------------------------------------------------------------------------

# A bus of our own, and on it a service manager with a few units.
start_bus() { # [UNIT]: one of this name that refuses, beside the others
	cat >"$E2E_DIR/bus.conf" <<-END
		<busconfig>
		<listen>unix:path=$E2E_DIR/bus</listen>
		<policy context="default">
		<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
		</policy>
		</busconfig>
	END
	dbus-daemon --config-file="$E2E_DIR/bus.conf" --nofork --nopidfile --nosyslog >"$E2E_DIR/bus.log" 2>&1 &
	E2E_PIDS+=($!)
	export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$E2E_DIR/bus
	wait_until 20 test -S "$E2E_DIR/bus" || bail "dbus-daemon does not start: $(tail -n 1 "$E2E_DIR/bus.log")"
	"$E2E_BUILD/tests/integration/fake-systemd" "$@" >"$E2E_DIR/fake.log" 2>&1 &
	FAKE_PID=$!
	E2E_PIDS+=("$FAKE_PID")
	wait_until 20 grep -q ready "$E2E_DIR/fake.log" || bail "fake-systemd does not start: $(tail -n 1 "$E2E_DIR/fake.log")"
}

# Ends what is ours of a unit: its name may be another test's as well.
kill_own_of() { # DIR
	local pid
	while read -r pid; do
		! grep -qszxF "SECCOMPD_E2E_OWNER=$E2E_DIR" "/proc/$pid/environ" || kill -KILL "$pid"
	done <"$1/cgroup.procs"
}

# The cgroups of units whose runner was ended before it could take them away.
leave_units() {
	local unit dir
	sort -u "$E2E_DIR/units" 2>/dev/null | while read -r unit; do
		for dir in /sys/fs/cgroup /sys/fs/cgroup/*/; do
			[ -e "$dir/system.slice/$unit" ] || continue
			kill_own_of "$dir/system.slice/$unit"
			wait_until 3 rmdir "$dir/system.slice/$unit"
			rmdir "$dir/system.slice"
		done 2>/dev/null
	done
}

# Runs a command in the cgroup that the unit has under each hierarchy.
in_unit() { # UNIT COMMAND...
	local unit=$1 dir
	shift
	echo "$unit" >>"$E2E_DIR/units"
	for dir in /sys/fs/cgroup /sys/fs/cgroup/*/; do
		[ ! -e "$dir/cgroup.procs" ] || mkdir -p "$dir/system.slice/$unit" 2>/dev/null
	done
	# shellcheck disable=SC2016
	bash -c 'unit=$1; shift
		for f in /sys/fs/cgroup/system.slice/$unit/cgroup.procs /sys/fs/cgroup/*/system.slice/$unit/cgroup.procs; do
			echo $$ >"$f"
		done 2>/dev/null
		exec "$@"' in_unit "$unit" "$@"
	for dir in /sys/fs/cgroup /sys/fs/cgroup/*/; do
		rmdir "$dir/system.slice/$unit" "$dir/system.slice" 2>/dev/null
	done
}
