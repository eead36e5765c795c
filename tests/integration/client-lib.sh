# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Shared by the client's tests: a folder that goes away, and runs of the client that are judged.
. "${srcdir:?}/tests/lib/tap.sh"

ctl=${builddir:?}/seccompctl
[ -x "$ctl" ] || bail "$ctl is not built"
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# Whatever runs on this host is no part of these tests: no bus, and (in make-ledger) no state.
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$work/no-bus

result() { # STATUS NAME: as ok or not_ok, with what the client said
	if [ "$1" -eq 0 ]; then
		ok "$2"
	else
		not_ok "$2" "status $status
$(head -c 2000 "$work/out" "$work/err" 2>/dev/null | cat -v)"
	fi
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
	result $? "$name"
}

exits() { # NAME CODE ARGS...
	local name=$1 code=$2
	shift 2
	run "$@"
	[ "$status" -eq "$code" ]
	result $? "$name"
}

# The top keys of line N of the output in order, and nothing when the line is no JSON.
keys() { # N
	if command -v jq >/dev/null; then
		sed -n "$1p" "$work/out" | jq -r 'keys_unsorted | join(" ")'
	else
		sed -n "$1p" "$work/out" | python3 -c 'import json, sys; print(*json.load(sys.stdin))'
	fi
}

has_keys() { # NAME LINE KEYS
	if ! command -v jq >/dev/null && ! command -v python3 >/dev/null; then
		skip "$1" "neither jq nor python3"
		return
	fi
	[ "$(keys "$2")" = "$3" ]
	result $? "$1"
}

has() { # NAME PATTERN: the output matches
	grep -qE -- "$2" "$work/out"
	result $? "$1"
}

plain() { # NAME: no byte of the output can harm a terminal
	[ -s "$work/out" ] && ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$work/out" "$work/err"
	result $? "$1"
}
