/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <assert.h>
#include <errno.h>

#include "profile/edits.h"
#include "profile/json-patch.h"
#include "profile/json-text.h"

typedef struct Patcher {
	Scan before, after;
	Buffer path; /* of the value at hand, as it stands in a JSON string */
	Buffer *out;
	bool started; /* an operation stands in @out */
	Diag *diag;
} Patcher;

#define MARKS_MAX 64 /* members of an item that are looked at to say which it is */

/* Items of an array, or values of an object: each in its one form. */
typedef struct Items {
	const ScanNode **nodes;
	Span *texts; /* the value, or for a member its key as a step of a pointer */
	size_t n;
	Buffer buffer;
} Items;

static void items_done(Items *l)
{
	free(l->nodes);
	free(l->texts);
	buffer_done(&l->buffer);
}
#define _cleanup_items_ _cleanup_(items_done)

static int items_read(const Scan *s, const ScanNode *node, Items *ret)
{
	_cleanup_free_ size_t *ends = calloc(node->n_items + 1, sizeof(*ends));
	size_t begin = 1;

	ret->nodes = calloc(node->n_items + 1, sizeof(const ScanNode *));
	ret->texts = calloc(node->n_items + 1, sizeof(*ret->texts));
	if (!ends || !ret->nodes || !ret->texts)
		return -ENOMEM;
	buffer_add_char(&ret->buffer, ' '); /* an empty key is a place in it, too */
	SCAN_EACH(s, node, child)
	{
		if (node->kind == SCAN_OBJECT)
			json_text_string(scan_key(s, child), true, &ret->buffer);
		else
			json_text_value(s, child, &ret->buffer);
		ends[ret->n] = ret->buffer.n;
		ret->nodes[ret->n++] = child;
	}
	if (buffer_error(&ret->buffer) < 0)
		return buffer_error(&ret->buffer);
	for (size_t i = 0; i < ret->n; i++) {
		ret->texts[i] = span_make(ret->buffer.p + begin, ends[i] - begin);
		begin = ends[i];
	}
	return 0;
}

/* "path" of the operations that follow; returns what step_out() wants. */
static size_t step_into(Patcher *p, Span step)
{
	size_t n = p->path.n;

	buffer_add_char(&p->path, '/');
	buffer_add(&p->path, step);
	return n;
}

static size_t step_into_index(Patcher *p, size_t index)
{
	size_t n = p->path.n;

	buffer_printf(&p->path, "/%zu", index);
	return n;
}

static void step_out(Patcher *p, size_t n)
{
	p->path.n = n;
}

/* @node NULL: the operation has no value. */
static void put_op(Patcher *p, const char *op, const Scan *s, const ScanNode *node)
{
	buffer_printf(p->out, "%s\n  {\"op\":\"%s\",\"path\":\"", p->started ? "," : "", op);
	p->started = true;
	buffer_add(p->out, buffer_span(&p->path));
	buffer_add_char(p->out, '"');
	if (node) {
		buffer_add_str(p->out, ",\"value\":");
		json_text_value(s, node, p->out);
	}
	buffer_add_char(p->out, '}');
}

static bool is_scalar(const ScanNode *node)
{
	return node->kind != SCAN_OBJECT && node->kind != SCAN_ARRAY;
}

static void put_test_at(Patcher *p, size_t index, const Scan *s, const ScanNode *node)
{
	size_t n = step_into_index(p, index);

	put_op(p, "test", s, node);
	step_out(p, n);
}

static int put_change(Patcher *p, const ScanNode *a, const ScanNode *b);

/* Which of the array's items this is: what it says of itself, and keeps. */
static void put_marks(Patcher *p, const ScanNode *a, const ScanNode *b)
{
	SCAN_EACH(&p->before, a, child)
	{
		_cleanup_buffer_ Buffer x = BUFFER_NULL;
		_cleanup_buffer_ Buffer y = BUFFER_NULL;
		_cleanup_buffer_ Buffer key = BUFFER_NULL;
		const ScanNode *other = NULL;
		size_t n;

		if (!is_scalar(child))
			continue;
		SCAN_EACH(&p->after, b, candidate)
		if (span_eq(scan_key(&p->before, child), scan_key(&p->after, candidate)))
			other = candidate;
		if (!other)
			continue;
		json_text_value(&p->before, child, &x);
		json_text_value(&p->after, other, &y);
		if (!span_eq(buffer_span(&x), buffer_span(&y)))
			continue;
		json_text_string(scan_key(&p->before, child), true, &key);
		n = step_into(p, buffer_span(&key));
		put_op(p, "test", &p->before, child);
		step_out(p, n);
	}
}

