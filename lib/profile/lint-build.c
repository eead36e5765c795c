/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The filter is built as runtimes do: what libseccomp refuses, no check has to foresee. It compares
 * conditions as each architecture sees them: 32 bits of them on some, and without the first
 * argument where the call is made through socketcall or ipc. */
#include <errno.h>

#include "profile/filter.h"
#include "profile/lint-private.h"
#include "profile/part.h"

static const ScanNode *find_rule(const Lint *l, const Diag *d)
{
	uint32_t begin = d->column - 1;

	if (d->line == 0 || d->line > l->n_line_ends + 1)
		return l->root;
	if (d->line > 1)
		begin += l->line_ends[d->line - 2] + 1;
	for (size_t i = 0; i < l->n_rules; i++)
		if (l->rules[i].node->begin == begin)
			return l->rules[i].node;
	return l->root;
}

static void say(Lint *l, int r, const Diag *d)
{
	const ScanNode *rule = find_rule(l, d);

	if (r == -ENOMEM)
		l->error = r;
	else if (r == -EBADMSG && d->line == 0)
		return; /* the architectures: see lint-head.c */
	else if (r == -E2BIG)
		lint_say(l, LINT_SIZE, LINT_ERROR, l->root, "%s", d->text);
	else if (r == -EFBIG)
		lint_say(l, LINT_SIZE, LINT_WARNING, rule, "%s", d->text);
	else if (!lint_has_error(l, LINT_CONFLICT, rule))
		lint_say(l, LINT_CONFLICT, LINT_ERROR, rule, "%s", d->text);
}

/* Only rules with arguments meet others in a way that is refused. */
static bool may_conflict(const Lint *l, const char *name)
{
	size_t n;
	const LintCall *calls = lint_find(l, name, &n);

	for (size_t i = 0; i < n; i++)
		if (lint_rule_of(l, &calls[i])->n_args > 0)
			return true;
	return strcmp(name, "socketcall") == 0 || strcmp(name, "ipc") == 0;
}

/* The other names cost libseccomp time: they go. */
static void leave_out_others(const Lint *l, Profile *p)
{
	for (size_t i = 0; i < p->n_rules; i++) {
		ProfileRule *rule = &p->rules[i];
		size_t n = 0;

		for (size_t k = 0; k < rule->n_names; k++)
			if (may_conflict(l, rule->names[k].text))
				rule->names[n++] = rule->names[k];
			else
				free(rule->names[k].text);
		rule->n_names = n;
	}
}

/* False when nothing more is to be found. What cannot be read has been told of. */
static bool try_with(Lint *l, Span text, uint64_t capabilities)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };
	ProfileContext context = context_default(l->in->dialect, l->in->host_arch);
	Diag d = { 0 };
	int r;

	context.capabilities = capabilities;
	context.kernel = context_version(255, 0, 0);
	if (profile_read(text, l->in->dialect, &context, &p, &d) < 0)
		return false;
	leave_out_others(l, p);
	r = filter_build(p, &f, &d);
	if (r < 0)
		say(l, r, &d);
	return r == 0;
}

static bool has_conditions(const Lint *l)
{
	for (size_t i = 0; i < l->n_rules; i++)
		if (l->rules[i].includes || l->rules[i].excludes)
			return true;
	return false;
}

/* For containers with the dialect's own capabilities, with all of them and with none. */
void lint_build(Lint *l)
{
	const uint64_t capabilities[] = {
		context_default(l->in->dialect, l->in->host_arch).capabilities, UINT64_MAX, 0
	};
	size_t n = has_conditions(l) ? ELEMENTSOF(capabilities) : 1;
	_cleanup_part_ Part part = { 0 };
	int r;

	if (l->n_args == 0)
		return;
	r = part_take(l->in->text, l->in->at ?: "", &part, NULL);
	if (r == -ENOMEM)
		l->error = r;
	for (size_t i = 0; r == 0 && i < n; i++)
		if (!try_with(l, span_make(part.text, part.n), capabilities[i]))
			return;
}
