/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Architectures as the kernel prints them (arch=%x, include/uapi/linux/audit.h) and as profiles
 * name them. x32 has no word of its own: it is x86_64 with bit 30 set in the number.
 */
#include "util/span.h"

/* libseccomp's pseudo token for x32; used by us as the arch word of x32 calls. */
#define ARCH_WORD_X32 0x4000003eU
#define ARCH_WORD_X86_64 0xc000003eU
#define ARCH_WORD_I386 0x40000003U
#define ARCH_WORD_AARCH64 0xc00000b7U
#define ARCH_X32_BIT 0x40000000

/* "x86_64", "i386", "x32", "aarch64"...; "unknown" for a word that is in no table. Static. */
const char *arch_name(uint32_t word) _const_;

/* The inverse; -EINVAL. */
int arch_from_name(Span name, uint32_t *ret);

/* "SCMP_ARCH_X86_64"...; NULL where profiles have no name for it. Static. */
const char *arch_scmp_name(uint32_t word) _const_;

/* From "SCMP_ARCH_X86_64"; -EINVAL. SCMP_ARCH_NATIVE is -EINVAL too: runtimes refuse it. */
int arch_from_scmp_name(Span name, uint32_t *ret);

/* The word of this call: ARCH_WORD_X32 when @word is x86_64 and @nr has the x32 bit (and is not
 * negative), otherwise @word. */
uint32_t arch_of_call(uint32_t word, int64_t nr) _const_;
