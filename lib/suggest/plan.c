/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/patch.h"
#include "suggest/plan.h"

void plan_done(Plan *p)
{
	for (size_t i = 0; i < p->n_keep; i++)
		free(p->keep[i]);
	free(p->keep);
	free(p->allow);
	*p = (Plan){ 0 };
}

bool plan_is_empty(const Plan *p)
{
	return p->n_allow == 0 && p->n_rules == 0 && !p->clone3 && p->n_keep == 0;
}

bool plan_keeps(const Plan *p, const char *name)
{
	for (size_t i = 0; i < p->n_keep; i++)
		if (strcmp(p->keep[i], name) == 0)
			return true;
	return false;
}

int plan_keep(Plan *p, const char *name)
{
	char **more;

	if (plan_keeps(p, name))
		return 1;
	more = reallocarray(p->keep, p->n_keep + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->keep = more;
	more[p->n_keep] = strdup(name);
	if (!more[p->n_keep])
		return -ENOMEM;
	p->n_keep++;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool plan_allows(const Plan *p, const char *name)
{
	return p->n_allow > 0 &&
	       bsearch(&name, p->allow, p->n_allow, sizeof(*p->allow), compare_names);
}

const SafeRule *plan_rule(const Plan *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (strcmp(p->rules[i].name, name) == 0)
			return &p->rules[i];
	return NULL;
}

/* A text on its way, and what it says so far. */
typedef struct Work {
	Dialect dialect;
	const ProfileContext *context;
	Buffer text;
	Profile *profile;
	Diag *diag;
} Work;

static void work_done(Work *w)
{
	profile_free(w->profile);
	buffer_done(&w->text);
}

static int reread(Work *w)
{
	w->profile = profile_free(w->profile);
	return profile_read(buffer_span(&w->text), w->dialect, w->context, &w->profile, w->diag);
}

static int take(Work *w, int r, Buffer *next)
{
	if (r < 0)
		return r;
	buffer_done(&w->text);
	w->text = *next;
	*next = BUFFER_NULL;
	return reread(w);
}

static int add_rule(Work *w, const PatchRule *rule)
{
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	int r = patch_add_rule(buffer_span(&w->text), w->profile, rule, &next);

	return take(w, r, &next);
}

static int add_allowed(Work *w, const Plan *p)
{
	const PatchRule rule = { p->allow, p->n_allow, ACTION_ALLOW, -1, NULL, 0 };
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	int r;

	if (p->n_allow == 0)
		return 0;
	if (!patch_target(w->profile))
		return add_rule(w, &rule);
	r = patch_add_names(buffer_span(&w->text), w->profile, p->allow, p->n_allow, &next);
	return take(w, r, &next);
}

static int add_safe_rule(Work *w, const SafeRule *safe)
{
	const PatchRule all = { &safe->name, 1, ACTION_ALLOW, -1, NULL, 1 };
	int r = 0;

	for (unsigned i = 0; r == 0 && i < safe->n; i++) {
		PatchRule rule = all;

		rule.args = &safe->alternatives[i];
		r = add_rule(w, &rule);
	}
	return r;
}

static int add_enosys(Work *w, const Plan *p)
{
	_cleanup_free_ const char **names = calloc(p->n_keep + 1, sizeof(*names));
	PatchRule rule = { names, 0, ACTION_ERRNO, ENOSYS, NULL, 0 };

	if (!names)
		return -ENOMEM;
	if (p->clone3)
		names[rule.n_names++] = "clone3";
	for (size_t i = 0; i < p->n_keep; i++)
		names[rule.n_names++] = p->keep[i];
	return rule.n_names > 0 ? add_rule(w, &rule) : 0;
}

int plan_apply(const Plan *p, Span text, Dialect dialect, const ProfileContext *context,
	       Buffer *out, Diag *d)
{
	_cleanup_(work_done) Work w = { .dialect = dialect, .context = context, .diag = d };
	int r;

	buffer_add(&w.text, text);
	r = buffer_error(&w.text);
	if (r == 0)
		r = reread(&w);
	if (r == 0)
		r = add_allowed(&w, p);
	for (size_t i = 0; r == 0 && i < p->n_rules; i++)
		r = add_safe_rule(&w, &p->rules[i]);
	if (r == 0)
		r = add_enosys(&w, p);
	if (r < 0)
		return r;
	buffer_add(out, buffer_span(&w.text));
	return buffer_error(out);
}
