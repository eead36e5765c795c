#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What strace writes, into a ledger of its own: real runs of strace in its forms, what counts, what is
# said of it, and what is refused.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

field() { # NAME: of the JSON object in the output
	sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/out"
}

calls() { # LEDGER WORKLOAD: each with its count
	"$ctl" --ledger "$1" show "$2" --json |
		sed 's/.*"arch":"\([^"]*\)","syscall":\([^,]*\),.*"count":\([0-9]*\),.*/\1 \2 \3/' | sort
}

import() { # FILE... : into a ledger that is made for it; its calls
	rm -f "$work"/one.db*
	"$ctl" import --strace "$@" --workload docker:web --ledger "$work/one.db" --json >"$work/out" 2>"$work/err"
	status=$?
	[ $status -eq 0 ] && calls "$work/one.db" docker:web
}

# ---- what is refused
fails "no file" 2 'strace FILE' import --workload docker:web --ledger "$work/none"
fails "no workload" 2 'workload NAME' import --strace "$0" --ledger "$work/none"
fails "no ledger" 2 'with --ledger' import --strace "$0" --workload docker:web
fails "a file that no option names" 2 'say what wrote' import "$0" --workload docker:web --ledger "$work/none"
fails "a name that is none" 2 'workload' import --strace "$0" --workload "" --ledger "$work/none"
fails "an architecture that is none" 2 'arch' import --strace "$0" --workload docker:web --ledger "$work/none" --arch vax
fails "no such file" 3 'cannot be opened' import --strace "$work/nothing" --workload docker:web --ledger "$work/none"
fails "a folder" 3 'is a folder' import --strace "$work" --workload docker:web --ledger "$work/none"
fails "a file of something else" 3 'no call of strace is in its' import --strace "$srcdir/NEWS" --workload docker:web --ledger "$work/none"
fails "an empty file" 3 'is empty' import --strace /dev/null --workload docker:web --ledger "$work/none"
check "nothing was left behind" [ -z "$(ls "$work"/none* 2>/dev/null)" ]

