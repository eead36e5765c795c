#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The house rules of docs/CODING_STYLE.md that a script can see. Each check is first shown a made-up
# tree that breaks it.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

MAX_FUNCTION=100
MAX_FILE=600

# Modules that are tested together: test-util covers lib/util; a module that is split over files, NAME.c
# or NAME-PART.c, has one test-NAME.
covered_elsewhere() { # TREE MODULE (lib/FOLDER/NAME)
	case $2 in
	lib/util/*) return 0 ;;
	lib/who/generated-name) return 0 ;; # test-workload
	lib/suggest/applied | lib/suggest/history | lib/suggest/open-calls | lib/suggest/sightings) return 0 ;; # test-gate-figures
	lib/state/docker | lib/state/podman | lib/state/state-file) return 0 ;; # test-container
	lib/state/rootless | lib/state/store) return 0 ;; # test-runtime
	lib/*/*-*) [ -e "$1/tests/unit/test-$(basename "${2%-*}").c" ] ;;
	*) return 1 ;;
	esac
}

product_c() { # TREE
	find "$1"/lib "$1"/daemon "$1"/ctl "$1"/include -name '*.[ch]' 2>/dev/null
}

all_text() { # TREE: everything that people edit; sample data is as it is
	find "$1" \( -name .git -o -name build -o -name build-aux -o -name m4 -o -name autom4te.cache \
		-o -path "$1/tests/data" -o -path "$1/tests/fuzz/corpus" -o -path "$1/_*" \) -prune -o \
		-type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.in' -o -name '*.ac' -o -name '*.am' \
		-o -name '*.md' -o -name '*.conf' -o -name '*.[1578]' -o -name quickstart -o -path '*/.ci/run' \) \
		! -name Makefile.in ! -name 'config.*' -print
}

find_missing_spdx() {
	all_text "$1" | grep -vE '\.(md|[1578])$' | xargs -r awk -v tree="$1/" '
	FNR <= 3 && /SPDX-License-Identifier: LGPL-2.1-or-later/ { has[FILENAME] = 1 }
	END { for (i = 1; i < ARGC; i++) if (!has[ARGV[i]]) print substr(ARGV[i], length(tree) + 1) }'
}

