/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/journal-entry.h"

bool journal_is_export(Span head)
{
	return span_starts(head, SPAN_LIT("__CURSOR="));
}

bool journal_may_be_export(Span head)
{
	return span_starts(SPAN_LIT("__CURSOR="), head);
}

static void start_field(JournalExport *x)
{
	bool fits = x->name_n <= sizeof(x->name);
	int field = fits ? journal_field_of_name(span_make(x->name, x->name_n)) : -1;

	x->any = true;
	x->field = field;
	if (field < 0)
		return;
	/* A name may stand more than once: the first one counts, as the journal's own does. */
	if (x->found[field].present) {
		x->field = -1;
		return;
	}
	x->found[field].present = true;
	x->found[field].at = x->n;
	x->found[field].n = 0;
}

static void add_text(JournalExport *x, Span text)
{
	if (x->field < 0)
		return;
	if (text.n > sizeof(x->text) - x->n) {
		x->left_out = "a journal entry that is too long";
		x->found[x->field].present = false;
		x->n = x->found[x->field].at;
		x->field = -1;
		return;
	}
	if (text.n > 0)
		memcpy(x->text + x->n, text.p, text.n);
	x->n += text.n;
	x->found[x->field].n += text.n;
}

static void end_entry(JournalExport *x, JournalEntry *ret)
{
	*ret = (JournalEntry){ .damage = x->damage, .left_out = x->left_out };
	for (size_t i = 0; i < _JOURNAL_FIELD_MAX; i++) {
		if (x->found[i].present)
			ret->fields[i] = span_make(x->text + x->found[i].at, x->found[i].n);
		x->found[i].present = false;
	}
	x->state = EXPORT_NAME;
	x->name_n = x->n = 0;
	x->damage = x->left_out = NULL;
	x->any = false;
}

/* One byte of a name; true when it was the empty line that ends an entry. */
static bool take_name(JournalExport *x, char c)
{
	if (c == '\n' && x->name_n == 0)
		return x->any;
	if (c != '\n' && c != '=') {
		if (x->name_n < sizeof(x->name))
			x->name[x->name_n] = c;
		if (x->name_n <= sizeof(x->name))
			x->name_n++;
		return false;
	}
	start_field(x);
	x->name_n = 0;
	x->left = 0;
	x->n_size = 0;
	x->state = c == '=' ? EXPORT_VALUE : EXPORT_SIZE;
	return false;
}

static void take_value(JournalExport *x, Span *bytes)
{
	const char *end = memchr(bytes->p, '\n', bytes->n);
	size_t n = end ? (size_t)(end - bytes->p) : bytes->n;

	add_text(x, span_first(*bytes, n));
	*bytes = span_from(*bytes, end ? n + 1 : n);
	if (end)
		x->state = EXPORT_NAME;
}

static void take_size(JournalExport *x, unsigned char c)
{
	x->left |= (uint64_t)c << 8 * x->n_size++;
	if (x->n_size == 8)
		x->state = x->left > 0 ? EXPORT_DATA : EXPORT_LINE_END;
}

static void take_data(JournalExport *x, Span *bytes)
{
	size_t n = x->left < bytes->n ? (size_t)x->left : bytes->n;

	add_text(x, span_first(*bytes, n));
	*bytes = span_from(*bytes, n);
	x->left -= n;
	if (x->left == 0)
		x->state = EXPORT_LINE_END;
}

/* Behind data there is a line end; without one the sizes cannot be believed. */
static void take_line_end(JournalExport *x, char c)
{
	x->state = c == '\n' ? EXPORT_NAME : EXPORT_VALUE;
	x->field = -1;
	if (c != '\n')
		x->damage = "a damaged journal entry";
}

/* Takes one byte or more; true when an entry is whole. */
static bool take_some(JournalExport *x, Span *bytes)
{
	char c = *bytes->p;

	if (x->state == EXPORT_VALUE) {
		take_value(x, bytes);
		return false;
	}
	if (x->state == EXPORT_DATA) {
		take_data(x, bytes);
		return false;
	}
	*bytes = span_from(*bytes, 1);
	if (x->state == EXPORT_NAME)
		return take_name(x, c);
	if (x->state == EXPORT_SIZE)
		take_size(x, (unsigned char)c);
	else
		take_line_end(x, c);
	return false;
}

bool journal_export_next(JournalExport *x, Span *bytes, JournalEntry *ret)
{
	while (bytes->n > 0)
		if (take_some(x, bytes)) {
			end_entry(x, ret);
			return true;
		}
	return false;
}

bool journal_export_last(JournalExport *x, JournalEntry *ret)
{
	bool within = x->state != EXPORT_NAME || x->name_n > 0;

	if (!x->any && !within)
		return false;
	/* A value that is a line of text may lack its line end. */
	if (within && x->state != EXPORT_VALUE)
		x->damage = "a journal entry that was cut off";
	end_entry(x, ret);
	return true;
}
