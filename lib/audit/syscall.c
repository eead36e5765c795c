/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <seccomp.h>

#include "audit/arch.h"
#include "audit/syscall-audit.h"
#include "audit/syscall-supplement.h"
#include "audit/syscall.h"

typedef int (*Lookup)(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX]);

static int copy_name(Span name, char buf[static SYSCALL_NAME_MAX])
{
	return name.n > 0 && span_copy(name, buf, SYSCALL_NAME_MAX) ? 0 : -ENOENT;
}

static int ask_libseccomp(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX])
{
	_cleanup_free_ char *name = NULL;

	/* The word 0 is libseccomp's "native", which would be this host's table. */
	if (arch == SCMP_ARCH_NATIVE)
		return -ENOENT;
	if (arch == ARCH_WORD_X32)
		nr |= ARCH_X32_BIT;
	name = seccomp_syscall_resolve_num_arch(arch, (int)nr);
	return copy_name(span_of(name), buf);
}

static int ask_supplement(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX])
{
	return copy_name(syscall_supplement_name(arch, nr), buf);
}

static int ask_libaudit(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX])
{
	return copy_name(span_of(syscall_audit_name(arch, nr)), buf);
}

int syscall_name_from(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX],
		      SyscallSource *ret_source)
{
	static const Lookup lookups[_SYSCALL_SOURCE_MAX] = {
		[SYSCALL_FROM_LIBSECCOMP] = ask_libseccomp,
		[SYSCALL_FROM_SUPPLEMENT] = ask_supplement,
		[SYSCALL_FROM_LIBAUDIT] = ask_libaudit,
	};

	/* Negative numbers are libseccomp's own, for calls that an architecture lacks: a record
	 * that prints one did not make that call. On MIPS it answers for numbers that lack the
	 * ABI's base too, and the kernel does not. */
	if (nr > INT32_MAX || nr < syscall_supplement_base(arch))
		return -ENOENT;
	arch = arch_of_call(arch, nr);
	if (arch == ARCH_WORD_X32)
		nr &= ~(int64_t)ARCH_X32_BIT;
	for (SyscallSource i = 0; i < _SYSCALL_SOURCE_MAX; i++)
		if (lookups[i](arch, nr, buf) == 0) {
			*ret_source = i;
			return 0;
		}
	return -ENOENT;
}

int syscall_name(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX])
{
	SyscallSource source;

	return syscall_name_from(arch, nr, buf, &source);
}

const char *syscall_source_name(SyscallSource source)
{
	static const char *const names[_SYSCALL_SOURCE_MAX] = {
		[SYSCALL_FROM_LIBSECCOMP] = "libseccomp",
		[SYSCALL_FROM_SUPPLEMENT] = "supplement",
		[SYSCALL_FROM_LIBAUDIT] = "libaudit",
	};

	return (unsigned)source < _SYSCALL_SOURCE_MAX ? names[source] : "?";
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

int syscall_number_seen(uint32_t arch, const char *name, int64_t *ret)
{
	int64_t nr;
	int r;

	if (syscall_number(arch, name, ret) == 0)
		return 0;
	r = syscall_supplement_number(arch, span_of(name), &nr);
	if (r < 0)
		return r;
	*ret = arch == ARCH_WORD_X32 ? nr | ARCH_X32_BIT : nr;
	return 0;
}
