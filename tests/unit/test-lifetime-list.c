/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* evidence/lifetime-list: what is written is read as it was, and nothing else is. */
#include <errno.h>

#include "evidence/lifetime-list.h"
#include "tests/unit/unit.h"

#define T0 (1700000000 * USEC_PER_SEC)

static const LedgerLifetime some[] = {
	{ .id = 1, .name = "0123456789ab", .from = T0 + 1, .start_seen = true },
	{ .id = 2, .name = "a name", .from = T0, .to = T0, .exit = LIFETIME_EXIT_UNKNOWN },
	{ .id = (INT64_C(1) << 40) - 1,
	  .name = "web.service",
	  .from = T0,
	  .start_seen = true,
	  .to = T0 + 123456,
	  .stop_seen = true,
	  .exit = LIFETIME_EXIT_GRACEFUL,
	  .joins = 7,
	  .joined = T0 + 99 },
	{ .id = 4,
	  .name = "x",
	  .from = 1,
	  .to = 2,
	  .stop_seen = true,
	  .exit = LIFETIME_EXIT_KILLED },
	{ .id = 5,
	  .name = "x",
	  .from = 1,
	  .to = 2,
	  .stop_seen = true,
	  .exit = LIFETIME_EXIT_FAILED },
};

static void must_equal(const ListedLifetime *got, const LedgerLifetime *f)
{
	assert_int_equal(got->row, f->id);
	assert_string_equal(got->name, f->name);
	assert_true(got->from == f->from && got->to == f->to && got->joined == f->joined);
	assert_true(got->start_seen == f->start_seen && got->stop_seen == f->stop_seen);
	assert_true(got->exit == f->exit && got->joins == f->joins);
}

static void test_lifetimes_come_back(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	ListedLifetime got;
	Span rest;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(some); i++)
		lifetime_list_add(&b, &some[i]);
	assert_int_equal(buffer_error(&b), 0);
	rest = buffer_span(&b);
	assert_true(lifetime_list_is_sane(rest));
	for (size_t i = 0; i < ELEMENTSOF(some); i++) {
		assert_int_equal(lifetime_list_next(&rest, &got), 1);
		must_equal(&got, &some[i]);
	}
	assert_int_equal(lifetime_list_next(&rest, &got), 0);
}

/* A name cannot begin a line of its own. */
static void test_a_name_stays_in_its_line(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	LedgerLifetime f = some[0];
	ListedLifetime got;
	Span rest;

	(void)state;
	f.name = "a\n9 2023-11-14T22:13:20.000000Z seen - - - 0 - evil";
	lifetime_list_add(&b, &f);
	rest = buffer_span(&b);
	assert_int_equal(lifetime_list_next(&rest, &got), 1);
	assert_int_equal(got.row, 1);
	assert_string_equal(got.name, "a?9 2023-11-14T22:13:20.000000Z seen - - - 0 - evil");
	assert_int_equal(lifetime_list_next(&rest, &got), 0);
}

#define FROM "2023-11-14T22:13:20.000000Z"
#define LATER "2023-11-14T22:14:20.000000Z"

static void test_another_form_is_refused(void **state)
{
	static const char *const lists[] = {
		"",
		"1",
		"0 " FROM " seen - - - 0 - x",
		"-1 " FROM " seen - - - 0 - x",
		"1099511627776 " FROM " seen - - - 0 - x",
		"1 - seen - - - 0 - x",
		"1 now seen - - - 0 - x",
		"1 " FROM " maybe - - - 0 - x",
		"1 " FROM " seen - seen - 0 - x",
		"1 " FROM " seen - - graceful 0 - x",
		"1 " LATER " seen " FROM " seen graceful 0 - x",
		"1 " FROM " seen " LATER " - graceful 0 - x",
		"1 " FROM " seen " LATER " seen - 0 - x",
		"1 " FROM " seen " LATER " seen gracefully 0 - x",
		"1 " FROM " seen - - - -1 - x",
		"1 " FROM " seen - - - 1152921504606846977 - x",
		"1 " FROM " seen - - - 0 " FROM " x",
		"1 " FROM " seen - - - 0 - ",
		"1 " FROM " seen - - - 0 -",
		"1  " FROM " seen - - - 0 - x",
		"1 " FROM " seen - - - 0 - x\n\n2 " FROM " seen - - - 0 - x",
	};
	ListedLifetime f;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(lists); i++)
		if (lifetime_list_is_sane(span_of(lists[i])))
			fail_msg("taken: %s", lists[i]);
	Span rest = span_of("1 " FROM " seen - - - 0 - x");
	assert_int_equal(lifetime_list_next(&rest, &f), 1);
}

static void test_a_list_has_an_end(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char name[SUBJECT_KEY_MAX + 1];
	LedgerLifetime f = some[0];

	(void)state;
	for (unsigned i = 0; i < LIFETIME_LIST_MAX; i++)
		lifetime_list_add(&b, &some[0]);
	assert_true(lifetime_list_is_sane(buffer_span(&b)));
	lifetime_list_add(&b, &some[0]);
	assert_false(lifetime_list_is_sane(buffer_span(&b)));
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	f.name = name;
	b.n = 0;
	lifetime_list_add(&b, &f);
	assert_false(lifetime_list_is_sane(buffer_span(&b)));
}

static void test_makings_come_back(void **state)
{
	static const LedgerMaking makings[] = { { 3, T0 }, { 12, 0 }, { 13, T0 + 5 } };
	static const char *const wrong[] = {
		"", "3", "3=", "0=-", "3=x", "=-", "3=- ,", "3=-  4=-"
	};
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	LedgerMaking got;
	Span rest;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(makings); i++)
		making_list_add(&b, &makings[i]);
	rest = buffer_span(&b);
	for (size_t i = 0; i < ELEMENTSOF(makings); i++) {
		assert_int_equal(making_list_next(&rest, &got), 1);
		assert_memory_equal(&got, &makings[i], sizeof(got));
	}
	assert_int_equal(making_list_next(&rest, &got), 0);
	for (size_t i = 0; i < ELEMENTSOF(wrong); i++)
		if (making_list_is_sane(span_of(wrong[i])))
			fail_msg("taken: %s", wrong[i]);
	for (size_t i = ELEMENTSOF(makings); i <= LEDGER_MAKINGS_MAX; i++) {
		assert_true(making_list_is_sane(buffer_span(&b)));
		making_list_add(&b, &makings[0]);
	}
	assert_false(making_list_is_sane(buffer_span(&b)));
}

UNIT_MAIN(cmocka_unit_test(test_lifetimes_come_back),
	  cmocka_unit_test(test_a_name_stays_in_its_line),
	  cmocka_unit_test(test_another_form_is_refused), cmocka_unit_test(test_a_list_has_an_end),
	  cmocka_unit_test(test_makings_come_back))
