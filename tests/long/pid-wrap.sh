#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Processes are forked until the pid of one that was the host's is a container's: its call is the
# container's. It stays for a moment, so that /proc answers over what the history knows of that pid.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

PID_MAX_FOR_US=32768
ROUNDS=${ROUNDS:-3}
ID=$(printf '%08x%056x' $$ 7)
OWN_CALL=$((700000 + $$ % 100000))
parent=

# Who is said to have made the call.
makers() {
	ctl list --all --json | jq -r .workload | while read -r workload; do
		echo "$(ledger_count "$workload" "$OWN_CALL") $workload"
	done | grep -v '^0 '
}

need_root
need jq
e2e_begin
need_stream
before=$(cat /proc/sys/kernel/pid_max)
put_back() {
	[ "$(cat /proc/sys/kernel/pid_max)" = "$before" ] || echo "$before" >/proc/sys/kernel/pid_max
	[ -z "$parent" ] || rmdir "$parent"
	e2e_end
}
trap put_back EXIT
[ "$before" -le 65536 ] || echo "$PID_MAX_FOR_US" >/proc/sys/kernel/pid_max || cannot "pid_max cannot be set"

for root in /sys/fs/cgroup/systemd /sys/fs/cgroup; do
	[ -e "$root/cgroup.procs" ] && mkdir -p "$root/docker/$ID" && parent=$root/docker/$ID && break
done
[ -n "$parent" ] || cannot "no hierarchy of cgroups can be written"
mkdir -p "$E2E_DIR/docker/containers/$ID"
printf '{"ID":"%s","Name":"/wrapped","State":{"Running":true,"Pid":0},"Config":{"Image":"wrap","Labels":{}}}' "$ID" \
	>"$E2E_DIR/docker/containers/$ID/config.v2.json"
write_config
# What a runtime is called is how it is told from what it runs.
cp "$E2E_BUILD/tests/e2e/herd" "$E2E_DIR/runc"
start_seccompd --no-journal || bail "seccompd does not start"
for ((i = 0; i < ROUNDS; i++)); do
	"$E2E_DIR/runc" wrap "$OWN_CALL" "$parent" >"$E2E_DIR/wrap" 2>&1
	is "round $i: a pid comes round" "$?" 0
	diag "$(cat "$E2E_DIR/wrap")"
done
check "each call is counted" wait_until 20 total_is "$OWN_CALL" "$ROUNDS"
is "and is the container's, whose pid was somebody else's" "$(ledger_count docker:wrapped "$OWN_CALL")" "$ROUNDS"
diag "$(ctl status --json | jq -c '.attribution, .causes, .lineage')"
is "no event of a process was lost" "$(status_field lineage.lost)" 0
diag "made by: $(makers | sort -rn | head -n 5 | xargs)"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
