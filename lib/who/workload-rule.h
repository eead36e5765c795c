/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The administrator's own workload names: the [workload NAME] sections of seccompd.conf(5). A rule
 * has conditions; its name goes to the containers and units for which all of them hold.
 */
#include "util/error.h"
#include "who/workload.h"

#define WORKLOAD_RULES_MAX 256
#define WORKLOAD_GLOB_MAX 256

typedef enum WorkloadMatch {
	WORKLOAD_MATCH_RUNTIME,
	WORKLOAD_MATCH_NAME,
	WORKLOAD_MATCH_IMAGE,
	WORKLOAD_MATCH_LABEL,
	WORKLOAD_MATCH_UNIT,
	WORKLOAD_MATCH_NAMESPACE,
	_WORKLOAD_MATCH_MAX,
} WorkloadMatch;

typedef struct WorkloadRule {
	char *name;
	int32_t priority;
	char *label;                      /* the key that MatchLabel= asks for */
	char *globs[_WORKLOAD_MATCH_MAX]; /* NULL: not asked */
	bool settings; /* its section also says something of the workload of this name */
	char *file;    /* where it stands */
	unsigned line;
} WorkloadRule;

typedef struct WorkloadRules {
	WorkloadRule *rows;
	size_t n;
} WorkloadRules;

void workload_rules_done(WorkloadRules *rules);
#define _cleanup_workload_rules_ _cleanup_(workload_rules_done)

/* What an administrator calls a workload, and what is to match a name: -EINVAL with a sentence in
 * @d that calls the glob @what. */
int workload_check_name(Span name, Diag *d);
int workload_check_glob(Span glob, const char *what, Diag *d);

/* ---- while the configuration is read ---- */

/* The rule called @name, made when it is new; good until the next call. -EINVAL for a name that no
 * workload may have and -E2BIG for too many, with a sentence in @d. */
int workload_rules_open(WorkloadRules *rules, Span name, const char *file, unsigned line,
			WorkloadRule **ret, Diag *d);

/* One Key=value of its section; an empty value takes the key back. -EINVAL for an unknown key and a
 * value that is none, with a sentence in @d. */
int workload_rule_set(WorkloadRule *rule, const char *key, const char *value, Diag *d);

/* Brings them in the order in which they are tried; one that has settings and no condition names
 * nobody and goes. -EINVAL for any other without a condition: it is *ret_bad, and @d says so. */
int workload_rules_finish(WorkloadRules *rules, const WorkloadRule **ret_bad, Diag *d);

/* ---- afterwards ---- */

/*
 * The rule that names this subject, or NULL: of those that match the one with the highest priority,
 * of equal ones the first by name. What no runtime state confirms, host processes and what is
 * unattributed match none; what is not known (no image, no such label) matches no glob.
 */
const WorkloadRule *workload_rules_find(const WorkloadRules *rules, const WorkloadFacts *f);

/* "MatchImage": the first condition that does not hold; NULL when all do. Static. */
const char *workload_rule_misses(const WorkloadRule *rule, const WorkloadFacts *f);

/* The name by the rules, and workload_name() when none matches. @rules may be NULL. */
void workload_rules_name(const WorkloadRules *rules, const WorkloadFacts *f, WorkloadName *ret);
