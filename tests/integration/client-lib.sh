# SPDX-License-Identifier: LGPL-2.1-or-later
# Shared by the client's tests: TAP lines, and a ledger in a folder that goes away.

ctl=$builddir/seccompctl
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
number=0

ok() { # STATUS NAME
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		sed 's/^/# out: /' "$work/out" 2>/dev/null | cat -v | head -20
		sed 's/^/# err: /' "$work/err" 2>/dev/null | cat -v | head -20
	fi
}

skip() { # NAME REASON
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

run() { # ARGS...: output in $work/out and $work/err, the exit code in $status
	"$ctl" "$@" >"$work/out" 2>"$work/err"
	status=$?
}

# A clear failure: the expected code, nothing on standard output, one line that says why.
fails() { # NAME CODE PATTERN ARGS...
	local name=$1 code=$2 pattern=$3
	shift 3
	run "$@"
	[ "$status" -eq "$code" ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] &&
		grep -q -- "$pattern" "$work/err"
	ok $? "$name"
}

exits() { # NAME CODE ARGS...
	local name=$1 code=$2
	shift 2
	run "$@"
	[ "$status" -eq "$code" ]
	ok $? "$name"
}

# The keys of line N of the output, in order; needs no JSON tool: our lines are flat enough once
# nested objects and arrays are taken out from the inside.
keys() { # N
	sed -n "$1p" "$work/out" | sed -E ':a; s/\{[^{}]*\}/_/2; ta; :b; s/\[[^][]*\]/_/; tb
		s/^\{//; s/\}$//' | sed -E 's/"([a-z_]+)":("([^"\\]|\\.)*"|[^,"]*)/\1/g; s/,/ /g'
}

has() { # NAME PATTERN: the output matches
	grep -qE -- "$2" "$work/out"
	ok $? "$1"
}

plain() { # NAME: no byte of the output can harm a terminal
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$work/out" "$work/err"
	ok $? "$1"
}

finish() {
	echo "1..$number"
}
