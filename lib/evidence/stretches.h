/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Stretches of time, each on a host: what they cover together, and what two sets of them share. */
#include "util/clock.h"
#include "util/macro.h"

typedef struct Stretch {
	int64_t host;
	usec_t from, to;
} Stretch;

typedef struct Stretches {
	Stretch *rows;
	size_t n;
} Stretches;

/* Room for @max of them; -ENOMEM. */
int stretches_new(size_t max, Stretches *ret);
void stretches_done(Stretches *s);
#define _cleanup_stretches_ _cleanup_(stretches_done)

/* One that is empty is left out. */
void stretches_add(Stretches *s, int64_t host, usec_t from, usec_t to);

/* Puts them in order by host and time, so that none touches its neighbour. */
void stretches_join(Stretches *s);

/* What lies in both, each of which was joined; -ENOMEM. */
int stretches_cross(const Stretches *a, const Stretches *b, Stretches *ret);

/* How long there is one on any host; -ENOMEM. */
int stretches_length(const Stretches *s, usec_t *ret);
