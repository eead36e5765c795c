#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Logs into a ledger of their own: what is counted, what stays the same in any order, what is said to
# be missing, and what is refused.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

daemon=${builddir:?}/seccompd
capture=$srcdir/tests/data/capture.audit
lines=$(wc -l <"$capture")

of_daemon() { # LEDGER LOG
	"$daemon" --config /dev/null --ledger "$1" --source "file:$2" --once --no-journal >"$work/log" 2>&1
}

field() { # NAME: of the JSON object in the output
	sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/out"
}

calls() { # LEDGER WORKLOAD: how often each was made, and when first and last
	"$ctl" --ledger "$1" show "$2" --json |
		sed 's/.*"arch":\("[^"]*"\).*"nr":\([-0-9]*\),"action":\("[^"]*"\).*"count":\([0-9]*\),"first":\([^,]*\),"last":\([^,]*\),.*/\1 \2 \3 \4 \5 \6/' |
		sort
}

# All that the client shows of a workload.
content() { # LEDGER WORKLOAD
	"$ctl" --ledger "$1" show "$2" --json
	"$ctl" --ledger "$1" gate "$2" --to errno --json
	"$ctl" --ledger "$1" status --json
}

no_ledger() { # NAME: the last run left nothing behind
	[ -z "$(ls "$work"/none* 2>/dev/null)" ]
	result $? "$1"
}

# ---- counts
f=$work/f.db
exits "a capture" 0 replay "$capture" --ledger "$f"
has "says how many records it counted" "^$lines +records counted for unattributed$"
of_daemon "$work/daemon.db" "$capture"
is "the counts are those of the daemon" "$(calls "$f" unattributed)" "$(calls "$work/daemon.db" unattributed)"
exits "the same again" 0 --ledger "$f" replay "$capture" --json
is "counts nothing twice" "$(field counted) $(field again)" "0 $lines"
has_keys "replay has its keys" 1 "workload asserted records skipped rejected counted again outside other_exe undated dropped serial_gaps sightings first last"
is "and changes nothing" "$(calls "$f" unattributed)" "$(calls "$work/daemon.db" unattributed)"

# ---- a workload by assertion
f=$work/as.db
exits "with --as" 0 replay "$capture" --ledger "$f" --as docker:web --exe '*/calls'
run --ledger "$f" list --json
has "list says so" '"workload":"docker:web","runtime":"docker".*"complete":false.*"asserted":true'
run --ledger "$f" list
has "also to people" '^docker:web .* asserted$'
run --ledger "$f" show web
has "show, too" '^The evidence is incomplete: it was asserted'
run --ledger "$f" show web --json
has "and in JSON" '"asserted":true'
echo '{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/p.json"
exits "suggest offers" 1 --ledger "$f" suggest web --profile "$work/p.json" --json
has "but not as complete" '"summary":true.*"complete":false,"asserted":true'
exits "the gate is unknown" 5 --ledger "$f" gate web --to errno
has "for that reason" '^attribution +asserted +seen +unknown +somebody said of a log'
run --ledger "$f" status
has "status says what the ledger is" 'made from logs by "seccompctl replay"'
exits "by another name in the same ledger" 0 replay "$capture" --ledger "$f" --as unit:db.service --json
is "the records count for both" "$(field counted)" "$lines"

# ---- any split, any order
"$builddir/tests/bench/make-log" 3000 >"$work/log" || bail "make-log is not built"
sed -i -e '1000,1019d' -e '2000s/ syscall=.*//' -e '500p' "$work/log"
run replay "$work/log" --ledger "$work/whole.db" --as docker:web --exe '/bin/p[0-3]*'
content "$work/whole.db" docker:web >"$work/expected"
has "what is missing is said" '^20 +audit serials that are missing'
has "damage is said" '^1 +damaged line$'
split -n l/7 "$work/log" "$work/piece."
# shellcheck disable=SC2012
ls "$work"/piece.* | sort -R --random-source=<(yes 7) >"$work/order"
mapfile -t pieces <"$work/order"
run replay "${pieces[@]}" --ledger "$work/pieces.db" --as docker:web --exe '/bin/p[0-3]*'
is "pieces in any order make the same ledger" "$(content "$work/pieces.db" docker:web)" "$(cat "$work/expected")"
for piece in "${pieces[@]}"; do
	run replay - --ledger "$work/each.db" --as docker:web --exe '/bin/p[0-3]*' <"$piece"
