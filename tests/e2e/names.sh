#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Names of workloads on real Docker containers: the administrator's own, Compose's labels, and labels
# of an image that are none of its business. The daemon and the client must agree on each.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need docker dockerd runc busybox jq
e2e_begin
need_stream
make_image
start_docker

docker_ import --change 'LABEL com.docker.compose.project=shop' --change 'LABEL com.docker.compose.service=web' \
	--change 'LABEL brought=yes' "$E2E_DIR/image.tar" seccompd-e2e-claims:1 >/dev/null ||
	cannot "docker cannot import an image with labels"

write_config
cat >>"$E2E_DIR/seccompd.conf" <<-'END'
	[workload any brought]
	MatchLabel=brought=y?s
	MatchImage=*claims*
	MatchName=[!c]*
	[workload databases]
	MatchRuntime=docker
	MatchLabel=tier=db*
	Priority=10
	[workload a loser]
	MatchLabel=tier=*
	Priority=9
END

run_stay() { # NAME IMAGE OPTION...: one call, and time to look at it
	local name=$1 image=$2
	shift 2
	docker_ run --rm --detach --name "$name" --network none --security-opt seccomp="$STARTER" "$@" "$image" \
		/bin/calls --stay 120 getpriority >/dev/null
}

pid_of() { # CONTAINER
	docker_ inspect --format '{{.State.Pid}}' "$1"
}

identified() { # CONTAINER: the workload that the client gives it
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" identify "$(pid_of "$1")" --json | jq -r .workload
}

named() { # CONTAINER WORKLOAD
	check "$1 is $2 in the ledger" wait_until 20 count_is "$2" getpriority 1
}

start_seccompd --no-journal || bail "seccompd does not start"
run_stay composed "$IMAGE" --label com.docker.compose.project=shop --label com.docker.compose.service=web
# what a swarm's node records of its tasks
run_stay swarmed "$IMAGE" --label com.docker.swarm.service.name=shop_api --label com.docker.swarm.service.id=x1 \
	--label com.docker.swarm.task.name=shop_api.1.x2 --label com.docker.swarm.node.id=x3
run_stay claims seccompd-e2e-claims:1
run_stay brought seccompd-e2e-claims:1
run_stay data1 "$IMAGE" --label tier=db-a
run_stay data2 "$IMAGE" --label tier=db-b
named composed compose:shop/web
named swarmed swarm:shop_api
named claims docker:claims
named brought "any brought"
check "two containers of one rule are one workload" wait_until 20 count_is databases getpriority 2
is "no other rule had its say" "$(ctl list --json | jq -r .workload | grep -c loser)" 0
is "nothing of it is a guess" "$(ctl list --json | jq -c '[.workload, .heuristic] | select(.[1])' | grep -c 'compose\|docker:\|databases')" 0
for name in composed=compose:shop/web swarmed=swarm:shop_api claims=docker:claims "brought=any brought" data1=databases data2=databases; do
	is "the client calls ${name%%=*} the same" "$(identified "${name%%=*}")" "${name#*=}"
done
"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" identify "$(pid_of brought)" --explain >"$E2E_DIR/explained"
check "--explain says which sections were tried" grep -q 'section \[workload databases\]: MatchLabel= does not hold' \
	"$E2E_DIR/explained"
check "and which gave the name" grep -q 'workload any brought: section .*seccompd.conf:10$' "$E2E_DIR/explained"
stop_seccompd
done_testing
