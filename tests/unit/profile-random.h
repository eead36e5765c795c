/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Random profiles: all dialects, hosts, forms and styles of writing; the same ones for one seed. */
#include "profile/profile.h"
#include "util/buffer.h"

typedef struct RandomProfile {
	Dialect dialect;
	ProfileContext context;
	Buffer text;
	bool crlf;
} RandomProfile;

void random_profile(uint64_t *seed, RandomProfile *ret);
void random_profile_done(RandomProfile *p);
#define _cleanup_random_profile_ _cleanup_(random_profile_done)

/* The next number of the sequence. */
uint64_t random_draw(uint64_t *seed);

/* A call's name: mostly one that matters to profiles. Static, or in @buf. */
const char *random_name(uint64_t *seed, char buf[static 64]);
