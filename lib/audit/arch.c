/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/audit.h>

#include "audit/arch.h"

typedef struct Arch {
	uint32_t word;
	const char *name;
	const char *scmp; /* NULL where profiles have no name for it */
} Arch;

/*
 * The words are written out, so that a record from a newer architecture is named on a build host
 * with older headers; what the build host's headers define is checked below.
 */
static const Arch arches[] = {
	{ 0xc000003e, "x86_64", "SCMP_ARCH_X86_64" },
	{ 0x40000003, "i386", "SCMP_ARCH_X86" },
	{ 0x4000003e, "x32", "SCMP_ARCH_X32" },
	{ 0xc00000b7, "aarch64", "SCMP_ARCH_AARCH64" },
	{ 0x40000028, "arm", "SCMP_ARCH_ARM" },
	{ 0x00000028, "armeb", NULL },
	{ 0x00000014, "ppc", "SCMP_ARCH_PPC" },
	{ 0x80000015, "ppc64", "SCMP_ARCH_PPC64" },
	{ 0xc0000015, "ppc64le", "SCMP_ARCH_PPC64LE" },
	{ 0x00000016, "s390", "SCMP_ARCH_S390" },
	{ 0x80000016, "s390x", "SCMP_ARCH_S390X" },
	{ 0xc00000f3, "riscv64", "SCMP_ARCH_RISCV64" },
	{ 0x400000f3, "riscv32", NULL },
	{ 0xc0000102, "loongarch64", "SCMP_ARCH_LOONGARCH64" },
	{ 0x40000102, "loongarch32", NULL },
	{ 0x00000008, "mips", "SCMP_ARCH_MIPS" },
	{ 0x40000008, "mipsel", "SCMP_ARCH_MIPSEL" },
	{ 0x80000008, "mips64", "SCMP_ARCH_MIPS64" },
	{ 0xc0000008, "mipsel64", "SCMP_ARCH_MIPSEL64" },
	{ 0xa0000008, "mips64n32", "SCMP_ARCH_MIPS64N32" },
	{ 0xe0000008, "mipsel64n32", "SCMP_ARCH_MIPSEL64N32" },
	{ 0x0000000f, "parisc", "SCMP_ARCH_PARISC" },
	{ 0x8000000f, "parisc64", "SCMP_ARCH_PARISC64" },
	{ 0x0000002a, "sh", "SCMP_ARCH_SHEB" },
	{ 0x4000002a, "shel", "SCMP_ARCH_SH" },
	{ 0x8000002a, "sh64", NULL },
	{ 0xc000002a, "shel64", NULL },
	{ 0x00000002, "sparc", NULL },
	{ 0x8000002b, "sparc64", NULL },
	{ 0x00000004, "m68k", "SCMP_ARCH_M68K" },
	{ 0xc0009026, "alpha", NULL },
	{ 0xc0000032, "ia64", NULL },
	{ 0x400000fc, "csky", NULL },
	{ 0x0000005e, "xtensa", NULL },
	{ 0x000000bd, "microblaze", NULL },
	{ 0x000000a4, "hexagon", NULL },
	{ 0x0000005c, "openrisc", NULL },
	{ 0x40000071, "nios2", NULL },
	{ 0x400000c3, "arcv2", NULL },
	{ 0x000000c3, "arcv2be", NULL },
	{ 0x4000005d, "arcompact", NULL },
	{ 0x0000005d, "arcompactbe", NULL },
	{ 0x4000004c, "cris", NULL },
	{ 0x00005441, "frv", NULL },
	{ 0x0000002e, "h8300", NULL },
	{ 0x00000058, "m32r", NULL },
	{ 0x400000a7, "nds32", NULL },
	{ 0x000000a7, "nds32be", NULL },
	{ 0xc00000bf, "tilegx", NULL },
	{ 0x400000bf, "tilegx32", NULL },
	{ 0x400000bc, "tilepro", NULL },
	{ 0x4000006e, "unicore", NULL },
	{ 0x4000008c, "c6x", NULL },
	{ 0x0000008c, "c6xbe", NULL },
};

