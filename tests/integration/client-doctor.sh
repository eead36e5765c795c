#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl doctor on hosts that are made up of files: every exit code, and what is half there.
. "${srcdir:?}/tests/integration/client-lib.sh"

root=$work/host
mkdir -p "$work/bin" "$work/profiles" "$root/proc/sys/kernel/seccomp"
printf '[seccompd]\nProfilePath=%s\n' "$work/profiles" >"$work/seccompd.conf"
echo "quiet" >"$root/proc/cmdline"
echo "kill_process kill_thread trap errno log" >"$root/proc/sys/kernel/seccomp/actions_logged"

# Which runc there is decides as well.
runc_says() { # WORDS
	printf '#!/bin/sh\necho "%s"\n' "$1" >"$work/bin/runc"
	chmod +x "$work/bin/runc"
}
runc_says "runc version 1.2.3"
PATH=$work/bin:$PATH

doctor() { # NAME CODE OPTION...
	local name=$1 code=$2
	shift 2
	exits "$name" "$code" --config "$work/seccompd.conf" --ledger "$work/ledger.db" doctor \
		--state-root "$root" "$@"
}
finds() { # NAME CODE-AND-SEVERITY PATTERN: one line of the JSON
	grep "\"severity\":\"${2#* }\",\"code\":\"${2% *}\"" "$work/out" | grep -q -- "$3"
	result $? "$1"
}
silent_on() { # NAME CODE
	! grep -q "\"code\":\"$2\"" "$work/out"
	result $? "$1"
}

n=0
container() { # NAME SECCOMP-MODE STATE-LETTER LINUX: a container of Docker that runs, and its process
	local id init
	n=$((n + 1))
	init=$((1000 + n))
	printf -v id '%064x' "$n"
	mkdir -p "$root/var/lib/docker/containers/$id" "$root/proc/$init" "$root/run/docker/runtime-runc/moby/$id" \
		"$root/run/containerd/io.containerd.runtime.v2.task/moby/$id"
	printf '{"ID":"%s","Name":"/%s","State":{"Pid":%d},"Config":{"Image":"i"}}' "$id" "$1" "$init" \
		>"$root/var/lib/docker/containers/$id/config.v2.json"
	printf '{"process":{"capabilities":{"bounding":["CAP_KILL"]}},"linux":{%s}}' "$4" \
		>"$root/run/containerd/io.containerd.runtime.v2.task/moby/$id/config.json"
	printf '{"id":"%s","init_process_pid":%d,"init_process_start":7}' "$id" "$init" \
		>"$root/run/docker/runtime-runc/moby/$id/state.json"
	printf '%d (x) %s 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 7 0 0\n' "$init" "$3" >"$root/proc/$init/stat"
	printf 'Name:\tx\nCapEff:\t0000000000000020\nCapBnd:\t0000000000000020\nNoNewPrivs:\t0\nSeccomp:\t%d\nSeccomp_filters:\t1\n' "$2" \
		>"$root/proc/$init/status"
	last=$id
}
log='"seccomp":{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}'

# ---- nobody listens; then a daemon that reads from a pipe
doctor "a host without seccompd" 1 --json
has_keys "the keys of a finding" 1 "severity code workload containers message meaning command edit"
finds "is told to start it" "D05 error" "\"command\":\"seccompd --config $work/seccompd.conf --ledger $work/ledger.db\""
mkfifo "$work/pipe" && exec 9<>"$work/pipe"
"$builddir/seccompd" --config "$work/seccompd.conf" --ledger "$work/ledger.db" --source - --no-journal \
	<"$work/pipe" 9<&- >"$work/daemon.log" 2>&1 &
daemon=$!
trap 'kill "$daemon" 2>/dev/null; wait "$daemon" 2>/dev/null; rm -rf "$work"' EXIT
listens() {
	run --ledger "$work/ledger.db" status --json
	grep -q '"running":true' "$work/out"
}
wait_until 10 listens
result $? "a daemon runs"
doctor "one that reads from a pipe is a warning, no error" 0 --json
finds "that is said" "D07 warning" 'seccompd reads from file:-, not from the audit stream'
doctor "for people" 0
has "a finding has its code, its meaning and its remedy" '^warning D07 read from a log: The kernel.s log keeps'
has "and the end counts them" '^1 warning\.$'

# ---- containers
container sound 2 S "$log"
doctor "a container that is held and seen" 0 --json
finds "no file matches its profile: that is one sentence" "D27 note" \
	"\"workload\":\"docker:sound\",.*the file of its profile is not found: there is no profile in ProfilePath=$work/profiles\""
