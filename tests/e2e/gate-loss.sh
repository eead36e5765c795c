#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Evidence is lost on purpose, one way after the other: each must show in the window, in suggest, and
# in the gate as unknown. None may be silent.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman runc busybox jq
e2e_begin
need_stream
start_waker
make_image
start_podman
write_config
sed -i 's/^ReceiveBuffer=.*/ReceiveBuffer=16K/' "$E2E_DIR/seccompd.conf"

gate() { # OPTION...
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" gate podman:web --to errno "$@"
}

losses() { # KIND: how many stretches of it
	gate --json 2>/dev/null | jq -r "select(.summary) | [.losses[] | select(.kind == \"$1\" and .count != 0)] | length"
}

is_lost() { # KIND TIMES
	[ "$(losses "$1" || echo 0)" -ge "$2" ] 2>/dev/null
}

# Each pass of the writer needs something to write.
nudge() {
	"$CALLS" --stay 1 flood 1 mincore
}

# The window begins behind the newest loss of this kind, or behind a later one.
window_is_behind() { # KIND
	gate --json | jq_holds "select(.summary) | ([.losses[] | select(.kind == \"$1\" and .count != 0) | .to] | max) as \$to |
		\$to != null and (.window.from == null or .window.from >= \$to)"
}

# What was ever lost of one kind, as suggest tells it.
told_as_lost() { # KEY
	ctl suggest podman:web --profile "$STARTER" --json | jq -r "select(.summary) | .lost.$1"
}

is_told_as_lost() { # KEY
	[ "$(told_as_lost "$1")" -ge 1 ] 2>/dev/null
}

shows_everywhere() { # NAME KIND KEY
	check "$1: it has its row" wait_until 20 is_lost "$2" 1
	check "$1: the window begins behind it" window_is_behind "$2"
	gate >"$E2E_DIR/gate" 2>&1
	is "$1: the gate is unknown" "$?" 5
	is "$1: for want of complete evidence" "$(gate --json | jq -r 'select(.criterion == "complete") | .verdict')" unknown
	is "$1: suggest calls the evidence incomplete" \
		"$(ctl suggest podman:web --profile "$STARTER" --json | jq -r 'select(.summary) | .complete')" false
	check "$1: and counts it as lost" is_told_as_lost "$3"
	is "$1: so does list" "$(ctl list --json | jq -r 'select(.workload == "podman:web") | .complete')" false
	check "$1: and show says why" grep -q "The evidence is incomplete: " <(ctl show podman:web)
}

is_watched() {
	[ "$(gate --json 2>/dev/null | jq -r 'select(.summary) | .window.starts')" -ge 1 ] 2>/dev/null
}

PRELOAD=$E2E_BUILD/tests/e2e/damage.so
! ldd "$SECCOMPD" | grep -q 'libasan\|libtsan' || PRELOAD=

start_seccompd --no-journal || bail "seccompd does not start"
podman_ run --detach --rm --name web --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
	--security-opt seccomp="$STARTER" "$IMAGE" /bin/sh -c 'while :; do sleep 0.1; done' >"$E2E_DIR/run.log" 2>&1
check "a container is watched from its start" wait_until 20 eval 'nudge; is_watched'
gate >"$E2E_DIR/gate" 2>&1
is "without a loss it is merely early" "$(gate --json | jq -r 'select(.criterion == "complete") | .verdict')" not-ready

# ---- a buffer that is too small ----
kill -STOP "$SECCOMPD_PID"
"$CALLS" flood 3000 mincore
kill -CONT "$SECCOMPD_PID"
nudge
shows_everywhere "an overrun" enobufs enobufs
has_size() { # KIND
	gate --json | jq_holds "select(.summary) | .losses[] | select(.kind == \"$1\" and .count != null and .count >= 1)"
}
# A window of serials behind it nothing can arrive late any more.
"$CALLS" --stay 1 flood 1100 mincore
check "an overrun: its size is known behind the next serials" wait_until 20 has_size enobufs

