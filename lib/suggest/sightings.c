/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "suggest/sightings.h"

static void example_done(SuggestExample *e)
{
	free((void *)(uintptr_t)e->comm.p);
	free((void *)(uintptr_t)e->exe.p);
}

static void sighting_done(Sighting *s)
{
	for (size_t i = 0; i < s->n_examples; i++)
		example_done(&s->examples[i]);
	free(s->profile_hash);
}

void sightings_done(Sightings *s)
{
	for (size_t i = 0; i < s->n; i++)
		sighting_done(&s->rows[i]);
	free(s->rows);
	*s = (Sightings){ 0 };
}

static int reserve(Sightings *s)
{
	size_t n = s->allocated ? 2 * s->allocated : 64;
	Sighting *rows;

	if (s->n < s->allocated)
		return 0;
	rows = reallocarray(s->rows, n, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	s->rows = rows;
	s->allocated = n;
	return 0;
}

static int on_sighting(const LedgerSightingRow *row, void *userdata)
{
	Sightings *all = userdata;
	Sighting s = {
		.id = row->id,
		.arch = row->arch,
		.nr = row->nr,
		.action = row->action,
		.origin = row->origin,
		.count = row->count,
		.own_filter = row->own_filter,
		.first = row->first,
		.last = row->last,
		.subjects = row->subjects,
		.lifetimes = row->lifetimes,
		.serial = row->serial,
		.hosts = row->hosts,
	};
	int r;

	r = reserve(all);
	if (r < 0)
		return r;
	r = syscall_name(row->arch, row->nr, s.name);
	if (r == -ENOENT)
		s.name[0] = '\0';
	else if (r < 0)
		return r;
	s.profile_hash = strdup(row->profile_hash ?: "");
	if (!s.profile_hash)
		return -ENOMEM;
	all->rows[all->n++] = s;
	return 0;
}

static int copy_span(Span s, Span *ret)
{
	char *copy;

	*ret = SPAN_NULL;
	if (!s.p)
		return 0;
	copy = span_dup(s);
	if (!copy)
		return -ENOMEM;
	*ret = span_make(copy, s.n);
	return 0;
}

static int on_example(const LedgerExampleRow *row, void *userdata)
{
	SuggestExample e = { .ip = row->ip, .pid = row->pid };
	Sighting *s = userdata;

	if (s->n_examples == ELEMENTSOF(s->examples))
		return 0;
	if (copy_span(row->comm, &e.comm) < 0 || copy_span(row->exe, &e.exe) < 0) {
		example_done(&e);
		return -ENOMEM;
	}
	s->examples[s->n_examples++] = e;
	return 0;
}

static int on_making(const LedgerMaking *row, void *userdata)
{
	Sighting *s = userdata;

	if (s->n_makings < ELEMENTSOF(s->makings))
		s->makings[s->n_makings++] = *row;
	return 0;
}

int sightings_read(Ledger *l, int64_t workload, Sightings *ret)
{
	_cleanup_sightings_ Sightings s = { 0 };
	int r;

	r = ledger_each_sighting(l, workload, on_sighting, &s);
	for (size_t i = 0; r >= 0 && i < s.n; i++)
		r = ledger_each_example(l, s.rows[i].id, on_example, &s.rows[i])
			    ?: ledger_each_making(l, s.rows[i].id, on_making, &s.rows[i]);
	if (r < 0)
		return r;
	*ret = s;
	s = (Sightings){ 0 };
	return 0;
}

void examples_json(const SuggestExample *examples, size_t n, JsonLine *j)
{
	JsonLine *array = json_line_array(j, "examples");

	for (size_t i = 0; i < n; i++) {
		JsonLine *o = json_line_object(array, NULL);
		char ip[24];

		snprintf(ip, sizeof(ip), "0x%" PRIx64, examples[i].ip);
		json_line_text(o, "comm", examples[i].comm);
		json_line_text(o, "exe", examples[i].exe);
		json_line_str(o, "ip", ip);
		json_line_int(o, "pid", examples[i].pid);
	}
}

Observed *sightings_observed(const Sightings *s, const char *applied_hash)
{
	Observed *all = calloc(MAX(s->n, 1U), sizeof(*all));

	for (size_t i = 0; all && i < s->n; i++) {
		const Sighting *row = &s->rows[i];

		all[i] = (Observed){
			.arch = row->arch,
			.nr = row->nr,
			.name = row->name[0] ? row->name : NULL,
			.action = row->action,
			.origin = row->origin,
			.under_applied =
				applied_hash[0] && strcmp(row->profile_hash, applied_hash) == 0,
			.count = row->count,
			.own_filter = row->own_filter,
			.first = row->first,
			.last = row->last,
			.subjects = row->subjects,
			.suspicion = row->suspicion,
			.examples = row->examples,
			.n_examples = row->n_examples,
		};
	}
	return all;
}
