#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One record of every kind, made anew on this kernel, decodes to what was done: each action (that of a
# supervisor as well, and what makes no record), strict mode, names in hexadecimal and names that forge fields, call -1, the x32 bit, int 0x80.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

ACTIONS=$E2E_BUILD/tests/e2e/actions

need_root
need jq
e2e_begin
need_stream
copy="$E2E_DIR/a copy \"of\" it"
cp "$ACTIONS" "$copy" || bail "cp failed"
since=$(date +%s)
"$ACTIONS" "$E2E_DIR/capture" "$copy" >"$E2E_DIR/kinds" 2>"$E2E_DIR/error" || cannot "actions: $(tail -n 1 "$E2E_DIR/error")"
until=$(date +%s)
"$SECCOMPCTL" decode --json "$E2E_DIR/capture" >"$E2E_DIR/decoded" 2>/dev/null || bail "decode failed"

case $(uname -m) in
x86_64) native=x86_64 word=c000003e getsid=124 ;;
aarch64) native=aarch64 word=c00000b7 getsid=156 ;;
*) cannot "no expectations for $(uname -m)" ;;
esac
exe=$(readlink -f "$ACTIONS")

# The fields of the one record of KIND's process, joined by spaces, texts quoted.
record_of() { # KIND
	local pid
	pid=$(awk -v kind="$1" '$1 == kind { print $2 }' "$E2E_DIR/kinds")
	[ -n "$pid" ] || echo "no such kind was made: $1"
	jq -r --argjson pid "${pid:-0}" 'select(.pid == $pid) | "\(.status) \(.action) \(.code) \(.sig) \(.arch) \(.arch_word) \(.nr) \(.syscall) \(.compat) \(.comm | tojson) \(.exe | tojson)"' "$E2E_DIR/decoded"
}

expect() { # KIND ACTION CODE SIG [COMM [EXE]]
	is "$1" "$(record_of "$1")" "record $2 $3 $4 $native $word $getsid getsid 0 $(jq -nc --arg s "${5:-actions}" '$s') $(jq -nc --arg s "${6:-$exe}" '$s')"
}

expect log SCMP_ACT_LOG 0x7ffc0000 0
expect errno SCMP_ACT_ERRNO 0x50000 0
expect trap SCMP_ACT_TRAP 0x30000 0
expect trace SCMP_ACT_TRACE 0x7ff00000 0
expect user-notif SCMP_ACT_NOTIFY 0x7fc00000 0
is "what the supervisor lets pass is no record" "$(record_of user-notif-continued)" ""
is "nor is what a filter without the log flag refuses" "$(record_of errno-quiet)" ""
expect kill-thread SCMP_ACT_KILL_THREAD 0x0 31
expect kill-process SCMP_ACT_KILL_PROCESS 0x80000000 31
expect unknown other 0x12340000 31
expect strict SCMP_ACT_KILL_THREAD 0x0 9
expect comm SCMP_ACT_LOG 0x7ffc0000 0 'a b"c'
expect comm-utf8 SCMP_ACT_LOG 0x7ffc0000 0 naïve
expect comm-forged SCMP_ACT_LOG 0x7ffc0000 0 'x" pid=1 sig=9'
expect exe SCMP_ACT_LOG 0x7ffc0000 0 'a copy "of" it' "$copy"
check "which the kernel writes in hexadecimal" grep -Eq 'comm=612062[0-9A-F]+ exe=' "$E2E_DIR/capture"
check "the path as well" grep -Eq 'exe=2F[0-9A-F]+226F6622206974 sig=' "$E2E_DIR/capture"
is "call -1 has a number and no name" "$(record_of minus-one)" \
	"record SCMP_ACT_LOG 0x7ffc0000 0 $native $word -1 null 0 \"actions\" \"$exe\""
if [ "$native" = x86_64 ]; then
	# A kernel with the x32 ABI says compat=1, one without it says 0.
	is "the x32 bit tells an x32 call" "$(record_of x32 | sed 's/ [01] "actions"/ "actions"/')" \
		"record SCMP_ACT_LOG 0x7ffc0000 0 x32 $word $((getsid | 0x40000000)) getsid \"actions\" \"$exe\""
	if [ -n "$(record_of int80)" ]; then
		is "int 0x80 is a call of i386" "$(record_of int80)" \
			"record SCMP_ACT_LOG 0x7ffc0000 0 i386 40000003 147 getsid 1 \"actions\" \"$exe\""
	else
		skip "int 0x80 is a call of i386" "this kernel has no i386 calls"
	fi
fi
is "no kind was left out" "$(wc -l <"$E2E_DIR/kinds")" "$([ "$native" = x86_64 ] && echo 18 || echo 16)"
is "every line is a record" "$(jq -r .status "$E2E_DIR/decoded" | sort -u)" record
is "every record says where it was made" "$(jq -r 'select(.ip == null or (.ip | test("^0x[0-9a-f]+$") | not)) | .line' "$E2E_DIR/decoded")" ""
is "the stamps are of now" "$(jq -r --argjson a "$since" --argjson b "$until" '.time | tonumber | select(. < $a - 1 or . > $b + 1)' "$E2E_DIR/decoded")" ""
is "the serials rise" "$(jq -r .serial "$E2E_DIR/decoded")" "$(jq -r .serial "$E2E_DIR/decoded" | sort -n)"
done_testing
