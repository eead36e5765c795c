/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <string.h>

#include "ctl/offenders.h"
#include "util/text.h"

uint64_t workload_dropped(const History *h, const Workload *w)
{
	uint64_t n = w->dropped;

	for (size_t i = 0; w->id != 0 && i < h->n_losses; i++)
		if (h->losses[i].workload == w->id &&
		    strcmp(h->losses[i].kind, "tally-full") == 0 &&
		    h->losses[i].count != LEDGER_COUNT_UNKNOWN)
			n += h->losses[i].count;
	return n;
}

void offenders_add(Offenders *o, const char *name, uint64_t dropped)
{
	size_t at = o->n;

	while (at > 0 && o->rows[at - 1].dropped < dropped)
		at--;
	if (dropped == 0 || at == OFFENDERS_MAX)
		return;
	o->n = MIN(o->n + 1, (size_t)OFFENDERS_MAX);
	memmove(&o->rows[at + 1], &o->rows[at], (o->n - 1 - at) * sizeof(*o->rows));
	snprintf(o->rows[at].name, sizeof(o->rows[at].name), "%s", name);
	o->rows[at].dropped = dropped;
}

void offenders_json(const Offenders *o, JsonLine *j)
{
	JsonLine *array = json_line_array(j, "dropped");

	for (size_t i = 0; i < o->n; i++) {
		JsonLine *row = json_line_object(array, NULL);

		json_line_str(row, "workload", o->rows[i].name);
		json_line_uint(row, "records", o->rows[i].dropped);
	}
}

void offenders_print(const Offenders *o, FILE *f)
{
	char name[4 * WORKLOAD_NAME_MAX];

	fputs(o->n > 0 ? "\n" : "", f);
	for (size_t i = 0; i < o->n; i++)
		fprintf(f,
			"%s made too many different calls: %" PRIu64 " of its records were not "
			"kept.\n",
			text_escape_to(span_of(o->rows[i].name), name, sizeof(name)),
			o->rows[i].dropped);
}

static int is_it(const LedgerSubjectRow *row, void *userdata)
{
	const SubjectKey *key = userdata;

	return row->kind == key->kind && strcmp(row->name, key->name) == 0 &&
	       strcmp(row->runtime, key->runtime) == 0;
}

int offenders_print_containers(const Evidence *e, const Workload *w, FILE *f)
{
	char name[4 * SUBJECT_KEY_MAX];
	TallySubject subject;
	int r = 0;

	for (uint32_t i = 0; r >= 0 && e->view.tally && i < tally_n_subjects(e->view.tally); i++) {
		if (tally_subject_copy(e->view.tally, i, &subject) < 0 || subject.overflow == 0)
			continue;
		r = ledger_each_subject(e->ledger, w->id, is_it, &subject.key);
		if (r > 0)
			fprintf(f, "  %8" PRIu64 " of %s\n", subject.overflow,
				text_escape_to(span_of(subject.key.name), name, sizeof(name)));
	}
	return MIN(r, 0);
}
