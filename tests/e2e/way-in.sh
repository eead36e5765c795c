#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Day one: a Docker container on the default profile leaves no record. Into stage log from there, under
# each runtime; what nobody uses, from a run that records each call; and a profile change tried on what
# was seen.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/agreement-lib.sh
. "$top/tests/e2e/agreement-lib.sh"

need_root
need podman docker dockerd runc busybox jq
e2e_begin
need_stream
make_image
start_podman
start_docker
write_config
start_seccompd --no-journal || bail "seccompd does not start"

act() { # VERB ARGS...: its output and its complaints are kept
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" "$@" \
		>"$E2E_DIR/out" 2>"$E2E_DIR/err"
}

row() { # WORKLOAD KEY: of the list
	act list --json
	jq -r "select(.workload == \"$1\") | .$2" "$E2E_DIR/out"
}

is_seen() { # WORKLOAD SYSCALL ACTION
	[ "$(ctl show "$1" --json 2>/dev/null |
		jq -s "[.[] | select(.syscall == \"$2\" and .action == \"SCMP_ACT_$3\") | .count] | add // 0")" -gt 0 ]
}

# ---- the default profile is blind, and the way in leads out of it
docker_ run --detach --name web --network none "$IMAGE" /bin/sleep 300 >/dev/null 2>"$E2E_DIR/run.err" ||
	bail "$(cat "$E2E_DIR/run.err")"
is "a container on Docker's default profile is blind" \
	"$(row docker:web stage) $(row docker:web visibility)" "errno blind"
log=$E2E_DIR/log.json
act promote docker:web --to log -o "$log"
is "the way in asks for nothing" "$?" 0
is "the next command is told" "$(sed -n 's/^Next: //p' "$E2E_DIR/out")" \
	"docker run --security-opt seccomp=$log ..."
check "as data, too" eval "act promote docker:web --to log -o '$log' --json &&
	[ \"\$(jq -r 'select(.summary) | .next' '$E2E_DIR/out')\" = 'docker run --security-opt seccomp=$log ...' ]"
is "calls that reach the whole host stay refused" \
	"$(jq '[.syscalls[] | select(.action == "SCMP_ACT_ERRNO") | .names[] | select(. == "kexec_load")] | length' "$log")" 1
docker_ rm --force web >/dev/null

# bpf and keyctl are refused by Docker's default profile
docker_run web "$log" /bin/calls bpf keyctl swapoff >"$E2E_DIR/calls" 2>"$E2E_DIR/run.err"
is "under it the container runs, and what reaches the whole host is refused" "$(tr '\n' ' ' <"$E2E_DIR/calls")" \
	"bpf 22 keyctl 95 swapoff 1 "
check "docker: what the default refuses is seen now" wait_until 20 is_seen docker:web keyctl LOG
check "docker: each of it" wait_until 20 is_seen docker:web bpf LOG
podman_run way "$log" /bin/calls keyctl >/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
check "podman loads it, and it is seen" wait_until 20 is_seen podman:way keyctl LOG

# ---- and without an engine
by_hand() { # RUNTIME PROFILE CALL...
	jq -n --slurpfile base "$E2E_DIR/base.json" --slurpfile p "$2" \
		'$base[0] | .process.args = ["/bin/calls"] + $ARGS.positional | .linux.seccomp = $p[0]' \
		--args "${@:3}" >"$E2E_DIR/bundle/config.json" &&
		runtime "$1" run --bundle "$E2E_DIR/bundle" "way-in-$$" >"$E2E_DIR/calls" 2>"$E2E_DIR/run.err" </dev/null
}

agreement_begin
cp "$CALLS" "$E2E_DIR/bundle/rootfs/bin/calls"
for runtime in runc crun; do
	if [ "$runtime" = crun ] && { ! command -v crun >/dev/null || [ -z "$CRUN_NS" ]; }; then
		skip "crun loads it" "no crun, or cgroup2 cannot be mounted"
		continue
	fi
	by_hand "$runtime" "$log" keyctl || diag "$(cat "$E2E_DIR/run.err")"
	is "$runtime loads it" "$(cat "$E2E_DIR/calls")" "keyctl 95"
done

# ---- a run that records each call
audit=$E2E_DIR/audit.json
act promote docker:web --to audit-all -o "$audit"
is "a profile for one replica" "$?" 0
check "with a word on the rate" grep -q 'tens of thousands a second' "$E2E_DIR/out"
docker_run tight "$audit" /bin/calls times getpriority >/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
check "what Docker's default allows is seen as well" wait_until 20 is_seen docker:tight getpriority LOG
check "also what comes before and behind it" wait_until 20 is_seen docker:tight arch_prctl LOG

# Thirty that nobody used, beside all that was seen and what no profile can do without.
unused=(chmod chown epoll_wait fchdir fchmod fchown fdatasync flock fsetxattr getitimer getpeername
	getsid getsockname getxattr inotify_init listen listxattr mincore mkdir mlock msync rename
	rmdir semget sethostname shutdown symlink sync truncate utimes)
profile=$E2E_DIR/profile.json
ctl show docker:tight --json | jq -s --slurpfile audit "$audit" --args \
	'{defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 1, architectures: ["SCMP_ARCH_X86_64"],
	  syscalls: [{names: ([.[].syscall] + [$audit[0].syscalls[] | select(.action == "SCMP_ACT_ALLOW") | .names[]]
		+ $ARGS.positional | unique), action: "SCMP_ACT_ALLOW"}]}' "${unused[@]}" >"$profile"
