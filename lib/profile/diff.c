/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/diff.h"
#include "profile/edits.h"

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

/* Both texts line by line as one list: kept, deleted, inserted. */
static int compare(const Lines *a, const Lines *b, Ops *ops)
{
	_cleanup_edits_ Edits e = { 0 };
	size_t x = 0, y = 0;
	int r;

	ops->v = calloc(a->n + b->n + 1, sizeof(*ops->v));
	if (!ops->v)
		return -ENOMEM;
	r = edits_find(a->v, a->n, b->v, b->n, &e);
	if (r < 0)
		return r;
	while (x < a->n || y < b->n) {
		for (; x < a->n && e.deleted[x]; x++)
			put(ops, '-', a->v[x]);
		for (; y < b->n && e.inserted[y]; y++)
			put(ops, '+', b->v[y]);
		for (; x < a->n && y < b->n && !e.deleted[x] && !e.inserted[y]; x++, y++)
			put(ops, ' ', a->v[x]);
	}
	return 0;
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

/* Would patch take the name as it stands? An absolute one, and one that leads out of the folder, it
 * refuses: then the last part is left, for who runs it in the file's own folder. */
static Span path_of_label(Span name)
{
	Span rest = name, part, last = SPAN_NULL;
	bool relative = !span_starts(name, SPAN_LIT("/"));

	while (span_split(&rest, '/', &part)) {
		relative = relative && !span_is(part, "..");
		last = part;
	}
	if (!relative)
		return last;
	while (span_starts(name, SPAN_LIT("./")) || (name.n > 0 && name.p[0] == '/'))
		name = span_from(name, 1 + (size_t)(name.p[0] == '.'));
	return name;
}

/* Blanks around it would be taken for no part of it. */
static bool needs_quotes(Span name)
{
	if (span_starts(name, SPAN_LIT(" ")) || span_ends(name, SPAN_LIT(" ")))
		return true;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < 0x20 || (unsigned char)name.p[i] >= 0x7f ||
		    name.p[i] == '"' || name.p[i] == '\\')
			return true;
	return false;
}

/* As git quotes names (quote.c, core.quotePath); patch and git apply read them. */
static void write_quoted(Buffer *out, Span name)
{
	static const char letters[] = "abtnvfr\"\\", values[] = "\a\b\t\n\v\f\r\"\\";

	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		const char *value = c ? strchr(values, c) : NULL;

		if (value)
			buffer_printf(out, "\\%c", letters[value - values]);
		else if (c < 0x20 || c >= 0x7f)
			buffer_printf(out, "\\%03o", c);
		else
			buffer_add_char(out, (char)c);
	}
}

/* "./" is what git apply takes for the first part of the name, which it leaves out, and patch -p0
 * does not mind. A tab ends a name with blanks; without it patch would take what follows for a
 * date. */
static void write_label(Buffer *out, const char *sign, const char *label)
{
	Span name = path_of_label(span_of(label));
	bool quotes = needs_quotes(name);

	buffer_printf(out, "%s %s%s", sign, quotes ? "\"" : "",
		      memchr(name.p, '/', name.n) ? "./" : "");
	if (quotes)
		write_quoted(out, name);
	else
		buffer_add(out, name);
	buffer_printf(out, "%s%s\n", quotes ? "\"" : "",
		      !quotes && memchr(name.p, ' ', name.n) ? "\t" : "");
}

int diff_unified(Span before, Span after, const char *label_before, const char *label_after,
		 Buffer *out)
{
	_cleanup_(lines_done) Lines a = { 0 };
	_cleanup_(lines_done) Lines b = { 0 };
	_cleanup_(ops_done) Ops ops = { 0 };
	int r;

	if (span_eq(before, after))
		return 0;
	r = split(before, &a);
	if (r == 0)
		r = split(after, &b);
	if (r == 0)
		r = compare(&a, &b, &ops);
	if (r < 0)
		return r;
	if (before.n > 0)
		write_label(out, "---", label_before);
	else
		buffer_add_str(out, "--- /dev/null\n"); /* the word for a file that is new */
	write_label(out, "+++", label_after);
	write_hunks(out, &ops);
	return buffer_error(out);
}
