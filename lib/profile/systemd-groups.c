/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/systemd-groups.h"

/* A group as it is printed: its members may be groups. */
typedef struct Listed {
	Span name;
	Span *members; /* a part of .all */
	size_t n;
} Listed;

typedef struct Listing {
	Listed groups[SYSTEMD_GROUPS_MAX];
	size_t n;
	Span *all;
} Listing;

static int compare_spans(const void *a, const void *b)
{
	return span_compare(*(const Span *)a, *(const Span *)b);
}

static bool is_indented(Span line)
{
	return line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
}

static Span stripped(Span s)
{
	while (s.n > 0 && strchr(" \t\r", s.p[0]) && s.p[0])
		s = span_from(s, 1);
	while (s.n > 0 && strchr(" \t\r", s.p[s.n - 1]) && s.p[s.n - 1])
		s.n--;
	return s;
}

/* A group's name stands at the start of its line, its members and comments are indented below. What
 * belongs to no group is printed as comments. */
static int list_groups(Span text, Listing *l)
{
	size_t n = 1, members = 0;
	Listed *group = NULL;
	Span line;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	l->all = calloc(n, sizeof(*l->all));
	if (!l->all)
		return -ENOMEM;
	while (span_split(&text, '\n', &line)) {
		Span word = stripped(line);

		if (word.n == 0 || word.p[0] == '#')
			continue;
		if (is_indented(line)) {
			if (!group)
				return -EBADMSG;
			l->all[members++] = word;
			group->n++;
			continue;
		}
		if (word.p[0] != '@')
			return -EBADMSG;
		if (l->n == SYSTEMD_GROUPS_MAX)
			return -E2BIG;
		group = &l->groups[l->n++];
		*group = (Listed){ .name = word, .members = l->all + members };
	}
	return 0;
}

static ssize_t find_listed(const Listing *l, Span name)
{
	for (size_t i = 0; i < l->n; i++)
		if (span_eq(l->groups[i].name, name))
			return (ssize_t)i;
	return -1;
}

/* Each group once, however they contain each other. */
typedef struct Flattening {
	const Listing *listing;
	bool queued[SYSTEMD_GROUPS_MAX];
	size_t queue[SYSTEMD_GROUPS_MAX], n_queue;
	Span *calls;
	size_t n;
} Flattening;

static void queue(Flattening *f, ssize_t group)
{
	if (group < 0 || f->queued[group])
		return;
	f->queued[group] = true;
	f->queue[f->n_queue++] = (size_t)group;
}

static int take_members(Flattening *f, const Listed *group)
{
	for (size_t i = 0; i < group->n; i++) {
		if (group->members[i].p[0] == '@') {
			queue(f, find_listed(f->listing, group->members[i]));
			continue;
		}
		if (f->n == SYSTEMD_GROUP_CALLS_MAX)
			return -E2BIG;
		f->calls[f->n++] = group->members[i];
	}
	return 0;
}

static int flatten(const Listing *l, size_t group, SystemdGroup *ret)
{
	Flattening f = { .listing = l };
	size_t n = 0;
	int r = 0;

	ret->name = l->groups[group].name;
	ret->calls = f.calls = calloc(SYSTEMD_GROUP_CALLS_MAX, sizeof(*f.calls));
	if (!f.calls)
		return -ENOMEM;
	queue(&f, (ssize_t)group);
	for (size_t i = 0; r == 0 && i < f.n_queue; i++)
		r = take_members(&f, &l->groups[f.queue[i]]);
	if (r < 0)
		return r;
	qsort(f.calls, f.n, sizeof(*f.calls), compare_spans);
	for (size_t i = 0; i < f.n; i++)
		if (n == 0 || !span_eq(f.calls[n - 1], f.calls[i]))
			f.calls[n++] = f.calls[i];
	ret->n = n;
	ret->calls = realloc(f.calls, MAX(n, 1U) * sizeof(*f.calls)) ?: f.calls;
	return 0;
}

static int parse(Span text, Listing *l, SystemdGroups *g)
{
	int r;

	if (text.n > SYSTEMD_GROUPS_TEXT_MAX)
		return -E2BIG;
	g->text = span_dup(text);
	if (!g->text)
		return -ENOMEM;
	r = list_groups(span_make(g->text, text.n), l);
	/* every allow list has it, said or not */
	if (r == 0 && find_listed(l, SPAN_LIT("@default")) < 0)
		r = -EBADMSG;
	if (r < 0)
		return r;
	g->groups = calloc(MAX(l->n, 1U), sizeof(*g->groups));
	if (!g->groups)
		return -ENOMEM;
	for (; r == 0 && g->n < l->n; g->n++)
		r = flatten(l, g->n, &g->groups[g->n]);
	return r;
}

int systemd_groups_parse(Span text, SystemdGroups *ret, Diag *d)
{
	_cleanup_systemd_groups_ SystemdGroups g = { 0 };
	_cleanup_free_ Listing *l = calloc(1, sizeof(*l));
	int r = l ? parse(text, l, &g) : -ENOMEM;

	if (l)
		free(l->all);
	if (r == -EBADMSG)
		return diag_set(d, r, "this is not what \"systemd-analyze syscall-filter\" prints");
	if (r == -E2BIG)
		return diag_set(d, r,
				"these are more groups of system calls than systemd can have");
	if (r < 0)
		return r;
	*ret = g;
	g = (SystemdGroups){ 0 };
	return 0;
}

void systemd_groups_done(SystemdGroups *g)
{
	for (size_t i = 0; g->groups && i < g->n; i++)
		free(g->groups[i].calls);
	free(g->groups);
	free(g->text);
	*g = (SystemdGroups){ 0 };
}

const SystemdGroup *systemd_groups_find(const SystemdGroups *g, Span name)
{
	for (size_t i = 0; i < g->n; i++)
		if (span_eq(g->groups[i].name, name))
			return &g->groups[i];
	return NULL;
}

bool systemd_group_has(const SystemdGroup *group, Span call)
{
	return group->n > 0 &&
	       bsearch(&call, group->calls, group->n, sizeof(call), compare_spans) != NULL;
}