act suggest docker:tight --tighten --profile "$profile" --json
is "tighten: there is something to take out" "$?" 1
is "tighten: exactly what nobody used" \
	"$(jq -r 'select(.summary) | .newly_denied | join(" ")' "$E2E_DIR/out")" "${unused[*]}"
is "tighten: what every program needs stays" \
	"$(jq -r 'select(.syscall == "exit_group" or .syscall == "clock_gettime") | .fate' "$E2E_DIR/out" | xargs)" "kept kept"
act suggest docker:tight --tighten --profile "$profile" -o "$E2E_DIR/tight.json"
check "tighten: proved" grep -q '^Proved with libseccomp .*those 30 are not allowed' <(tr '\n' ' ' <"$E2E_DIR/out" | sed 's/Proved/\n&/')
is "tighten: under the result the container works" \
	"$(docker_run again "$E2E_DIR/tight.json" /bin/calls times getpriority getsid 2>&1 | tr '\n' ' ')" \
	"times 0 getpriority 0 getsid 1 "
act suggest docker:tight --tighten --profile "$E2E_DIR/tight.json"
is "tighten: a second time there is nothing to do" "$?" 0
act suggest docker:web --tighten --profile "$log"
is "tighten: from stage log alone nobody can know" "$?" 5
check "tighten: and that is said" grep -q 'allowed calls leave no record' "$E2E_DIR/out"

# ---- a first profile from the same run
act suggest --new docker:tight -o "$E2E_DIR/new.json"
is "new: a profile" "$?" 1
jq '.defaultAction = "SCMP_ACT_ERRNO" | .defaultErrnoRet = 1' "$E2E_DIR/new.json" >"$E2E_DIR/new-errno.json"
is "new: what was seen is in it, and nothing else" \
	"$(docker_run again "$E2E_DIR/new-errno.json" /bin/calls times getpriority getsid 2>&1 | tr '\n' ' ')" \
	"times 0 getpriority 0 getsid 1 "
act suggest --new docker:web
check "new: from stage log, what nobody could see is carried over and told" \
	grep -q 'of which there is no' "$E2E_DIR/out"

# ---- a profile change, tried on what was seen
act diff "$profile" "$E2E_DIR/tight.json" --observed docker:tight --json
is "dry run: nothing that was seen is refused" "$(jq 'select(.summary) | .different' "$E2E_DIR/out")" 0
jq '.syscalls[0].names -= ["times"]' "$E2E_DIR/tight.json" >"$E2E_DIR/worse.json"
act diff "$profile" "$E2E_DIR/worse.json" --observed docker:tight --json
is "dry run: what would be is told" "$? $(jq -r 'select(.observed) | .syscall + " " + .change' "$E2E_DIR/out")" "1 times denied"

# ---- unconfined
docker_ run --detach --name open --network none --security-opt seccomp=unconfined "$IMAGE" /bin/sleep 300 >/dev/null 2>&1
act promote docker:open --to log -o "$E2E_DIR/open.json"
is "an unconfined container gets a profile" "$?" 0
docker_run opened "$E2E_DIR/open.json" /bin/calls keyctl >/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
check "under which it is seen" wait_until 20 is_seen docker:opened keyctl LOG
done_testing
