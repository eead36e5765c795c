#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The daemon's own filter, made with the daemon: one runs under a filter that logs, another one watches it,
# and what SystemCallFilter= in its unit allows must be more than what was recorded. Then it runs under that
# very filter, and nothing is refused. docs/SELF.md shows the same by hand.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private bash "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman runc busybox jq sqlite3 dbus-daemon systemd-analyze "$JOURNALD"
[ "$(uname -m)" = x86_64 ] || skip_all "the calls of another architecture than x86_64 are not compared"
[ "$(cat /proc/1/comm)" != systemd ] || skip_all "the service manager owns the cgroup of the unit here"
e2e_begin
need_stream

UNIT=$E2E_BUILD/systemd/seccompd.service
SELF=unit:seccompd.service
SUBJECT=$E2E_DIR/subject
# The calls with which it reads records. Were they logged too, each of its records would make the next.
QUIET='"recvmmsg", "recvmsg", "epoll_wait", "ppoll", "read", "write", "close", "openat", "openat2", "newfstatat", "futex",
	"timerfd_settime"'

mkdir "$SUBJECT"
systemd-analyze syscall-filter --no-pager >"$E2E_DIR/groups" 2>/dev/null || cannot "systemd-analyze does not answer"
cat >"$E2E_DIR/log.json" <<-END
	{ "defaultAction": "SCMP_ACT_LOG", "architectures": [ "SCMP_ARCH_X86_64" ],
	  "syscalls": [ { "names": [ $QUIET ], "action": "SCMP_ACT_ALLOW" } ] }
END

subject_ctl() {
	"$SECCOMPCTL" --ledger "$SUBJECT/ledger.db" "$@"
}

subject_runs() {
	[ "$(subject_ctl status --json | jq -r .running)" = true ]
}

subject_has() { # WORKLOAD CALL
	[ "$(subject_ctl show "$1" --json 2>/dev/null | jq -rs "[.[] | select(.syscall == \"$2\" or (.nr | tostring) == \"$2\") | .count] | add // 0")" != 0 ]
}

# The daemon under a filter, in the unit's cgroup, with what the service manager gives it.
start_subject() { # DIALECT FILTER [PASS-SOCKET]
	# shellcheck disable=SC2016
	in_unit seccompd.service env NOTIFY_SOCKET="$E2E_DIR/notify" WATCHDOG_USEC=4000000 ${3:+"$3"} \
		/bin/sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$SUBJECT/pid" \
		"$E2E_BUILD/tests/e2e/under-filter" "$1" "$2" "$E2E_DIR/groups" \
		"$SECCOMPD" --config "$SUBJECT/seccompd.conf" --ledger "$SUBJECT/ledger.db" \
		<<<start >"$SUBJECT/log" 2>&1 &
	E2E_PIDS+=($!)
	wait_until 20 subject_runs || bail "it does not start under the filter: $(cat "$SUBJECT/log")"
}

stop_subject() {
	local pid
	pid=$(cat "$SUBJECT/pid")
	kill -TERM "$pid"
	wait_until 20 pid_is_gone "$pid"
}

# A container, a flood, a ledger that is locked, a reload, metrics, a clean end; then once more with the socket of a
# service manager, and with a ledger that was damaged.
exercise() { # NAME DIALECT FILTER
	local name=$1
	shift
	rm -f "$SUBJECT"/*
	printf '%s\n' "$CONFIG" >"$SUBJECT/seccompd.conf"
	start_subject "$@"
	podman_run "web-$name" "$STARTER" /bin/calls --stay 1 sysinfo >/dev/null 2>&1
	"$CALLS" --stay 1 flood 100 "$OWN_CALL"
	check "$name: it names a container's calls" wait_until 20 subject_has "podman:web-$name" sysinfo
	sqlite3 "$SUBJECT/ledger.db" '.timeout 9000' 'BEGIN IMMEDIATE' '.system sleep 1'
	kill -HUP "$(cat "$SUBJECT/pid")"
	check "$name: it reloads" wait_until 20 grep -q 'configuration was read again' "$SUBJECT/log"
	check "$name: it writes metrics" wait_until 20 test -s "$SUBJECT/metrics.prom"
	check "$name: it ends when told" stop_subject
	dd if=/dev/urandom of="$SUBJECT/ledger.db" bs=4096 seek=1 count=4 conv=notrunc status=none
	start_subject "$@" "$E2E_BUILD/tests/e2e/pass-socket"
	check "$name: it ends, with a passed socket" stop_subject
	check "$name: it has set the damaged ledger aside" ls "$SUBJECT"/ledger.db.corrupt-*
}

recorded() { # ACTION: the calls of ours that were
	ctl show "$SELF" --json 2>/dev/null | jq -r "select(.action == \"$1\") | .syscall" | sort -u
}

is_recorded() { # ACTION CALL
	recorded "$1" | grep -qx "$2"
}

# The last of all, by which the rest is known to have been read.
mark() { # DIALECT FILTER
	in_unit seccompd.service "$E2E_BUILD/tests/e2e/under-filter" "$1" "$2" "$E2E_DIR/groups" "$CALLS" --stay 1 swapoff >/dev/null 2>&1
}

start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
start_bus
make_image
start_podman
write_config
CONFIG=$(sed "/^\[seccompd\]/a MetricsFile=$SUBJECT/metrics.prom" "$E2E_DIR/seccompd.conf")
start_seccompd --no-journal || bail "seccompd does not start"

# ---- stage log
exercise log oci "$E2E_DIR/log.json"
mark oci "$E2E_DIR/log.json"
check "what it called was recorded" wait_until 20 is_recorded SCMP_ACT_LOG swapoff
diag "recorded: $(ctl show "$SELF" --json | jq -r 'select(.action == "SCMP_ACT_LOG") | "\(.syscall) \(.count)"' | sort | xargs)"
for call in fdatasync mmap renameat socket clone3; do
	check "$call is among it" is_recorded SCMP_ACT_LOG "$call"
done
# The calls that a unit does not allow. As root SQLite gives its files to who has the folder; the unit's user
# has nothing to give.
missing() { # UNIT-FILE
	ctl suggest "$SELF" --for systemd --profile "$1" --json >"$E2E_DIR/suggested" 2>"$E2E_DIR/suggest.err"
	[ $? -le 1 ] || cat "$E2E_DIR/suggest.err"
	jq -r 'select(.syscall and (.reason | startswith("the profile allows it already") | not)) | .syscall' "$E2E_DIR/suggested" | grep -vx fchown | sort -u | xargs
}
is "the filter of the unit allows all of it, but not what no daemon calls" "$(missing "$UNIT")" swapoff
sed 's/^SystemCallErrorNumber=/SystemCallFilter=~fdatasync\n&/' "$UNIT" >"$E2E_DIR/less"
is "and would be found to lack one" "$(missing "$E2E_DIR/less")" "fdatasync swapoff"

# ---- stage errno
exercise errno systemd "$UNIT"
mark systemd "$UNIT"
check "under the filter of the unit, a call that no daemon makes is refused" wait_until 20 is_recorded SCMP_ACT_ERRNO swapoff
is "and no other" "$(recorded SCMP_ACT_ERRNO | grep -vx fchown | xargs)" swapoff
stop_seccompd
done_testing
