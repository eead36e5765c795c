#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# /proc tells the daemon nothing of others' processes (hidepid=2, as a user without capabilities), with
# the history of processes and without: what can be named is named rightly, and what cannot is said.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private bash "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

DAEMON=61234

need_root
need jq setpriv
e2e_begin
need_stream
mkdir "$E2E_DIR/bin" && cp "$SECCOMPD" "$E2E_DIR/bin/"
mkfifo "$E2E_DIR/again"
exec 8<>"$E2E_DIR/again"

# Others' processes are hidden from the daemon alone: it is in a namespace below ours.
cat >"$E2E_DIR/hidden" <<-END
	#!/bin/sh
	mount -t proc -o hidepid=2 proc /proc &&
	exec setpriv --reuid $DAEMON --regid $DAEMON --clear-groups --no-new-privs --inh-caps -all --bounding-set -all \\
		-- "$E2E_DIR/bin/seccompd" --config "$E2E_DIR/seccompd.conf" --ledger "\$(cat "$E2E_DIR/which")" --no-journal
END
chmod +x "$E2E_DIR/hidden"

ctl() {
	"$SECCOMPCTL" --ledger "$E2E_LEDGER" "$@"
}

PASSED_N=0
start() { # NAME
	E2E_LEDGER=$E2E_DIR/$1/ledger.db
	install -d -o "$DAEMON" "$E2E_DIR/$1"
	echo "$E2E_LEDGER" >"$E2E_DIR/which"
	echo >&8
	PASSED_N=$((PASSED_N + 1))
	wait_until 20 is_running
}

stop() {
	kill -TERM "$(sed -n 's/started //p' "$E2E_DIR/pass" | tail -n 1)"
	wait_until 20 ended
}

ended() {
	[ "$(grep -c ended "$E2E_DIR/pass")" = "$PASSED_N" ]
}

# Who is said to have made the call, other than nobody.
named() { # SYSCALL
	ctl list --all --json | jq -r .workload | while read -r workload; do
		[ "$(ledger_count "$workload" "$1")" = 0 ] || echo "$workload"
	done | sort | grep -v '^unattributed' | xargs
}

# What all of the host does is nobody's here, and that may be more than nobody may have: then so many were
# dropped, and are said to be.
counted_or_dropped() { # SYSCALL WANTED
	local missing=$(($2 - $(total_of "$1")))
	[ "$missing" -ge 0 ] && status_is "([.dropped[] | select(.workload == \"unattributed\") | .records] | add // 0) >= $missing"
}

status_is() { # FILTER
	[ "$(ctl status --json | jq "$1")" = true ]
}

write_config
"$E2E_BUILD/tests/e2e/pass-socket" "$(command -v unshare)" --mount --propagation private "$E2E_DIR/hidden" \
	<"$E2E_DIR/again" >"$E2E_DIR/pass" 2>"$E2E_DIR/seccompd.log" &
E2E_PIDS+=($!)

# A unit's process and one of the host, that stay and that end at once.
UNIT=seccompd-e2e-hidden-$$.service
make_calls() {
	in_unit "$UNIT" "$CALLS" --linger 500 flood 10 "$OWN_CALL"
	in_unit "$UNIT" "$CALLS" flood 20 "$OWN_CALL"
	"$CALLS" --linger 500 flood 5 "$((OWN_CALL + 1))"
	"$CALLS" flood 6 "$((OWN_CALL + 1))"
}

round() { # NAME
	start "$2" || bail "seccompd does not start: $(cat "$E2E_DIR/seccompd.log")"
	is "$1: it sees nobody else's process" \
		"$(nsenter --mount="/proc/$(sed -n 's/started //p' "$E2E_DIR/pass" | tail -n 1)/ns/mnt" \
			setpriv --reuid "$DAEMON" --regid "$DAEMON" --clear-groups --inh-caps=-all --bounding-set=-all ls -d /proc/1 2>/dev/null)" ""
	make_calls
	check "$1: all calls of the unit are counted" wait_until 20 counted_or_dropped "$OWN_CALL" 30
	check "$1: and those of the host" wait_until 20 counted_or_dropped "$((OWN_CALL + 1))" 11
	diag "$1: $(ctl status --json | jq -c '.attribution, .causes, .lineage')"
	diag "$1: $(named "$OWN_CALL"), $(named "$((OWN_CALL + 1))")"
	case $(named "$OWN_CALL") in
	"" | "unit:$UNIT") ok "$1: a unit's calls are its own, or nobody's" ;;
	*) not_ok "$1: a unit's calls are its own, or nobody's" "$(named "$OWN_CALL")" ;;
	esac
	case $(named "$((OWN_CALL + 1))") in
	"" | "host:$CALLS") ok "$1: and the host's" ;;
	*) not_ok "$1: and the host's" "$(named "$((OWN_CALL + 1))")" ;;
	esac
	check "$1: what is attributed and what is not make up all records" wait_until 20 \
		status_is '([.attribution[]] | add) == .records and .attribution.none == .unattributed'
	check "$1: what is unattributed has a cause" wait_until 20 status_is '([.causes[]] | add) == .unattributed'
	check "$1: which is the right one" status_is '.causes.unreadable > 0 and .causes.gone == 0'
	ctl status >"$E2E_DIR/status"
}

round "with the history" with
stop
sed -i 's/^\[seccompd\]/&\nLineage=no/' "$E2E_DIR/seccompd.conf"
round "without it" without
is "without it: nothing is named" "$(status_field attribution.proc) $(status_field attribution.lineage)" "0 0"
check "status says it" grep -q 'hides it (hidepid=)' "$E2E_DIR/status"
stop
is "SIGTERM ends it with status 0" "$(tail -n 1 "$E2E_DIR/pass")" "ended 0"
done_testing
