/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Did the container's filter give this answer? A program may load one of its own on top (browsers,
 * sshd), and the kernel takes the stricter answer: such a record is no reason to change the
 * container's profile. Only what cannot be otherwise is told apart.
 */
#include "profile/filter.h"

typedef struct OwnFilter {
	Profile *profile; /* NULL: not known, so everything may be its answer */
	Filter filter;
	uint32_t given; /* 1 << Action of everything in it */
	bool unconfined;
} OwnFilter;

/* @applied as OCI JSON, .p NULL when not known. What cannot be read is as if it were not known.
 * -ENOMEM. */
int own_filter_init(Span applied, bool unconfined, const ProfileContext *context, OwnFilter *ret);
void own_filter_done(OwnFilter *o);
#define _cleanup_own_filter_ _cleanup_(own_filter_done)

/* May it have answered this call with @action? */
bool own_filter_may_give(const OwnFilter *o, uint32_t arch, int64_t nr, Action action);
