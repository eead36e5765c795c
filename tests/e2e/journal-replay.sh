#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What seccompd wrote into a real journal makes its ledger again, over a daemon that was killed: every
# column that the journal knows is equal, and its gate says the same. What others forged changes nothing, and
# entries that are gone are missed.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman runc busybox jq sqlite3 journalctl logger setpriv "$JOURNALD"
[ "$(cat /proc/1/comm)" != systemd ] || skip_all "the service manager owns the cgroups here"
e2e_begin
need_stream

# ---- the daemon, in its unit's cgroup from its first entry on
cat >"$E2E_DIR/in-unit" <<-SCRIPT
	#!/bin/sh
	$(unit_cgroups | sed 's/.*/mkdir -p "&"; echo $$ >"&\/cgroup.procs"/')
	exec "\$@"
SCRIPT
printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$E2E_DIR/in-unit" "$(realpath "$SECCOMPD")" >"$E2E_DIR/seccompd"
chmod 0755 "$E2E_DIR/in-unit" "$E2E_DIR/seccompd"
SECCOMPD=$E2E_DIR/seccompd

JOURNAL=/run/log/journal/$(cat /etc/machine-id)
LEDGER=$E2E_DIR/ledger.db
OWN="(w.name='podman:replayed' OR w.name LIKE 'host:$E2E_DIR/%')"

sql() { # FILE QUERY
	sqlite3 -readonly -separator '|' "$1" "$2"
}

# ---- two ledgers, as far as the journal knows: ids of a rebuilt one have the host's number above 40 bits
columns() { # FILE TOLD: what is told is not behind what is held; for rows of a workload, a sighting, a run, a loss
	sql "$1" "SELECT 'workload', w.name, w.runtime, w.container_name, w.image, w.stage, w.visibility, p.hash,
			w.profile_source, w.dialect, w.dropped, w.heuristic, w.revision
			FROM workload w JOIN profile p ON p.id=w.profile WHERE $OWN AND ($2 OR w.told=w.revision) ORDER BY 2;
		SELECT 'sighting', w.name, p.hash, s.arch, s.nr, s.action, s.origin, s.means, s.count, s.own_filter,
			s.first, s.last, s.serial, s.subjects, s.lifetimes FROM sighting s JOIN workload w ON w.id=s.workload
			JOIN profile p ON p.id=s.profile WHERE $OWN AND ($2 OR s.told=s.count) ORDER BY 2, 3, 4, 5, 6, 7;
		SELECT 'lifetime', f.id & 0xffffffffff, w.name, p.hash, p.json, f.kind, f.runtime, f.name, f.image_digest,
			f.runtime_version, f.libseccomp, f.kernel, f.machine, f.capabilities, f.start, f.start_seen, f.stop,
			f.stop_seen, f.exit, f.joins, f.joined FROM lifetime f JOIN workload w ON w.id=f.workload
			JOIN profile p ON p.id=f.profile WHERE $OWN AND ($2 OR f.told=f.revision) ORDER BY 2;
		SELECT 'making', w.name, s.nr, s.origin, m.lifetime & 0xffffffffff, m.first FROM making m
			JOIN sighting s ON s.id=m.sighting JOIN workload w ON w.id=s.workload
			WHERE $OWN AND ($2 OR s.told=s.count) ORDER BY 2, 3, 4, 5;
		SELECT 'run', id & 0xffffffffff, boot, start, stop FROM run r WHERE $2 OR r.told=r.stop ORDER BY 2;
		SELECT 'loss', l.id & 0xffffffffff, l.kind, w.name, l.start, l.stop, l.count, l.revision
			FROM loss l LEFT JOIN workload w ON w.id=l.workload WHERE $2 OR l.told=l.revision ORDER BY 2"
}

# Alone on a machine, all is told when the daemon ends. The stream is the host's, though: the share of the
# journal that others use up is missing, and what is told must be equal all the same.
is_rebuilt() { # NAME FILE
	local differ=diff
	all_is_told || differ=not_in
	columns "$LEDGER" 0 >"$E2E_DIR/seen"
	columns "$2" 1 >"$E2E_DIR/told"
	if [ "$(grep -c '^sighting' "$E2E_DIR/seen")" -ge 5 ] && "$differ" "$E2E_DIR/seen" "$E2E_DIR/told" >"$E2E_DIR/differ"; then
		ok "$1"
	else
		not_ok "$1" "$(head -n 20 "$E2E_DIR/differ")"
	fi
}

not_in() { # LINES OF
	! grep -vxFf "$2" "$1"
}

