/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include "profile/profile.h"

/* One line on the keys of a profile that its dialect does not see; nothing when there are none. */
void ignored_print(const char *path, Dialect dialect, const ProfileIgnored *ignored, size_t n,
		   FILE *f);
