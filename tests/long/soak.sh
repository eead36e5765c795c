#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SOAK_SECONDS (1,800) of mixed load on the live stream: containers that come and go, some that are
# restarted, floods with numbers and names, steady calls, clients that read, and a reader that keeps the
# ledger's log from being begun anew. Nothing is lost; neither memory nor descriptors nor files grow once
# the daemon has settled; the journal gets no more than its share.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private bash "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/load-lib.sh
. "$top/tests/e2e/load-lib.sh"

SOAK_SECONDS=${SOAK_SECONDS:-1800}
SETTLED=$((SOAK_SECONDS / 10)) # from then on it is to be flat
SAMPLE=10
PASSERS=4 # names of containers that come and go, each with a call of its own
RSS_MAX_KB=32768
# Beside the tables that say what they take: SQLite's cache of pages (1 MiB, see cache_size) fills as the
# ledger does; then nothing may grow.
GROWTH_MAX_KB=2048
LATE_GROWTH_MAX_KB=512 # from the half on
ENTRIES_MAX=200
DB_MAX=$((64 << 20))
WAL_MAX=$((64 << 20))

need_root
need podman runc busybox jq sqlite3 journalctl "$JOURNALD"
e2e_begin
need_stream
start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
make_image "$HOSTILE"
start_podman
start_waker
start_seccompd || bail "seccompd does not start"
END=$((SECONDS + SOAK_SECONDS))

who_made() { # SYSCALL: prints each workload that it is counted for
	ctl list --all --json | jq -r .workload | while read -r workload; do
		n=$(ledger_count "$workload" "$1")
		[ "$n" = 0 ] || printf '%s: %s  ' "$workload" "$n"
	done
}

unconfirmed_count() { # SYSCALL
	local workload sum=0
	while read -r workload; do
		sum=$((sum + $(ledger_count "$workload" "$1")))
	done < <(ctl list --all --json | jq -r '.workload | select(startswith("unconfirmed:podman/"))')
	echo "$sum"
}

is_time() {
	[ "$SECONDS" -lt "$END" ]
}

in_background() { # FUNCTION...: until it is over
	"$@" &
	E2E_PIDS+=($!)
	LOADS+=($!)
}
LOADS=()
: >"$E2E_DIR/passers.failed"

# ---- the load ----------------------------------------------------------------------------------

steady() {
	"$HOSTILE" --filter --call "$OWN_CALL" --rate 200 --seconds "$SOAK_SECONDS" steady >"$E2E_DIR/made.steady"
}

bursts() {
	while is_time; do
		"$HOSTILE" --filter --call "$OWN_CALL" --count 20000 steady >>"$E2E_DIR/made.bursts"
		"$HOSTILE" --filter --call "$OWN_CALL" --count 300 forks >>"$E2E_DIR/made.bursts"
		sleep 5
	done
}

# Each run makes the same calls; the names repeat.
passers() {
	local n=0
	while is_time; do
		n=$((n + 1))
		podman_run "passer-$((n % PASSERS))" "$STARTER" /bin/hostile --count 25 --call $((OWN_CALL + 1 + n % PASSERS)) steady \
			>>"$E2E_DIR/made.passer-$((n % PASSERS))" 2>>"$E2E_DIR/passers.err" || echo "$?" >>"$E2E_DIR/passers.failed"
		sleep 1
	done
}

stays() { # NAME COMMAND
	podman_ run --detach --name "$1" --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
		--security-opt seccomp="$STARTER" "$IMAGE" /bin/sh -c "trap 'exit 0' TERM; while :; do $2; sleep 4; done" \
		>>"$E2E_DIR/run.log" 2>&1
}

restarts() {
	while is_time; do
		sleep 20
		podman_ restart --time 2 numbers comms >>"$E2E_DIR/run.log" 2>&1
	done
}

clients() {
	local status
	while is_time; do
		{
			ctl status && ctl list --all --json && ctl show podman:numbers --json
			ctl gate podman:comms --to errno
			ctl suggest podman:comms --profile "$STARTER" --json
			ctl doctor
		} >/dev/null 2>>"$E2E_DIR/clients.err"
		status=$?
		[ "$status" -le 5 ] || echo "exit $status" >>"$E2E_DIR/clients.failed"
		sleep 3
	done
}

