/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* How many calls a filter allows, beside how many Docker's default profile does: a measure that
 * people can compare. */
#include "profile/filter.h"

/* Calls of @arch with a name that it allows without a record, for some arguments at least. -ENOMEM.
 */
int allowed_count(const Filter *f, uint32_t arch);

/* The same of Docker's default profile, for a container with these capabilities. */
int docker_allowed_count(uint32_t arch, uint64_t capabilities);
