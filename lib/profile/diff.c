/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/diff.h"

/* E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), bounded: texts that
 * differ in more lines than this are told as one replaced block. */
#define EDITS_MAX 1024

typedef struct Lines {
	Span *v;
	size_t n;
} Lines;

typedef struct Op {
	char kind; /* ' ', '-', '+' */
	Span line; /* with its line end */
} Op;

typedef struct Ops {
	Op *v;
	size_t n;
} Ops;

static void lines_done(Lines *l)
{
	free(l->v);
}

static void ops_done(Ops *o)
{
	free(o->v);
}

static int split(Span text, Lines *ret)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	ret->v = calloc(n, sizeof(*ret->v));
	if (!ret->v)
		return -ENOMEM;
	for (ret->n = 0; text.n > 0; ret->n++) {
		const char *end = memchr(text.p, '\n', text.n);
		size_t length = end ? (size_t)(end - text.p) + 1 : text.n;

		ret->v[ret->n] = span_first(text, length);
		text = span_from(text, length);
	}
	return 0;
}

static void put(Ops *ops, char kind, Span line)
{
	ops->v[ops->n++] = (Op){ kind, line };
}

static void put_all(Ops *ops, char kind, const Span *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(ops, kind, lines[i]);
}

/* The lines that the common start and end of both leave over. */
typedef struct Middle {
	const Span *a, *b;
	int n, m;
	bool *deleted, *inserted; /* one for each line of a and of b */
} Middle;

/* Row d of the trace holds how far along a each diagonal -d to d came with d edits. */
static int *row_of(int *trace, int d)
{
	return trace + d * d + d; /* rows 0 to d - 1 have d * d entries */
}

/* Diagonal @k is reached from the one above (a line of b inserted), not from the left. */
static bool goes_down(const int *previous, int k, int d)
{
	return k == -d || (k != d && previous[k - 1] < previous[k + 1]);
}

static int run_on(const Middle *m, int x, int k)
{
	while (x < m->n && x - k < m->m && span_eq(m->a[x], m->b[x - k]))
		x++;
	return x;
}

static bool fill_row(const Middle *m, int *trace, int d)
{
	int *row = row_of(trace, d), *previous = d > 0 ? row_of(trace, d - 1) : NULL, x;

	for (int k = -d; k <= d; k += 2) {
		if (!previous)
			x = 0;
		else
			x = goes_down(previous, k, d) ? previous[k + 1] : previous[k - 1] + 1;
		row[k] = run_on(m, x, k);
		if (row[k] >= m->n && row[k] - k >= m->m)
			return true;
	}
	return false;
}

static void mark_path(Middle *m, int *trace, int d)
{
	int x = m->n, y = m->m;

	for (; d > 0; d--) {
		const int *previous = row_of(trace, d - 1);
		int k = x - y;
		bool down = goes_down(previous, k, d);

		k += down ? 1 : -1;
		x = previous[k];
		y = x - k;
		if (down)
			m->inserted[y] = true;
		else
			m->deleted[x] = true;
	}
}

static int mark_edits(Middle *m)
{
	int limit = MIN(m->n + m->m, EDITS_MAX), d = 0;
	_cleanup_free_ int *trace =
		calloc((size_t)(limit + 1) * (size_t)(limit + 1), sizeof(*trace));

	if (!trace)
		return -ENOMEM;
	while (d <= limit && !fill_row(m, trace, d))
		d++;
	if (d <= limit) {
		mark_path(m, trace, d);
		return 0;
	}
	memset(m->deleted, true, (size_t)m->n);
	memset(m->inserted, true, (size_t)m->m);
	return 0;
}

static void put_middle(Ops *ops, const Middle *m)
{
	int x = 0, y = 0;

	while (x < m->n || y < m->m) {
		for (; x < m->n && m->deleted[x]; x++)
			put(ops, '-', m->a[x]);
		for (; y < m->m && m->inserted[y]; y++)
			put(ops, '+', m->b[y]);
		for (; x < m->n && y < m->m && !m->deleted[x] && !m->inserted[y]; x++, y++)
			put(ops, ' ', m->a[x]);
	}
}

static int compare_middle(Ops *ops, const Span *a, size_t n, const Span *b, size_t m)
{
	_cleanup_free_ bool *marks = calloc(n + m + 1, sizeof(*marks));
	Middle middle = { .a = a, .b = b, .n = (int)n, .m = (int)m };
	int r;

	if (!marks)
		return -ENOMEM;
	middle.deleted = marks;
	middle.inserted = marks + n;
	r = mark_edits(&middle);
	if (r == 0)
		put_middle(ops, &middle);
	return r;
}

