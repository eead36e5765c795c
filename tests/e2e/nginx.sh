#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Debian's nginx in a container, from a profile that lists a minimum to KILL_PROCESS, under load, with
# reload, log reopen and graceful stop in each stage, and no request failed.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

REQUESTS=${REQUESTS:-3000}
SERVER=nginx
NEEDED=listen

need_root
need podman runc busybox jq nginx ab nsenter
e2e_begin
need_stream
# shellcheck source=tests/e2e/server-lib.sh
. "$top/tests/e2e/server-lib.sh"

server_files() {
	add_users www-data && add_program "$(command -v nginx)" &&
		mkdir -p "$SERVER_ROOT"/var/{log/nginx,lib/nginx} "$SERVER_ROOT"/{srv,etc/nginx} &&
		head -c 20000 /dev/zero | tr '\0' a >"$SERVER_ROOT/srv/page" &&
		cat >"$SERVER_ROOT/etc/nginx/nginx.conf" <<-'END'
			user www-data;
			worker_processes 2;
			daemon off;
			error_log /var/log/nginx/error.log;
			events { worker_connections 256; }
			http {
				access_log /var/log/nginx/access.log;
				sendfile on;
				server { listen 127.0.0.1:80; root /srv; }
			}
		END
}

COMMAND=("$(command -v nginx)")

server_answers() { # PID
	in_its_network "$1" ab -q -n 1 http://127.0.0.1/page
}

server_load() { # PID OUT
	in_its_network "$1" ab -q -n "$REQUESTS" -c 20 http://127.0.0.1/page >"$2" 2>&1 &&
		in_its_network "$1" ab -q -k -n "$REQUESTS" -c 20 http://127.0.0.1/page >>"$2" 2>&1 &&
		[ "$(grep -c '^Failed requests: *0$' "$2")" = 2 ] && ! grep -q 'Non-2xx' "$2"
}

children_of() {
	cat "/proc/$1/task/$1/children"
}

# The reload is over when all workers are new ones.
has_other_workers() { # PID OLD
	local pid now
	now=$(children_of "$1")
	for pid in $2; do [[ " $now " != *" $pid "* ]] || return 1; done
	[ "$(wc -w <<<"$now")" = 2 ]
}

log_is_reopened() { # PID
	[ -e "/proc/$1/root/var/log/nginx/access.log" ]
}

server_life() { # PID
	local old
	old=$(children_of "$1")
	kill -HUP "$1" && wait_until 20 has_other_workers "$1" "$old" && server_load "$1" "$E2E_DIR/load" || return
	mv "/proc/$1/root/var/log/nginx/access.log"{,.1} && kill -USR1 "$1" && wait_until 20 log_is_reopened "$1" &&
		server_answers "$1" >/dev/null && kill -QUIT "$1"
}

server_image
start_seccompd --no-journal || bail "seccompd does not start"
server_through_the_stages "$STARTER"
stop_seccompd
is "SIGTERM ends it with status 0" $? 0
done_testing
