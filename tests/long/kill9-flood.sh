#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# KILLS (200) times kill -9 under RATE (50,000) records per second, with a socket that stays as a service
# manager keeps it: at random moments of its work, while it starts, while it takes what is queued at
# SIGTERM, and (with strace) in the checkpoint of the ledger's log. What is counted and what is said to be
# lost make up what was made, a kill costs one batch of the reader at most, and the ledger is sound.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/load-lib.sh
. "$top/tests/e2e/load-lib.sh"

KILLS=${KILLS:-200}
RATE=${RATE:-50000}
BATCH=64 # of one recvmmsg()
FIRST_NEW=$((1000000 + $$ * 1000))
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

# One that nobody made before: it must not be forgotten.
make_new() {
	"$HOSTILE" --filter --count 1 --call $((FIRST_NEW + round)) steady >/dev/null
}

is_sound() { # CHECK
	[ "$(sqlite3 -cmd '.timeout 5000' "$E2E_DIR/ledger.db" "PRAGMA $1" 2>>"$E2E_DIR/unsound")" = ok ]
}

kinds=(kill_at_work kill_at_start kill_at_end)
if command -v strace >/dev/null; then
	kinds+=(kill_in_checkpoint)
else
	diag "no strace: no kill in a checkpoint"
fi

begin_passing --no-journal
"$HOSTILE" --filter --call "$OWN_CALL" --rate "$RATE" steady >"$E2E_DIR/made" &
maker=$!
E2E_PIDS+=("$maker")
start_waker
began=$(now_ms) unsound=0
for ((round = 0; round < KILLS; round++)); do
	pass_again
	kind=${kinds[round % ${#kinds[@]}]}
	make_new
	"$kind"
	end_passed KILL || bail "round $round: seccompd does not end"
	check=quick_check
	[ $((round % 20)) != 19 ] || check=integrity_check
	[ ! -e "$E2E_DIR/ledger.db" ] || is_sound "$check" || unsound=$((unsound + 1))
done
kill -TERM "$maker"
wait "$maker"
took=$(($(now_ms) - began)) made=$(made_of "$E2E_DIR/made")
killed=$(grep -cx 'ended 137' "$E2E_DIR/pass")

# ---- what came of it ---------------------------------------------------------------------------

pass_again
# Whoever was gone while nobody looked has a share of the counters like anybody else, which others may fill.
all_is_known() {
	counted=$(total_of "$OWN_CALL") missing=$(status_field serial_gaps)
	dropped=$(ctl list --all --json | jq -s '[.[].dropped] | add // 0')
	[ $((counted + missing + dropped)) -ge "$made" ]
}
check "what is counted and what is missing make up the $made records" wait_until 60 all_is_known
all_is_known
diag "$killed of $KILLS ended by SIGKILL; $((made * 1000 / took)) records/s; counted $counted of $made, $missing serials missing, $dropped found no room, $(status_field enobufs) times ENOBUFS"
check "most of them were killed" test "$killed" -ge $((KILLS * 3 / 4))
check "none is counted twice" test "$counted" -le "$made"
is "the kernel's queue never ran over" "$(status_field enobufs)" 0
check "a kill costs one batch at most" test "$missing" -le $((killed * BATCH))
is "the ledger was sound after each of $KILLS" "$unsound" 0
is "and was never set aside" "$(find "$E2E_DIR" -name 'ledger.db.corrupt*')" ""
found=$(ctl list --all --json | jq -r .workload | while read -r workload; do
	ctl show "$workload" --json 2>/dev/null
done | jq -r ".nr | select(. >= $FIRST_NEW and . < $FIRST_NEW + $KILLS)" | sort -u | wc -l)
diag "$found of $KILLS sightings"
check "no sighting is missing but those of the serials that are" test $((found + missing + dropped)) -ge "$KILLS"
end_passed TERM
rm -f "$E2E_DIR/ledger.db.tally"
is "all of it is in the ledger" "$(total_of "$OWN_CALL")" "$counted"
check "and the log is in it" test "$(bytes_of "$E2E_DIR/ledger.db-wal")" = 0
done_testing
