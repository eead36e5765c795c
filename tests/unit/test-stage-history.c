/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/stage-history.c: steps, the way back, and what is kept of them. */
#include <errno.h>

#include "config/stage-history.h"
#include "tests/unit/unit.h"

typedef struct Step {
	const char *from, *to, *undoes;
} Step;

static char *time_of(unsigned i, char buf[static 32])
{
	snprintf(buf, 32, "2026-11-22T03:06:%02u.000001Z", i % 60);
	return buf;
}

static StageEntry entry(const char *time, const Step *s)
{
	return (StageEntry){ .time = time,
			     .from = s->from,
			     .to = s->to,
			     .user = "root",
			     .why = "because; #1",
			     .gate = "unknown",
			     .forced = true,
			     .profile = "/etc/p.json",
			     .sha256 = "aa",
			     .previous = "old.json",
			     .previous_sha256 = "bb",
			     .undoes = s->undoes ?: "" };
}

/* The text after these steps, each at its second. */
static void write_steps(const char *start, const Step *steps, unsigned n, Buffer *text,
			Buffer *forgotten)
{
	buffer_add_str(text, start);
	for (unsigned i = 0; i < n; i++) {
		_cleanup_section_text_ SectionText t = { 0 };
		_cleanup_stage_history_ StageHistory h = { 0 };
		_cleanup_buffer_ Buffer next = BUFFER_NULL;
		char time[32];
		StageEntry e = entry(time_of(i, time), &steps[i]);

		assert_int_equal(section_text_read(buffer_span(text), &t), 0);
		assert_int_equal(stage_history_read(&t, &h), 0);
		assert_int_equal(t.n_complaints, 0);
		assert_int_equal(stage_history_append(buffer_span(text), &h, &e, &next, forgotten),
				 0);
		buffer_done(text);
		*text = next;
		next = BUFFER_NULL;
	}
}

static const char *way_back(const Step *steps, unsigned n, const char *to, char buf[static 32])
{
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_stage_history_ StageHistory h = { 0 };
	_cleanup_buffer_ Buffer forgotten = BUFFER_NULL;
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	const StageEntry *e;

	write_steps("", steps, n, &text, &forgotten);
	assert_int_equal(section_text_read(buffer_span(&text), &t), 0);
	assert_int_equal(stage_history_read(&t, &h), 0);
	assert_int_equal(h.n, n);
	e = stage_history_way_back(&h, to);
	snprintf(buf, 32, "%s", e ? e->time : "none");
	return buf;
}

static void check_way_back(const Step *steps, unsigned n, const char *to, int wanted)
{
	char got[32], time[32];

	assert_string_equal(way_back(steps, n, to, got),
			    wanted < 0 ? "none" : time_of((unsigned)wanted, time));
}

static void test_the_way_back_is_step_by_step(void **state)
{
	char t0[32], t1[32];
	const Step steps[] = {
		{ "errno", "log", NULL },           { "log", "errno", NULL },
		{ "errno", "log", time_of(1, t1) }, { "log", "errno", time_of(0, t0) },
		{ "errno", "kill", NULL },
	};

	(void)state;
	check_way_back(steps, 0, NULL, -1);
	check_way_back(steps, 2, NULL, 1);
	check_way_back(steps, 2, "errno", 0); /* deeper: past the last step */
	check_way_back(steps, 2, "kill", -1);
	check_way_back(steps, 3, NULL, 0); /* the last was taken back */
	check_way_back(steps, 4, NULL, -1);
	check_way_back(steps, 5, NULL, 4);
}

static void test_one_step_back_takes_back_what_came_after(void **state)
{
	char t0[32];
	const Step steps[] = {
		{ "log", "errno", NULL },
		{ "errno", "kill", NULL },
		{ "kill", "log", time_of(0, t0) },
	};

	(void)state;
	check_way_back(steps, 3, NULL, -1);
}

static bool was_undone(const Step *steps, unsigned n)
{
	_cleanup_stage_history_ StageHistory h = { 0 };
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_buffer_ Buffer text = BUFFER_NULL, forgotten = BUFFER_NULL;

	write_steps("", steps, n, &text, &forgotten);
	assert_int_equal(section_text_read(buffer_span(&text), &t), 0);
	assert_int_equal(stage_history_read(&t, &h), 0);
	return stage_history_was_undone(&h);
}

