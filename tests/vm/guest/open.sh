#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The daemon without capabilities and seccompd-open beside it: containers under both cgroup managers and a
# user's own are named, no fork is missed while the daemon is away, and without seccompd-open status says so.
set -u
# shellcheck source=tests/vm/guest/lib.sh
. "${srcdir:?}/tests/vm/guest/lib.sh"

opener_is() { # STATE
	[ "$(status_field opener.state)" = "$1" ]
}
named() { # NAME CALL COUNT
	wait_until 20 count_is "podman:$1" "$2" "$3" && return
	ctl list --all
	ctl show unattributed
	ctl status
	return 1
}
make_image
check "an image" podman import "$work/image.tar" "$IMAGE"
run_with() { # MANAGER NAME CALL...
	podman --cgroup-manager "$1" run --rm --name "$2" --network none --security-opt seccomp="$STARTER" "$IMAGE" \
		/bin/calls "${@:3}"
}

# ---- both cgroup managers
for manager in systemd cgroupfs; do
	check "a container under $manager" run_with "$manager" "by-$manager" times times times
	check "is named" named "by-$manager" times 3
done
is "nothing that was asked for was refused" "$(status_field opener.refused)" 0

# ---- no fork is missed while the daemon is away
unattributed=$(status_field unattributed)
mkdir -p /run/systemd/system/$SERVICE.d
printf '[Service]\nRestartSec=20s\n' >/run/systemd/system/$SERVICE.d/slow.conf
systemctl daemon-reload
# shellcheck disable=SC2016
podman run --detach --rm --name forks --network none --security-opt seccomp="$STARTER" "$IMAGE" \
	/bin/sh -c "while [ ! -e /tmp/go ]; do sleep 0.1; done; for i in 1 2 3 4 5 6 7 8 9 10; do /bin/calls getresuid; done; echo >/tmp/done; sleep 1000" \
	>/dev/null
check "the container is known" wait_until 20 eval '[ "$(ctl list --all --json | jq -r "select(.workload == \"podman:forks\") | .running")" = true ]'
inside=/proc/$(podman inspect --format '{{.State.Pid}}' forks)/root/tmp
pid=$(main_pid)
kill -KILL "$pid"
check "the daemon is away" wait_until 10 eval '[ "$(property SubState)" = auto-restart ]'
is "the connector's socket is kept" "$(property NFileDescriptorStore)" 1
touch "$inside/go"
check "processes came and went meanwhile" wait_until 4 test -e "$inside/done"
is "and it was away all the time" "$(property SubState)" auto-restart
check "it comes back" wait_until 30 is_running
check "each of their calls is the container's" named forks getresuid 10
is "nothing is unattributed" "$(status_field unattributed)" "$unattributed"
is "nor a fork lost" "$(status_field lineage.lost)" 0
podman rm --force --time 0 forks >/dev/null
rm -r /run/systemd/system/$SERVICE.d
systemctl daemon-reload && systemctl reset-failed $SERVICE

# ---- a user's own
useradd --create-home alice 2>/dev/null
loginctl enable-linger alice
uid=$(id -u alice)
as_alice() {
	runuser -u alice -- env -C /home/alice "XDG_RUNTIME_DIR=/run/user/$uid" "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$uid/bus" "$@"
}
check "a user has a manager" wait_until 20 test -S "/run/user/$uid/bus"
cp "$work/image.tar" "$STARTER" /tmp/ && chmod 0644 /tmp/image.tar /tmp/starter.json
check "and an image" as_alice podman import /tmp/image.tar "$IMAGE"
rootless() {
	as_alice podman run --rm --name own --network none --security-opt seccomp=/tmp/starter.json "$IMAGE" \
		/bin/calls --stay 20 getitimer
}
check "and runs a container" rootless
named_rootless() {
	own=$(ctl list --all --json | jq -r .workload | grep '^podman:.*own') && count_is "$own" getitimer 1
}
check "which is named, from a home that only its owner may read" wait_until 20 named_rootless
diag "$(ctl list --all | grep own)"
chmod 0700 /home/alice
rm -f /tmp/image.tar /tmp/starter.json
loginctl disable-linger alice

# ---- without it
check "seccompd-open is stopped" systemctl stop seccompd-open.socket seccompd-open.service
check "status says so" wait_until 20 opener_is unavailable
check "in one sentence" eval 'ctl status | grep -q "^  seccompd-open does not answer"'
check "a container runs" run_with systemd without getcpu
check "its calls are read" everything_is_read
is "and are not those of a name" "$(ledger_count podman:without getcpu)" 0
check "seccompd-open is started again" systemctl start seccompd-open.socket
check "and found" wait_until 30 opener_is on
check "a container" run_with systemd again getcpu
check "is named" named again getcpu 1
check "seccompd-open is killed" systemctl kill --signal=KILL seccompd-open.service
check "a container" run_with systemd after getcpu
check "is named all the same" named after getcpu 1
is "the daemon ran all the time" "$(property NRestarts)" 0
done_testing
