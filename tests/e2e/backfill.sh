#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Backfill=yes: what was made while no daemon ran comes out of a real journald's journal, each record
# once, whatever ends the daemon that takes it; what the journal has not got stays stated as lost.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/journald-lib.sh
. "$top/tests/e2e/journald-lib.sh"

need_root
need jq journalctl "$JOURNALD"
e2e_begin
need_stream
write_config
sed -i 's/^ReceiveBuffer=.*/ReceiveBuffer=512M/' "$E2E_DIR/seccompd.conf"

start_audit_journald
"$CALLS" flood 1 "$OWN_CALL"
in_journal() { # CALL COUNT
	[ "$(journalctl --no-pager -q -o cat _TRANSPORT=audit "_AUDIT_FIELD_SYSCALL=$1" | wc -l)" = "$2" ]
}
wait_until 20 in_journal "$OWN_CALL" 1 || cannot "journald is not given the stream here"

backfill() { # yes|no
	sed -i '/^Backfill=/d; s/^Source=.*/&\nBackfill='"$1"'/' "$E2E_DIR/seccompd.conf"
}
emit() { # CALL COUNT: while no daemon runs
	"$CALLS" flood "$2" "$1"
	wait_until 20 in_journal "$1" "$2" || bail "the journal has not got call $1"
}

backfill yes
start
call=$((OWN_CALL + 1))
"$CALLS" flood 20 "$call"
check "records arrive by the stream" wait_until 20 total_is "$call" 20
stop_seccompd
is "it ends well" "$?" 0
emit $((OWN_CALL + 2)) 50
gaps=$(status_field serial_gaps)
start
"$CALLS" flood 7 $((OWN_CALL + 3))
check "what was made while it did not run is there" wait_until 20 total_is $((OWN_CALL + 2)) 50
check "and what is made now" wait_until 20 total_is $((OWN_CALL + 3)) 7
is "nothing is there twice" "$(total_of "$call")" 20
is "the record from before the first start is not ours" "$(total_of "$OWN_CALL")" 0
is "no serial is missing" "$(status_field serial_gaps)" "$gaps"
is "no record is stated as lost" "$(stops)" ""

# Many, so that it is killed while it takes them.
stop_seccompd
call=$((OWN_CALL + 4))
emit "$call" 20000
midst=0 progress=
has_grown() { # BEFORE
	[ "$(status_field records)" -gt $(($1 + 20)) ]
}
for _ in 1 2 3 4; do
	before=$(status_field records)
	"$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_LEDGER" --no-journal >>"$E2E_DIR/seccompd.log" 2>&1 &
	SECCOMPD_PID=$!
	wait_until 10 has_grown "$before"
	kill_seccompd
	total=$(total_of "$call")
	progress+=" $total"
	[ "$total" -lt 20000 ] || break
	[ "$total" = 0 ] || midst=$((midst + 1))
done
check "it was killed in the midst of it" test "$midst" -gt 0
diag "killed behind$progress of 20000"
start
check "killed in the midst of it, it counts each once" wait_until 40 total_is "$call" 20000
diag "$(total_of "$call") of 20000, $(status_field serial_gaps) serials missing; $(ctl status --json | jq -c '{filling, enobufs, records}')"

stop_seccompd
backfill no
emit $((OWN_CALL + 5)) 30
start
"$CALLS" flood 5 $((OWN_CALL + 6))
check "without it the stream alone counts" wait_until 20 total_is $((OWN_CALL + 6)) 5
is "so that those of the time without a daemon are missing" "$(total_of $((OWN_CALL + 5)))" 0
check "and the stop is stated" wait_until 20 eval '[ -n "$(stops)" ]'
backfill yes
stop_seccompd
stated=$(stops)

emit $((OWN_CALL + 7)) 50
journalctl -q --rotate
vacuumed() {
	journalctl -q --vacuum-time=1s && in_journal $((OWN_CALL + 7)) 0
}
check "the journal is vacuumed" wait_until 10 vacuumed
emit $((OWN_CALL + 8)) 20
start
check "what the journal has still is taken" wait_until 40 total_is $((OWN_CALL + 8)) 20
more_is_stated() {
	[ "$(stops)" != "$stated" ]
}
check "and the loss stays" wait_until 20 more_is_stated
stop_seccompd
stated=$(stops)

mkdir "$E2E_DIR/empty" && mount --bind "$E2E_DIR/empty" /run/log/journal
start
check "without a journal that is said" grep -q 'Backfill=yes fills nothing' "$E2E_DIR/seccompd.log"
check "and the loss stays as well" wait_until 20 more_is_stated
diag "$(grep -i 'without seccompd' "$E2E_DIR/seccompd.log")"
done_testing
