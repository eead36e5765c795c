/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* "explain --syscall NAME": why default profiles refuse a call, what opens it, what to do instead.
 */
#include "ctl/ctl.h"

/* Returns an exit code. */
int explain_call(const Ctl *ctl, const char *verb, const char *name, bool json);
