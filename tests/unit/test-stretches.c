/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/stretches.c, against what an array of moments says. */
#include <stdlib.h>

#include "evidence/stretches.h"
#include "tests/unit/unit.h"

#define HOSTS 3
#define MOMENTS 40
#define MOST 12

typedef bool Moments[HOSTS][MOMENTS];

static void put_some(Stretches *s, Moments m)
{
	size_t n = (size_t)random() % MOST;

	assert_int_equal(stretches_new(MOST, s), 0);
	memset(m, 0, sizeof(Moments));
	for (size_t i = 0; i < n; i++) {
		int64_t host = random() % HOSTS;
		usec_t from = (usec_t)random() % MOMENTS, to = (usec_t)random() % MOMENTS;

		stretches_add(s, host, from, to);
		for (usec_t t = from; t < to; t++)
			m[host][t] = true;
	}
}

/* The same moments, and in order: each begins behind the end of the one before, or on a later host.
 */
static void expect(const Stretches *s, Moments m)
{
	Moments got = { 0 };

	for (size_t i = 0; i < s->n; i++) {
		const Stretch *x = &s->rows[i];

		assert_true(x->from < x->to);
		if (i > 0 && x->host == x[-1].host)
			assert_true(x[-1].to < x->from);
		else
			assert_true(i == 0 || x[-1].host < x->host);
		for (usec_t t = x->from; t < x->to; t++)
			got[x->host][t] = true;
	}
	assert_memory_equal(got, m, sizeof(got));
}

static void test_together_they_cover_what_each_covers(void **state)
{
	(void)state;
	srandom(7);
	for (int i = 0; i < 2000; i++) {
		_cleanup_stretches_ Stretches s = { 0 };
		usec_t length, wanted = 0;
		Moments m;

		put_some(&s, m);
		for (usec_t t = 0; t < MOMENTS; t++)
			wanted += m[0][t] || m[1][t] || m[2][t];
		assert_int_equal(stretches_length(&s, &length), 0);
		assert_int_equal(length, wanted);
		stretches_join(&s);
		expect(&s, m);
	}
}

static void test_what_is_shared_lies_in_both(void **state)
{
	(void)state;
	srandom(8);
	for (int i = 0; i < 2000; i++) {
		_cleanup_stretches_ Stretches a = { 0 }, b = { 0 }, both = { 0 };
		Moments x, y;

		put_some(&a, x);
		put_some(&b, y);
		stretches_join(&a);
		stretches_join(&b);
		assert_int_equal(stretches_cross(&a, &b, &both), 0);
		for (size_t k = 0; k < sizeof(x); k++)
			((bool *)x)[k] = ((bool *)x)[k] && ((bool *)y)[k];
		expect(&both, x);
	}
}

UNIT_MAIN(cmocka_unit_test(test_together_they_cover_what_each_covers),
	  cmocka_unit_test(test_what_is_shared_lies_in_both))
