#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# identify: paths, files and processes, with and without runtime state.
. "${srcdir:?}/tests/integration/client-lib.sh"

id=aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111
inner=0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000
root=$work/root
mkdir -p "$root/var/lib/docker/containers/$id" \
	"$root/run/containerd/io.containerd.runtime.v2.task/moby/$id"
printf '{"ID":"%s","Name":"/web","Config":{"Image":"nginx:1"}}\n' $id \
	>"$root/var/lib/docker/containers/$id/config.v2.json"
printf '{"linux":{"cgroupsPath":"/docker/%s"}}' $id \
	>"$root/run/containerd/io.containerd.runtime.v2.task/moby/$id/config.json"

says() { # NAME EXPECTED ARGS...: the whole of the JSON line
	local name=$1 expected=$2
	shift 2
	run identify --json "$@"
	[ "$status" -eq 0 ] && [ "$(cat "$work/out")" = "$expected" ]
	result $? "$name"
}

fails "identify wants one subject" 2 'one of PID' identify
fails "identify takes one subject" 2 'one of PID' identify 1 --cgroup /
fails "a pid is a number" 2 'no process id' identify x
fails "no such process" 3 'there is no process 2147483647' identify 2147483647
fails "an unreadable file" 3 'cannot open' identify --cgroup-file "$work/none"
fails "a file that is a folder" 3 'cannot read' identify --cgroup-file "$work"
head -c 2000000 /dev/zero >"$work/large"
fails "a file that is no cgroup file" 3 'too large' identify --cgroup-file "$work/large"
fails "no state root" 3 'cannot open' identify --cgroup "/docker/$id" --state-root "$work/none"

says "a confirmed container" "{\"kind\":\"container\",\"runtime\":\"docker\",\"id\":\"$id\",\"name\":\"web\",\"pod_uid\":null,\"unit\":null,\"container\":true,\"confirmed\":true,\"outer_id\":null,\"inner_id\":null}" \
	--cgroup "/docker/$id" --state-root "$root"
says "an id that no state knows" "{\"kind\":\"container\",\"runtime\":\"oci-unknown\",\"id\":\"$inner\",\"name\":null,\"pod_uid\":null,\"unit\":null,\"container\":true,\"confirmed\":false,\"outer_id\":null,\"inner_id\":null}" \
	--cgroup "/x/$inner" --state-root "$root"
says "a contradicted container" "{\"kind\":\"container\",\"runtime\":\"docker\",\"id\":\"$id\",\"name\":null,\"pod_uid\":null,\"unit\":null,\"container\":true,\"confirmed\":false,\"outer_id\":null,\"inner_id\":null}" \
	--cgroup "/system.slice/docker-$id.scope" --state-root "$root"
says "a nested container" "{\"kind\":\"container\",\"runtime\":\"docker\",\"id\":\"$inner\",\"name\":null,\"pod_uid\":null,\"unit\":null,\"container\":true,\"confirmed\":false,\"outer_id\":\"$id\",\"inner_id\":\"$inner\"}" \
	--cgroup "/docker/$id/docker/$inner" --state-root "$root"
says "a service" '{"kind":"host-service","runtime":null,"id":null,"name":null,"pod_uid":null,"unit":"a.service","container":false,"confirmed":false,"outer_id":null,"inner_id":null}' \
	--cgroup /system.slice/a.service

printf '0::/docker/%s\n' $id >"$work/cgroup"
run identify --cgroup-file - --state-root "$root" <"$work/cgroup"
[ "$status" -eq 0 ] && grep -q '^confirmed  *yes' "$work/out"
result $? "standard input, readable form"

# A task of a swarm, as its node records it.
task=1111111111111111111111111111111122222222222222222222222222222222
mkdir -p "$root/var/lib/docker/containers/$task" "$root/run/containerd/io.containerd.runtime.v2.task/moby/$task"
printf '{"ID":"%s","Name":"/shop_api.1.x2","Config":{"Image":"api:1@sha256:%s","Labels":{
"com.docker.swarm.node.id":"x3","com.docker.swarm.service.id":"x1","com.docker.swarm.service.name":"shop_api",
"com.docker.swarm.task":"","com.docker.swarm.task.id":"x2","com.docker.swarm.task.name":"shop_api.1.x2"}}}\n' \
	$task $task >"$root/var/lib/docker/containers/$task/config.v2.json"
printf '{"linux":{"cgroupsPath":"system.slice:docker:%s"}}' $task \
	>"$root/run/containerd/io.containerd.runtime.v2.task/moby/$task/config.json"
run identify --cgroup "/system.slice/docker-$task.scope" --state-root "$root" --explain
[ "$status" -eq 0 ] && grep -q '^confirmed  *yes' "$work/out" && grep -q 'swarm:shop_api' "$work/out"
result $? "a task of a swarm is its service's"

# The places of the configuration count, unless another root is named.
mkdir -p "$work/elsewhere/containers/$id"
sed 's/web/moved/' "$root/var/lib/docker/containers/$id/config.v2.json" \
	>"$work/elsewhere/containers/$id/config.v2.json"
printf '[state]\nDockerRoot=%s/elsewhere\n' "$work" >"$work/places.conf"
run --config "$work/places.conf" identify --cgroup "/docker/$id" --json
[ "$status" -eq 0 ] && grep -q '"name":"moved".*"confirmed":true' "$work/out"
result $? "the configuration says where state is"
run --config "$work/places.conf" identify --cgroup "/docker/$id" --state-root "$root" --json
[ "$status" -eq 0 ] && grep -q '"name":"web".*"confirmed":true' "$work/out"
result $? "a root that is named has its own places"
printf '[state]\nDockerRoot=relative\n' >"$work/places.conf"
fails "a place that is no absolute path" 3 'places.conf:2: DockerRoot=relative' \
	--config "$work/places.conf" identify --cgroup "/docker/$id"

rm "$root/var/lib/docker/containers/$id/config.v2.json"
mkfifo "$root/var/lib/docker/containers/$id/config.v2.json"
run identify --cgroup "/docker/$id" --state-root "$root" --json
[ "$status" -eq 0 ] && grep -q '"confirmed":false' "$work/out" && grep -q 'no regular file' "$work/err"
result $? "hostile state confirms nothing, and is named"

run identify $$ --json
[ "$status" -eq 0 ] && grep -q '"workload":"' "$work/out" && grep -q '"stage":' "$work/out"
result $? "a process has workload, profile and stage"

done_testing
