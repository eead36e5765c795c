#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The stages with real containers: LOG to ERRNO, blind under an old runc and visible under crun, the
# way back byte for byte, and KILL_PROCESS, where the killed call still has a name and an owner.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/agreement-lib.sh
. "$top/tests/e2e/agreement-lib.sh"

need_root
need podman runc busybox jq
e2e_begin
need_stream
make_image
start_podman
profile=$E2E_DIR/web.json
history=$E2E_DIR/workloads.d
cp "$STARTER" "$profile"

stage() { # VERB ARGS...: on the workload of this test; its output is kept
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" "$1" podman:web \
		--workloads-dir "$history" "${@:2}" >"$E2E_DIR/out" 2>"$E2E_DIR/err"
}

promote() { # STAGE RUNTIME ARGS...
	stage promote --to "$1" --profile "$profile" --runtime "$2" "${@:3}"
}

web() { # CALL: 0 when it works, 1 when it is refused
	podman_run web "$profile" /bin/calls "$1" >/dev/null 2>"$E2E_DIR/run.err"
}

is_refusal() { # STATUS: not ready, or nobody can know
	[ "$1" = 1 ] || [ "$1" = 5 ]
}

said() {
	cat "$E2E_DIR/out" "$E2E_DIR/err"
}

# How often the workload, or anybody, was seen to make a call with an action.
seen() { # WORKLOAD SYSCALL ACTION
	ctl show "$1" --json 2>/dev/null |
		jq -s "[.[] | select(.syscall == \"$2\" and .action == \"SCMP_ACT_$3\") | .count] | add // 0"
}

is_seen() { # WORKLOAD SYSCALL ACTION
	[ "$(seen "$@")" -gt 0 ]
}

# Of a container that was given no cgroup: by nobody, and for that reason.
is_seen_without_cgroup() { # SYSCALL ACTION
	is_seen unattributed "$@" && ctl show unattributed --json |
		jq -es "any(.[]; .syscall == \"$1\" and .action == \"SCMP_ACT_$2\" and (.causes | index(\"no-cgroup\")))"
}

# What comes behind it on the stream has been read, so everything before it has.
everything_is_read() {
	"$CALLS" flood 1 "$OWN_CALL" && wait_until 20 total_is "$OWN_CALL" 1
}

start_seccompd --no-journal || bail "seccompd does not start"

# ---- stage log
web times || diag "$(cat "$E2E_DIR/run.err")"
check "at stage log a call works and is seen" wait_until 20 is_seen podman:web times LOG
promote errno runc
check "promote is refused" is_refusal $?
check "the call that would be refused is named" grep -q '      times (' "$E2E_DIR/out"
ctl suggest podman:web --profile "$profile" -o "$E2E_DIR/patched.json" >/dev/null
cp "$E2E_DIR/patched.json" "$profile" || bail "nothing is suggested"
promote errno runc
check "with the patch still refused" is_refusal $?
check "by the gate alone" grep -Eq '^Not promoted: (nobody can know yet|it is not time yet)' "$E2E_DIR/out"

# ---- stage errno, as an old runc has it
promote errno runc --force --apply --why "a test"
is "by force it is done" $? 0
case $(version_of runc) in
1.[01].*) check "and said that it is blind" grep -q 'this stage is blind' "$E2E_DIR/out" ;;
*) skip "and said that it is blind" "this runc takes flags" ;;
esac
web times
is "what was learned works" $? 0
web getpriority
is "a new call is refused" $? 1
check "all is read" everything_is_read
gate_is_unsure() {
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" gate podman:web --to kill --json |
		jq -es 'any(.[]; .criterion == "visible" and .value == "blind" and .verdict == "unknown") and
			any(.[]; .summary and .exit == 5)'
}
is_listed() { # STAGE VISIBILITY
	[ "$(ctl list --json 2>/dev/null | jq -r 'select(.workload == "podman:web") | "\(.stage) \(.visibility)"')" = "$1 $2" ]
}
case $(version_of runc) in
1.[01].*)
	is "and nobody saw it" "$(seen podman:web getpriority ERRNO)" 0
	check "list says that it is blind" wait_until 20 is_listed errno blind
	check "and gate that nobody can know" gate_is_unsure
	;;
*) check "and seen" wait_until 20 is_seen podman:web getpriority ERRNO ;;
esac

# ---- the way back
stage demote --apply
is "demote" $? 0
check "to the same bytes" cmp "$profile" "$E2E_DIR/patched.json"
web getpriority
is "the call works again" $? 0
check "and is seen" wait_until 20 is_seen podman:web getpriority LOG
promote errno runc
check "so that stage errno would refuse it, and that is said" grep -q '      getpriority (' "$E2E_DIR/out"

