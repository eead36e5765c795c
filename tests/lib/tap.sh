# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# TAP for shell tests: source it, call ok/not_ok/skip/is/check, end with done_testing.

TAP_N=0
TAP_FAILED=0
TAP_OUTPUT=

# Where check keeps what a command says: a file without a name.
tap_begin_output() {
	local file
	file=$(mktemp) || bail "mktemp failed"
	exec {TAP_OUTPUT}<>"$file"
	rm -f "$file"
}

diag() { # TEXT...: one comment line per line of text
	printf '%s\n' "$*" | sed 's/^/# /' >&2
}

ok() { # NAME
	TAP_N=$((TAP_N + 1))
	printf 'ok %d - %s\n' "$TAP_N" "$1"
}

not_ok() { # NAME [WHY]: fails, as is() and check() then do
	TAP_N=$((TAP_N + 1))
	TAP_FAILED=$((TAP_FAILED + 1))
	printf 'not ok %d - %s\n' "$TAP_N" "$1"
	[ $# -lt 2 ] || diag "$2"
	return 1
}

skip() { # NAME REASON: a part that cannot run here
	TAP_N=$((TAP_N + 1))
	printf 'ok %d - %s # SKIP %s\n' "$TAP_N" "$1" "$2"
}

skip_all() { # REASON: the whole file cannot run here
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

bail() { # REASON: nothing that follows would mean anything
	printf 'Bail out! %s\n' "$1"
	exit 99
}

# In this very shell, so that it knows what the command starts; and what that starts keeps nobody
# waiting.
check() { # NAME COMMAND...: ok when the command succeeds; its output is shown when it does not
	local name=$1
	shift
	[ -n "$TAP_OUTPUT" ] || tap_begin_output
	if "$@" >"/proc/self/fd/$TAP_OUTPUT" 2>&1; then
		ok "$name"
	else
		not_ok "$name" "failed: $*
$(cat "/proc/self/fd/$TAP_OUTPUT")"
	fi
}

is() { # NAME GOT WANTED
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got:    $2
wanted: $3"
	fi
}

done_testing() {
	printf '1..%d\n' "$TAP_N"
	[ "$TAP_FAILED" -eq 0 ]
	exit
}

# Polls COMMAND until it succeeds or SECONDS have passed. Tests wait for a state, never for a time.
wait_until() { # SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}
