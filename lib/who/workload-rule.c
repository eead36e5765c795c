/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fnmatch.h>
#include <stddef.h>

#include "util/parse.h"
#include "util/text.h"
#include "who/workload-rule.h"

/*
 * ---- what a condition looks at; NULL or "" is not known ----
 *
 * Of what no state confirms, of host processes and of nobody nothing is known, so no rule names
 * them.
 */

static const char *name_of(const WorkloadFacts *f, size_t offset)
{
	return f->names ? (const char *)f->names + offset : NULL;
}

static const char *runtime_of(const WorkloadFacts *f, _unused_ const WorkloadRule *rule)
{
	const char *runtime = name_of(f, offsetof(ContainerNames, runtime));

	return !runtime || runtime[0] ? runtime : f->key->runtime;
}

static const char *container_of(const WorkloadFacts *f, _unused_ const WorkloadRule *rule)
{
	return name_of(f, offsetof(ContainerNames, name));
}

static const char *image_of(const WorkloadFacts *f, _unused_ const WorkloadRule *rule)
{
	return name_of(f, offsetof(ContainerNames, image));
}

static const char *namespace_of(const WorkloadFacts *f, _unused_ const WorkloadRule *rule)
{
	return name_of(f, offsetof(ContainerNames, k8s_namespace));
}

static const char *label_of(const WorkloadFacts *f, const WorkloadRule *rule)
{
	return f->names ? labels_get(f->labels, rule->label) : NULL;
}

static const char *unit_of(const WorkloadFacts *f, _unused_ const WorkloadRule *rule)
{
	return f->key->kind == SUBJECT_UNIT ? f->key->name : NULL;
}

static const struct {
	const char *key;
	const char *(*fact)(const WorkloadFacts *f, const WorkloadRule *rule);
} matches[_WORKLOAD_MATCH_MAX] = {
	[WORKLOAD_MATCH_RUNTIME] = { "MatchRuntime", runtime_of },
	[WORKLOAD_MATCH_NAME] = { "MatchName", container_of },
	[WORKLOAD_MATCH_IMAGE] = { "MatchImage", image_of },
	[WORKLOAD_MATCH_LABEL] = { "MatchLabel", label_of },
	[WORKLOAD_MATCH_UNIT] = { "MatchUnit", unit_of },
	[WORKLOAD_MATCH_NAMESPACE] = { "MatchNamespace", namespace_of },
};

/* ---- making them ---- */

static void rule_done(WorkloadRule *rule)
{
	free(rule->name);
	free(rule->label);
	free(rule->file);
	for (size_t i = 0; i < _WORKLOAD_MATCH_MAX; i++)
		free(rule->globs[i]);
}

void workload_rules_done(WorkloadRules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		rule_done(&rules->rows[i]);
	free(rules->rows);
	*rules = (WorkloadRules){ 0 };
}

/* As it will be printed, typed and compared: nothing in it that an output would have to escape. */
static bool is_safe(Span name)
{
	char shown[4 * WORKLOAD_NAME_MAX];

	return !memchr(name.p, '\0', name.n) &&
	       span_is(name, text_escape_to(name, shown, sizeof(shown)));
}

int workload_check_name(Span name, Diag *d)
{
	if (name.n == 0)
		return diag_set(d, -EINVAL, "a workload needs a name");
	if (name.n >= WORKLOAD_NAME_MAX)
		return diag_set(d, -EINVAL, "a workload's name has at most %d bytes",
				WORKLOAD_NAME_MAX - 1);
	if (strchr(" \t", name.p[0]) || strchr(" \t", name.p[name.n - 1]))
		return diag_set(d, -EINVAL,
				"a workload's name neither begins nor ends with a blank");
	if (!is_safe(name))
		return diag_set(
			d, -EINVAL,
			"the workload's name holds what cannot be shown as it is: a control"
			" character, a mark of direction, a backslash or bytes that are no UTF-8");
	if (span_is(name, "unattributed") || span_starts(name, SPAN_LIT("unconfirmed:")))
		return diag_set(
			d, -EINVAL,
			"\"%.*s\" is what seccompd calls what it cannot name: choose another",
			(int)name.n, name.p);
	return 0;
}

static WorkloadRule *rule_of(const WorkloadRules *rules, Span name)
{
	for (size_t i = 0; i < rules->n; i++)
		if (span_is(name, rules->rows[i].name))
			return &rules->rows[i];
	return NULL;
}

static int add_rule(WorkloadRules *rules, Span name, const char *file, unsigned line)
{
	WorkloadRule rule = { .name = span_dup(name), .file = strdup(file), .line = line };
	WorkloadRule *rows = reallocarray(rules->rows, rules->n + 1, sizeof(*rows));

	if (rows)
		rules->rows = rows;
	if (!rows || !rule.name || !rule.file) {
		rule_done(&rule);
		return -ENOMEM;
	}
	rows[rules->n++] = rule;
	return 0;
}

int workload_rules_open(WorkloadRules *rules, Span name, const char *file, unsigned line,
			WorkloadRule **ret, Diag *d)
{
	WorkloadRule *found;
	int r;

	r = workload_check_name(name, d);
	if (r < 0)
		return r;
	found = rule_of(rules, name);
	if (!found) {
		if (rules->n == WORKLOAD_RULES_MAX)
			return diag_set(d, -E2BIG, "more than %d workloads", WORKLOAD_RULES_MAX);
		r = add_rule(rules, name, file, line);
		if (r < 0)
			return diag_set(d, r, "out of memory");
		found = &rules->rows[rules->n - 1];
	}
	*ret = found;
	return 0;
}

