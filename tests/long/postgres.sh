#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# PostgreSQL in a container, from a profile that lists a minimum to KILL_PROCESS: pgbench, a vacuum, a
# checkpoint, a backup, a reload and a fast shutdown in each stage.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

TRANSACTIONS=${TRANSACTIONS:-200}
SERVER=postgres
NEEDED=shmget
PG=$(find /usr/lib/postgresql -maxdepth 1 -mindepth 1 2>/dev/null | sort -V | tail -n 1)
PATH=$PATH:$PG/bin

need_root
need podman runc busybox jq postgres initdb pgbench psql pg_dump nsenter setpriv
e2e_begin
need_stream
# shellcheck source=tests/e2e/server-lib.sh
. "$top/tests/e2e/server-lib.sh"

SERVER_OPTIONS=(--user 33:33 --shm-size 64m)
COMMAND=("$PG/bin/postgres" -D /data -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c timezone=GMT
	-c log_timezone=GMT -c autovacuum_naptime=1s)

server_files() {
	add_users postgres && add_program "$PG/bin/postgres" || return
	mkdir -p "$SERVER_ROOT$PG" "$SERVER_ROOT/usr/share/postgresql" "$SERVER_ROOT/data" &&
		cp -a "$PG/lib" "$SERVER_ROOT$PG/" && rm -rf "$SERVER_ROOT$PG/lib/bitcode" &&
		cp -a "/usr/share/postgresql/${PG##*/}" "$SERVER_ROOT/usr/share/postgresql/" &&
		chown 33:33 "$SERVER_ROOT/data" && chmod 0700 "$SERVER_ROOT/data" &&
		TZ=GMT setpriv --reuid=33 --regid=33 --clear-groups "$PG/bin/initdb" -D "$SERVER_ROOT/data" -A trust -U bench \
			--no-sync -E UTF8 --locale C >"$E2E_DIR/initdb" 2>&1
}

client() { # PID PROGRAM OPTION...
	in_its_network "$1" "$2" -h 127.0.0.1 -U bench "${@:3}"
}

server_answers() { # PID
	client "$1" psql -d postgres -c 'select 1'
}

server_load() { # PID OUT
	client "$1" pgbench -q -i -s 1 postgres >"$2" 2>&1 &&
		client "$1" pgbench -c 4 -j 2 -t "$TRANSACTIONS" postgres >>"$2" 2>&1 &&
		grep -q "actually processed: $((4 * TRANSACTIONS))/$((4 * TRANSACTIONS))" "$2" &&
		grep -q 'number of failed transactions: 0 ' "$2" &&
		client "$1" psql -d postgres -v ON_ERROR_STOP=1 -c 'set min_parallel_table_scan_size = 0' \
			-c 'set parallel_setup_cost = 0' -c 'select count(*), sum(abalance) from pgbench_accounts' \
			-c 'vacuum full pgbench_accounts' -c 'create index on pgbench_accounts (abalance)' -c checkpoint \
			-c "copy pgbench_tellers to '/tmp/tellers'" -c 'select pg_switch_wal()' >>"$2" 2>&1 &&
		client "$1" pg_dump postgres 2>>"$2" | grep -q 'dump complete'
}

server_life() { # PID
	kill -HUP "$1" && server_load "$1" "$E2E_DIR/load" && kill -INT "$1"
}

server_image
start_seccompd --no-journal || bail "seccompd does not start"
server_through_the_stages "$STARTER"
stop_seccompd
is "SIGTERM ends it with status 0" $? 0
done_testing
