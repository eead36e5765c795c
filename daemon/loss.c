/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stddef.h>

#include "daemon/loss.h"
#include "util/parse.h"

/* Keys of the ledger's meta table. */
#define META_REPORTED "loss_reported" /* "TALLY-ID N N N N" */
#define META_LAST_ALIVE "last_alive"

static const struct {
	const char *kind;
	size_t offset; /* of the counter in TallyTotals */
} loss_kinds[LOSS_KINDS] = {
	{ "enobufs", offsetof(TallyTotals, enobufs) },
	{ "serial-gap", offsetof(TallyTotals, serial_gaps) },
	{ "rejected", offsetof(TallyTotals, rejected) },
	{ "tally-full", offsetof(TallyTotals, overflow) },
};

static uint64_t counter(const Loss *l, unsigned i)
{
	const char *totals = (const char *)tally_totals_view(l->tally);

	return __atomic_load_n((const uint64_t *)(const void *)(totals + loss_kinds[i].offset),
			       __ATOMIC_RELAXED);
}

/* What another run has reported of this same tally; of another tally it says nothing. */
static void read_reported(Loss *l, const char *text)
{
	Span rest = span_of(text), part;

	if (!span_split(&rest, ' ', &part) || !span_is(part, tally_id(l->tally)))
		return;
	for (unsigned i = 0; i < LOSS_KINDS; i++)
		if (!span_split(&rest, ' ', &part) || parse_u64(part, &l->reported[i]) < 0)
			return;
}

int loss_init(Loss *l, Ledger *ledger, Tally *tally, bool note_stop, usec_t now)
{
	char text[256];
	int r;

	*l = (Loss){ .ledger = ledger, .tally = tally, .since = now };
	r = ledger_get_meta(ledger, META_REPORTED, text, sizeof(text));
	if (r < 0)
		return r;
	read_reported(l, text);
	r = ledger_get_meta(ledger, META_LAST_ALIVE, text, sizeof(text));
	if (r < 0)
		return r;
	if (note_stop && parse_u64(span_of(text), &l->stopped_from) == 0)
		l->stopped_to = now;
	return 0;
}

bool loss_is_due(const Loss *l)
{
	for (unsigned i = 0; i < LOSS_KINDS; i++)
		if (counter(l, i) > l->reported[i])
			return true;
	return l->stopped_from != 0 || l->over_limit > 0;
}

void loss_note_workload_limit(Loss *l, uint64_t count)
{
	l->over_limit += count;
}

static int write_kinds(Loss *l, usec_t now)
{
	char text[256];
	int at = snprintf(text, sizeof(text), "%s", tally_id(l->tally)), r;

	for (unsigned i = 0; i < LOSS_KINDS; i++) {
		uint64_t value = counter(l, i);

		l->writing[i] = value;
		at += snprintf(text + at, sizeof(text) - (size_t)at, " %llu",
			       (unsigned long long)value);
		if (value <= l->reported[i])
			continue;
		r = ledger_add_loss(l->ledger, &(LedgerLoss){ .kind = loss_kinds[i].kind,
							      .from = l->since,
							      .to = now,
							      .count = value - l->reported[i] });
		if (r < 0)
			return r;
	}
	return ledger_set_meta(l->ledger, META_REPORTED, text);
}

static int write_alive(Loss *l, usec_t now)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)now);
	return ledger_set_meta(l->ledger, META_LAST_ALIVE, text);
}

int loss_write(Loss *l, usec_t now)
{
	int r = write_kinds(l, now);

	if (r >= 0 && l->stopped_from != 0)
		r = ledger_add_loss(l->ledger, &(LedgerLoss){ .kind = "not-running",
							      .from = l->stopped_from,
							      .to = l->stopped_to,
							      .count = LEDGER_COUNT_UNKNOWN });
	if (r >= 0 && l->over_limit > 0)
		r = ledger_add_loss(l->ledger, &(LedgerLoss){ .kind = "workload-limit",
							      .from = l->since,
							      .to = now,
							      .count = l->over_limit });
	l->until = now;
	return r < 0 ? r : write_alive(l, now);
}

void loss_committed(Loss *l)
{
	memcpy(l->reported, l->writing, sizeof(l->reported));
	l->since = l->until;
	l->over_limit = 0;
	l->stopped_from = 0;
}

void loss_rolled_back(Loss *l)
{
	l->over_limit = 0;
}
