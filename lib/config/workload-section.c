/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "config/workload-section.h"

static bool is_workload(Span section, Span *ret_name)
{
	if (span_is(section, "workload")) {
		*ret_name = SPAN_LIT("");
		return true;
	}
	*ret_name = section;
	return span_skip(ret_name, SPAN_LIT("workload "));
}

int workload_section_take(const ConfigLine *line, WorkloadRules *rules, Diag *d)
{
	WorkloadRule *rule;
	Span name;
	int r;

	if (!is_workload(span_of(line->section), &name))
		return 0;
	r = workload_rules_open(rules, name, line->file, line->line, &rule, d);
	if (r == 0 && line->key && span_starts(span_of(line->key), SPAN_LIT("Gate"))) {
		rule->settings = true;
		return 0;
	}
	if (r == 0 && line->key)
		r = workload_rule_set(rule, line->key, line->value, d);
	return r < 0 ? r : 1;
}

int workload_section_finish(WorkloadRules *rules, Diag *d, char **ret_file)
{
	const WorkloadRule *bad = NULL;
	int r = workload_rules_finish(rules, &bad, d);

	if (r == 0)
		return 0;
	if (d)
		d->line = bad->line;
	if (ret_file)
		*ret_file = strdup(bad->file);
	return r;
}
