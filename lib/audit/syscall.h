/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Names of system calls: those that the runtimes resolve, so libseccomp's. */
#include "util/span.h"

#define SYSCALL_NAME_MAX 64

/*
 * Name of call @nr on @arch (a word of arch.h; x32 as ARCH_WORD_X32 with or without bit 30 in @nr).
 * Returns 0 with the name in @buf, -ENOENT when nothing knows the number (never a guess),
 * -ENOMEM. Negative numbers are never resolved: libseccomp's pseudo numbers are not the kernel's.
 */
int syscall_name(uint32_t arch, int64_t nr, char buf[static SYSCALL_NAME_MAX]);

/* Number of @name on @arch; -ENOENT where the architecture has no such call. x32 numbers carry
 * bit 30. */
int syscall_number(uint32_t arch, const char *name, int64_t *ret);
