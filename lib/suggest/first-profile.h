/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What a first profile is before any evidence goes into it: at stage log, with what no profile can
 * do without, and with what the filter that the workload ran under let pass, since of that there is
 * no record. suggest() adds the calls that were seen. Pure.
 */
#include "suggest/suggest.h"

typedef struct FirstProfileInput {
	ProfileContext context;
	const Observed *observed;
	size_t n_observed;
	const Span *filters; /* OCI JSON: what it ran under while it was watched */
	size_t n_filters;
} FirstProfileInput;

typedef struct FirstProfile {
	char *text;
	size_t n;
	size_t n_always;  /* names that are always there */
	size_t n_carried; /* names that the filter let pass, of which nobody knows */
	size_t filter;    /* the one that recorded most; .n_filters when none can be read */
} FirstProfile;

/* -ENOMEM; -EBADMSG when a rule of the filter cannot be written. */
int first_profile(const FirstProfileInput *in, FirstProfile *ret, Diag *d);
void first_profile_done(FirstProfile *p);
#define _cleanup_first_profile_ _cleanup_(first_profile_done)
