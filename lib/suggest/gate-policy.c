/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "suggest/gate-policy.h"

static bool has_word(const char *words, Span wanted)
{
	Span rest = span_of(words), word;

	while (span_split(&rest, ' ', &word))
		if (span_eq(word, wanted))
			return true;
	return false;
}

void gate_policy_unexercised(const GatePolicy *p, char ret[static GATE_TEXT_MAX])
{
	Span rest = span_of(p->exercises), word;
	size_t at = 0;

	ret[0] = '\0';
	while (span_split(&rest, ' ', &word))
		if (word.n > 0 && !has_word(p->exercised, word))
			at += (size_t)snprintf(ret + at, GATE_TEXT_MAX - at, "%s%.*s",
					       at > 0 ? " " : "", (int)word.n, word.p);
}
