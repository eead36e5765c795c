#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes syscall-table.h and syscall-table-own.h, beside this script, from the kernel's own tables as
# Debian packages them:
#
#   apt-get download linux-source-7.3 linux-source-6.12 linux-source-6.1
#   lib/audit/make-syscall-table.sh linux-source-7.3_*.deb linux-source-6.12_*.deb \
#           linux-source-6.1_*.deb
#
# The newest comes first. An architecture is taken from the first package that has its table, so the
# older ones supply what Linux has dropped since (31-bit s390, ia64).
set -eu -o pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

trees=()
sources=
for deb; do
	tree=$work/${#trees[@]}
	mkdir "$tree"
	dpkg-deb --fsys-tarfile "$deb" | tar -xO --wildcards './usr/src/linux-source-*.tar.xz' | xz -dc |
		tar -x -C "$tree" --strip-components=1 --wildcards '*.tbl' '*/arch/*/kernel/Makefile*' \
			'*/arch/*/include/uapi/asm/unistd.h'
	trees+=("$tree")
	sources+=" *   $(dpkg-deb -f "$deb" Package) $(dpkg-deb -f "$deb" Version)"$'\n'
done

# Prints "NAME NUMBER CALL" for the calls of one table that are of these kinds ("common" always).
# Names of holes ("reserved221", "unused18", "available302") are not the kernel's words for a call.
calls() { # NAME TABLE KINDS BASE
	local tree
	for tree in "${trees[@]}"; do
		[ -e "$tree/$2" ] || continue
		awk -v name="$1" -v kinds=" common $3 " -v base="$4" '
		/^[0-9]/ && index(kinds, " " $2 " ") && $3 !~ /^((available|reserved|unused)[0-9]+|ni_syscall)$/ {
			print name, $1 + base, $3
		}' "$tree/$2"
		return
	done
	echo "no package has $2" >&2
	return 1
}

# The architectures that share scripts/syscall.tbl say in a makefile which kinds of rows are theirs.
generic() { # NAME FOLDER BITS
	local kinds header=${trees[0]}/arch/$2/include/uapi/asm/unistd.h
	kinds=$(sed -n "s/^syscall_abis_$3 +=//p" "${trees[0]}/arch/$2/kernel/Makefile.syscalls")
	calls "$1" scripts/syscall.tbl "$3 $kinds" 0
	# Where the arguments are swapped the number has another name in the header alone.
	if grep -q '^#define __NR_sync_file_range2 84$' "$header"; then
		echo "$1 84 sync_file_range2"
	fi
}

arm_private() {
	sed -nE 's/^#define __ARM_NR_([a-z0-9_]+)\t+\(__ARM_NR_BASE\+([0-9]+)\)$/\1 \2/p' \
		"${trees[0]}/arch/arm/include/uapi/asm/unistd.h" | while read -r call number; do
		echo "arm $((0x0f0000 + number)) $call"
	done
}

all_calls() {
	local f=kernel/syscalls/syscall.tbl
	calls alpha arch/alpha/$f "" 0
	generic arc arc 32
	generic aarch64 arm64 64
	calls arm arch/arm/tools/syscall.tbl eabi 0
	arm_private
	generic csky csky 32
	generic hexagon hexagon 32
	calls ia64 arch/ia64/$f "" 1024
	calls i386 arch/x86/entry/syscalls/syscall_32.tbl i386 0
	generic loongarch32 loongarch 32
	generic loongarch64 loongarch 64
	calls m68k arch/m68k/$f "" 0
	calls microblaze arch/microblaze/$f "" 0
	calls mips arch/mips/kernel/syscalls/syscall_o32.tbl o32 4000
	calls mips64 arch/mips/kernel/syscalls/syscall_n64.tbl n64 5000
	calls mips64n32 arch/mips/kernel/syscalls/syscall_n32.tbl n32 6000
	generic nios2 nios2 32
	generic openrisc openrisc 32
	calls parisc arch/parisc/$f 32 0
	calls parisc64 arch/parisc/$f 64 0
	calls ppc arch/powerpc/$f "nospu 32" 0
	calls ppc64 arch/powerpc/$f "nospu 64" 0
	generic riscv32 riscv 32
	generic riscv64 riscv 64
	# The newest table of s390 is that of 64 bits alone, so all of it is "common".
	calls s390x arch/s390/$f 64 0
	(trees=("${trees[@]:1}") && calls s390 arch/s390/$f 32 0)
	calls sh arch/sh/$f "" 0
	calls sparc arch/sparc/$f 32 0
	calls sparc64 arch/sparc/$f 64 0
	calls x32 arch/x86/entry/syscalls/syscall_64.tbl x32 0
	calls x86_64 arch/x86/entry/syscalls/syscall_64.tbl 64 0
	calls xtensa arch/xtensa/$f "" 0
}

# NAME FAMILY BASE WORD...: FAMILY is the table of the numbers below 424 ("-": libseccomp has all of
# them), shared by those that differ in few calls. BASE is where numbers begin; the numbers from 424
# on are the same everywhere, counted from BASE, or from 110 on alpha.
tables='
aarch64 generic64 0 0xc00000b7
alpha alpha 0 0xc0009026
arc old32 0 0x400000c3 0x000000c3 0x4000005d 0x0000005d
arm arm 0 0x40000028 0x00000028
csky old32 0 0x400000fc
hexagon old32 0 0x000000a4
i386 - 0 0x40000003
ia64 ia64 1024 0xc0000032
loongarch32 generic32 0 0x40000102
loongarch64 generic64 0 0xc0000102
m68k m68k 0 0x00000004
microblaze microblaze 0 0x000000bd
mips - 4000 0x00000008 0x40000008
mips64 - 5000 0x80000008 0xc0000008
mips64n32 - 6000 0xa0000008 0xe0000008
nios2 old32 0 0x40000071
openrisc old32 0 0x0000005c
parisc - 0 0x0000000f
parisc64 - 0 0x8000000f
ppc - 0 0x00000014
ppc64 - 0 0x80000015 0xc0000015
riscv32 generic32 0 0x400000f3
riscv64 generic64 0 0xc00000f3
s390 - 0 0x00000016
s390x - 0 0x80000016
sh sh 0 0x0000002a 0x4000002a
sparc sparc 0 0x00000002
sparc64 sparc64 0 0x8000002b
x32 - 0 0x4000003e
x86_64 - 0 0xc000003e
xtensa xtensa 0 0x0000005e
'

# Calls below 424 that libseccomp 2.5 lacks on architectures that it knows.
newer='uretprobe uprobe riscv_hwprobe'

head_of() { # WHAT
	cat <<END
/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * $1
 *
 * Made by make-syscall-table.sh; do not edit. Included by syscall-supplement.c only. From the
 * tables (arch/.../syscall.tbl, scripts/syscall.tbl, asm/unistd.h) in Debian's packages
 *
$sources *
 * A row holds the names of 20 numbers, beginning with a multiple of 20; "-" is none.
 */
/* clang-format off */
END
}

# libseccomp's names are used before these: where it is wrong, a person must look.
compare_with_libseccomp() {
	local name theirs ours base offset nr
	while read -r name _ base _; do
		[ -n "$name" ] || continue
		scmp_sys_resolver -a "${name/i386/x86}" 0 >/dev/null 2>&1 || continue
		offset=$base
		[ "$name" != x32 ] || offset=0x40000000
		for ((nr = base; nr < base + 600; nr++)); do
			theirs=$(scmp_sys_resolver -a "${name/i386/x86}" $((nr - base + offset)))
			ours=$(sed -n "s/^$name $nr //p" "$work/calls" | tail -n 1)
			[ "$theirs" = UNKNOWN ] || [ "$theirs" = "$ours" ] ||
				echo "libseccomp: $name $nr is $theirs and not ${ours:-a call}" >&2
		done
	done <<<"$tables"
}

all_calls >"$work/calls"
if command -v scmp_sys_resolver >/dev/null; then compare_with_libseccomp; fi
out=$(dirname "$0")
shared=$work/shared.h
own=$work/own.h
head_of "The calls that many architectures share, and what each architecture has of them." >"$shared"
head_of "The calls below number 424 of architectures with a table of their own." >"$own"
printf '%s' "$tables" | awk -v newer=" $newer " -v first=424 -v shared="$shared" -v own="$own" '
# The file of calls comes second, after the list of architectures.
NR == FNR { if (NF) { family[$1] = $2; base[$1] = $3; words[$1] = NF - 3
	for (i = 4; i <= NF; i++) word[$1, i - 3] = $i
	names[++n_names] = $1; offset[$1] = $1 == "alpha" ? 110 : $3 } next }
{
	nr = $2 - offset[$1]
	call[$1, $2 - base[$1]] = $3
	if (!is_common(nr)) next
	if (nr > last[$1]) last[$1] = nr
	if (!(nr in common)) { common[nr] = $3; if (nr > newest) newest = nr }
	if (common[nr] != $3) {
		print $1 ": " nr " is " $3 " and not " common[nr] >"/dev/stderr"
		failed = 1
	}
}
# From 512 on x32 has numbers of its own, which libseccomp knows.
function is_common(nr) { return nr >= first && nr < 512 }
function row_text(table, from,   i, s) {
	for (i = from; i < from + 20; i++)
		s = s (i > from ? " " : "") ((table, i) in value ? value[table, i] : "-")
	return s
}
# A string, broken at blanks so that no line is too long.
function put_row(text, from,   line, n, parts, i) {
	n = split(text, parts, " ")
	line = sprintf("\t/* %3d */ \"", from)
	for (i = 1; i <= n; i++) {
		if (length(line) + length(parts[i]) > 90) { print line "\"" >file; line = "\t\t  \"" }
		line = line parts[i] (i < n ? " " : "")
	}
	print line "\"," >>file
}
function put_table(table, from, to) {
	print "\nstatic const char *const " table "_rows[] = {" >>file
	for (; from <= to; from += 20) put_row(row_text(table, from), from)
	print "};" >>file
}
function special(name, nr, text,   i) {
	for (i = 1; i <= words[name]; i++)
		printf "%s %06d { %s, %d, %s },\n", word[name, i], nr, word[name, i], nr, text | sorter
}
END {
	if (failed) exit 1
	sorter = "LC_ALL=C sort | cut -d\" \" -f3- | sed \"s/^/\t/\" >>\"" shared "\""
	tables_sorter = "LC_ALL=C sort | sed \"s/^  {\t/\t{ /\" >>\"" shared "\""
	# What all architectures of a family have in common is its table.
	for (i = 1; i <= n_names; i++) {
		f = family[names[i]]
		if (f == "-") continue
		if (!(f in top)) { top[f] = -1; order[++n_families] = f }
		limit = names[i] == "alpha" ? first + 110 : first
		for (k = 0; k < limit; k++) {
			c = (names[i], k) in call ? call[names[i], k] : "-"
			if (!((f, k) in value)) value[f, k] = c
			else if (value[f, k] != c) value[f, k] = "-"
			if (c != "-" && k > top[f]) top[f] = k
		}
	}
	for (k = first; k <= newest; k++) value["common", k] = k == 447 ? "-" : common[k]
	file = shared
	put_table("common", first - first % 20, newest)
	for (i = 1; i <= n_families; i++) {
		file = order[i] ~ /^(old32|generic)/ ? shared : own
		put_table(order[i], 0, top[order[i]])
	}
	print "/* clang-format on */" >>own
	file = shared
	print "\n/* What an architecture has and its table has not; NULL: what it lacks. In order. */" >>file
	print "static const Special specials[] = {" >>file
	fflush(file)
	for (i = 1; i <= n_names; i++) {
		name = names[i]; f = family[name]
		for (key in call) {
			split(key, part, SUBSEP)
			if (part[1] != name) continue
			k = part[2] + 0; c = call[key]
			nr = k + base[name] - offset[name]
			if (is_common(nr) ? value["common", nr] == c : f != "-" && value[f, k] == c) continue
			if (f == "-" && !is_common(nr) && k < 983040 && !index(newer, " " c " ")) continue
			special(name, k, "\"" c "\"")
		}
		for (nr = first; nr <= last[name]; nr++)
			if (value["common", nr] != "-" && !((name, nr + offset[name] - base[name]) in call))
				special(name, nr + offset[name] - base[name], "NULL")
	}
	close(sorter)
	print "};\n" >>file
	print "/* Where the numbers begin, and the common ones, and the last of these. In order. */" >>file
	print "static const Table tables[] = {" >>file
	fflush(file)
	for (i = 1; i <= n_names; i++)
		for (k = 1; k <= words[names[i]]; k++) {
			f = family[names[i]]
			printf "  {\t%s, %d, %d, %d, %s },\n", word[names[i], k], base[names[i]], offset[names[i]],
				last[names[i]], f == "-" ? "NULL, 0" : f "_rows, ELEMENTSOF(" f "_rows)" | tables_sorter
		}
	close(tables_sorter)
	print "};\n/* clang-format on */" >>file
}' - "$work/calls"
mv "$work/shared.h" "$out/syscall-table.h"
mv "$work/own.h" "$out/syscall-table-own.h"