/* Both texts line by line as one list: kept, deleted, inserted. */
static int compare(const Lines *a, const Lines *b, Ops *ops)
{
	size_t head = 0, tail = 0, n = MIN(a->n, b->n);
	int r;

	ops->v = calloc(a->n + b->n + 1, sizeof(*ops->v));
	if (!ops->v)
		return -ENOMEM;
	while (head < n && span_eq(a->v[head], b->v[head]))
		head++;
	while (tail < n - head && span_eq(a->v[a->n - tail - 1], b->v[b->n - tail - 1]))
		tail++;
	put_all(ops, ' ', a->v, head);
	r = compare_middle(ops, a->v + head, a->n - head - tail, b->v + head, b->n - head - tail);
	put_all(ops, ' ', a->v + a->n - tail, tail);
	return r;
}

static void write_range(Buffer *out, char sign, size_t start, size_t n)
{
	/* An empty range is named by the line before it. */
	buffer_printf(out, "%c%zu", sign, n > 0 ? start + 1 : start);
	if (n != 1)
		buffer_printf(out, ",%zu", n);
}

static void write_line(Buffer *out, const Op *op)
{
	buffer_add_char(out, op->kind);
	buffer_add(out, op->line);
	if (op->line.p[op->line.n - 1] != '\n')
		buffer_add_str(out, "\n\\ No newline at end of file\n");
}

/* Operations @from to @to, of which @old and @new lines of the texts stand before. */
static void write_hunk(Buffer *out, const Ops *ops, size_t from, size_t to, size_t old, size_t new)
{
	size_t n_old = 0, n_new = 0;

	for (size_t i = from; i < to; i++) {
		n_old += ops->v[i].kind != '+';
		n_new += ops->v[i].kind != '-';
	}
	buffer_add_str(out, "@@ ");
	write_range(out, '-', old, n_old);
	buffer_add_char(out, ' ');
	write_range(out, '+', new, n_new);
	buffer_add_str(out, " @@\n");
	for (size_t i = from; i < to; i++)
		write_line(out, &ops->v[i]);
}

/* The end of the hunk whose first change is @at: where more than twice the context is kept. */
static size_t hunk_end(const Ops *ops, size_t at)
{
	size_t last = at;

	for (size_t i = at; i < ops->n && i <= last + 2 * DIFF_CONTEXT + 1; i++)
		if (ops->v[i].kind != ' ')
			last = i;
	return MIN(last + 1 + DIFF_CONTEXT, ops->n);
}

static void write_hunks(Buffer *out, const Ops *ops)
{
	size_t old = 0, new = 0, from, to;

	for (size_t i = 0; i < ops->n; i++) {
		if (ops->v[i].kind == ' ') {
			old++;
			new ++;
			continue;
		}
		from = i - MIN(i, (size_t)DIFF_CONTEXT);
		to = hunk_end(ops, i);
		write_hunk(out, ops, from, to, old - (i - from), new - (i - from));
		for (; i < to; i++) {
			old += ops->v[i].kind != '+';
			new += ops->v[i].kind != '-';
		}
		i--;
	}
}

static bool is_label(const char *label)
{
	for (; *label; label++)
		if ((unsigned char)*label < 0x20 || *label == 0x7f)
			return false;
	return true;
}

/* A tab ends a name with blanks; without it patch would take the part behind for a date. */
static void write_label(Buffer *out, const char *sign, const char *label)
{
	buffer_printf(out, "%s %s%s\n", sign, label, strchr(label, ' ') ? "\t" : "");
}

int diff_unified(Span before, Span after, const char *label_before, const char *label_after,
		 Buffer *out)
{
	_cleanup_(lines_done) Lines a = { 0 };
	_cleanup_(lines_done) Lines b = { 0 };
	_cleanup_(ops_done) Ops ops = { 0 };
	int r;

	if (!is_label(label_before) || !is_label(label_after))
		return -EINVAL;
	if (span_eq(before, after))
		return 0;
	r = split(before, &a);
	if (r == 0)
		r = split(after, &b);
	if (r == 0)
		r = compare(&a, &b, &ops);
	if (r < 0)
		return r;
	write_label(out, "---", label_before);
	write_label(out, "+++", label_after);
	write_hunks(out, &ops);
	return buffer_error(out);
}
