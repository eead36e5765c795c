#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# "top": its figures in a pipe, and its picture in a real terminal, of 80 columns and of 20.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"
# shellcheck source=tests/lib/terminal.sh
. "$srcdir/tests/lib/terminal.sh"

good=$work/good.db
bad=$work/bad.db
"${builddir:?}/tests/integration/make-ledger" "$good" complete || exit 99
"$builddir/tests/integration/make-ledger" "$bad" lossy || exit 99

# ---- figures
exits "a picture for a pipe" 0 --ledger "$bad" top -b -n 1
has "that nothing is seen comes first" '^SECCOMPD IS DOWN: no call is seen; 10 workloads by rate$'
has "what is missing as well" '^INCOMPLETE: 7 unattributed, .* 1 overrun, 1 stop;'
has "a workload" '^ +0\.0 +0 +log +10 +4 docker:web$'
has "what is blind is called so" ' blind .* docker:hidden$'
plain "nothing harms a terminal"
exits "without a loss" 0 --ledger "$good" top -b -n 1 --sort records
has "that is said, and that nobody looks" '^SECCOMPD IS DOWN: .* by records$'
[ "$(sed -n 4p "$work/out" | awk '{ print $NF }')" = docker:web ]
result $? "the most records come first"
exits "pictures follow each other" 0 --ledger "$good" top -b -n 3 -d 100ms
is "as many as were asked for" "$(grep -c 'REC/S' "$work/out")" 3

# ---- for programs
exits "one look for programs" 0 --ledger "$bad" top --json -d 100ms --sort records
is "an object for each, in the wanted order" "$(sed -n 's/^{"workload":"\([^"]*\)".*/\1/p' "$work/out" | head -n 1)" docker:web
has_keys "with these keys" 1 "workload stage blind rate_milli new records sightings hosts"
has "what is blind" '^\{"workload":"docker:hidden","stage":"errno","blind":true,"rate_milli":0,'
has_keys "and one of the whole, the last" "$(wc -l <"$work/out")" \
	"summary time running rate_milli workloads hosts fault lost"
has "with what is missing" '"summary":true,.*"running":false,.*"workloads":10,.*"lost":\{"enobufs":1,'
exits "so many of them" 0 --ledger "$good" top --json -d 100ms -n 2
is "two" "$(grep -c '"summary":true' "$work/out")" 2

# ---- several hosts
mkdir "$work/fleet"
"$builddir/tests/integration/make-fleet" "$work/fleet" 3 2 2 || exit 99
run merge "$work"/fleet/*.db --ledger "$work/fleet.db"
exits "of several hosts" 0 --ledger "$work/fleet.db" top -b -n 1
has "how many they are" '^made by merge: nothing comes; 2 workloads by rate, of 3 hosts$'
has "a column of them" '^ +0\.0 +[0-9]+ +log +[0-9]+ +24 +3 docker:app-1$'
exits "for programs" 0 --ledger "$work/fleet.db" top --json -d 100ms
has "on how many a workload is" '"workload":"docker:app-1",.*"hosts":3\}$'

# ---- usage
fails "no terminal" 2 'no terminal: use -b' --ledger "$good" top
fails "a delay that is none" 2 '-d takes seconds' top -d 0
fails "a count that is none" 2 '-n takes' top -n 0
fails "an order that is none" 2 '--sort takes' top --sort size
fails "an argument" 2 'no argument' top web
fails "no ledger" 4 . --ledger "$work/none.db" top -b
exits "--help" 0 top --help

# ---- in a terminal
if ! command -v tmux >/dev/null; then
	skip "in a terminal" "no tmux"
	done_testing
fi
trap 'terminal_end 2>/dev/null; rm -rf "$work"' EXIT
shows() { # NAME PATTERN
	terminal_shows "$2"
	result $? "$1"
}
now() { # PATTERN: on the screen, which the program draws when it wants to
	"${TERMINAL[@]}" capture-pane -p >"$work/out" && grep -qE -- "$1" "$work/out"
}
looks() { # NAME PATTERN
	wait_until 10 now "$2"
	result $? "$1"
}
key() { # NAME PATTERN KEY...
	"${TERMINAL[@]}" send-keys "${@:3}"
	looks "$1" "$2"
}
sessions=0
session() { # TERM ARGS...: each with a server of its own; the one before may not be gone yet
	sessions=$((sessions + 1))
	mkdir "$work/$sessions"
	terminal_begin "$work/$sessions" "$1" "$work/out" || bail "tmux does not start"
	terminal_run "$ctl" --ledger "$bad" top "${@:2}"
}
session dumb
shows "a terminal that cannot move its cursor is refused" 'kind "dumb" cannot show it: use -b'
shows "as wrong usage" 'code=2'
terminal_end
session screen
looks "a picture" '^SECCOMPD IS DOWN: no call is seen; 10 workloads by rate$'
check "with titles" now 'REC/S NEW/H +STAGE +RECORDS +CALLS WORKLOAD'
key "a key for another order" 'by records$' c
is "the most records come first then" "$(sed -n 4p "$work/out" | awk '{ print $NF }')" docker:web
"${TERMINAL[@]}" resize-window -x 20 -y 10
looks "20 columns: what matters is there" '^SECCOMPD IS DOWN: no'
looks "and the names" '^ +0\.0 docker:web'
is "no line is wider" "$(awk 'length > 20' "$work/out")" ""
key "the rest is reached by keys" 'podman:wider|podman:risk' Down Down Down Down
"${TERMINAL[@]}" resize-window -x 200 -y 30
looks "200 columns" '; see seccompctl status$'
key "q ends it" 'code=0' q
key "and the terminal is as it was" '^speed .*' 'stty -a | head -n 1' Enter
for mode in icanon echo; do
	key "with $mode" "(^| )$mode( |;|\$)" 'clear; stty -a' Enter
done
terminal_end
for signal in INT TERM; do
	session screen -d 100ms
	looks "SIG$signal: a picture" '^SECCOMPD IS DOWN'
	pid=$(pgrep -P "$("${TERMINAL[@]}" list-panes -F '#{pane_pid}')")
	kill "-$signal" "$pid"
	looks "it ends well" 'code=0'
	terminal_end
done

# ---- keys that come from a terminal of their own, which goes away
mkdir "$work/keys"
terminal_begin "$work/keys" screen "$work/out" || bail "tmux does not start"
keys=("${TERMINAL[@]}")
tty=$("${keys[@]}" list-panes -F '#{pane_tty}')
mkdir "$work/picture"
terminal_begin "$work/picture" screen "$work/out" || bail "tmux does not start"
trap '"${keys[@]}" kill-server 2>/dev/null; terminal_end 2>/dev/null; rm -rf "$work"' EXIT
terminal_run sh -c "'$ctl' --ledger '$bad' top -d 1h <$tty"
looks "keys from elsewhere: a picture" '^SECCOMPD IS DOWN'
"${keys[@]}" kill-server
looks "when nobody can type any more it ends" 'code=0'
terminal_end
done_testing
