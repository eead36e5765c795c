#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runtimes without an engine that names them: containerd's ctr, runc by hand, docker-compose's
# project and service, and a unit known by its cgroup. Each logged call becomes its workload, with
# the profile that was applied.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

ME=e2e$$
HAND=$ME-hand # runc's own root is the host's, and so are cgroups
UNIT=$ME.service
UNIT_CGROUPS=()
CTR_ROOT=$ME-ns
CONTAINERD_PID=

need_root
need containerd ctr runc docker dockerd docker-compose busybox jq

# What this test puts outside of its folder, taken away whatever happens.
runtimes_end() {
	local status=$? pid dir
	trap - EXIT
	set +e
	runc delete --force "$HAND" >/dev/null 2>&1
	for pid in ${TASK_PIDS[@]+"${TASK_PIDS[@]}"}; do stop_pid "$pid" 3; done
	if [ -n "$CONTAINERD_PID" ]; then
		ctr_ task kill --signal KILL "$ME-task" >/dev/null 2>&1
		wait_until 3 eval '! ctr_ task ls 2>/dev/null | grep -q RUNNING'
		ctr_ task rm --force "$ME-task" >/dev/null 2>&1
		ctr_ container rm "$ME-task" >/dev/null 2>&1
		stop_pid "$CONTAINERD_PID"
	fi
	for dir in ${UNIT_CGROUPS[@]+"${UNIT_CGROUPS[@]}"}; do wait_until 3 rmdir "$dir"; done
	find /sys/fs/cgroup -maxdepth 3 -depth -type d \( -path "*/$CTR_ROOT*" -o -name "$HAND" \) -exec rmdir {} \; 2>/dev/null
	(exit "$status")
	e2e_end
}

TASK_PIDS=()
e2e_begin
trap runtimes_end EXIT
need_stream
make_image

# ---- containerd without Docker -----------------------------------------------------------------

ctr_() {
	ctr --address "$E2E_DIR/containerd.sock" --namespace "$CTR_ROOT" "$@"
}

# An archive as `docker save` writes it.
save_image() {
	local dir=$E2E_DIR/archive sum
	mkdir -p "$dir"
	cp "$E2E_DIR/image.tar" "$dir/layer.tar"
	sum=$(sha256sum "$dir/layer.tar" | cut -d' ' -f1)
	printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$sum" >"$dir/config.json"
	printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$IMAGE" >"$dir/manifest.json"
	tar -C "$dir" -cf "$E2E_DIR/archive.tar" manifest.json config.json layer.tar
}

start_containerd() {
	cat >"$E2E_DIR/containerd.toml" <<-END
		version = 2
		root = "$E2E_DIR/ctr-root"
		state = "$E2E_DIR/ctr-state"
		disabled_plugins = ["io.containerd.grpc.v1.cri"]
		[grpc]
		  address = "$E2E_DIR/containerd.sock"
	END
	containerd --config "$E2E_DIR/containerd.toml" >"$E2E_DIR/containerd.log" 2>&1 &
	CONTAINERD_PID=$!
	wait_until 20 ctr_ version || cannot "containerd does not start: $(tail -n 1 "$E2E_DIR/containerd.log")"
	save_image
	ctr_ image import "$E2E_DIR/archive.tar" >"$E2E_DIR/ctr.log" 2>&1 ||
		cannot "ctr cannot import an image: $(tail -n 1 "$E2E_DIR/ctr.log")"
}

start_ctr_task() {
	ctr_ run --rm --runc-root "$E2E_DIR/ctr-runc" --snapshotter native --seccomp --seccomp-profile "$STARTER" \
		"$IMAGE" "$ME-task" /bin/calls --loop 3 --stay 12 getcpu >"$E2E_DIR/ctr.out" 2>&1 &
	TASK_PIDS+=($!)
}

# ---- runc with a bundle, and compose -----------------------------------------------------------

start_by_hand() {
	local bundle=$E2E_DIR/bundle
	mkdir -p "$bundle/rootfs"
	tar -C "$bundle/rootfs" -xf "$E2E_DIR/image.tar"
	(cd "$bundle" && runc spec)
	jq --slurpfile profile "$STARTER" '.process.terminal = false | .process.rlimits = []
		| .process.args = ["/bin/calls", "--loop", "3", "--stay", "12", "getcpu"]
		| .linux.seccomp = $profile[0]' "$bundle/config.json" >"$bundle/new" && mv "$bundle/new" "$bundle/config.json"
	runc run --bundle "$bundle" "$HAND" >"$E2E_DIR/runc.out" 2>&1 </dev/null &
	TASK_PIDS+=($!)
}

compose_() {
	env "DOCKER_HOST=$DOCKER_SOCKET" docker-compose --project-name "$ME" --file "$E2E_DIR/compose.yml" "$@"
}

