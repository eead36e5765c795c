# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A real journald that is given the audit stream, and a daemon that is ended in every way meanwhile.

# As systemd does, with a large buffer: journald reads no record any more once its own has been full.
run_journald() {
	mkfifo "$E2E_DIR/go" && exec 8<>"$E2E_DIR/go" && echo >&8
	"$E2E_BUILD/tests/e2e/pass-socket" "$JOURNALD" <&8 >"$E2E_DIR/journald.log" 2>&1 &
	E2E_PIDS+=($!)
	wait_until 10 grep -q started "$E2E_DIR/journald.log" || return
	E2E_PIDS+=("$(sed -n 's/started //p' "$E2E_DIR/journald.log")")
	wait_until 10 test -S /run/systemd/journal/socket
}

start_audit_journald() {
	start_journald $'ReadKMsg=no\nRuntimeMaxUse=1G' || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
}

# How often it was not running, as far as that is a loss of records.
stops() {
	ctl list --all | sed -n 's/.*was not running  *//p'
}

start() {
	start_seccompd --no-journal || bail "seccompd does not start"
}

kill_seccompd() {
	kill -KILL "$SECCOMPD_PID" && wait "$SECCOMPD_PID" 2>/dev/null
	SECCOMPD_PID=
}
