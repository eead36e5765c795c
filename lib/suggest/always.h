/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Calls that a profile keeps whatever was seen: the kernel makes them, every program does, or the
 * runtime does between loading the filter and starting the program. They are also the ones made
 * most often, so that recording them buries the rest.
 */
#include "profile/context.h"

/* Why @call stays, a clause; NULL when that is a matter of evidence. For the runtime of @c, with
 * what its version needs; one that is not known is taken for a recent one. */
const char *always_needed(const char *call, const ProfileContext *c);

/* All of them for this runtime, one after the other, some of them twice; NULL behind the last. */
const char *always_each(size_t i, const ProfileContext *c);
