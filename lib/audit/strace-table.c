/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/strace-table.h"
#include "util/parse.h"

#define COLUMNS_MAX 16

/* The words of a line; COLUMNS_MAX + 1 when there are more. */
static unsigned split(Span line, Span ret[static COLUMNS_MAX])
{
	unsigned n = 0;

	for (size_t i = 0; i < line.n;) {
		size_t from = i;

		while (i < line.n && line.p[i] != ' ' && line.p[i] != '\r')
			i++;
		if (i > from && n == COLUMNS_MAX)
			return COLUMNS_MAX + 1;
		if (i > from)
			ret[n++] = span_make(line.p + from, i - from);
		else
			i++;
	}
	return n;
}

static bool is_known(Span word)
{
	static const char *const known[] = { "seconds", "usecs/call", "shortest", "longest",
					     "calls",   "errors",     "syscall",  "% time" };

	for (size_t i = 0; i < ELEMENTSOF(known); i++)
		if (span_is(word, known[i]))
			return true;
	return false;
}

/* "% time" is one column of two words, the only one that begins so. */
static unsigned join_percent(Span *words, unsigned n)
{
	if (n < 2 || n > COLUMNS_MAX || !span_is(words[0], "%") || !span_is(words[1], "time") ||
	    words[1].p != words[0].p + 2)
		return n;
	words[0].n = strlen("% time");
	memmove(words + 1, words + 2, (n - 2) * sizeof(*words));
	return n - 1;
}

bool strace_table_head(Span line, StraceTable *ret)
{
	Span words[COLUMNS_MAX];
	unsigned n = join_percent(words, split(line, words));
	StraceTable t = { n, UINT32_MAX, UINT32_MAX, UINT32_MAX };

	for (unsigned i = 0; i < n && n <= COLUMNS_MAX; i++) {
		if (!is_known(words[i]))
			return false;
		if (span_is(words[i], "calls"))
			t.calls = i;
		if (span_is(words[i], "errors"))
			t.errors = i;
		if (span_is(words[i], "syscall"))
			t.name = i;
	}
	if (t.name == UINT32_MAX || n < 2)
		return false;
	*ret = t;
	return true;
}

static bool is_rule(Span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '-')
			return false;
	return true;
}

/* Where a column stands in a row of @n words. */
static unsigned place(const StraceTable *t, unsigned column, unsigned n)
{
	return n < t->columns && column > t->errors ? column - 1 : column;
}

int strace_table_row(const StraceTable *t, Span line, Span *ret_name, uint64_t *ret_count)
{
	Span words[COLUMNS_MAX];
	unsigned n = split(line, words);
	uint64_t count = 1;

	if (n == 0 || n > COLUMNS_MAX)
		return -EINVAL;
	if (is_rule(words[0]))
		return STRACE_TABLE_RULE;
	/* An older strace left more cells of it empty than that of the errors. */
	if (span_is(words[n - 1], "total") || span_is(words[0], "total"))
		return STRACE_TABLE_END;
	if (n != t->columns && (n + 1 != t->columns || t->errors == UINT32_MAX))
		return -EINVAL;
	if (t->calls != UINT32_MAX && parse_u64(words[place(t, t->calls, n)], &count) < 0)
		return -EINVAL;
	*ret_name = words[place(t, t->name, n)];
	*ret_count = count;
	return STRACE_TABLE_CALL;
}
