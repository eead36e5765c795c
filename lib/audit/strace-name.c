/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/strace-name.h"
#include "audit/syscall.h"
#include "util/parse.h"

#define ARCH_WORD_ARM 0x40000028U
#define NUMBERS 512

static const struct {
	uint32_t usual;
	const char *mode;
	uint32_t arch;
} modes[] = {
	{ ARCH_WORD_X86_64, "64 bit", ARCH_WORD_X86_64 },
	{ ARCH_WORD_X86_64, "32 bit", ARCH_WORD_I386 },
	{ ARCH_WORD_X86_64, "x32", ARCH_WORD_X32 },
	{ ARCH_WORD_AARCH64, "64 bit", ARCH_WORD_AARCH64 },
	{ ARCH_WORD_AARCH64, "32 bit", ARCH_WORD_ARM },
};

/* What i386 had only by way of another call, whose first argument strace has looked into. */
static const struct {
	const char *name, *by;
} multiplexed[] = {
	{ "accept", "socketcall" }, { "send", "socketcall" }, { "recv", "socketcall" },
	{ "semop", "ipc" },         { "semtimedop", "ipc" },
};

uint32_t strace_mode_arch(uint32_t arch, Span mode)
{
	for (size_t i = 0; i < ELEMENTSOF(modes); i++)
		if (modes[i].usual == arch && span_is(mode, modes[i].mode))
			return modes[i].arch;
	return ARCH_UNKNOWN;
}

/* For what libseccomp gives no number by name, because there are two ways to make it: i386's
 * socket, for one. */
static int resolve_backwards(uint32_t arch, const char *name, int64_t *ret)
{
	char text[SYSCALL_NAME_MAX];

	for (int64_t nr = 0; nr < NUMBERS; nr++)
		if (syscall_name(arch, nr, text) == 0 && strcmp(text, name) == 0) {
			*ret = nr;
			return 0;
		}
	return -ENOENT;
}

static int resolve_on(uint32_t arch, const char *name, int64_t *ret)
{
	int r = syscall_number_seen(arch, name, ret);

	if (r < 0 && arch == ARCH_WORD_I386)
		r = resolve_backwards(arch, name, ret);
	for (size_t i = 0; r < 0 && arch == ARCH_WORD_I386 && i < ELEMENTSOF(multiplexed); i++)
		if (strcmp(name, multiplexed[i].name) == 0)
			r = syscall_number_seen(arch, multiplexed[i].by, ret);
	return r;
}

static int resolve_number(uint32_t arch, Span hex, int64_t *ret)
{
	uint64_t nr;

	if (parse_hex_u64(hex, &nr) < 0 || nr > INT32_MAX)
		return -ENOENT;
	*ret = (int64_t)(arch == ARCH_WORD_X32 ? nr | ARCH_X32_BIT : nr);
	return 0;
}

int strace_name_resolve(uint32_t arch, Span name, uint32_t *ret_arch, int64_t *ret_nr)
{
	char text[SYSCALL_NAME_MAX];
	int r;

	*ret_arch = arch;
	if (span_skip(&name, SPAN_LIT("syscall_0x")))
		return resolve_number(arch, name, ret_nr);
	if (!span_copy(name, text, sizeof(text)))
		return -ENOENT;
	r = resolve_on(arch, text, ret_nr);
	for (size_t i = 0; r < 0 && i < ELEMENTSOF(modes); i++)
		if (modes[i].usual == arch && modes[i].arch != ARCH_WORD_X32) {
			*ret_arch = modes[i].arch;
			r = resolve_on(modes[i].arch, text, ret_nr);
		}
	return r < 0 ? -ENOENT : 0;
}
