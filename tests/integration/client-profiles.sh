#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The file that a workload runs under, found by its meaning in the folders of ProfilePath=, whatever
# else lies there.
. "${srcdir:?}/tests/integration/client-lib.sh"

"$builddir/tests/integration/make-ledger" "$work/ledger.db" complete || exit 99
mkdir -p "$work/profiles/team" || exit 99
printf '[seccompd]\nProfilePath=%s\n' "$work/profiles" >"$work/seccompd.conf"
ctl_() { # NAME CODE ARGS...
	local name=$1 code=$2
	shift 2
	exits "$name" "$code" --config "$work/seccompd.conf" --ledger "$work/ledger.db" "$@"
}
said() { # NAME PATTERN: one line on standard error
	grep -q -- "$2" "$work/err" && [ "$(wc -l <"$work/err")" -eq 1 ]
	result $? "$1"
}
file_of() { # NAME WANTED: of podman:wider
	run --config "$work/seccompd.conf" --ledger "$work/ledger.db" list --json
	grep '"workload":"podman:wider"' "$work/out" | grep -qF "\"profile_file\":$2"
	result $? "$1"
}

# What podman:wider ran under, in other words; and neighbours of all kinds.
cat >"$work/wider.json" <<-END
	{ "syscalls": [ { "names": [ "mincore", "no_such_call" ], "action": "SCMP_ACT_ALLOW" },
	                { "names": [ "read" ], "action": "SCMP_ACT_ALLOW" } ],
	  "defaultAction": "SCMP_ACT_LOG" }
END
sed 's/"read"/"read", "write"/' "$work/wider.json" >"$work/profiles/other.json"
mkfifo "$work/profiles/fifo.json"
ln -s self.json "$work/profiles/self.json"
ln -s ../.. "$work/profiles/team/up"
head -c 2000000 /dev/zero >"$work/profiles/zero.json"
printf '{ "defaultAction": "SCMP_ACT_LOG",\n}' >"$work/profiles/broken.json"

file_of "no file means what it ran under" null
ctl_ "suggest then asks for one" 2 suggest podman:wider
said "and says where it looked, and what it could not read there" \
	"^seccompctl suggest: which profile podman:wider runs under is not found: none of the 2 files in ProfilePath=$work/profiles has its filter; 1 of them is no profile (.*broken.json:2: .*); 3 more cannot be read (.*); name it with --profile$"
ctl_ "show tells it, too" 0 show podman:wider
has "in its head" "^File  *none of the 2 files in ProfilePath=$work/profiles has its filter"

cp "$work/wider.json" "$work/profiles/team/web.json"
file_of "a file of the same meaning is found" "\"$work/profiles/team/web.json\",\"profile_files\":[\"$work/profiles/team/web.json\"]"
ctl_ "show names it" 0 show podman:wider
has "in its head" "^File  *$work/profiles/team/web.json$"
ctl_ "suggest needs no --profile" 0 suggest podman:wider --json
said "and says which it takes" "^seccompctl suggest: podman:wider runs under $work/profiles/team/web.json$"
cp "$work/out" "$work/found"
run --ledger "$work/ledger.db" suggest podman:wider --profile "$work/wider.json" --json
cmp -s "$work/found" "$work/out"
result $? "the suggestion is that for the file"

for verb in report suggest; do
	run --config "$work/seccompd.conf" --ledger "$work/ledger.db" "$verb" podman:wider -o "$work/profiles/team/web.json"
	[ "$status" -eq 2 ] && grep -q 'would replace the profile that is read' "$work/err" &&
		cmp -s "$work/wider.json" "$work/profiles/team/web.json"
	result $? "what $verb writes never takes the place of the file that was found"
done

cp "$work/wider.json" "$work/profiles/a.json"
file_of "of two files that mean the same, none is the one" "null,\"profile_files\":[\"$work/profiles/a.json\",\"$work/profiles/team/web.json\"]"
ctl_ "and suggest asks" 2 suggest podman:wider
said "naming both" "several files mean what it runs under; name one with --profile: $work/profiles/a.json, $work/profiles/team/web.json$"

ctl_ "what has no known filter has no file" 2 suggest podman:fits
said "so one must be named" 'podman:fits runs under no filter that is known; name the profile to add to with --profile FILE'
printf '[seccompd]\nProfilePath=\n' >"$work/seccompd.conf"
ctl_ "no folder at all" 2 suggest podman:wider
said "is said" 'ProfilePath= names no folder'
printf '[seccompd]\nProfilePath=profiles\n' >"$work/seccompd.conf"
ctl_ "a path that is not absolute" 3 suggest podman:wider
said "is an error with its place" 'seccompd.conf:2: ProfilePath=profiles is no good value'
done_testing
