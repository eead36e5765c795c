#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl lint: what it prints, for people and for CI, and its exit codes; and profiles inside other
# files, which suggest patches in their place.
. "${srcdir:?}/tests/integration/client-lib.sh"

cat >"$work/bad.json" <<'P'
{
	"defaultAction": "SCMP_ACT_LOG",
	"architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
	"syscalls": [
		{"names": ["read", "reed"], "action": "SCMP_ACT_ALLOW"},
		{"names": ["read"], "action": "SCMP_ACT_DENY"}
	]
}
P
cat >"$work/good.json" <<'P'
{"defaultAction": "SCMP_ACT_LOG", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": []}
P
cat >"$work/notes.json" <<'P'
{"defaultAction": "SCMP_ACT_LOG"}
P
cat >"$work/config.json" <<'P'
{
	"ociVersion": "1.0.2",
	"linux": {
		"seccomp": {
			"defaultAction": "SCMP_ACT_LOG",
			"architectures": ["SCMP_ARCH_X86_64"],
			"syscalls": [
				{"names": ["close", "read", "write"], "action": "SCMP_ACT_ALLOW"}
			]
		}
	}
}
P
printf '{"defaultAction": "SCMP_ACT_LOG", "\033[31m\xc2\x9b\\\\": 1}\n' >"$work/hostile.json"
: >"$work/empty.json"

lines() { # NAME N
	[ "$(wc -l <"$work/out")" -eq "$2" ]
	result $? "$1"
}
silent() { # NAME
	[ ! -s "$work/out" ] && [ ! -s "$work/err" ]
	result $? "$1"
}

# ---- for people
exits "errors and warnings are findings" 1 lint --for oci "$work/bad.json"
has "a finding has its file, line and column, severity and code" \
	'^.*/bad\.json:6:23: error: "SCMP_ACT_DENY" is no seccomp action .*\[L24\]$'
has "a warning" 'bad\.json:5:22: warning: no system call is named "reed".*\[L13\]$'
exits "a sound profile" 0 lint --for oci "$work/good.json"
silent "has nothing to be said"
exits "notes alone are fine" 0 lint --for docker "$work/notes.json"
has "and are shown" 'notes\.json:1:1: note: .*\[L14\]$'
exits "notes can be left out" 0 lint --for docker --severity warning "$work/notes.json"
silent "they are"
exits "so can warnings" 1 lint --for oci --severity error "$work/bad.json"
lines "only the error is left" 1
exits "a file that is no profile" 1 lint --for podman "$work/empty.json"
has "is said to be empty" 'empty\.json:1:1: error: the file is empty.*\[L01\]$'
exits "bytes that would harm a terminal" 1 lint --for oci "$work/hostile.json"
plain "are escaped"

# ---- for CI
exits "one object per finding" 1 lint --for oci --json "$work/bad.json"
lines "of this profile" 2
has_keys "keys of a finding" 1 "severity code where line message"
has "values of a finding" '^\{"severity":"error","code":"L24","where":"/syscalls/1/action","line":6,"message":"'
exits "several files" 1 lint --for oci --json "$work/good.json" "$work/bad.json" "$work/notes.json"
lines "are all read" 3
has_keys "each object then has its file" 1 "file severity code where line message"
exits "standard input" 1 lint --for oci - <"$work/bad.json"
has "is called -" '^-:6:23: error: '
exits "a pipe" 1 lint --for oci <(cat "$work/bad.json")

# ---- a manifest of the Security Profiles Operator
printf '{"kind": "SeccompProfile",\n"spec": {"defaultAction": "SCMP_ACT_LOG",\n"syscalls": [{"names": ["reed"], "action": "SCMP_ACT_ALLOW"}]}}\n' >"$work/spo.json"
exits "a SeccompProfile" 1 lint --for spo --json "$work/spo.json"
has "is judged in its place" '"code":"L13","where":"/spec/syscalls/0/names/0","line":3,'

# ---- a profile in another file
exits "a whole config.json is no profile" 1 lint --for oci "$work/config.json"
has "and where its profile is, is said" 'config\.json:1:1: error: .*--at /linux/seccomp.*\[L01\]$'
exits "its profile can be read" 0 lint --for oci --at /linux/seccomp --json "$work/config.json"
has "the pointer is one into the file" '"where":"/linux/seccomp/architectures","line":6,'
exits "nothing is there" 1 lint --for oci --at /linux/nothing "$work/config.json"
has "that is said" 'there is nothing at /linux/nothing'

ledger=$work/ledger.db
"${builddir:?}/tests/integration/make-ledger" "$ledger" complete || exit 99
fails "suggest refuses a whole config.json" 3 'config\.json:1: this is a whole OCI config' \
	--ledger "$ledger" suggest docker:web --profile "$work/config.json" --for oci
exits "suggest patches the profile in it" 1 \
	--ledger "$ledger" suggest docker:web --profile "$work/config.json" --for oci --at /linux/seccomp -o "$work/patched.json" --diff
has "the diff is one of the file" '^\+.*"names": \['
[ "$(diff "$work/config.json" "$work/patched.json" | grep -c '^>')" -eq 1 ]
result $? "only that line changes"
exits "and it still lints" 0 lint --for oci --at /linux/seccomp "$work/patched.json"
fails "suggest refuses what is broken, with its line" 3 'bad\.json:6: "SCMP_ACT_DENY"' \
	--ledger "$ledger" suggest docker:web --profile "$work/bad.json" --for oci

# ---- exit codes
fails "no file" 2 'name a profile' lint --for oci
fails "no dialect" 2 '--for DIALECT is missing' lint "$work/good.json"
fails "an unknown dialect" 2 'not "lxc"' lint --for lxc "$work/good.json"
fails "an unknown severity" 2 'not "fatal"' lint --for oci --severity fatal "$work/good.json"
fails "a pointer that is none" 2 'JSON pointer' lint --for oci --at linux "$work/good.json"
exits "a file that is not there" 3 lint --for oci "$work/none.json" "$work/notes.json"
grep -q 'none.json cannot be opened' "$work/err"
result $? "it is named"
lines "the next file is read all the same" 1
fails "a folder" 3 'cannot be read' lint --for oci "$work"
"$ctl" lint --for oci "$work/bad.json" >/dev/full 2>"$work/err"
[ $? -eq 3 ] && grep -q 'cannot write' "$work/err"
result $? "a full disk"
exits "help" 0 lint --help
has "names the options" '--severity LEVEL'

# ---- the manual
missing=
for ((i = 1; i <= 32; i++)); do
	printf -v code 'L%02d' "$i"
	grep -q "^\.It $code\$" "$srcdir/man/seccompctl-lint.7" || missing+=" $code"
done
is "seccompctl-lint(7) has every code" "$missing" ""

# ---- time and memory: bounded, whatever the file holds
{
	printf '{"defaultAction":"SCMP_ACT_LOG","syscalls":['
	for ((i = 0; i < 9999; i++)); do
		printf '{"names":["read"],"action":"SCMP_ACT_ERRNO","args":[{"index":%d,"value":%d,"op":"SCMP_CMP_EQ"}]},' $((i % 6)) "$i"
	done
	printf '{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}'
} >"$work/many.json"
limit=262144 # KiB; what a sanitizer maps for itself is more
(ulimit -v "$limit" && "$ctl" --version) >/dev/null 2>&1 || limit=unlimited
(ulimit -v "$limit" && exec timeout 60 "$ctl" lint --for docker "$work/many.json") >"$work/out" 2>"$work/err"
status=$?
[ "$status" -eq 1 ]
result $? "10,000 groups"
has "what is not listed is counted" '[0-9]+ more findings of this kind'

# What the filter is built for: suggest and diff. libseccomp's time grows with the square and the cube.
bounded() { # NAME STATUS FILE
	local status
	(ulimit -v "$limit" && exec timeout 60 "$ctl" --ledger "$ledger" suggest docker:web --profile "$3" --for oci --diff) >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -eq "$2" ] || diag "exit $status: $(head -c 300 "$work/err")"
	[ "$status" -eq "$2" ]
	result $? "suggest: $1"
	(ulimit -v "$limit" && exec timeout 60 "$ctl" diff "$3" "$3" --for oci) >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -eq $(($2 == 3 ? 3 : 0)) ]
	result $? "diff: $1"
}
head='"defaultAction":"SCMP_ACT_LOG","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"]'
awk -v head="$head" 'BEGIN { printf "{%s,\"syscalls\":[{\"action\":\"SCMP_ACT_ALLOW\",\"names\":[\"read\"", head
	for (i = 0; i < 100000; i++) printf ",\"%s\"", i % 3 ? "read" : "close"; print "]}]}" }' >"$work/names.json"