/* An item that has taken another's place. */
static int put_changed_item(Patcher *p, size_t index, const ScanNode *a, const ScanNode *b)
{
	size_t n = step_into_index(p, index), unmarked = p->out->n, marked;
	int r;

	if (a->kind == SCAN_OBJECT && b->kind == SCAN_OBJECT && a->n_items <= MARKS_MAX &&
	    b->n_items <= MARKS_MAX)
		put_marks(p, a, b);
	marked = p->out->n;
	r = put_change(p, a, b);
	if (p->out->n == marked)
		p->out->n = unmarked;
	step_out(p, n);
	return r;
}

/* The item that is new at @index pushes @next away, or stands behind @previous. */
static void put_new_item(Patcher *p, size_t index, const ScanNode *b, const ScanNode *previous,
			 const ScanNode *next)
{
	size_t n;

	if (next && is_scalar(next))
		put_test_at(p, index, &p->before, next);
	else if (!next && previous && is_scalar(previous))
		put_test_at(p, index - 1, &p->after, previous);
	n = step_into_index(p, index);
	put_op(p, "add", &p->after, b);
	step_out(p, n);
}

static void put_lost_item(Patcher *p, size_t index, const ScanNode *a)
{
	size_t n = step_into_index(p, index);

	put_op(p, "test", &p->before, a);
	put_op(p, "remove", NULL, NULL);
	step_out(p, n);
}

/* Before each step the list is b's first @y items and then a's from @x on. */
static int put_items(Patcher *p, const Items *a, const Items *b, const Edits *e)
{
	size_t x = 0, y = 0;
	int r = 0;

	while (r == 0 && (x < a->n || y < b->n)) {
		bool gone = x < a->n && e->deleted[x], added = y < b->n && e->inserted[y];

		if (gone && added) {
			r = put_changed_item(p, y, a->nodes[x], b->nodes[y]);
			x++, y++;
		} else if (gone) {
			put_lost_item(p, y, a->nodes[x++]);
		} else if (added) {
			put_new_item(p, y, b->nodes[y],
				     y > 0 && !e->inserted[y - 1] ? b->nodes[y - 1] : NULL,
				     x < a->n ? a->nodes[x] : NULL);
			y++;
		} else {
			x++, y++;
		}
	}
	return r;
}

static int put_array(Patcher *p, const ScanNode *a, const ScanNode *b)
{
	_cleanup_items_ Items x = { 0 };
	_cleanup_items_ Items y = { 0 };
	_cleanup_edits_ Edits e = { 0 };
	int r;

	r = items_read(&p->before, a, &x);
	if (r == 0)
		r = items_read(&p->after, b, &y);
	if (r == 0)
		r = edits_find(x.texts, x.n, y.texts, y.n, &e);
	return r == 0 ? put_items(p, &x, &y, &e) : r;
}

typedef struct Member {
	Span key;
	const ScanNode *node;
} Member;

static int compare_members(const void *a, const void *b)
{
	const Member *x = a, *y = b;
	int r = memcmp(x->key.p, y->key.p, MIN(x->key.n, y->key.n));

	return r ? r : (x->key.n > y->key.n) - (x->key.n < y->key.n);
}

static int sort_members(const Items *l, Member **ret)
{
	Member *members = calloc(l->n + 1, sizeof(*members));

	if (!members)
		return -ENOMEM;
	for (size_t i = 0; i < l->n; i++)
		members[i] = (Member){ l->texts[i], l->nodes[i] };
	qsort(members, l->n, sizeof(*members), compare_members);
	*ret = members;
	return 0;
}

/* One of the two may be NULL. */
static int put_member(Patcher *p, const Member *a, const Member *b)
{
	/* cppcheck-suppress nullPointerRedundantCheck ; there is no b only where there is an a */
	size_t n = step_into(p, a ? a->key : b->key);
	int r = 0;

	if (a && b) {
		r = put_change(p, a->node, b->node);
	} else if (a) {
		put_op(p, "test", &p->before, a->node);
		put_op(p, "remove", NULL, NULL);
	} else {
		/* cppcheck-suppress nullPointer ; without an a there is a b */
		put_op(p, "add", &p->after, b->node);
	}
	step_out(p, n);
	return r;
}

