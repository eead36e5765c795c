/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The configuration as the client reads it: what is not configured is NULL. */
#include "config/config.h"

/* Reads @path and its drop-ins; without @must_exist no file at all is fine. -EBADMSG (-ENOMEM) with
 * a sentence in @d that names file and line. */
int ctl_config_read(const char *path, bool must_exist, Config *ret, Diag *d);
