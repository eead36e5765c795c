#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The daemon as auditd's plugin, on recorded streams of both formats: what it counts and what it refuses.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

daemon=${builddir:?}/seccompd
capture=$srcdir/tests/data/capture.audit
lines=$(wc -l <"$capture")
printf '[seccompd]\nLineage=no\nJournal=no\n' >"$work/conf"

plugin() { # LEDGER INPUT [OPTION...]: on a pipe, as its exit code in $status
	local ledger=$1 input=$2
	shift 2
	cat "$input" | "$daemon" --config "$work/conf" --ledger "$ledger" --source auditd "$@" >"$work/log" 2>&1
	status=$?
}
word() { # NUMBER: 32 bits in the machine's order
	local b=(0 0 0 0) i
	for i in 0 1 2 3; do b[i]=$(printf '\\%03o' $(($1 >> (8 * i) & 255))); done
	[ "$big" = 0 ] || b=("${b[3]}" "${b[2]}" "${b[1]}" "${b[0]}")
	# shellcheck disable=SC2059
	printf "${b[0]}${b[1]}${b[2]}${b[3]}"
}
frame() { # VERSION TYPE TEXT [FILLED]
	word "$1"; word 16; word "$2"; word "${#3}"
	printf '%s' "$3"
	[ -z "${4:-}" ] || head -c $((8970 - ${#3})) /dev/zero
}
to_frames() { # VERSION [FILLED]: the lines of standard input
	local line
	while IFS= read -r line; do
		[ "$1" = 1 ] || line=${line#type=SECCOMP msg=}
		frame "$1" 1326 "$line" "${2:-}"
	done
}
big=$(printf '\1\0' | od -An -tu2 | awk '{ print ($1 != 1) }')
field() { # LEDGER NAME: of status
	"$ctl" --ledger "$1" status --json | sed -n "s/,\"busiest\".*//; s/.*\"$2\":\"\{0,1\}\([^,\"]*\).*/\1/p"
}
evidence() { # LEDGER
	"$ctl" --ledger "$1" show unattributed --json 2>&1
}

LC_ALL=C
host=$(uname -n)
start="type=DAEMON_START msg=audit(1795363261.025:9138): op=start ver=3.0.9 res=success"

plugin "$work/string.db" "$capture"
if grep -q "the host's pid namespace" "$work/log"; then
	skip_all "not in the host's pid namespace"
fi
is "a stream of lines ends with auditd, in peace" "$status $(cat "$work/log")" "0 "
is "each record is counted" "$(field "$work/string.db" records)" "$lines"
is "the source has its name" "$(field "$work/string.db" source)" auditd
check "its serials are looked at" test "$(field "$work/string.db" last_serial)" -gt 0
is "what is old is not asked of /proc" "$(field "$work/string.db" unattributed)" "$lines"

for version in 0 1; do
	for filled in "" yes; do
		name=binary-$version$filled
		to_frames "$version" "$filled" <"$capture" >"$work/$name"
		plugin "$work/$name.db" "$work/$name"
		is "version $version ${filled:+filled up }gives the same ledger" \
			"$status $(evidence "$work/$name.db")" "0 $(evidence "$work/string.db")"
		is "and the same loss" "$(field "$work/$name.db" serial_gaps)" "$(field "$work/string.db" serial_gaps)"
	done
done

# ---- what auditd says of itself, and of others ----
{ echo "$start"; cat "$capture"; echo "type=DAEMON_END msg=audit(1795363262.000:9139): op=terminate"; } >"$work/in"
plugin "$work/own.db" "$work/in"
is "auditd's own serials are not the kernel's" "$(field "$work/own.db" serial_gaps) $(field "$work/own.db" last_serial)" \
	"$(field "$work/string.db" serial_gaps) $(field "$work/string.db" last_serial)"
is "its own records are others" "$(field "$work/own.db" skipped)" 2

{ echo "node=web $start"; sed 's/^/node=web /' "$capture"; sed 's/^/node=other /' "$capture"; } >"$work/in"
plugin "$work/node.db" "$work/in"
is "auditd says who this host is" "$(field "$work/node.db" records)" "$lines"
is "what other hosts sent to it is left out" "$(field "$work/node.db" skipped)" $((lines + 1))
check "and said" grep -q 'passes records of "other" on, which is not this host (web)' "$work/log"

sed "s/^/node=$host.example.org /" "$capture" >"$work/in"
plugin "$work/fqd.db" "$work/in"
is "a host's name may have a domain" "$(field "$work/fqd.db" records)" "$lines"
sed 's/^/node=nobody-knows /' "$capture" >"$work/in"
plugin "$work/unknown.db" "$work/in"
is "a name that is not known is loss" "$(field "$work/unknown.db" records) $(field "$work/unknown.db" rejected)" "0 $lines"

# ---- damage ----
{ printf '\0torn'; cat "$work/binary-1"; } >"$work/in"
plugin "$work/torn.db" "$work/in"
is "behind torn bytes it finds its way" "$status $(field "$work/torn.db" records)" "0 $lines"
is "and says that something was not whole" "$(field "$work/torn.db" rejected)" 1
plugin "$work/empty.db" /dev/null
is "a stream without a byte is none of its faults" "$status $(field "$work/empty.db" records)" "0 0"

"$daemon" --config "$work/conf" --ledger "$work/file.db" --source auditd <"$capture" >"$work/log" 2>&1
is "a file is not auditd's" "$?" 1
check "which is said" grep -q "auditd itself must start seccompd" "$work/log"
is "in one sentence" "$(wc -l <"$work/log")" 1
done_testing
