#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# seccompctl report: a page that loads nothing, lets no name become markup, is bounded whatever the
# ledger holds, and never reads silence as safe.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

ledger=$work/ledger.db
"$builddir/tests/integration/make-report" "$ledger" || bail "no ledger"
page=$work/page.html
report() { # WORDS...
	run --ledger "$ledger" report --workloads-dir "$work/workloads.d" "$@"
}
written() { # NAME: the last run wrote the page
	[ "$status" -eq 0 ] && [ ! -s "$work/out" ] && [ ! -s "$work/err" ] && [ -s "$page" ]
	result $? "$1"
}
page_has() { # NAME PATTERN
	grep -qE -- "$2" "$page"
	result $? "$1"
}
page_lacks() { # NAME PATTERN
	! grep -qE -- "$2" "$page"
	result $? "$1"
}

# ---- how it is asked for -----------------------------------------------------------------------
fails "where the page goes must be said" 2 '-o FILE.html is missing' --ledger "$ledger" report
fails "there is no JSON of it" 2 'has no --json' --ledger "$ledger" report --json -o "$page"
fails "one workload or all" 2 'name one workload' --ledger "$ledger" report a b -o "$page"
fails "a workload that is none" 2 'nosuch' --ledger "$ledger" report nosuch -o "$page"
fails "a folder that is none" 3 'cannot write' --ledger "$ledger" report compose:shop/web \
	-o "$work/none/page.html"
fails "a profile that is none" 3 'no such file' --ledger "$ledger" report compose:shop/web \
	--profile "$work/none.json" -o "$page"
fails "a ledger that is none" 4 'none.db' --ledger "$work/none.db" report -o "$page"
[ ! -e "$page" ]
result $? "none of these wrote a page"

# ---- what it never writes over -----------------------------------------------------------------
mkdir "$work/etc" "$work/etc/seccompd.conf.d"
cp "$ledger" "$work/kept.db"
printf '[seccompd]\nWorkloadsDir=%s\n' "$work/etc/workloads.d" >"$work/etc/seccompd.conf"
printf '[gate]\n' >"$work/etc/seccompd.conf.d/gate.conf"
keeps() { # NAME WHAT FILE WORDS...: refused, and FILE is as before
	local name=$1 what=$2 file=$3 before
	shift 3
	before=$(cat "$file" 2>/dev/null | sha256sum)
	fails "$name is not replaced" 2 "would replace $what: nothing was written" \
		--config "$work/etc/seccompd.conf" --ledger "$ledger" "$@" -o "$file"
	[ "$(cat "$file" 2>/dev/null | sha256sum)" = "$before" ]
	result $? "$name is as before"
}
ln -s "$ledger" "$work/link.html"
ln "$ledger" "$work/hard.html"
touch "$ledger.lock" "$ledger.tally"
keeps "the ledger" 'the ledger' "$ledger" report
keeps "the ledger by another way" 'the ledger' "$work/etc/../ledger.db" report compose:shop/web
keeps "the ledger behind a link" 'the ledger' "$work/link.html" report
keeps "the ledger under another name" 'the ledger' "$work/hard.html" report
keeps "the ledger's lock" "the ledger's lock" "$ledger.lock" report
keeps "the tally" 'the tally' "$ledger.tally" report
keeps "the configuration" 'the configuration' "$work/etc/seccompd.conf" report
keeps "a drop-in" 'a part of the configuration' "$work/etc/seccompd.conf.d/gate.conf" report
mkdir "$work/etc/workloads.d" && printf '# mine\n' >"$work/etc/workloads.d/x.conf"
keeps "a decision" 'what was decided about a workload' "$work/etc/workloads.d/x.conf" report
mkdir "$work/decided" && printf '# mine\n' >"$work/decided/x.conf"
keeps "a decision in a folder that was named" 'what was decided about a workload' "$work/decided/x.conf" \
	report --workloads-dir "$work/decided"
keeps "another ledger" 'a database' "$work/kept.db" report
fails "a log that a ledger has not got now is not made" 2 "would replace the ledger's log" \
	--ledger "$work/kept.db" report -o "$work/kept.db-wal"
[ ! -e "$work/kept.db-wal" ]
result $? "nor is anything of it there"
printf '{"defaultAction":"SCMP_ACT_LOG"}' >"$work/own.json"
keeps "the profile of the page" 'the profile that is read' "$work/own.json" report \
	compose:shop/web --profile "$work/own.json"
rm -f "$work/link.html" "$work/hard.html" "$ledger.tally"

# ---- one workload ------------------------------------------------------------------------------
report compose:shop/web -o "$page"
written "a workload's page"
report compose:shop/web -o -
[ "$status" -eq 0 ] && head -n 1 "$work/out" | grep -q '^<!DOCTYPE html>$'
result $? "- is standard output"
for part in gate curve hours spans calls denied patch loss about; do
	page_has "it has the part $part" "<section id=\"$part\""
done
page_lacks "it asks nobody for anything" '(src|href)="?[a-z]*://|@import|url\([^#]|href="[^#]'
is "its policy names the style and the script by their hashes" \
	"$(grep -oE "default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; script-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'" "$page" | wc -l)" 1
