/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/source/audisp: auditd's frames, whole, filled up, in pieces and damaged. */
#include "source/audisp.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

#define RECORD(serial)                                                                 \
	"audit(1700000000.123:" #serial "): auid=1 uid=0 gid=0 ses=1 pid=7 comm=\"c\"" \
	" exe=\"/x\" sig=0 arch=c000003e syscall=39 compat=0 ip=0x1 code=0x7ffc0000"

static void put(Buffer *b, uint32_t version, uint32_t type, const char *text, bool filled)
{
	const uint32_t header[] = { version, AUDISP_HEADER, type, (uint32_t)strlen(text) };
	static const char nothing[AUDISP_BODY_MAX];

	buffer_add(b, span_make((const char *)header, sizeof(header)));
	buffer_add(b, span_of(text));
	if (filled)
		buffer_add(b, span_make(nothing, AUDISP_BODY_MAX - strlen(text)));
}

typedef struct Seen {
	unsigned n, records, damaged;
	uint32_t serials[8];
} Seen;

static void see(Seen *s, const AudispFrame *f)
{
	Line line;

	s->damaged += f->damage != NULL;
	if (f->damage)
		return;
	audisp_decode(f, NULL, &line);
	s->records += line.status == LINE_RECORD;
	assert_true(s->n < ELEMENTSOF(s->serials));
	s->serials[s->n++] = line.has_stamp ? line.record.serial : 0;
}

/* Given @step more bytes at a time, as from a socket. */
static Seen split(const Buffer *b, size_t step)
{
	Span rest = span_make(b->p, 0);
	AudispFrame f;
	Audisp a = { 0 };
	Seen s = { 0 };

	for (size_t end = MIN(step, b->n);; end = MIN(end + step, b->n)) {
		rest = span_make(rest.p, (size_t)(b->p + end - rest.p));
		while (audisp_next(&a, &rest, &f))
			see(&s, &f);
		assert_true(rest.n < AUDISP_HEADER + AUDISP_BODY_MAX);
		if (end == b->n)
			return s;
	}
}

static void expect(const Buffer *b, size_t step, Seen wanted)
{
	Seen s = split(b, step);

	assert_int_equal(s.n, wanted.n);
	assert_int_equal(s.records, wanted.records);
	assert_int_equal(s.damaged, wanted.damaged);
	assert_memory_equal(s.serials, wanted.serials, sizeof(s.serials));
}

static void test_both_versions_in_pieces_of_any_size(void **state)
{
	static const size_t steps[] = { 1, 7, 16, 300, 8986, 100000 };

	(void)state;
	for (int filled = 0; filled < 2; filled++) {
		_cleanup_buffer_ Buffer b = { 0 };

		put(&b, 1, 1200, "node=h type=DAEMON_START msg=audit(1.000:9): op=start", filled);
		put(&b, 0, 1326, RECORD(5), filled);
		put(&b, 1, 1326, "node=h type=SECCOMP msg=" RECORD(6), filled);
		put(&b, 0, 1320, "audit(1700000000.123:7): ", filled);
		for (size_t i = 0; i < ELEMENTSOF(steps); i++)
			expect(&b, steps[i], (Seen){ 4, 2, 0, { 0, 5, 6, 7 } });
	}
}

static void test_what_is_damaged_is_told_once_and_passed_over(void **state)
{
	_cleanup_buffer_ Buffer b = { 0 };

	(void)state;
	put(&b, 0, 1326, RECORD(5), true);
	buffer_add(&b, SPAN_LIT("no header at all, and more of it"));
	put(&b, 0, 1326, RECORD(6), false);
	expect(&b, 1, (Seen){ 2, 2, 1, { 5, 6 } });
	expect(&b, 100000, (Seen){ 2, 2, 1, { 5, 6 } });
}

static void test_a_frame_that_was_cut_is_not_given(void **state)
{
	_cleanup_buffer_ Buffer b = { 0 };

	(void)state;
	put(&b, 0, 1326, RECORD(5), false);
	b.n -= 1;
	expect(&b, 100000, (Seen){ 0 });
}

static void test_a_header_that_cannot_be_is_damage(void **state)
{
	static const uint32_t headers[][4] = {
		{ 2, 16, 1326, 10 },
		{ 0, 24, 1326, 10 },
		{ 0, 16, 70000, 10 },
		{ 0, 16, 1326, 0 },
		{ 0, 16, 1326, AUDISP_BODY_MAX + 1 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(headers); i++) {
		Span bytes = span_make((const char *)headers[i], sizeof(headers[i]));
		AudispFrame f;
		Audisp a = { 0 };

		assert_true(audisp_next(&a, &bytes, &f));
		assert_non_null(f.damage);
		assert_false(audisp_next(&a, &bytes, &f));
	}
}

static void test_the_first_byte_tells_the_format(void **state)
{
	const uint32_t versions[] = { 0, 1 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(versions); i++)
		assert_true(audisp_is_binary(span_make((const char *)&versions[i], 1)));
	assert_false(audisp_is_binary(SPAN_LIT("type=SECCOMP")));
	assert_false(audisp_is_binary(SPAN_LIT("node=x")));
	assert_false(audisp_is_binary(SPAN_LIT("")));
}

static void test_the_serials_of_auditd_are_its_own(void **state)
{
	Line line;

	(void)state;
	audisp_decode_line(SPAN_LIT("type=DAEMON_END msg=audit(1700000000.123:9139): op=terminate"),
			   NULL, &line);
	assert_int_equal(line.status, LINE_SKIP);
	assert_false(line.has_stamp);
	audisp_decode_line(SPAN_LIT("type=USER_LOGIN msg=audit(1700000000.123:9139): pid=1"), NULL,
			   &line);
	assert_int_equal(line.status, LINE_SKIP);
	assert_true(line.has_stamp);
	audisp_decode_line(SPAN_LIT("type=SECCOMP msg=" RECORD(8)), NULL, &line);
	assert_int_equal(line.status, LINE_RECORD);
	assert_int_equal(line.record.serial, 8);
}

static void test_the_node_is_taken_off(void **state)
{
	static const struct {
		const char *text, *node, *rest;
	} cases[] = {
		{ "node=a.b type=X", "a.b", "type=X" },
		{ "type=X node=a", "", "type=X node=a" },
		{ "node=a", "", "node=a" },
		{ "node= type=X", "", "type=X" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Span text = span_of(cases[i].text), node = audisp_take_node(&text);

		assert_true(span_is(node, cases[i].node));
		assert_true(span_is(text, cases[i].rest));
	}
}

UNIT_MAIN(cmocka_unit_test(test_both_versions_in_pieces_of_any_size),
	  cmocka_unit_test(test_what_is_damaged_is_told_once_and_passed_over),
	  cmocka_unit_test(test_a_frame_that_was_cut_is_not_given),
	  cmocka_unit_test(test_a_header_that_cannot_be_is_damage),
	  cmocka_unit_test(test_the_first_byte_tells_the_format),
	  cmocka_unit_test(test_the_serials_of_auditd_are_its_own),
	  cmocka_unit_test(test_the_node_is_taken_off))
