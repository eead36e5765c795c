/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The steps of an answer of identify, in words. Bounded: a path of a thousand elements is cut. */
#include "profile/json-line.h"
#include "state/container.h"
#include "who/workload-rule.h"

#define EXPLANATION_MAX 256

typedef struct Explanation {
	char *steps[EXPLANATION_MAX];
	size_t n, dropped;
} Explanation;

void explanation_done(Explanation *e);

/* The lines and elements: of @text, a whole file, or else of @path. */
void explanation_cgroup(Explanation *e, const char *text, const char *path);

/* To be told of each place of runtime state. @e is borrowed. */
StateTrace explanation_state(Explanation *e);

void explanation_answer(Explanation *e, const CgroupIdentity *id, const Container *c,
			bool confirmed);

/* Each [workload] section that was tried, up to the one that matched. */
void explanation_rules(Explanation *e, const WorkloadRules *rules, const WorkloadFacts *f);

/* How the name came about; when no section gave it, by which of the default rules. */
void explanation_name(Explanation *e, const WorkloadFacts *f, const WorkloadName *name);

void explanation_print(const Explanation *e);
void explanation_json(const Explanation *e, JsonLine *j); /* an array "explain" */
