#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Containers of runc's by hand, whose name and filter stand in runc's state alone, which goes with them
# after some ten milliseconds: each is known by its name while every commit of the ledger takes longer
# than any of them lives.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

ME=e2e$$-disk # runc's own root is the host's, and so are cgroups
SHORT=8

need_root
need runc busybox jq
e2e_begin
need_stream
make_image

bundle=$E2E_DIR/bundle
mkdir -p "$bundle/rootfs"
tar -C "$bundle/rootfs" -xf "$E2E_DIR/image.tar"
(cd "$bundle" && runc spec)
jq --slurpfile profile "$STARTER" '.process.terminal = false | .process.rlimits = []
	| .process.args = ["/bin/calls", "--linger", "60", "getsid"]
	| .linux.seccomp = $profile[0]' "$bundle/config.json" >"$bundle/new" && mv "$bundle/new" "$bundle/config.json"

short_ones() {
	local i
	for ((i = 1; i <= SHORT; i++)); do
		runc run --bundle "$bundle" "$ME-$i" </dev/null || return
	done
}

short_named() {
	local i n=0
	for ((i = 1; i <= SHORT; i++)); do
		[ "$(ledger_count "runc:$ME-$i" getsid)" != 1 ] || n=$((n + 1))
	done
	[ "$n" = "$SHORT" ]
}

SLOW_DISK=$E2E_DIR/slow LD_PRELOAD=$(realpath "$E2E_BUILD/tests/e2e/slow-disk.so") start_seccompd --no-journal ||
	bail "seccompd does not start"
touch "$E2E_DIR/slow"
check "$SHORT short containers run" short_ones
rm "$E2E_DIR/slow"
if wait_until 20 short_named; then
	ok "each has its own name"
else
	not_ok "each has its own name" "$(ctl list --all | grep "$ME")"
fi
is "with the profile that was applied" "$(ctl list --json | jq -r "select(.workload | startswith(\"runc:$ME\")) | .stage" | sort | uniq -c | tr -s ' ')" " $SHORT log"
is "none is left without one" "$(ctl list --all --json | jq -r .workload | grep -c "unconfirmed:.*$ME")" 0
stop_seccompd
is "SIGTERM ends it with status 0" "$?" 0
done_testing
