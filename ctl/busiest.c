/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <string.h>

#include "ctl/busiest.h"
#include "util/text.h"

#define HOUR (3600 * USEC_PER_SEC)

void busiest_init(Busiest *b, usec_t now)
{
	*b = (Busiest){ .since = now < HOUR ? 0 : (now / HOUR - 1) * HOUR };
}

static int add_hour(const LedgerHour *row, void *userdata)
{
	uint64_t *n = userdata;

	*n += row->records;
	return 0;
}

static uint64_t not_kept(const Busiest *b, const History *h, const Workload *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < h->n_losses; i++) {
		const LedgerLoss *loss = &h->losses[i];

		if (loss->workload == w->id && loss->to >= b->since &&
		    loss->count != LEDGER_COUNT_UNKNOWN &&
		    (strcmp(loss->kind, "tally-full") == 0 ||
		     strcmp(loss->kind, "sighting-limit") == 0))
			n += loss->count;
	}
	return n;
}

int busiest_add(Busiest *b, Ledger *l, const History *h, const Workload *w)
{
	uint64_t n = 0;
	int r;

	if (w->id == 0)
		return 0;
	r = ledger_each_hour(l, w->id, b->since, add_hour, &n);
	if (r < 0)
		return r;
	n += not_kept(b, h, w);
	b->all += n;
	offenders_add(&b->top, w->name, n);
	return 0;
}

void busiest_json(const Busiest *b, JsonLine *j)
{
	JsonLine *o = json_line_object(j, "busiest"), *array;

	json_line_time(o, "since", b->since);
	json_line_uint(o, "records", b->all);
	array = json_line_array(o, "workloads");
	for (size_t i = 0; i < b->top.n; i++) {
		JsonLine *row = json_line_object(array, NULL);

		json_line_str(row, "workload", b->top.rows[i].name);
		json_line_uint(row, "records", b->top.rows[i].dropped);
	}
}

void busiest_print(const Busiest *b, usec_t now, FILE *f)
{
	char name[4 * WORKLOAD_NAME_MAX], span[32];

	if (b->top.n > 0)
		fprintf(f, "\nThe busiest of the last %s:\n",
			clock_format_span(now - MIN(b->since, now), span, sizeof(span)));
	for (size_t i = 0; i < b->top.n && b->top.rows[i].dropped >= b->all / 10; i++)
		fprintf(f, "  %8" PRIu64 "  %5.1f %%  %s\n", b->top.rows[i].dropped,
			100.0 * (double)b->top.rows[i].dropped / (double)b->all,
			text_escape_to(span_of(b->top.rows[i].name), name, sizeof(name)));
}
