/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>

#include "audit/syscall-supplement.h"

#define ROW 20           /* numbers in a row */
#define COMMON_FIRST 424 /* from here on all architectures have the same numbers */
#define COMMON_ROW 420   /* where the first row of these begins */

typedef struct Special {
	uint32_t arch;
	int32_t nr;
	const char *name;
} Special;

typedef struct Table {
	uint32_t arch;
	int32_t base, common_base; /* what is added to the numbers of .rows, and from 424 on */
	int32_t common_last;
	const char *const *rows; /* below 424; NULL where libseccomp has them all */
	size_t n_rows;
} Table;

#include "audit/syscall-table-own.h"
#include "audit/syscall-table.h"

/* Both tables are in order. */
static const Table *find_table(uint32_t arch)
{
	size_t from = 0, to = ELEMENTSOF(tables);

	while (from < to) {
		size_t middle = (from + to) / 2;

		if (tables[middle].arch == arch)
			return &tables[middle];
		if (tables[middle].arch < arch)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

static const Special *find_special(uint32_t arch, int32_t nr)
{
	size_t from = 0, to = ELEMENTSOF(specials);

	while (from < to) {
		size_t middle = (from + to) / 2;
		const Special *s = &specials[middle];

		if (s->arch == arch && s->nr == nr)
			return s;
		if (s->arch < arch || (s->arch == arch && s->nr < nr))
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* Rows are full: each has ROW words. */
static Span word_of_row(const char *row, unsigned i)
{
	size_t n = 0;

	while (i > 0)
		i -= *row++ == ' ';
	while (row[n] != ' ' && row[n] != '\0')
		n++;
	return n == 1 && *row == '-' ? SPAN_NULL : span_make(row, n);
}

/* The name that stands at @nr in rows of which the first begins with number @first. */
static Span name_in_rows(const char *const *rows, size_t n_rows, int64_t nr, int64_t first)
{
	if (nr < first || (uint64_t)(nr - first) / ROW >= n_rows)
		return SPAN_NULL;
	return word_of_row(rows[(nr - first) / ROW], (unsigned)((nr - first) % ROW));
}

Span syscall_supplement_name(uint32_t arch, int64_t nr)
{
	const Table *t = find_table(arch);
	const Special *s;

	if (!t || nr < t->base || nr > INT32_MAX)
		return SPAN_NULL;
	s = find_special(arch, (int32_t)nr);
	if (s)
		return span_of(s->name);
	if (nr >= t->common_base + COMMON_FIRST)
		return nr - t->common_base > t->common_last
			       ? SPAN_NULL
			       : name_in_rows(common_rows, ELEMENTSOF(common_rows),
					      nr - t->common_base, COMMON_ROW);
	return name_in_rows(t->rows, t->n_rows, nr - t->base, 0);
}

/* Where @name stands in the rows, counted from the first; -ENOENT. */
static int64_t number_in_rows(const char *const *rows, size_t n_rows, Span name)
{
	for (size_t i = 0; i < n_rows; i++) {
		Span rest = span_of(rows[i]), word;

		for (int64_t k = 0; span_split(&rest, ' ', &word); k++)
			if (span_eq(word, name))
				return (int64_t)i * ROW + k;
	}
	return -ENOENT;
}

int syscall_supplement_number(uint32_t arch, Span name, int64_t *ret)
{
	const Table *t = find_table(arch);
	int64_t nr, base;

	if (!t || span_is(name, "-"))
		return -ENOENT;
	for (size_t i = 0; i < ELEMENTSOF(specials); i++)
		if (specials[i].arch == arch && specials[i].name &&
		    span_is(name, specials[i].name)) {
			*ret = specials[i].nr;
			return 0;
		}
	base = COMMON_ROW + t->common_base;
	nr = number_in_rows(common_rows, ELEMENTSOF(common_rows), name);
	if (nr < 0) {
		base = t->base;
		nr = number_in_rows(t->rows, t->n_rows, name);
	}
	/* What an architecture lacks may be in its rows all the same. */
	if (nr < 0 || !span_eq(syscall_supplement_name(arch, nr + base), name))
		return -ENOENT;
	*ret = nr + base;
	return 0;
}

int64_t syscall_supplement_base(uint32_t arch)
{
	const Table *t = find_table(arch);

	return t ? t->base : 0;
}
