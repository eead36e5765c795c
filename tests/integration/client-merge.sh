#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Ledgers of many hosts, into one: in whatever order, how often and over whatever steps they are merged
# nothing differs and nothing counts twice; and what is refused.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

"$builddir/tests/integration/make-fleet" "$work" 3 2 1 || bail "no ledgers"
one=$work/1.db two=$work/2.db three=$work/3.db

merge() { # OUT LEDGER...
	local out=$1
	shift
	run merge "$@" --ledger "$out" --json
}
field() { # NAME: of the JSON object in the output
	sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/out"
}
# All that readers say of it
said() { # LEDGER
	local verb
	for verb in "list --json" "show docker:app-1 --json" "show docker:app-2 --json" "status --json"; do
		# shellcheck disable=SC2086
		"$ctl" --ledger "$1" $verb || echo "$verb ended with $?"
	done
}
same() { # NAME LEDGER LEDGER
	said "$2" >"$work/before"
	said "$3" >"$work/after"
	is "$1" "$(diff "$work/before" "$work/after")" ""
}

# ---- two
merge "$work/two.db" "$one" "$two"
check "two are merged" [ "$status" -eq 0 ]
has_keys "merge has its keys" 1 "merged ledgers hosts workloads sightings records losses runs lifetimes untold_records untold_losses untold_runs untold_entries first last"
is "both are in it" "$(field merged) $(field hosts) $(field workloads) $(field runs)" "2 2 4 2"
records=$(field records)
is "and what they counted" "$records" "$("$ctl" --ledger "$one" show docker:app-1 --json | cat - \
	<("$ctl" --ledger "$one" show docker:app-2 --json) <("$ctl" --ledger "$two" show docker:app-1 --json) \
	<("$ctl" --ledger "$two" show docker:app-2 --json) | sed 's/.*"count":\([0-9]*\),.*/\1/' | awk '{ n += $1 } END { print n }')"
merge "$work/owt.db" "$two" "$one"
same "the other way round" "$work/two.db" "$work/owt.db"
merge "$work/two.db" "$one" "$two" "$one"
is "once more, nothing counts twice" "$(field records) $(field hosts)" "$records 2"
same "and nothing differs" "$work/owt.db" "$work/two.db"

# ---- two hosts that cannot be told apart by name, or by machine
renamed() { # N ASSIGNMENT: a copy of ledger N, in $work/renamed.db
	cp "$work/$1.db" "$work/renamed.db" && sqlite3 "$work/renamed.db" "UPDATE host SET $2"
}
if command -v sqlite3 >/dev/null; then
	renamed 2 "name='host-1'"
	merge "$work/name.db" "$one" "$work/renamed.db"
	check "one name: it is said" grep -q '^seccompctl merge: two hosts call themselves host-1, of the machine ids 0*1 and 0*2: they are told apart by these$' "$work/err"
	is "and they are two" "$(field hosts) $(field workloads)" "2 4"
	run --ledger "$work/name.db" list
	has "which both have what they run" '2 of 2$'
	renamed 2 "machine='00000000000000000000000000000001'"
	merge "$work/machine.db" "$one" "$work/renamed.db"
	check "one machine id: it is said, and what to do" grep -q 'host-1 and host-2 have one machine id, 0*1, and count as two hosts by their ledgers; give one of them its own' "$work/err"
	is "and they are two as well" "$(field hosts) $(field workloads)" "2 4"
else
	skip "two hosts of one name" "no sqlite3"
fi

# ---- three
merge "$work/all.db" "$one" "$two" "$three"
is "three are in it" "$(field merged) $(field hosts) $(field workloads) $(field runs)" "3 3 6 3"
said "$work/all.db" >"$work/all"
merge "$work/step.db" "$three" "$work/owt.db"
same "over a step" "$work/all.db" "$work/step.db"
merge "$work/late.db" "$three"
merge "$work/late.db" "$two" "$three"
merge "$work/late.db" "$one"
same "as they come" "$work/all.db" "$work/late.db"
run --ledger "$work/all.db" list --json
has "list counts the hosts" '"workload":"docker:app-1".*"hosts":3'
run --ledger "$work/all.db" status --json
has "status lists them" '"host":"host-1".*"host":"host-2".*"host":"host-3".*"silent":0'
run merge "$one" --ledger "$work/text.db"
has "for people, too" '^1 +host wrote them'

