#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the history of processes costs: per record and per process (bench-lineage), and for whoever
# forks: FORKS (20,000) processes that end at once, with the daemon listening to their events and with
# Lineage=no, RUNS (5) times in turn; the medians count.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

FORKS=${FORKS:-20000}
RUNS=${RUNS:-5}

"$E2E_BUILD/tests/bench/bench-lineage" || exit 1
need_root
need jq
e2e_begin

# Processor time, not the clock's: what the kernel does for the events is the forking process's own,
# and others may run beside it.
us_each() { # N COMMAND...
	local n=$1 TIMEFORMAT='%U %S'
	shift
	{ time "$@" >/dev/null; } 2>&1 | awk -v n="$n" '{ printf "%.2f\n", ($1 + $2) * 1000000 / n }'
}

has_scanned() {
	[ "$(status_field lineage.entries)" -gt 0 ]
}

cpu_us() { # PID
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000000 / hz) }' "/proc/$1/stat"
}

median() {
	sort -n | sed -n "$(((RUNS + 1) / 2))p"
}

for ((run = 0; run < RUNS; run++)); do
	for lineage in no yes; do
		write_config
		sed -i "s/^\[seccompd\]/&\nLineage=$lineage/" "$E2E_DIR/seccompd.conf"
		start_seccompd --no-journal || bail "seccompd does not start"
		[ "$lineage" = no ] || wait_until 5 has_scanned
		cpu=$(cpu_us "$SECCOMPD_PID")
		us_each "$FORKS" "$CALLS" --fork "$FORKS" getcpu >>"$E2E_DIR/fork-$lineage"
		echo $((($(cpu_us "$SECCOMPD_PID") - cpu) * 100 / FORKS)) >>"$E2E_DIR/cpu-$lineage"
		us_each $((FORKS / 10)) "$CALLS" --spawn $((FORKS / 10)) getcpu >>"$E2E_DIR/spawn-$lineage"
		stop_seccompd
	done
done
printf '\n%-44s %10s %10s\n' "us of processor time, medians of $RUNS" Lineage=no yes
printf '%-44s %10s %10s\n' "fork, exit and wait" "$(median <"$E2E_DIR/fork-no")" "$(median <"$E2E_DIR/fork-yes")"
printf '%-44s %10s %10s\n' "fork, exec, exit and wait" "$(median <"$E2E_DIR/spawn-no")" "$(median <"$E2E_DIR/spawn-yes")"
awk -v no="$(median <"$E2E_DIR/cpu-no")" -v yes="$(median <"$E2E_DIR/cpu-yes")" \
	'BEGIN { printf "%-44s %10.2f %10.2f\n", "the daemon, for each fork and exit", no / 100, yes / 100 }'
