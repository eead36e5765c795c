#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# redis-server in a container, from a profile that lists a minimum to KILL_PROCESS: a benchmark of all its
# commands, a snapshot, a rewrite of its log, and its shutdown in each stage.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

REQUESTS=${REQUESTS:-1000}
SERVER=redis
NEEDED=listen

need_root
need podman runc busybox jq redis-server redis-cli redis-benchmark nsenter
e2e_begin
need_stream
# shellcheck source=tests/e2e/server-lib.sh
. "$top/tests/e2e/server-lib.sh"

COMMAND=("$(command -v redis-server)" --bind 127.0.0.1 --port 6379 --appendonly yes --dir /tmp)

server_files() {
	add_users redis && add_program "$(readlink -f "$(command -v redis-server)")" "$(command -v redis-server)"
}

redis() { # PID COMMAND...
	in_its_network "$1" redis-cli "${@:2}"
}

server_answers() { # PID
	redis "$1" ping | grep -q PONG
}

server_load() { # PID OUT
	in_its_network "$1" redis-benchmark -q --csv -n "$REQUESTS" -c 20 >"$2" 2>&1 &&
		[ "$(grep -c '^"[A-Z]' "$2")" -ge 15 ] && ! grep -qi error "$2"
}

has_saved() { # PID
	redis "$1" info persistence | tr -d '\r' >"$E2E_DIR/info" &&
		grep -qx rdb_bgsave_in_progress:0 "$E2E_DIR/info" && grep -qx rdb_last_bgsave_status:ok "$E2E_DIR/info" &&
		grep -qx aof_rewrite_in_progress:0 "$E2E_DIR/info" && grep -qx aof_last_bgrewrite_status:ok "$E2E_DIR/info" &&
		! grep -qx rdb_saves:0 "$E2E_DIR/info"
}

server_life() { # PID
	redis "$1" bgrewriteaof >/dev/null && wait_until 20 has_saved_rewrite "$1" || return
	redis "$1" bgsave >/dev/null && wait_until 20 has_saved "$1" &&
		server_load "$1" "$E2E_DIR/load" && redis "$1" shutdown
}

has_saved_rewrite() { # PID
	redis "$1" info persistence | tr -d '\r' | grep -qx aof_rewrite_in_progress:0
}

server_image
start_seccompd --no-journal || bail "seccompd does not start"
server_through_the_stages "$STARTER"
stop_seccompd
is "SIGTERM ends it with status 0" $? 0
done_testing
