/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The kernel's own names, for what libseccomp does not know: calls newer than its tables, and
 * architectures that it lacks. Made from the kernel's sources by make-syscall-table.sh.
 */
#include "util/span.h"

/* Name of call @nr on @arch (x32 as ARCH_WORD_X32, without bit 30 in @nr); SPAN_NULL when the
 * tables have none. Static, and not terminated by NUL. */
Span syscall_supplement_name(uint32_t arch, int64_t nr);

/* The inverse; -ENOENT. */
int syscall_supplement_number(uint32_t arch, Span name, int64_t *ret);

/* The lowest number that @arch can have: 4000, 5000 or 6000 on MIPS, 1024 on ia64, otherwise 0. */
int64_t syscall_supplement_base(uint32_t arch);
