/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/arch.h"
#include "suggest/sightings.h"
#include "ctl/suggest-facts.h"
#include "ctl/suggest-output.h"

static int call_json(const SuggestCall *c, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	JsonLine *origins;

	json_line_str(j, "arch", arch_name(c->arch));
	json_line_str(j, "syscall", c->name);
	json_line_int(j, "nr", c->nr);
	json_line_str(j, "advice", advice_name(c->advice));
	json_line_str(j, "risk", risk_name(c->risk));
	json_line_str(j, "reason", c->reason);
	json_line_uint(j, "count", c->count);
	json_line_time(j, "first", c->first);
	json_line_time(j, "last", c->last);
	origins = json_line_array(j, "origins");
	for (int o = 0; o < _ORIGIN_MAX; o++)
		if (c->origins & 1U << o)
			json_line_str(origins, NULL, origin_name((Origin)o));
	json_line_uint(j, "subjects", c->subjects);
	examples_json(c->examples, c->n_examples, j);
	suggest_facts_json(c, j);
	return json_line_write(j, f);
}

static int summary_json(const SuggestView *v, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const Suggestion *s = v->suggestion;
	JsonLine *names;

	json_line_bool(j, "summary", true);
	names = json_line_array(j, "newly_allowed");
	for (size_t i = 0; i < s->n_newly_allowed; i++)
		json_line_str(names, NULL, s->newly_allowed[i]);
	names = json_line_array(j, "other_changes");
	for (size_t i = 0; i < s->n_other_changes; i++)
		json_line_str(names, NULL, s->other_changes[i]);
	json_line_uint(j, "still_denied", s->n_still_denied);
	json_line_bool(j, "complete", v->complete);
	json_line_bool(j, "asserted", v->workload->asserted);
	json_line_bool(j, "imported", v->workload->imported);
	lost_json(&v->lost, j, "lost");
	json_line_str(j, "capabilities", v->capabilities);
	if (v->first) {
		json_line_uint(j, "always", v->first->n_always);
		json_line_uint(j, "carried", v->first->n_carried);
	}
	json_line_int(j, "exit", v->exit_code);
	return json_line_write(j, f);
}

int suggest_print_json(const SuggestView *v, FILE *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->suggestion->n_calls; i++)
		r = call_json(&v->suggestion->calls[i], f);
	return r == 0 ? summary_json(v, f) : r;
}
