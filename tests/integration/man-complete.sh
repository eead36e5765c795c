#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The manual pages have all that the programs have, and nothing that they have not: verbs, options, keys of
# the configuration, fields of JSON, exit codes, variables. The programs are asked themselves: getopt lists
# its options for "--=x", a configuration with a wrong key is complained about, --json is run. (Codes of lint
# and doctor: lint.sh and client-doctor.sh; fields of the journal: journal-docs.sh.)
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

man=$srcdir/man
page=$man/seccompctl.1
daemon=$builddir/seccompd

# The part of a page under a heading: of VERB all its headings, such as "replay" and "replay --journal".
part() { # PAGE HEADING
	awk -v want="$2" '/^\.S[hs] / { on = $0 ~ "^[.]S[hs] " want "( |$)" } on' "$1"
}
# The options with an entry of their own: .It Fl Fl name ..., several on one line with commas between.
options_of() { # TEXT
	grep '^\.It Fl' <<<"$1" | grep -o 'Fl Fl [a-z-]*' | cut -d' ' -f3 | sort -u
}
# All that are spoken of, without those of other verbs: .Cm verb Fl Fl name.
options_in() { # TEXT
	grep -v '^\.Cm [a-z-]* Fl' <<<"$1" | grep -o 'Fl Fl [a-z-]*' | cut -d' ' -f3 | sort -u
}
known_options() { # PROGRAM [VERB]
	"$1" ${2:+"$2"} --=x 2>&1 | sed -n 's/.*possibilities: //p' | tr -d "'" | tr ' ' '\n' | sed 's/^--//' | sort -u
}
lacking() { # A B: what B has and A has not, on one line
	comm -13 <(sort -u <<<"$1") <(sort -u <<<"$2") | sed '/^$/d' | xargs
}

