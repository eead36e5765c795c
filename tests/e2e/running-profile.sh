#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A profile against what really runs under each engine: the same, changed in one name, unconfined,
# two containers of one workload, one that has ended.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

need_root
need podman docker dockerd runc busybox jq
e2e_begin
need_stream
make_image
start_podman
start_docker
write_config

diff_() { # FILE WORKLOAD OPTION...: the output in $out, the exit code returned
	local file=$1 workload=$2
	shift 2
	out=$("$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" \
		diff "$file" --running "$workload" "$@" 2>"$E2E_DIR/err")
}

files_of() { # WORKLOAD
	"$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" list --json |
		jq -r "select(.workload == \"$1\") | .profile_files | join(\" \")"
}

changed() { # KIND: the names that change so, from JSON in $out
	jq -rs "[.[] | select(.change == \"$1\") | .syscall] | unique | join(\" \")" <<<"$out"
}

verdict() {
	jq -rs '[.[] | select(.summary) | .verdict] | join(" ")' <<<"$out"
}

start() { # ENGINE NAME OPTION...
	local engine=$1 name=$2
	shift 2
	"${engine}_" run -d --name "$name" --network none ${RUN_OPTIONS[@]+"${RUN_OPTIONS[@]}"} "$@" \
		"$IMAGE" /bin/sleep 300 >/dev/null 2>"$E2E_DIR/run.err" || diag "$(cat "$E2E_DIR/run.err")"
}

# Rules that depend on capabilities: what the container has decides, not what the engine usually gives.
mkdir "$E2E_DIR/profiles"
PROFILE=$E2E_DIR/profiles/web.json
cat >"$PROFILE" <<-END
	{ "defaultAction": "SCMP_ACT_LOG", "architectures": [ "SCMP_ARCH_X86_64", "SCMP_ARCH_X86" ],
	  "syscalls": [
	    { "names": [ "read", "write", "openat2", "bogus_call" ], "action": "SCMP_ACT_ALLOW" },
	    { "names": [ "acct" ], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
	      "includes": { "caps": [ "CAP_SYS_PACCT" ] } },
	    { "names": [ "personality" ], "action": "SCMP_ACT_ALLOW",
	      "args": [ { "index": 0, "value": 8, "op": "SCMP_CMP_EQ" } ] } ] }
END
sed 's/"openat2"/"openat2", "chmod"/' "$PROFILE" >"$E2E_DIR/more.json"
jq 'del(.syscalls[1])' "$PROFILE" >"$E2E_DIR/ungated.json"
sed 's/"value": 8/"value": 9/' "$PROFILE" >"$E2E_DIR/args.json"
jq -c 'del(.syscalls[0].names[3]) | .syscalls |= reverse' "$PROFILE" >"$E2E_DIR/other-bytes.json"

# The filter itself, from the kernel: it is the file's, to the last argument, and the process goes on.
live_suite() { # WORKLOAD ENGINE [MORE]
	local pid
	diff_ "$PROFILE" "$1" --live --json
	is "$2: the loaded filter is the file's" "$? $(verdict)" "0 same"
	pid=$(sed -n 's/.*--live: process \([0-9]*\) of the container .* is stopped for a moment$/\1/p' "$E2E_DIR/err")
	check "$2: that the process is stopped was said" [ -n "$pid" ]
	is "$2: it goes on, and nobody traces it" "$(sed -n 's/^TracerPid:\t//p' "/proc/$pid/status") $(
		sed 's/.*) \(.\).*/\1/' "/proc/$pid/stat")" "0 S"
	diff_ "$E2E_DIR/more.json" "$1" --live --json
	is "$2: a name more in the file differs from what is loaded" "$? $(verdict)" "1 different"
	is "$2: exactly in that name there, too" "$(changed allowed)|$(changed logged)|$(changed denied)|$(changed changed)" "chmod|||"
	diff_ "$E2E_DIR/args.json" "$1" --live --json
	is "$2: and a value of an argument" "$? $(changed allowed)|$(changed logged)" "1 personality|personality"
}

