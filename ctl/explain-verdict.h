/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Why a call was refused in a container, in words and as JSON. */
#include "ctl/explain-subject.h"
#include "suggest/sightings.h"

typedef struct ExplainVerdict {
	const char *call;
	Denial denial;
	uint64_t recorded; /* refusals of it */
	usec_t last;       /* of them; 0 = none */
} ExplainVerdict;

void explain_verdict_print(const Ctl *ctl, const ExplainSubject *s, const ExplainVerdict *v);
int explain_verdict_json(const Ctl *ctl, const ExplainSubject *s, const ExplainVerdict *v);

/* Behind @n recorded refusals: what would not have been recorded, and how to see it. */
void explain_silence_print(const Ctl *ctl, const ExplainSubject *s, size_t n);
