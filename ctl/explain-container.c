/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/syscall.h"
#include "ctl/explain-call.h"
#include "ctl/explain-container.h"
#include "ctl/explain-verdict.h"
#include "profile/json-line.h"
#include "seccompd/exit-codes.h"

/* What was recorded of refusals of one call. */
static void count_refusals(const Sightings *all, const char *call, ExplainVerdict *v)
{
	for (size_t i = 0; i < all->n; i++) {
		const Sighting *s = &all->rows[i];

		if (strcmp(s->name, call) != 0 || s->action == ACTION_LOG ||
		    s->action == ACTION_ALLOW)
			continue;
		v->recorded += s->count;
		v->last = MAX(v->last, s->last);
	}
}

static int judge(const ExplainSubject *s, const Sightings *all, const char *call,
		 ExplainVerdict *ret)
{
	DenialFacts f = {
		.call = call,
		.arch = filter_native_arch(),
		.filter_known = s->filter_known,
		.filter = s->unconfined ? NULL : &s->filter,
		.capabilities_known = s->capabilities_known,
		.capabilities = s->capabilities,
		.effective_known = s->effective_known,
		.effective = s->effective,
		.label = s->has_label ? s->label : NULL,
	};

	*ret = (ExplainVerdict){ .call = call };
	count_refusals(all, call, ret);
	if (syscall_number_seen(f.arch, call, &f.nr) < 0 || f.nr < 0)
		return -ENOENT;
	denial_judge(&f, &ret->denial);
	return 0;
}

static int print_one(const Ctl *ctl, const ExplainSubject *s, const ExplainVerdict *v, bool json)
{
	if (json)
		return explain_verdict_json(ctl, s, v);
	explain_verdict_print(ctl, s, v);
	return 0;
}

static int explain_one(const Ctl *ctl, const char *verb, const ExplainSubject *s,
		       const Sightings *all, const char *call, bool json)
{
	ExplainVerdict v;

	if (!explain_call_exists(call))
		return explain_call_unknown(verb, call);
	if (judge(s, all, call, &v) < 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, verb,
				"%s has no number on this machine's architecture, so no program of "
				"it can have made this call",
				call);
	if (print_one(ctl, s, &v, json) == -ENOMEM)
		return ctl_fail_memory(verb);
	return v.denial.by == DENIAL_BY_UNKNOWN ? SECCOMPD_EXIT_UNKNOWN : SECCOMPD_EXIT_OK;
}

/* The first row of each call that was refused stands for all of its rows. */
static bool is_first_refusal(const Sightings *all, size_t at)
{
	const Sighting *s = &all->rows[at];

	if (s->name[0] == '\0' || s->action == ACTION_LOG || s->action == ACTION_ALLOW)
		return false;
	for (size_t i = 0; i < at; i++)
		if (strcmp(all->rows[i].name, s->name) == 0 && all->rows[i].action != ACTION_LOG &&
		    all->rows[i].action != ACTION_ALLOW)
			return false;
	return true;
}

static int explain_recorded(const Ctl *ctl, const char *verb, const ExplainSubject *s,
			    const Sightings *all, bool json)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		ExplainVerdict v;

		if (!is_first_refusal(all, i) || judge(s, all, all->rows[i].name, &v) < 0)
			continue;
		if (!json && n > 0)
			putchar('\n');
		n++;
		if (print_one(ctl, s, &v, json) == -ENOMEM)
			return ctl_fail_memory(verb);
	}
	if (!json)
		explain_silence_print(ctl, s, n);
	return n > 0 ? SECCOMPD_EXIT_OK : SECCOMPD_EXIT_UNKNOWN;
}

int explain_container(const Ctl *ctl, const char *verb, const char *word, const char *call,
		      bool json)
{
	_cleanup_explain_subject_ ExplainSubject s = { 0 };
	_cleanup_sightings_ Sightings all = { 0 };
	int r = explain_subject_find(ctl, verb, word, &s);

	if (r != 0)
		return r;
	if (s.has_row && sightings_read(s.ledger, s.workload->id, &all) < 0)
		return ctl_fail_ledger(ctl, verb, s.ledger);
	return call ? explain_one(ctl, verb, &s, &all, call, json)
		    : explain_recorded(ctl, verb, &s, &all, json);
}
