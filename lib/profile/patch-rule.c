/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "profile/patch.h"
#include "profile/splice.h"

/* One object or list being written: what is inside stands one level deeper. */
typedef struct Writer {
	const SpliceStyle *style;
	unsigned depth;
	Buffer *b;
} Writer;

static const ScanNode *node_at(const Scan *s, uint32_t begin, ScanKind kind)
{
	for (uint32_t i = 0; i < s->n_nodes; i++)
		if (s->nodes[i].begin == begin && s->nodes[i].kind == kind)
			return &s->nodes[i];
	return NULL;
}

static bool is_name(const char *name)
{
	return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool has_name(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void add_key(const Writer *w, const char *key, bool first)
{
	if (!first)
		buffer_add_char(w->b, ',');
	splice_break(w->style, w->depth + 1, first, w->b);
	buffer_printf(w->b, "\"%s\"", key);
	buffer_add(w->b, w->style->colon);
}

static void add_names(const Writer *w, const PatchRule *rule)
{
	SpliceStyle style = *w->style;

	style.lines = style.name_lines;
	add_key(w, "names", true);
	buffer_add_char(w->b, '[');
	for (size_t i = 0; i < rule->n_names; i++) {
		if (i > 0)
			buffer_add_char(w->b, ',');
		splice_break(&style, w->depth + 2, i == 0, w->b);
		buffer_printf(w->b, "\"%s\"", rule->names[i]);
	}
	splice_break(&style, w->depth + 1, true, w->b);
	buffer_add_char(w->b, ']');
}

static void add_arg(const Writer *outer, const ProfileArg *arg)
{
	Writer w = { outer->style, outer->depth + 2, outer->b };

	buffer_add_char(w.b, '{');
	add_key(&w, "index", true);
	buffer_printf(w.b, "%u", arg->index);
	add_key(&w, "value", false);
	buffer_printf(w.b, "%" PRIu64, arg->value);
	if (arg->op == PROFILE_OP_MASKED_EQ) {
		add_key(&w, "valueTwo", false);
		buffer_printf(w.b, "%" PRIu64, arg->value_two);
	}
	add_key(&w, "op", false);
	buffer_printf(w.b, "\"%s\"", profile_op_name(arg->op));
	splice_break(w.style, w.depth, true, w.b);
	buffer_add_char(w.b, '}');
}

static void add_args(const Writer *w, const PatchRule *rule)
{
	add_key(w, "args", false);
	buffer_add_char(w->b, '[');
	for (size_t i = 0; i < rule->n_args; i++) {
		if (i > 0)
			buffer_add_char(w->b, ',');
		splice_break(w->style, w->depth + 2, i == 0, w->b);
		add_arg(w, &rule->args[i]);
	}
	splice_break(w->style, w->depth + 1, true, w->b);
	buffer_add_char(w->b, ']');
}

static void write_rule(const Writer *w, const PatchRule *rule)
{
	buffer_add_char(w->b, '{');
	add_names(w, rule);
	add_key(w, "action", false);
	buffer_printf(w->b, "\"%s\"", action_name(rule->action));
	if (rule->errno_ret >= 0) {
		add_key(w, "errnoRet", false);
		buffer_printf(w->b, "%d", rule->errno_ret);
	}
	if (rule->n_args > 0)
		add_args(w, rule);
	splice_break(w->style, w->depth, true, w->b);
	buffer_add_char(w->b, '}');
}

static bool same_args(const ProfileRule *a, const PatchRule *b)
{
	if (a->n_args != b->n_args)
		return false;
	for (size_t i = 0; i < a->n_args; i++)
		if (a->args[i].index != b->args[i].index || a->args[i].op != b->args[i].op ||
		    a->args[i].value != b->args[i].value ||
		    a->args[i].value_two != b->args[i].value_two)
			return false;
	return true;
}

/* Does a rule without conditions say all of this already? */
static bool is_there(const Profile *p, const PatchRule *rule)
{
	uint32_t data = rule->action == ACTION_ERRNO
				? (uint32_t)(rule->errno_ret >= 0 ? rule->errno_ret : EPERM)
				: 0;

	for (size_t i = 0; i < p->n_rules; i++) {
		const ProfileRule *r = &p->rules[i];
		bool same = !r->gate.conditional && r->action == rule->action && r->data == data &&
			    same_args(r, rule);

		for (size_t k = 0; same && k < rule->n_names; k++) {
			bool found = false;

			for (size_t m = 0; m < r->n_names && !found; m++)
				found = strcmp(r->names[m].text, rule->names[k]) == 0;
			same = found;
		}
		if (same)
			return true;
	}
	return false;
}

/* Into the list, or with a list of its own. */
static int place_rule(const Scan *s, const ScanNode *root, const PatchRule *rule, Buffer *out)
{
	const ScanNode *list = scan_member(s, root, "syscalls");
	bool make = !list || list->kind != SCAN_ARRAY;
	SpliceStyle style = splice_style(s, make ? root : list);
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Writer w = { &style, make || list->n_items == 0 ? 1 : 0, &b };

	if (!make) {
		write_rule(&w, rule);
		splice_append(s, list, buffer_span(&b), out);
		return buffer_error(&b);
	}
	if (!list) {
		buffer_add_str(&b, "\"syscalls\"");
		buffer_add(&b, style.colon);
	}
	buffer_add_char(&b, '[');
	splice_break(&style, 1, true, &b);
	write_rule(&w, rule);
	splice_break(&style, 0, true, &b);
	buffer_add_char(&b, ']');
	if (list)
		splice_replace(s, list, buffer_span(&b), out);
	else
		splice_append(s, root, buffer_span(&b), out);
	return buffer_error(&b);
}

int patch_add_rule(Span text, const Profile *p, const PatchRule *rule, Buffer *out)
{
	_cleanup_scan_ Scan s = { 0 };
	const ScanNode *root;
	int r;

	for (size_t i = 0; i < rule->n_names; i++)
		if (!is_name(rule->names[i]))
			return -EINVAL;
	if (is_there(p, rule)) {
		buffer_add(out, text);
		return buffer_error(out);
	}
	r = scan_read(text, &s, NULL);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	root = node_at(&s, p->at.begin, SCAN_OBJECT);
	if (!root || root->end != p->at.end)
		return -EINVAL;
	r = place_rule(&s, root, rule, out);
	return r < 0 ? r : buffer_error(out);
}

/* All of the rule, when nothing would be left of its names. */
static int remove_rule(const Scan *s, const Profile *p, const ProfileRule *rule, Buffer *out)
{
	const ScanNode *root = node_at(s, p->at.begin, SCAN_OBJECT);
	const ScanNode *list = root ? scan_member(s, root, "syscalls") : NULL;
	const ScanNode *object = node_at(s, rule->at.begin, SCAN_OBJECT);

	if (!list || !object)
		return -EINVAL;
	splice_remove(s, list, object, out);
	return buffer_error(out);
}

/* The first name of the list that is to go; NULL when none is left. */
static const ScanNode *next_victim(const Scan *s, const ScanNode *list, const char *const *names,
				   size_t n, int *ret)
{
	SCAN_EACH(s, list, child)
	{
		_cleanup_free_ char *name = NULL;

		*ret = scan_string(s, child, &name);
		if (*ret < 0)
			return NULL;
		if (has_name(names, n, name))
			return child;
	}
	return NULL;
}

/* One after the other: places move with each. */
static int remove_from_list(Span text, const ProfileRule *rule, const char *const *names, size_t n,
			    Buffer *out)
{
	_cleanup_buffer_ Buffer now = BUFFER_NULL;
	int r = 0;

	buffer_add(&now, text);
	for (;;) {
		_cleanup_buffer_ Buffer next = BUFFER_NULL;
		_cleanup_scan_ Scan s = { 0 };
		const ScanNode *list, *victim;

		r = scan_read(buffer_span(&now), &s, NULL);
		list = r < 0 ? NULL : node_at(&s, rule->list.begin, SCAN_ARRAY);
		if (!list)
			return r == -ENOMEM ? r : -EINVAL;
		victim = next_victim(&s, list, names, n, &r);
		if (!victim)
			break;
		splice_remove(&s, list, victim, &next);
		buffer_done(&now);
		now = next;
		next = BUFFER_NULL;
		if (buffer_error(&now) < 0)
			return buffer_error(&now);
	}
	buffer_add(out, buffer_span(&now));
	return r < 0 ? r : buffer_error(out);
}

int patch_remove_names(Span text, const Profile *p, size_t index, const char *const *names,
		       size_t n, Buffer *out)
{
	const ProfileRule *rule = &p->rules[index];
	_cleanup_scan_ Scan s = { 0 };
	size_t n_gone = 0;
	int r;

	for (size_t i = 0; i < rule->n_names; i++)
		n_gone += has_name(names, n, rule->names[i].text);
	if (n_gone < rule->n_names || n_gone == 0)
		return remove_from_list(text, rule, names, n_gone == 0 ? 0 : n, out);
	r = scan_read(text, &s, NULL);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	return remove_rule(&s, p, rule, out);
}
