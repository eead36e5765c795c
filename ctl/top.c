/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "ctl/top.h"
#include "ctl/width.h"
#include "evidence/ledger-follow.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger-replay.h"
#include "util/text.h"

#define HOUR (3600 * USEC_PER_SEC)
#define RATE_OVER (5 * USEC_PER_SEC)
#define NAME_LEAST 11

static void rows_clear(Top *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->rows[i].name);
		free(t->rows[i].stage);
	}
	t->n = 0;
}

void top_done(Top *t)
{
	rows_clear(t);
	free(t->rows);
	known_done(&t->fresh);
	known_done(&t->before);
	known_done(&t->middle);
	follow_done(&t->follow);
}

/* ---- looking ---- */

static char *escaped(const char *s)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	text_escape(&b, span_of(s));
	if (b.n == 0)
		return strdup("");
	return buffer_error(&b) < 0 ? NULL : buffer_steal(&b);
}

static int on_workload(const LedgerWorkloadRow *w, void *userdata)
{
	Top *t = userdata;
	TopRow *row;

	if (t->n == t->allocated) {
		size_t n = t->allocated ? 2 * t->allocated : 64;

		row = reallocarray(t->rows, n, sizeof(*row));
		if (!row)
			return -ENOMEM;
		t->rows = row;
		t->allocated = n;
	}
	row = &t->rows[t->n];
	*row = (TopRow){ .id = w->id,
			 .name = escaped(w->name),
			 .stage = escaped(w->stage),
			 .blind = strcmp(w->visibility, "blind") == 0,
			 .hosts = w->hosts,
			 .records = w->records,
			 .sightings = w->sightings };
	t->n++;
	return row->name && row->stage ? 0 : -ENOMEM;
}

static int on_fresh(int64_t workload, uint64_t n, void *userdata)
{
	uint64_t ignored;

	return known_set(userdata, (uint64_t)workload, n, &ignored) == -ENOMEM ? -ENOMEM : 0;
}

static int read_rows(Top *t)
{
	usec_t now = ctl_now();
	Ledger *l = t->follow.ledger;
	int r;

	rows_clear(t);
	known_done(&t->fresh);
	r = ledger_begin(l);
	if (r >= 0)
		r = ledger_each_workload(l, on_workload, t);
	if (r >= 0)
		r = ledger_each_fresh(l, now > HOUR ? now - HOUR : 0, on_fresh, &t->fresh);
	if (r >= 0)
		r = lost_read(l, t->follow.has_totals ? &t->follow.totals : NULL, &t->lost);
	ledger_rollback(l);
	return r;
}

static int note_records(Top *t, usec_t clock)
{
	uint64_t ignored;

	if (t->middle_at != 0 && clock - t->middle_at < RATE_OVER)
		return 0;
	known_done(&t->before);
	t->before = t->middle;
	t->before_at = t->middle_at;
	t->middle = (Known){ 0 };
	t->middle_at = clock;
	for (size_t i = 0; i < t->n; i++)
		if (known_set(&t->middle, (uint64_t)t->rows[i].id, t->rows[i].records, &ignored) ==
		    -ENOMEM)
			return -ENOMEM;
	return 0;
}

static double per_second(uint64_t now, uint64_t before, usec_t time)
{
	return now > before && time > 0 ? (double)(now - before) * 1e6 / (double)time : 0;
}

static void reckon(Top *t, usec_t clock)
{
	const Known *base = t->before_at ? &t->before : &t->middle;
	usec_t since = t->before_at ? t->before_at : t->middle_at;

	for (size_t i = 0; i < t->n; i++) {
		TopRow *row = &t->rows[i];
		/* A workload that was not there then made all of its records since. */
		uint64_t before = known_get(base, (uint64_t)row->id, 0);

		row->fresh = known_get(&t->fresh, (uint64_t)row->id, 0);
		row->rate = per_second(row->records, before, clock - since);
	}
	if (t->total_at != 0)
		t->total_rate = per_second(t->follow.totals.records, t->total, clock - t->total_at);
	t->total = t->follow.totals.records;
	t->total_at = clock;
}

int top_look(Top *t, usec_t clock)
{
	unsigned bits = follow_look(&t->follow);
	int r = 0;

	if (bits & FOLLOW_REPLACED) {
		known_done(&t->before);
		known_done(&t->middle);
		t->before_at = t->middle_at = 0;
	}
	if (t->follow.ledger && (bits & FOLLOW_CHANGED || t->middle_at == 0))
		r = read_rows(t);
	if (r < 0 && r != -ENOMEM) {
		(void)follow_give_up(&t->follow);
		r = 0;
	}
	if (r == 0)
		r = note_records(t, clock);
	reckon(t, clock);
	top_order(t);
	return r;
}

/* ---- order ---- */

static const char *const sorts[_TOP_SORT_MAX] = {
	[TOP_RATE] = "rate",
	[TOP_NEW] = "new",
	[TOP_RECORDS] = "records",
	[TOP_NAME] = "name",
};

int top_sort_from_name(const char *name, TopSort *ret)
{
	for (int i = 0; i < _TOP_SORT_MAX; i++)
		if (strcmp(name, sorts[i]) == 0) {
			*ret = (TopSort)i;
			return 0;
		}
	return -EINVAL;
}

static int more_first(double a, double b)
{
	return a > b ? -1 : a < b;
}

