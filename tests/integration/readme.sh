#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the README shows is there: the session that tests/readme-session.sh makes, in the form that the client
# has now; each verb and option, by --help; each link, file and manual page. The judges are judged too: by a
# page in which all of that is wrong.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

page=$srcdir/README.md

fenced() { # PAGE: what stands in blocks
	awk '/^```/ { on = !on; next } on' "$1"
}
quoted() { # PAGE: what stands in `...` outside of them, one a line
	awk '/^```/ { on = !on; next } !on' "$1" | tr '\n' ' ' | grep -o '`[^`]*`' | tr -d '`'
}
session() { # PAGE
	sed -n '/^<!-- session: made by tests\/readme-session.sh -->$/,/^<!-- end of session -->$/p' "$1"
}

# ---- commands: a line of a block that is one, or `seccompctl ...`, or `VERB --option ...`
verbs=$("$ctl" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
"$ctl" --help >"$work/help."
for verb in $verbs; do "$ctl" "$verb" --help >"$work/help.$verb"; done
commands() { # PAGE
	fenced "$1" | sed -n 's/^ *\(\$ \)\{0,1\}seccompctl /seccompctl /p'
	quoted "$1" | grep -E "^seccompctl |^($(tr '\n' '|' <<<"$verbs")none) --"
}
wrong_options() { # VERB WORD...: those that its help has not
	local word
	for word in "${@:2}"; do
		case $word in
		'#'* | '>' | '|' | '&&' | ';') break ;;
		--* | -[a-z]) grep -qE -e "(^|[^a-z-])$word([^a-z-]|\$)" "$work/help.$1" || echo "${1:-seccompctl} $word" ;;
		esac
	done
}
wrong_commands() { # PAGE
	local -a word
	commands "$1" | while read -ra word; do
		[ "${word[0]}" != seccompctl ] || word=("${word[@]:1}")
		while [[ ${word[0]:-} == --* ]]; do
			wrong_options '' "${word[0]}"
			[[ ${word[0]} != --@(config|ledger) ]] || word=("${word[@]:1}")
			word=("${word[@]:1}")
		done
		[ "${#word[@]}" != 0 ] || continue
		if [ -e "$work/help.${word[0]}" ]; then
			wrong_options "${word[@]}"
		else
			echo "no verb ${word[0]}"
		fi
	done
}

# ---- links, files and manual pages; what a build or a distribution makes is not named with a folder of ours
wrong_files() { # PAGE
	local name
	{
		grep -o '](\([^)]*\))' "$1" | sed 's/^](//; s/)$//; s/#.*//' | grep -v '^https\{0,1\}://'
		{
			quoted "$1"
			fenced "$1"
		} | grep -oE '(^|[ (])(\./)?(tests|docs|contrib|debian|systemd|man|completions|include|lib)/[A-Za-z0-9_./-]*[A-Za-z0-9_]' |
			sed 's/^[ (./]*//'
	} | sort -u | while read -r name; do
		[ -e "$srcdir/$name" ] || echo "no $name"
	done
	grep -oE '\bseccomp(d|ctl)[a-z.-]*\([1-8]\)' "$1" | sort -u | sed 's/(\([1-8]\))/.\1/' | while read -r name; do
		[ -e "$srcdir/man/$name" ] || echo "no $name"
	done
	quoted "$1" | grep '^\./quickstart' | cut -d' ' -f2 | while read -r name; do
		grep -qE "^$name\)|^$name \|" "$srcdir/quickstart" || echo "no quickstart $name"
	done
}

is "each command of the page has its verb and its options" "$(wrong_commands "$page")" ""
check "and there are commands" test "$(commands "$page" | wc -l)" -ge 20
is "each file, link and manual page is there" "$(wrong_files "$page")" ""
check "the page is short" test "$(wc -l <"$page")" -le 320

# ---- the session
session "$page" >"$work/session"
is "the session has its commands, in their order" "$(sed -n 's/^\$ \([a-z]* [a-z]*\).*/\1/p' "$work/session" | xargs)" \
	"podman run seccompctl list seccompctl show seccompctl suggest seccompctl gate"
check "it tells of nobody's machine" test -z "$(grep -nE '/(tmp|home|root|work|var)/|--(root|runroot|ledger|config)' "$work/session")"
"$builddir/tests/integration/make-ledger" "$work/ledger.db" complete || exit 99
heading() { # FIRST-WORD: the columns of a table
	grep -m 1 "^$1  " | xargs
}
is "list has the columns that it shows" "$(heading WORKLOAD <"$work/session")" \
	"$("$ctl" --ledger "$work/ledger.db" list --all | heading WORKLOAD)"
is "and show" "$(heading ARCH <"$work/session")" "$("$ctl" --ledger "$work/ledger.db" show docker:web | heading ARCH)"
is "and gate" "$(heading CRITERION <"$work/session")" \
	"$("$ctl" --ledger "$work/ledger.db" gate docker:web --to errno | heading CRITERION)"
check "the script that makes it can be run" test -x "$srcdir/tests/readme-session.sh"
check "and HACKING.md tells of it" grep -q 'tests/readme-session\.sh' "$srcdir/docs/HACKING.md"

# ---- the judges
cat >"$work/wrong.md" <<'END'
`seccompctl frobnicate x`, `suggest --sideways`, see seccompctl-none(7), [this](docs/NONE.md#part) and
`tests/none.sh`; `./quickstart walk` and `seccompctl --upwards list`, but `seccompctl list --json`.
```
$ seccompctl --ledger a.db show web --downwards   # --not-this
  seccompctl nothing
contrib/none.yaml
```
END
is "a wrong command is found" "$(wrong_commands "$work/wrong.md" | sort | paste -sd,)" \
	"no verb frobnicate,no verb nothing,seccompctl --upwards,show --downwards,suggest --sideways"
is "a wrong name is found" "$(wrong_files "$work/wrong.md" | sort | paste -sd,)" \
	"no contrib/none.yaml,no docs/NONE.md,no quickstart walk,no seccompctl-none.7,no tests/none.sh"
done_testing