suite() { # ENGINE CAPABILITIES-OF-A-STOPPED-ONE
	local engine=$1
	start "$engine" web --security-opt seccomp="$PROFILE"
	start "$engine" strong --cap-add SYS_PACCT --security-opt seccomp="$PROFILE"
	start "$engine" free --security-opt seccomp=unconfined
	diff_ "$PROFILE" "$engine:web"
	is "$engine: the file it was started with is the same" "$?" 0
	check "$engine: and that is said" grep -q "^$engine:web runs under this profile: web (" <<<"$out"
	check "$engine: with the container's own capabilities" grep -q 'capabilities of the container web;' <<<"$out"
	diff_ "$E2E_DIR/other-bytes.json" "$engine:web" --json
	is "$engine: other bytes of the same meaning are, too" "$? $(verdict)" "0 same"
	diff_ "$E2E_DIR/more.json" "$engine:web" --json
	is "$engine: a name more in the file differs" "$? $(verdict)" "1 different"
	is "$engine: exactly in that name" "$(changed allowed)|$(changed logged)|$(changed denied)|$(changed changed)" "chmod|||"
	diff_ "$E2E_DIR/more.json" "$engine:web"
	check "$engine: the remedy is told" grep -q 'make it anew' <<<"$out"
	diff_ "$E2E_DIR/args.json" "$engine:web" --json
	is "$engine: so does a value of an argument" "$? $(changed allowed)|$(changed logged)" "1 personality|personality"
	diff_ "$PROFILE" "$engine:strong"
	is "$engine: a rule that depends on a capability is read with the container's" "$?" 0
	diff_ "$PROFILE" "$engine:strong" --cap-drop SYS_PACCT --json
	is "$engine: unless an option says otherwise" "$? $(changed logged)" "1 acct"
	diff_ "$E2E_DIR/ungated.json" "$engine:strong" "$PROFILE" --json
	is "$engine: two files are compared as they are read for it" "$? $(changed allowed)$(changed logged)$(changed denied)" "1 acct"
	diff_ "$E2E_DIR/ungated.json" "$engine:web" "$PROFILE" --json
	is "$engine: and for another" "$?" 0
	diff_ "$PROFILE" "$engine:free" --json
	is "$engine: an unconfined one runs no profile" "$? $(verdict)" "1 unconfined"
	live_suite "$engine:web" "$engine"
	diff_ "$PROFILE" "$engine:free" --live --json
	is "$engine: the kernel has no filter of an unconfined one" "$? $(verdict)" "1 unconfined"
	is "$engine: list finds the file" "$(files_of "$engine:web")" "$PROFILE"
	is "$engine: whatever the capabilities" "$(files_of "$engine:strong")" "$PROFILE"
	is "$engine: and none where there is no filter" "$(files_of "$engine:free")" ""
	cp "$PROFILE" "$E2E_DIR/kept.json"
	cp "$E2E_DIR/more.json" "$PROFILE"
	"${engine}_" restart --time 0 web >/dev/null 2>&1
	diff_ "$PROFILE" "$engine:web" --json
	is "$engine: a restart keeps the old profile" "$? $(verdict)" "1 different"
	is "$engine: and the changed file is not what it runs under" "$(files_of "$engine:web")" ""
	cp "$E2E_DIR/kept.json" "$PROFILE"
	start "$engine" asks --security-opt seccomp="$PROFILE"
	check "$engine: what it calls outside of the file is recorded" \
		wait_until 20 eval "[ \$(ledger_count $engine:asks epoll_ctl) -gt 0 ]"
	out=$("$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" \
		suggest "$engine:asks" --json 2>"$E2E_DIR/err")
	is "$engine: suggest needs no file" "$? $(jq -rs 'last | .capabilities' <<<"$out")" "1 of the container asks"
	"${engine}_" stop --time 0 asks >/dev/null 2>&1
	out=$("$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" \
		suggest "$engine:asks" --json 2>"$E2E_DIR/err")
	is "$engine: nor for a stopped container" "$? $(jq -rs 'last | .capabilities' <<<"$out")" "1 $2"
	remove "$engine" asks
	out=$("$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" --ledger "$E2E_DIR/ledger.db" \
		suggest "$engine:asks" --json 2>"$E2E_DIR/err")
	is "$engine: nor when the container is gone: the ledger has its capabilities" \
		"$? $(jq -rs 'last | .capabilities' <<<"$out")" "1 of the container $engine:asks, which has ended"
	diff_ "$PROFILE" "$engine:asks"
	is "$engine: what has ended cannot be compared" "$?" 5
}

