#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a profile denies by name, and an architecture that it does not list, with a real runtime: the
# patch takes the one out and lists the other, and then the same programs run.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman runc busybox jq patch
[ "$(uname -m)" = x86_64 ] || skip_all "the 32-bit calls of this test are those of x86_64"
"$CALLS" i386-getpid >/dev/null 2>&1 || skip_all "this kernel runs no 32-bit programs"
e2e_begin
need_stream
make_image
start_podman
start_seccompd --no-journal || bail "seccompd does not start"

owner=$E2E_DIR/owner.json
jq --tab '.architectures = ["SCMP_ARCH_X86_64"] | .syscalls = [
	{ names: ["mincore", "swapoff"], action: "SCMP_ACT_KILL_PROCESS" },
	{ names: ["getsid"], action: "SCMP_ACT_LOG" }] + .syscalls' "$STARTER" >"$owner"

for call in getsid mincore i386-getpid swapoff; do
	podman_run advised "$owner" /bin/calls "$call" >/dev/null 2>&1
done
for call in getsid mincore getpid swapoff; do
	check "$call is in the ledger" wait_until 20 count_is podman:advised "$call" 1
done

of() { # SYSCALL
	ctl suggest podman:advised --profile "$owner" --json 2>/dev/null | jq -r "select(.syscall == \"$1\") | .advice"
}

summary() { # JQ
	ctl suggest podman:advised --profile "$owner" --json 2>/dev/null | jq -r "select(.summary) | $1"
}

is "a denied call of low risk is offered" "$(of mincore)" allow
is "a logged one as well" "$(of getsid)" allow
is "a denied one of critical risk is not" "$(of swapoff)" keep-denied
is "nothing else is allowed" "$(summary '.newly_allowed | join(" ")')" "epoll_ctl fstatfs getsid mincore"
is "what it opens is said" "$(summary '.other_changes[]' | grep -c 'SCMP_ARCH_X86 is listed')" 1

cp "$owner" "$E2E_DIR/patched.json"
ctl suggest podman:advised --profile "$owner" --diff >"$E2E_DIR/diff" 2>/dev/null
check "patch(1) applies the diff" patch -s "$E2E_DIR/patched.json" "$E2E_DIR/diff"
is "the denial that stays is alone in its rule" \
	"$(jq -c '[.syscalls[] | select(.action == "SCMP_ACT_KILL_PROCESS") | .names[]]' "$E2E_DIR/patched.json")" '["swapoff"]'
ctl suggest podman:advised --profile "$E2E_DIR/patched.json" --diff >"$E2E_DIR/again" 2>/dev/null
is "the patched profile needs no more" "$(wc -c <"$E2E_DIR/again")" 0

to_errno_stage "$E2E_DIR/patched.json" "$E2E_DIR/errno.json"
is "at ERRNO the same programs run" \
	"$(podman_run advised "$E2E_DIR/errno.json" /bin/calls getsid mincore i386-getpid times 2>&1 | xargs)" \
	"getsid 0 mincore 0 i386-getpid 0 times 1"
podman_run advised "$E2E_DIR/errno.json" /bin/calls swapoff >/dev/null 2>&1
is "and the denied one is killed" "$?" 159
stop_seccompd
done_testing
