#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# KILLS (200) times kill -9 under RATE (50,000) records per second, with a socket that stays as a service
# manager keeps it: at random moments of its work, while it starts, while it takes what is queued at
# SIGTERM, and (with strace) in the checkpoint of the ledger's log. All calls are those of one unit, which
# has the counters for itself: what is counted for it and the serials that are missing make up what was
# made, none is counted twice, a kill costs one batch of the reader at most, and the ledger is sound.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/load-lib.sh
. "$top/tests/e2e/load-lib.sh"

KILLS=${KILLS:-200}
RATE=${RATE:-50000}
JOBS=${JOBS:-2} # that make them together
BATCH=64 # of one recvmmsg()
UNIT=seccompd-kill9-$$.service
FIRST_NEW=100000
RANDOM=${SEED:-4711}

need_root
need jq sqlite3
e2e_begin
need_stream
write_config

# ---- the kills ---------------------------------------------------------------------------------

kill_at_work() {
	wait_until 20 passed_is_running || bail "round $round: seccompd does not start: $(tail -n 3 "$E2E_DIR/seccompd.log")"
	pause_ms 900
}

kill_at_start() {
	pause_ms 60
}

kill_at_end() {
	kill_at_work
	kill -TERM "$SECCOMPD_PID"
	pause_ms 120
}

all_traced() {
	! grep -qx 'TracerPid:[[:space:]]*0' "/proc/$SECCOMPD_PID"/task/*/status
}

# The log is cut when all of it is in the ledger: nothing else is cut once the daemon runs.
kill_in_checkpoint() {
	local tracer
	kill_at_work
	strace -f -qq -o /dev/null -e trace=ftruncate -e inject=ftruncate:signal=KILL -p "$SECCOMPD_PID" 2>/dev/null &
	tracer=$!
	E2E_PIDS+=("$tracer")
	wait_until 20 all_traced
	kill -TERM "$SECCOMPD_PID"
	wait_until 20 passed_has_ended
	wait "$tracer" 2>/dev/null
}

# One that was not made before, and that of the round before once more: no batch holds both.
make_new() {
	printf '%s\n' $((FIRST_NEW + round)) $((FIRST_NEW + (round > 0 ? round - 1 : 0))) >&9
}

# What the makers say themselves, so far.
made_so_far() { # NAME
	od -An -td8 "$E2E_DIR/tell.$1" | tr -d ' '
}

procs_of() { # UNIT
	cat /sys/fs/cgroup/system.slice/"$1"/cgroup.procs /sys/fs/cgroup/*/system.slice/"$1"/cgroup.procs 2>/dev/null | sort -u
}

unit_is_empty() {
	[ -z "$(procs_of "$UNIT")" ]
}

is_sound() {
	[ "$(sqlite3 -cmd '.timeout 5000' "$E2E_DIR/ledger.db" 'PRAGMA integrity_check' 2>>"$E2E_DIR/unsound")" = ok ]
}

kinds=(kill_at_work kill_at_start kill_at_end)
if command -v strace >/dev/null; then
	kinds+=(kill_in_checkpoint)
else
	diag "no strace: no kill in a checkpoint"
fi

