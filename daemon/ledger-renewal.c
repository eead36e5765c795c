/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/ledger-renewal.h"
#include "daemon/log.h"
#include "daemon/manager-private.h"
#include "daemon/now.h"

/* Damage again so soon behind a check that found none: the check is wrong. */
#define DISTRUST_TIME (60 * USEC_PER_SEC)

static int note_roots(Manager *m)
{
	StateRoots roots = manager_state_roots(m);
	int r = resolver_note_roots(&roots, m->ledger);

	if (r < 0)
		ledger_rollback(m->ledger);
	m->renewal.roots = r < 0;
	return r;
}

static int tell_all(Manager *m)
{
	bool same_boot = false;
	int r = manager_note_boot(m, &same_boot);

	if (r < 0)
		ledger_rollback(m->ledger);
	if (r >= 0)
		r = note_roots(m);
	if (r >= 0)
		r = writer_renewed(m->writer, same_boot);
	if (r < 0)
		return r;
	reader_send_examples_again(m->reader);
	publisher_renewed(&m->publisher);
	return 0;
}

static void say(const Manager *m, int result, const char *before, const Diag *d)
{
	if (result == LEDGER_SET_ASIDE)
		log_line(LOG_ERR, "%s; it gets what the tally holds", d->text);
	else if (!m->renewal.first && !m->renewal.quiet)
		log_line(LOG_ERR,
			 "the ledger %s was opened again (%s); it gets what the tally holds and it "
			 "does not",
			 m->config->daemon.ledger, before);
}

static int renew(Manager *m)
{
	LedgerRenewal *n = &m->renewal;
	usec_t now = now_of(CLOCK_MONOTONIC);
	bool again = n->since != 0 && now - n->since < DISTRUST_TIME;
	char before[sizeof(((Diag *)0)->text)];
	Diag d = { 0 };
	int result, r;

	snprintf(before, sizeof(before), "%s", ledger_error(m->ledger));
	result = ledger_reopen(m->ledger, m->config->daemon.ledger, m->host, manager_now(),
			       n->why == -EBADMSG && again, &d);
	if (result < 0)
		return result;
	if (n->why == -EBADMSG)
		n->since = now;
	r = tell_all(m);
	if (r < 0)
		return r;
	say(m, result, before, &d);
	n->why = 0;
	n->first = n->quiet = false;
	return 0;
}

void ledger_renewal_check(Manager *m)
{
	if (m->renewal.why != 0)
		return;
	m->renewal.why = -ESTALE;
	m->renewal.quiet = true;
}

int ledger_renewal_fold(Manager *m)
{
	int r = 0;

	if (m->renewal.why == 0) {
		if (m->renewal.roots)
			r = note_roots(m);
		if (r >= 0)
			r = writer_fold(m->writer, manager_now());
		if (r != -ESTALE && r != -EBADMSG)
			return r;
		m->renewal.why = r;
	}
	r = renew(m);
	return r < 0 ? r : writer_fold(m->writer, manager_now());
}
