/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the installed systemd says of itself. */
#include "ctl/ctl.h"
#include "profile/context.h"

/* Its groups of system calls, where @dialect needs them, with @context pointing to them. They may
 * stay unknown: then only a profile that has groups is refused. 0, or an exit code after a
 * complaint. */
int systemd_ask_groups(const char *verb, Dialect dialect, SystemdGroups *ret,
		       ProfileContext *context);
