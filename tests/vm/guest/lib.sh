# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# What the subjects share: the helpers of the end-to-end tests, on the installed programs and their own
# ledger. $work is emptied when the subject ends.

# shellcheck source=tests/e2e/lib.sh
top=${srcdir:?}
. "$srcdir/tests/e2e/lib.sh"

SERVICE=seccompd.service
work=/run/seccompd-vm
E2E_DIR=$work
rm -rf "$work" && mkdir -p "$work"
trap 'rm -rf "$work"' EXIT

# As in tests/lib/tap.sh, but an emulated processor has no time for a condition that is asked all the time, and
# it may itself have to wait for a busy one.
wait_until() { # SECONDS COMMAND...
	local end=$((SECONDS + 4 * $1))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.5
	done
}

ctl() { # VERB...
	seccompctl "$@"
}

property() { # NAME [UNIT]
	systemctl show --value --property="$1" "${2:-$SERVICE}"
}

is_active() { # [UNIT]
	[ "$(property ActiveState "${1:-$SERVICE}")" = active ]
}

main_pid() {
	property MainPID
}

# Everything that was made so far has been read and is in the ledger.
everything_is_read() {
	local own=$((10000 + RANDOM % 20000))
	"$CALLS" flood 1 "$own" && wait_until 30 total_is "$own" 1
}

# Records made by a service of its own: "unit:NAME.service".
run_unit() { # NAME COMMAND...
	systemd-run --quiet --wait --collect --unit="$1" "${@:2}"
}

entries() { # MATCH...: one JSON object per line
	journalctl --no-pager --output=json "$@" 2>/dev/null
}

has_entry() { # MATCH...
	entries "$@" | grep -q .
}