find_long_functions() {
	product_c "$1" | grep '\.c$' | xargs -r awk -v max="$MAX_FUNCTION" '
	/^[A-Za-z_].*[({]$|^[A-Za-z_].*\)$/ { head = FNR }
	/^{$/ { start = head ? head : FNR }
	/^}$/ && start { if (FNR - start + 1 > max) print FILENAME ":" start ": " FNR - start + 1 " lines"; start = 0; head = 0 }'
}

find_long_files() {
	{ product_c "$1" && find "$1/tests" -name '*.[ch]' -o -name '*.sh' 2>/dev/null; } | xargs -r wc -l | awk -v max="$MAX_FILE" '$2 != "total" && $1 > max { print $2 ": " $1 " lines" }'
}

find_banned_calls() {
	product_c "$1" | grep -v '/lib/util/parse\.c$' | xargs -r grep -nE \
		'\<(strto(u?ll?|u?l|d|f|imax|umax)|ato(i|l|ll|f)|strcpy|strcat|v?sprintf|gets|sscanf|system|popen)\(' |
		grep -vE ':[0-9]+:[[:space:]]*(/?\*|//)'
}

find_untested_modules() {
	find "$1/lib" -name '*.c' 2>/dev/null | sort | while read -r f; do
		local module=${f#"$1"/}
		module=${module%.c}
		[ -e "$1/tests/unit/test-${module##*/}.c" ] || covered_elsewhere "$1" "$module" || echo "$module.c"
	done
}

find_seedless_targets() {
	find "$1/tests/fuzz" -name 'fuzz-*.c' 2>/dev/null | while read -r f; do
		local name=${f##*/fuzz-}
		name=${name%.c}
		[ -n "$(find "$1/tests/fuzz/corpus/$name" -type f 2>/dev/null | head -n 1)" ] || echo "fuzz-$name.c"
	done
}

find_trailing_blanks() {
	all_text "$1" | xargs -r grep -nE '[[:blank:]]+$'
}

# Mutable objects in an archive, read from its symbols: constant tables with relocations
# (.data.rel.ro) are constant.
find_mutable_globals() { # ARCHIVE
	objdump -t "$1" 2>/dev/null | awk '
	$3 == "O" && $4 ~ /^\.(data|bss)(\.|$)/ && $4 !~ /rel\.ro/ { print $4, $NF }
	$2 == "O" && $3 ~ /^\.(data|bss)(\.|$)/ && $3 !~ /rel\.ro/ { print $3, $NF }'
}

# ---- the checks can fail -----------------------------------------------------------------------
bad=$(mktemp -d) || bail "mktemp failed"
trap 'rm -rf "$bad"' EXIT
mkdir -p "$bad"/lib/who "$bad"/tests/{unit,fuzz/corpus/empty} "$bad"/daemon
{
	echo 'static int counter;'
	echo 'static const char *const names[] = { "a" };'
	echo 'int f(const char *s);'
	printf 'int f(const char *s)\n{\n'
	for ((i = 0; i < 99; i++)); do echo '	counter++;'; done
	printf '	return atoi(s) + names[0][0]; \n}\n'
} >"$bad/lib/who/bad.c"
for ((i = 0; i <= MAX_FILE; i++)); do echo "/* $i */"; done >"$bad/daemon/long.h"
: >"$bad/tests/fuzz/fuzz-empty.c"

finds() { # NAME WANTED FUNCTION
	case $("$3" "$bad") in
	*$2*) ok "self-test: $1" ;;
	*) not_ok "self-test: $1" "$3 did not find $2" ;;
	esac
}
finds "a file without a licence line" "lib/who/bad.c" find_missing_spdx
finds "a function over $MAX_FUNCTION lines" "bad.c:4: 103 lines" find_long_functions
finds "a file over $MAX_FILE lines" "long.h" find_long_files
finds "a banned call" "atoi" find_banned_calls
finds "a module without a test" "lib/who/bad.c" find_untested_modules
finds "a fuzz target without seeds" "fuzz-empty.c" find_seedless_targets
finds "a blank at a line's end" "bad.c" find_trailing_blanks
if ${CC:-cc} -c -o "$bad/bad.o" "$bad/lib/who/bad.c" 2>/dev/null && command -v objdump >/dev/null; then
	is "self-test: a mutable global, and not a constant table" "$(find_mutable_globals "$bad/bad.o")" ".bss counter"
else
	skip "self-test: a mutable global" "no compiler or no objdump"
fi

# ---- the tree ----------------------------------------------------------------------------------
clean() { # NAME FUNCTION
	is "$1" "$("$2" "$top")" ""
}
clean "every file has its licence line" find_missing_spdx
clean "no function over $MAX_FUNCTION lines" find_long_functions
clean "no file over $MAX_FILE lines" find_long_files
clean "numbers are parsed and strings copied only with our own helpers" find_banned_calls
clean "every module of lib/ has a test of its name" find_untested_modules
clean "every fuzz target has a corpus" find_seedless_targets
clean "no blanks at line ends" find_trailing_blanks

archive=${builddir:-.}/lib/libseccompd.a
if [ ! -e "$archive" ] || ! command -v objdump >/dev/null; then
	skip "no mutable globals in lib/" "no $archive, or no objdump"
elif nm "$archive" 2>/dev/null | grep -qE '__(asan|tsan|sanitizer_cov)'; then
	skip "no mutable globals in lib/" "sanitizers add their own"
else
	is "no mutable globals in lib/" "$(find_mutable_globals "$archive")" ""
fi
done_testing
