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
PROFILE=$E2E_DIR/web.json
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
sed 's/"value": 8/"value": 9/' "$PROFILE" >"$E2E_DIR/args.json"
jq -c 'del(.syscalls[0].names[3]) | .syscalls |= reverse' "$PROFILE" >"$E2E_DIR/other-bytes.json"

suite() { # ENGINE
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
	diff_ "$PROFILE" "$engine:free" --json
	is "$engine: an unconfined one runs no profile" "$? $(verdict)" "1 unconfined"
	"${engine}_" restart --time 0 web >/dev/null 2>&1
	cp "$PROFILE" "$E2E_DIR/kept.json"
	cp "$E2E_DIR/more.json" "$PROFILE"
	"${engine}_" restart --time 0 web >/dev/null 2>&1
	diff_ "$PROFILE" "$engine:web" --json
	is "$engine: a restart keeps the old profile" "$? $(verdict)" "1 different"
	cp "$E2E_DIR/kept.json" "$PROFILE"
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

RUN_OPTIONS=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
suite podman
RUN_OPTIONS=()
suite docker
pair_suite
done_testing
