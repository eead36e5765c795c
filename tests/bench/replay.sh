#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Replay of LINES (1,000,000) auditd lines into tally and ledger, beside what else reads such a file:
# medians of RUNS (3) on the same file, page cache warm. The ratio is wall time over seccompd's.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${builddir:-.}
LINES=${LINES_:-1000000}
RUNS=${RUNS:-3}
PATH=$PATH:/usr/sbin:/sbin

dir=$(mktemp -d "${TMPDIR:-/tmp}/seccompd-bench.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
log=$dir/audit.log
: >"$dir/empty.conf"
"$build/tests/bench/make-log" "$LINES" >"$log" || exit 1

replay() {
	rm -f "$dir"/ledger.db*
	"$build/seccompd" --source "file:$log" --once --no-journal --ledger "$dir/ledger.db" --config "$dir/empty.conf"
}
ausearch_raw() {
	ausearch -if "$log" -m SECCOMP --raw
}
count_grep() {
	grep -c type=SECCOMP "$log"
}
count_lines() {
	wc -l "$log"
}

# "WALL CPU" in milliseconds of the median run by wall time.
measure() { # FUNCTION
	local i
	TIMEFORMAT='%R %U %S'
	for ((i = 0; i < RUNS; i++)); do
		{ time "$1" >"$dir/out" 2>"$dir/err" </dev/null || echo failed >"$dir/failed"; } 2>>"$dir/$1"
	done
	[ ! -e "$dir/failed" ] || { echo "$1 failed: $(tail -n 1 "$dir/err")" >&2 && rm "$dir/failed"; }
	sort -n "$dir/$1" | sed -n "$(((RUNS + 1) / 2))p" | awk '{ printf "%d %d\n", $1 * 1000, ($2 + $3) * 1000 }'
}

printf 'replay of %s lines, %s bytes, median of %s\n' "$LINES" "$(stat -c %s "$log")" "$RUNS"
printf '%-28s %9s %9s %12s %8s\n' program 'wall ms' 'cpu ms' lines/s ratio
count_lines >/dev/null
base=
for row in "replay|seccompd --once" "ausearch_raw|ausearch -m SECCOMP --raw" "count_grep|grep -c" "count_lines|wc -l"; do
	function=${row%%|*}
	if [ "$function" = ausearch_raw ] && ! command -v ausearch >/dev/null; then
		printf '%-28s %9s\n' "${row#*|}" "not installed"
		continue
	fi
	read -r wall cpu < <(measure "$function")
	[ -n "$base" ] || base=$wall
	awk -v name="${row#*|}" -v w="$wall" -v c="$cpu" -v n="$LINES" -v b="$base" 'BEGIN {
		w = w > 0 ? w : 1; b = b > 0 ? b : 1
		printf "%-28s %9d %9d %12d %7.2fx\n", name, w, c, n * 1000 / w, w / b }'
done
[ -d "$top" ] && counted=$("$build/seccompctl" --ledger "$dir/ledger.db" status --json 2>/dev/null | sed -n 's/.*"records": *\([0-9]*\).*/\1/p')
echo "records in the ledger: ${counted:-unknown} of $LINES"
[ "${counted:-0}" = "$LINES" ]
