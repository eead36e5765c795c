/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of a profile. */
#include <errno.h>

#include "profile/lint-private.h"
#include "profile/word.h"

static void add_call(Lint *l, const ScanNode *node)
{
	const char *name = lint_text(l, node, "a system call's name");

	if (!name)
		return;
	if (!*name) {
		lint_say(l, LINT_VALUE, LINT_ERROR, node,
			 "an empty name is no system call, and runc refuses it: remove it");
		return;
	}
	l->calls = lint_grow(l, l->calls, l->n_calls, &l->calls_allocated, sizeof(*l->calls));
	if (l->error == 0)
		l->calls[l->n_calls++] = (LintCall){ name, node, (uint32_t)l->n_rules };
}

/* Those that the dialect's readers see. */
static void read_names(Lint *l, const ScanNode *object)
{
	const ScanNode *list = lint_member(l, object, "names", SCAN_ARRAY);
	const ScanNode *name = lint_member(l, object, "name", SCAN_STRING);
	bool has_name = !lint_is_empty(name);

	if (!lint_is_empty(list) && has_name)
		lint_say(l, LINT_TWO_FORMS, l->reader->converts ? LINT_ERROR : LINT_WARNING, name,
			 "the rule has both \"name\" and \"names\": Docker and Podman refuse it, "
			 "others "
			 "ignore \"name\"; keep \"names\"");
	else if (has_name && !l->reader->converts)
		lint_say(l, LINT_OLD_NAME, LINT_ERROR, name,
			 "the old form \"name\" is not read here: runc drops the rule without a "
			 "word and "
			 "crun refuses the profile; write \"names\": [...]");
	else if (has_name)
		add_call(l, name);
	else if (!list)
		lint_say(l, LINT_VALUE, lint_refused(l, false, true), object,
			 "this rule has no \"names\": runc drops it without a word, and crun "
			 "refuses "
			 "the profile");
	else if (list->n_items == 0)
		lint_say(l, LINT_START, l->reader->manifest ? LINT_ERROR : LINT_WARNING, list,
			 l->reader->manifest
				 ? "this rule names no system call, and a SeccompProfile must have "
				   "one in each: fill or remove it"
				 : "this rule names no system call, so it has no effect: fill or "
				   "remove it");
	if (list)
		SCAN_EACH(&l->scan, list, child)
	add_call(l, child);
}

static bool read_op(Lint *l, const ScanNode *object, ProfileOp *ret)
{
	const ScanNode *node = scan_member(&l->scan, object, "op");
	const char *name;

	if (lint_is_empty(node)) {
		lint_say(l, LINT_VALUE, LINT_ERROR, node ?: object,
			 "this argument condition has no \"op\": no container would start");
		return false;
	}
	name = node->kind == SCAN_STRING ? lint_text(l, node, "\"op\"") : NULL;
	if (!name)
		return false;
	if (word_op(span_of(name), ret) == 0)
		return true;
	lint_say(l, LINT_VALUE, LINT_ERROR, node,
		 "\"%.64s\" is no comparison that runtimes know: no container would start", name);
	return false;
}

/* A number that may be left out; readers in Go then take 0. */
static bool read_number(Lint *l, const ScanNode *object, const char *key, bool wanted, uint64_t max,
			uint64_t *ret)
{
	const ScanNode *node = lint_member(l, object, key, SCAN_NUMBER);

	*ret = 0;
	if (node)
		return lint_number(l, node, max, ret);
	if (wanted && !scan_member(&l->scan, object, key))
		lint_say(l, LINT_VALUE, LINT_WARNING, object,
			 "this argument condition has no \"%s\": runtimes in Go take 0, and the "
			 "format "
			 "demands it; write it",
			 key);
	return true;
}

static bool read_arg(Lint *l, const ScanNode *object)
{
	static const LintKey keys[] = {
		{ "index", LINT_KIND(SCAN_NUMBER) },
		{ "value", LINT_KIND(SCAN_NUMBER) },
		{ "valueTwo", LINT_KIND(SCAN_NUMBER) },
		{ "op", LINT_KIND(SCAN_STRING) },
	};
	uint64_t max = l->reader->manifest ? INT64_MAX : UINT64_MAX; /* signed, in a manifest */
	LintArg arg = { .node = object };
	bool sound;

	if (object->kind != SCAN_OBJECT) {
		lint_say(l, LINT_VALUE, LINT_ERROR, object,
			 "an argument condition must be an object, not %s: no runtime takes that",
			 scan_kind_name(object->kind));
		return false;
	}
	sound = lint_keys(l, object, keys, ELEMENTSOF(keys), "an argument condition");
	sound &= read_number(l, object, "index", true, 5, &arg.index);
	sound &= read_number(l, object, "value", true, max, &arg.value);
	sound &= read_number(l, object, "valueTwo", false, max, &arg.value_two);
	sound &= read_op(l, object, &arg.op);
	l->args = lint_grow(l, l->args, l->n_args, &l->args_allocated, sizeof(*l->args));
	if (l->error < 0 || !sound)
		return false;
	l->args[l->n_args++] = arg;
	return true;
}