# ---- nobody listens ----
stop_seccompd
is "a stop: while it lasts the gate is unknown" "$(gate --json | jq -r 'select(.summary) | .verdict')" unknown
check "a stop: and says so" grep -q "seccompd was not running" <(gate)
is "a stop: suggest calls the evidence incomplete meanwhile" \
	"$(ctl suggest podman:web --profile "$STARTER" --json | jq -r 'select(.summary) | .complete')" false
"$CALLS" flood 50 mincore
sed -i 's/^ReceiveBuffer=.*/ReceiveBuffer=64M/' "$E2E_DIR/seccompd.conf"
export DAMAGE_CALL=$OWN_CALL
LD_PRELOAD=$PRELOAD start_seccompd --no-journal || bail "seccompd does not start"
"$CALLS" --stay 1 flood 1100 mincore
check "a stop: what was missed is counted by the serials" wait_until 20 has_size not-running
check "a stop: at least as many as were made" \
	test "$(gate --json | jq -r 'select(.summary) | [.losses[] | select(.kind == "not-running") | .count] | add')" -ge 50
shows_everywhere "a stop" not-running not_running
is "a stop: the container that stayed is the same lifetime" \
	"$(gate --json | jq -r 'select(.summary) | .coverage.lifetimes')" 1

# ---- a record that is damaged on its way ----
if [ -n "$PRELOAD" ]; then
	is "a damaged record: there was none yet" "$(told_as_lost rejected)" 0
	"$CALLS" --stay 1 flood 1 "$OWN_CALL"
	nudge
	shows_everywhere "a damaged record" rejected rejected
	is "a damaged record: nothing is made of it" "$(total_of "$OWN_CALL")" 0
else
	skip "a damaged record shows" "the daemon is built with a sanitizer, which must come first"
fi

# ---- the history of processes has a hole, and then an end ----
lineage_fd() {
	local fd
	for fd in "/proc/$SECCOMPD_PID"/fd/*; do
		grep -q "^$(stat -Lc %i "$fd") " <(awk '$2 == 11 { print $NF, "" }' "/proc/$SECCOMPD_PID/net/netlink") && echo "${fd##*/}"
	done
}
# The events of processes come while the daemon is not let run.
storm() {
	kill -STOP "$SECCOMPD_PID"
	"$CALLS" --fork 100 sysinfo
	kill -CONT "$SECCOMPD_PID"
	nudge
	[ "$(status_field lineage.lost)" -ge 1 ]
}
lineage_is_gone() {
	nudge
	[ "$(status_field lineage.state)" = unavailable ]
}
if [ "$(status_field lineage.state)" = on ]; then
	fd=$(lineage_fd)
	check "a hole in the history: its buffer is made small" \
		"$E2E_BUILD/tests/e2e/shrink-buffer" "$SECCOMPD_PID" "$fd"
	is "a hole in the history: there was none yet" "$(told_as_lost lineage)" 0
	check "a hole in the history: its buffer runs over" wait_until 20 storm
	shows_everywhere "a hole in the history" lineage lineage
	is "a hole in the history: it goes on" "$(status_field lineage.state)" on
else
	skip "a hole in the history shows" "no process events here"
fi
if command -v gdb >/dev/null && [ "$(status_field lineage.state)" = on ]; then
	gdb -p "$SECCOMPD_PID" -batch -ex "call (int)close($fd)" >"$E2E_DIR/gdb.log" 2>&1
	check "its end: is noticed" wait_until 20 lineage_is_gone
	shows_everywhere "its end" lineage lineage
	# A stranger's loss may be the newest for a moment.
	check "its end: goes on" \
		wait_until 20 eval 'nudge; gate | grep -q "evidence is being lost now: the history of processes"'
else
	skip "its end shows" "no gdb, or no process events here"
fi
podman_ kill web >>"$E2E_DIR/run.log" 2>&1
stop_seccompd
done_testing
