/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the parts of tighten(). Not for other modules. */
#include "profile/filter.h"
#include "suggest/draft.h"
#include "suggest/tighten.h"

typedef struct Tightener {
	const TightenInput *in;
	Tightening *t;
	Draft before, after;
	Filter filter_before, filter_after;
	Filter *watched; /* of .in->filters, as far as they can be built */
	Profile **profiles;
	size_t n_watched;
	Diag *diag;
} Tightener;

/* Sets the fate of each name. -ENOMEM. */
int tighten_judge(Tightener *w);

/* Takes the unused names out and proves it: fills .patched, or .refusal. -ENOMEM. */
int tighten_patch(Tightener *w);