all_is_told() {
	[ "$(sql "$LEDGER" "SELECT (SELECT count(*) FROM sighting WHERE told<count) +
		(SELECT count(*) FROM loss WHERE told<revision) + (SELECT count(*) FROM lifetime WHERE told<revision) + (SELECT count(*) FROM workload WHERE told<revision)")" = 0 ]
}

each_is_told_of() {
	[ "$(sql "$LEDGER" "SELECT count(*)>=16 AND min(s.told)>0 FROM sighting s JOIN workload w ON w.id=s.workload
		WHERE $OWN")" = 1 ]
}

replay() { # LEDGER OPTION...
	local ledger=$1
	shift
	"$SECCOMPCTL" --ledger "$E2E_DIR/$ledger" replay --journal --json "$@" >"$E2E_DIR/report" 2>"$E2E_DIR/said"
}

report() { # KEY
	jq -r ".$1" "$E2E_DIR/report"
}

start_journald ReadKMsg=no || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"
make_image
start_podman
for name in one two; do cp "$CALLS" "$E2E_DIR/$name"; done
start_seccompd || bail "seccompd does not start"
"$E2E_DIR/one" --linger 300 logged 12 "$OWN_CALL"
"$E2E_DIR/one" --linger 300 flood 500 "$OWN_CALL"
podman_run replayed "$STARTER" /bin/calls --loop 5 --stay 1 getcpu sysinfo >/dev/null 2>&1
check "what was called is in the ledger" wait_until 20 count_is "host:$E2E_DIR/one" "$OWN_CALL" 501
check "and told of" wait_until 60 each_is_told_of
kill -USR2 "$JOURNALD_PID"
put_away() {
	compgen -G "$JOURNAL/system@*.journal" >/dev/null
}
check "the journal's file is put away" wait_until 10 put_away

"$E2E_DIR/two" --linger 300 flood 300 "$OWN_CALL" &
flood=$!
kill -KILL "$SECCOMPD_PID"
wait "$SECCOMPD_PID" 2>/dev/null
SECCOMPD_PID=
wait "$flood"
start_seccompd || bail "seccompd does not start again"
"$E2E_DIR/one" --linger 300 flood 700 "$OWN_CALL"
"$E2E_DIR/two" --linger 300 logged 5 "$OWN_CALL"
check "after a kill it goes on" wait_until 20 count_is "host:$E2E_DIR/one" "$OWN_CALL" 1201
stop_seccompd
all_is_told || diag "others use up the journal's share: what was told is compared, and no more"

# ---- equal
replay rebuilt.db
is "the journal of the machine is replayed" "$?" 0
is_rebuilt "the ledger is the one that seccompd wrote" "$E2E_DIR/rebuilt.db"
check "with a loss in it" grep -q '^loss|' "$E2E_DIR/told"
is "and both runs" "$(grep -c '^run|' "$E2E_DIR/told")" 2
is "and the container's lifetime, with its end" "$(grep '^lifetime|' "$E2E_DIR/told" | grep -c '|podman:replayed|.*|seen|\||podman:replayed|')" 1
is "nothing is missing" "$(report untold_records) $(report untold_losses) $(report untold_runs) $(report untold_entries)" "0 0 0 0"
is "nothing was forged" "$(report forged) $(report rejected)" "0 0"
genuine=$(report genuine)
replay rebuilt.db --directory /run/log/journal
is "again, there is nothing new" "$(report duplicates)" "$((genuine - $(report other)))"
is_rebuilt "and it is the same" "$E2E_DIR/rebuilt.db"
row='select(.workload == "podman:replayed") | [.stage, .visibility, .profile, .image, .runtime]'
is "list says the same of the workload" \
	"$("$SECCOMPCTL" --ledger "$E2E_DIR/rebuilt.db" list --all --json | jq -c "$row")" \
	"$(ctl list --all --json | jq -c "$row")"

# ---- the gate: of what the daemon saw, in a ledger of the same kind
"$SECCOMPCTL" merge "$LEDGER" --ledger "$E2E_DIR/merged.db" --json >"$E2E_DIR/report" 2>"$E2E_DIR/said"
gate() { # LEDGER: what is known of hours is not told
	"$SECCOMPCTL" --ledger "$E2E_DIR/$1" gate podman:replayed --to errno --json | jq -cS 'del(.hours)'
}
gate merged.db >"$E2E_DIR/seen"
gate rebuilt.db >"$E2E_DIR/told"
complete() { # LEDGER
	"$SECCOMPCTL" --ledger "$E2E_DIR/$1" list --all --json | jq 'select(.workload == "podman:replayed") | .complete'
}
is "what is complete, and what is not, is known" "$(complete rebuilt.db)" "$(complete merged.db)"
check "it was watched" jq -e 'select(.summary) | .window.observed_us > 0' "$E2E_DIR/told"
if all_is_told; then
	check "the gate says the same, in each word" diff "$E2E_DIR/seen" "$E2E_DIR/told"