bounded "100,000 names in one group" 1 "$work/names.json"
awk -v head="$head" 'BEGIN { printf "{%s,\"syscalls\":[", head
	for (i = 0; i < 10000; i++) printf "%s{\"names\":[\"x%d\",\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}", i ? "," : "", i; print "]}" }' >"$work/groups.json"
bounded "10,000 groups" 1 "$work/groups.json"
awk -v head="$head" 'BEGIN { printf "{%s,\"syscalls\":[", head
	for (i = 0; i < 3000; i++) printf "%s{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":%d,\"value\":%d,\"op\":\"SCMP_CMP_EQ\"}]}", i ? "," : "", i % 6, i; print "]}" }' >"$work/conditions.json"
bounded "3,000 conditions, which are more than can be judged" 3 "$work/conditions.json"
grep -q 'conditions.json:1: up to this rule there are more conditions' "$work/err"
result $? "that is said with its line"
awk -v head="$head" 'BEGIN { printf "{%s,\"syscalls\":[{\"names\":[\"read\",\"close\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[", head
	for (i = 0; i < 64; i++) printf "%s{\"index\":%d,\"value\":%d,\"op\":\"SCMP_CMP_EQ\"}", i ? "," : "", i % 6, i; print "]}]}" }' >"$work/arguments.json"
bounded "64 arguments" 1 "$work/arguments.json"
done_testing