static bool read_args(Lint *l, const ScanNode *object, LintRule *rule)
{
	const ScanNode *list = lint_member(l, object, "args", SCAN_ARRAY);
	bool sound = true;

	rule->first_arg = l->n_args;
	if (list)
		SCAN_EACH(&l->scan, list, child)
	sound &= read_arg(l, child);
	rule->n_args = l->n_args - rule->first_arg;
	if (l->reader->manifest && rule->n_args > 6)
		lint_say(
			l, LINT_VALUE, LINT_ERROR, list,
			"a SeccompProfile may have six argument conditions in a rule, and here are "
			"%zu",
			rule->n_args);
	if (rule->n_args > PROFILE_ARGS_MAX) {
		lint_say(l, LINT_VALUE, LINT_ERROR, list,
			 "this rule has more than %d argument conditions: a call has six arguments",
			 PROFILE_ARGS_MAX);
		return false;
	}
	return sound;
}

static const ScanNode *read_condition(Lint *l, const ScanNode *object, const char *key)
{
	const ScanNode *node = lint_member(l, object, key, SCAN_OBJECT);

	if (lint_is_empty(node))
		return NULL;
	if (l->reader->conditions)
		return node;
	lint_say(l, LINT_IGNORED_KEY, LINT_ERROR, node,
		 "readers of the dialect \"%s\" ignore \"%s\": this rule holds for every "
		 "container, with "
		 "and without the capability; make a profile without conditions",
		 dialect_name(l->in->dialect), key);
	return NULL;
}

static void check_notify(Lint *l, const LintRule *rule, size_t first_call)
{
	if (rule->action.action != ACTION_USER_NOTIF)
		return;
	if (lint_is_empty(l->listener))
		lint_say(l, LINT_NOTIFY, lint_refused(l, true, false), rule->action.node,
			 "SCMP_ACT_NOTIFY needs a \"listenerPath\" in the profile: without it runc "
			 "does "
			 "not start the container");
	for (size_t i = first_call; i < l->n_calls; i++)
		if (strcmp(l->calls[i].name, "write") == 0)
			lint_say(l, LINT_NOTIFY, LINT_ERROR, l->calls[i].node,
				 "SCMP_ACT_NOTIFY cannot be used for write, with which the runtime "
				 "hands "
				 "over the listener: runc refuses the profile");
}

static void read_rule(Lint *l, const ScanNode *object, LintRule *rule)
{
	static const LintKey keys[] = {
		{ "names", LINT_KIND(SCAN_ARRAY) },     { "name", LINT_KIND(SCAN_STRING) },
		{ "action", LINT_KIND(SCAN_STRING) },   { "errnoRet", LINT_KIND(SCAN_NUMBER) },
		{ "errno", LINT_KIND(SCAN_STRING) },    { "args", LINT_KIND(SCAN_ARRAY) },
		{ "comment", LINT_KIND(SCAN_STRING) },  { "includes", LINT_KIND(SCAN_OBJECT) },
		{ "excludes", LINT_KIND(SCAN_OBJECT) },
	};
	size_t first_call = l->n_calls;
	bool sound;

	rule->node = object;
	if (object->kind != SCAN_OBJECT) {
		lint_say(l, LINT_VALUE, LINT_ERROR, object,
			 "a rule of \"syscalls\" must be an object, not %s: no runtime takes that",
			 scan_kind_name(object->kind));
		return;
	}
	sound = lint_keys(l, object, keys, ELEMENTSOF(keys), "a rule");
	lint_action(l, object, "action", "errnoRet", "errno", &rule->action);
	read_names(l, object);
	sound &= read_args(l, object, rule);
	rule->includes = read_condition(l, object, "includes");
	rule->excludes = read_condition(l, object, "excludes");
	if (!rule->action.node)
		return;
	check_notify(l, rule, first_call);
	rule->counts = sound && !lint_is_default(l, rule);
}

static int compare_calls(const void *a, const void *b)
{
	const LintCall *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ? r : (x->node > y->node) - (x->node < y->node);
}

void lint_read_rules(Lint *l, const ScanNode *list)
{
	l->rules = calloc(MAX(list->n_items, 1U), sizeof(*l->rules));
	if (!l->rules) {
		l->error = -ENOMEM;
		return;
	}
	SCAN_EACH(&l->scan, list, child)
	{
		read_rule(l, child, &l->rules[l->n_rules]);
		l->n_rules++;
	}
	if (l->n_calls > 0)
		qsort(l->calls, l->n_calls, sizeof(*l->calls), compare_calls);
}
