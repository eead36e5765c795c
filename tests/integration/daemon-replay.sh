#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The real daemon on recorded streams: what it counts, keeps, refuses and survives.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

daemon=${builddir:?}/seccompd
capture=$srcdir/tests/data/capture.audit
lines=$(wc -l <"$capture")

replay() { # LEDGER SOURCE [OPTION...]: the daemon's output in $work/log, its exit code in $status
	local ledger=$1 source=$2
	shift 2
	"$daemon" --config /dev/null --ledger "$ledger" --source "$source" --no-journal "$@" \
		>"$work/log" 2>&1
	status=$?
}

field() { # LEDGER NAME: a number of status
	"$ctl" --ledger "$1" status --json | sed -n "s/,\"busiest\".*//; s/.*\"$2\":\([0-9]*\).*/\1/p"
}

records_in_ledger() { # LEDGER
	"$ctl" --ledger "$1" list --all --json | sed -n 's/.*"records":\([0-9]*\).*/\1/p' |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# ---- counts ----
ledger=$work/a.db
replay "$ledger" "file:$capture" --once
is "a replay ends with status 0" "$status" 0
is "and says nothing" "$(cat "$work/log")" ""
is "each record of the capture is counted" "$(field "$ledger" records)" "$lines"
is "and is in the ledger" "$(records_in_ledger "$ledger")" "$lines"
is "a log has no processes: all are unattributed" "$(field "$ledger" unattributed)" "$lines"
check "with the cause" grep -q "read from a log" <("$ctl" --ledger "$ledger" status)
run --ledger "$ledger" suggest unattributed --profile /dev/null
is "nothing is suggested for nobody" "$status" 2

replay "$ledger" - --once <"$capture"
is "standard input counts as well, on top" "$(records_in_ledger "$ledger")" $((2 * lines))
replay "$ledger" - --once </dev/null
is "a start that reads nothing changes nothing" "$(records_in_ledger "$ledger")" $((2 * lines))
rm "$ledger.tally"
is "the ledger alone holds it all" "$(records_in_ledger "$ledger")" $((2 * lines))

# ---- other forms of a log ----
counts_same() { # NAME SOURCE [INPUT]: the same records as the plain file, and no others
	rm -f "$work"/forms.db*
	replay "$work/forms.db" "$2" --once <"${3:-/dev/null}"
	is "$1 counts the same" "$status $(field "$work/forms.db" records) $(records_in_ledger "$work/forms.db")" "0 $lines $lines"
}
gzip -c "$capture" >"$work/log.gz"
counts_same "a log packed by gzip" "file:$work/log.gz"
counts_same "one on standard input" - "$work/log.gz"
mkfifo "$work/packed"
cat "$work/log.gz" >"$work/packed" &
counts_same "one on a pipe" "file:$work/packed"
wait $!
{ head -n 2 "$capture" | gzip -c && tail -n +3 "$capture" | gzip -c; } >"$work/log.gz"
counts_same "one of two members" "file:$work/log.gz"
if command -v xz >/dev/null; then
	xz -c "$capture" >"$work/log.xz"
	counts_same "a log packed by xz" "file:$work/log.xz"
else
	skip "a log packed by xz" "no xz program"
fi
sed 's/"/\\"/g; s/^type=SECCOMP msg=\(.*\)$/{"__CURSOR":"a","_TRANSPORT":"kernel","MESSAGE":"audit: type=1326 \1"}/' "$capture" >"$work/log.json"
counts_same "the journal's JSON" "file:$work/log.json"
counts_same "the journal's JSON on standard input" - "$work/log.json"
sed 's/^type=SECCOMP msg=\(.*\)$/__CURSOR=a\n_TRANSPORT=kernel\nMESSAGE=audit: type=1326 \1\n/' "$capture" >"$work/log.export"
counts_same "the journal's export" "file:$work/log.export"
gzip -c "$work/log.export" >"$work/log.export.gz"
counts_same "the same, packed" "file:$work/log.export.gz"

replay "$work/forms.db" "file:$work/log.gz"
is "a packed log cannot be followed" "$status" 1
check "which is said" grep -q 'is packed, or a journal.s export: it cannot be followed' "$work/log"
is "in one sentence" "$(wc -l <"$work/log")" 1
rm -f "$work"/forms.db*
head -c -4 "$work/log.gz" >"$work/cut.gz"
replay "$work/forms.db" "file:$work/cut.gz" --once
is "a packed log that was cut is a failure" "$status" 1
check "which is said" grep -q 'it is packed, and damaged or cut off' "$work/log"
is "what it holds is counted" "$(records_in_ledger "$work/forms.db")" "$lines"

# ---- damage ----
ledger=$work/b.db
{
	head -n 1 "$capture"
	head -n 1 "$capture" | cut -c 1-150
	printf 'type=SECCOMP msg=audit(1.000:1): pid=1 comm="a\0b" sig=0\n'
	head -c 1000000 /dev/zero | tr '\0' x
	printf '\ntype=SYSCALL msg=audit(1.000:2): arch=c000003e syscall=1\n'
	tail -n 1 "$capture" | tr -d '\n'
} >"$work/damaged"
replay "$ledger" "file:$work/damaged" --once
is "damaged lines do not stop it" "$status" 0
is "whole records are counted, the last without its line end" "$(field "$ledger" records)" 2
is "damaged ones are counted as such" "$(field "$ledger" rejected)" 3
is "other types are passed over" "$(field "$ledger" skipped)" 1
check "and the evidence is said to be incomplete" grep -q "incomplete" <("$ctl" --ledger "$ledger" list --all)

# ---- following a log ----
ledger=$work/c.db
head -n 2 "$capture" >"$work/growing"
"$daemon" --config /dev/null --ledger "$ledger" --source "file:$work/growing" --no-journal 2>"$work/log" &
pid=$!
counted() {
	for _ in $(seq 100); do
		[ "$(field "$ledger" records 2>/dev/null)" = "$1" ] && return 0
		sleep 0.1
	done
	return 1
}
check "what a log holds is read" counted 2
tail -n +3 "$capture" >>"$work/growing"
check "what is added is read" counted "$lines"
replay "$ledger" - --once </dev/null
is "a second daemon on the same ledger is refused" "$status" 1
is "in one sentence" "$(wc -l <"$work/log")" 1
kill -TERM "$pid"
wait "$pid"
is "SIGTERM ends it with status 0" $? 0
is "and all is in the ledger" "$(records_in_ledger "$ledger")" "$lines"

# A pipe on which nothing comes must not hold up the end.
mkfifo "$work/pipe"
{ head -n 1 "$capture" && exec sleep 60; } >"$work/pipe" &
sleeper=$!
"$daemon" --config /dev/null --ledger "$work/d.db" --source - --no-journal <"$work/pipe" 2>"$work/log" &
pid=$!
ledger=$work/d.db
check "what came on the pipe is read" counted 1
kill -TERM "$pid"
wait "$pid"
is "SIGTERM ends it on a silent pipe, too" $? 0

# A signal that comes during the start waits until all can be closed in order. A few rounds, since
# the start is short.
interrupted_start() {
	local pid
	for _ in 1 2 3 4 5 6 7 8; do
		rm -f "$work"/s.db*
		"$daemon" --config /dev/null --ledger "$work/s.db" --source - --no-journal <"$work/pipe" 2>"$work/log" &
		pid=$!
		until [ -e "$work/s.db.lock" ] || ! kill -0 "$pid" 2>/dev/null; do :; done
		kill -TERM "$pid"
		wait "$pid" || return
	done
}
check "SIGTERM during the start ends it with status 0" interrupted_start
kill "$sleeper" && wait "$sleeper" 2>/dev/null

# Nor may a source that never ends.
"$daemon" --config /dev/null --ledger "$work/g.db" --source file:/dev/urandom --no-journal 2>"$work/log" &
pid=$!
is_read() {
	for _ in $(seq 100); do
		[ "$(field "$work/g.db" skipped 2>/dev/null)" -gt 0 ] 2>/dev/null && return 0
		sleep 0.05
	done
	return 1
}
check "a source that never ends is read" is_read
since=$SECONDS
kill -TERM "$pid"
wait "$pid"
is "SIGTERM ends it there, too" $? 0
check "within seconds" test $((SECONDS - since)) -le 30

# ---- a ledger that is taken away ----
ledger=$work/h.db
cp "$capture" "$work/growing"
# In the foreground, or timeout passes a signal on twice: the second one may meet a daemon that is just leaving.
timeout --foreground 60 "$daemon" --config /dev/null --ledger "$ledger" --source "file:$work/growing" --no-journal 2>"$work/log" &
pid=$!
in_ledger() {
	for _ in $(seq 100); do
		[ "$(records_in_ledger "$ledger" 2>/dev/null)" = "$1" ] && return 0
		sleep 0.1
	done
	return 1
}
check "a log is in the ledger" in_ledger "$lines"
rm "$ledger" "$ledger"-wal "$ledger"-shm
# Other records: the same ones a second time would be duplicates.
sed 's/:\([0-9]*\)): /:9\1): /' "$capture" >>"$work/growing"
check "when it is taken away, all of it goes into a new one" in_ledger $((2 * lines))
check "the reason is said" grep -q "opened again (the file was deleted or moved away)" "$work/log"
is "once" "$(wc -l <"$work/log")" 1
if command -v sqlite3 >/dev/null; then
	# Somebody writes there just then, for longer than a pass of the daemon's waits.
	mkfifo "$work/hold"
	sqlite3 -cmd ".timeout 5000" "$ledger" <"$work/hold" >"$work/held" &
	holder=$!
	exec {hold}>"$work/hold"
	echo "BEGIN IMMEDIATE; SELECT 'held';" >&$hold
	check "somebody holds the ledger" eval 'for _ in $(seq 100); do grep -q held "$work/held" && break; sleep 0.05; done; grep -q held "$work/held"'
	sed 's/:\([0-9]*\)): /:8\1): /' "$capture" >>"$work/growing"
	(sleep 1 && echo "COMMIT;" >&$hold) &
	exec {hold}>&-
fi
kill -TERM "$pid"
wait "$pid"
status=$?
is "and the daemon goes on until it is told to end" $status 0
[ $status -eq 0 ] || diag "it said: $(cat "$work/log")"
if [ -n "${holder:-}" ]; then
	wait "$holder"
	is "by then all is in the ledger, whoever held it" "$(records_in_ledger "$ledger")" $((3 * lines))
else
	skip "by then all is in the ledger, whoever held it" "sqlite3 is not installed"
fi

# ---- bad input ----
refused() { # NAME STATUS PATTERN
	[ "$status" -eq "$2" ] && [ "$(wc -l <"$work/log")" -eq 1 ] && grep -q -- "$3" "$work/log" &&
		ok "$1" || not_ok "$1" "status $status: $(cat "$work/log")"
}
replay "$work/e.db" file:/no/such/log --once
refused "a log that is not there" 1 'cannot open the log "/no/such/log"'
replay "$work/e.db" "file:$work" --once
refused "a folder as a log" 1 'is a folder'
check "leave no ledger behind" test ! -e "$work/e.db"
replay "$work/e.db" tape --once
refused "a source that does not exist" 2 'netlink, auditd, journal, file:PATH or - is needed'
replay "$work/e.db" journl --once
refused "a source that is misspelt" 2 '--source journl: netlink, auditd, journal'
replay "$work/e.db" '' --once
refused "an empty source" 2 '--source is empty'
replay '' - --once </dev/null
refused "an empty ledger" 2 '--ledger is empty'
replay "$work/e.db" - --once --opener '' </dev/null
refused "an empty socket of the opener" 2 '--opener is empty'
replay "$work/e.db" - --once --opener "$(printf 'x%.0s' {1..200})" </dev/null
refused "a socket's path that is too long" 2 '--opener x*\.\.\. has 200 bytes, a socket.s path at most 107'
replay "$work" - --once </dev/null
refused "a ledger that is a folder" 1 'something else than a ledger'
replay "$work/none/e.db" - --once </dev/null
refused "a ledger in a folder that is not there" 1 "$work/none/e.db"
printf 'my notes' >"$work/notes"
replay "$work/notes" - --once </dev/null
refused "a ledger that is something else" 1 'something else than a ledger'
is "which stays as it was" "$(cat "$work/notes")" "my notes"
mkfifo "$work/fifo"
replay "$work/fifo" - --once </dev/null
refused "a ledger that is a pipe" 1 'something else than a ledger'
check "which gets nothing beside it" test ! -e "$work/fifo.lock"
replay "$work/closed.db" - --once <&-
refused "a standard input that is closed" 1 'Bad file descriptor'
printf '[seccompd]\nLedgr=/x\n' >"$work/conf"
"$daemon" --config "$work/conf" >"$work/log" 2>&1
status=$?
refused "a mistake in the configuration" 2 "conf:2: there is no key Ledgr="
printf '[seccompd]\nBackfill=maybe\n' >"$work/conf"
"$daemon" --config "$work/conf" >"$work/log" 2>&1
status=$?
refused "a value that is none" 2 "conf:2: Backfill=maybe is no good value: yes or no is needed"
"$daemon" --config '' >"$work/log" 2>&1
status=$?
refused "an empty configuration" 2 "--config is empty"
for place in --foo '' --docker-root=relative; do
	"$builddir/seccompd-open" "$place" >"$work/log" 2>&1
	status=$?
	refused "seccompd-open: no place: \"$place\"" 2 "\"$place\" is no place (seccompd-open(8))"
done
"$daemon" --config "$work/no-such-conf" >"$work/log" 2>&1
status=$?
refused "a configuration that is not there" 2 "no-such-conf"
"$daemon" --bogus >"$work/log" 2>&1
is "an unknown option is a usage error" $? 2
head -c 5000 /dev/urandom >"$work/f.db.tally"
replay "$work/f.db" - --once <"$capture"
is "a damaged tally is set aside" "$status" 0
check "in one sentence" grep -q "set aside" "$work/log"
is "and counting goes on" "$(records_in_ledger "$work/f.db")" "$lines"
# Subjects begin with the second page.
printf '\1\2\3\4\5' | dd of="$work/f.db.tally" bs=1 seek=4120 conv=notrunc 2>/dev/null
replay "$work/f.db" - --once </dev/null
is "a tally with damaged entries is used" "$status" 0
check "which is said" grep -q "damaged in .* places" "$work/log"
is "what the ledger has stays" "$(records_in_ledger "$work/f.db")" "$lines"
done_testing
