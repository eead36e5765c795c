# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# What tests under load share: what the daemon costs, and the load's own figures. Source it behind
# lib.sh.

: "${E2E_BUILD:?}"
HOSTILE=$E2E_BUILD/tests/e2e/hostile

made_of() { # FILE: what a run of hostile says that it made
	awk '$1 == "made" { n += $2 } END { print n + 0 }' "$1"
}

# ---- what the daemon costs ---------------------------------------------------------------------

status_kb() { # PID KEY: of /proc/PID/status
	awk -v key="$2:" '$1 == key { print $2 }' "/proc/$1/status"
}

descriptors_of() { # PID
	find "/proc/$1/fd" -mindepth 1 2>/dev/null | wc -l
}

cpu_ms() { # PID: user and system time so far
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($12 + $13) * 1000 / hz) }' "/proc/$1/stat"
}

bytes_of() { # FILE
	stat -c %s "$1" 2>/dev/null || echo 0
}

# ---- the journal -------------------------------------------------------------------------------

# Most entries of one process within 30 s, wherever those begin.
most_entries() { # PID
	journalctl --no-pager -o json --output-fields=__REALTIME_TIMESTAMP "_PID=$1" 2>/dev/null |
		jq -r .__REALTIME_TIMESTAMP | awk '
			{ t[NR] = $1; while (t[NR] - t[first + 1] >= 30e6) first++; if (NR - first > most) most = NR - first }
			END { print most + 0 }'
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# ---- a socket that stays -----------------------------------------------------------------------

# The service manager's part: PASSED_N counts the daemons that it has started.
PASSED_N=0

begin_passing() { # OPTION...: of the daemons
	mkfifo "$E2E_DIR/again" && exec 8<>"$E2E_DIR/again"
	"$E2E_BUILD/tests/e2e/pass-socket" "$SECCOMPD" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" "$@" \
		<"$E2E_DIR/again" >"$E2E_DIR/pass" 2>>"$E2E_DIR/seccompd.log" &
	E2E_PIDS+=($!)
}

passed_is_forked() {
	[ "$(grep -c started "$E2E_DIR/pass")" = "$PASSED_N" ]
}

passed_is_running() {
	passed_is_forked && is_running
}

passed_has_ended() {
	[ "$(grep -c ended "$E2E_DIR/pass")" = "$PASSED_N" ]
}

# Sets SECCOMPD_PID.
pass_again() {
	PASSED_N=$((PASSED_N + 1))
	echo >&8
	wait_until 20 passed_is_forked || bail "pass-socket does not start another"
	SECCOMPD_PID=$(sed -n 's/started //p' "$E2E_DIR/pass" | tail -n 1)
}

# It is not ours to wait for.
end_passed() { # SIGNAL
	kill -"$1" "$SECCOMPD_PID" 2>/dev/null
	wait_until 30 passed_has_ended && SECCOMPD_PID=
}

pause_ms() { # MOST
	sleep "$(printf '0.%03d' $((RANDOM % $1)))"
}
