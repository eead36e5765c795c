#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks every #include of lib/, daemon/, ctl/ and include/ against the table in
# docs/ARCHITECTURE.md ("Layers"): which of our folders a folder may use, and where each foreign
# library may appear. Before it judges the tree it shows on made-up trees that it can fail.
set -u
top=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
# shellcheck source=tests/lib/tap.sh
. "$top/tests/lib/tap.sh"

# Headers of libc, of the compiler and of the kernel's user interface: free for all.
FREE='emmintrin.h linux/* sys/* netinet/* arpa/* asm/* net/* assert.h byteswap.h ctype.h dirent.h dlfcn.h endian.h
err.h errno.h fcntl.h fnmatch.h getopt.h grp.h inttypes.h libgen.h limits.h locale.h malloc.h math.h mqueue.h
poll.h pthread.h pwd.h sched.h semaphore.h signal.h spawn.h stdalign.h stdarg.h stdatomic.h stdbool.h
stddef.h stdint.h stdio.h stdio_ext.h stdlib.h string.h strings.h syslog.h termios.h threads.h
time.h unistd.h wchar.h'

# The table as lines "FOLDER|OURS|FOREIGN"; foreign headers with "!" are for one file only.
read_table() { # ARCHITECTURE.md
	awk -F'|' '
	/^\| folder \|/ { in_table = 1; next }
	in_table && !/^\|/ { in_table = 0 }
	in_table && $2 !~ /^-+$/ {
		gsub(/[ `]/, "", $2); gsub(/`/, "", $4); gsub(/`/, "", $5)
		gsub(/ \(one file\)/, "!", $5); gsub(/[,-]/, " ", $4); gsub(/,/, " ", $5)
		gsub(/(^| )- *$/, "", $5); sub(/\/$/, "", $2)
		print $2 "|" $4 "|" $5
	}' "$1"
}

matches() { # NAME PATTERN...: is the name one of these globs (a trailing "!" is ignored)?
	local name=$1 pattern
	shift
	for pattern; do
		# shellcheck disable=SC2053
		[[ $name == ${pattern%!} ]] && return 0
	done
	return 1
}

# The folder of ours that a quoted include names, as the table spells it: into $target.
find_folder() { # TREE FOLDER INCLUDE
	local tree=$1 inc=$3
	target=$2
	case $inc in
	*/*)
		target=${inc%%/*}
		if [ "$target" = seccompd ]; then
			target=include/seccompd
		elif [ -d "$tree/lib/$target" ]; then
			target=lib/$target
		fi
		;;
	esac
}

# Prints one line per breach of FOLDER's row.
check_folder() { # TREE FOLDER OURS FOREIGN
	local tree=$1 folder=$2 foreign=$4 file line inc target
	local -a ours foreigns free
	read -ra ours <<<"$3"
	read -ra foreigns <<<"$foreign"
	set -f
	# shellcheck disable=SC2206
	free=($FREE)
	set +f
	while IFS=: read -r file line inc; do
		file=${file#"$tree"/}
		case $inc in
		\"*)
			inc=${inc//\"/}
			find_folder "$tree" "$folder" "$inc"
			[ "$target" = "$folder" ] && continue
			[ "$inc" = config.h ] && continue
			matches "${target#lib/}" ${ours[@]+"${ours[@]}"} && continue
			matches "${target%%/*}" ${ours[@]+"${ours[@]}"} && continue
			echo "$file:$line: $folder/ may not include \"$inc\""
			;;
		\<*)
			inc=${inc//[<>]/}
			matches "$inc" "${free[@]}" && continue
			matches "$inc" ${foreigns[@]+"${foreigns[@]}"} && continue
			echo "$file:$line: $folder/ may not include <$inc>"
			;;
		esac
	done < <(find "$tree/$folder" -maxdepth 1 -name '*.[ch]' -exec \
		grep -HnoE '^[[:space:]]*#[[:space:]]*include[[:space:]]+("[^"]+"|<[^>]+>)' {} + |
		sed -E 's/^([^:]*:[0-9]+:).*include[[:space:]]+/\1/')
	for inc in "${foreigns[@]}"; do
		[ "${inc%!}" != "$inc" ] || continue
		local users
		users=$(find "$tree/$folder" -maxdepth 1 -name '*.[ch]' -exec grep -lF "<${inc%!}>" {} + | wc -l)
		[ "$users" -le 1 ] || echo "$folder: <${inc%!}> belongs in one file and is in $users"
	done
}

# All breaches of a tree; a source folder without a row is one.
check_tree() { # TREE TABLE
	local tree=$1 table=$2 folder ours foreign
	while IFS='|' read -r folder ours foreign; do
		[ -d "$tree/$folder" ] && check_folder "$tree" "$folder" "$ours" "$foreign"
	done <<<"$table"
	find_without_row "$tree" "$table"
}

find_without_row() { # TREE TABLE
	local tree=$1 table=$2 folder
	while read -r folder; do
		grep -q "^$folder|" <<<"$table" || echo "$folder: has no row in the table"
	done < <(cd "$tree" && find lib daemon ctl include -name '*.[ch]' -printf '%h\n' 2>/dev/null | sort -u)
}

table=$(read_table "$top/docs/ARCHITECTURE.md")

# A tree that is sound but for one line must give exactly one breach, naming that line's include.
self_test() { # NAME FILE LINE WANTED
	local tree out
	tree=$(mktemp -d) || bail "mktemp failed"
	mkdir -p "$tree"/lib/{util,audit,who,state,profile,evidence,suggest} "$tree"/{daemon,ctl,include/seccompd}
	printf '#include "util/a.h"\n#include <stdio.h>\n' >"$tree/lib/audit/a.c"
	printf '#include <libaudit.h>\n' >"$tree/lib/audit/b.c"
	printf '#include "who/a.h"\n#include <json-c/json.h>\n' >"$tree/lib/state/a.c"
	printf '#include "suggest/a.h"\n#include "seccompd/x.h"\n#include "own.h"\n' >"$tree/daemon/a.c"
	[ -z "$3" ] || { mkdir -p "$tree/${2%/*}" && printf '%s\n' "$3" >>"$tree/$2"; }
	out=$(check_tree "$tree" "$table")
	rm -rf "$tree"
	# shellcheck disable=SC2254 # wanted is a pattern
	case "$(printf '%s' "$out" | grep -c .):$out" in
	$4) ok "self-test: $1" ;;
	*) not_ok "self-test: $1" "got: $out" ;;
	esac
}

[ "$(wc -l <<<"$table")" -ge 10 ] || bail "no layer table found in docs/ARCHITECTURE.md"
self_test "a sound tree has no breach" - "" "0:"
self_test "a lower layer that uses an upper one" lib/util/x.c '#include "audit/a.h"' "1:lib/util/x.c:1:*audit/a.h*"
self_test "a neighbour that the row does not list" lib/who/x.c '#  include "profile/a.h"' "1:*profile/a.h*"
self_test "the client uses the daemon" ctl/x.c '#include "daemon/a.h"' "1:*daemon/a.h*"
self_test "the contract uses the library" include/seccompd/x.h '#include "util/a.h"' "1:*util/a.h*"
self_test "a library outside its folder" lib/who/x.c '#include <json-c/json.h>' "1:*json-c/json.h*"
self_test "a library that nobody knows" ctl/x.c '#include <curl/curl.h>' "1:*curl/curl.h*"
self_test "libaudit in a second file" lib/audit/x.c '#include <libaudit.h>' "1:*belongs in one file*"
self_test "a folder without a row" lib/new/x.c '#include <stdio.h>' "1:lib/new: has no row*"

while IFS='|' read -r folder ours foreign; do
	[ -d "$top/$folder" ] || continue
	breaches=$(check_folder "$top" "$folder" "$ours" "$foreign")
	if [ -z "$breaches" ]; then
		ok "includes of $folder"
	else
		not_ok "includes of $folder" "$breaches"
	fi
done <<<"$table"
is "every source folder has a row" "$(find_without_row "$top" "$table")" ""
done_testing
