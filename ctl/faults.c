/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/faults.h"
#include "util/text.h"

static Span reason_of(const TallyFault *f)
{
	return span_make(f->reason, strnlen(f->reason, sizeof(f->reason)));
}

void faults_json(const TallyTotals *t, JsonLine *j)
{
	JsonLine *array = json_line_array(j, "faults");

	for (int i = 0; i < _TALLY_FAULT_MAX; i++) {
		const TallyFault *f = &t->faults[i];
		JsonLine *row = f->since != 0 ? json_line_object(array, NULL) : NULL;

		if (!row)
			continue;
		json_line_str(row, "kind", tally_fault_name((TallyFaultKind)i));
		json_line_time(row, "since", f->since);
		json_line_text(row, "reason", reason_of(f));
	}
}

void faults_print(const TallyTotals *t, usec_t now, FILE *f)
{
	static const char *const texts[_TALLY_FAULT_MAX] = {
		[TALLY_FAULT_LEDGER] = "The ledger cannot be written, counts wait in the tally",
		[TALLY_FAULT_CONFIG] = "The new configuration is wrong, the old one holds",
		[TALLY_FAULT_RESTART] = "The configuration was read again",
		[TALLY_FAULT_JOURNAL] = "The journal cannot be written, entries wait in the ledger",
		[TALLY_FAULT_METRICS] = "The metrics cannot be written",
	};
	char reason[4 * sizeof(t->faults[0].reason)], ago[32];

	for (int i = 0; i < _TALLY_FAULT_MAX; i++)
		if (t->faults[i].since != 0)
			fprintf(f, "%s (%s): %s.\n", texts[i],
				clock_format_ago(t->faults[i].since, now, ago, sizeof(ago)),
				text_escape_to(reason_of(&t->faults[i]), reason, sizeof(reason)));
}
