/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include <stddef.h>

/* Who gave the command: the user who logged in, also behind sudo and su; else, for root, whom sudo
 * says that it runs for; else the one that runs it. The number where there is no name. Returns
 * @buf. */
char *ctl_user(char *buf, size_t size);
