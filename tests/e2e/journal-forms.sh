#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a real journald keeps of real records, and a real journalctl prints of them in each of its forms,
# decodes to what the kernel sent. What programs write that looks like it is no record.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
if [ "$(id -u)" = 0 ] && [ -z "${IN_NAMESPACE:-}" ] && command -v unshare >/dev/null; then
	IN_NAMESPACE=1 exec unshare --mount --propagation private "$0" "$@"
fi
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

ACTIONS=$E2E_BUILD/tests/e2e/actions
# The kernel's log keeps what an earlier run wrote: this one's is told by its path.
FORGED_EXE=/forged-by-$$
FORGED='auid=1 uid=2 gid=3 ses=4 pid=5 comm="forged" exe="'$FORGED_EXE'" sig=0 arch=c000003e syscall=59 compat=0 ip=0x7f code=0x7ffc0000'

need_root
need jq journalctl logger systemd-cat "$JOURNALD"
e2e_begin
need_stream
start_journald ReadKMsg=yes || bail "journald does not start: $(cat "$E2E_DIR/journald.log")"

# A path whose record is longer than what journalctl -o json shows without --all.
part="a folder of which there are several, one in the other, so that its path is long"
deep=$E2E_DIR/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part/$part
mkdir -p "$deep" && cp "$ACTIONS" "$deep/a copy" || bail "no folder"

journal() { # OPTION... MATCH...
	journalctl --no-pager --quiet --boot all "$@" 2>/dev/null
}

decode() { # the records on standard input, one per line, sorted, with all that a record says
	"$SECCOMPCTL" decode --json 2>/dev/null >"$E2E_DIR/all.json"
	jq -c 'select(.status == "record") | del(.line)' "$E2E_DIR/all.json" | ours
}

# The stream is the host's: of our own processes only. The kernel's log knows others of that number.
ours() {
	jq -c --slurpfile pids "$E2E_DIR/pids" --argjson since "$since" \
		'select(.pid as $p | $pids | index($p)) | select(.time == null or (.time | tonumber) >= $since)' | sort
}

without_stamp() {
	jq -c '.time = null | .serial = null' | sort
}

has_them() {
	[ "$(journal -o export _TRANSPORT=audit | decode)" = "$(cat "$E2E_DIR/sent")" ]
}

make_records() {
	since=$(($(date +%s) - 1))
	"$ACTIONS" "$E2E_DIR/capture" "$deep/a copy" >"$E2E_DIR/kinds" 2>"$E2E_DIR/error" || cannot "actions: $(tail -n 1 "$E2E_DIR/error")"
	awk '{ print $2 }' "$E2E_DIR/kinds" >"$E2E_DIR/pids"
	decode <"$E2E_DIR/capture" >"$E2E_DIR/sent"
}

make_records
[ "$(wc -l <"$E2E_DIR/sent")" -ge 14 ] || bail "the kernel sent $(wc -l <"$E2E_DIR/sent") records"
check "journalctl -o export, from the audit transport" wait_until 30 has_them
sent=$(cat "$E2E_DIR/sent")

# ---- the forms that hold the stamp
is "-o json --all" "$(journal -o json --all _TRANSPORT=audit | decode)" "$sent"
is "-o json --all, packed" "$(journal -o json --all _TRANSPORT=audit | gzip | decode)" "$sent"
is "-o export of everything" "$(journal -o export | decode | sort -u)" "$sent"
is "-o json leaves out the long one" "$(journal -o json _TRANSPORT=audit | decode)" "$(grep -v "one in the other" <<<"$sent")"
check "which is said" grep -q '"reject","reason":"the journal left the message out: use journalctl --all"' "$E2E_DIR/all.json"

# ---- those for people, which do not
for form in short short-precise short-iso short-iso-precise short-full short-monotonic short-delta short-unix with-unit cat; do
	is "-o $form" "$(journal -o "$form" _TRANSPORT=audit | decode)" "$(without_stamp <<<"$sent")"
