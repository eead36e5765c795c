/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* libaudit's names, in the kernel's words: the last to be asked. */
#include "util/macro.h"

/*
 * Name of call @nr on @arch; NULL when libaudit knows none, or when its name is known to be that of
 * another ABI (it has one table for three ABIs of PowerPC, and old-ABI calls in that of ARM).
 * Static.
 */
const char *syscall_audit_name(uint32_t arch, int64_t nr);
