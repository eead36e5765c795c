#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# journald stopped and the ledger's disk full at once, for STOPPED_SECONDS (5) at STOPPED_RATE (20000)
# records a second: nothing is lost, and all of it is written when both come back.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

STOPPED_SECONDS=${STOPPED_SECONDS:-5}
STOPPED_RATE=${STOPPED_RATE:-20000}

need_root
need jq journalctl "$JOURNALD"
e2e_begin
need_stream
start_waker

disk=$E2E_DIR/disk
E2E_LEDGER=$disk/ledger.db
mkdir "$disk"
mount -t tmpfs -o size=24m,mode=0755 tmpfs "$disk" || cannot "cannot mount a tmpfs"
: >"$E2E_DIR/tally"
: >"$E2E_LEDGER.tally"
mount --bind "$E2E_DIR/tally" "$E2E_LEDGER.tally" || cannot "cannot bind a file"

start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
start_seccompd || bail "seccompd does not start"

entries() { # NR: of new sightings
	journalctl --no-pager -o json "SECCOMP_SYSCALL_NR=$1" 2>/dev/null | wc -l
}

has_entry() { # NR
	[ "$(entries "$1")" -ge 1 ]
}

fault() { # KIND: its reason
	ctl status --json | jq -r ".faults[] | select(.kind == \"$1\") | .reason"
}

has_fault() { # KIND
	[ -n "$(fault "$1")" ]
}

has_no_fault() { # KIND
	[ "$(ctl status --json | jq -r "[.faults[] | select(.kind == \"$1\")] | length")" = 0 ]
}

is_free_of_faults() {
	[ "$(ctl status --json | jq -r '.faults | length')" = 0 ]
}

"$CALLS" --linger 300 flood 10 "$OWN_CALL"
wait_until 20 has_entry "$OWN_CALL" || bail "no new sighting in the journal: $(tail -n 3 "$E2E_DIR/seccompd.log"; ctl status --json; ctl show "host:$CALLS")"

# ---- both stop ----
kill -STOP "$JOURNALD_PID"
dd if=/dev/zero of="$disk/ballast" bs=4k 2>/dev/null
n=$((STOPPED_RATE * STOPPED_SECONDS)) began=$SECONDS
"$CALLS" --linger 300 --rate "$STOPPED_RATE" flood "$n" "$OWN_CALL" &
flood=$!
for i in 1 2 3 4 5 6 7 8 9; do "$CALLS" --linger 100 flood 1 "$((OWN_CALL + i))"; done
check "that the ledger cannot be written is said" wait_until 20 has_fault ledger
before=$(status_field records)
grows() {
	[ "$(status_field records)" -gt "$before" ]
}
check "records go on being counted" wait_until 20 grows
wait "$flood"
diag "$n records in $((SECONDS - began)) s, $(status_field records) counted; ledger: $(fault ledger)"
counted() {
	[ "$(status_field records)" -ge "$n" ]
}
check "all are counted while both are stopped" wait_until 20 counted
is "the kernel's queue never ran over" "$(status_field enobufs)" 0
is "no serial is missing" "$(status_field serial_gaps)" 0

# ---- both come back ----
rm "$disk/ballast"
wait_until 20 has_no_fault ledger
kill -CONT "$JOURNALD_PID"
wait_until 20 total_is "$OWN_CALL" $((n + 10)) || bail "of $((n + 10)) the ledger has $(total_of "$OWN_CALL")"
for i in 1 2 3 4 5 6 7 8 9; do
	wait_until 20 has_entry "$((OWN_CALL + i))" && total_is "$((OWN_CALL + i))" 1 || not_ok "call $((OWN_CALL + i)) is in ledger and journal"
done
is "the journal has each new sighting once" "$(for i in 1 2 3 4 5 6 7 8 9; do entries "$((OWN_CALL + i))"; done | xargs)" "1 1 1 1 1 1 1 1 1"
check "nothing is said to be wrong any more" wait_until 20 is_free_of_faults

# ---- journald alone: the ledger takes what is seen, and knows what the journal has not got ----
kill -STOP "$JOURNALD_PID"
for i in $(seq 20 60); do "$CALLS" flood 1 "$((OWN_CALL + i))"; done
"$CALLS" --linger 300 flood 5 "$((OWN_CALL + 61))"
check "with journald stopped the ledger goes on" wait_until 20 total_is "$((OWN_CALL + 61))" 5
kill -CONT "$JOURNALD_PID"
check "and the journal gets it when it runs again" wait_until 40 has_entry "$((OWN_CALL + 61))"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
