/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/tellers.h"
#include "util/array.h"

void tellers_done(Tellers *t)
{
	free(t->rows);
	*t = (Tellers){ 0 };
}

static int append(Tellers *t, const LedgerTeller *row)
{
	LedgerTeller *rows = array_room(t->rows, t->n, &t->allocated, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	t->rows = rows;
	rows[t->n++] = *row;
	return 0;
}

static int load(const LedgerTeller *row, void *userdata)
{
	return append(userdata, row);
}

int tellers_read(Ledger *l, Tellers *ret)
{
	_cleanup_tellers_ Tellers t = { .ledger = l };
	int r = ledger_each_teller(l, load, &t);

	if (r < 0)
		return r;
	*ret = t;
	t = (Tellers){ 0 };
	return 0;
}

static int add(Tellers *t, LedgerTeller *row, LedgerTeller **ret)
{
	int r = t->n == TELLERS_MAX ? -ENOSPC : ledger_add_teller(t->ledger, row);

	if (r == 0)
		r = append(t, row);
	if (r < 0)
		return r;
	*ret = &t->rows[t->last = t->n - 1];
	return 0;
}

/* By the name alone where the machine is not known. */
static bool is_of(const LedgerTeller *t, const char *ledger, const char *machine,
		  const char *hostname)
{
	return strcmp(t->ledger, ledger) == 0 && strcmp(t->machine, machine) == 0 &&
	       (machine[0] || strcmp(t->hostname, hostname) == 0);
}

int tellers_find(Tellers *t, const char *ledger, const char *machine, const char *hostname,
		 LedgerTeller **ret, bool *ret_new)
{
	LedgerTeller row = { 0 };
	bool new = true;

	for (size_t i = 0; new &&i < t->n; i++) {
		size_t at = (t->last + i) % t->n;

		if (is_of(&t->rows[at], ledger, machine, hostname)) {
			*ret = &t->rows[t->last = at];
			new = false;
		}
	}
	if (ret_new)
		*ret_new = new;
	if (!new)
		return 0;
	(void)span_copy(span_of(ledger), row.ledger, sizeof(row.ledger));
	(void)span_copy(span_of(machine), row.machine, sizeof(row.machine));
	if (machine[0] == '\0')
		(void)span_copy(span_of(hostname), row.hostname, sizeof(row.hostname));
	return add(t, &row, ret);
}

bool teller_rename(LedgerTeller *t, const char *hostname, usec_t when)
{
	bool differs = strcmp(hostname, t->hostname) != 0;

	if (hostname[0] == '\0' || when < t->named ||
	    (when == t->named && strcmp(hostname, t->hostname) <= 0))
		return false;
	t->named = when;
	(void)span_copy(span_of(hostname), t->hostname, sizeof(t->hostname));
	return differs;
}

bool teller_same_host(const LedgerTeller *a, const LedgerTeller *b)
{
	return strcmp(a->machine, b->machine) == 0 && strcmp(a->hostname, b->hostname) == 0;
}

/* ---- the end ---- */

/* The host's name, where no other ledger is of a host called so. */
static int name(const Tellers *all, const LedgerTeller *t)
{
	char text[sizeof(t->hostname) + 3 * JOURNAL_ID_SIZE];
	bool alone = t->hostname[0] != '\0';

	for (size_t i = 0; alone && i < all->n; i++)
		alone = &all->rows[i] == t || strcmp(all->rows[i].hostname, t->hostname) != 0;
	if (alone)
		return ledger_name_teller(all->ledger, t, t->hostname);
	snprintf(text, sizeof(text), "%s (ledger %s, machine %s)", t->hostname, t->ledger,
		 t->machine);
	return ledger_name_teller(all->ledger, t, text);
}

static int settle(Tellers *t, const LedgerTeller *row, LedgerUntold *sum)
{
	LedgerUntold untold;
	int r = ledger_put_teller(t->ledger, row);

	if (r == 0)
		r = name(t, row);
	if (r == 0)
		r = ledger_find_untold(t->ledger, row->host, &untold);
	if (r < 0)
		return r;
	sum->records += untold.records;
	sum->sightings += untold.sightings;
	sum->losses += untold.losses;
	sum->runs += untold.runs;
	sum->entries += untold.entries;
	return 0;
}

/* With what was noted beside the rows meanwhile. */
static int read_again(Tellers *t)
{
	Ledger *l = t->ledger;

	tellers_done(t);
	return tellers_read(l, t);
}

int tellers_settle(Tellers *t, LedgerUntold *ret)
{
	int r = ledger_unname_tellers(t->ledger);

	for (size_t i = 0; r == 0 && i < t->n; i++)
		r = settle(t, &t->rows[i], ret);
	return r == 0 ? read_again(t) : r;
}
