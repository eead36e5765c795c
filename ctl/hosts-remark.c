/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/evidence.h"
#include "ctl/hosts-remark.h"

/* A clock may be a little ahead. */
#define AHEAD (10 * 60 * USEC_PER_SEC)

uint64_t hosts_count(const Tellers *all)
{
	uint64_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		size_t k = 0;

		while (k < i && !teller_same_host(&all->rows[k], &all->rows[i]))
			k++;
		n += k == i;
	}
	return n;
}

static bool several_ledgers(const LedgerTeller *a, const LedgerTeller *b)
{
	return a->machine[0] && teller_same_host(a, b);
}

static bool one_machine(const LedgerTeller *a, const LedgerTeller *b)
{
	return a->machine[0] && strcmp(a->machine, b->machine) == 0 &&
	       strcmp(a->hostname, b->hostname) != 0;
}

static bool one_name(const LedgerTeller *a, const LedgerTeller *b)
{
	return strcmp(a->hostname, b->hostname) == 0 && strcmp(a->machine, b->machine) != 0;
}

/* The first two of which this is so. */
static bool find_pair(const Tellers *all, bool (*is)(const LedgerTeller *, const LedgerTeller *),
		      const LedgerTeller **ret_a, const LedgerTeller **ret_b)
{
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < i; k++)
			if (is(&all->rows[k], &all->rows[i])) {
				*ret_a = &all->rows[k];
				*ret_b = &all->rows[i];
				return true;
			}
	return false;
}

static void remark_one(const char *verb, const LedgerTeller *t)
{
	char ahead[32];
	usec_t now = ctl_now();

	if (t->doubled)
		ctl_fail(0, verb,
			 "two machines write under the ledger id %s, as copies of %s do that took "
			 "its ledger along: their evidence cannot be told apart and is incomplete; "
			 "give one of them a new machine id and ledger",
			 t->ledger, t->hostname);
	if (t->heard > now + AHEAD)
		ctl_fail(0, verb,
			 "the clock of %s is %s ahead of this one's: set it right, or its silence "
			 "is noticed so much later",
			 t->hostname, clock_format_span(t->heard - now, ahead, sizeof(ahead)));
}

void hosts_remark(const char *verb, const Tellers *all)
{
	const LedgerTeller *a, *b;

	if (find_pair(all, several_ledgers, &a, &b))
		ctl_fail(0, verb,
			 "%s has had several ledgers, such as %s and %s: where one was begun anew "
			 "before its time, they may tell of the same records",
			 a->hostname, a->ledger, b->ledger);
	if (find_pair(all, one_machine, &a, &b))
		ctl_fail(0, verb,
			 "%s and %s have one machine id, %s, and count as two hosts by their "
			 "ledgers; give one of them its own (systemd-machine-id-setup)",
			 a->hostname, b->hostname, a->machine);
	if (find_pair(all, one_name, &a, &b))
		ctl_fail(0, verb,
			 "two hosts call themselves %s, of the machine ids %s and %s: they are "
			 "told apart by these",
			 a->hostname, a->machine, b->machine);
	for (size_t i = 0; i < all->n; i++)
		remark_one(verb, &all->rows[i]);
}