else
	skip "the gate says the same" "others use up the journal's share"
fi

# ---- in two parts, the newer one first
old=("$JOURNAL"/system@*.journal)
replay parts.db --file "$JOURNAL/system.journal"
is "of a journal that begins later, what is gone is missed" "$(($(report untold_records) > 0))" 1
"$SECCOMPCTL" --ledger "$E2E_DIR/parts.db" status >"$E2E_DIR/said"
check "and is a loss" grep -q "entries of the journal are gone *1" "$E2E_DIR/said"
replay parts.db --file "${old[0]}"
is "with the older part nothing is missed" "$(report untold_records) $(report untold_runs)" "0 0"
is_rebuilt "and the ledger is whole" "$E2E_DIR/parts.db"

# ---- forged
ledger_id=$(report "ledgers[0].ledger")
forge() { # TOTAL COMMAND...: as a roll-up of a call that was seen
	local total=$1
	shift
	"$@" logger --journald <<-ENTRY
		MESSAGE_ID=$(sed -n 's/.*SECCOMPD_MESSAGE_ROLL_UP "\(.*\)"/\1/p' "$top/include/seccompd/message-ids.h")
		MESSAGE=forged
		SECCOMP_LEDGER=$ledger_id
		SECCOMP_WORKLOAD=podman:replayed
		SECCOMP_STAGE=kill
		SECCOMP_ARCH_WORD=c000003e
		SECCOMP_SYSCALL_NR=1
		SECCOMP_ACTION=SCMP_ACT_LOG
		SECCOMP_ORIGIN=workload
		SECCOMP_ATTRIBUTION=proc
		SECCOMP_TOTAL=$total
		SECCOMP_COUNT=$total
		SECCOMP_OWN_FILTER=0
		_SYSTEMD_UNIT=seccompd.service
		_UID=0
	ENTRY
}
forge 1000000 env
forge 1000000 setpriv --reuid 65534 --regid 65534 --clear-groups
forge 1000000 "$E2E_DIR/in-unit" setpriv --reuid 65534 --regid 65534 --clear-groups
printf 'MESSAGE=forged\nSECCOMP_LEDGER=%s\n' "$ledger_id" | logger --journald
forged_are() {
	replay rebuilt.db && [ "$(report forged)" = "$1" ]
}
check "what root, a user, and a user in the unit wrote is forged" wait_until 10 forged_are 4
# The program of one that is gone at once, journald cannot say.
forger_is_named() {
	replay rebuilt.db && [ "$(report forger.comm)" = logger ] && return
	forge 1000000 env
	return 1
}
check "one of them is named" wait_until 20 forger_is_named
is_rebuilt "and changes nothing" "$E2E_DIR/rebuilt.db"
# The unit of one that is gone at once, journald cannot say, either.
nonsense_is_rejected() {
	forge nonsense "$E2E_DIR/in-unit"
	wait_until 2 eval 'replay rebuilt.db && [ "$(report rejected)" -ge 1 ]'
}
check "what is genuine and makes no sense is rejected" wait_until 20 nonsense_is_rejected
is "with the reason" "$(report rejection)" "SECCOMP_TOTAL makes no sense"
is_rebuilt "and changes nothing, either" "$E2E_DIR/rebuilt.db"

# ---- files that cannot be read
mkdir "$E2E_DIR/files" "$E2E_DIR/nothing"
cp "$JOURNAL"/*.journal "$E2E_DIR/files"
head -c 10000 "${old[0]}" >"$E2E_DIR/files/cut.journal"
replay copy.db --directory "$E2E_DIR/files"
is "one damaged file is left out" "$? $(report 'unreadable | length')" "0 1"
is "and named" "$(report "unreadable[0]")" "$E2E_DIR/files/cut.journal"
is_rebuilt "the others are read" "$E2E_DIR/copy.db"
fails() { # NAME WORDS OPTION...
	local name=$1 words=$2
	shift 2
	replay none.db "$@"
	is "$name" "$? $(wc -l <"$E2E_DIR/said") $(grep -c -- "$words" "$E2E_DIR/said")" "3 1 1"
}
fails "a damaged file alone" "no journal, or a damaged one" --file "$E2E_DIR/files/cut.journal"
fails "a folder without a journal" "holds no journal" --directory "$E2E_DIR/nothing"
fails "a folder that is not there" "No such file" --directory "$E2E_DIR/not-there"
fails "a folder as a file" "name it with --directory" --file "$E2E_DIR/nothing"
check "make no ledger" test ! -e "$E2E_DIR/none.db"
leave_unit
done_testing
