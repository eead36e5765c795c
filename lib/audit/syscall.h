/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Names of system calls. libseccomp is asked first, since its names are the ones that runtimes
 * resolve; then our own tables, for what is newer (syscall-supplement.h); then libaudit.
 */
#include "util/span.h"

#define SYSCALL_NAME_MAX 64

typedef enum SyscallSource {
	SYSCALL_FROM_LIBSECCOMP,
	SYSCALL_FROM_SUPPLEMENT,
	SYSCALL_FROM_LIBAUDIT,
	_SYSCALL_SOURCE_MAX,
} SyscallSource;

/*
 * Name of call @nr on @arch (a word of arch.h; x32 as ARCH_WORD_X32 with or without bit 30 in @nr).
 * Returns 0 with the name in @buf, -ENOENT when nothing knows the number (never a guess).
 * Negative numbers are never resolved: libseccomp's pseudo numbers are not the kernel's.
 */
int syscall_name(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX]);

/* The same, and who knew: a name that is not from libseccomp works in no profile here. */
int syscall_name_from(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX],
		      SyscallSource *ret_source);

/* "libseccomp", "supplement", "libaudit"; static. */
const char *syscall_source_name(SyscallSource source) _const_;

/* Number of @name on @arch, as libseccomp and so a runtime resolves it; -ENOENT where the
 * architecture has no such call, or libseccomp does not know it. x32 numbers carry bit 30. */
int syscall_number(uint32_t arch, const char *name, int64_t *ret);

/* Number of a call that has been made, by its name: also where only our own tables know it. */
int syscall_number_seen(uint32_t arch, const char *name, int64_t *ret);
