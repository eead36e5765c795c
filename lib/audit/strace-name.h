/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What strace calls modes and calls, to what the kernel does. */
#include "util/span.h"

#define ARCH_UNKNOWN 0U

/* The architecture of a process in @mode ("64 bit", "32 bit", "x32") on a machine whose usual one
 * is @arch. ARCH_UNKNOWN: none that we know. */
uint32_t strace_mode_arch(uint32_t arch, Span mode);

/*
 * A call by strace's name, "syscall_0x1b5" included. Into a file strace writes no modes (-q is
 * implied): a name that only the machine's other modes have, such as stat64, is of one of those.
 * -ENOENT: nothing knows it.
 */
int strace_name_resolve(uint32_t arch, Span name, uint32_t *ret_arch, int64_t *ret_nr);