# ---- what strace is known to write
cat >"$work/log" <<-'END'
	7 1700000000.250000 execve("/bin/sh", ["sh"], 0x7ffd /* 3 vars */) = 0
	7 1700000001.250000 vfork( <unfinished ...>
	8 1700000001.260000 write(1, ") = 3\n+++ exited with 0 +++", 27) = 27
	7 1700000001.270000 <... vfork resumed>) = 8
	8 1700000001.280000 syscall_0x3e7(0x1) = -1 ENOSYS (Function not implemented)
	8 1700000001.290000 stat64("/x", 0x1) = -1 ENOENT (No such file or directory)
	8 1700000001.300000 frobnicate(1) = 0
	8 1700000001.310000 +++ exited with 0 +++
	Server ready
	7 1700000002.000000 openat(AT_FDCWD, "/etc/ld
END
truncate -s -1 "$work/log"
f=$work/web.db
exits "a log" 0 import --strace "$work/log" --workload docker:web --ledger "$f" --arch x86_64 --json
is "each line is accounted for" "$(field lines) $(field records) $(field skipped) $(field rejected) $(field cut)" "10 6 2 2 1"
has_keys "import has its keys" 1 "workload imported files again cut lines records skipped rejected reasons counted dropped new"
has "and says why lines were rejected" '"reasons":\{"not-strace":1,"no-result":0,"unknown-name":1,"unknown-mode":0,"no-row":0,"too-many":0\}'
is "the calls are those of the log" "$(calls "$f" docker:web)" 'i386 "stat64" 1
x86_64 "execve" 1
x86_64 "openat" 1
x86_64 "vfork" 1
x86_64 "write" 1
x86_64 null 1'
run --ledger "$f" show web --json
has "with their times" '"first":"2023-11-14T22:13:20.250000Z"'
gzip -c "$work/log" >"$work/log.gz"
exits "the same file again, packed" 0 --ledger "$f" import --strace "$work/log.gz" --workload docker:web --arch x86_64
has "is said" '^1 +file that was imported before'
has "and counts nothing" '^0 +calls counted for docker:web$'
is "nor changes anything" "$(calls "$f" docker:web | wc -l)" 6
exits "for another workload" 0 --ledger "$f" import --strace - --workload docker:db --arch x86_64 <"$work/log"
has "it counts" '^6 +calls counted for docker:db$'

# ---- how it is shown
run --ledger "$f" list --json
has "list says what it is" '"workload":"docker:web".*"complete":false.*"asserted":true,"imported":true'
run --ledger "$f" list
has "also to people" '^docker:web .* imported$'
run --ledger "$f" show web
has "show, too" '^The evidence is incomplete: it was imported from strace'
run --ledger "$f" status
has "status" 'from what strace wrote by "seccompctl import"'
exits "the gate is unknown" 5 --ledger "$f" gate web --to errno
has "for that reason" '^attribution +imported +seen +unknown +it was imported from strace'
exits "suggest offers a first profile" 1 --ledger "$f" suggest web --new --output profile
has "at stage log" '"defaultAction": "SCMP_ACT_LOG"'
has "with what was seen" '"vfork"'
has "and what no program can do without" '"exit_group"'
run --ledger "$f" suggest web --new --json
has "which is not complete" '"summary":true.*"complete":false,"asserted":true,"imported":true'
echo '{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["execve","exit_group"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/p.json"
exits "suggest offers for a profile that there is" 1 --ledger "$f" suggest web --profile "$work/p.json" --output diff
has "what that lacks" '^\+.*"vfork"'

# ---- kept apart from all else
"${builddir:?}/seccompd" --config /dev/null --ledger "$work/daemon.db" --source "file:$srcdir/tests/data/capture.audit" --once --no-journal >"$work/log2" 2>&1
fails "what seccompd wrote stays what it is" 4 'what seccompd has seen' import --strace "$work/log" --workload docker:web --ledger "$work/daemon.db"
fails "and logs of the kernel do not come in here" 4 'nothing else must mix' replay "$srcdir/tests/data/capture.audit" --ledger "$f"

# ---- real runs
command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || {
	skip "real runs" "strace is not here, or may not trace"
	done_testing
	exit
}
native=$(uname -m)
# The same program, so the same calls but those that a clock or an address space layout decides.
seen() { cut -d' ' -f1,2 | sort -u; }
quiet() { "$@" >/dev/null 2>&1; }
quiet strace -f -o "$work/f" sh -c 'ls / & wait'
reference=$(import "$work/f" | seen)
check "a log of -f has the calls of a shell" grep -q "^$native \"execve\"$" <<<"$reference"
is "all of its lines are understood" "$(import "$work/f" >/dev/null; field rejected)" 0
form() { # NAME OPTION...: into a file; a summary has no calls that never return
	local name=$1 reference=$reference
	shift
	case $name in -c*) reference=$(grep -v exit_group <<<"$reference") ;; esac
	quiet strace "$@" -o "$work/form" sh -c 'ls / & wait'
	is "$name: the same calls" "$(import "$work"/form* | seen)" "$reference"
	is "$name: each line is understood" "$(import "$work"/form* >/dev/null; field rejected)" 0
	rm -f "$work"/form "$work"/form.[0-9]*
}
form "-c" -f -c
form "-C" -f -C
form "-ff" -ff
form "-ttt -T -y" -f -ttt -T -y
form "-tt -r -n -i" -f -tt -r -n -i
form "-X raw -k -s" -f -X raw -s 4096
form "-c -w -U" -f -c -w -U name,errors,calls
strace -f sh -c 'ls / & wait' >/dev/null 2>"$work/terminal"
is "standard error: the same calls" "$(import "$work/terminal" | seen)" "$reference"
is "standard error: each line is understood" "$(field rejected)" 0
half=$(($(stat -c %s "$work/f") / 2))
head -c "$half" "$work/f" >"$work/half"
check "a log that is cut in the middle is read as far as it goes" import "$work/half"
is "and is said to be cut" "$(field cut)" 1
tail -c "$half" "$work/f" >"$work/tail"
check "one without its beginning, too" import "$work/tail"
done_testing
