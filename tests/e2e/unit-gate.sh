#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The gate on systemd's units: they have lifetimes as containers have, from their cgroups, with and
# without a service manager that answers.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need jq dbus-daemon
e2e_begin
need_stream
write_config
cat >>"$E2E_DIR/seccompd.conf" <<-END
	[gate]
	Complete=1s
	Quiet=1s
	Starts=1
	Execs=0
	Replicas=1
END
UNIT=seccompd-e2e-$$.service
EARLY=seccompd-e2e-early-$$.service
IDLE=seccompd-e2e-idle-$$.service

gate() { # UNIT OPTION...
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" gate "unit:$1" --to errno "${@:2}"
}

figure() { # UNIT KEY
	gate "$1" --json 2>/dev/null | jq -r "select(.summary) | .window.$2"
}

figure_is() { # UNIT KEY WANTED
	[ "$(figure "$1" "$2")" = "$3" ]
}

# All that bears on a figure that does not come is shown.
becomes() { # UNIT KEY WANTED
	wait_until 20 figure_is "$@" && return
	gate "$1" --json | jq -c 'select(.summary) | .window, .losses'
	sqlite3 -readonly "$E2E_DIR/ledger.db" 'SELECT * FROM lifetime'
	dirs_of "$1"
	cat "$E2E_DIR/seccompd.log" "$E2E_DIR/fake.log"
	return 1
}

figure_is_positive() { # UNIT KEY
	[ "$(figure "$1" "$2")" -gt 0 ] 2>/dev/null
}

verdict_of() { # UNIT CRITERION
	gate "$1" --json | jq -r "select(.criterion == \"$2\") | .verdict"
}

start_unit() { # UNIT SECONDS: makes a call that nobody else makes, and stays
	in_unit "$1" "$CALLS" --stay "$2" flood 1 "$OWN_CALL" 2>/dev/null &
	E2E_PIDS+=($!)
	wait_until 10 unit_runs "$1"
}

procs_of() { # UNIT
	cat /sys/fs/cgroup/system.slice/"$1"/cgroup.procs /sys/fs/cgroup/*/system.slice/"$1"/cgroup.procs 2>/dev/null | sort -u
}

unit_runs() { # UNIT
	[ -n "$(procs_of "$1")" ]
}

dirs_of() { # UNIT
	ls -d /sys/fs/cgroup/system.slice/"$1" /sys/fs/cgroup/*/system.slice/"$1" 2>/dev/null
}

unit_is_gone() { # UNIT
	[ -z "$(dirs_of "$1")" ]
}

stop_unit() { # UNIT SIGNAL
	local pid
	for pid in $(procs_of "$1"); do kill "-$2" "$pid"; done
	wait_until 10 unit_is_gone "$1"
}

start_bus "$IDLE"
start_unit "$EARLY" 60
start_seccompd --no-journal || bail "seccompd does not start"
start_unit "$UNIT" 60
check "the calls of a unit are counted" wait_until 20 count_is "unit:$UNIT" "$OWN_CALL" 1
check "its start was watched" becomes "$UNIT" starts 1
check "it is watched as time goes on" wait_until 40 figure_is_positive "$UNIT" complete_us
is "the evidence of it is no more unknown" "$(verdict_of "$UNIT" complete | sed s/not-ready/ready/)" ready

# One with a filter needs no call.
in_unit "$IDLE" sleep 60 &
E2E_PIDS+=($!)
check "a unit with a filter is followed without a call" becomes "$IDLE" starts 1
is "under the filter that systemd tells" "$(gate "$IDLE" --json | jq -r 'select(.criterion == "stage") | .value')" errno

# One whose only call comes while systemd answers nobody.
# The list asks systemd itself; this is what the ledger has.
stage_is() { # UNIT STAGE
	[ "$(gate "$1" --json | jq -r 'select(.criterion == "stage") | .value')" = "$2" ]
}
kill -STOP "$FAKE_PID"
start_unit refuses.service 60
check "a call is counted while systemd does not answer" wait_until 20 count_is unit:refuses.service "$OWN_CALL" 1
check "the filter is not known then" stage_is refuses.service other
kill -CONT "$FAKE_PID"
check "it is asked for again, without another call" wait_until 30 stage_is refuses.service errno
check "and counts for the run that goes on" becomes refuses.service starts 1
stop_unit refuses.service TERM

check "it is stopped" stop_unit "$UNIT" TERM
check "it was seen from start to end" becomes "$UNIT" lifetimes 1
check "and the stop was graceful" becomes "$UNIT" graceful_stops 1
start_unit "$UNIT" 60
check "its next start is another" becomes "$UNIT" starts 2

# ---- there before the daemon ----
procs_early=$(procs_of "$EARLY")
check "one that was there before stays there" test -n "$procs_early"
in_unit "$EARLY" "$CALLS" --stay 2 flood 1 "$OWN_CALL"
check "its calls are counted" wait_until 20 count_is "unit:$EARLY" "$OWN_CALL" 1
is "its start was not watched" "$(figure "$EARLY" starts)" 0
is "so it is unknown" "$(verdict_of "$EARLY" complete)" unknown
check "and the reason is said" grep -q "no start was watched" <(gate "$EARLY")

# ---- over a restart of the daemon ----
stop_seccompd
start_seccompd --no-journal || bail "seccompd does not start"
check "over a restart of the daemon it is the same lifetime" becomes "$UNIT" running 1
is "and is not counted once more" "$(gate "$UNIT" --json | jq -r 'select(.summary) | .coverage.lifetimes')" 2
stop_unit "$UNIT" KILL
check "one that was killed is told from one that was stopped" wait_until 20 eval 'figure_is "$UNIT" running 0'
stop_unit "$EARLY" TERM
stop_unit "$IDLE" TERM
stop_seccompd
done_testing
