/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Was it used, and if nobody saw it: could it have been seen, and may it go? */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/always.h"
#include "suggest/arch-gap.h"
#include "suggest/recorded.h"
#include "suggest/tighten-private.h"
#include "suggest/verify.h"

/* ---- used ---- */

static uint64_t count_of(const Tightener *w, const char *name)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < w->in->n_observed; i++)
		if (w->in->observed[i].name && strcmp(w->in->observed[i].name, name) == 0)
			sum += w->in->observed[i].count;
	return sum;
}

/* ---- kept ---- */

static bool exists(const Tightener *w, const char *name)
{
	int64_t nr;

	for (size_t i = 0; i < w->filter_before.n_arches; i++)
		if (syscall_number(w->filter_before.arches[i], name, &nr) == 0)
			return true;
	return false;
}

/* The records do not say which of the calls inside it was. */
static const char *seen_multiplexer(const Tightener *w, const char *name)
{
	static const char *const calls[] = { "socketcall", "ipc" };

	for (size_t i = 0; arch_multiplexes(name) && i < ELEMENTSOF(calls); i++)
		if (count_of(w, calls[i]) > 0)
			return calls[i];
	return NULL;
}

static bool falls_back_to(const Fallback *f, const char *name)
{
	for (size_t i = 0; i < FALLBACK_CALLS_MAX && f->older[i]; i++)
		if (strcmp(f->older[i], name) == 0)
			return true;
	return false;
}

/* Where it was seen the newer call worked; under the profile it does not. */
static const char *seen_newer(const Tightener *w, const char *name)
{
	for (size_t i = 0; i < w->in->n_observed; i++) {
		const Observed *o = &w->in->observed[i];
		const Fallback *f = o->name ? fallback_for(o->name) : NULL;

		if (f && falls_back_to(f, name) && o->nr >= 0 &&
		    !verify_allows(&w->filter_before, o->arch, o->nr))
			return o->name;
	}
	return NULL;
}

static bool is_kept(const Tightener *w, TightenName *n)
{
	const char *why = always_needed(n->name, &w->in->context);
	const char *other = NULL;

	if (why)
		snprintf(n->reason, sizeof(n->reason), "%s", why);
	else if (!exists(w, n->name))
		snprintf(n->reason, sizeof(n->reason),
			 "no architecture of the profile has it as libseccomp knows them, so "
			 "nothing here can say");
	else if ((other = seen_multiplexer(w, n->name)))
		snprintf(n->reason, sizeof(n->reason),
			 "it may have been made inside %s, which was seen", other);
	else if ((other = seen_newer(w, n->name)))
		snprintf(n->reason, sizeof(n->reason),
			 "programs fall back to it from %s, which was seen and which the profile "
			 "refuses",
			 other);
	return n->reason[0] != '\0';
}

/* ---- unknown ---- */

/* What one of these filters leaves behind of it, on all architectures together; RECORDED is only in
 * there when each of them would have a record of some of its arguments. */
static int answers_of(const Tightener *w, size_t index, const char *name)
{
	const Filter *before = &w->filter_before;
	bool logs = w->profiles[index]->flag_log;
	int all = RECORDED;
	int64_t nr;

	for (size_t i = 0; i < before->n_arches; i++) {
		int answers;

		if (syscall_number_seen(before->arches[i], name, &nr) < 0 || nr < 0)
			continue;
		answers = recorded_answers(&w->watched[index], logs, before->arches[i], nr);
		if (answers < 0)
			return answers;
		all = ((all | answers) & ~RECORDED) | (all & answers & RECORDED);
	}
	return all;
}

static const char *why_unknown(const Tightener *w, bool allowed)
{
	if (w->n_watched == 0)
		return "no run of it was watched whole";
	return allowed ? "a filter that it ran under allowed it, and allowed calls leave no record"
		       : "the filter that it ran under refused it in silence";
}

static int judge(const Tightener *w, TightenName *n)
{
	bool allowed = false;

	n->count = count_of(w, n->name);
	n->fate = n->count > 0 ? TIGHTEN_USED : TIGHTEN_KEPT;
	if (n->count > 0 || is_kept(w, n))
		return 0;
	n->fate = TIGHTEN_UNKNOWN;
	for (size_t i = 0; i < w->n_watched; i++) {
		int answers = answers_of(w, i, n->name);

		if (answers < 0)
			return answers;
		allowed |= (answers & PASSED_SILENTLY) != 0;
		if ((answers & RECORDED) && !(answers & PASSED_SILENTLY)) {
			n->fate = TIGHTEN_UNUSED;
			return 0;
		}
	}
	snprintf(n->reason, sizeof(n->reason), "%s", why_unknown(w, allowed));
	return 0;
}

int tighten_judge(Tightener *w)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->t->n; i++)
		r = judge(w, &w->t->names[i]);
	return r;
}
