/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The section [gate] of seccompd.conf(5), and the Gate keys of its [workload NAME] sections: when a
 * profile may move to the next stage. */
#include "config/config-file.h"
#include "suggest/gate-policy.h"
#include "who/workload.h"

typedef struct GateOverride {
	char workload[WORKLOAD_NAME_MAX];
	uint32_t set; /* which of .policy, by the place of their keys */
	GatePolicy policy;
} GateOverride;

typedef struct GateSection {
	uint32_t set;
	GatePolicy policy;
	GateOverride *rows;
	size_t n;
} GateSection;

void gate_section_done(GateSection *s);

/* 1 when the line belongs to the gate and is in @s now, 0 when it does not, or -errno with a
 * sentence in @d. */
int gate_section_take(const ConfigLine *line, GateSection *s, Diag *d);

/* What holds for @workload: its own keys, else those of [gate], else the defaults. */
void gate_section_policy(const GateSection *s, const char *workload, GatePolicy *ret);
