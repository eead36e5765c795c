#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Static analysers over all code of the product: gcc -fanalyzer, clang-tidy (.clang-tidy names its checks)
# and cppcheck. A finding is a failure. ANALYSE="lib/audit ctl/main.c" looks at these alone.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"

e2e_begin
cd "$top" || bail "no source"
# shellcheck disable=SC2086
mapfile -t files < <(find ${ANALYSE:-lib daemon ctl} -name '*.c' | sort)
# One per line, as clang-tidy reads them; gcc wants its quotes protected.
make -s -C "$E2E_BUILD" analyser-flags | sed "s|^-I\([^/]\)|-I$E2E_BUILD/\1|" >"$E2E_DIR/compile_flags.txt"
[ -s "$E2E_DIR/compile_flags.txt" ] || bail "make does not tell the flags"
sed 's/["\\ ]/\\&/g' "$E2E_DIR/compile_flags.txt" >"$E2E_DIR/flags"

# malloc-leak is left out: gcc 12 loses sight of what is stored behind a pointer that the function was given
# (each realloc into a struct is a leak to it). LeakSanitizer looks for these in every test.
# What stands on a line with (or behind one with) "gcc-analyzer: reason" has been answered there.
gcc_one() { # FILE
	local log file line status=0
	log=$(mktemp "$E2E_DIR/gcc.XXXXXX")
	gcc "@$E2E_DIR/flags" -O0 -fanalyzer -Wno-analyzer-malloc-leak -c -o /dev/null "$1" 2>"$log" || cat "$log"
	while IFS=: read -r file line _; do
		sed -n "$((line - 1)),${line}p" "$file" | grep -q 'gcc-analyzer: ' || status=1
	done < <(grep -E '^[^ :]+:[0-9]+:[0-9]+: (warning|error):' "$log")
	[ "$status" = 0 ] || cat "$log"
	! grep -qE '^cc1: |: error:' "$log" && return "$status"
}

tidy_one() { # FILE
	clang-tidy --quiet -p "$E2E_DIR" --config-file="$top/.clang-tidy" "$1" 2>/dev/null
}

export E2E_DIR top
export -f gcc_one tidy_one

each() { # FUNCTION: on all files, as many at a time as there are processors
	printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c "$1 {}"
}

# memleak is left out as in .clang-tidy. ctuArrayIndex takes the size of a caller's buffer for an index.
cppcheck_all() {
	local of_ours
	mkdir "$E2E_DIR/cppcheck"
	mapfile -t of_ours < <(grep '^-[DI]' "$E2E_DIR/compile_flags.txt" | grep -v ' ')
	cppcheck -q -j "$(nproc)" --cppcheck-build-dir="$E2E_DIR/cppcheck" --std=c11 --library=gnu --inline-suppr --suppress=memleak --suppress=ctuArrayIndex \
		--enable=warning,performance,portability --error-exitcode=1 \
		"${of_ours[@]}" "${files[@]}"
}

analyse() { # PROGRAM COMMAND...
	local name start=$SECONDS
	command -v "$1" >/dev/null || { skip "$1" "$1 is not installed" && return; }
	name=$("$1" --version | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)
	check "$1 $name has nothing to say of ${#files[@]} files" "${@:2}"
	diag "$1: $((SECONDS - start)) s"
}

analyse gcc each gcc_one
analyse clang-tidy each tidy_one
analyse cppcheck cppcheck_all
done_testing