# ---- a host that is gone
cp "$work/all.db" "$work/gone.db"
run merge --retired host-2 --ledger "$work/gone.db" --json
check "a host is retired without any ledger" [ "$status" -eq 0 ]
run --ledger "$work/gone.db" status --json
has "and status says since when" '"host":"host-2",[^}]*"retired":"20'
fails "one that is none" 2 'no ledger is of a host "host-9"' merge "$one" --retired host-9 --ledger "$work/all.db"

# ---- what is refused, and leaves OUT as it was
printf '%s\n' 'type=SECCOMP msg=audit(1700000000.100:1): auid=0 uid=0 gid=0 ses=1 subj=unconfined pid=9 comm="a" exe="/a" sig=0 arch=c000003e syscall=27 compat=0 ip=0x1 code=0x7ffc0000' >"$work/log"
exits "a ledger of a log" 0 replay "$work/log" --as docker:web --ledger "$work/log.db"
printf '%s\n' 'openat(AT_FDCWD, "/x", O_RDONLY) = 3' 'close(3) = 0' >"$work/strace"
exits "a ledger of strace" 0 import --strace "$work/strace" --workload docker:web --ledger "$work/strace.db"
for of in log strace; do
	fails "what $of says must not mix" 4 "$of.db was made from logs" merge "$one" "$work/$of.db" --ledger "$work/all.db"
	fails "nor is it merged into ($of)" 4 "$of.db" merge "$one" --ledger "$work/$of.db"
done
head -c 4096 "$one" >"$work/cut.db"
head -c 40 "$srcdir/README.md" >"$work/text"
cp "$one" "$work/holes.db"
pages=$(($(stat -c %s "$one") / 4096))
for ((page = 2; page < pages; page += 2)); do
	printf 'xxxxxxxxxxxxxxxx' | dd of="$work/holes.db" bs=4096 seek="$page" conv=notrunc status=none
done
for bad in cut.db holes.db; do
	fails "damaged: $bad" 4 "$bad.*damaged" merge "$two" "$work/$bad" --ledger "$work/all.db"
	fails "damaged, for a new one: $bad" 4 "$bad.*damaged" merge "$two" "$work/$bad" --ledger "$work/none"
done
: >"$work/empty"
printf x >"$work/byte"
for ((size = 4; size < 9000; size *= 2)); do
	head -c "$size" </dev/zero >"$work/zeros.$size"
done
fails "an empty file" 4 "$work/empty is empty, and no ledger" merge "$two" "$work/empty" --ledger "$work/all.db"
for of in text byte "$work"/zeros.*; do
	fails "a file of something else: ${of##*/}" 4 "$work/${of##*/} is no ledger" merge "$two" "$work/${of##*/}" --ledger "$work/all.db"
done
fails "nor is anything written over it" 4 "$work/byte is something else than a ledger" merge "$two" --ledger "$work/byte"
is "not even over a byte" "$(cat "$work/byte")" x
check "and nothing is left beside it" [ "$(echo "$work/byte"*)" = "$work/byte" ]
fails "a missing one" 3 'missing.db cannot be read: No such file' merge "$one" "$work/missing.db" --ledger "$work/none"
fails "a folder" 4 "$work is no ledger" merge "$one" "$work" --ledger "$work/none"
fails "OUT among the ledgers" 2 'all.db is the ledger to write' merge "$one" "$work/all.db" --ledger "$work/all.db"
ln -s all.db "$work/link.db"
fails "OUT by another name" 2 'link.db is the ledger to write' merge "$work/link.db" --ledger "$work/all.db"
fails "OUT is a daemon's" 4 '1.db' merge "$two" --ledger "$one"
fails "no OUT" 2 'name the file to write with --ledger' merge "$one" "$two"
fails "OUT without a name" 2 'behind "--ledger" is empty' merge "$one" --ledger ""
fails "no ledger to merge" 2 'name the ledgers to merge' merge --ledger "$work/none"
fails "OUT where there is no folder" 4 'nowhere' merge "$one" --ledger "$work/nowhere/out.db"
check "nothing was left behind" [ -z "$(ls "$work"/none* 2>/dev/null)" ]
is "none of these changed OUT" "$(said "$work/all.db" | diff "$work/all" -)" ""

done_testing
