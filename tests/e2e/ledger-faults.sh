#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The ledger fails while records come: locked, its disk full, its log, its index or itself deleted, moved
# away, damaged, or on a file system that is read-only at the start. Each time the daemon goes on, says so
# in its log, by status, in its metrics and to the service manager, recovers by itself, and in the end the
# ledger holds each record that was made, once.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need jq sqlite3
e2e_begin
need_stream
start_waker

# The counters are elsewhere, as in a real installation: /run is no disk.
disk=$E2E_DIR/disk
E2E_LEDGER=$disk/ledger.db
mkdir "$disk" && mount -t tmpfs -o size=3m,mode=0755 tmpfs "$disk" || cannot "cannot mount a tmpfs"
: >"$E2E_DIR/tally"
: >"$E2E_LEDGER.tally"
mount --bind "$E2E_DIR/tally" "$E2E_LEDGER.tally" || cannot "cannot bind a file"
write_config
mkdir "$E2E_DIR/seccompd.conf.d"
printf '[seccompd]\nMetricsFile=%s\n' "$E2E_DIR/metrics.prom" >"$E2E_DIR/seccompd.conf.d/metrics.conf"
: >"$E2E_DIR/notified"
"$E2E_BUILD/tests/e2e/notify-listen" "$E2E_DIR/notify" >>"$E2E_DIR/notified" &
E2E_PIDS+=($!)
wait_until 20 test -S "$E2E_DIR/notify" || bail "notify-listen does not start"

made=0
make_calls() { # N: at once, and of a process that stays until it is looked at
	"$CALLS" --linger 300 flood "$1" "$OWN_CALL" && made=$((made + $1))
}

new_calls() { # N different ones, which make rows
	"$CALLS" flood 1 "$((OWN_CALL + 100 + $1))"
}

fault() {
	ctl status --json | jq -r '.faults[] | select(.kind == "ledger") | .reason'
}

fault_says() { # WORDS
	fault | grep -q "$1"
}

no_fault() {
	[ "$(ctl status --json | jq -r '.faults | length')" = 0 ]
}

said() { # WORDS
	grep -q "$1" "$E2E_DIR/seccompd.log"
}

all_is_there() {
	check "$1: then the ledger has each record, once" wait_until 20 total_is "$OWN_CALL" "$made"
}

# What everybody is told while it lasts, and behind it.
is_told() { # NAME WORDS
	check "$1: status --json says it" wait_until 20 fault_says "$2"
	check "$1: so does status" grep -q "^The ledger cannot be written, counts wait in the tally.*$2" <(ctl status)
	check "$1: and the log" said "cannot write the ledger, counts are kept in the tally: .*$2"
	check "$1: and the line of status for the service manager" \
		wait_until 10 grep -qa "^STATUS=.*the ledger cannot be written: .*$2" "$E2E_DIR/notified"
}

is_over() { # NAME
	check "$1: it is over by itself" wait_until 20 no_fault
	check "$1: which is said" said "the ledger can be written again"
	all_is_there "$1"
	: >"$E2E_DIR/seccompd.log"
	: >"$E2E_DIR/notified"
}

export NOTIFY_SOCKET=$E2E_DIR/notify
start_seccompd --no-journal || bail "seccompd does not start"
make_calls 100
check "records are counted" wait_until 20 total_is "$OWN_CALL" "$made"

# ---- another program writes ----
mkfifo "$E2E_DIR/sql"
sqlite3 "$E2E_LEDGER" <"$E2E_DIR/sql" >/dev/null &
E2E_PIDS+=($!)
exec 7>"$E2E_DIR/sql"
echo "BEGIN EXCLUSIVE;" >&7
make_calls 1000
is_told "locked" "database is locked"
make_calls 1000
echo "COMMIT;" >&7
exec 7>&-
is_over "locked"

# ---- the disk is full ----
dd if=/dev/zero of="$disk/ballast" bs=4k 2>/dev/null
make_calls 1000
for i in 1 2 3 4 5 6 7 8; do new_calls "$i"; done
is_told "full" "full"
make_calls 1000
check "full: the counters go on" test "$(status_field records)" -ge "$made"
kill -HUP "$SECCOMPD_PID"
check "full: the metrics say it" wait_until 20 grep -q '^seccompd_ledger_failing 1' "$E2E_DIR/metrics.prom"
rm "$disk/ballast"
is_over "full"

# ---- parts of it are taken away ----
for end in -wal -shm; do
	make_calls 100
	rm "$E2E_LEDGER$end"
	make_calls 100
	check "without $end: it is opened again, which is said" wait_until 20 said "was opened again (its .* ($end) was deleted or moved away)"
	all_is_there "without $end"
	: >"$E2E_DIR/seccompd.log"
done
is "nothing was set aside so far" "$(find "$disk" -name '*corrupt*')" ""

# ---- it is taken away ----
mv "$E2E_LEDGER" "$disk/old.db"
make_calls 100
check "moved away: a new one is begun, which is said" wait_until 20 said "was opened again (the file was deleted or moved away)"
all_is_there "moved away"
: >"$E2E_DIR/seccompd.log"
rm "$disk"/old.db* "$E2E_LEDGER" "$E2E_LEDGER-wal" "$E2E_LEDGER-shm"
make_calls 100
check "deleted: a new one is begun, which is said" wait_until 20 said "was opened again (the file was deleted or moved away)"
all_is_there "deleted"
: >"$E2E_DIR/seccompd.log"

# ---- garbage in the middle ----
kill -HUP "$SECCOMPD_PID" # all goes into the one file
log_is_empty() {
	[ ! -s "$E2E_LEDGER-wal" ] || [ "$(stat -c %s "$E2E_LEDGER-wal")" -lt 40000 ]
}
wait_until 10 said "configuration was read again"
wait_until 10 log_is_empty
dd if=/dev/urandom of="$E2E_LEDGER" bs=4k seek=2 count=12 conv=notrunc 2>/dev/null
make_calls 100
kill -HUP "$SECCOMPD_PID"
check "damaged: it is set aside, which is said" wait_until 20 said "was damaged .* a new one was started; it gets what the tally holds"
is "damaged: it is kept" "$(find "$disk" -name 'ledger.db.corrupt-*Z' | wc -l)" 1
all_is_there "damaged"
check "damaged: the loss is reported" grep -q "corrupt ledgers set aside  *1$" <(ctl status)
is "it was one run to the end, without a gap" "$(status_field running) $(status_field serial_gaps)" "true 0"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0

# ---- read-only at the start ----
: >"$E2E_DIR/seccompd.log"
: >"$E2E_DIR/notified"
mount --bind "$disk" "$disk" && mount -o remount,bind,ro "$disk"
mount --bind "$E2E_DIR/tally" "$E2E_LEDGER.tally"
start_seccompd --no-journal || bail "seccompd does not start on a read-only disk"
make_calls 1000
is_told "read-only" "Read-only file system"
umount -l "$E2E_LEDGER.tally"
mount -o remount,bind,rw "$disk" || diag "cannot make it writable again"
mount --bind "$E2E_DIR/tally" "$E2E_LEDGER.tally"
is_over "read-only"
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
