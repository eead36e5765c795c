#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A real systemd-journald gets every kind of entry, and the differences in them add up to what the
# ledger holds: over a daemon that is killed, over a journald that is stopped, and below the limit.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

OWN_CALL=$((500000 + $$ % 100000))
LIMIT=200

need_root
need jq journalctl "$JOURNALD"
e2e_begin
need_stream

message_id() { # KIND
	sed -n "s/.*SECCOMPD_MESSAGE_$1 \"\(.*\)\"/MESSAGE_ID=\1/p" "$top/include/seccompd/message-ids.h"
}

NEW=$(message_id NEW_SIGHTING)
ROLL_UP=$(message_id ROLL_UP)
FIELDS=SECCOMP_SYSCALL_NR,SECCOMP_ACTION,SECCOMP_ORIGIN,SECCOMP_PROFILE,SECCOMP_TOTAL,SECCOMP_COUNT

entries() { # MATCH...: one JSON object per line
	journalctl --no-pager --quiet -o json --all "$@" 2>/dev/null
}

sightings() { # WORKLOAD
	entries --output-fields="$FIELDS" "$NEW" "$ROLL_UP" "SECCOMP_WORKLOAD=$1"
}

# As the manual says: what is there twice counts once.
told() { # WORKLOAD: how many of the first call, and how many different ones
	sightings "$1" | jq -s -r '
		map({ nr: .SECCOMP_SYSCALL_NR, action: .SECCOMP_ACTION, origin: .SECCOMP_ORIGIN, profile: .SECCOMP_PROFILE,
			total: .SECCOMP_TOTAL, count: .SECCOMP_COUNT }) | unique |
		"\(map(.count | tonumber) | add // 0) \(map(.nr) | unique | length)"'
}

held() { # WORKLOAD: the same of the ledger
	ctl show "$1" --json 2>/dev/null | jq -s -r '"\(map(.count) | add // 0) \(map(.nr) | unique | length)"'
}

has_told() { # WORKLOAD WANTED
	[ "$(told "$1")" = "$2" ]
}

start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
# Copies: each is a workload of its own.
for name in calls one two; do
	cp "$CALLS" "$E2E_DIR/$name"
done
start() {
	start_seccompd || bail "seccompd does not start"
	enter_unit "$SECCOMPD_PID"
}
start

# ---- killed in the middle
calls=host:$E2E_DIR/calls
has_entry() { # KIND MATCH...
	entries "$(message_id "$1")" "${@:2}" | grep -q .
}
"$E2E_DIR/calls" --linger 300 flood 10 "$OWN_CALL"
check "a new sighting is told" wait_until 20 has_told "$calls" "10 1"
for _ in 1 2; do
	"$E2E_DIR/calls" --linger 300 flood 2000 "$OWN_CALL" &
	flood=$!
	"$E2E_DIR/calls" --linger 300 logged 20 "$OWN_CALL"
	kill -KILL "$SECCOMPD_PID"
	wait "$SECCOMPD_PID" 2>/dev/null
	SECCOMPD_PID=
	wait "$flood"
	start
done

# ---- journald is stopped, and the ledger goes on
kill -STOP "$JOURNALD_PID"
"$E2E_DIR/one" --linger 300 logged 30 "$OWN_CALL"
one=host:$E2E_DIR/one
ledger_has_one() {
	[ "$(held "$one")" = "30 30" ]
}
check "with journald stopped the ledger is written" wait_until 20 ledger_has_one
"$E2E_DIR/one" --linger 300 logged 30 "$OWN_CALL"
ledger_has_it_twice() {
	[ "$(held "$one")" = "60 30" ]
}
check "and goes on being written" wait_until 20 ledger_has_it_twice
is "nothing of it is told yet, or nearly" "$(($(told "$one" | cut -d' ' -f2) < 30))" 1
kill -CONT "$JOURNALD_PID"
one_is_told() {
	[ "$(told "$one" | cut -d' ' -f2)" = 30 ]
}
check "when it goes on, all of it is" wait_until 60 one_is_told

# ---- the end tells what waited for its turn
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
all_is_told() {
	[ "$(told "$calls")" = "$(held "$calls")" ] && [ "$(told "$one")" = "$(held "$one")" ]
}
if wait_until 20 all_is_told; then
	ok "the differences add up to the ledger's counts"
else
	not_ok "the differences add up to the ledger's counts" \
		"told $(told "$calls"), $(told "$one"); held $(held "$calls"), $(held "$one")"
fi

# ---- a crowd
before=$(entries SYSLOG_IDENTIFIER=seccompd | wc -l)
start
"$E2E_DIR/two" --linger 300 logged 500 "$OWN_CALL" &
"$E2E_DIR/calls" --linger 300 logged 500 $((OWN_CALL + 1000))
ledger_has_the_crowd() {
	[ "$(held "host:$E2E_DIR/two" | cut -d' ' -f2)" = 500 ]
}
check "a crowd of new sightings is in the ledger" wait_until 20 ledger_has_the_crowd
stop_seccompd
after=$(entries SYSLOG_IDENTIFIER=seccompd | wc -l)
check "the journal got some of it ($((after - before)))" test $((after - before)) -gt 50
# Those of 30 s, any 30 s: the restart has a limit of its own.
check "and no more than the limit" test $((after - before)) -le "$LIMIT"

# ---- kinds
for kind in NEW_SIGHTING ROLL_UP STAGE_CHANGED WATCHED EVIDENCE_LOST; do
	check "there is an entry of kind $kind" has_entry "$kind"
done
ledger_id=$(sqlite3 "$E2E_DIR/ledger.db" "SELECT value FROM meta WHERE key='ledger_id'" 2>/dev/null)
is "all name the ledger" "$(entries SYSLOG_IDENTIFIER=seccompd | jq -r .SECCOMP_LEDGER | sort -u)" \
	"${ledger_id:-$(entries SYSLOG_IDENTIFIER=seccompd | jq -r .SECCOMP_LEDGER | head -n 1)}"
watched=$(entries "$(message_id WATCHED)" | jq -r .SECCOMP_RUN_ID | sort -u | wc -l)
is "each run of the daemon is told" "$watched" 4
leave_unit
done_testing