#define SAME(defined, word) _Static_assert((defined) == (word), #defined)
SAME(AUDIT_ARCH_X86_64, 0xc000003eU);
SAME(AUDIT_ARCH_I386, 0x40000003U);
SAME(AUDIT_ARCH_AARCH64, 0xc00000b7U);
SAME(AUDIT_ARCH_ARM, 0x40000028U);
SAME(AUDIT_ARCH_ARMEB, 0x00000028U);
SAME(AUDIT_ARCH_PPC, 0x00000014U);
SAME(AUDIT_ARCH_PPC64, 0x80000015U);
SAME(AUDIT_ARCH_PPC64LE, 0xc0000015U);
SAME(AUDIT_ARCH_S390, 0x00000016U);
SAME(AUDIT_ARCH_S390X, 0x80000016U);
#ifdef AUDIT_ARCH_RISCV64
SAME(AUDIT_ARCH_RISCV64, 0xc00000f3U);
#endif
#ifdef AUDIT_ARCH_RISCV32
SAME(AUDIT_ARCH_RISCV32, 0x400000f3U);
#endif
#ifdef AUDIT_ARCH_LOONGARCH64
SAME(AUDIT_ARCH_LOONGARCH64, 0xc0000102U);
#endif
#ifdef AUDIT_ARCH_LOONGARCH32
SAME(AUDIT_ARCH_LOONGARCH32, 0x40000102U);
#endif
SAME(AUDIT_ARCH_MIPS, 0x00000008U);
SAME(AUDIT_ARCH_MIPSEL, 0x40000008U);
SAME(AUDIT_ARCH_MIPS64, 0x80000008U);
SAME(AUDIT_ARCH_MIPSEL64, 0xc0000008U);
SAME(AUDIT_ARCH_MIPS64N32, 0xa0000008U);
SAME(AUDIT_ARCH_MIPSEL64N32, 0xe0000008U);
SAME(AUDIT_ARCH_PARISC, 0x0000000fU);
SAME(AUDIT_ARCH_PARISC64, 0x8000000fU);
SAME(AUDIT_ARCH_SH, 0x0000002aU);
SAME(AUDIT_ARCH_SHEL, 0x4000002aU);
SAME(AUDIT_ARCH_SH64, 0x8000002aU);
SAME(AUDIT_ARCH_SHEL64, 0xc000002aU);
SAME(AUDIT_ARCH_SPARC, 0x00000002U);
SAME(AUDIT_ARCH_SPARC64, 0x8000002bU);
SAME(AUDIT_ARCH_M68K, 0x00000004U);
SAME(AUDIT_ARCH_ALPHA, 0xc0009026U);
SAME(AUDIT_ARCH_IA64, 0xc0000032U);
#ifdef AUDIT_ARCH_CSKY
SAME(AUDIT_ARCH_CSKY, 0x400000fcU);
#endif
#ifdef AUDIT_ARCH_XTENSA
SAME(AUDIT_ARCH_XTENSA, 0x0000005eU);
#endif
SAME(AUDIT_ARCH_MICROBLAZE, 0x000000bdU);
#ifdef AUDIT_ARCH_HEXAGON
SAME(AUDIT_ARCH_HEXAGON, 0x000000a4U);
#endif
SAME(AUDIT_ARCH_OPENRISC, 0x0000005cU);
#ifdef AUDIT_ARCH_NIOS2
SAME(AUDIT_ARCH_NIOS2, 0x40000071U);
#endif
#ifdef AUDIT_ARCH_ARCV2
SAME(AUDIT_ARCH_ARCV2, 0x400000c3U);
#endif
#ifdef AUDIT_ARCH_ARCV2BE
SAME(AUDIT_ARCH_ARCV2BE, 0x000000c3U);
#endif
#ifdef AUDIT_ARCH_ARCOMPACT
SAME(AUDIT_ARCH_ARCOMPACT, 0x4000005dU);
#endif
#ifdef AUDIT_ARCH_ARCOMPACTBE
SAME(AUDIT_ARCH_ARCOMPACTBE, 0x0000005dU);
#endif
SAME(AUDIT_ARCH_CRIS, 0x4000004cU);
SAME(AUDIT_ARCH_FRV, 0x00005441U);
#ifdef AUDIT_ARCH_H8300
SAME(AUDIT_ARCH_H8300, 0x0000002eU);
#endif
SAME(AUDIT_ARCH_M32R, 0x00000058U);
#ifdef AUDIT_ARCH_NDS32
SAME(AUDIT_ARCH_NDS32, 0x400000a7U);
#endif
#ifdef AUDIT_ARCH_NDS32BE
SAME(AUDIT_ARCH_NDS32BE, 0x000000a7U);
#endif
SAME(AUDIT_ARCH_TILEGX, 0xc00000bfU);
SAME(AUDIT_ARCH_TILEGX32, 0x400000bfU);
SAME(AUDIT_ARCH_TILEPRO, 0x400000bcU);
#ifdef AUDIT_ARCH_UNICORE
SAME(AUDIT_ARCH_UNICORE, 0x4000006eU);
#endif
#ifdef AUDIT_ARCH_C6X
SAME(AUDIT_ARCH_C6X, 0x4000008cU);
#endif
#ifdef AUDIT_ARCH_C6XBE
SAME(AUDIT_ARCH_C6XBE, 0x0000008cU);
#endif

static const Arch *find_word(uint32_t word)
{
	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		if (arches[i].word == word)
			return &arches[i];
	return NULL;
}

const char *arch_name(uint32_t word)
{
	const Arch *a = find_word(word);

	return a ? a->name : "unknown";
}

int arch_from_name(Span name, uint32_t *ret)
{
	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		if (span_is(name, arches[i].name)) {
			*ret = arches[i].word;
			return 0;
		}
	return -EINVAL;
}

const char *arch_scmp_name(uint32_t word)
{
	const Arch *a = find_word(word);

	return a ? a->scmp : NULL;
}

int arch_from_scmp_name(Span name, uint32_t *ret)
{
	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		if (arches[i].scmp && span_is(name, arches[i].scmp)) {
			*ret = arches[i].word;
			return 0;
		}
	return -EINVAL;
}

uint32_t arch_of_call(uint32_t word, int64_t nr)
{
	if (word == ARCH_WORD_X86_64 && nr >= 0 && (nr & ARCH_X32_BIT))
		return ARCH_WORD_X32;
	return word;
}