begin_passing --no-journal
mkfifo "$E2E_DIR/asked" && exec 9<>"$E2E_DIR/asked"
in_unit "$UNIT" "$HOSTILE" --filter --tell "$E2E_DIR/tell.asked" asked <"$E2E_DIR/asked" >/dev/null &
E2E_PIDS+=($!)
in_unit "$UNIT" "$HOSTILE" --filter --tell "$E2E_DIR/tell.flood" --call "$OWN_CALL" --rate "$RATE" --jobs "$JOBS" steady >/dev/null &
E2E_PIDS+=($!)
start_waker
wait_until 20 test -s "$E2E_DIR/tell.flood" -a -s "$E2E_DIR/tell.asked" || bail "the makers do not start"
unsound=0
for ((round = 0; round < KILLS; round++)); do
	began=$(now_ms) before=$(made_so_far flood)
	pass_again
	kind=${kinds[round % ${#kinds[@]}]}
	make_new
	"$kind"
	end_passed KILL || bail "round $round: seccompd does not end"
	echo "$kind $(($(now_ms) - began)) $(($(made_so_far flood) - before)) $(status_field serial_gaps 2>/dev/null)" >>"$E2E_DIR/rounds"
	[ ! -e "$E2E_DIR/ledger.db" ] || is_sound || unsound=$((unsound + 1))
done
printf '%s\n' $((FIRST_NEW + KILLS - 1)) >&9
asked_is_made() {
	[ "$(made_so_far asked)" = $((2 * KILLS + 1)) ]
}
check "each new call is made" wait_until 20 asked_is_made
killed=$(grep -cx 'ended 137' "$E2E_DIR/pass")
rate=$(awk '$2 > 0 { print int($3 * 1000 / $2) }' "$E2E_DIR/rounds" | sort -n | awk '{ r[NR] = $1 } END { print r[int((NR + 1) / 2)] + 0 }')

# ---- what came of it ---------------------------------------------------------------------------

count() {
	counted=$(ctl show "unit:$UNIT" --json 2>/dev/null | jq -s '[.[].count] | add // 0')
	missing=$(status_field serial_gaps)
}

knows_all() {
	passed_is_running && [ "$(status_field lineage.state)" = on ] && [ "$(ledger_count "unit:$UNIT" $((FIRST_NEW + KILLS - 1)))" != 0 ]
}

all_is_known() {
	count
	[ $((counted + missing)) -ge "$made" ]
}

# Who ends while nobody looks has no name: they go on until the last one looks.
pass_again
wait_until 20 knows_all || bail "seccompd does not start: $(tail -n 3 "$E2E_DIR/seccompd.log")"
for pid in $(procs_of "$UNIT"); do kill -TERM "$pid"; done 2>/dev/null
wait_until 20 unit_is_empty || bail "the makers do not end"
made=$(($(made_so_far flood) + $(made_so_far asked)))
check "what is counted and what is missing make up the $made records" wait_until 60 all_is_known
count
lost=$((made - counted)) records=$(status_field records)
diag "$killed of $KILLS ended by SIGKILL, median of $rate records/s made; $counted of $made counted, $lost lost"
diag "$missing serials missing, of the records of all others as well ($((records - counted))); $(status_field enobufs) times ENOBUFS"
check "most of them were killed" test "$killed" -ge $((KILLS * 3 / 4))
check "none is counted twice" test "$lost" -ge 0
is "the kernel's queue never ran over" "$(status_field enobufs)" 0
check "a kill costs one batch at most" test "$missing" -le $((killed * BATCH))
# The next daemon tells what a kill has cost, or one of the two behind it when those are killed at their start;
# a ledger whose first daemon was killed before all its files were there cannot be asked.
worst=$(awk 'NF == 4 { told = $4 - before; before = $4; print told, NR - 1, $1 }' "$E2E_DIR/rounds" | sort -n | tail -n 1)
diag "most that one round told as missing: ${worst%% *}, in round ${worst#* }"
check "nor is the sum made up of dear ones and cheap ones" test "${worst%% *}" -le $((3 * BATCH))
# Whoever is killed between a record and its serial states one that was counted: never the other way.
check "and no more is missing than what is lost, but for what others made, and one a kill" \
	test $((missing - lost)) -le $((records - counted + killed))
check "nor less: each record that was lost is stated" test "$missing" -ge "$lost"
is "the ledger was sound after each of $KILLS" "$unsound" 0
is "and was never set aside" "$(find "$E2E_DIR" -name 'ledger.db.corrupt*')" ""
is "all had their own counters" "$(ctl list --all --json | jq -r "select(.workload == \"unit:$UNIT\") | .dropped")" 0
is "nothing of it is somebody else's" "$(total_of "$OWN_CALL")" "$(ledger_count "unit:$UNIT" "$OWN_CALL")"
is "each new sighting is there" "$(ctl show "unit:$UNIT" --json | jq -r ".nr | select(. >= $FIRST_NEW and . < $FIRST_NEW + $KILLS)" | sort -u | wc -l)" "$KILLS"
is "and none is counted more often than it was made" "$(ctl show "unit:$UNIT" --json |
	jq -s "[.[] | select(.nr > $FIRST_NEW and .nr < $FIRST_NEW + $KILLS)] | group_by(.nr) | map(map(.count) | add) | map(select(. > 2)) | length")" 0
count
end_passed TERM
rm -f "$E2E_DIR/ledger.db.tally"
is "all of it is in the ledger" "$(ctl show "unit:$UNIT" --json | jq -s '[.[].count] | add // 0')" "$counted"
check "and the log is in it" test "$(bytes_of "$E2E_DIR/ledger.db-wal")" = 0
done_testing
