/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions that several checks ask. */
#include <errno.h>

#include "audit/syscall.h"
#include "profile/lint-private.h"

static int compare_name(const void *name, const void *call)
{
	return strcmp(name, ((const LintCall *)call)->name);
}

const LintCall *lint_find(const Lint *l, const char *name, size_t *ret_n)
{
	const LintCall *any = NULL, *first, *end;

	*ret_n = 0;
	if (l->n_calls > 0)
		any = bsearch(name, l->calls, l->n_calls, sizeof(*l->calls), compare_name);
	if (!any)
		return NULL;
	end = l->calls + l->n_calls;
	for (first = any; first > l->calls && strcmp(first[-1].name, name) == 0;)
		first--;
	while (first + *ret_n < end && strcmp(first[*ret_n].name, name) == 0)
		++*ret_n;
	return first;
}

const LintRule *lint_rule_of(const Lint *l, const LintCall *call)
{
	return &l->rules[call->rule];
}

bool lint_lets(Action a)
{
	return a == ACTION_ALLOW || a == ACTION_LOG || a == ACTION_USER_NOTIF || a == ACTION_TRACE;
}

bool lint_allows(const Lint *l, const char *name)
{
	size_t n;
	const LintCall *calls = lint_find(l, name, &n);
	bool denied = false;

	for (size_t i = 0; i < n; i++) {
		const LintRule *rule = lint_rule_of(l, &calls[i]);

		if (rule->counts && lint_lets(rule->action.action))
			return true;
		denied |= rule->counts && rule->n_args == 0;
	}
	return !denied && l->fallback.node && lint_lets(l->fallback.action);
}

static Span text_of(const Lint *l, const ScanNode *node)
{
	return node ? span_make(l->scan.text.p + node->begin, node->end - node->begin) : SPAN_NULL;
}

bool lint_always_with(const Lint *l, const LintRule *rule, const LintRule *other)
{
	if (!rule->includes && !rule->excludes)
		return true;
	return span_eq(text_of(l, rule->includes), text_of(l, other->includes)) &&
	       span_eq(text_of(l, rule->excludes), text_of(l, other->excludes));
}

bool lint_is_default(const Lint *l, const LintRule *rule)
{
	return rule->action.node && l->fallback.node && rule->action.action == l->fallback.action &&
	       rule->action.data == l->fallback.data;
}

static bool has_stub(const Lint *l)
{
	Action a = l->fallback.action;

	return l->fallback.node && a != ACTION_ALLOW && a != ACTION_LOG && a != ACTION_TRACE &&
	       !(a == ACTION_ERRNO && l->fallback.data == ENOSYS);
}

int64_t lint_stub_limit(const Lint *l, const char **ret_name)
{
	int64_t limit = -1, nr;
	const char *last = NULL;

	*ret_name = NULL;
	for (size_t i = 0; has_stub(l) && i < l->n_calls; i++) {
		const char *name = l->calls[i].name;

		if (last && strcmp(last, name) == 0)
			continue;
		last = name;
		if (syscall_number(l->in->host_arch, name, &nr) == 0 && nr > limit) {
			limit = nr;
			*ret_name = name;
		}
	}
	return limit;
}
