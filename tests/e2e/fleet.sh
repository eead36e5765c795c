#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Three hosts, each with a journald of its own, send what seccompd told them by systemd-journal-upload over TLS
# to systemd-journal-remote. One is cut off in the middle: what came together says exactly what is missing.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

UPLOAD=/lib/systemd/systemd-journal-upload REMOTE=/lib/systemd/systemd-journal-remote
need_root
need jq openssl logger unshare sqlite3 "$JOURNALD" "$UPLOAD" "$REMOTE"
[ "$(cat /proc/1/comm)" != systemd ] || skip_all "the service manager owns the cgroups here"
e2e_begin

# ---- certificates
cd "$E2E_DIR" || exit 1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem 2>openssl.log
for who in server client; do
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout "$who.key" -out "$who.csr" 2>>openssl.log &&
		printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >ext &&
		openssl x509 -req -in "$who.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out "$who.pem" 2>>openssl.log
done
check "certificates are made" test -s client.pem

# ---- the collector; Debian builds it without GnuTLS, so that it cannot check who sends (--trust=)
mkdir remote
PORT=$((20000 + RANDOM % 20000))
"$REMOTE" --listen-https="127.0.0.1:$PORT" --key=server.key --cert=server.pem --output="$E2E_DIR/remote" \
	--split-mode=host >remote.log 2>&1 &
