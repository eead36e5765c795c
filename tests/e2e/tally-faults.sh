#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of live counters fails: cut off or deleted while it is in use, of another version, its disk full
# at the start or while it grows. With the socket that a service manager keeps, what was made is counted, or
# is said to be lost, and nothing is counted twice.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need jq
e2e_begin
need_stream

run=$E2E_DIR/run
tally=$run/ledger.db.tally
mkdir "$run" && mount -t tmpfs -o size=4m,mode=0755 tmpfs "$run"
: >"$tally"
: >"$E2E_DIR/ledger.db.tally"
write_config

# The file is made anew in its folder: what the client is to look at is where the configuration says.
sed -i "s|^\\[seccompd\\]|&\nLedger=$E2E_DIR/ledger.db\nTally=$tally|" "$E2E_DIR/seccompd.conf"
ctl() {
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" "$@"
}

mkfifo "$E2E_DIR/again"
exec 8<>"$E2E_DIR/again"
"$E2E_BUILD/tests/e2e/pass-socket" "$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --no-journal \
	<"$E2E_DIR/again" >"$E2E_DIR/pass" 2>"$E2E_DIR/seccompd.log" &
E2E_PIDS+=($!)

ended() { # TIMES
	[ "$(grep -c ended "$E2E_DIR/pass")" = "$1" ]
}

started() { # TIMES
	[ "$(grep -c started "$E2E_DIR/pass")" = "$1" ] && is_running
}

starts=0
start() {
	starts=$((starts + 1))
	echo >&8
}

must_start() {
	start
	wait_until 20 started "$starts" || bail "seccompd does not start: $(cat "$E2E_DIR/seccompd.log")"
}

said() { # WORDS
	grep -q "$1" "$E2E_DIR/seccompd.log"
}

running_pid() {
	sed -n 's/started //p' "$E2E_DIR/pass" | tail -n 1
}

stop() {
	kill -TERM "$(running_pid)"
	wait_until 20 ended "$starts"
}

made=0
make_calls() { # N
	"$CALLS" --linger 300 flood "$1" "$OWN_CALL" && made=$((made + $1))
}

# ---- cut off while records come ----
must_start
make_calls 1000
wait_until 20 total_is "$OWN_CALL" "$made"
"$CALLS" --linger 300 flood 50000 "$OWN_CALL" &
flood=$!
truncate -s 0 "$tally"
check "cut off: the daemon ends" wait_until 20 ended "$starts"
wait "$flood"
made=$((made + 50000))
is "cut off: with a failure" "$(tail -n 1 "$E2E_DIR/pass")" "ended 1"
check "cut off: which is said" said "a file in use was cut off by another program"
: >"$E2E_DIR/seccompd.log"
must_start
# The stream is in order: behind a record that is counted nothing older comes.
"$CALLS" --linger 300 flood 1 "$((OWN_CALL + 1))"
wait_until 20 total_is "$((OWN_CALL + 1))" 1
all_is_known() {
	[ $(($(total_of "$OWN_CALL") + $(status_field serial_gaps))) -ge "$made" ]
}
check "cut off: each record is counted, or its serial is said to be missing" all_is_known
check "cut off: none is counted twice" test "$(total_of "$OWN_CALL")" -le "$made"
diag "counted $(total_of "$OWN_CALL") of $made, $(status_field serial_gaps) serials missing"
made=$(total_of "$OWN_CALL")

# ---- deleted while records come ----
"$CALLS" --linger 300 flood 50000 "$OWN_CALL" &
flood=$!
rm "$tally"
check "deleted: the daemon ends" wait_until 20 ended "$starts"
check "deleted: which is said" said "the tally $tally was deleted or moved away"
is "deleted: with a failure" "$(tail -n 1 "$E2E_DIR/pass")" "ended 1"
must_start
wait "$flood"
made=$((made + 50000))
check "deleted: all of it is counted, once" wait_until 20 total_is "$OWN_CALL" "$made"
is "deleted: no serial is missing" "$(status_field serial_gaps)" 0

# ---- of another version ----
stop
printf '\377' | dd of="$tally" bs=1 seek=8 conv=notrunc 2>/dev/null
: >"$E2E_DIR/seccompd.log"
must_start
check "of another version: it is set aside, which is said" said "damaged or of another version: set aside as \"$tally.corrupt\""
make_calls 100
check "of another version: all is counted" wait_until 20 total_is "$OWN_CALL" "$made"
stop

# ---- no room at the start ----
rm -f "$tally" "$tally.corrupt"
dd if=/dev/zero of="$run/ballast" bs=4k 2>/dev/null
: >"$E2E_DIR/seccompd.log"
start
make_calls 100
check "no room: the daemon ends" wait_until 20 ended "$starts"
check "no room: which is said" said "cannot use the tally \"$tally\": No space left on device"
rm "$run/ballast"
must_start
check "no room: what came meanwhile was kept by the socket" wait_until 20 total_is "$OWN_CALL" "$made"

# ---- no room while it grows ----
make_calls 100
wait_until 20 total_is "$OWN_CALL" "$made"
dd if=/dev/zero of="$run/ballast" bs=4k 2>/dev/null
"$CALLS" --linger 300 logged 1900 "$((OWN_CALL + 100))"
lacks_room() {
	[ "$(ctl list --all | sed -n 's/.*table full  *//p')" -ge 1 ]
}
check "full: what finds no room is said to be lost" wait_until 20 lacks_room
make_calls 100
check "full: what has a place goes on being counted" wait_until 20 total_is "$OWN_CALL" "$made"
rm "$run/ballast"
"$CALLS" --linger 300 flood 10 "$((OWN_CALL + 2100))"
check "full: and new ones, when there is room again" wait_until 20 total_is "$((OWN_CALL + 2100))" 10
stop
is "SIGTERM ends it with status 0" "$(tail -n 1 "$E2E_DIR/pass")" "ended 0"
done_testing
