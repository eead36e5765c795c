/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/journal-send.h"
#include "daemon/teller.h"
#include "seccompd/journal-fields.h"

int teller_send(Teller *t, JournalClass class)
{
	int r = buffer_error(&t->message);

	if (r < 0)
		return r;
	if (teller_room(t, class) == 0)
		return TELLER_FULL;
	r = journal_send(t->fd, buffer_span(&t->message), &t->patience_ms);
	if (r < 0)
		return r;
	journal_limit_note(t->limit, class, t->now);
	t->n_sent++;
	return 0;
}

void teller_note(Teller *t, ToldKind kind, int64_t id, uint64_t as)
{
	if (t->told->n == ELEMENTSOF(t->told->rows))
		return;
	t->told->rows[t->told->n].kind = kind;
	t->told->rows[t->told->n].as = as;
	t->told->rows[t->told->n++].id = id;
}

void teller_add_sequence(Teller *t)
{
	journal_message_add_number(&t->message, SECCOMPD_FIELD_SEQUENCE, (int64_t)t->sequence + 1);
}

void teller_count(Teller *t)
{
	t->told->sequence = ++t->sequence;
}

uint32_t teller_room(Teller *t, JournalClass class)
{
	return MIN(journal_limit_room(t->limit, class, t->now),
		   (uint32_t)ELEMENTSOF(t->told->rows) - t->told->n);
}

usec_t teller_before(const Teller *t, usec_t interval)
{
	return t->final ? t->now : t->now - MIN(interval, t->now);
}
