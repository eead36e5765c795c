/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/top.h"
#include "evidence/ledger-host.h"
#include "profile/json-line.h"

/* The objects hold whole numbers. */
static uint64_t thousandths(double rate)
{
	return (uint64_t)(rate * 1000 + 0.5);
}

static int print_row(const TopRow *row)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	/* Escaped once is enough. */
	json_line_name(j, "workload", row->name);
	json_line_name(j, "stage", known(row->stage));
	json_line_bool(j, "blind", row->blind);
	json_line_uint(j, "rate_milli", thousandths(row->rate));
	json_line_uint(j, "new", row->fresh);
	json_line_uint(j, "records", row->records);
	json_line_uint(j, "sightings", row->sightings);
	json_line_uint(j, "hosts", row->hosts);
	return json_line_write(j, stdout);
}

int top_json(const Top *t)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	int r = 0;

	for (size_t i = 0; r >= 0 && i < t->n; i++)
		r = print_row(&t->rows[i]);
	json_line_bool(j, "summary", true);
	json_line_time(j, "time", ctl_now());
	json_line_bool(j, "running", t->follow.running);
	json_line_uint(j, "rate_milli", thousandths(t->total_rate));
	json_line_uint(j, "workloads", t->n);
	json_line_uint(j, "hosts", ledger_hosts(t->follow.ledger));
	json_line_name(j, "fault", known(t->follow.fault.text));
	lost_json(&t->lost, j, "lost");
	return r < 0 ? r : json_line_write(j, stdout);
}
