#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# CPU per record on the live stream at the kernel's full speed: seccompd beside a bare receive loop
# that looks at nothing. Both listen to the same RECORDS (200,000) at the same time, RUNS (3) times;
# the medians count.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

RECORDS=${RECORDS:-200000}
RUNS=${RUNS:-3}

need_root
need jq
e2e_begin
need_stream

cpu_us() { # PID: user and system time so far
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000000 / hz) }' "/proc/$1/stat"
}

median() {
	sort -n | sed -n "$(((RUNS + 1) / 2))p"
}

records_are() {
	[ "$(status_field records)" -ge "$1" ]
}

start_seccompd --no-journal || bail "seccompd does not start"
for ((run = 0; run < RUNS; run++)); do
	"$RECV_LOOP" "$RECORDS" 10 >"$E2E_DIR/bare" &
	bare=$!
	wait_until 5 grep -q ready "$E2E_DIR/bare"
	records=$(status_field records) cpu=$(cpu_us "$SECCOMPD_PID")
	"$CALLS" --stay 1 flood "$RECORDS" getsid
	wait "$bare"
	wait_until 30 records_are $((records + RECORDS)) || echo "seccompd has counted $(($(status_field records) - records)) of $RECORDS"
	echo $(($(cpu_us "$SECCOMPD_PID") - cpu)) >>"$E2E_DIR/ours"
	sed -n 's/.*cpu_us=\([0-9]*\).*/\1/p' "$E2E_DIR/bare" >>"$E2E_DIR/theirs"
done
printf 'live flood of %s records, median of %s\n' "$RECORDS" "$RUNS"
printf '%-28s %9s %14s %8s\n' program 'cpu ms' 'us per record' ratio
awk -v ours="$(median <"$E2E_DIR/ours")" -v bare="$(median <"$E2E_DIR/theirs")" -v n="$RECORDS" 'BEGIN {
	printf "%-28s %9.0f %14.2f %7.2fx\n", "bare receive loop", bare / 1000, bare / n, 1
	printf "%-28s %9.0f %14.2f %7.2fx\n", "seccompd", ours / 1000, ours / n, ours / bare }'
printf 'lost: %s serials, %s ENOBUFS\n' "$(status_field serial_gaps)" "$(status_field enobufs)"