# Two containers that the administrator calls one workload.
pair_suite() {
	printf '[workload pair]\nMatchName=pair-*\n' >>"$E2E_DIR/seccompd.conf"
	start docker pair-1 --security-opt seccomp="$PROFILE"
	start docker pair-2 --security-opt seccomp="$E2E_DIR/more.json"
	diff_ "$PROFILE" pair --json
	is "two containers of a workload with two filters: each is told" "$? $(verdict)" "1 same different"
	is "by its name" "$(jq -rs '[.[] | select(.summary) | .containers[].name] | join(" ")' <<<"$out")" "pair-1 pair-2"
}

sed -i "s|^Source=|ProfilePath=$E2E_DIR/profiles\n&|" "$E2E_DIR/seccompd.conf"
start_seccompd --no-journal || bail "seccompd does not start"
# ---- without an engine --------------------------------------------------------------------------

ME=e2e$$-live
HANDS=()
CRUN_NS=
hands_end() {
	local status=$? pid
	trap - EXIT
	set +e
	runc delete --force "$ME-runc" >/dev/null 2>&1
	[ -z "$CRUN_NS" ] || crun_ delete --force "$ME-crun" >/dev/null 2>&1
	for pid in ${HANDS[@]+"${HANDS[@]}"}; do stop_pid "$pid" 3; done
	find /sys/fs/cgroup -maxdepth 3 -depth -type d -name "$ME-*" -exec rmdir {} \; 2>/dev/null
	(exit "$status")
	e2e_end
}

# crun wants nothing but cgroup2, and gets it in a mount namespace of its own.
start_crun_namespace() {
	unshare --mount sh -c 'umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup &&
		touch "$0" && exec sleep 600' "$E2E_DIR/crun-ready" &
	CRUN_NS=$!
	HANDS+=("$CRUN_NS")
	wait_until 20 test -e "$E2E_DIR/crun-ready" || CRUN_NS=
}

crun_() {
	nsenter --mount="/proc/$CRUN_NS/ns/mnt" crun --cgroup-manager=disabled "$@"
}

runc_() {
	runc "$@"
}

hand_suite() { # RUNTIME
	local bundle=$E2E_DIR/bundle-$1
	mkdir -p "$bundle/rootfs"
	tar -C "$bundle/rootfs" -xf "$E2E_DIR/image.tar"
	(cd "$bundle" && runc spec)
	# what it reads of the file; "includes" would be ignored, with a rule that holds for everybody
	jq 'del(.syscalls[1])' "$PROFILE" >"$bundle/profile.json"
	jq --slurpfile profile "$bundle/profile.json" '.process.terminal = false | .process.rlimits = []
		| .process.args = ["/bin/sleep", "300"] | .linux.seccomp = $profile[0]
		| del(.linux.resources) | .linux.namespaces |= map(select(.type != "network" and .type != "cgroup"))' \
		"$bundle/config.json" >"$bundle/new" && mv "$bundle/new" "$bundle/config.json"
	"$1_" run --bundle "$bundle" "$ME-$1" >"$E2E_DIR/$1.out" 2>&1 </dev/null &
	HANDS+=($!)
	wait_until 20 eval "diff_ '$bundle/profile.json' '$1:$ME-$1' || [ \$? = 1 ]" || diag "$(cat "$E2E_DIR/$1.out" "$E2E_DIR/err")"
	diff_ "$bundle/profile.json" "$1:$ME-$1" --json
	is "$1: the file it was started with is the same" "$? $(verdict)" "0 same"
	PROFILE=$bundle/profile.json live_suite "$1:$ME-$1" "$1"
}

RUN_OPTIONS=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
suite podman "of the container asks, which has ended"
RUN_OPTIONS=()
suite docker "of the container docker:asks, which has ended" # it keeps no configuration; the ledger does
pair_suite
setpriv --reuid 65534 --regid 65534 --clear-groups "$SECCOMPCTL" --config "$E2E_DIR/seccompd.conf" \
	diff /dev/null --running docker:pair-1 --live >"$E2E_DIR/out" 2>"$E2E_DIR/err"
check "who is not root gets no filter" [ "$?" != 0 ]
trap hands_end EXIT
for file in more args; do
	jq 'del(.syscalls[1])' "$E2E_DIR/$file.json" >"$E2E_DIR/new" && mv "$E2E_DIR/new" "$E2E_DIR/$file.json"
done
hand_suite runc
if command -v crun >/dev/null && start_crun_namespace && [ -n "$CRUN_NS" ]; then
	hand_suite crun
else
	skip "crun" "it is not there, or cgroup2 cannot be mounted"
fi
done_testing