/* What goes and what changes first, in one pass; what is new in another. */
static int put_members(Patcher *p, const Member *a, size_t n, const Member *b, size_t m, bool new)
{
	size_t x = 0, y = 0;
	int r = 0;

	while (r == 0 && (x < n || y < m)) {
		int order = x == n ? 1 : y == m ? -1 : compare_members(&a[x], &b[y]);

		if ((order > 0) == new)
			r = put_member(p, order > 0 ? NULL : &a[x], order < 0 ? NULL : &b[y]);
		x += order <= 0;
		y += order >= 0;
	}
	return r;
}

static int put_object(Patcher *p, const ScanNode *a, const ScanNode *b)
{
	_cleanup_items_ Items x = { 0 };
	_cleanup_items_ Items y = { 0 };
	_cleanup_free_ Member *old = NULL;
	_cleanup_free_ Member *new = NULL;
	int r;

	r = items_read(&p->before, a, &x);
	if (r == 0)
		r = items_read(&p->after, b, &y);
	if (r == 0)
		r = sort_members(&x, &old);
	if (r == 0)
		r = sort_members(&y, &new);
	if (r == 0)
		r = put_members(p, old, x.n, new, y.n, false);
	if (r == 0)
		r = put_members(p, old, x.n, new, y.n, true);
	return r;
}

static int put_value(Patcher *p, const ScanNode *a, const ScanNode *b)
{
	_cleanup_buffer_ Buffer x = BUFFER_NULL;
	_cleanup_buffer_ Buffer y = BUFFER_NULL;

	json_text_value(&p->before, a, &x);
	json_text_value(&p->after, b, &y);
	if (!span_eq(buffer_span(&x), buffer_span(&y))) {
		put_op(p, "test", &p->before, a);
		put_op(p, "replace", &p->after, b);
	}
	return MIN(buffer_error(&x), buffer_error(&y));
}

static Span text_of(const Scan *s, const ScanNode *node)
{
	return span_make(s->text.p + node->begin, node->end - node->begin);
}

static int put_change(Patcher *p, const ScanNode *a, const ScanNode *b)
{
	if (span_eq(text_of(&p->before, a), text_of(&p->after, b)))
		return 0;
	if (a->kind == SCAN_OBJECT && b->kind == SCAN_OBJECT)
		return put_object(p, a, b);
	if (a->kind == SCAN_ARRAY && b->kind == SCAN_ARRAY)
		return put_array(p, a, b);
	return put_value(p, a, b);
}

/* All of what the proof is of, under the path that leads there. */
static void put_first_test(Patcher *p, const ScanNode *target)
{
	const ScanNode *node = &p->before.nodes[0];

	while (node != target) {
		const ScanNode *inner = NULL;
		_cleanup_buffer_ Buffer key = BUFFER_NULL;
		size_t index = 0;

		SCAN_EACH(&p->before, node, child)
		{
			if (child->begin <= target->begin && target->end <= child->end) {
				inner = child;
				break;
			}
			index++;
		}
		assert(inner);
		if (node->kind == SCAN_OBJECT) {
			json_text_string(scan_key(&p->before, inner), true, &key);
			step_into(p, buffer_span(&key));
		} else {
			step_into_index(p, index);
		}
		node = inner;
	}
	put_op(p, "test", &p->before, target);
	p->path.n = 0;
}

/* The patch between its brackets, or nothing at all. */
static int make(Patcher *p, const char *at)
{
	const ScanNode *target = scan_at(&p->before, at);
	size_t begin = p->out->n, first;
	int r;

	if (!target)
		return diag_set(p->diag, -EBADMSG, "there is nothing at %.200s in this file", at);
	buffer_add_char(p->out, '[');
	put_first_test(p, target);
	first = p->out->n;
	r = put_change(p, &p->before.nodes[0], &p->after.nodes[0]);
	if (r == 0 && p->out->n == first)
		p->out->n = begin + 1;
	buffer_add_str(p->out, p->out->n == begin + 1 ? "]\n" : "\n]\n");
	if (r == 0)
		r = MIN(buffer_error(p->out), buffer_error(&p->path));
	return r;
}

int json_patch_make(Span before, Span after, const char *at, Buffer *out, Diag *d)
{
	Patcher p = { .out = out, .diag = d };
	int r;

	r = scan_read(before, &p.before, d);
	if (r == 0)
		r = scan_read(after, &p.after, d);
	if (r == 0)
		r = make(&p, at);
	scan_done(&p.before);
	scan_done(&p.after);
	buffer_done(&p.path);
	return r;
}
