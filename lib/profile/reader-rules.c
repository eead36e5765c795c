/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/reader.h"
#include "profile/word.h"

static int read_name(const ProfileReader *r, const ScanNode *node, ProfileName *ret)
{
	int n = reader_string(r, node, "a system call's name", &ret->text);

	if (n < 0)
		return n;
	ret->at = (ProfileExtent){ node->begin, node->end };
	if (!*ret->text)
		return reader_fail(r, node, "an empty name is no system call: runc refuses it");
	return 0;
}

static int read_names(const ProfileReader *r, const ScanNode *list, ProfileRule *rule)
{
	int n;

	rule->list = (ProfileExtent){ list->begin, list->end };
	rule->names = calloc(MAX(list->n_items, 1), sizeof(*rule->names));
	if (!rule->names)
		return -ENOMEM;
	SCAN_EACH(r->scan, list, child)
	{
		n = read_name(r, child, &rule->names[rule->n_names++]);
		if (n < 0)
			return n;
	}
	return 0;
}

static int read_old_name(const ProfileReader *r, const ScanNode *node, ProfileRule *rule)
{
	if (r->profile->dialect == DIALECT_OCI || r->profile->dialect == DIALECT_SPO)
		return reader_fail(
			r, node,
			"runc drops a rule in the old \"name\" form silently: write it as "
			"\"names\": [...]");
	rule->old_form = true;
	rule->names = calloc(1, sizeof(*rule->names));
	if (!rule->names)
		return -ENOMEM;
	rule->n_names = 1;
	return read_name(r, node, rule->names);
}

/* Both the list and the old form of one name. */
static int read_rule_names(const ProfileReader *r, const ScanNode *object, ProfileRule *rule)
{
	const ScanNode *list, *name;
	int n;

	n = reader_member(r, object, "names", SCAN_ARRAY, &list);
	if (n < 0)
		return n;
	n = reader_member(r, object, "name", SCAN_STRING, &name);
	if (n < 0)
		return n;
	if (name && name->end - name->begin == 2)
		name = NULL; /* "": as good as absent for those who read it */
	if (list && list->n_items == 0 && name)
		list = NULL; /* the same */
	if (list && name)
		return reader_fail(r, name,
				   "the rule has both \"name\" and \"names\", use only \"names\"");
	if (list)
		return read_names(r, list, rule);
	if (name)
		return read_old_name(r, name, rule);
	return reader_fail(r, object, "this rule has no \"names\"");
}

static int read_op(const ProfileReader *r, const ScanNode *object, ProfileOp *ret)
{
	_cleanup_free_ char *name = NULL;
	const ScanNode *node;
	int n;

	n = reader_member(r, object, "op", SCAN_STRING, &node);
	if (n < 0)
		return n;
	if (!node)
		return reader_fail(r, object, "this argument condition has no \"op\"");
	n = reader_string(r, node, "op", &name);
	if (n < 0)
		return n;
	if (word_op(span_of(name), ret) < 0)
		return reader_fail(r, node, "\"%s\" is no comparison that runtimes know", name);
	return 0;
}

/* A number that may be absent (0). */
static int read_number(const ProfileReader *r, const ScanNode *object, const char *key,
		       uint64_t max, uint64_t *ret)
{
	const ScanNode *node;
	int n;

	*ret = 0;
	n = reader_member(r, object, key, SCAN_NUMBER, &node);
	if (n < 0 || !node)
		return n;
	if (scan_u64(r->scan, node, ret) < 0 || *ret > max)
		return reader_fail(r, node, "\"%s\" must be a whole number from 0 to %llu", key,
				   (unsigned long long)max);
	return 0;
}

static int read_arg(const ProfileReader *r, const ScanNode *object, ProfileArg *ret)
{
	static const char *const known[] = { "index", "value", "valueTwo", "op", NULL };
	uint64_t index;
	int n;

	if (object->kind != SCAN_OBJECT)
		return reader_fail(r, object, "an argument condition must be an object, not %s",
				   scan_kind_name(object->kind));
	n = reader_check_keys(r, object, known);
	if (n < 0)
		return n;
	n = read_number(r, object, "index", 5, &index);
	if (n < 0)
		return n;
	ret->index = (uint32_t)index;
	n = read_number(r, object, "value", UINT64_MAX, &ret->value);
	if (n < 0)
		return n;
	n = read_number(r, object, "valueTwo", UINT64_MAX, &ret->value_two);
	if (n < 0)
		return n;
	return read_op(r, object, &ret->op);
}

static int read_args(const ProfileReader *r, const ScanNode *object, ProfileRule *rule)
{
	const ScanNode *list;
	int n;

	n = reader_member(r, object, "args", SCAN_ARRAY, &list);
	if (n < 0 || !list || list->n_items == 0)
		return n;
	if (list->n_items > PROFILE_ARGS_MAX)
		return reader_fail(r, list, "more than %d argument conditions in one rule",
				   PROFILE_ARGS_MAX);
	rule->args = calloc(list->n_items, sizeof(*rule->args));
	if (!rule->args)
		return -ENOMEM;
	SCAN_EACH(r->scan, list, child)
	{
		n = read_arg(r, child, &rule->args[rule->n_args++]);
		if (n < 0)
			return n;
	}
	return 0;
}

/* The listener would have to answer the runtime's own calls; runc refuses that. */
static int check_notify(const ProfileReader *r, const ScanNode *object, const ProfileRule *rule)
{
	if (rule->action != ACTION_USER_NOTIF)
		return 0;
	if (!r->profile->has_listener)
		return reader_fail(r, object,
				   "SCMP_ACT_NOTIFY needs a \"listenerPath\" in the profile");
	for (size_t i = 0; i < rule->n_names; i++)
		if (strcmp(rule->names[i].text, "write") == 0)
			return reader_fail(r, object, "SCMP_ACT_NOTIFY cannot be used for write");
	return 0;
}

static int read_rule(ProfileReader *r, const ScanNode *object, ProfileRule *rule)
{
	static const char *const known[] = { "name", "names",   "action",   "errnoRet", "errno",
					     "args", "comment", "includes", "excludes", NULL };
	int n;

	if (object->kind != SCAN_OBJECT)
		return reader_fail(r, object, "a rule of \"syscalls\" must be an object, not %s",
				   scan_kind_name(object->kind));
	rule->at = (ProfileExtent){ object->begin, object->end };
	rule->line = reader_line(r, object, &rule->column);
	n = reader_check_keys(r, object, known);
	if (n < 0)
		return n;
	n = reader_note_ignored(r, object);
	if (n < 0)
		return n;
	n = reader_gate(r, object, &rule->gate);
	if (n < 0)
		return n;
	n = reader_action(r, object, "action", "errnoRet", "errno", &rule->action, &rule->data);
	if (n < 0)
		return n;
	n = read_rule_names(r, object, rule);
	if (n < 0)
		return n;
	n = read_args(r, object, rule);
	if (n < 0)
		return n;
	return check_notify(r, object, rule);
}

int reader_rules(ProfileReader *r, const ScanNode *list)
{
	Profile *p = r->profile;
	int n;

	p->rules = calloc(MAX(list->n_items, 1), sizeof(*p->rules));
	if (!p->rules)
		return -ENOMEM;
	SCAN_EACH(r->scan, list, child)
	{
		n = read_rule(r, child, &p->rules[p->n_rules++]);
		if (n < 0)
			return n;
	}
	return 0;
}
