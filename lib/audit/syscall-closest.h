/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include "audit/syscall.h"

/* The call of a common architecture whose name is most like @name, which is none: 0, or -ENOENT
 * when none is like it. It goes through all names: some milliseconds. */
int syscall_closest(const char *name, char buf[static SYSCALL_NAME_MAX]);

/* The end of a sentence about @name: "; did you mean \"mount\"?", or "". Returns @buf. */
#define SYSCALL_HINT_MAX (SYSCALL_NAME_MAX + 24)
char *syscall_hint(const char *name, char buf[static SYSCALL_HINT_MAX]);
