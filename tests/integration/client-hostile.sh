#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Names that strangers choose: HTML, terminal escapes, marks that turn the direction of what follows, 4 KB of
# text, bytes that are no text. Whatever a verb prints of them is harmless, JSON stays JSON, and a page has
# them as text.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

command -v sqlite3 >/dev/null || skip_all "no sqlite3"
export LC_ALL=C.UTF-8
printf '[seccompd]\nWorkloadsDir=%s\n' "$work/workloads.d" >"$work/conf"
printf '{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}' >"$work/p.json"
"${builddir:?}/tests/integration/make-ledger" "$work/plain.db" complete || exit 99
long=$(head -c 4096 /dev/zero | tr '\0' L)

hex() { # TEXT
	printf %s "$1" | od -An -v -tx1 | tr -d ' \n'
}
hostile_ledger() { # NAME: docker:web is called so, as are its container, image and program
	local name file
	name=$(hex "$1")
	for file in '' -wal -shm; do cp "$work/plain.db$file" "$work/l.db$file" || return; done
	sqlite3 "$work/l.db" '.filectrl persist_wal 1' "UPDATE workload SET name=CAST(x'646f636b65723a$name' AS TEXT),
		container_name=CAST(x'$name$(hex "$long")' AS TEXT), image=CAST(x'$name' AS TEXT),
		profile_source=CAST(x'2f$name' AS TEXT) WHERE name='docker:web';
		UPDATE example SET comm=x'$name', exe=x'2f$name'; UPDATE host SET name=CAST(x'$name' AS TEXT)" >/dev/null
}
bad='[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf'
is_harmless() { # FILE...
	! LC_ALL=C grep -qaP "$bad" "$@" && cat "$@" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1
}
is_json() { # FILE
	! command -v jq >/dev/null || jq -e . <"$1" >/dev/null 2>&1
}

verbs=(status 'list --all' 'show NAME' 'gate NAME --to errno' "suggest NAME --profile $work/p.json"
	'decide NAME ptrace deny --why x' 'decide NAME --list' 'explain NAME'
	"promote NAME --to errno --profile $work/p.json" "diff $work/p.json $work/p.json --observed NAME"
	'top -b -n 1' 'doctor')
n=0
# All of it at once; a name that looks like an option; a long one.
for name in $'<script>alert(1)</script>"&\'\e[2J\e]0;title\a\xc2\x9b31ma\u202eb\u2066c\u200fd\u061ce\u2029two\nlines\r\xff\xfe\x80back\\slash' \
	--json "${long:0:240}"; do
	n=$((n + 1))
	hostile_ledger "$name" || bail "the ledger cannot be made"
	wrong='' json=''
	rm -rf "$work/workloads.d"
	for verb in "${verbs[@]}"; do
		read -ra words <<<"$verb"
		for i in "${!words[@]}"; do [ "${words[i]}" != NAME ] || words[i]=docker:$name; done
		run --config "$work/conf" --ledger "$work/l.db" "${words[@]}" </dev/null
		case $status in 0 | 1 | 2 | 5) ;; *) wrong+=" ${words[0]}: $status" ;; esac
		[ -s "$work/out" ] || [ -s "$work/err" ] || wrong+=" ${words[0]}: nothing"
		is_harmless "$work/out" "$work/err" || wrong+=" ${words[0]}"
		[ $n -eq 1 ] || continue
		[ "${words[0]}" != top ] || words+=(-d 100ms)
		run --config "$work/conf" --ledger "$work/l.db" "${words[@]}" --json </dev/null
		is_harmless "$work/out" "$work/err" || json+=" ${words[0]}"
		is_json "$work/out" || json+=" ${words[0]}"
	done
	is "name $n: every verb is harmless" "$wrong" ""
	run --config "$work/conf" --ledger "$work/l.db" list
	has "name $n: it is there" '^docker:(<script>.*&'"'"'\\x1B\[2J.*\\xE2\\x80\\xAEb|--json |LLLL)'
	is "name $n: so is its JSON, which is JSON" "$json" ""
	for page in all one; do
		words=(report -o "$work/page.html")
		[ $page = all ] || words+=(--profile "$work/p.json" -- "docker:$name")
		rm -f "$work/page.html"
		run --config "$work/conf" --ledger "$work/l.db" "${words[@]}"
		[ "$status" -eq 0 ] && is_harmless "$work/page.html" && ! grep -q '<script>alert' "$work/page.html"
		result $? "name $n: it is text in the page of $page"
	done
done
done_testing
