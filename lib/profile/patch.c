/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/patch.h"
#include "profile/splice.h"

typedef int (*Order)(const char *a, const char *b);

typedef struct Patch {
	Span text;
	const ProfileRule *rule;
	Buffer *out;
	size_t at; /* bytes of the text that are written */
} Patch;

const ProfileRule *patch_target_for(const Profile *p, Action action, uint32_t data)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (p->rules[i].action == action && p->rules[i].data == data &&
		    p->rules[i].n_args == 0 && !p->rules[i].old_form &&
		    !p->rules[i].gate.conditional)
			return &p->rules[i];
	return NULL;
}

const ProfileRule *patch_target(const Profile *p)
{
	return patch_target_for(p, ACTION_ALLOW, 0);
}

/* Docker keeps its list as if there were no underscores. */
static int compare_without_underscores(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "_");
		b += strspn(b, "_");
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	}
}

static size_t count_slips(const ProfileRule *rule, Order order)
{
	size_t n = 0;

	for (size_t i = 1; i < rule->n_names; i++)
		n += order(rule->names[i - 1].text, rule->names[i].text) > 0;
	return n;
}

/* NULL when the list has no order that we know. People keep long lists by hand: one slip in 128
 * names (Docker's default has one) is still an order. */
static Order order_of(const ProfileRule *rule)
{
	size_t plain = count_slips(rule, strcmp);
	size_t without = count_slips(rule, compare_without_underscores);

	if (MIN(plain, without) > rule->n_names / 128)
		return NULL;
	return plain <= without ? strcmp : compare_without_underscores;
}

static bool is_name(const char *name)
{
	return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool list_has(const ProfileRule *rule, const char *name)
{
	for (size_t i = 0; i < rule->n_names; i++)
		if (strcmp(rule->names[i].text, name) == 0)
			return true;
	return false;
}

static int choose(const ProfileRule *rule, const char *const *names, size_t n, const char **chosen,
		  size_t *ret_n)
{
	size_t n_chosen = 0;

	for (size_t i = 0; i < n; i++) {
		bool known;

		if (!is_name(names[i]))
			return -EINVAL;
		known = list_has(rule, names[i]);
		for (size_t k = 0; k < n_chosen && !known; k++)
			known = strcmp(chosen[k], names[i]) == 0;
		if (!known)
			chosen[n_chosen++] = names[i];
	}
	*ret_n = n_chosen;
	return 0;
}

static void sort(const char **names, size_t n, Order order)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && order(names[k - 1], names[k]) > 0; k--) {
			const char *name = names[k];

			names[k] = names[k - 1];
			names[k - 1] = name;
		}
}

static Span between(const Patch *p, uint32_t begin, uint32_t end)
{
	return span_make(p->text.p + begin, end - begin);
}

/* What stands between a name and the next, made for one more: blank lines and the like that follow
 * the comma belong to the old neighbours. */
static void add_gap(Patch *p, Span gap)
{
	const char *comma = memchr(gap.p, ',', gap.n);
	size_t n = (size_t)(comma - gap.p) + 1;

	buffer_add(p->out, span_first(gap, n));
	buffer_add(p->out, splice_last_line(span_from(gap, n)));
}

/* The gap before name @i, or that of its neighbour where there is none. */
static void add_gap_of(Patch *p, size_t i)
{
	const ProfileName *names = p->rule->names;
	Span lead;

	if (p->rule->n_names > 1) {
		i = MAX(i, (size_t)1);
		i = MIN(i, p->rule->n_names - 1);
		add_gap(p, between(p, names[i - 1].at.end, names[i].at.begin));
		return;
	}
	lead = between(p, p->rule->list.begin + 1, names[0].at.begin);
	buffer_add_char(p->out, ',');
	if (memchr(lead.p, '\n', lead.n))
		buffer_add(p->out, splice_last_line(lead));
	else
		buffer_add_char(p->out, ' ');
}

