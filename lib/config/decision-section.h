/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The [decision SYSCALL] and [decision SYSCALL:ARCH] sections of a workload's file: what a person
 * decided about a call, who it was, when and why. They stand in the order of their names; a section
 * that is changed stays where it is, and whatever else is in the text stays as it was.
 */
#include "config/section-text.h"
#include "suggest/decision.h"

typedef struct DecisionList {
	Decision *items; /* by call, then architecture; texts are those of the sections */
	char (*names)[SYSCALL_NAME_MAX];
	size_t n;
} DecisionList;

/* What is wrong in a section is complained of in @t, and the section is left out. @now tells which
 * hold no more: they are in the list. -ENOMEM. @t must outlive *ret. */
int decision_list_read(SectionText *t, usec_t now, DecisionList *ret);
void decision_list_done(DecisionList *l);
#define _cleanup_decision_list_ _cleanup_(decision_list_done)

static inline Decisions decision_list_all(const DecisionList *l)
{
	return (Decisions){ l->items, l->n };
}

/* @text, which @t was read from, with this decision in it: in the place of one on the same call, or
 * at its place among the others. @until is as Until= has it, a date; "" for none. -E2BIG
 * when there are too many sections, -ENOMEM. */
int decision_put(Span text, const SectionText *t, const Decision *d, const char *until,
		 Buffer *out);

/* @text without the decision on this call. 1 when there was one; 0, and nothing in @out, when not.
 * A section that stands twice goes twice. */
int decision_remove(Span text, const char *name, uint32_t arch, Buffer *out);
