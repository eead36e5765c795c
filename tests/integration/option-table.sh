# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The options that a program's getopt knows, out of its tables: "NAME 1" for each that takes a value, else
# "NAME 0". A name of capitals in a table is a macro of a header with more of it. A verb
# that knows --json only to say that it has none has none.

option_table() { # [VERB | seccompd]
	local files=("$srcdir/ctl/main.c")
	case ${1-} in
	'') ;;
	seccompd) files=("$srcdir/daemon/main.c") ;;
	*)
		files=("$srcdir/ctl/verb-$1.c")
		[ ! -e "$srcdir/ctl/$1-options.c" ] || files+=("$srcdir/ctl/$1-options.c")
		;;
	esac
	cat "$srcdir"/ctl/*.h "${files[@]}" | awk '
	function take(line) {
		while (match(line, /\{[ \t]*"[a-z-]+", *(no|required|optional)_argument/)) {
			split(substr(line, RSTART, RLENGTH), part, "\"")
			print part[2], part[3] ~ /no_argument/ ? 0 : 1
			line = substr(line, RSTART + RLENGTH)
		}
	}
	macro != "" {
		more = sub(/\\$/, "")
		body[macro] = body[macro] " " $0
		if (!more)
			macro = ""
		next
	}
	/^#define [A-Z_]+[ \t]*\\$/ { macro = $2; next }
	/^#define [A-Z_]+[ \t]/ { body[$2] = $0; next }
	/struct option [a-z_]+\[\] = \{/ { on = 1; next }
	/^\t*\};/ { on = 0 }
	on {
		take($0)
		name = $1
		sub(/,.*/, "", name)
		if (name in body)
			take(body[name])
	}' | if grep -q 'has no --json' "${files[@]}"; then
		grep -v '^json '
	else
		cat
	fi | sort -u
}