done
is "and so does one after another" "$(content "$work/each.db" docker:web)" "$(cat "$work/expected")"
gzip -c "$work/log" >"$work/log.gz"
sort -R --random-source=<(yes 8) "$work/log" | sed 's/^type=SECCOMP msg=/Nov 22 03:06:00 host kernel: [  1.5] audit: type=1326 /' >"$work/syslog"
run replay "$work/syslog" "$work/log.gz" --ledger "$work/forms.db" --as docker:web --exe '/bin/p[0-3]*'
is "and the same from another form, shuffled, twice" "$(content "$work/forms.db" docker:web)" "$(cat "$work/expected")"
if command -v sqlite3 >/dev/null; then
	dump() { # LEDGER
		sqlite3 -readonly "$1" "SELECT arch, nr, action, origin, means, count, first, last, serial FROM sighting ORDER BY 1, 2;
			SELECT s.arch, s.nr, e.comm, e.exe, e.ip, e.pid, e.time FROM example e JOIN sighting s ON s.id=e.sighting ORDER BY 1, 2, 7, 3;
			SELECT kind, start, stop, count FROM loss ORDER BY 1, 2;
			SELECT hour, records, sightings FROM rollup ORDER BY 1;
			SELECT stretch, workload, hex(keys) FROM replayed ORDER BY 1, 2;
			SELECT name, made, refreshed, n_sightings, dropped FROM workload"
	}
	cp "$work/whole.db" "$work/copy.db"
	is "a ledger of logs can be read alone" "$(content "$work/copy.db" docker:web)" "$(cat "$work/expected")"
	sqlite3 "$work/copy.db" "PRAGMA quick_check" >/dev/null
	is "also when sqlite3 was the last to close it" "$(content "$work/copy.db" docker:web)" "$(cat "$work/expected")"
	cp "$work/daemon.db" "$work/lone.db"
	fails "one of the daemon cannot, since it may lack the newest" 4 'together with its -wal' --ledger "$work/lone.db" list
	for one in pieces each forms; do
		is "the tables are the same: $one" "$(dump "$work/$one.db" | cksum)" "$(dump "$work/whole.db" | cksum)"
	done
else
	skip "the tables are the same" "no sqlite3 program"
fi
run replay "$work/log" --ledger "$work/when.db" --since 2023-11-14T22:13:30Z --until @1700000020 --json
is "a stretch of time" "$(field counted)" 980
has "is that of the records" '"first":"2023-11-14T22:13:30.190000Z","last":"2023-11-14T22:13:39.980000Z"'
for serial in 4294967294 4294967295 2 3; do
	sed -n "1s/:[0-9]*): /:$serial): /p" "$capture"
done >"$work/wrapped"
run replay "$work/wrapped" --ledger "$work/wrapped.db" --json
is "serials that wrap within one ms" "$(field counted) $(field serial_gaps)" "4 2"
{ cat "$capture" && echo "audit: backlog limit exceeded"; } >"$work/notice"
run replay "$work/notice" --ledger "$work/notice.db"
run --ledger "$work/notice.db" status
has "what the kernel says that it lost is lost" 'records that the kernel dropped'

# ---- ledgers
fails "the daemon's ledger is refused" 4 'must not mix' replay "$capture" --ledger "$work/daemon.db"
of_daemon "$f" "$capture"
is "and so is one of logs by the daemon" $? 1
check "in one sentence" grep -q 'made from logs by "seccompctl replay"' "$work/log"
mkfifo "$work/pipe"
exec 9<>"$work/pipe"
"$daemon" --config /dev/null --ledger "$work/live.db" --source - --no-journal <&9 2>"$work/log" &
pid=$!
running() {
	"$ctl" --ledger "$work/live.db" status --json 2>/dev/null | grep -q '"running":true'
}
for _ in $(seq 200); do running && break || sleep 0.05; done
fails "a ledger that a daemon writes now" 4 'writes the ledger' replay "$capture" --ledger "$work/live.db"
kill -TERM "$pid"
wait "$pid"
is "which nothing happens to" $? 0
exec 9>&-
echo "my notes" >"$work/notes"
fails "a file that is no ledger" 4 'something else than a ledger' replay "$capture" --ledger "$work/notes"
is "stays as it was" "$(cat "$work/notes")" "my notes"
fails "a folder that is not there" 4 'no/where' replay "$capture" --ledger "$work/no/where/x.db"

