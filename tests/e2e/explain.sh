#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl explain: the same call, refused by the filter, for want of a capability, by both, by neither.
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
start_seccompd --no-journal || bail "seccompd does not start"

explain() { # ARGS...
	ctl explain "$@" 2>"$E2E_DIR/err"
}

said() { # KEY
	jq -r ".$1" "$E2E_DIR/out"
}

# NAME BY, the answers of the filter and of the capabilities, the exit status of the call, OPTION...
combination() {
	local name=$1 by=$2 seccomp=$3 capability=$4 works=$5
	shift 5
	docker_ run -d --name "$name" --network none "$@" "$IMAGE" /bin/sleep 300 >/dev/null 2>"$E2E_DIR/run.err" ||
		diag "$(cat "$E2E_DIR/run.err")"
	explain "$name" --syscall mount --json >"$E2E_DIR/out"
	is "$name: explained" $? 0
	is "$name: by whom" "$(said by)" "$by"
	is "$name: the filter" "$(said seccomp)" "$seccomp"
	is "$name: the capability" "$(said capability)" "$capability"
	docker_ exec "$name" /bin/busybox mount -t tmpfs none /tmp >/dev/null 2>&1
	is "$name: and so it is" $? "$works"
}

combination default seccomp refuses refuses 1
combination capable nobody lets lets 0 --cap-add SYS_ADMIN
combination unfiltered capability lets refuses 1 --security-opt seccomp=unconfined
combination free nobody lets lets 0 --security-opt seccomp=unconfined --cap-add SYS_ADMIN

# A filter that has the last word although the capability is there.
cat >"$E2E_DIR/strict.json" <<'END'
{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mount"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}
END
combination strict seccomp refuses lets 255 --security-opt "seccomp=$E2E_DIR/strict.json" --cap-add SYS_ADMIN
is "the filter's own answer" "$(said answer)" "ERRNO ENOSYS"

# ---- for people
explain default --syscall mount >"$E2E_DIR/out"
check "the filter goes first" grep -q '^mount in docker:default: its seccomp filter refuses it$' "$E2E_DIR/out"
check "it leaves no record" grep -q '^seccomp .*ERRNO EPERM.*leaves no record' "$E2E_DIR/out"
check "and the filter alone would not help" grep -q '^capability .*CAP_SYS_ADMIN.*would not help' "$E2E_DIR/out"
check "the next command" grep -q '^Next .* promote docker:default --to log ' "$E2E_DIR/out"
explain default >"$E2E_DIR/out"
is "without a call nobody can know" $? 5
check "and none recorded is no proof" grep -q 'none is no proof' "$E2E_DIR/out"

# ---- a refusal with a record
cat >"$E2E_DIR/kill.json" <<'END'
{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mount"],"action":"SCMP_ACT_KILL_PROCESS"}]}
END
docker_ run -d --name killed --network none --security-opt "seccomp=$E2E_DIR/kill.json" "$IMAGE" /bin/sleep 300 \
	>/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
docker_ exec killed /bin/busybox mount -t tmpfs none /tmp >/dev/null 2>&1
is_recorded() {
	explain killed --json | jq_holds 'select(.syscall == "mount" and .recorded > 0)'
}
check "a call that was killed is explained from its record" wait_until 20 is_recorded
id=$(docker_ ps -q --no-trunc --filter name=killed)
explain "${id:0:12}" --syscall mount --json >"$E2E_DIR/out"
is "a container's id will do" "$(said workload)" docker:killed
docker_ rm -f killed >/dev/null 2>&1
explain docker:killed --syscall mount --json >"$E2E_DIR/out"
is "what has ended is explained from the ledger" "$(said by)" seccomp
explain nobody --syscall mount >/dev/null
is "nobody of that name" $? 2
stop_seccompd
done_testing