# 45 s at a time, in which nothing of the ledger's log may be used again.
long_reader() {
	while is_time; do
		{
			echo 'BEGIN; SELECT count(*) FROM sighting;'
			sleep 45
			echo 'SELECT count(*) FROM sighting; COMMIT;'
		} | sqlite3 -readonly "$E2E_DIR/ledger.db" >/dev/null 2>>"$E2E_DIR/reader.err"
		sleep 15
	done
}

# ---- samples -----------------------------------------------------------------------------------

# What the daemon's tables hold, others' load or ours: the last minute's processes, containers, and the tally. Of
# a subject (768 bytes in the file) and a slot (72) the daemon has at most 136 and 40 bytes of its own.
tables() { # prints: PROCESSES THEIR-KB CONTAINERS THEIR-KB KB-FOR-THE-TALLY
	local tally subjects
	tally=$(stat -c '%b * %B' "$E2E_LEDGER.tally")
	subjects=$(sqlite3 -readonly -cmd '.timeout 5000' "$E2E_LEDGER" 'SELECT count(*) FROM subject' 2>/dev/null)
	ctl status --json | jq -r --argjson subjects "${subjects:-0}" "[.lineage.entries, .lineage.bytes / 1024,
		.containers.running + .containers.ended, .containers.bytes / 1024,
		((($((tally)) - \$subjects * 768) * 40 / 72) + \$subjects * 136) / 1024] | map(floor) | join(\" \")"
}

sample() { # prints: SECOND RSS ANONYMOUS DESCRIPTORS LEDGER LOG CPU BESIDE-TABLES PROCESSES THEIR-KB CONTAINERS ...
	local anonymous entries lineage containers kept tally
	anonymous=$(status_kb "$SECCOMPD_PID" RssAnon)
	read -r entries lineage containers kept tally < <(tables)
	echo "$((SECONDS - BEGAN)) $(status_kb "$SECCOMPD_PID" VmRSS) $anonymous" \
		"$(descriptors_of "$SECCOMPD_PID") $(bytes_of "$E2E_DIR/ledger.db") $(bytes_of "$E2E_DIR/ledger.db-wal")" \
		"$(cpu_ms "$SECCOMPD_PID") $((anonymous - lineage - kept - tally)) $entries $lineage $containers $kept $tally"
}

# What the samples from when it had settled say of one column.
summary() { # COLUMN [FROM]: prints FIRST LAST MOST SLOPE-PER-HOUR
	awk -v c="$1" -v from="${2:-$SETTLED}" '$1 >= from {
		if (!n) first = $c
		if ($c > most) most = $c
		last = $c; n++; x += $1; y += $c; xx += $1 * $1; xy += $1 * $c
	} END { d = n * xx - x * x; print first + 0, last + 0, most + 0, int(d ? 3600 * (n * xy - x * y) / d : 0) }' "$E2E_DIR/samples"
}

BEGAN=$SECONDS
check "containers stay" eval 'stays numbers "hostile --count 30000 numbers" && stays comms "hostile --count 10000 --call 1500 comms"'
in_background steady
in_background bursts
in_background passers
in_background restarts
in_background clients
in_background long_reader
while is_time; do
	sample >>"$E2E_DIR/samples"
	sleep "$SAMPLE"
done
wait "${LOADS[@]}"
podman_ rm --all --force --time 0 >/dev/null 2>&1

# ---- what came of it ---------------------------------------------------------------------------

made=$(($(made_of "$E2E_DIR/made.steady") + $(made_of "$E2E_DIR/made.bursts")))
check "all of $made calls are counted" wait_until 120 total_is "$OWN_CALL" "$made"
diag "counted: $(total_of "$OWN_CALL") of $made; in all $(status_field records) records"
for ((i = 0; i < PASSERS; i++)); do
	call=$((OWN_CALL + 1 + i))
	named=$(ledger_count "podman:passer-$i" $call) made_i=$(made_of "$E2E_DIR/made.passer-$i")
	unnamed=$(unconfirmed_count $call)
	is "passer-$i: each call of each run is counted" $((named + unnamed)) "$made_i"
	# Who is gone before its state was read has its id alone: on a machine with too much to do.
	check "passer-$i: for its name, but for one in a hundred" test $((100 * unnamed)) -le "$made_i"
	diag "$(who_made $call)"
