/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The section [state] of seccompd.conf(5), for the daemon and the client alike: both look for the
 * runtimes' state in the same places. */
#include "config/config-file.h"
#include "state/roots.h"

#define STATE_SECTION_KEYS 5

typedef struct StateSection {
	char *places[STATE_SECTION_KEYS]; /* absolute; NULL = the runtime's default */
} StateSection;

void state_section_done(StateSection *s);

/* 1 when the line belongs to the section and is in @s now, 0 when it does not, or -errno with a
 * sentence in @d. */
int state_section_take(const ConfigLine *line, StateSection *s, Diag *d);

/* Sets those places of @roots that are configured; they stay @s's own. */
void state_section_apply(const StateSection *s, StateRoots *roots);
