/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/tighten-private.h"

/* ---- the names that are allowed ---- */

static bool has_name(const Tightening *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->names[i].name, name) == 0)
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const TightenName *)a)->name, ((const TightenName *)b)->name);
}

static int add_names(Tightener *w, const ProfileRule *rule)
{
	Tightening *t = w->t;

	for (size_t i = 0; i < rule->n_names; i++) {
		const char *name = rule->names[i].text;

		if (has_name(t, name))
			continue;
		t->names[t->n].name = strdup(name);
		if (!t->names[t->n].name)
			return -ENOMEM;
		t->names[t->n++].risk = risk_settings_ask(w->in->risks, name).risk;
	}
	return 0;
}

static int list_names(Tightener *w)
{
	const Profile *p = w->before.profile;
	size_t room = 0;
	int r = 0;

	for (size_t i = 0; i < p->n_rules; i++)
		room += p->rules[i].n_names;
	w->t->names = calloc(room + 1, sizeof(*w->t->names));
	if (!w->t->names)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < p->n_rules; i++)
		if (p->rules[i].action == ACTION_ALLOW && !p->rules[i].gate.closed)
			r = add_names(w, &p->rules[i]);
	if (w->t->n > 1)
		qsort(w->t->names, w->t->n, sizeof(*w->t->names), by_name);
	return r;
}

/* ---- the filters under which it was watched ---- */

static int add_watched(Tightener *w, Span json)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };
	Diag ignored = { 0 };
	int r;

	r = profile_read(json, DIALECT_OCI, &w->in->context, &p, &ignored);
	if (r == 0)
		r = filter_build(p, &f, &ignored);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	w->profiles[w->n_watched] = STEAL(p);
	w->watched[w->n_watched++] = f;
	f = (Filter){ 0 };
	return 0;
}

static int build_watched(Tightener *w)
{
	int r = 0;

	w->watched = calloc(w->in->n_filters + 1, sizeof(*w->watched));
	w->profiles = calloc(w->in->n_filters + 1, sizeof(*w->profiles));
	if (!w->watched || !w->profiles)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < w->in->n_filters; i++)
		r = add_watched(w, w->in->filters[i]);
	return r;
}

/* ---- all of it ---- */

static int read_profile(Tightener *w)
{
	const TightenInput *in = w->in;
	int r = draft_init(&w->before, in->profile, in->dialect, &in->context, w->diag);

	if (r < 0)
		return r;
	if (w->before.profile->default_action == ACTION_ALLOW)
		return diag_set(w->diag, -EBADMSG,
				"its default action allows what no rule lists, so there is no list "
				"to tighten: \"seccompctl promote --to log\" makes one");
	return filter_build(w->before.profile, &w->filter_before, w->diag);
}

static int work(Tightener *w)
{
	int r = read_profile(w);

	if (r == 0)
		r = list_names(w);
	if (r == 0)
		r = build_watched(w);
	if (r == 0)
		r = tighten_judge(w);
	for (size_t i = 0; r == 0 && i < w->t->n; i++)
		w->t->counts[w->t->names[i].fate]++;
	return r == 0 && w->t->counts[TIGHTEN_UNUSED] > 0 ? tighten_patch(w) : r;
}

static void tightener_done(Tightener *w)
{
	for (size_t i = 0; i < w->n_watched; i++) {
		filter_done(&w->watched[i]);
		profile_free(w->profiles[i]);
	}
	free(w->watched);
	free(w->profiles);
	filter_done(&w->filter_before);
	filter_done(&w->filter_after);
	draft_done(&w->before);
	draft_done(&w->after);
}

int tighten(const TightenInput *in, Tightening **ret, Diag *d)
{
	_cleanup_(tightening_freep) Tightening *t = calloc(1, sizeof(*t));
	_cleanup_(tightener_done) Tightener w = { .in = in, .t = t, .diag = d };
	int r;

	if (!t)
		return -ENOMEM;
	r = work(&w);
	if (r < 0)
		return r;
	filter_library_version(t->library, sizeof(t->library));
	t->assumed = !in->library || strcmp(in->library, t->library) != 0;
	*ret = STEAL(t);
	return 0;
}

Tightening *tightening_free(Tightening *t)
{
	if (!t)
		return NULL;
	for (size_t i = 0; i < t->n; i++)
		free(t->names[i].name);
	free(t->names);
	free(t->patched);
	free(t->refusal);
	free(t->stub);
	free(t);
	return NULL;
}

const char *tighten_fate_name(TightenFate f)
{
	static const char *const names[_TIGHTEN_FATE_MAX] = {
		[TIGHTEN_USED] = "used",
		[TIGHTEN_UNUSED] = "unused",
		[TIGHTEN_KEPT] = "kept",
		[TIGHTEN_UNKNOWN] = "unknown",
	};

	return (unsigned)f < _TIGHTEN_FATE_MAX ? names[f] : "?";
}
