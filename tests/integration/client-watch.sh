#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What comes while "watch" looks on: calls, counts, losses, another ledger, the daemon's end and start.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

db=$work/w.db
started=()
finish() {
	local pid
	for pid in ${started[@]+"${started[@]}"}; do kill -KILL "$pid"; done 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT

record() { # SERIAL NR
	echo "type=SECCOMP msg=audit(1795318999.261:$1): auid=1 uid=0 gid=0 ses=1 pid=9 comm=\"a\" exe=\"/bin/a\" sig=0 arch=c000003e syscall=$2 compat=0 ip=0x1 code=0x7ffc0000"
}

take() { # WORKLOAD SERIAL NR: a record into the ledger
	record "$2" "$3" | "$ctl" replay --ledger "$db" --as "$1" >/dev/null
}

begin() { # ARGS...: the watcher's output in $work/lines
	: >"$work/lines"
	"$ctl" --ledger "$db" watch "$@" >"$work/lines" 2>"$work/complaint" &
	watcher=$!
	started+=("$watcher")
}

comes() { # NAME PATTERN
	wait_until 20 grep -qE -- "$2" "$work/lines" && ok "$1" && return
	not_ok "$1" "no $2 in: $(cat -v "$work/lines" "$work/complaint")"
}

ended() {
	! kill -0 "$watcher" 2>/dev/null
}

ends() { # NAME SIGNAL
	kill "-$2" "$watcher"
	wait_until 20 ended
	wait "$watcher"
	is "$1" "$?" 0
}

# ---- what comes
take docker:web 1 165 # mount
begin -n 1
comes "what is known comes first" '^20[-0-9]+ [0-9:]+  new     docker:web: mount on x86_64, answered SCMP_ACT_LOG; risk high, workload, 1 record, by /bin/a$'
take docker:web 2 27
comes "a new call" ' new     docker:web: mincore on x86_64, .* risk low, '
take docker:web 3 165
comes "one that goes on" ' more    docker:web: 1 more of mount on x86_64, 2 in all$'
record 4 83 | sed 's/exe="[^"]*"/exe=2F1B5B324A/' | "$ctl" replay --ledger "$db" --as docker:web >/dev/null
comes "a hostile program is escaped" ' new     docker:web: mkdir .* by /\\x1B\[2J$'
is "no line comes twice" "$(sort "$work/lines" | uniq -d)" ""
is "and none besides" "$(wc -l <"$work/lines")" 4
ends "an interrupt ends it well" INT

begin docker:web --json --since 1970-01-02
comes "--since, in JSON" '^\{"event":"new","time":"2026-11-22T[^"]*Z","workload":"docker:web","host":(null|"[^"]*"),"arch":"x86_64","syscall":"mincore","nr":27,"action":"SCMP_ACT_LOG","origin":"workload","risk":"low","count":1,"total":1,"comm":"a","exe":"/bin/a"\}$'
take docker:other 5 27
take docker:web 6 165
comes "counts" '"event":"more".*"workload":"docker:web".*"syscall":"mount",.*"count":1,"total":3'
is "of another workload nothing comes" "$(grep -v docker:web "$work/lines")" ""
cp "$db" "$work/copy" && mv "$work/copy" "$db"
comes "another file in its place is told" '"event":"ledger",.*"state":"replaced"'
take docker:web 7 84
comes "and followed" '"event":"new".*"syscall":"rmdir"'
mv "$db" "$work/away"
comes "one that is gone is told" '"event":"ledger",.*"state":"unreadable","reason":"[^"]*w.db'
mv "$work/away" "$db"
is_replaced_again() {
	[ "$(grep -c '"state":"replaced"' "$work/lines")" = 2 ]
}
check "until it is back" wait_until 20 is_replaced_again
take docker:web 8 83
comes "and followed again" '"event":"new".*"syscall":"mkdir"'
ends "and it ends well" TERM

# ---- several hosts
"$builddir/tests/integration/make-fleet" "$work" 2 2 2 && mv "$work/1.db" "$work/one.db" || exit 99
db=$work/fleet.db
merge() {
	"$ctl" merge "$work/$1.db" --ledger "$db" >/dev/null 2>&1
}
merge one
begin -n 1
comes "of which a call is" ' new     docker:app-[12] \(host-1\): [a-z_0-9]+ on x86_64, '
merge 2
comes "a new host, by its name" ' stage   docker:app-1 \(host-2\): stage log'
comes "and what is called there" ' new     docker:app-1 \(host-2\): [a-z_0-9]+ on x86_64, '
ends "and it ends well then" INT
begin --json -n 1
comes "in JSON" '"workload":"docker:app-[12]","host":"host-[12]",'
ends "too" INT
db=$work/w.db

# ---- whoever reads goes away
mkfifo "$work/pipe"
"$ctl" --ledger "$db" watch -n 1 >"$work/pipe" &
watcher=$!
started+=("$watcher")
head -n 1 "$work/pipe" >/dev/null
check "it ends with its reader" wait_until 20 ended

# ---- the daemon
db=$work/live.db
mkfifo "$work/feed"
start() {
	"$builddir/seccompd" --config /dev/null --ledger "$db" --source - --no-journal <"$work/feed" >"$work/log" 2>&1 &
	daemon=$!
	started+=("$daemon")
	exec 3>"$work/feed"
}
stop() {
	exec 3>&-
	kill -TERM "$daemon" 2>/dev/null
	wait "$daemon"
}
start
wait_until 20 test -s "$db.tally"
check "there is a ledger" wait_until 20 "$ctl" --ledger "$db" list
begin
record 10 27 >&3
comes "what a daemon finds" ' new     unattributed: mincore '
stop
comes "its end" ' daemon  seccompd has ended: no call is seen until it is started$'
start
comes "its start" ' daemon  seccompd has started$'
record 30 83 >&3
record 31 83 | sed "s/ syscall=83//" >&3
comes "and what it finds then" ' new     unattributed: mkdir '
comes "with what was lost between" ' loss    this host: '
stop
ends "it still ends well" HUP
begin
comes "that none runs is told" ' daemon  seccompd does not run: no call is seen until it is started$'
ends "and it ends" INT

# ---- usage
fails "an unknown workload" 2 'did you mean "unattributed"' --ledger "$db" watch unatributed
fails "no ledger" 4 . --ledger "$work/none.db" watch
fails "a time that is none" 2 '--since takes a time' --ledger "$db" watch --since yesterday
fails "lines that are none" 2 '-n takes a number' --ledger "$db" watch -n x
exits "--help" 0 watch --help
done_testing