static void copy_to(Patch *p, size_t offset)
{
	buffer_add(p->out, span_make(p->text.p + p->at, offset - p->at));
	p->at = offset;
}

static void add_quoted(Patch *p, const char *name)
{
	buffer_add_char(p->out, '"');
	buffer_add_str(p->out, name);
	buffer_add_char(p->out, '"');
}

/* Blanks at the start of the line that holds @offset. */
static Span indent_of(Span text, size_t offset)
{
	size_t begin = offset, n;

	while (begin > 0 && text.p[begin - 1] != '\n')
		begin--;
	n = begin;
	while (n < text.n && (text.p[n] == ' ' || text.p[n] == '\t'))
		n++;
	return span_make(text.p + begin, n - begin);
}

/* One level deeper than the list's own line: by as much as that is deeper than the rule's. */
static void add_deeper(Patch *p)
{
	Span list = indent_of(p->text, p->rule->list.begin);
	Span rule = indent_of(p->text, p->rule->at.begin);
	Span step = SPAN_LIT("\t");

	if (list.n > rule.n && span_starts(list, rule))
		step = span_from(list, rule.n);
	else if (list.n > 0 && list.p[0] == ' ')
		step = SPAN_LIT("  ");
	buffer_add(p->out, list);
	buffer_add(p->out, step);
}

/* Into a list that is empty: on lines of their own if its brackets are, else all on one. */
static void fill_empty(Patch *p, const char *const *names, size_t n)
{
	Span inside = between(p, p->rule->list.begin + 1, p->rule->list.end - 1);
	bool lines = inside.n > 0 && memchr(inside.p, '\n', inside.n);
	const char *line_end = span_find(inside, SPAN_LIT("\r\n")) >= 0 ? "\r\n" : "\n";

	copy_to(p, p->rule->list.begin + 1);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buffer_add_str(p->out, lines ? "," : ", ");
		if (lines) {
			buffer_add_str(p->out, line_end);
			add_deeper(p);
		}
		add_quoted(p, names[i]);
	}
}

static void append(Patch *p, const char *const *names, size_t n)
{
	const ProfileRule *rule = p->rule;

	copy_to(p, rule->names[rule->n_names - 1].at.end);
	for (size_t i = 0; i < n; i++) {
		add_gap_of(p, rule->n_names);
		add_quoted(p, names[i]);
	}
}

/* @names in order into a list in that order. */
static void insert(Patch *p, const char *const *names, size_t n, Order order)
{
	const ProfileRule *rule = p->rule;
	size_t next = 0;

	for (size_t i = 0; i < rule->n_names; i++)
		for (; next < n && order(names[next], rule->names[i].text) < 0; next++) {
			copy_to(p, rule->names[i].at.begin);
			add_quoted(p, names[next]);
			add_gap_of(p, i);
		}
	append(p, names + next, n - next);
}

static void add_chosen(Patch *p, const char **names, size_t n)
{
	Order order = order_of(p->rule);

	if (order)
		sort(names, n, order);
	if (n > 0 && p->rule->n_names == 0)
		fill_empty(p, names, n);
	else if (n > 0 && order)
		insert(p, names, n, order);
	else if (n > 0)
		append(p, names, n);
	copy_to(p, p->text.n);
}

int patch_add_names_to(Span text, const ProfileRule *rule, const char *const *names, size_t n,
		       Buffer *out)
{
	_cleanup_free_ const char **chosen = calloc(n + 1, sizeof(*chosen));
	Patch p = { .text = text, .rule = rule, .out = out };
	int r;

	if (!chosen)
		return -ENOMEM;
	r = choose(p.rule, names, n, chosen, &n);
	if (r < 0)
		return r;
	add_chosen(&p, chosen, n);
	return buffer_error(out);
}

int patch_add_names(Span text, const Profile *profile, const char *const *names, size_t n,
		    Buffer *out)
{
	const ProfileRule *rule = patch_target(profile);

	return rule ? patch_add_names_to(text, rule, names, n, out) : -ENOENT;
}
