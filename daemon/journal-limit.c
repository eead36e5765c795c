/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/journal-limit.h"

/* What is left belongs to whoever comes first. */
static const unsigned shares[_JOURNAL_CLASS_MAX] = {
	[JOURNAL_KILLED] = 20, [JOURNAL_LOST] = 20, [JOURNAL_GATE] = 20,  [JOURNAL_WORKLOAD] = 20,
	[JOURNAL_RUN] = 4,     [JOURNAL_NEW] = 20,  [JOURNAL_GROWN] = 20, [JOURNAL_LIFETIME] = 20,
};

/* Those of a time that is still to come: somebody has set the clock back. They count no more, or
 * nothing would be told for as long as that was. */
static bool is_recent(usec_t at, usec_t now)
{
	return at <= now && at + JOURNAL_LIMIT_PERIOD > now;
}

static void forget_old(JournalLimit *l, usec_t now)
{
	while (l->n > 0 &&
	       !is_recent(l->sent[(l->next + JOURNAL_LIMIT - l->n) % JOURNAL_LIMIT].at, now))
		l->n--;
}

unsigned journal_limit_room(JournalLimit *l, JournalClass class, usec_t now)
{
	unsigned of[_JOURNAL_CLASS_MAX] = { 0 }, taken;

	forget_old(l, now);
	for (unsigned i = 1; i <= l->n; i++)
		of[l->sent[(l->next + JOURNAL_LIMIT - i) % JOURNAL_LIMIT].class]++;
	taken = l->n;
	for (unsigned c = 0; c < _JOURNAL_CLASS_MAX; c++)
		if (c != class)
			taken += shares[c] - MIN(shares[c], of[c]);
	return JOURNAL_LIMIT - MIN(taken, JOURNAL_LIMIT);
}

void journal_limit_note(JournalLimit *l, JournalClass class, usec_t now)
{
	l->sent[l->next].at = now;
	l->sent[l->next].class = class;
	l->next = (l->next + 1) % JOURNAL_LIMIT;
	l->n = MIN(l->n + 1, JOURNAL_LIMIT);
}
