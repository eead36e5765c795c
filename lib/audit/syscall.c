/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <seccomp.h>

#include "audit/arch.h"
#include "audit/syscall.h"

/* What libseccomp says, without the allocation that it returns. */
static int resolve(uint32_t arch, int nr, char buf[static SYSCALL_NAME_MAX])
{
	_cleanup_free_ char *name = seccomp_syscall_resolve_num_arch(arch, nr);

	if (!name || !span_copy(span_of(name), buf, SYSCALL_NAME_MAX))
		return -ENOENT;
	return 0;
}

int syscall_name(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX])
{
	/* Negative numbers are libseccomp's own, for calls that an architecture lacks: a record
	 * that prints one did not make that call. */
	if (nr < 0 || nr > INT32_MAX)
		return -ENOENT;
	/* The word 0 is libseccomp's "native", which would be this host's table. */
	if (arch == SCMP_ARCH_NATIVE)
		return -ENOENT;
	arch = arch_of_call(arch, nr);
	if (arch == ARCH_WORD_X32)
		nr |= ARCH_X32_BIT;
	return resolve(arch, (int)nr, buf);
}

int syscall_number(uint32_t arch, const char *name, int64_t *ret)
{
	int nr;

	if (arch == SCMP_ARCH_NATIVE)
		return -ENOENT;
	nr = seccomp_syscall_resolve_name_arch(arch, name);
	if (nr < 0)
		return -ENOENT;
	*ret = nr;
	return 0;
}