# ---- stage errno with the log flag, under crun
crun_calls() { # CALL...: in a container of crun's without an engine
	jq -n --slurpfile base "$E2E_DIR/base.json" --slurpfile p "$profile" \
		'$base[0] | .process.args = ["/bin/calls"] + $ARGS.positional | .linux.seccomp = $p[0]' \
		--args -- "$@" >"$E2E_DIR/bundle/config.json" &&
		runtime crun run --bundle "$E2E_DIR/bundle" stages >/dev/null 2>"$E2E_DIR/run.err" </dev/null
}

if command -v crun >/dev/null && [ "$(uname -m)" = x86_64 ]; then
	agreement_begin
	cp "$CALLS" "$E2E_DIR/bundle/rootfs/bin/calls"
	promote errno crun --force --apply
	is "crun: promoted" $? 0
	check "crun: with the log flag" grep -q SECCOMP_FILTER_FLAG_LOG "$profile"
	crun_calls times
	is "crun: what was learned works" $? 0
	crun_calls --stay 2 getresuid
	is "crun: a new call is refused" $? 1
	check "crun: and seen all the same, though nobody knows whose it is" \
		wait_until 20 is_seen_without_cgroup getresuid ERRNO
	check "crun: status counts the cause" test "$(status_field 'causes["no-cgroup"]')" -ge 1
	check "crun: show tells it" grep -q "its container has no cgroup of its own (no-cgroup)" <(ctl show unattributed)
	promote kill crun --force --apply
	is "crun: on to kill" $? 0
	crun_calls times
	is "crun: what was learned works there" $? 0
	crun_calls getresuid
	is "crun: a new call ends the process" $? 159
	check "crun: and is seen, as nobody's" wait_until 20 is_seen unattributed getresuid KILL_PROCESS
	stage demote --to log --apply
	is "crun: back by two stages" $? 0
	check "crun: to the same bytes" cmp "$profile" "$E2E_DIR/patched.json"
else
	skip "crun: the stages with the log flag" "no crun, or no x86_64"
fi

# ---- stage kill under Podman: the dead have a name
promote errno runc --force --apply && promote kill runc --force --apply
is "promoted to kill" $? 0
web times
is "kill: what was learned works" $? 0
web getsid
is "kill: a new call ends the process" $? 159
check "kill: it is the workload's" wait_until 20 is_seen podman:web getsid KILL_PROCESS
promote kill runc
is "kill: a second time" $? 0
check "kill: nothing changes" grep -q 'nothing changes' "$E2E_DIR/out"
stage demote --to log --apply
is "kill: back to where it began" $? 0
check "kill: to the same bytes" cmp "$profile" "$E2E_DIR/patched.json"

# ---- the way in: no profile at all
podman_ run --detach --name open --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
	--security-opt seccomp=unconfined "$IMAGE" /bin/sleep 600 >/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" promote podman:open --to log \
	--runtime runc -o "$E2E_DIR/open.json" >"$E2E_DIR/out" 2>"$E2E_DIR/err"
is "an unconfined container gets a first profile" $? 0
podman_ rm --force --time 0 open >/dev/null 2>&1
podman_run open "$E2E_DIR/open.json" /bin/calls times keyctl >/dev/null 2>"$E2E_DIR/run.err"
check "under which what is not everyday is seen" wait_until 20 is_seen podman:open keyctl LOG
is "and what is everyday is not" "$(ledger_count podman:open times)" 0
# ---- the way in: the engine's default profile, which refuses in silence
podman_ run --detach --name usual --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 \
	"$IMAGE" /bin/sleep 600 >/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" promote podman:usual --to log \
	--runtime runc -o "$E2E_DIR/usual.json" >"$E2E_DIR/out" 2>"$E2E_DIR/err"
is "a default profile becomes one that logs" $? 0
podman_ rm --force --time 0 usual >/dev/null 2>&1
podman_run usual "$E2E_DIR/usual.json" /bin/calls bpf >/dev/null 2>"$E2E_DIR/run.err"
check "what it refused is seen" wait_until 20 is_seen podman:usual bpf LOG
podman_run usual "$E2E_DIR/usual.json" /bin/calls swapoff >/dev/null 2>"$E2E_DIR/run.err"
is "what reaches the whole host is still refused" $? 1
if [ -n "$CRUN_NS" ]; then
	cp "$E2E_DIR/usual.json" "$profile"
	crun_calls times
	is "crun takes it as well" $? 0
fi
[ "$TAP_FAILED" = 0 ] || diag "$(said | head -n 60)"
stop_seccompd
done_testing
