#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What bash, zsh and fish complete, against the program's own tables: getopt, asked for the option "--=x",
# lists all that it knows, and whoever is given a wrong value says which are right.
set -u
# shellcheck source=tests/integration/client-lib.sh
. "${srcdir:?}/tests/integration/client-lib.sh"

builddir=$(cd "${builddir:?}" && pwd)
export PATH=$builddir:$PATH HOME=$work XDG_CONFIG_HOME=$work/xdg XDG_DATA_HOME=$work/xdg XDG_CACHE_HOME=$work/xdg
unset ZDOTDIR
for f in bash/seccompctl zsh/_seccompctl fish/seccompctl.fish; do
	sed "s|@pkgdatadir@|$srcdir/completions|g" "$srcdir/completions/$f.in" >"$work/${f#*/}"
done
cd "$work" || bail "no $work"

# ---- the program's own tables
verbs=$("$ctl" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
known_options() { # [VERB]
	"$ctl" ${1:+"$1"} --=x 2>&1 | sed -n 's/.*possibilities: //p' | tr -d "'" | tr ' ' '\n' | sort
}
takes_value() { # OPTION [VERB]
	[[ $("$ctl" ${2:+"$2"} "$1=x" --=x 2>&1) != *"takes no value"* ]]
}
# "--to takes log or errno, not ...", whatever else the verb wants to know first.
right_values() { # OPTION VERB
	{
		"$ctl" "$2" x "$1" '?'
		"$ctl" "$2" x --to log "$1" '?'
	} 2>&1 </dev/null | sed -n "s/^seccompctl $2: $1 takes \(.*\), not \"?\".*/\1/p" | sed '1!d; s/ or /, /g; s/, /\n/g' | sort
}
table() { # [VERB]: as the completions read it
	"$ctl" ${1:+"$1"} --help | awk -v verb="${1-}" -f "$srcdir/completions/help.awk"
}

check "there are verbs" test "$(wc -l <<<"$verbs")" -ge 16
is "all verbs are read" "$(table | awk -F '\t' '$1 == "verb" { print $2 }')" "$verbs"
is "each with what it does" "$(table | awk -F '\t' '$1 == "verb" && length($3) < 10')" ""
wrong='' values='' n=0 lists=0
declare -A known
for verb in '' $verbs; do
	known[.$verb]=$(known_options "$verb")
	table "$verb" | awk -F '\t' '$1 == "option"' >"$work/table"
	[ "$(cut -f 2 "$work/table" | grep '^--' | sort)" = "${known[.$verb]}" ] || wrong+=" $verb"
	while read -r option argument; do
		n=$((n + 1))
		if takes_value "$option" "$verb"; then [ -n "$argument" ]; else [ -z "$argument" ]; fi ||
			wrong+=" $verb:$option"
	done < <(awk -F '\t' '$2 ~ /^--/ { print $2, $4 }' "$work/table")
	while IFS=$'\t' read -r option offered; do
		right=$(right_values "$option" "$verb")
		[ -z "$right" ] || { lists=$((lists + 1)) && [ "$(tr ' ' '\n' <<<"$offered" | sort)" = "$right" ]; } || values+=" $verb:$option"
	done < <([ -z "$verb" ] || awk -F '\t' '$5 != "" { print $2 "\t" $5 }' "$work/table")
done
check "there are options, and lists of values" test "$n" -ge 80 -a "$lists" -ge 12
is "each verb's --help and getopt know the same options" "$wrong" ""
is "each list of values is the one that the verb names" "$values" ""

# ---- workloads, one of which is called so that it hurts whom does not quote
ledger=$work/l.db
# shellcheck disable=SC2016
hostile='docker:$(touch pwned);`touch pwned` "x'
for name in docker:web docker:web-2 compose:shop/web "$hostile"; do
	"$ctl" replay "$srcdir/tests/data/capture.audit" --ledger "$ledger" --as "$name" >/dev/null 2>&1
done
names=$("$ctl" --ledger "$ledger" list --all --json | sed -n 's/^{"workload":"\(docker:web[^"]*\)".*/\1/p' | sort)
is "the ledger has workloads" "$(xargs <<<"$names")" "docker:web docker:web-2"
calls=$("$ctl" --ledger "$ledger" show docker:web --json | sed -n 's/.*"syscall":"\([a-z0-9_]*\)".*/\1/p' | sort -u)
check "and calls" test -n "$calls"
touch profile.json

# ---- each shell, the same questions: it prints each line with "> ", then the candidates
cat >"$work/ask.bash" <<'END'
. ./seccompctl
while IFS= read -r COMP_LINE; do
	COMP_POINT=${#COMP_LINE} COMPREPLY=()
	_seccompctl 2>>complaints
	printf '%s\n' "> $COMP_LINE" "${COMPREPLY[@]}"
done
END
cat >"$work/ask.fish" <<'END'
source ./seccompctl.fish
while read -l line
    printf '%s\n' "> $line"
    complete -C $line | string replace -r '\t.*' ''
end
END
# What is given to compadd, in a zsh with a terminal.
cat >"$work/ask.zsh" <<'END'
zmodload zsh/zpty || exit 1
zpty shell zsh -f -i
out=$PWD/candidates
zpty -w shell "PS1= TERM=dumb; cd ${(q)PWD}; fpath=(${(q)PWD} \$fpath); autoload -Uz compinit; compinit -u -D
	zstyle ':completion:*' completer _complete; zstyle ':completion:*' verbose no
	compadd() {
		local -a found
		if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd \"\$@\"; return; fi
		builtin compadd -O found \"\$@\"
		print -rl -- \"\${found[@]}\" >>${(q)out}
		builtin compadd \"\$@\"
	}
	ask() { zle complete-word; print -r -- DONE >>${(q)out}; BUFFER= }
	zle -C complete-word .complete-word _main_complete
	zle -N ask; bindkey '^T' ask; : >${(q)out}.ready"
integer tries
for ((tries = 0; tries < 200; tries++)); do [[ ! -e $out.ready ]] || break; sleep 0.05; done
while IFS= read -r line; do
	print -r -- "> $line"
	: >$out
	zpty -w -n shell "$line"$'\x14'
	for ((tries = 0; tries < 200; tries++)); do
		if [[ "$(<$out)" == *DONE* ]] break
		zpty -r -t shell junk
		sleep 0.02
	done
	print -r -- "${$(<$out)%DONE}"
done
zpty -d shell
END
# They read one table: zsh and fish are asked for the options of some verbs, bash for those of all.
asked="list suggest replay"
common=("seccompctl " "seccompctl --" "seccompctl st" "seccompctl gate x --to " "seccompctl promote x --to "
	"seccompctl suggest x --output json" "seccompctl lint pro" "seccompctl suggest x --profile pro"
	"seccompctl --ledger $ledger show " "seccompctl --ledger $ledger gate docker:web"
	"seccompctl --ledger $ledger diff a b --running compose"
	"seccompctl --ledger $ledger decide docker:web " "seccompctl --ledger $ledger decide docker:web x "
	"seccompctl --ledger $ledger show docker:\\\$"
	"seccompctl none " "seccompctl none --")

declare -A answers
answer() { # LINE: sorted
	[ -z "${answers[$1]-}" ] || sort -u <<<"${answers[$1]%$'\n'}"
}

ask() { # SHELL COMMAND...: all questions
	local line question verb questions=("${common[@]}")
	for verb in $asked; do questions+=("seccompctl $verb --"); done
	printf '%s\n' "${questions[@]}" | "${@:2}" >"$work/answers" 2>"$work/complaints"
	answers=()
	while IFS= read -r line; do
		case $line in
		'> '*) question=${line#> } ;;
		?*) answers[$question]+=${line% }$'\n' ;;
		esac
	done <"$work/answers"
}

# What a shell answered to all of it.
judge() { # SHELL
	local shell=$1 wrong='' verb
	is "$shell: is asked" "$(grep -c '^> ' "$work/answers")" "$((${#common[@]} + $(wc -w <<<"$asked")))"
	is "$shell: verbs" "$(answer "seccompctl ")" "$(sort <<<"$verbs")"
	is "$shell: options before the verb" "$(answer "seccompctl --")" "${known[.]}"
	for verb in $asked; do
		[ "$(answer "seccompctl $verb --")" = "${known[.$verb]}" ] || wrong+=" $verb"
	done
	is "$shell: options of verbs" "$wrong" ""
	is "$shell: a verb begun" "$(answer "seccompctl st")" status
	is "$shell: stages" "$(answer "seccompctl gate x --to " | xargs)" "errno kill"
	is "$shell: other stages" "$(answer "seccompctl promote x --to " | xargs)" "audit-all errno kill log"
	is "$shell: a value begun" "$(answer "seccompctl suggest x --output json" | xargs)" "json json-patch"
	is "$shell: files" "$(answer "seccompctl lint pro")" profile.json
	is "$shell: files as values" "$(answer "seccompctl suggest x --profile pro")" profile.json
	is "$shell: calls that were seen" "$(answer "seccompctl --ledger $ledger decide docker:web ")" "$calls"
	is "$shell: answers" "$(answer "seccompctl --ledger $ledger decide docker:web x " | xargs)" "allow deny errno= ignore"
	is "$shell: a verb that there is not" "$(answer "seccompctl none ")$(answer "seccompctl none --")" --help
	is "$shell: says nothing" "$(cat "$work/complaints")" ""
	check "$shell: no name was run" test ! -e "$work/pwned"
}

some=$asked asked=$verbs
ask bash bash --norc "$work/ask.bash"
judge bash
asked=$some
is "bash: workloads, without what precedes the colon" \
	"$(answer "seccompctl --ledger $ledger gate docker:web" | xargs)" "web web-2"
is "bash: as a value" "$(answer "seccompctl --ledger $ledger diff a b --running compose")" compose:shop/web
is "bash: a name that hurts is quoted" "$(eval "printf '%s\n' docker:$(answer "seccompctl --ledger $ledger show docker:\\\$")")" "$hostile"
is "bash: all names" "$(answer "seccompctl --ledger $ledger show " | wc -l)" 4

for shell in zsh fish; do
	if ! command -v "$shell" >/dev/null; then
		skip "$shell" "it is not installed"
		continue
	fi
	case $shell in
	zsh) ask zsh zsh -f "$work/ask.zsh" ;;
	fish) ask fish fish --no-config "$work/ask.fish" ;;
	esac
	judge "$shell"
	is "$shell: workloads" "$(answer "seccompctl --ledger $ledger gate docker:web" | xargs)" "docker:web docker:web-2"
	is "$shell: all names" "$(answer "seccompctl --ledger $ledger show " | wc -l)" 4
done
done_testing
