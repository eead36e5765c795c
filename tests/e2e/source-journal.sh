#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Records out of a real journald's journal: none twice and none lost, whatever ends the daemon and
# whatever of its own goes with it; what the journal has lost is stated.
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
sed -i 's/^Source=.*/Source=journal/' "$E2E_DIR/seccompd.conf"

mkdir -p "$E2E_DIR/empty" && mount -t tmpfs tmpfs /run/log && mount --bind "$E2E_DIR/empty" /var/log/journal 2>/dev/null
"$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/none.db" >"$E2E_DIR/out" 2>&1
is "without a journal it does not start" "$?" 1
check "which is said" grep -q "no entry of this boot can be read from the journal" "$E2E_DIR/out"

start_audit_journald
"$CALLS" flood 1 "$OWN_CALL"
in_journal() { # CALL COUNT
	[ "$(journalctl --no-pager -q -o json _TRANSPORT=audit _AUDIT_TYPE=1326 | grep -c "syscall=$1 ")" = "$2" ]
}
wait_until 20 in_journal "$OWN_CALL" 1 || cannot "journald is not given the stream here"

# Behind whatever else is recorded on this host.
arrives() { # CALL COUNT
	wait_until "${JOURNALD_PATIENCE:-20}" in_journal "$1" "$2" && wait_until 20 total_is "$1" "$2"
}

start
is "the source has its name" "$(status_field source)" journal
call=$((OWN_CALL + 1))
"$CALLS" --pause 200 --stay 2 flood 300 "$call" &
caller=$!
check "every record arrives" arrives "$call" 300
check "of a process that lives it is known who made it" \
	eval 'ctl list --all --json | jq -r .workload | grep -v "^unattributed" | while read -r w; do ctl show "$w" --json; done |
		jq -es "[.[] | select(.nr == $call) | .count] | add // 0 > 0" >/dev/null'
wait "$caller"
is "the record from before the start is not ours" "$(total_of "$OWN_CALL")" 0
gaps=$(status_field serial_gaps)

call=$((OWN_CALL + 2))
"$CALLS" --pause 500 flood 4000 "$call" &
caller=$!
for _ in 1 2 3 4 5 6; do
	kill_seccompd
	start
done
wait "$caller"
check "killed six times, it counts each once" arrives "$call" 4000
is "and misses no serial" "$(status_field serial_gaps)" "$gaps"

stop_seccompd
is "it ends well" "$?" 0
call=$((OWN_CALL + 3))
"$CALLS" flood 100 "$call"
start
check "what was made while it did not run is there" arrives "$call" 100
is "and no serial is missing" "$(status_field serial_gaps)" "$gaps"
is "so no loss is stated" "$(stops)" ""

call=$((OWN_CALL + 4))
"$CALLS" --pause 300 flood 2000 "$call" &
caller=$!
wait_until 10 eval '[ "$(total_of "$call")" -gt 100 ]'
kill_seccompd
rm "$E2E_DIR/ledger.db.tally"
wait "$caller"
start
check "without its tally, as behind a reboot, it counts each once" arrives "$call" 2000
is "and no loss is stated" "$(stops)" ""

stop_seccompd
"$CALLS" flood 50 "$((OWN_CALL + 5))"
wait_until "${JOURNALD_PATIENCE:-20}" in_journal "$((OWN_CALL + 5))" 50
journalctl -q --rotate
vacuumed() {
	journalctl -q --vacuum-time=1s && in_journal "$((OWN_CALL + 5))" 0
}
check "the journal is vacuumed" wait_until 10 vacuumed
"$CALLS" flood 20 "$((OWN_CALL + 6))"
start
check "behind a vacuum it goes on" arrives "$((OWN_CALL + 6))" 20
has_gap() {
	[ "$(status_field serial_gaps)" -ge $((gaps + 50)) ]
}
check "what the journal has lost is missing" wait_until 20 has_gap
check "and the stop is stated" test -n "$(stops)"
is "nobody complained" "$(grep -v 'no audit records of this boot yet' "$E2E_DIR/seccompd.log")" ""
done_testing