static int set_copy(char **to, Span text)
{
	char *copy = NULL;

	if (text.n > 0) {
		copy = span_dup(text);
		if (!copy)
			return -ENOMEM;
	}
	free(*to);
	*to = copy;
	return 0;
}

/* A backslash takes what follows it literally; one that ends the glob makes it match nothing. */
static bool ends_in_backslash(Span glob)
{
	size_t n = 0;

	while (n < glob.n && glob.p[glob.n - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

int workload_check_glob(Span glob, const char *what, Diag *d)
{
	if (glob.n >= WORKLOAD_GLOB_MAX)
		return diag_set(d, -EINVAL, "%s has at most %d bytes", what, WORKLOAD_GLOB_MAX - 1);
	if (ends_in_backslash(glob))
		return diag_set(d, -EINVAL, "%s ends in a lone backslash and would match nothing",
				what);
	return 0;
}

static int set_glob(WorkloadRule *rule, WorkloadMatch match, Span glob, Diag *d)
{
	Span key = SPAN_NULL;
	char what[32];
	int r;

	if (match == WORKLOAD_MATCH_LABEL && glob.n > 0 &&
	    (!span_split(&glob, '=', &key) || key.n == 0 || !glob.p || glob.n == 0))
		return diag_set(d, -EINVAL, "MatchLabel= wants KEY=GLOB");
	snprintf(what, sizeof(what), "%s=", matches[match].key);
	r = workload_check_glob(glob, what, d);
	if (r < 0)
		return r;
	r = set_copy(&rule->globs[match], glob);
	if (r == 0 && match == WORKLOAD_MATCH_LABEL)
		r = set_copy(&rule->label, key);
	return r < 0 ? diag_set(d, r, "out of memory") : 0;
}

int workload_rule_set(WorkloadRule *rule, const char *key, const char *value, Diag *d)
{
	if (strcmp(key, "Priority") == 0) {
		rule->priority = 0;
		if (value[0] && parse_i32(span_of(value), &rule->priority) < 0)
			return diag_set(d, -EINVAL, "Priority=%s is no whole number", value);
		return 0;
	}
	for (size_t i = 0; i < _WORKLOAD_MATCH_MAX; i++)
		if (strcmp(key, matches[i].key) == 0)
			return set_glob(rule, (WorkloadMatch)i, span_of(value), d);
	return diag_set(d, -EINVAL,
			"there is no key %s= in a [workload] section, see seccompd.conf(5)", key);
}

static bool has_condition(const WorkloadRule *rule)
{
	for (size_t i = 0; i < _WORKLOAD_MATCH_MAX; i++)
		if (rule->globs[i])
			return true;
	return false;
}

static int by_rank(const void *a, const void *b)
{
	const WorkloadRule *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void drop_settings(WorkloadRules *rules)
{
	size_t kept = 0;

	for (size_t i = 0; i < rules->n; i++)
		if (rules->rows[i].settings && !has_condition(&rules->rows[i]))
			rule_done(&rules->rows[i]);
		else
			rules->rows[kept++] = rules->rows[i];
	rules->n = kept;
}

int workload_rules_finish(WorkloadRules *rules, const WorkloadRule **ret_bad, Diag *d)
{
	drop_settings(rules);
	for (size_t i = 0; i < rules->n; i++)
		if (!has_condition(&rules->rows[i])) {
			*ret_bad = &rules->rows[i];
			return diag_set(d, -EINVAL,
					"[workload %s] has no Match key and would match everything",
					rules->rows[i].name);
		}
	if (rules->n > 0)
		qsort(rules->rows, rules->n, sizeof(*rules->rows), by_rank);
	return 0;
}

/* ---- using them ---- */

/*
 * The matcher of libc looks back to the last asterisk only, so that what a stranger named takes at
 * most length of glob times length of name.
 */
const char *workload_rule_misses(const WorkloadRule *rule, const WorkloadFacts *f)
{
	for (size_t i = 0; i < _WORKLOAD_MATCH_MAX; i++) {
		const char *fact = rule->globs[i] ? matches[i].fact(f, rule) : NULL;

		if (rule->globs[i] && (!fact || !fact[0] || fnmatch(rule->globs[i], fact, 0) != 0))
			return matches[i].key;
	}
	return NULL;
}

const WorkloadRule *workload_rules_find(const WorkloadRules *rules, const WorkloadFacts *f)
{
	for (size_t i = 0; i < rules->n; i++)
		if (!workload_rule_misses(&rules->rows[i], f))
			return &rules->rows[i];
	return NULL;
}

void workload_rules_name(const WorkloadRules *rules, const WorkloadFacts *f, WorkloadName *ret)
{
	const WorkloadRule *rule = rules ? workload_rules_find(rules, f) : NULL;

	if (!rule) {
		workload_name(f, ret);
		return;
	}
	ret->heuristic = false;
	ret->rule = rule;
	snprintf(ret->text, sizeof(ret->text), "%s", rule->name);
}
