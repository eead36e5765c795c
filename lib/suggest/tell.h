/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What a proved patch changes, in words. */
#include "suggest/plan.h"
#include "suggest/suggest.h"
#include "util/buffer.h"

/* Adds a sentence, the text of @b, to .other_changes. -ENOMEM. */
int tell(Suggestion *s, Buffer *b);

/* Fills .newly_allowed. -ENOMEM. */
int list_allowed(const Plan *plan, Suggestion *s);

/* Adds to .other_changes what comes along with the names: @proof is the difference of @before and
 * @after. -ENOMEM. */
int tell_changes(const Plan *plan, const Proof *proof, const Profile *before, const Profile *after,
		 Suggestion *s);
