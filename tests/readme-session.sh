#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
#   tests/readme-session.sh [PAGE]     as root, in the folder of a build (or with builddir=)
#
# Makes the session in README.md: a container that really runs under a profile that logs, the daemon on the
# kernel's stream, and what the client says of it, between the two marks in PAGE. Takes half a minute;
# all it started is gone behind it, and PAGE is as it was when something did not work.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
export srcdir=$top builddir=${builddir:-$PWD} SECCOMPD_E2E_STRICT=1
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
page=$(realpath "${1:-$top/README.md}")
begin='<!-- session: made by tests/readme-session.sh -->' end='<!-- end of session -->'
IMAGE=localhost/web:1
program=(/bin/calls --loop 3 --stay 8 getcpu sysinfo bpf)

# Shown as a person would type it, without what only makes it private and small here.
shown() { # COMMAND-LINE
	printf '%s$ %s\n' "$gap" "$1"
	gap=$'\n'
}
seccompctl() { # VERB...
	shown "seccompctl $*"
	ctl --config "$E2E_DIR/seccompd.conf" "$@" 2>&1 | grep -v '^File  ' # which profiles this host has
}
session() {
	gap=
	shown "podman run --rm --name web --security-opt seccomp=web.json $IMAGE ${program[*]}"
	seccompctl list
	seccompctl show podman:web
	seccompctl suggest podman:web --profile web.json
	seccompctl gate podman:web --to errno | verdicts
}
verdicts() { # what is not met and the last line; what else gate says is for those who ask
	awk 'NR <= 3 || / not-ready / { print } { last = $0 } END { print "..."; print last }'
}
is_whole() { # each command has said something, and nothing tells of this machine
	[ "$(grep -c '^\$ ' session)" = 5 ] && grep -q '^+.*"getcpu"' session && grep -q '^Proved' session &&
		grep -q '^Not ready' session && ! grep -nF -e "$E2E_DIR" -e "$(hostname)" -e 'seccompctl:' -e '/tmp/' session
}

need_root
need podman runc busybox jq
for mark in "$begin" "$end"; do
	[ "$(grep -cxF -- "$mark" "$page")" = 1 ] || cannot "$page has not one line $mark"
done
e2e_begin
need_stream
make_image
start_podman
cd "$E2E_DIR" || exit 1
cp "$STARTER" web.json
start_seccompd --no-journal || exit 1
podman_run web web.json "${program[@]}" >web.log 2>&1 &
E2E_PIDS+=($!)
wait_until 20 count_is podman:web bpf 3 || { echo "its calls were not seen: $(cat web.log)" >&2 && exit 1; }
session >session
is_whole || { cat session >&2 && exit 1; }
awk -v begin="$begin" -v end="$end" '
	$0 == end { inside = 0 }
	!inside
	$0 == begin {
		inside = 1
		print "```"
		while ((getline line <"session") > 0) print line
		print "```"
	}' "$page" >page && cat page >"$page"
