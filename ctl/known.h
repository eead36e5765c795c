/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What was seen of each of many things when they were looked at last: a bounded map of numbers. */
#include "util/span.h"

#define KNOWN_MAX 262144

typedef struct Known {
	struct KnownEntry *entries;
	size_t n, size;
} Known;

void known_done(Known *k);

enum { KNOWN_NEW = 1 };

/* Sets the value of @key and gives the one before: 0; KNOWN_NEW when there was none; -ENOSPC when
 * it is not known and there is no room, -ENOMEM. */
int known_set(Known *k, uint64_t key, uint64_t value, uint64_t *ret_before);

uint64_t known_get(const Known *k, uint64_t key, uint64_t otherwise);
