#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Where the stream cannot work, seccompd says so in one sentence with the remedy and does not start.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need unshare setpriv
e2e_begin
need_stream

refuses() { # NAME WORDS COMMAND...
	local name=$1 words=$2 status
	shift 2
	timeout 10 "$@" >"$E2E_DIR/out" 2>&1 </dev/null
	status=$?
	if [ "$status" = 0 ] || [ "$status" -ge 124 ]; then
		not_ok "$name: it does not start" "status $status: $(cat "$E2E_DIR/out")"
	else
		ok "$name: it does not start"
	fi
	is "$name: it says so in one line" "$(grep -c . "$E2E_DIR/out")" 1
	check "$name: the line names it" grep -qi -- "$words" "$E2E_DIR/out"
}

daemon=("$SECCOMPD" --ledger "$E2E_DIR/ledger.db" --no-journal)
refuses "another network namespace" "network namespace" unshare --net "${daemon[@]}"
refuses "another pid namespace" "pid namespace" unshare --pid --fork --mount-proc "${daemon[@]}"
refuses "no CAP_AUDIT_READ" "CAP_AUDIT_READ" \
	setpriv --bounding-set -audit_read --inh-caps -audit_read "${daemon[@]}"
refuses "a ledger where none can be made" "/proc/nowhere" "$SECCOMPD" --ledger /proc/nowhere/ledger.db
printf '[seccompd]\nSource=radio\n' >"$E2E_DIR/bad.conf"
refuses "a bad value in the configuration" "bad.conf:2: Source=radio" "$SECCOMPD" --config "$E2E_DIR/bad.conf"
is "no ledger was made" "$(find "$E2E_DIR" -name 'ledger.db' -size +0)" ""
done_testing
