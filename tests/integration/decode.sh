#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl decode on whatever is fed to it: records, other lines, and input made to harm.
. "${srcdir:?}/tests/integration/client-lib.sh"

KEYS="line status reason time serial pid uid comm exe subj sig arch arch_word nr syscall compat ip code action interpreted"
FIELDS='sig=0 arch=c000003e syscall=59 compat=0 ip=0x7f code=0x7ffc0000'

record() { # SERIAL [COMM [EXE [SUBJ]]]
	printf 'type=SECCOMP msg=audit(1700000000.%03d:%d): auid=4294967295 uid=0 gid=0 ses=4294967295%s pid=%d comm=%s exe=%s %s\n' \
		"$(($1 % 1000))" "$1" "${4+ subj=$4}" "$((1000 + $1))" "${2:-\"sh\"}" "${3:-\"/bin/sh\"}" "$FIELDS"
}

totals() { # NAME TEXT
	[ "$(tail -n 1 "$work/err")" = "$2" ]
	result $? "$1"
}

lines() { # NAME N
	[ "$(wc -l <"$work/out")" -eq "$2" ]
	result $? "$1"
}

# ---- what is printed
{
	record 1
	echo 'type=SYSCALL msg=audit(1700000000.001:2): arch=c000003e syscall=59'
	echo 'audit: kauditd_printk_skb: 21 callbacks suppressed'
	echo 'type=SECCOMP msg=audit(1700000000.001:3): auid=1 uid'
	echo
	record 4 '"x"' '"/x"' '=a (enforce) pid=1 comm="nginx"' | sed 's/$/\r/'
} >"$work/mixed.log"
exits "a log" 0 decode --json "$work/mixed.log"
totals "the counts add up to the lines" "2 records, 3 skipped, 1 rejected"
lines "one object per line of input" 6
for n in 1 2 4 6; do has_keys "the keys of line $n, in order" "$n" "$KEYS"; done
has "a record" '"line":1,"status":"record","reason":null,"time":"1700000000.001","serial":1,"pid":1001,'
has "a notice of loss" '"line":3,"status":"skip","reason":"loss-notice"'
has "a cut record keeps its stamp" '"line":4,"status":"reject","reason":"[a-z =]+","time":"1700000000.001","serial":3,"pid":null'
has "a label forges nothing" '"line":6,"status":"record",.*"pid":1004,.*"comm":"x","exe":"/x","subj":"=a \(enforce\) pid=1 comm=\\"nginx\\""'
exits "the table" 0 decode "$work/mixed.log"
lines "the table has a header and no lines of other types" 5
exits "several files" 0 decode --json "$work/mixed.log" "$work/mixed.log"
totals "several files count together" "4 records, 6 skipped, 2 rejected"
odd="$work/a \"b"$'\e[31m\xff'
cp "$work/mixed.log" "$odd"
exits "files with odd names" 0 decode --json "$work/mixed.log" "$odd" - <"$work/mixed.log"
for n in 1 12 18; do has_keys "line $n names its file, the other keys are the same" "$n" "file $KEYS"; done
has "the first file" "^{\"file\":\"$work/mixed.log\",\"line\":6,"
has "its lines are counted anew in the next, whose name is made safe" "^{\"file\":\"$work/a ..b.*31m.*\",\"line\":1,"
has "standard input has no other name" '^\{"file":"-","line":6,'
plain "whatever the name"
"$ctl" decode --json <"$work/mixed.log" >"$work/piped" 2>/dev/null
"$ctl" decode --json "$work/mixed.log" 2>/dev/null | cmp -s - "$work/piped"
result $? "standard input is the same as a file"
record 5 | tr -d '\n' >"$work/tail.log"
exits "a last line without a line end" 0 decode --json "$work/tail.log"
totals "it counts" "1 record, 0 skipped, 0 rejected"
: >"$work/empty.log"
exits "an empty file" 0 decode --json "$work/empty.log"
totals "it has no lines" "0 records, 0 skipped, 0 rejected"

# ---- exit codes
fails "an unknown option" 2 'nonsense' decode --nonsense
exits "a file that is not there" 3 decode "$work/none.log" "$work/mixed.log"
grep -q 'none.log cannot be opened' "$work/err"
result $? "it is named"
totals "the next file is read all the same" "2 records, 3 skipped, 1 rejected"
exits "a folder" 3 decode "$work"
"$ctl" decode --json "$work/mixed.log" >/dev/full 2>"$work/err"
[ $? -eq 3 ] && grep -q 'cannot write' "$work/err"
result $? "a full disk"

# ---- packed files
gzip -c "$work/mixed.log" >"$work/mixed.log.gz"
"$ctl" decode --json "$work/mixed.log.gz" 2>/dev/null | cmp -s - "$work/piped"
result $? "gzip"
if command -v xz >/dev/null; then
	xz -c "$work/mixed.log" | "$ctl" decode --json 2>/dev/null | cmp -s - "$work/piped"
	result $? "xz through a pipe"
else
	skip "xz through a pipe" "no xz program"
fi
head -c 100 "$work/mixed.log.gz" >"$work/cut.gz"
exits "a packed file that was cut" 3 decode --json "$work/cut.gz"
grep -q 'damaged or cut' "$work/err"
result $? "it says so"