# ---- input
fails "no ledger" 2 'with --ledger' replay "$capture"
fails "a log that is not there" 3 'cannot be opened: No such file' replay "$work/nowhere" --ledger "$work/none.db"
fails "a folder" 3 'is a folder' replay "$capture" "$work" --ledger "$work/none.db"
: >"$work/empty"
fails "an empty log" 3 'is empty' replay "$work/empty" --ledger "$work/none.db"
printf 'type=1326 \0\1\2\n\377\376\n\0\n' >"$work/garbage"
fails "bytes that are no log" 3 'no audit record in [0-9]* lines' replay "$work/garbage" --ledger "$work/none.db"
fails "no audit record in it" 3 'no audit record in [0-9]* lines' replay "$srcdir/README.md" --ledger "$work/none.db"
head -c -9 "$work/log.gz" >"$work/cut.gz"
fails "a packed log that was cut" 3 'damaged or cut off; nothing was written' replay "$capture" "$work/cut.gz" --ledger "$work/none.db"
fails "the ledger as a log" 2 'is the ledger' replay "$f" --ledger "$f"
no_ledger "none of these leaves a ledger behind"
content "$work/whole.db" docker:web >"$work/before"
fails "a failure with an older ledger" 3 'nothing was written' replay "$capture" "$work/cut.gz" --ledger "$work/whole.db" --as docker:web
is "leaves it as it was" "$(content "$work/whole.db" docker:web)" "$(cat "$work/before")"
echo 'type=SYSCALL msg=audit(1700000000.000:5): arch=c000003e syscall=1' >"$work/other"
run replay "$work/other" --ledger "$work/other.db"
is "audit records of other types only" "$status $(wc -l <"$work/err")" "0 1"
check "is said" grep -q 'no SECCOMP record in 1 audit record$' "$work/err"
sed 's/audit([^)]*)/audit(03\/04\/2025 07:39:37.599:201) /' "$capture" >"$work/interpreted"
run replay "$work/interpreted" --ledger "$work/interpreted.db"
check "records without a time are left out" grep -q 'no record has a time' "$work/err"
run replay "$capture" --ledger "$work/nothing.db" --as docker:web --exe '/no/such'
check "a selection of nothing is said" grep -q "none of $lines records" "$work/err"

# ---- usage
fails "--exe without --as" 2 'name it with --as' replay "$capture" --ledger "$work/none.db" --exe '*'
fails "--since after --until" 2 'not before --until' replay "$capture" --ledger "$work/none.db" --since 2026-01-02 --until 2026-01-01
fails "a time that is none" 2 'takes a time such as' replay "$capture" --ledger "$work/none.db" --since yesterday
fails "a day that does not exist" 2 'takes a time such as' replay "$capture" --ledger "$work/none.db" --until 2026-02-30
fails "a glob that is none" 2 'without its ]; \[\[\] means' replay "$capture" --ledger "$work/none.db" --as x --exe '/bin/[a'
fails "an empty glob" 2 'behind "--exe" is empty' replay "$capture" --ledger "$work/none.db" --as x --exe ''
fails "a glob that ends in a backslash" 2 'lone backslash' replay "$capture" --ledger "$work/none.db" --as x --exe 'a\'
fails "no name" 2 'behind "--as" is empty' replay "$capture" --ledger "$work/none.db" --as ''
fails "a name that cannot be" 2 'control character' replay "$capture" --ledger "$work/none.db" --as $'a\e[2J'
fails "a name that says nothing" 2 'cannot name' replay "$capture" --ledger "$work/none.db" --as unattributed
fails "a name that is too long" 2 'at most 255 bytes' replay "$capture" --ledger "$work/none.db" --as "$(printf '%0300d' 1)"
exits "a journal's folder without --journal" 2 replay --directory / --ledger "$work/none"
exits "a journal and a log" 2 replay --journal "$capture" --ledger "$work/none"
exits "a journal's calls asserted" 2 replay --journal --as docker:web --ledger "$work/none"
exits "two journals" 2 replay --journal --merge --directory / --ledger "$work/none"
exits "no ledger's id" 2 replay --journal --id 12 --ledger "$work/none"
exits "a journal without a ledger" 2 replay --journal
no_ledger "wrong usage leaves no ledger behind"
done_testing
