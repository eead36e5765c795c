/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines "NAME=value" as the fields of an entry: it is refused with a reason, or all that was read
 * of it lies within the bounds that the ledger counts on. */
#include "evidence/journal-event.h"
#include "evidence/lifetime-list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void must_end(const char *text, size_t size)
{
	must(memchr(text, '\0', size));
}

static void check_texts(const JournalEvent *e)
{
	must_end(e->ledger, sizeof(e->ledger));
	must_end(e->machine, sizeof(e->machine));
	must_end(e->hostname, sizeof(e->hostname));
	must_end(e->workload, sizeof(e->workload));
	must_end(e->profile, sizeof(e->profile));
	must_end(e->stage, sizeof(e->stage));
	must_end(e->visibility, sizeof(e->visibility));
	must_end(e->profile_source, sizeof(e->profile_source));
	must_end(e->dialect, sizeof(e->dialect));
	must_end(e->runtime, sizeof(e->runtime));
	must_end(e->container_name, sizeof(e->container_name));
	must_end(e->image, sizeof(e->image));
	must_end(e->loss, sizeof(e->loss));
	must_end(e->boot, sizeof(e->boot));
	must_end(e->image_digest, sizeof(e->image_digest));
	must_end(e->runtime_version, sizeof(e->runtime_version));
	must_end(e->libseccomp, sizeof(e->libseccomp));
	must_end(e->kernel, sizeof(e->kernel));
	must_end(e->architecture, sizeof(e->architecture));
	must_end(e->capabilities, sizeof(e->capabilities));
	must(strlen(e->ledger) == JOURNAL_ID_SIZE - 1);
	must(strlen(e->machine) == JOURNAL_ID_SIZE - 1);
}

static void check_event(const JournalEvent *e)
{
	check_texts(e);
	must(e->kind < _JOURNAL_EVENT_KIND_MAX);
	must(e->action < _ACTION_MAX && e->origin < _ORIGIN_MAX && e->means < _MEANS_MAX);
	must(e->first <= INT64_MAX && e->last <= INT64_MAX && e->from <= e->to);
	must(e->to <= INT64_MAX && e->row < JOURNAL_ROW_MAX && e->revision <= INT64_MAX);
	if (e->kind == JOURNAL_SIGHTING)
		must(e->total <= INT64_MAX && e->count > 0 && e->count <= e->total &&
		     e->own_filter <= INT64_MAX && e->workload[0] && e->stage[0]);
	if (e->kind == JOURNAL_STAGE)
		must(e->workload[0] && e->stage[0] && e->visibility[0] && e->revision > 0);
	must(e->sequence <= INT64_MAX && e->made_in_count <= 3);
	must(e->made_in.n == 0 || making_list_is_sane(e->made_in));
	must(e->profile_json.n <= LIFETIME_PROFILE_MAX);
	if (e->kind == JOURNAL_LIFETIMES)
		must(e->workload[0] && e->sequence > 0 && lifetime_list_is_sane(e->lifetimes) &&
		     (e->subject_kind == SUBJECT_CONTAINER || e->subject_kind == SUBJECT_UNIT));
	if (e->kind == JOURNAL_LOSS || e->kind == JOURNAL_WATCHED)
		must(e->row > 0 && e->to > 0);
}

static void put(Span *fields, Span name, Span value)
{
	for (int i = 0; i < _JOURNAL_NAME_MAX; i++)
		if (span_eq(journal_names[i], name))
			fields[i] = value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span fields[_JOURNAL_NAME_MAX] = { 0 }, rest = span_make((const char *)data, size);
	JournalFault fault = { NULL, NULL };
	JournalEvent e;
	Span line;

	while (span_split(&rest, '\n', &line)) {
		Span name;

		if (span_split(&line, '=', &name) && line.p)
			put(fields, name, line);
	}
	(void)journal_is_genuine(fields, 1000);
	if (journal_event_read(fields, &e, &fault) < 0)
		must(fault.what);
	else
		check_event(&e);
	return 0;
}
