/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the plan to the text, one change after the other. */
#include <errno.h>

#include "suggest/draft.h"
#include "suggest/plan.h"

static bool names_any(const ProfileRule *rule, const PlanNames *names)
{
	for (size_t i = 0; i < rule->n_names; i++)
		if (plan_names_have(names, rule->names[i].text))
			return true;
	return false;
}

/* Those that equal the default count as well: they would deny again as soon as it changes. */
static bool is_denial(const ProfileRule *rule)
{
	return !rule->gate.conditional && !rule->gate.closed && rule->n_args == 0 &&
	       rule->action != ACTION_ALLOW;
}

/* From the last rule to the first, so that the places of the others stay. */
static int take_out(Draft *draft, const PlanNames *names)
{
	unsigned n = 0;
	int r = 0;

	if (names->n == 0)
		return 0;
	for (size_t i = draft->profile->n_rules; r == 0 && i-- > 0;) {
		_cleanup_buffer_ Buffer next = BUFFER_NULL;

		if (!is_denial(&draft->profile->rules[i]) ||
		    !names_any(&draft->profile->rules[i], names))
			continue;
		if (n++ == PLAN_DENIALS_MAX)
			return diag_set(draft->diag, -E2BIG,
					"more than %d rules deny the calls by name: take them out "
					"by hand",
					PLAN_DENIALS_MAX);
		r = patch_remove_names(buffer_span(&draft->text), draft->profile, i, names->names,
				       names->n, &next);
		r = draft_take(draft, r, &next);
	}
	return r;
}

/* Does the first rule for it allow it, or the default, now that no rule denies it? */
static bool is_allowed(const Profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t k = 0; k < p->rules[i].n_names; k++)
			if (!p->rules[i].gate.closed && p->rules[i].n_args == 0 &&
			    strcmp(p->rules[i].names[k].text, name) == 0)
				return p->rules[i].action == ACTION_ALLOW;
	return p->default_action == ACTION_ALLOW;
}

static int add_allowed(Draft *draft, const Plan *p)
{
	_cleanup_free_ const char **names = calloc(p->allow.n + 1, sizeof(*names));
	PatchRule rule = { names, 0, ACTION_ALLOW, -1, NULL, 0 };
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	int r;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < p->allow.n; i++)
		if (!plan_names_have(&p->take_out, p->allow.names[i]) ||
		    !is_allowed(draft->profile, p->allow.names[i]))
			names[rule.n_names++] = p->allow.names[i];
	if (rule.n_names == 0)
		return 0;
	if (!patch_target(draft->profile))
		return draft_add_rule(draft, &rule);
	r = patch_add_names(buffer_span(&draft->text), draft->profile, names, rule.n_names, &next);
	return draft_take(draft, r, &next);
}

static int add_safe_rule(Draft *draft, const SafeRule *safe)
{
	const PatchRule all = { &safe->name, 1, ACTION_ALLOW, -1, NULL, 1 };
	int r = 0;

	for (unsigned i = 0; r == 0 && i < safe->n; i++) {
		PatchRule rule = all;

		rule.args = &safe->alternatives[i];
		r = draft_add_rule(draft, &rule);
	}
	return r;
}

/* Does some rule say so already? Not only the one that names would be added to. */
static bool is_answered(const Profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++) {
		const ProfileRule *rule = &p->rules[i];

		if (rule->action != ACTION_ERRNO || rule->data != ENOSYS || rule->n_args > 0 ||
		    rule->gate.conditional)
			continue;
		for (size_t k = 0; k < rule->n_names; k++)
			if (strcmp(rule->names[k].text, name) == 0)
				return true;
	}
	return false;
}

/* To the profile's own such rule, where there is one. */
static int add_enosys(Draft *draft, const Plan *p)
{
	_cleanup_free_ const char **names = calloc(p->enosys.n + p->n_keep + 1, sizeof(*names));
	PatchRule rule = { names, 0, ACTION_ERRNO, ENOSYS, NULL, 0 };
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	const ProfileRule *target;
	int r;

	if (!names)
		return -ENOMEM;
	/* by default already: runtimes would leave the rule out */
	if (draft->profile->default_action == ACTION_ERRNO &&
	    draft->profile->default_data == ENOSYS)
		return 0;
	for (size_t i = 0; i < p->enosys.n; i++)
		if (!is_answered(draft->profile, p->enosys.names[i]))
			names[rule.n_names++] = p->enosys.names[i];
	for (size_t i = 0; i < p->n_keep; i++)
		names[rule.n_names++] = p->keep[i];
	target = patch_target_for(draft->profile, ACTION_ERRNO, ENOSYS);
	if (rule.n_names == 0 || !target)
		return rule.n_names > 0 ? draft_add_rule(draft, &rule) : 0;
	r = patch_add_names_to(buffer_span(&draft->text), target, names, rule.n_names, &next);
	return draft_take(draft, r, &next);
}

/* Those of one errno, from the first on. */
static int add_errno_group(Draft *draft, const PlanErrno *first, size_t n)
{
	_cleanup_free_ const char **names = calloc(n, sizeof(*names));
	PatchRule rule = { names, n, ACTION_ERRNO, (int)first->data, NULL, 0 };
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	const ProfileRule *target;
	int r;

	if (!names)
		return -ENOMEM;
	/* by default already: runtimes would leave the rule out */
	if (draft->profile->default_action == ACTION_ERRNO &&
	    draft->profile->default_data == first->data)
		return 0;
	for (size_t i = 0; i < n; i++)
		names[i] = first[i].name;
	target = patch_target_for(draft->profile, ACTION_ERRNO, first->data);
	if (!target)
		return draft_add_rule(draft, &rule);
	r = patch_add_names_to(buffer_span(&draft->text), target, names, n, &next);
	return draft_take(draft, r, &next);
}

static int add_errnos(Draft *draft, const Plan *p)
{
	int r = 0;

	for (size_t i = 0, n; r == 0 && i < p->n_errnos; i += n) {
		for (n = 1; i + n < p->n_errnos && p->errnos[i + n].data == p->errnos[i].data;)
			n++;
		r = add_errno_group(draft, &p->errnos[i], n);
	}
	return r;
}

int plan_apply(const Plan *p, Span text, Dialect dialect, const ProfileContext *context,
	       Buffer *out, Diag *d)
{
	_cleanup_draft_ Draft draft = { 0 };
	int r = draft_init(&draft, text, dialect, context, d);

	if (r == 0)
		r = take_out(&draft, &p->take_out);
	if (r == 0)
		r = add_allowed(&draft, p);
	for (size_t i = 0; r == 0 && i < p->n_rules; i++)
		r = add_safe_rule(&draft, &p->rules[i]);
	if (r == 0)
		r = add_enosys(&draft, p);
	if (r == 0)
		r = add_errnos(&draft, p);
	if (r < 0)
		return r;
	buffer_add(out, buffer_span(&draft.text));
	return buffer_error(out);
}