static int compare(const void *x, const void *y, void *userdata)
{
	const TopRow *a = x, *b = y;
	const int by[_TOP_SORT_MAX] = {
		[TOP_RATE] = more_first(a->rate, b->rate),
		[TOP_NEW] = more_first((double)a->fresh, (double)b->fresh),
		[TOP_RECORDS] = more_first((double)a->records, (double)b->records),
	};
	int first = by[*(const TopSort *)userdata];

	if (first != 0)
		return first;
	return strcmp(a->name, b->name);
}

/* What is equal in the wanted way goes by its name. */
void top_order(Top *t)
{
	if (t->n > 0)
		qsort_r(t->rows, t->n, sizeof(*t->rows), compare, &t->sort);
}

/* ---- lines ---- */

static void add_fitting(Buffer *out, const Buffer *line, size_t width)
{
	if (line->n > 0)
		buffer_add(out, span_make(line->p, width_cut(line->p, width)));
}

/* What must not be overlooked comes first: a narrow terminal cuts the end. */
static void say_state(const Top *t, Buffer *b)
{
	static const char *const makers[] = {
		[LEDGER_OF_LOGS] = "replay",
		[LEDGER_OF_JOURNALS] = "replay",
		[LEDGER_OF_STRACE] = "import",
		[LEDGER_OF_LEDGERS] = "merge",
	};
	int made = t->follow.ledger ? ledger_is_replayed(t->follow.ledger) : 0;

	if (t->follow.fault.text[0])
		buffer_printf(b, "LEDGER UNREADABLE: %s", t->follow.fault.text);
	else if (made > 0 && (size_t)made < ELEMENTSOF(makers))
		buffer_printf(b, "made by %s: nothing comes", makers[made]);
	else if (!t->follow.running)
		buffer_add_str(b, "SECCOMPD IS DOWN: no call is seen");
	else
		buffer_printf(b, "seccompd runs, %.1f records/s", t->total_rate);
}

static void say_lost(const Top *t, Buffer *b)
{
	int made = t->follow.ledger ? ledger_is_replayed(t->follow.ledger) : 0;

	if (made == LEDGER_OF_LOGS || made == LEDGER_OF_STRACE) {
		buffer_add_str(b, "INCOMPLETE: no log shows all that was called");
		return;
	}
	if (lost_nothing(&t->lost)) {
		buffer_add_str(b, "nothing is known to be missing");
		return;
	}
	buffer_printf(b, "INCOMPLETE: %" PRIu64 " unattributed", t->lost.unattributed);
	buffer_printf(b, ", %" PRIu64 " %s lost, %" PRIu64 " %s, %" PRIu64 " %s",
		      t->lost.serial_gaps, text_plural(t->lost.serial_gaps, "serial", "serials"),
		      t->lost.enobufs, text_plural(t->lost.enobufs, "overrun", "overruns"),
		      t->lost.not_running, text_plural(t->lost.not_running, "stop", "stops"));
	buffer_add_str(b, "; see seccompctl status");
}

static bool has_hosts(const Top *t)
{
	return ledger_hosts(t->follow.ledger) > 1;
}

void top_head(const Top *t, unsigned line, size_t width, Buffer *out)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (line == 0) {
		say_state(t, &b);
		buffer_printf(&b, "; %zu %s by %s", t->n,
			      text_plural(t->n, "workload", "workloads"), sorts[t->sort]);
		if (has_hosts(t))
			buffer_printf(&b, ", of %u hosts", ledger_hosts(t->follow.ledger));
	} else
		say_lost(t, &b);
	add_fitting(out, &b, width);
}

/* Those that find room, in this order; the name has what is left. */
static const struct {
	const char *title;
	int width;
} columns[] = { { "REC/S", 8 },    { "NEW/H", 5 }, { "STAGE", 6 },
		{ "RECORDS", 10 }, { "CALLS", 6 }, { "HOSTS", 5 } };

static size_t count_columns(const Top *t, size_t width)
{
	size_t n = 0, used = NAME_LEAST, all = ELEMENTSOF(columns) - !has_hosts(t);

	while (n < all && used + (size_t)columns[n].width + 1 <= width)
		used += (size_t)columns[n++].width + 1;
	return n;
}

void top_titles(const Top *t, size_t width, Buffer *out)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (size_t i = 0; i < count_columns(t, width); i++)
		buffer_printf(&b, "%*s ", columns[i].width, columns[i].title);
	buffer_add_str(&b, "WORKLOAD");
	add_fitting(out, &b, width);
}

void top_row(const Top *t, const TopRow *row, size_t width, Buffer *out)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char cells[ELEMENTSOF(columns)][48];

	snprintf(cells[0], sizeof(cells[0]), "%.1f", row->rate);
	snprintf(cells[1], sizeof(cells[1]), "%" PRIu64, row->fresh);
	snprintf(cells[2], sizeof(cells[2]), "%.6s",
		 row->blind ? "blind" : known(row->stage) ?: "-");
	snprintf(cells[3], sizeof(cells[3]), "%" PRIu64, row->records);
	snprintf(cells[4], sizeof(cells[4]), "%" PRIu64, row->sightings);
	snprintf(cells[5], sizeof(cells[5]), "%" PRIu32, row->hosts);
	for (size_t i = 0; i < count_columns(t, width); i++)
		buffer_printf(&b, "%*s ", columns[i].width, cells[i]);
	buffer_add_str(&b, row->name);
	add_fitting(out, &b, width);
}
