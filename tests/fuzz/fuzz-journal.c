/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a journal entry in JSON, and as an export in pieces: what is found lies within its
 * bounds, and how the pieces are cut changes nothing. */
#include "source/journal-entry.h"
#include "util/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

/* A sum over all that an entry says. */
static uint64_t sum_entry(const JournalEntry *e, uint64_t sum)
{
	Line line;

	for (size_t i = 0; i < _JOURNAL_FIELD_MAX; i++)
		sum = hash_bytes(e->fields[i], sum + (e->fields[i].p ? i : 100));
	journal_entry_decode(e, &line);
	check((line.status == LINE_RECORD) == !line.reason);
	check(!e->damage || line.status == LINE_REJECT);
	return hash_u64(sum + (unsigned)line.status);
}

static uint64_t read_export(Span text, size_t step)
{
	JournalExport *x = calloc(1, sizeof(*x));
	JournalEntry e;
	uint64_t sum = 0;

	check(x);
	while (text.n > 0) {
		Span part = span_first(text, step);

		text = span_from(text, part.n);
		while (journal_export_next(x, &part, &e))
			sum = sum_entry(&e, sum);
	}
	if (journal_export_last(x, &e))
		sum = sum_entry(&e, sum);
	free(x);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span text = span_make((const char *)data, size);
	char *scratch = malloc(size + 1);
	JournalEntry e;

	check(scratch);
	journal_json_parse(text, scratch, &e);
	for (size_t i = 0; i < _JOURNAL_FIELD_MAX; i++)
		check(!e.fields[i].p || (e.fields[i].p >= scratch &&
					 e.fields[i].p + e.fields[i].n <= scratch + size));
	sum_entry(&e, 0);
	free(scratch);
	check(read_export(text, size + 1) == read_export(text, 7));
	return 0;
}