echo "{${log#\"seccomp\":\{}" | sed 's/}}$/}/' >"$work/profiles/a.json"
doctor "with its file" 0 --json
silent_on "nothing is said of it" D27
cp "$work/profiles/a.json" "$work/profiles/b.json"
doctor "two files that match" 0 --json
finds "are one sentence" "D28 note" "2 files mean what it runs under: $work/profiles/a.json, $work/profiles/b.json\""
rm "$work/profiles/b.json"

container over 0 Z "$log"
doctor "one that ends meanwhile is no error" 0 --json
finds "but is told" "D29 note" '"workload":"docker:over",.*"message":"it ended while it was looked at"'
doctor "the audit has it" 0 --audit --json
grep '"workload":"docker:over"' "$work/out" | grep -q '"mode":null,.*"unconfined":false,"ended":true'
result $? "as ended"

runc_says "runc version unspecified"
doctor "a runtime of unknown version" 0 --json
finds "is a note" "D13 note" 'runc --version.* does not say which version'
runc_says "runc version 1.1.5"
doctor "one that refuses flags" 0 --json
finds "is a warning" "D12 warning" '1.1.5, which refuses flags'
runc_says "runc version 1.2.3"

container liar 0 S "$log"
doctor "one that its filter does not hold" 1 --json
finds "is told, with the restart" "D23 error" '"workload":"docker:liar",.*"command":"docker restart liar"'
rm -r "$root/proc/$((1000 + n))"
container "evil'\\u001b[2J" 0 S ''
doctor "a hostile name" 1
plain "is harmless"
has "its command is quoted" "^    \\$ seccompctl .* promote .*docker:evil.* --to log -o docker-evil--.*\.json$"
rm -r "$root/proc/$((1000 + n))"

# ---- what cannot be read
container half 2 S "$log"
printf '{"process":' >"$root/run/containerd/io.containerd.runtime.v2.task/moby/$last/config.json"
doctor "state that is half written" 5 --json
finds "is told, and what to do" "D11 unknown" '"message":"[^"]*: is only half written",.*"edit":"start that container anew'
doctor "the audit cannot tell either" 5 --audit
grep -q '^seccompctl doctor: there may be more containers: .*half written$' "$work/err"
result $? "and says so"
doctor "nor as JSON" 5 --audit --json
grep -q 'there may be more containers' "$work/err"
result $? "which says so as well"
rm -r "$root/var/lib/docker/containers/$last"
container untold 2 S "$log"
printf 'nonsense\n' >"$root/proc/$((1000 + n))/status"
doctor "a process of which the kernel tells nothing" 5 --json
finds "is told" "D30 unknown" '"workload":"docker:untold",.*its first process cannot be looked at'
rm -r "$root/proc/$((1000 + n))"
mv "$root/proc/cmdline" "$work/cmdline"
doctor "no /proc/cmdline" 5 --json
finds "is told" "D02 unknown" 'cannot be read'
mv "$work/cmdline" "$root/proc/cmdline"
doctor "all is well again" 0 --json

# ---- the kernel's switches, and journald
echo "quiet audit=0" >"$root/proc/cmdline"
doctor "audit=0" 1 --json
finds "is found" "D02 error" 'started with audit=0'
sed -i 's/ audit=0//' "$root/proc/cmdline"
mkdir -p "$root/run/systemd/system" "$root/etc/systemd"
printf '[Journal]\nRateLimitBurst=10\n' >"$root/etc/systemd/journald.conf"
doctor "journald's limit" 0 --json
finds "is found" "D09 warning" 'takes 10 entries of a service in 30 s'
remedy=$(sed -n 's/.*"code":"D09".*"command":"\(.*\)","edit".*/\1/p' "$work/out" | sed 's/\\\\/\\/g')
bash -c "$(sed "s|/etc/|$root/etc/|g; s|&& systemctl.*||" <<<"$remedy")"
doctor "its remedy, in this folder" 0 --json
silent_on "clears it" D09

# ---- usage
fails "an argument" 2 'takes no argument: "web"' doctor web
: >"$work/file"
fails "a file as a folder" 3 "cannot open $work/file: Not a directory" doctor --state-root "$work/file"
fails "a folder that is not there" 3 "cannot open $work/none" doctor --state-root "$work/none"
exits "help" 0 doctor --help
has "names the exit codes" '^Exit status: 0 '
missing=
for ((i = 1; i <= 30; i++)); do
	printf -v code 'D%02d' "$i"
	((i > 15 && i < 20)) || grep -q "^\.It $code\$" "$srcdir/man/seccompctl-doctor.7" || missing+=" $code"
done
is "seccompctl-doctor(7) has every code" "$missing" ""
done_testing