E2E_PIDS+=($!)
listens() {
	(exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null
}
check "systemd-journal-remote listens" wait_until 10 listens || bail "$(cat remote.log)"

# ---- hosts: each a mount namespace with a machine id, a name and a journald
cat >host <<-'SCRIPT'
	#!/bin/bash
	# NAME MACHINE: runs until its end is asked for
	hostname "$1"
	printf '%s\n' "$2" >"$E2E_DIR/$1.id"
	mount --bind "$E2E_DIR/$1.id" /etc/machine-id
	mount -t tmpfs tmpfs /run/systemd && mkdir -p /run/systemd/journal /run/systemd/journald.conf.d
	mkdir -p /run/log && mount -t tmpfs tmpfs /run/log && mkdir -p /run/log/journal
	printf '[Journal]\nAudit=\nReadKMsg=no\nStorage=volatile\nRateLimitIntervalSec=0\n' >/run/systemd/journald.conf.d/e2e.conf
	echo $$ >"$E2E_DIR/$1.pid"
	exec "$JOURNALD" >"$E2E_DIR/$1.log" 2>&1
SCRIPT
chmod 0755 host
export E2E_DIR JOURNALD
start_host() { # NAME MACHINE
	unshare --mount --uts --propagation private "$E2E_DIR/host" "$1" "$2" &
	E2E_PIDS+=($!)
	wait_until 10 test -s "$E2E_DIR/$1.pid" && wait_until 10 in_host "$1" test -S /run/systemd/journal/socket
}
in_host() { # NAME COMMAND...
	local pid
	pid=$(cat "$E2E_DIR/$1.pid")
	shift
	nsenter --mount --uts --target "$pid" -- "$@"
}
declare -A UPLOADS
start_upload() { # NAME
	nsenter --mount --uts --target "$(cat "$E2E_DIR/$1.pid")" -- "$UPLOAD" --url="https://localhost:$PORT" --key="$E2E_DIR/client.key" --cert="$E2E_DIR/client.pem" \
		--trust="$E2E_DIR/ca.pem" --save-state="$E2E_DIR/$1.state" --follow >"$E2E_DIR/$1.upload" 2>&1 &
	UPLOADS[$1]=$!
	E2E_PIDS+=("$!")
}

# ---- what their daemons tell, from the unit's cgroup
cat >in-unit <<-SCRIPT
	#!/bin/sh
	$(unit_cgroups | sed 's/.*/mkdir -p "&"; echo $$ >"&\/cgroup.procs"/')
	exec "\$@"
SCRIPT
chmod 0755 in-unit
message_id() {
	sed -n "s/.*SECCOMPD_MESSAGE_$1 \"\(.*\)\"/\1/p" "$top/include/seccompd/message-ids.h"
}
stamp() { # SECONDS AGO
	date -u -d "@$(($(date +%s) - $1))" +%Y-%m-%dT%H:%M:%S.000000Z
}
told() { # HOST
	in_host "$1" journalctl -q --no-pager -o cat -D /run/log/journal _SYSTEMD_UNIT=seccompd.service 2>/dev/null | grep -c told
}
more_told() { # HOST THAN
	[ "$(told "$1")" -gt "$2" ]
}
# Once more where logger was gone before journald could look for its unit: the same told twice counts once.
tell() { # HOST LINES
	local before
	before=$(told "$1")
	for _ in 1 2 3 4 5 6 7 8; do
		printf '%s\n' "$2" | in_host "$1" "$E2E_DIR/in-unit" logger --journald
		wait_until 1 more_told "$1" "$before" && return
	done
}
tell_call() { # HOST LEDGER NR TOTAL COUNT
	tell "$1" "MESSAGE_ID=$(message_id ROLL_UP)
MESSAGE=told
SECCOMP_LEDGER=$2
SECCOMP_WORKLOAD=docker:web
SECCOMP_PROFILE=abc0
SECCOMP_STAGE=log
SECCOMP_ARCH_WORD=c000003e
SECCOMP_SYSCALL_NR=$3
SECCOMP_ACTION=SCMP_ACT_LOG
SECCOMP_ORIGIN=workload
SECCOMP_ATTRIBUTION=proc
SECCOMP_TOTAL=$4
SECCOMP_COUNT=$5
SECCOMP_OWN_FILTER=0
SECCOMP_FIRST=$(stamp 90000)
SECCOMP_LAST=$(stamp "$6")"
}
tell_stage() { # HOST LEDGER
	tell "$1" "MESSAGE_ID=$(message_id STAGE_CHANGED)
MESSAGE=told
SECCOMP_LEDGER=$2
SECCOMP_WORKLOAD=docker:web
SECCOMP_REVISION=1
SECCOMP_STAGE=log
SECCOMP_VISIBILITY=full
SECCOMP_HEURISTIC=no
SECCOMP_PROFILE=abc0"
}
tell_run() { # HOST LEDGER UNTIL (seconds ago) NUMBER
	tell "$1" "MESSAGE_ID=$(message_id WATCHED)
MESSAGE=told
SECCOMP_LEDGER=$2
SECCOMP_RUN_ID=1
SECCOMP_BOOT=01234567-89ab-cdef-0123-456789abcde${2: -1}
SECCOMP_FROM=$(stamp 100000)
SECCOMP_TO=$(stamp "$3")
SECCOMP_SEQUENCE=$4"
}
tell_lifetime() { # HOST LEDGER NUMBER ROW TO: "TIME seen EXIT"
	tell "$1" "MESSAGE_ID=$(message_id LIFETIMES)
MESSAGE=told
SECCOMP_LEDGER=$2
SECCOMP_WORKLOAD=docker:web
SECCOMP_KIND=container
SECCOMP_RUNTIME=docker
SECCOMP_PROFILE=abc0
SECCOMP_KERNEL=6.1.0
SECCOMP_MACHINE=x86_64
SECCOMP_SEQUENCE=$3
SECCOMP_LIFETIMES=$4 $(stamp $((96000 - $4))) seen $5 0 - 0123456789ab"
}

HOSTS=(alpha beta gamma)
declare -A LEDGERS
i=0
for name in "${HOSTS[@]}"; do
	i=$((i + 1))
	LEDGERS[$name]=$(printf '%032x' "$i")
	check "$name has a journald" start_host "$name" "$(printf '%032x' $((i + 100)))" || bail "$(cat "$name.log")"
	start_upload "$name"
	tell_stage "$name" "${LEDGERS[$name]}"
	tell_lifetime "$name" "${LEDGERS[$name]}" 1 1 "- - -"
	tell_run "$name" "${LEDGERS[$name]}" 40000 2
	tell_call "$name" "${LEDGERS[$name]}" 39 $((10 * i)) $((10 * i)) 40000
done
tell_call gamma "${LEDGERS[gamma]}" 41 7 7 40000

replay() { # LEDGER DIRECTORY
	"$SECCOMPCTL" --ledger "$E2E_DIR/$1" replay --journal --directory "$2" --json >"$E2E_DIR/report" 2>"$E2E_DIR/said"
}
report() { # KEY
	jq -r ".$1" "$E2E_DIR/report"
}
came() { # RECORDS
	replay now.db remote && [ "$(report records)" = "$1" ]
}
check "what each told comes through TLS" wait_until 20 came 67
is "of three hosts" "$(report hosts)" 3

# ---- gamma is cut off; the others, and it, go on
kill "${UPLOADS[gamma]}"
wait "${UPLOADS[gamma]}" 2>/dev/null
for name in alpha beta gamma; do
	tell_run "$name" "${LEDGERS[$name]}" 60 $((3 + (${#name} == 4)))
	tell_call "$name" "${LEDGERS[$name]}" 39 100 50 60
done
check "the others go on" wait_until 20 came 237 || diag "$(cat report said)"
is "what lies between is missed: alpha's 40 and beta's 30" "$(report untold_records)" 70
is "and an entry of beta's on what ran" "$(report untold_entries)" 1

fleet() { # VERB...
	"$SECCOMPCTL" --ledger "$E2E_DIR/now.db" "$@"
}
is "one workload, on three hosts" "$(fleet list --all --json | jq -c '[.workload, .hosts, .records]')" '["docker:web",3,237]'
is "a call of one host is said to be" "$(fleet show docker:web --json | jq -c '[.nr, .hosts, .count]' | tr '\n' ' ')" \
	'[39,3,230] [41,1,7] '
is "who is silent is known" "$(fleet status --json | jq -c '[.silent, (.hosts[] | select(.silent) | .host)]')" '[1,"gamma"]'
is "and shown for the workload" "$(fleet show docker:web --hosts --json | jq -c 'select(.silent) | [.host, .records]')" '["gamma",37]'
is "what each lost is known" "$(fleet status --json | jq -c '[.hosts[] | {(.host): .losses}] | add' | jq -cS .)" \
	'{"alpha":1,"beta":1,"gamma":0}'
fleet gate docker:web --to errno --json >asked
is "the gate is unknown" "$?" 5
is "two of three hosts report" "$(jq -r 'select(.criterion == "hosts").value' asked)" "2 of 3 report"
check "because of the silent host" grep -q 'tell nothing any more, and that is no good news: gamma' asked
cp -r remote parts && replay parts.db parts
is "a copy says the same" "$(report records) $(report untold_records)" "237 70"
"$SECCOMPCTL" merge now.db parts.db now.db --ledger merged.db --json >report 2>said
is "merging both adds nothing" "$? $(report records) $(report hosts) $(report untold_records)" "0 237 3 70"

# ---- it comes back, from where it was
start_upload gamma
check "gamma comes back" wait_until 20 came 307 || diag "$(cat report said gamma.upload)"
is "and is silent no more" "$(fleet status --json | jq .silent)" 0
"$SECCOMPCTL" merge now.db --ledger merged.db --json >report
is "merged, it is so there" "$(report records)" 307

# ---- what was missed comes late: then what ran on each host is known
fleet gate docker:web --to errno --json >asked
is "without it the gate is unknown" "$? $(jq -r 'select(.criterion == "complete").verdict' asked)" "5 unknown"
for name in alpha beta gamma; do
	tell_call "$name" "${LEDGERS[$name]}" 39 50 $((50 - $((16#${LEDGERS[$name]})) * 10)) 30000
done
tell_lifetime beta "${LEDGERS[beta]}" 3 1 "$(stamp 10000) seen graceful"
nothing_is_missed() {
	replay now.db remote && [ "$(report untold_records) $(report untold_entries)" = "0 0" ]
}
check "all of it comes" wait_until 20 nothing_is_missed || diag "$(cat report said)"
fleet gate docker:web --to errno --json >asked
is "then nothing but time is wanting: $(jq -r 'select(.criterion == "complete") | .value' asked) were watched" \
	"$(jq -r 'select(.criterion == "complete") | .verdict' asked)" not-ready
is "from the first start on, on three hosts, two of which run it still" \
	"$(jq -c 'select(.summary) | .window | [.starts, .graceful_stops, .running, .hosts, .replicas]' asked)" "[3,1,2,3,3]"
is "and nothing of that is lost" "$(jq 'select(.summary) | .window | .observed_us == .complete_us' asked)" true

# ---- a file that is damaged
one=$(find remote -name '*.journal' | head -n 1)
head -c 20000 "$one" >parts/remote-cut.journal
replay cut.db parts
is "a damaged file is named, and the others are read" "$? $(report 'unreadable | length') $(report hosts)" "0 1 3"
leave_unit
done_testing