# ---- verbs
verbs=$("$ctl" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
check "there are verbs" test "$(wc -l <<<"$verbs")" -ge 16
is "each verb has its part, and no other" "$(sed -n '/^\.Sh VERBS/,/^\.Sh E/s/^\.Ss \([a-z-]*\).*/\1/p' "$page" | sort -u)" "$(sort <<<"$verbs")"
is "and stands in the synopsis" "$(part "$page" SYNOPSIS | sed -n 's/^\.Cm \([a-z-]*\)$/\1/p' | sort -u)" "$(sort <<<"$verbs")"

# ---- options; --json, --help and what each verb takes as before it are described once for all
common='color no-pager'
missing='' unknown='' all=$(known_options "$ctl") n=0
for verb in $verbs; do
	text=$(part "$page" "$verb")
	known=$(known_options "$ctl" "$verb" | grep -vx 'help')
	for option in $common; do grep -qx -- "$option" <<<"$known" || missing+=" $verb: $option"; done
	all+=$'\n'$known
	n=$((n + $(wc -l <<<"$known")))
	missing+=$(lacking "$(options_in "$text")"$'\njson\nledger\n'"${common// /$'\n'}" "$known" | sed "s/^./ $verb: &/")
	unknown+=$(lacking "$known" "$(options_of "$text")" | sed "s/^./ $verb: &/")
done
check "there are options" test "$n" -ge 80
is "each option of a verb is told in the verb's part" "$missing" ""
is "which has no entry of one that there is not" "$unknown" ""
is "nor has the synopsis" \
	"$(lacking "$all" "$(part "$page" SYNOPSIS | grep -o 'Fl Fl [a-z-]*' | cut -d' ' -f3)")" ""
is "options before the verb" "$(options_of "$(part "$page" DESCRIPTION)")" "$(known_options "$ctl")"
is "seccompd's options" "$(options_of "$(part "$man/seccompd.8" DESCRIPTION)")" "$(known_options "$daemon")"
is "and its synopsis" "$(part "$man/seccompd.8" SYNOPSIS | grep -o 'Fl Fl [a-z-]*' | cut -d' ' -f3 | sort)" \
	"$(known_options "$daemon" | grep -vx 'help\|version')"
places=$(sed -n '/^} places\[/,/^};$/s/^	\[PLACE_.* = { "\([a-z-]*\)".*/\1/p' "$srcdir/daemon/open-rule.c")
check "there are places" test "$(wc -l <<<"$places")" -ge 5
is "seccompd-open's places" "$(grep '^\.It Fl Fl' "$man/seccompd-open.8" | sed 's/^\.It Fl Fl //; s/ , /\n/g' | sort)" "$(sort <<<"$places")"

# ---- keys of seccompd.conf: what looks like one in a section's sources and is not refused as unknown
accepts() { # SECTION KEY
	printf '[%s]\n%s=?\n' "$1" "$2" >"$work/conf"
	[[ $("$daemon" --config "$work/conf" --ledger "$work/none.db" --source "file:$work/none" --once --no-journal 2>&1) != *'there is no '@(key|section)* ]]
}
documented() { # HEADING
	part "$man/seccompd.conf.5" "$1" | grep '^\.It Cm' | grep -o 'Cm [A-Z][A-Za-z]*' | cut -d' ' -f2 | sort -u
}
of_all=GateSilence # of all workloads, only in [gate]
keys_are() { # SECTION HEADING FILE...
	local taken word words told
	words=$(cat "${@:3}" | grep -o '"[A-Z][A-Za-z]*"' | tr -d '"' | sort -u)
	# Those of [gate] are told there, and are GateNAME= in a workload's own section.
	[ "$2" != Sections ] ||
		words+=$'\n'$(grep -o '"[A-Z][A-Za-z]*"' "$srcdir/lib/config/gate-section.c" | tr -d '"' | sed 's/^/Gate/')
	told=$(documented "$2")
	case $1 in
	gate) told=$(grep -v '^Gate' <<<"$told") ;;
	workload*) told+=$'\n'$(documented 'Section .gate.' | sed '/^Gate/!s/^/Gate/' | grep -vx "$of_all") ;;
	esac
	taken=$(for word in $words; do ! accepts "$1" "$word" || echo "$word"; done)
	keys=$((keys + $(wc -l <<<"$taken")))
	is "keys of [$1]" "$(sort -u <<<"$told")" "$(sort -u <<<"$taken")"
}
config=$srcdir/lib/config keys=0
keys_are seccompd 'Section .seccompd.' "$config/daemon-section.c" "$config/profile-path.c"
keys_are state 'Section .state.' "$config/state-section.c"
keys_are gate 'Section .gate.' "$config/gate-section.c"
keys_are 'workload x' Sections "$config/workload-section.c" "$srcdir/lib/who/workload-rule.c"
check "there are keys" test "$keys" -ge 40
check "each section has its source" test "$(ls "$config"/*-section.c | wc -l)" = 6
is "keys of [decision CALL]" \
	"$(n=0; for key in $(grep -o '\[KEY_[A-Z]*\] = { "[A-Za-z]*"' "$srcdir/lib/config/decision-section.c" | cut -d'"' -f2); do
		part "$man/seccompd.conf.5" 'FILES OF WORKLOADS' | grep -q "\<$key\>" || echo "$key"
		n=$((n + 1))
	done; echo "$n")" 5

