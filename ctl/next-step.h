/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* How a workload is started anew under a profile, by what started it. */
#include "suggest/workload-lookup.h"
#include "util/buffer.h"

/* Appends the command, or what to write where, for the profile in @path; without one (NULL) the
 * word FILE stands for it. One line, safe to show. */
void next_step(const Workload *w, const char *path, Buffer *out);