done
diag "runs that failed: $(wc -l <"$E2E_DIR/passers.failed"): $(tail -n 1 "$E2E_DIR/passers.err")"
is "no serial is missing" "$(status_field serial_gaps)" 0
is "the kernel dropped nothing (no ENOBUFS)" "$(status_field enobufs)" 0
is "no event of a process was lost" "$(status_field lineage.lost)" 0
is "nothing was rejected" "$(status_field rejected)" 0
is "each client got its answer" "$(cat "$E2E_DIR/clients.failed" 2>/dev/null)" ""
diag "clients said: $(sort "$E2E_DIR/clients.err" | uniq -c | head -n 5)"

read -r first last most slope < <(summary 2)
diag "resident: $first KiB settled, $last KiB at the end, $most KiB at most, $slope KiB/h"
check "memory stays within its bound" test "$most" -le "$RSS_MAX_KB"
read -r first last most slope < <(summary 3)
diag "of its own: $first KiB settled, $last KiB at the end, $most KiB at most, $slope KiB/h"
table=0
for what in "processes in the history" "KiB of them" "containers" "KiB of them" "KiB for the tally's slots"; do
	read -r first last most slope < <(summary $((9 + table)))
	diag "$what: $first settled, $last at the end, $most at most"
	table=$((table + 1))
done
others=$(($(status_field records) - made - $(ctl list --all --json | jq -s '[.[] | select(.workload | test("^podman:(numbers|comms|passer-[0-9])$")) | .records + .dropped] | add // 0')))
diag "others made $others of $(status_field records) records meanwhile"
# Whoever filled the tables: the rest is the same.
read -r late_first late_last late_most late_slope < <(summary 8 $((SOAK_SECONDS / 2)))
read -r first last most slope < <(summary 8)
diag "beside the tables: $first KiB settled, $last KiB at the end, $most KiB at most, $slope KiB/h"
diag "in the second half: $late_first KiB, then $late_last KiB, $late_most KiB at most, $late_slope KiB/h"
check "its own memory is what it has for its tables" test "$last" -le $((first + GROWTH_MAX_KB))
check "and stays flat" test "$late_last" -le $((late_first + LATE_GROWTH_MAX_KB))
read -r first last most slope < <(summary 4)
diag "descriptors: $first settled, $last at the end, $most at most"
# A sample may meet the daemon with some files open; what leaks stays open.
least=$(awk -v from=$((SOAK_SECONDS * 9 / 10)) '$1 >= from && (!least || $4 < least) { least = $4 } END { print least + 0 }' "$E2E_DIR/samples")
diag "in the last tenth: $least at least"
check "no descriptor leaks" test "$least" -gt 0 -a "$least" -le "$first"
read -r first last most slope < <(summary 5)
diag "ledger: $first bytes settled, $last at the end, $slope bytes/h"
check "the ledger stays within its bound" test "$most" -le "$DB_MAX"
read -r first last most slope < <(summary 6)
diag "its log: $most bytes at most"
check "its log, which a reader kept from being begun anew, too" test "$most" -le "$WAL_MAX"
read -r first last most slope < <(summary 7)
diag "CPU: $((slope / 36000)) % of a processor"
most=$(most_entries "$SECCOMPD_PID")
diag "journal: $most entries in 30 s at most, $(journalctl --no-pager -o cat "_PID=$SECCOMPD_PID" 2>/dev/null | wc -l) in all"
check "the journal gets some" test "$most" -gt 0
check "but no more than its share" test "$most" -le "$ENTRIES_MAX"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
cp "$E2E_DIR/samples" "${SOAK_SAMPLES:-/dev/null}"
done_testing