# ---- fields of JSON: all that the sources name, and those of what each verb prints in its own part
named=$(cat "$srcdir"/ctl/*.c "$srcdir"/lib/profile/*.c "$srcdir"/lib/suggest/*.c | tr '\n\t' '  ' |
	grep -oE '\<json_line_[a-z]+\([^,()]*(\([^()]*\))?[^,()]*, *"[a-z_]+"' | sed 's/.*"\(.*\)"/\1/' | sort -u)
check "there are fields" test "$(wc -l <<<"$named")" -ge 120
fields_in() { # TEXT: what is quoted, also with a comma or a parenthesis after it
	grep -oE '\<(Ql|Li|It Cm) [a-z_]+\>' <<<"$1" | sed 's/.* //' | sort -u
}
is "each field of JSON is in the manual" "$(lacking "$(fields_in "$(cat "$man"/*.[1578])")" "$named")" ""

fields_of() { # "VERB<Tab>OBJECT" lines: "VERB KEY" for objects at any depth; keys of tables of names are values
	python3 -c '
import json, sys
def walk(v, named):
    if isinstance(v, dict):
        for k, w in v.items():
            if not named:
                print(verb, k)
            walk(w, k in ("attribution", "causes", "numbers"))
    elif isinstance(v, list):
        for w in v:
            walk(w, False)
for line in sys.stdin:
    verb, text = line.split("\t", 1)
    walk(json.loads(text), False)' | sort -u
}
make_ledger=$builddir/tests/integration/make-ledger
profile=$work/profile.json
printf '{"defaultAction":"SCMP_ACT_LOG","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["read","nosuch"],"action":"SCMP_ACT_ALLOW"}]}\n' >"$profile"
printf '{"defaultAction":"SCMP_ACT_LOG","architectures":["SCMP_ARCH_X86_64"]}\n' >"$work/other.json"
prints() { # VERB ARGUMENT...
	run "${@:2}"
	[ -s "$work/out" ] || diag "$* printed no JSON: $(cat "$work/err")"
	sed "s/^/$1\t/" "$work/out" >>"$work/printed"
}
if [ ! -x "$make_ledger" ] || ! command -v python3 >/dev/null; then
	skip "fields of what is printed" "make-ledger is not built, or there is no python3"
else
	ledger=$work/l.db
	"$make_ledger" "$ledger" complete >/dev/null || bail "make-ledger failed"
	workload=$("$ctl" --ledger "$ledger" list --all --json | sed -n 's/^{"workload":"\([a-z]*:[^"]*\)".*/\1/p' | head -n 1)
	prints status --ledger "$ledger" status --json
	prints list --ledger "$ledger" list --all --json
	prints show --ledger "$ledger" show "$workload" --json
	prints suggest --ledger "$ledger" suggest "$workload" --profile "$profile" --for oci --json
	prints gate --ledger "$ledger" gate "$workload" --to errno --json
	prints promote --ledger "$ledger" promote "$workload" --to errno --profile "$work/other.json" --for oci --force --json
	prints lint lint "$profile" --for oci --json
	prints diff diff "$profile" "$work/other.json" --for oci --json
	prints doctor --ledger "$ledger" doctor --json
	prints explain --ledger "$ledger" explain --syscall mount --json
	prints decode decode "$srcdir/tests/data/capture.audit" --json
	prints decode decode "$srcdir/tests/data/capture.audit" --json --summary
	prints replay replay "$srcdir/tests/data/capture.audit" --ledger "$work/replayed.db" --json
	prints identify identify --cgroup /system.slice/x.service --json
	printed=$(fields_of <"$work/printed")
	told=$(while read -r verb; do
		lacking "$(fields_in "$(part "$page" "$verb")")" "$(sed -n "s/^$verb //p" <<<"$printed")" | sed "s/^./$verb: &/"
	done < <(cut -d' ' -f1 <<<"$printed" | uniq))
	is "each verb's part has all fields of what it prints" "$told" ""
	check "many verbs have printed" test "$(cut -f 1 "$work/printed" | sort -u | wc -l)" -ge 13
fi

# ---- exit codes, variables
codes=$(sed -n 's/^	SECCOMPD_EXIT_.* = \([0-9]*\),.*/\1/p' "$srcdir/include/seccompd/exit-codes.h")
check "there are exit codes" test "$(wc -l <<<"$codes")" -ge 6
is "exit codes" "$(part "$page" 'EXIT STATUS' | sed -n 's/^\.It \([0-9]*\)$/\1/p')" "$codes"
is "variables of the environment" \
	"$(part "$page" ENVIRONMENT | sed -n 's/^\.It Ev \([A-Z_]*\).*/\1/p' | sort)" \
	"$(cat "$srcdir"/ctl/*.c | grep -o 'getenv("[A-Z_]*")' | cut -d'"' -f2 | sort -u)"
done_testing
