/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ctl/evidence.h"
#include "ctl/hosts.h"
#include "ctl/table.h"
#include "util/text.h"

#define NAMES_SHOWN 12

const char *hosts_share_text(const History *h, uint64_t hosts, char buf[static HOSTS_TEXT_MAX])
{
	if (hosts == 0)
		return "-";
	snprintf(buf, HOSTS_TEXT_MAX, "%" PRIu64 " of %" PRIu64, hosts,
		 history_count_hosts(h, false));
	return buf;
}

/* ---- all hosts ---- */

static uint64_t count_losses(const History *h, int64_t host)
{
	uint64_t n = 0;

	for (size_t i = 0; i < h->n_losses; i++)
		n += h->losses[i].host == host && h->losses[i].count != 0 &&
		     strcmp(h->losses[i].kind, LOSS_HOST_SILENT) != 0;
	return n;
}

static void print_host(const HistoryHost *host, uint64_t losses, FILE *f)
{
	char name[512], ago[32];

	fprintf(f, "  %s: ", text_escape_to(span_of(host->name), name, sizeof(name)));
	if (host->doubled)
		fprintf(f, "two machines write under its ledger's id; ");
	if (losses > 0)
		fprintf(f, "%" PRIu64 " %s; ", losses, text_plural(losses, "loss", "losses"));
	fprintf(f, "%s %s\n", host->silent ? "silent, last heard of" : "last heard of",
		clock_format_ago(host->heard, ctl_now(), ago, sizeof(ago)));
}

void hosts_print(const History *h, FILE *f)
{
	size_t shown = 0, odd = 0;

	if (h->n_hosts == 0)
		return;
	fprintf(f, "\nIt is of %" PRIu64 " host%s, of which %" PRIu64 " fell silent.\n",
		history_count_hosts(h, false), text_plural(history_count_hosts(h, false), "", "s"),
		history_count_hosts(h, true));
	if (h->old)
		fprintf(f, "Nothing in it is of the last hours: put it together anew.\n");
	for (size_t i = 0; i < h->n_hosts; i++) {
		const HistoryHost *host = history_nth_host(h, i);
		uint64_t losses = count_losses(h, host->id);

		if (!host->silent && !host->doubled && losses == 0)
			continue;
		if (++odd <= NAMES_SHOWN && ++shown > 0)
			print_host(host, losses, f);
	}
	if (odd > shown)
		fprintf(f, "  and %zu more\n", odd - shown);
}

void hosts_json(const History *h, JsonLine *j)
{
	JsonLine *rows = json_line_array(j, "hosts");

	for (size_t i = 0; i < h->n_hosts; i++) {
		const HistoryHost *host = history_nth_host(h, i);
		JsonLine *o = json_line_object(rows, NULL);

		json_line_str(o, "host", host->name);
		json_line_time(o, "heard", host->heard);
		json_line_bool(o, "silent", host->silent);
		json_line_bool(o, "doubled", host->doubled);
		json_line_time(o, "retired", host->retired);
		json_line_uint(o, "losses", count_losses(h, host->id));
	}
	json_line_uint(j, "silent", history_count_hosts(h, true));
}

/* ---- of a workload ---- */

typedef struct Shares {
	const History *history;
	const Workload *workload;
	Table *table;
} Shares;

static bool is_silent(const Shares *s, const LedgerShare *row)
{
	const HistoryHost *host = history_host(s->history, row->host);

	return host && host->silent;
}

static const TableColumn columns[] = {
	{ "HOST", false },   { "STAGE", false }, { "VISIBLE", false },  { "CALLS", true },
	{ "RECORDS", true }, { "LAST", false },  { "HEARD OF", false },
};

static int add_share(const LedgerShare *row, void *userdata)
{
	const Shares *s = userdata;
	const HistoryHost *host = history_host(s->history, row->host);
	char ago[32];

	table_cell(s->table, span_of(row->name), TONE_PLAIN);
	table_cell(s->table, span_of(known(row->stage) ?: "-"), TONE_PLAIN);
	table_cell(s->table, span_of(known(row->visibility) ?: "-"), TONE_PLAIN);
	table_cellf(s->table, TONE_PLAIN, "%" PRIu64, row->sightings);
	table_cellf(s->table, TONE_PLAIN, "%" PRIu64, row->records);
	table_cell(
		s->table,
		span_of(row->last ? clock_format_ago(row->last, ctl_now(), ago, sizeof(ago)) : "-"),
		TONE_PLAIN);
	table_cell(s->table,
		   span_of(host ? clock_format_ago(host->heard, ctl_now(), ago, sizeof(ago)) : "-"),
		   is_silent(s, row) ? TONE_BAD : TONE_PLAIN);
	return 0;
}

int hosts_print_shares(Ledger *l, const History *h, int64_t workload, bool color)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	Shares s = { .history = h, .table = t };
	int r = ledger_each_share(l, workload, add_share, &s);

	putchar('\n');
	return r < 0 ? r : table_print(t, stdout, color);
}

static int share_json(const LedgerShare *row, void *userdata)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const Shares *s = userdata;
	const HistoryHost *host = history_host(s->history, row->host);

	json_line_str(j, "workload", s->workload->name);
	json_line_str(j, "host", row->name);
	json_line_str(j, "stage", known(row->stage));
	json_line_str(j, "visibility", known(row->visibility));
	json_line_str(j, "profile", known(row->profile_hash));
	json_line_uint(j, "sightings", row->sightings);
	json_line_uint(j, "records", row->records);
	json_line_time(j, "first", row->first);
	json_line_time(j, "last", row->last);
	json_line_uint(j, "running", row->running);
	json_line_time(j, "heard", host ? host->heard : 0);
	json_line_bool(j, "silent", is_silent(s, row));
	return json_line_write(j, stdout);
}

int hosts_shares_json(Ledger *l, const History *h, const Workload *w)
{
	Shares s = { .history = h, .workload = w };

	return ledger_each_share(l, w->id, share_json, &s);
}
