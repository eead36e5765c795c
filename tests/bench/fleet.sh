#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a fleet costs: FLEET_HOSTS (20) ledgers, of FLEET_WORKLOADS (50) workloads and FLEET_DAYS (30) days
# each, merged into one, once more into that one, and then read. A quarter of them shows how it grows.
set -u
build=${builddir:-.}
hosts=${FLEET_HOSTS:-20}
workloads=${FLEET_WORKLOADS:-50}
days=${FLEET_DAYS:-30}

dir=$(mktemp -d "${TMPDIR:-/tmp}/seccompd-bench.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/hosts"
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$dir/no-bus
"$build/tests/integration/make-fleet" "$dir/hosts" "$hosts" "$workloads" "$days" || exit 1

measured() { # NAME HOSTS EXIT ARGS...
	local name=$1 n=$2 expected=$3 status
	shift 3
	rm -f "$dir/cost"
	"$build/tests/bench/cost" "$dir/cost" "$build/seccompctl" "$@" >"$dir/out" 2>"$dir/err"
	status=$?
	[ "$status" -eq "$expected" ] || {
		echo "$name ended with $status: $(tail -n 1 "$dir/err")" >&2
		exit 1
	}
	awk -v name="$name" -v n="$n" '{ printf "%-34s %6d %10.0f %10.0f %10.1f %10d\n", name, n, $1, $2, $2 / n, $3 }' "$dir/cost"
}

ledgers() { # LAST
	local i
	for ((i = 1; i <= $1; i++)); do echo "$dir/hosts/$i.db"; done
}

printf '%s hosts with %s workloads and %s days: %s KiB\n' "$hosts" "$workloads" "$days" "$(du -sk "$dir/hosts" | cut -f 1)"
printf '%-34s %6s %10s %10s %10s %10s\n' command hosts 'wall ms' 'cpu ms' 'cpu/host' 'peak KiB'
quarter=$(((hosts + 3) / 4))
mapfile -t some < <(ledgers "$quarter")
mapfile -t all < <(ledgers "$hosts")
out=$dir/merged.db
measured merge "$quarter" 0 merge "${some[@]}" --ledger "$dir/quarter.db"
measured merge "$hosts" 0 merge "${all[@]}" --ledger "$out" --json
grep -q "\"hosts\":$hosts,\"workloads\":$((hosts * workloads))," "$dir/out" || {
	echo "not all of them are in it: $(cat "$dir/out")" >&2
	exit 1
}
measured "merge, all of them again" "$hosts" 0 merge "${all[@]}" --ledger "$out"
measured "merge, one of them again" "$hosts" 0 merge "${all[0]}" --ledger "$out"
measured list "$hosts" 0 --ledger "$out" list
measured "gate of a workload" "$hosts" "${FLEET_GATE:-1}" --ledger "$out" gate docker:app-1 --to errno
measured "status --json" "$hosts" 0 --ledger "$out" status --json
echo "the merged ledger: $(du -k "$out" | cut -f 1) KiB"