done

# ---- the kernel's log has what its rate limit lets through, with the stamp
from_kernel() {
	journal -o export _TRANSPORT=kernel | decode >"$E2E_DIR/from-kernel"
	[ -s "$E2E_DIR/from-kernel" ]
}
again_from_kernel() {
	from_kernel || { make_records && from_kernel; }
}
# No record that differs from what was sent, and none less than before; there may be more by now.
prints_them() { # NAME COMMAND...
	local name=$1
	shift
	"$@" | decode >"$E2E_DIR/printed"
	is "$name" "$(comm -13 "$E2E_DIR/sent" "$E2E_DIR/printed")$(comm -13 "$E2E_DIR/printed" "$E2E_DIR/from-kernel")" ""
}
if ! wait_until 30 again_from_kernel; then
	skip "-o export, from the kernel's log" "the kernel prints none of our records"
else
	is "-o export, from the kernel's log" "$(comm -23 "$E2E_DIR/from-kernel" "$E2E_DIR/sent")" ""
	prints_them "-o json, from the kernel's log" journal -o json --all _TRANSPORT=kernel
	for form in short short-iso short-full short-monotonic short-unix cat; do
		prints_them "-k -o $form" journal -k -o "$form"
	done
	prints_them "dmesg" dmesg
	prints_them "dmesg -T" dmesg -T
	prints_them "dmesg --decode" dmesg --decode
fi

# ---- what a program writes
echo "SECCOMP $FORGED" | systemd-cat -t audit
logger --socket /run/systemd/journal/dev-log -t kernel "audit: type=1326 audit(1.000:1): $FORGED"
printf 'MESSAGE=SECCOMP %s\n_TRANSPORT=audit\n_AUDIT_TYPE=1326\n_AUDIT_ID=1\nSYSLOG_FACILITY=0\n' "$FORGED" | logger --journald
printf 'MESSAGE=two\nMESSAGE=type=1326 audit(1.000:2): %s\n' "$FORGED" | logger --journald
printf 'MESSAGE=%s\nSYSLOG_IDENTIFIER=long\n' "$(head -c 100000 /dev/zero | tr '\0' x)" | logger --journald
forged_is() {
	journal -o export | grep -a "exe=\"$FORGED_EXE\"" >"$E2E_DIR/forged"
	[ "$(wc -l <"$E2E_DIR/forged")" -ge "$1" ]
}
if wait_until 30 forged_is 4; then
	ok "the journal has what programs wrote"
else
	not_ok "the journal has what programs wrote" "only: $(cat "$E2E_DIR/forged")"
fi
# The kernel's ring may have turned over before journald read it: a line more each time.
again_through_kmsg() {
	echo "<5>audit: type=1326 audit(1.000:3): $FORGED" 2>/dev/null >/dev/kmsg || return 0
	forged_is 5
}
check "and what they wrote into the kernel's log" wait_until 30 again_through_kmsg
for form in json export; do
	journal -o "$form" --all | "$SECCOMPCTL" decode --json >"$E2E_DIR/all.json" 2>/dev/null
	is "none of it is a record with -o $form" "$(jq -c 'select(.comm == "forged")' "$E2E_DIR/all.json")" ""
	# The kernel's log cuts a record with a long path: damage of its own, with a serial of its own.
	is "nor damage" "$(jq -c 'select(.status == "reject" and .reason != "line too long" and (.serial // 0) < 10)' "$E2E_DIR/all.json")" ""
done
# Long texts that programs wrote are left out, or too long: nobody misses them.
is "a program's long text is no damage with -o json" "$(journal -o json SYSLOG_IDENTIFIER=long | "$SECCOMPCTL" decode --json 2>/dev/null | jq -r .status)" skip
is "nor with -o export" "$(journal -o export SYSLOG_IDENTIFIER=long | "$SECCOMPCTL" decode --json 2>/dev/null | jq -r .status)" skip
done_testing