# ---- counts
{
	record 1
	record 2
	record 2
	record 3 '"b"' '"/bin/b"'
	record 1
	echo 'Jul  6 15:37:40 h kernel: [ 1.2] audit: type=1326 audit(1700000000.003:3): auid=4294967295 uid=0 gid=0 ses=4294967295 pid=1003 comm="b" exe="/bin/b" '"$FIELDS"
} >"$work/twice.log"
exits "--summary" 0 decode --summary --json "$work/twice.log"
lines "one row per kind" 2
has "the most frequent first, each record once" '^\{"count":2,"exe":"/bin/sh","arch":"x86_64","nr":59,"syscall":"execve","action":"SCMP_ACT_LOG"\}$'
totals "what stands there twice is skipped" "3 records, 3 skipped, 0 rejected"
exits "--summary as a table" 0 decode --summary "$work/twice.log"
has "it has a header" '^COUNT +EXE +ARCH +SYSCALL +ACTION$'
exits "--summary of nothing" 0 decode --summary "$work/empty.log"
lines "is nothing" 0

# ---- the journal's own forms
MESSAGE='auid=1 uid=2 gid=3 ses=4 pid=5 comm=\"a\" exe=\"/a\" sig=0 arch=c000003e syscall=59 compat=0 ip=0x7f code=0x7ffc0000'
{
	echo '{"__CURSOR":"a","_TRANSPORT":"audit","_AUDIT_TYPE":"1326","_AUDIT_ID":"77","_SOURCE_REALTIME_TIMESTAMP":"1700000000123000","MESSAGE":"SECCOMP '"$MESSAGE"'"}'
	echo '{"__CURSOR":"b","_TRANSPORT":"kernel","MESSAGE":"audit: type=1326 audit(1700000000.123:77): '"$MESSAGE"'"}'
	echo '{"__CURSOR":"c","_TRANSPORT":"stdout","MESSAGE":"audit: type=1326 audit(1700000000.123:78): '"$MESSAGE"'"}'
	echo '{"__CURSOR":"d","_TRANSPORT":"kernel","MESSAGE":"'
} >"$work/journal.json"
exits "journalctl -o json" 0 decode --json "$work/journal.json"
has "the audit transport has its stamp" '"line":1,"status":"record","reason":null,"time":"1700000000.123","serial":77,"pid":5,'
has "what a program wrote is no record" '"line":3,"status":"skip"'
totals "a cut object is refused" "2 records, 1 skipped, 1 rejected"
exits "journalctl -o json, counted" 0 decode --summary --json "$work/journal.json"
has "kernel and audit tell of one record" '^\{"count":1,'
lines "and nobody else does" 1
{
	printf '__CURSOR=a\n_TRANSPORT=audit\n_AUDIT_TYPE=1326\n_AUDIT_ID=77\n_SOURCE_REALTIME_TIMESTAMP=1700000000123000\n'
	printf 'MESSAGE=SECCOMP %s\n\n' "${MESSAGE//\\/}"
	printf '__CURSOR=b\n_TRANSPORT=kernel\nMESSAGE\n\005\0\0\0\0\0\0\0a\nb\nc\n\n'
} >"$work/journal.export"
exits "journalctl -o export" 0 decode --json "$work/journal.export"
has "a record" '"line":1,"status":"record","reason":null,"time":"1700000000.123","serial":77,"pid":5,'
totals "an entry is a line" "1 record, 1 skipped, 0 rejected"

# ---- harm
{
	record 1 1B5B324A0D0A22 2F1B5D303B61072F
	record 2 '"x"' '"/x"' $'\e[31m\xff\xfe\xc3('
	printf 'type=SECCOMP msg=audit(1.000:1): \xff\e[2J\n'
	printf '\e[2J\xf0\x9f\n'
	record 3 C3A9FF "2F$(printf '41%.0s' {1..3000})"
} >"$work/hostile.log"
exits "hostile names" 0 decode "$work/hostile.log"
plain "the table is safe to look at"
exits "hostile names as JSON" 0 decode --json "$work/hostile.log"
plain "the JSON is safe to look at"
iconv -f UTF-8 -t UTF-8 "$work/out" >/dev/null 2>&1
result $? "the JSON is UTF-8"
totals "each is judged" "3 records, 1 skipped, 1 rejected"
exits "hostile names, counted" 0 decode --summary "$work/hostile.log"
plain "the counts are safe to look at"
{
	record 1
	printf 'type=SECCOMP msg=audit(1.000:1): auid=1\0 uid=0\n'
	printf '\0\0\0\n'
	record 2
} >"$work/nul.log"
exits "NUL" 0 decode --json "$work/nul.log"
totals "the lines around NUL are read" "2 records, 0 skipped, 2 rejected"
{
	record 1
	head -c 1048576 /dev/zero | tr '\0' x
	echo
	record 2
} >"$work/long.log"
exits "a line of 1 MB" 0 decode --json "$work/long.log"
has "it is refused" '"line":2,"status":"reject","reason":"line too long"'
totals "what follows it is read" "2 records, 0 skipped, 1 rejected"

# 100 MB without a line end, in the memory of an empty input and a little more.
peak() { # FILE: KiB; the limit makes a program that hoards fail
	(ulimit -v 65536 && exec "$ctl" decode --json "$1") >"$work/out" 2>"$work/err"
}
head -c 104857600 /dev/zero | tr '\0' x >"$work/endless.log"
if (ulimit -v 65536 && "$ctl" decode --json "$work/empty.log") >/dev/null 2>&1; then
	peak "$work/endless.log"
	result $? "100 MB without a line end, in 64 MB"
	totals "are one line" "0 records, 0 skipped, 1 rejected"
	gzip -1 -c "$work/endless.log" >"$work/endless.gz"
	peak "$work/endless.gz"
	result $? "the same, packed"
	totals "are one line too" "0 records, 0 skipped, 1 rejected"
else
	skip "100 MB without a line end" "this build does not start in 64 MB"
fi
done_testing
