/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* "explain --syscall NAME": why default profiles refuse a call, what opens it, what to do instead.
 */
#include "ctl/ctl.h"

/* Is there such a call, on any architecture? */
bool explain_call_exists(const char *name);

/* Says that there is none, and the closest; returns the exit code. */
int explain_call_unknown(const char *verb, const char *name);

/* Returns an exit code. */
int explain_call(const Ctl *ctl, const char *verb, const char *name, bool json);
