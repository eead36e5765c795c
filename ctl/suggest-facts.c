/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/marks.h"
#include "ctl/suggest-facts.h"

void suggest_facts_json(const SuggestCall *c, JsonLine *j)
{
	JsonLine *names;

	json_line_bool(j, "offered", c->offered);
	if (c->line > 0)
		json_line_uint(j, "line", c->line);
	else
		json_line_null(j, "line");
	names = json_line_array(j, "fallback");
	for (size_t i = 0; c->fallback && i < FALLBACK_CALLS_MAX && c->fallback->older[i]; i++)
		json_line_str(names, NULL, c->fallback->older[i]);
	names = json_line_array(j, "siblings");
	for (size_t i = 0; i < c->n_siblings; i++)
		json_line_str(names, NULL, c->siblings[i]);
	json_line_bool(j, "arch_added", c->offered && c->arch_added);
	marks_json(&c->suspicion, j);
}
