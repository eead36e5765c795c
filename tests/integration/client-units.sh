#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Units with a system call filter in the client's list, from a bus of our own.
set -u
. "${srcdir:?}/tests/integration/client-lib.sh"

command -v dbus-daemon >/dev/null || skip_all "needs dbus-daemon"
command -v jq >/dev/null || skip_all "needs jq"

cat >"$work/bus.conf" <<-END
	<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
	 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
	<busconfig>
	<type>system</type>
	<listen>unix:path=$work/bus</listen>
	<auth>EXTERNAL</auth>
	<policy context="default">
	<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/><allow user="*"/>
	</policy>
	</busconfig>
END
db=$work/ledger.db
"$builddir/tests/integration/make-ledger" "$db" empty || bail "make-ledger failed"
dbus-daemon --config-file="$work/bus.conf" --nofork --nopidfile --nosyslog >"$work/bus.log" 2>&1 &
bus_pid=$!
fake_pid=
trap 'kill $bus_pid $fake_pid 2>/dev/null; wait; rm -rf "$work"' EXIT
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$work/bus
wait_until 20 test -S "$work/bus" || bail "dbus-daemon does not start: $(tail -n 1 "$work/bus.log")"

start_fake() { # [hang]
	: >"$work/fake.log"
	"$builddir/tests/integration/fake-systemd" "$@" >"$work/fake.log" 2>&1 &
	fake_pid=$!
	wait_until 20 grep -q ready "$work/fake.log" || bail "fake-systemd: $(cat "$work/fake.log")"
}

stop_fake() {
	kill "$fake_pid"
	wait "$fake_pid" 2>/dev/null
	fake_pid=
}

row() { # WORKLOAD
	jq -r "select(.workload == \"$1\") | [.stage, .visibility, .running, .sightings, .first] | map(tostring) | join(\" \")" "$work/out"
}

start_fake
exits "list asks systemd" 0 --ledger "$db" list --json
is "it is silent when nothing is missing" "$(cat "$work/err")" ""
is "a unit is a row, several instances are one, without a filter none" "$(jq -r .workload "$work/out" | xargs)" \
	"unit:denies.service unit:kills.service unit:logs.service unit:many@.service unit:refuses.service"
has_keys "its keys are those of all" 1 "workload runtime name image stage visibility profile profile_file profile_files profile_source running sightings records first last complete heuristic dropped asserted imported hosts"
is "SystemCallFilter= kills" "$(row unit:kills.service)" "kill full true 0 null"
is "with SystemCallErrorNumber= it refuses unseen" "$(row unit:refuses.service)" "errno blind true 0 null"
is "SystemCallLog= logs" "$(row unit:logs.service)" "log full true 0 null"
is "of a deny list some refuse unseen" "$(row unit:denies.service)" "kill partial true 0 null"
exits "list for people" 0 --ledger "$db" list
has "it names the way in" '^1 workload is blind: '
stop_fake

start_fake hang
begin=$SECONDS
exits "list does not wait for a systemd that hangs" 0 --ledger "$db" list --json
[ $((SECONDS - begin)) -le 15 ]
result $? "it gave up soon"
is "one sentence says what is missing" "$(wc -l <"$work/err") $(cut -d: -f1-2 "$work/err")" \
	"1 seccompctl list: systemd cannot be asked, so units without a record are missing here"
stop_fake
done_testing