static void test_a_way_back_that_was_gone_is_known(void **state)
{
	char t1[32];
	const Step steps[] = {
		{ "log", "errno", NULL },
		{ "errno", "kill", NULL },
		{ "kill", "errno", time_of(1, t1) },
	};

	(void)state;
	assert_false(was_undone(steps, 0));
	assert_false(was_undone(steps, 2));
	assert_true(was_undone(steps, 3));
}

static void test_what_was_written_is_read(void **state)
{
	const Step step = { "log", "errno", NULL };
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_stage_history_ StageHistory h = { 0 };
	_cleanup_buffer_ Buffer forgotten = BUFFER_NULL;
	_cleanup_buffer_ Buffer text = BUFFER_NULL;

	(void)state;
	write_steps("# mine\n[decision bpf]\nAnswer=deny", &step, 1, &text, &forgotten);
	assert_true(span_starts(buffer_span(&text),
				SPAN_LIT("# mine\n[decision bpf]\nAnswer=deny\n\n[stage ")));
	assert_int_equal(section_text_read(buffer_span(&text), &t), 0);
	assert_int_equal(stage_history_read(&t, &h), 0);
	assert_int_equal(h.n, 1);
	assert_string_equal(h.entries[0].why, "because; #1");
	assert_string_equal(h.entries[0].previous, "old.json");
	assert_true(h.entries[0].forced);
	assert_string_equal(h.entries[0].undoes, "");
}

static void test_the_oldest_go_and_other_sections_stay(void **state)
{
	Step steps[STAGE_HISTORY_MAX + 3];
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_stage_history_ StageHistory h = { 0 };
	_cleanup_buffer_ Buffer forgotten = BUFFER_NULL;
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	char time[32];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(steps); i++)
		steps[i] = (Step){ "log", "errno", NULL };
	write_steps("[other]\nKey=stays\n", steps, ELEMENTSOF(steps), &text, &forgotten);
	assert_int_equal(section_text_read(buffer_span(&text), &t), 0);
	assert_int_equal(stage_history_read(&t, &h), 0);
	assert_int_equal(h.n, STAGE_HISTORY_MAX);
	assert_string_equal(h.entries[0].time, time_of(3, time));
	assert_string_equal(forgotten.p, "old.json\nold.json\nold.json\n");
	assert_non_null(section_find(&t, "other"));
}

static void test_a_section_with_mistakes_is_left_out(void **state)
{
	static const char text[] =
		"[stage yesterday]\nFrom=log\n"
		"[stage 2026-11-22T03:06:00.000001Z]\nFrom=log\nTo=errno\n"
		"[stage 2026-11-22T03:06:01.000001Z]\nFrom=log\nTo=errno\nProfile=/p\nSha256=a\n"
		"Previous=b.json\nPreviousSha256=c\nColour=red\n";
	_cleanup_section_text_ SectionText t = { 0 };
	_cleanup_stage_history_ StageHistory h = { 0 };

	(void)state;
	assert_int_equal(section_text_read(span_of(text), &t), 0);
	assert_int_equal(stage_history_read(&t, &h), 0);
	assert_int_equal(h.n, 1);
	assert_int_equal(h.entries[0].line, 6);
	assert_int_equal(t.n_complaints, 3);
	assert_int_equal(t.complaints[0].line, 1);
	assert_int_equal(t.complaints[1].line, 3);
	assert_int_equal(t.complaints[2].line, 13);
}

UNIT_MAIN(cmocka_unit_test(test_the_way_back_is_step_by_step),
	  cmocka_unit_test(test_one_step_back_takes_back_what_came_after),
	  cmocka_unit_test(test_a_way_back_that_was_gone_is_known),
	  cmocka_unit_test(test_what_was_written_is_read),
	  cmocka_unit_test(test_the_oldest_go_and_other_sections_stay),
	  cmocka_unit_test(test_a_section_with_mistakes_is_left_out))
