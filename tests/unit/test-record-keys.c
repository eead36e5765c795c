/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/record-keys: a set of keys is the same bytes in whichever order they came, and comes
 * back; bytes that are no set are refused. */
#include <errno.h>
#include <string.h>

#include "evidence/record-keys.h"
#include "tests/unit/unit.h"

#define STRETCH 415039062U /* in 2023 */
#define START ((uint64_t)STRETCH * RECORD_KEYS_STRETCH)

static uint64_t random_state = 88172645463325252ULL;

static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 20) % n;
}

static int by_key(const void *a, const void *b)
{
	return record_key_compare(a, b);
}

static RecordKey random_key(void)
{
	static const uint32_t serials[] = { 0, 1, 5, 1000, 1001, 0xfffffffe, UINT32_MAX };
	static const int32_t pids[] = { INT32_MIN, RECORD_KEY_REJECTED, 0, 1, 4711, INT32_MAX };

	return (RecordKey){ START + random_below(RECORD_KEYS_STRETCH),
			    serials[random_below(ELEMENTSOF(serials))] + random_below(3),
			    pids[random_below(ELEMENTSOF(pids))] };
}

static void must_join(RecordKeys *set, RecordKey *keys, size_t n)
{
	bool is_new[256];

	assert_true(n <= ELEMENTSOF(is_new));
	qsort(keys, n, sizeof(*keys), by_key);
	assert_int_equal(record_keys_join(set, keys, n, is_new), 0);
}

static void must_write(const RecordKeys *set, Buffer *b)
{
	record_keys_write(set, STRETCH, b);
	assert_int_equal(buffer_error(b), 0);
}

static void test_any_order_makes_the_same_bytes(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		_cleanup_record_keys_ RecordKeys a = { 0 }, b = { 0 }, back = { 0 };
		_cleanup_buffer_ Buffer x = BUFFER_NULL, y = BUFFER_NULL;
		RecordKey keys[256];
		size_t n = 1 + random_below(200), cut = random_below((uint32_t)n);

		for (size_t i = 0; i < n; i++)
			keys[i] = random_key();
		must_join(&a, keys, n);
		for (size_t i = n - 1; i > 0; i--) {
			size_t k = random_below((uint32_t)i + 1);
			RecordKey swap = keys[i];

			keys[i] = keys[k];
			keys[k] = swap;
		}
		must_join(&b, keys, cut);
		must_join(&b, keys + cut, n - cut);
		must_join(&b, keys, n);
		must_write(&a, &x);
		must_write(&b, &y);
		assert_true(span_eq(buffer_span(&x), buffer_span(&y)));
		assert_int_equal(record_keys_read(buffer_span(&x), STRETCH, &back), 0);
		assert_int_equal(back.n, a.n);
		for (size_t i = 0; i < a.n; i++)
			assert_int_equal(record_key_compare(&a.rows[i], &back.rows[i]), 0);
	}
}

static void test_each_key_is_new_once(void **state)
{
	_cleanup_record_keys_ RecordKeys set = { 0 };
	const RecordKey a = { START, 7, 1 }, b = { START, 7, 2 }, c = { START + 1, 7, 1 };
	const RecordKey first[] = { a, a, c }, second[] = { a, b, b, c };
	bool is_new[4];

	(void)state;
	assert_int_equal(record_keys_join(&set, first, 3, is_new), 0);
	assert_true(is_new[0] && !is_new[1] && is_new[2]);
	assert_int_equal(record_keys_join(&set, second, 4, is_new), 0);
	assert_true(!is_new[0] && is_new[1] && !is_new[2] && !is_new[3]);
	assert_int_equal(set.n, 3);
}

static void test_a_loop_takes_a_byte_for_each_record(void **state)
{
	_cleanup_record_keys_ RecordKeys set = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	for (uint32_t i = 0; i < 4000; i++) {
		const RecordKey k = { START + i, 100 + i, 4711 };

		assert_int_equal(record_keys_append(&set, &k), 0);
	}
	must_write(&set, &b);
	assert_in_range(b.n, 4000, 4010);
}

static void test_what_is_no_set_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = {
		{ "\xc0", 1 },                                 /* no pid */
		{ "\x00", 1 },                                 /* no time */
		{ "\x00\x00\x05", 3 },                         /* no pid */
		{ "\x20\x00\x05\x00", 4 },                     /* behind the stretch */
		{ "\x00\x00\x05\x00\x00\x00\x00\x00", 8 },     /* one twice */
		{ "\x00\x00\xff\xff\xff\xff\x7f\x00", 8 },     /* a serial beyond 32 bits */
		{ "\x00\x00\x05\xff\xff\xff\xff\x7f", 8 },     /* a pid beyond */
		{ "\x00\x00\x80\x80\x80\x80\x80\x00\x00", 9 }, /* a distance without an end */
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(bad); i++) {
		_cleanup_record_keys_ RecordKeys set = { 0 };

		if (record_keys_read(span_make(bad[i].bytes, bad[i].n), STRETCH, &set) != -EBADMSG)
			fail_msg("number %zu was taken", i);
	}
}

static void test_a_stretch_has_a_bound(void **state)
{
	_cleanup_record_keys_ RecordKeys set = { 0 };
	bool *is_new = calloc(2, 1);

	(void)state;
	for (uint32_t i = 0; i < RECORD_KEYS_MAX; i++) {
		const RecordKey k = { START, i, 1 };

		assert_int_equal(record_keys_append(&set, &k), 0);
	}
	assert_int_equal(record_keys_join(&set, &set.rows[5], 1, is_new), 0);
	assert_int_equal(record_keys_join(&set, &(RecordKey){ START + 1, 0, 1 }, 1, is_new),
			 -E2BIG);
	assert_int_equal(set.n, RECORD_KEYS_MAX);
	free(is_new);
}

UNIT_MAIN(cmocka_unit_test(test_any_order_makes_the_same_bytes),
	  cmocka_unit_test(test_each_key_is_new_once),
	  cmocka_unit_test(test_a_loop_takes_a_byte_for_each_record),
	  cmocka_unit_test(test_what_is_no_set_is_refused),
	  cmocka_unit_test(test_a_stretch_has_a_bound))
