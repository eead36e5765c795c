/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "profile/splice.h"

static uint32_t begin_of(const ScanNode *n)
{
	return n->key_end ? n->key_begin : n->begin;
}

static Span slice(const Scan *s, size_t begin, size_t end)
{
	return span_make(s->text.p + begin, end - begin);
}

static bool has_break(Span s)
{
	return s.n > 0 && memchr(s.p, '\n', s.n);
}

static const ScanNode *last_of(const Scan *s, const ScanNode *container)
{
	const ScanNode *last = NULL;

	SCAN_EACH(s, container, child)
	{
		last = child;
	}
	return last;
}

static const ScanNode *before(const Scan *s, const ScanNode *container, const ScanNode *node)
{
	const ScanNode *last = NULL;

	SCAN_EACH(s, container, child)
	{
		if (child == node)
			return last;
		last = child;
	}
	return NULL;
}

/* Blanks at the start of the line that holds @offset. */
static Span indent_of(const Scan *s, size_t offset)
{
	size_t begin = offset, n;

	while (begin > 0 && s->text.p[begin - 1] != '\n')
		begin--;
	n = begin;
	while (n < s->text.n && (s->text.p[n] == ' ' || s->text.p[n] == '\t'))
		n++;
	return slice(s, begin, n);
}

Span splice_last_line(Span s)
{
	size_t at = s.n;

	while (at > 0 && s.p[at - 1] != '\n')
		at--;
	if (at == 0)
		return s;
	at -= at >= 2 && s.p[at - 2] == '\r' ? 2 : 1;
	return span_from(s, at);
}

/* One level of indent: how much deeper the document's own members stand than it does. */
static Span unit_of(const Scan *s)
{
	const ScanNode *root = &s->nodes[0], *first;
	Span outer = indent_of(s, root->begin), inner;

	if (root->first == SCAN_NONE)
		return SPAN_LIT("\t");
	first = &s->nodes[root->first];
	inner = indent_of(s, begin_of(first));
	if (!has_break(slice(s, root->begin, begin_of(first))) || inner.n <= outer.n ||
	    !span_starts(inner, outer))
		return SPAN_LIT("\t");
	return span_from(inner, outer.n);
}

static Span colon_of(const Scan *s, const ScanNode *object)
{
	if (object->kind != SCAN_OBJECT || object->first == SCAN_NONE)
		object = &s->nodes[0];
	if (object->first == SCAN_NONE || object->kind != SCAN_OBJECT)
		return SPAN_LIT(": ");
	object = &s->nodes[object->first];
	return slice(s, object->key_end, object->begin);
}

static bool is_spread(const Scan *s, const ScanNode *container)
{
	if (container->first == SCAN_NONE)
		return has_break(slice(s, container->begin, container->end));
	return has_break(slice(s, container->begin, begin_of(&s->nodes[container->first])));
}

/* Are the lists inside of @object one item to a line? */
static bool has_spread_lists(const Scan *s, const ScanNode *object)
{
	SCAN_EACH(s, object, child)
	{
		if (child->kind == SCAN_ARRAY && child->n_items > 0)
			return is_spread(s, child);
	}
	return is_spread(s, object);
}

SpliceStyle splice_style(const Scan *s, const ScanNode *container)
{
	const ScanNode *last = last_of(s, container);
	bool model = last && last->kind == SCAN_OBJECT && last->n_items > 0;
	SpliceStyle style = {
		.line_end = span_find(s->text, SPAN_LIT("\r\n")) >= 0 ? "\r\n" : "\n",
		.unit = unit_of(s),
		.lines = is_spread(s, model ? last : &s->nodes[0]),
		.colon = colon_of(s, model ? last : &s->nodes[0]),
	};

	style.name_lines = style.lines && (!model || has_spread_lists(s, last));
	style.base = indent_of(s, last ? begin_of(last) : begin_of(container));
	return style;
}

void splice_break(const SpliceStyle *style, unsigned depth, bool tight, Buffer *b)
{
	if (!style->lines) {
		buffer_add_str(b, tight ? "" : " ");
		return;
	}
	buffer_add_str(b, style->line_end);
	buffer_add(b, style->base);
	for (unsigned i = 0; i < depth; i++)
		buffer_add(b, style->unit);
}

static void put(const Scan *s, size_t begin, size_t end, Span text, Buffer *out)
{
	buffer_add(out, span_first(s->text, begin));
	buffer_add(out, text);
	buffer_add(out, span_from(s->text, end));
}

void splice_replace(const Scan *s, const ScanNode *node, Span value, Buffer *out)
{
	put(s, node->begin, node->end, value, out);
}

/* What separates @a, which is followed by @b, made for one more item; NULL: by what is before @a.
 */
static void add_gap(const Scan *s, const ScanNode *container, const ScanNode *a, const ScanNode *b,
		    Buffer *out)
{
	const ScanNode *prev = b ? a : before(s, container, a);
	Span gap, lead;
	const char *comma;

	b = b ?: a;
	if (prev) {
		gap = slice(s, prev->end, begin_of(b));
		comma = memchr(gap.p, ',', gap.n);
		buffer_add(out, span_first(gap, (size_t)(comma - gap.p) + 1));
		buffer_add(out, splice_last_line(span_from(gap, (size_t)(comma - gap.p) + 1)));
		return;
	}
	lead = slice(s, container->begin + 1, begin_of(a));
	buffer_add_char(out, ',');
	if (has_break(lead))
		buffer_add(out, splice_last_line(lead));
	else
		buffer_add_char(out, ' ');
}

void splice_insert_after(const Scan *s, const ScanNode *object, const ScanNode *node, Span item,
			 Buffer *out)
{
	const ScanNode *next = node->next == SCAN_NONE ? NULL : &s->nodes[node->next];
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	add_gap(s, object, node, next, &b);
	buffer_add(&b, item);
	put(s, node->end, node->end, buffer_span(&b), out);
	if (buffer_error(&b) < 0)
		out->error = buffer_error(&b);
}

/* The first item: on a line of its own where the brackets are. */
static void fill(const Scan *s, const ScanNode *container, Span item, Buffer *out)
{
	Span inside = slice(s, container->begin + 1, container->end - 1);
	SpliceStyle style = splice_style(s, container);
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	style.lines = has_break(inside);
	splice_break(&style, 1, true, &b);
	buffer_add(&b, item);
	splice_break(&style, 0, true, &b);
	put(s, container->begin + 1, container->end - 1, buffer_span(&b), out);
	if (buffer_error(&b) < 0)
		out->error = buffer_error(&b);
}

void splice_append(const Scan *s, const ScanNode *container, Span item, Buffer *out)
{
	const ScanNode *last = last_of(s, container);

	if (last)
		splice_insert_after(s, container, last, item, out);
	else
		fill(s, container, item, out);
}

void splice_remove(const Scan *s, const ScanNode *container, const ScanNode *node, Buffer *out)
{
	const ScanNode *prev = before(s, container, node);

	if (prev)
		put(s, prev->end, node->end, SPAN_NULL, out);
	else if (node->next != SCAN_NONE)
		put(s, begin_of(node), begin_of(&s->nodes[node->next]), SPAN_NULL, out);
	else
		put(s, container->begin + 1, container->end - 1, SPAN_NULL, out);
}
