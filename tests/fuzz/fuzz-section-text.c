/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A workload's file: any bytes are read without harm, what is read can be written and comes back,
 * and a history grows to its limit and no further. */
#undef NDEBUG
#include <assert.h>

#include "config/stage-history.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_values(const SectionText *t)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->sections[i].n_keys; k++) {
			_cleanup_section_text_ SectionText back = { 0 };
			_cleanup_buffer_ Buffer b = BUFFER_NULL;
			const char *value = t->sections[i].keys[k].value;

			buffer_add_str(&b, "[s]\n");
			section_write_key(&b, "K", span_of(value));
			assert(section_text_read(buffer_span(&b), &back) == 0);
			assert(back.n_complaints == 0);
			assert(strcmp(section_get(&back.sections[0], "K"), value) == 0);
		}
}

static void check_append(Span text, SectionText *t)
{
	const StageEntry e = { .time = "9999-11-22T03:06:00.123456Z",
			       .from = "log",
			       .to = "errno",
			       .profile = "/p",
			       .sha256 = "a",
			       .previous = "b",
			       .previous_sha256 = "c",
			       .undoes = "" };
	_cleanup_section_text_ SectionText after = { 0 };
	_cleanup_stage_history_ StageHistory h = { 0 };
	_cleanup_stage_history_ StageHistory grown = { 0 };
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	_cleanup_buffer_ Buffer forgotten = BUFFER_NULL;

	assert(stage_history_read(t, &h) == 0);
	(void)stage_history_way_back(&h, "log");
	assert(stage_history_append(text, &h, &e, &out, &forgotten) == 0);
	assert(section_text_read(buffer_span(&out), &after) == 0);
	assert(stage_history_read(&after, &grown) == 0);
	assert(grown.n <= STAGE_HISTORY_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_section_text_ SectionText t = { 0 };
	Span text = span_make((const char *)data, size);

	if (size > 65536 || section_text_read(text, &t) < 0)
		return 0;
	for (size_t i = 0; i < t.n; i++)
		assert(t.sections[i].begin < t.sections[i].end && t.sections[i].end <= size);
	check_values(&t);
	check_append(text, &t);
	return 0;
}
