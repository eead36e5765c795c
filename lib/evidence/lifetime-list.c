/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "evidence/lifetime-list.h"
#include "util/parse.h"

#define ROW_MAX (UINT64_C(1) << 40)
#define JOINS_MAX (UINT64_C(1) << 60)

/* ---- writing ---- */

static void add_time(Buffer *b, usec_t t)
{
	char text[CLOCK_RFC3339_SIZE];

	buffer_add_str(b, t ? clock_format_rfc3339(t, text) : "-");
}

static void add_name(Buffer *b, const char *name)
{
	for (; *name; name++)
		buffer_add_char(b, (unsigned char)*name < ' ' || *name == 0x7f ? '?' : *name);
}

void lifetime_list_add(Buffer *b, const LedgerLifetime *f)
{
	if (b->n > 0)
		buffer_add_char(b, '\n');
	buffer_printf(b, "%" PRId64 " ", f->id);
	add_time(b, f->from);
	buffer_add_str(b, f->start_seen ? " seen " : " found ");
	add_time(b, f->to);
	if (f->to)
		buffer_printf(b, " %s %s", f->stop_seen ? "seen" : "missed",
			      lifetime_exit_name(f->exit));
	else
		buffer_add_str(b, " - -");
	buffer_printf(b, " %" PRIu64 " ", f->joins);
	add_time(b, f->joined);
	buffer_add_char(b, ' ');
	add_name(b, f->name);
}

void making_list_add(Buffer *b, const LedgerMaking *m)
{
	buffer_printf(b, "%s%" PRId64 "=", b->n > 0 ? " " : "", m->lifetime);
	add_time(b, m->first);
}

/* ---- reading ---- */

static bool take_row(Span s, uint64_t *ret)
{
	return parse_u64(s, ret) == 0 && *ret > 0 && *ret < ROW_MAX;
}

/* 0 for none. */
static bool take_time(Span s, usec_t *ret)
{
	*ret = 0;
	return span_is(s, "-") || (clock_parse_time(s, ret) == 0 && *ret > 0 && *ret <= INT64_MAX);
}

static bool take_word(Span s, const char *yes, const char *no, bool *ret)
{
	*ret = span_is(s, yes);
	return *ret || span_is(s, no);
}

static bool take_exit(Span s, LifetimeExit *ret)
{
	for (unsigned i = 0; i < _LIFETIME_EXIT_MAX; i++)
		if (span_is(s, lifetime_exit_name((LifetimeExit)i))) {
			*ret = (LifetimeExit)i;
			return true;
		}
	return false;
}

enum { ROW, FROM, START, TO, STOP, EXIT, JOINS, JOINED, _COLUMNS };

static bool take_end(const Span *columns, ListedLifetime *f)
{
	if (!take_time(columns[TO], &f->to))
		return false;
	if (f->to == 0)
		return span_is(columns[STOP], "-") && span_is(columns[EXIT], "-");
	return f->to >= f->from && take_word(columns[STOP], "seen", "missed", &f->stop_seen) &&
	       take_exit(columns[EXIT], &f->exit);
}

static bool take_joins(const Span *columns, ListedLifetime *f)
{
	return parse_u64(columns[JOINS], &f->joins) == 0 && f->joins <= JOINS_MAX &&
	       take_time(columns[JOINED], &f->joined) && (f->joins > 0 || f->joined == 0);
}

int lifetime_list_next(Span *rest, ListedLifetime *ret)
{
	Span line, columns[_COLUMNS];

	*ret = (ListedLifetime){ .row = 0 };
	if (rest->n == 0)
		return 0;
	(void)span_split(rest, '\n', &line);
	for (unsigned i = 0; i < _COLUMNS; i++)
		if (!span_split(&line, ' ', &columns[i]))
			return -EBADMSG;
	if (!take_row(columns[ROW], &ret->row) || !take_time(columns[FROM], &ret->from) ||
	    ret->from == 0 || !take_word(columns[START], "seen", "found", &ret->start_seen) ||
	    !take_end(columns, ret) || !take_joins(columns, ret))
		return -EBADMSG;
	return line.n > 0 && span_copy(line, ret->name, sizeof(ret->name)) ? 1 : -EBADMSG;
}

int making_list_next(Span *rest, LedgerMaking *ret)
{
	uint64_t row;
	Span row_text, one;

	*ret = (LedgerMaking){ .lifetime = 0 };
	if (rest->n == 0)
		return 0;
	(void)span_split(rest, ' ', &one);
	if (!span_split(&one, '=', &row_text) || !one.p || !take_row(row_text, &row) ||
	    !take_time(one, &ret->first))
		return -EBADMSG;
	ret->lifetime = (int64_t)row;
	return 1;
}

bool lifetime_list_is_sane(Span list)
{
	ListedLifetime f;
	unsigned n = 0;
	int r;

	while ((r = lifetime_list_next(&list, &f)) > 0)
		if (++n > LIFETIME_LIST_MAX)
			return false;
	return r == 0 && n > 0;
}

bool making_list_is_sane(Span list)
{
	LedgerMaking m;
	unsigned n = 0;
	int r;

	while ((r = making_list_next(&list, &m)) > 0)
		if (++n > LEDGER_MAKINGS_MAX)
			return false;
	return r == 0 && n > 0;
}
