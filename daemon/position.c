/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/position.h"

#include <errno.h>
#include <inttypes.h>

#include "util/parse.h"

/* Of the ledger's meta table: "TALLY-ID CONSUMED UNFOLDED audit|log BOOT|- SERIAL|- CURSOR". */
#define META_POSITION "journal_position"

int position_new(Position **ret)
{
	Position *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	pthread_mutex_init(&p->lock, NULL);
	*ret = p;
	return 0;
}

Position *position_free(Position *p)
{
	if (p)
		pthread_mutex_destroy(&p->lock);
	free(p);
	return NULL;
}

void position_lock(Position *p)
{
	if (p)
		pthread_mutex_lock(&p->lock);
}

void position_unlock(Position *p)
{
	if (p)
		pthread_mutex_unlock(&p->lock);
}

/* True when @text is all that it must be. */
static bool read_mark(Span text, Span *ret_tally, PositionStart *ret)
{
	Span log, boot, serial, number[2];
	PositionMark *m = &ret->mark;

	if (!span_split(&text, ' ', ret_tally) || !span_split(&text, ' ', &number[0]) ||
	    !span_split(&text, ' ', &number[1]) || !span_split(&text, ' ', &log) ||
	    !span_split(&text, ' ', &boot) || !span_split(&text, ' ', &serial))
		return false;
	m->log = span_is(log, "log");
	m->has_serial = parse_u32(serial, &m->serial) == 0;
	return parse_u64(number[0], &m->consumed) == 0 &&
	       parse_u64(number[1], &ret->unfolded) == 0 &&
	       span_copy(boot, m->boot, sizeof(m->boot)) && text.n > 0 &&
	       span_copy(text, m->cursor, sizeof(m->cursor));
}

/* Of a record in the midst of which the last daemon was killed: has it been counted? */
static uint64_t taken(Tally *t)
{
	TallyTotals *totals = tally_totals(t);

	if (totals->begun != totals->consumed && tally_counted(t) != totals->counted_before)
		totals->consumed = totals->begun;
	totals->begun = totals->consumed;
	return totals->consumed;
}

int position_load(Ledger *l, Tally *t, PositionStart *ret)
{
	char text[POSITION_CURSOR_MAX + 160];
	const TallyTotals *totals = tally_totals(t);
	uint64_t consumed = taken(t);
	Span tally;
	int r = ledger_get_meta(l, META_POSITION, text, sizeof(text));

	*ret = (PositionStart){ 0 };
	if (r < 0)
		return r;
	if (!read_mark(span_of(text), &tally, ret)) {
		*ret = (PositionStart){ .mark.consumed = consumed };
		return 0;
	}
	ret->same_tally = span_is(tally, tally_id(t)) && consumed >= ret->mark.consumed;
	if (ret->same_tally) {
		ret->has_serial = totals->has_serial;
		ret->serial = totals->last_serial;
		ret->skip = consumed - ret->mark.consumed;
		ret->unfolded = 0;
	}
	ret->mark.consumed = consumed;
	return 0;
}

int position_store(const PositionMark *mark, Ledger *l, const Tally *t, uint64_t unfolded)
{
	char text[POSITION_CURSOR_MAX + 160], serial[16] = "-";

	if (mark->cursor[0] == '\0')
		return 0;
	if (mark->has_serial)
		snprintf(serial, sizeof(serial), "%" PRIu32, mark->serial);
	snprintf(text, sizeof(text), "%s %" PRIu64 " %" PRIu64 " %s %s %s %s", tally_id(t),
		 mark->consumed, unfolded, mark->log ? "log" : "audit",
		 mark->boot[0] ? mark->boot : "-", serial, mark->cursor);
	return ledger_set_meta(l, META_POSITION, text);
}
