#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# run-shell.sh SCRIPT: runs a test written for the shell, which fails when it does not end. It is then
# asked to end, so that it tidies up behind itself; what it waits for is shown first. Whoever reads what
# it says reads no longer than it runs, even where a process of its own stays behind.
set -u
script=$1
case $script in
*/tests/long/*) limit=${SECCOMPD_TEST_LIMIT:-7200} ;;
*) limit=${SECCOMPD_TEST_LIMIT:-300} ;;
esac

descendants() { # PID
	local child
	for child in $(pgrep -P "$1"); do
		echo "$child"
		descendants "$child"
	done
}

show_descendants() {
	ps -o pid,ppid,stat,wchan:20,etime,args -p "$(descendants "$test" | paste -sd,)" | cut -c1-200
}

# A shell minds a signal only when what it runs in the foreground has ended.
end_test() {
	{
		echo "$script has not ended within $limit s"
		show_descendants
	} >&2
	kill -TERM "$test"
	pkill -TERM -P "$test"
	sleep 45
	for pid in $(descendants "$test") "$test"; do kill -KILL "$pid"; done 2>/dev/null
}

# What stays behind a test must not hold what make gives its children: it would wait for that for ever.
for fd in /proc/self/fd/*; do
	fd=${fd##*/}
	[ "$fd" -le 2 ] || eval "exec $fd>&-"
done
said=$(mktemp) || exit 99
# What it tells beside its results belongs where it was told.
bash "$@" >"$said" 2>&1 &
test=$!
tail -n +1 -s 0.1 -f --pid="$test" "$said" &
reader=$!
# Its own group, so that its sleep ends with it; none of its files, so that nobody waits for it.
set -m
{ sleep "$limit" && end_test; } </dev/null >/dev/null &
watch=$!
disown "$watch"
set +m
trap 'kill -TERM "$test" 2>/dev/null' TERM INT HUP
wait "$test"
status=$?
while kill -0 "$test" 2>/dev/null; do
	wait "$test"
	status=$?
done
kill -KILL -- "-$watch" 2>/dev/null
wait "$reader"
rm -f "$said"
exit "$status"