page_lacks "nothing in it would need more than that" '<[^>]* (style|on[a-z]+)='
is "each chart has its title and its description" \
	"$(grep -o 'role="img"' "$page" | wc -l) $(grep -o '<desc id=' "$page" | wc -l)" "3 3"
page_has "what waits for a person is the next thing" 'decide about the calls that wait for a person'
page_has "what was lost is marked in the curve" 'url\(#lost\)"><title>[^<]*: something was lost'
page_has "what was not watched, too" 'url\(#unwatched\)"><title>[^<]*: not watched'
page_has "the diff is there" '<ins>[+][^<]*&quot;sysinfo&quot;'
page_has "and its proof" 'Newly allowed: <code>'
page_has "incomplete evidence is said in words" 'The evidence is incomplete: '
run --ledger "$ledger" gate compose:shop/web --to errno --json --workloads-dir "$work/workloads.d"
is "the gate is that of \"gate\"" "$(grep -c '"criterion"' "$work/out")" \
	"$(sed -n '/<table class="data gate"/,/<\/table>/p' "$page" | grep -c '^<tr>')"

cat >"$work/web.json" <<'EOF'
{
	"defaultAction": "SCMP_ACT_LOG",
	"syscalls": [
		{
			"names": [
				"read"
			],
			"action": "SCMP_ACT_ALLOW"
		}
	]
}
EOF
report compose:shop/web --profile "$work/web.json" -o "$page"
written "a page about the owner's file"
page_has "the diff is for that file" '<b>--- [^<]*web\.json'
is "and so is each command" "$(grep -oE 'suggest compose:shop/web --profile [^ <]*' "$page" | sort | uniq -c | sed 's/^ *//')" \
	"1 suggest compose:shop/web --profile $work/web.json"
odd=$work/$'it\'s\t.db'
cp "$ledger" "$odd" && cp "$ledger-wal" "$odd-wal" && cp "$ledger-shm" "$odd-shm" || bail "no copy"
run --ledger "$odd" report compose:shop/web --workloads-dir "$work/workloads.d" --profile - -o "$page" <"$work/web.json"
written "a page about standard input, of a ledger with an odd name"
page_has "its command is one for a shell" "ledger \\$&#39;[^ ]*/it\\\\&#39;s\\\\x09.db&#39; "
page_has "and names a file" 'suggest compose:shop/web --profile FILE --apply</pre>'

# ---- silence -----------------------------------------------------------------------------------
report docker:idle -o "$page"
written "a workload without a call"
page_has "that none was recorded is no good news" 'no sign that the profile fits'
page_lacks "and nothing says that all is well" 'Nothing is known to be missing'
report docker:mute -o "$page"
page_has "a blind one is called blind" 'blind: refused calls leave no record'
page_has "and what that means is said" 'no news is no good news'
report unit:backup.service -o "$page"
written "one at the last stage"
page_has "has no gate, and says why" 'it is at the last stage'

# ---- names -------------------------------------------------------------------------------------
report 'podman:<' -o "$page"
written "a workload with a hostile name"
is "no name became markup" "$(grep -oE '<(script|img|svg onload|i>|b>)[^>]*>' "$page" |
	grep -cE 'img|onload|title=|<i>')" 0
page_has "it is there as text" '&lt;script&gt;document\.title=&#39;owned'
page_has "what turns the direction is shown" '\\xE2\\x80\\xAE gpj\.exe'
! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae' "$page"
result $? "no control character is in it"
page_lacks "4 KB of a name are cut" 'A{256}'
report -o "$page"
written "all of them on one page"
is "no name became markup there" "$(grep -c '<img' "$page")" 0
is "each has its row" "$(sed -n '/<table class="data fleet"/,/<\/table>/p' "$page" | grep -c '^<tr>')" 6
is "what is to be decided comes first" "$(sed -n '/<table class="data fleet"/,/<\/table>/p' "$page" |
	grep '^<tr>' | head -n 1 | grep -c 'compose:shop/web')" 1
next_of() { # WORKLOAD: what is said to be next
	sed -n '/<table class="data fleet"/,/<\/table>/p' "$page" | grep -F "<bdi>$1</bdi>" |
		awk -F '</td>' '{ print $2 }' | sed -E 's/<small>.*//; s/<i[^>]*>[^<]*<\/i>//; s/<[^>]*>//g'
}
is "one with calls that its profile lacks" "$(next_of k8s:prod/api/app)" "patch"
is "one that hides what it refuses" "$(next_of docker:mute)" "make visible"
is "one of which evidence is missing, though it is silent" "$(next_of docker:idle)" "complete evidence"
is "one at the last stage" "$(next_of unit:backup.service)" "at kill"
page_has "no record is not no call" 'no record does not mean that nothing was called'

# ---- many --------------------------------------------------------------------------------------
"$builddir/tests/integration/make-report" "$work/many.db" 1000 1 &&
	"$builddir/tests/integration/make-report" "$work/deep.db" 1 3000 || bail "no ledger"
run --ledger "$work/many.db" report -o "$page"
written "1,006 workloads"
page_has "what is left out is said" '6 less urgent workloads are left out'
run --ledger "$work/deep.db" report docker:bulk-0 -o "$page"
written "3,000 calls"
page_has "and so it is here" '2000 more calls are left out of this page'
[ "$(stat -c %s "$page")" -lt 3000000 ]
result $? "the page stays below 3 MB"
done_testing