start_compose() {
	cat >"$E2E_DIR/compose.yml" <<-END
		version: "3"
		services:
		  web:
		    image: $IMAGE
		    command: /bin/calls --loop 3 --stay 12 getcpu
		    network_mode: none
		    security_opt: [ "seccomp:$STARTER" ]
	END
	compose_ up --detach --no-build >"$E2E_DIR/compose.out" 2>&1 || diag "$(tail -n 3 "$E2E_DIR/compose.out")"
}

# ---- a service's cgroup, as systemd makes it ---------------------------------------------------

start_unit() {
	local hierarchy dir
	for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
		[ -e "$hierarchy/cgroup.procs" ] || continue
		dir=$hierarchy/system.slice/$UNIT
		mkdir -p "$dir" && UNIT_CGROUPS+=("$dir")
	done
	sh -c 'for dir; do [ "$dir" = -- ] && break; echo $$ >"$dir/cgroup.procs"; shift; done; shift; exec "$@"' \
		sh "${UNIT_CGROUPS[@]}" -- "$CALLS" --pause 100000 flood 60 "$OWN_CALL" &
	TASK_PIDS+=($!)
}

# ---- what must come of it ----------------------------------------------------------------------

row() { # WORKLOAD KEY
	ctl list --json | jq -r "select(.workload == \"$1\") | .$2"
}

HASH=
check_workload() { # WORKLOAD RUNTIME
	check "$1: its calls are counted, under its name" wait_until 20 count_is "$1" getcpu 3
	is "$1: its runtime" "$(row "$1" runtime)" "$2"
	is "$1: its stage" "$(row "$1" stage)" log
	[ -n "$HASH" ] || HASH=$(row "$1" profile)
	is "$1: the profile that was applied, the same for all" "$(row "$1" profile)" "$HASH"
}

check_identity() { # NAME PID WORKLOAD OPTION...
	local name=$1 pid=$2 workload=$3 out
	shift 3
	out=$("$SECCOMPCTL" identify "$pid" --json "$@")
	is "$name: identify confirms it" "$(jq -r '"\(.kind) \(.confirmed) \(.workload) \(.stage)"' <<<"$out")" \
		"container true $workload log"
	check "$name: --explain says why" grep -q '"confirmed: by ' <("$SECCOMPCTL" identify "$pid" --json --explain "$@")
}

write_config
sed -i "s|^ContainerdState=.*|ContainerdState=$E2E_DIR/ctr-state|" "$E2E_DIR/seccompd.conf"
# the same places as a root of their own, for identify
mkdir -p "$E2E_DIR/run" "$E2E_DIR/var/lib"
ln -s /ctr-state "$E2E_DIR/run/containerd"
ln -s /docker-exec "$E2E_DIR/run/docker"
ln -s /docker "$E2E_DIR/var/lib/docker"
start_containerd
start_docker
start_seccompd --no-journal || bail "seccompd does not start"
start_ctr_task
start_by_hand
start_compose
start_unit

check_workload "containerd:$ME-task" containerd
check_workload "runc:$HAND" runc
check_workload "compose:$ME/web" docker
check_identity ctr "$(cat "$E2E_DIR/ctr-state/io.containerd.runtime.v2.task/$CTR_ROOT/$ME-task/init.pid")" \
	"containerd:$ME-task" --state-root "$E2E_DIR"
check_identity "runc by hand" "$(runc state "$HAND" | jq .pid)" "runc:$HAND"
check_identity compose "$(docker_ inspect --format '{{.State.Pid}}' "$(docker_ ps --quiet | head -n 1)")" \
	"compose:$ME/web" --state-root "$E2E_DIR"

# Gone, with their state, before anybody looks.
SHORT=5
short_ones() {
	local i
	mkdir "$E2E_DIR/short"
	jq --arg root "$E2E_DIR/bundle/rootfs" '.root.path = $root
		| .process.args = ["/bin/calls", "--linger", "60", "getsid"]' "$E2E_DIR/bundle/config.json" >"$E2E_DIR/short/config.json"
	for ((i = 1; i <= SHORT; i++)); do
		runc run --bundle "$E2E_DIR/short" "$HAND-$i" >>"$E2E_DIR/runc.out" 2>&1 </dev/null
	done
}

short_named() {
	local i n=0
	for ((i = 1; i <= SHORT; i++)); do
		n=$((n + $(ledger_count "runc:$HAND-$i" getsid)))
	done
	[ "$n" = "$SHORT" ]
}
short_ones
check "$SHORT short containers of runc's have their own names" wait_until 20 short_named
is "and none of their calls is a host program's" "$(ledger_count host:/bin/calls getsid)" 0

check "a unit is known by its cgroup" wait_until 20 count_is "unit:$UNIT" "$OWN_CALL" 60
is "nothing is left unconfirmed of ours" "$(ctl list --all --json | jq -r .workload | grep -c "unconfirmed:.*$ME")" 0
is "no call of theirs is a host program's" "$(ledger_count host:/bin/calls getcpu)" 0
compose_ rm --force --stop >/dev/null 2>&1
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
