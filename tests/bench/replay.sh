#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Replay of LINES_ (1,000,000) auditd lines into tally and ledger, beside what else reads such a file,
# on the same file with the page cache warm: of RUNS (3) the one that is the median by wall time. What
# prints each record prints it into a file.
set -u
build=${builddir:-.}
LINES=${LINES_:-1000000}
RUNS=${RUNS:-3}
PATH=$PATH:/usr/sbin:/sbin

dir=$(mktemp -d "${TMPDIR:-/tmp}/seccompd-bench.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
log=$dir/audit.log
: >"$dir/empty.conf"
printf 'directory = "%s"\n[auditlog]\nfile = "-"\n' "$dir" >"$dir/laurel.toml"
"$build/tests/bench/make-log" "$LINES" >"$log" || exit 1

cost() { # NAME COMMAND...: adds "WALL CPU KIB" to the runs of NAME
	local name=$1
	shift
	"$build/tests/bench/cost" "$dir/$name.cost" "$@" >"$dir/out" 2>"$dir/err" <"${stdin:-/dev/null}" && return
	echo "$name failed: $(tail -n 1 "$dir/err")" >&2
}

replay_of() { # NAME LOG
	rm -f "$dir"/ledger.db*
	cost "$1" "$build/seccompd" --source "file:$2" --once --no-journal --ledger "$dir/ledger.db" --config "$dir/empty.conf"
}

replay() {
	replay_of replay "$log"
}

replay_unlike() {
	replay_of replay_unlike "$dir/unlike.log"
}

decode_summary() {
	cost decode_summary "$build/seccompctl" decode --summary "$log"
	grep -q "^$LINES records, 0 skipped, 0 rejected" "$dir/err" || echo "decode --summary counts: $(tail -n 1 "$dir/err")" >&2
}

ausearch_raw() {
	cost ausearch_raw ausearch -if "$log" -m SECCOMP --raw
}

laurel_stdin() {
	stdin=$log cost laurel_stdin laurel -c "$dir/laurel.toml"
	grep -q "processed $LINES lines .*with 0 errors" "$dir/err" || echo "laurel says: $(tail -n 1 "$dir/err")" >&2
}

count_grep() {
	cost count_grep grep -c type=SECCOMP "$log"
}

count_lines() {
	cost count_lines wc -l "$log"
}

# The library alone, on the file mapped into memory: it tells its own time.
decode_alone() { # FORM
	"$build/tests/bench/bench-decode" "$log" "$RUNS" | sed -n "s/^$1 .* records, \([0-9.]*\) s,.*/\1/p" |
		awk '{ print $1 * 1000, $1 * 1000, "-" }'
}

median() { # FUNCTION
	local i
	for ((i = 0; i < RUNS; i++)); do "$1"; done
	sort -n "$dir/$1.cost" | sed -n "$(((RUNS + 1) / 2))p"
}

# The first row is what the others are compared with. On a busy machine look at the CPU time.
base_wall=
base_cpu=
row() { # NAME WALL CPU KIB
	[ -n "$base_wall" ] || { base_wall=$2 && base_cpu=$3; }
	awk -v name="$1" -v w="$2" -v c="$3" -v kib="$4" -v n="$LINES" -v bw="$base_wall" -v bc="$base_cpu" 'BEGIN {
		w = w > 0 ? w : 0.1
		printf "%-30s %9.0f %9.0f %12.0f %9s %11s %11s\n", name, w, c, n * 1000 / w, kib,
			sprintf("%.2fx", w / bw), sprintf("%.2fx", c / bc) }'
}

measured() { # NAME FUNCTION [COMMAND]
	if [ -n "${3:-}" ] && ! command -v "$3" >/dev/null; then
		printf '%-30s %9s\n' "$1" "not installed"
		return
	fi
	local cost
	cost=$(median "$2")
	# shellcheck disable=SC2086
	row "$1" ${cost:-0 0 -}
}

printf 'replay of %s lines, %s bytes, median of %s; the last columns: how many times as long as seccompd\n' \
	"$LINES" "$(stat -c %s "$log")" "$RUNS"
printf '%-30s %9s %9s %12s %9s %11s %11s\n' program 'wall ms' 'cpu ms' lines/s 'peak KiB' 'wall ratio' 'cpu ratio'
wc -l "$log" >/dev/null
replay_cost=$(median replay)
# shellcheck disable=SC2086
row "seccompd --once" ${replay_cost:-1 1 -}
counted=$("$build/seccompctl" --ledger "$dir/ledger.db" status --json 2>/dev/null | sed -n 's/^{[^{]*"records": *\([0-9]*\).*/\1/p')
"$build/tests/bench/make-log" "$LINES" unlike >"$dir/unlike.log" || exit 1
measured "the same, no two alike" replay_unlike
rm "$dir/unlike.log"
for form in line payload; do
	# shellcheck disable=SC2046
	row "decoding alone, $form" $(decode_alone $form)
done
measured "seccompctl decode --summary" decode_summary
measured "ausearch -m SECCOMP --raw" ausearch_raw ausearch
measured "laurel" laurel_stdin laurel
measured "grep -c" count_grep
measured "wc -l" count_lines

head -n "$((LINES / 10))" "$log" >"$dir/tenth.log"
replay_of tenth "$dir/tenth.log"
echo "peak memory of seccompd --once: $(awk '{ print $3 }' "$dir/tenth.cost") KiB for a tenth of the log, ${replay_cost##* } KiB for all of it"
echo "records in the ledger: ${counted:-unknown} of $LINES"
[ "${counted:-0}" = "$LINES" ]
