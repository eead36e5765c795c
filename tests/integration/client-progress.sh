#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# How far it is, on a terminal, of whatever takes more than a second: here it does, on a clock that is
# fast.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

command -v script >/dev/null || bail "no script(1)"
clock=$(realpath "${builddir:?}/tests/integration/fast-clock.so") || bail "fast-clock.so is not built"
unset COLUMNS SECCOMPCTL_PAGER SYSTEMD_PAGER PAGER
export TERM=xterm ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
mkdir "$work/fleet"
"$builddir/tests/integration/make-fleet" "$work/fleet" 6 20 4 || exit 99
run merge "$work"/fleet/*.db --ledger "$work/all.db"

# Standard output is a file, as of who waits for the end, unless TO says otherwise.
waits() { # COLUMNS ARGS...: what the terminal got in $work/err, a line for each that overwrote another
	local words
	printf -v words '%q ' "$ctl" "${@:2}"
	timeout 60 script -qec "stty cols $1 -opost; export LD_PRELOAD=$clock; exec $words ${TO->$work/out}" \
		"$work/typescript" </dev/null >"$work/raw" 2>&1
	status=$?
	tr '\r' '\n' <"$work/raw" | sed 's/\x1b\[K//' >"$work/err"
}
shows() { # NAME PATTERN: and it is taken away in the end
	[ "$status" -eq "${code:-0}" ] && grep -qE "$2" "$work/err" &&
		[ "$(tail -c 4 "$work/raw")" = $'\r\x1b[K' ]
	result $? "$1"
}

for i in {1..6000}; do echo "type=SECCOMP msg=audit(1700000000.000:$i): auid=0 uid=0 gid=0 ses=1 pid=7 comm=\"x\" exe=\"/bin/x\" sig=0 arch=c000003e syscall=$((i % 300)) compat=0 ip=0x1 code=0x7ffc0000"; done >"$work/one"
for i in 1 2 3 4 5; do cat "$work/one"; done >"$work/log"
whole='^[0-9]+ %, [0-9]+ (ms|s|min|h) left: [0-9]+ lines, [0-9]+ per second$'

waits 80 replay "$work/log" --as docker:x --ledger "$work/r.db"
shows "replay: time left and rate" "$whole"
waits 80 replay "$work/one" "$work/log" "$work/one" --as docker:x --ledger "$work/r.db"
shows "of several files as of one" "$whole"
is "which goes up only" "$(sed -nE 's/^([0-9]+) %.*/\1/p' "$work/err" | sort -nc 2>&1)" ""
waits 20 replay "$work/log" --as docker:x --ledger "$work/r.db"
shows "20 columns: what matters" '^[0-9]+ %, [0-9]+ (ms|s|min|h)'
is "20 columns: no line is wider" "$(awk 'length > 19' "$work/err")" ""
waits 80 decode --summary "$work/log"
grep -qE "$whole" "$work/err" && grep -q '^[0-9]* records, ' "$work/err"
result $? "decode --summary, and what it says in the end begins a line"
TO='' waits 80 decode "$work/one"
is "rows on the same terminal are enough" "$(grep -c ' left: ' "$work/err")" 0
sed 's/^/1 /; s/type=.*/read(3, "", 1) = 0/' "$work/log" >"$work/strace"
waits 80 import --strace "$work/strace" --workload docker:x --ledger "$work/i.db"
shows "import" "$whole"
waits 80 merge "$work"/fleet/*.db --ledger "$work/again.db"
shows "merge: ledgers" '^[0-9]+ %, [0-9]+ (ms|s|min|h) left: [0-6] ledgers, [0-9]+ per second$'
amount='^[0-9]+ MB of the ledger read, [0-9]+ per second$'
workloads='^[0-9]+ %, [0-9]+ (ms|s|min|h) left: [0-9]+ workloads, [0-9]+ per second$'
waits 80 --ledger "$work/all.db" report -o "$work/page.html"
shows "report: of all workloads" "$workloads"
waits 80 --ledger "$work/all.db" report docker:app-1 -o "$work/page.html"
shows "report: of one, what was read" "$amount"
waits 80 --ledger "$work/all.db" list
shows "list" "$workloads"
waits 80 --ledger "$work/all.db" status
shows "status" "$workloads"
code=1 waits 80 --ledger "$work/all.db" gate docker:app-1 --to errno
code=$status shows "gate" "$amount"
TO='' SECCOMPCTL_PAGER='tr a-z A-Z' waits 80 --ledger "$work/all.db" list
grep -qE "$workloads" "$work/err" && grep -q 'DOCKER:APP-1' "$work/err"
result $? "a pager does not get it, the terminal does"
waits 80 --ledger "$work/all.db" show docker:none
[ "$status" -eq 2 ] && grep -q '^seccompctl show: ' "$work/err"
result $? "a complaint begins a line"
TERM=dumb waits 80 --ledger "$work/all.db" list
is "none on a terminal that cannot take it away" "$(cat "$work/err")" ""
LD_PRELOAD=$clock run --ledger "$work/all.db" list
is "none where nobody looks" "$(cat "$work/err")" ""

remote=/lib/systemd/systemd-journal-remote
if [ -x "$remote" ]; then
	for i in {1..600}; do
		printf '__REALTIME_TIMESTAMP=%d\n_BOOT_ID=%032d\nMESSAGE_ID=%s\nMESSAGE=x\n\n' $((1700000000000000 + i * 1000000)) 1 \
			"$(sed -n 's/.*MESSAGE_NEW_SIGHTING *"\([0-9a-f]*\)".*/\1/p' "$srcdir/include/seccompd/message-ids.h")"
	done >"$work/export"
	"$remote" -o "$work/one.journal" "$work/export" >/dev/null 2>&1
	waits 80 replay --journal --file "$work/one.journal" --ledger "$work/j.db"
	check "replay --journal: within a file" grep -qE '^[1-9][0-9]? %, [0-9]+ (ms|s|min|h) left: [0-9]+ entries, [0-9]+ per second$' "$work/err"
else
	skip "replay --journal" "no $remote"
fi
done_testing
