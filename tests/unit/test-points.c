/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/points.c: both sides of each comparison on the way of one number, and no others. */
#include "profile/points.h"
#include "tests/unit/unit.h"

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define EQ(k, jt, jf) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, jt, jf)
#define ARG0 2 /* the word of the first argument's lower half */

static const struct sock_filter insns[] = {
	LOAD(0),
	EQ(7, 0, 4), /* number 7: word of argument 0 */
	LOAD(16),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x30),
	EQ(0x10, 3, 4),
	BPF_STMT(BPF_RET | BPF_K, 0),
	LOAD(24), /* other numbers: word of argument 1 */
	EQ(1000, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 1),
	BPF_STMT(BPF_RET | BPF_K, 2),
};

static bool has(const PointSet *set, unsigned word, uint32_t value)
{
	for (unsigned i = 0; i < set->n[word]; i++)
		if (set->values[word][i] == value)
			return true;
	return false;
}

static void collect(uint32_t nr, PointSet *set)
{
	_cleanup_bpf_ Bpf b = { 0 };

	assert_int_equal(bpf_load(span_make((const char *)insns, sizeof(insns)), &b), 0);
	assert_int_equal(points_collect(&b, 0, nr, set), 0);
}

static void test_masked_and_plain_boundaries(void **state)
{
	PointSet set = { 0 }, other = { 0 };

	(void)state;
	collect(7, &set);
	assert_true(has(&set, ARG0, 0x10) && has(&set, ARG0, 0x00) && has(&set, ARG0, 0x30));
	assert_true(has(&set, ARG0, UINT32_MAX) && has(&set, ARG0, 0x10 | ~0x30U));
	assert_int_equal(set.n[4], 0);
	collect(8, &other);
	assert_int_equal(other.n[ARG0], 0);
	assert_true(has(&other, 4, 999) && has(&other, 4, 1000) && has(&other, 4, 1001));
}

static void test_every_combination_is_visited_once(void **state)
{
	PointSet set = { .values = { [2] = { 1, 2, 3 }, [5] = { 4, 5 } },
			 .n = { [2] = 3, [5] = 2 } };
	struct seccomp_data data = { 0 };
	unsigned seen = 0;

	(void)state;
	assert_int_equal(points_count(&set, 100), 6);
	assert_int_equal(points_count(&set, 5), 6);
	assert_int_equal(points_count(&set, 4), 5);
	for (uint64_t i = 0; i < 6; i++) {
		points_get(&set, i, &data);
		seen |= 1U << ((uint32_t)data.args[0] * 2 + (uint32_t)(data.args[1] >> 32) - 4 - 2);
	}
	assert_int_equal(seen, 0x3f);
}

static void test_samples_are_the_same_each_time(void **state)
{
	PointSet set = { .values = { [2] = { 1, 2, 3, 4, 5 } }, .n = { [2] = 5 } };
	struct seccomp_data a = { 0 }, b = { 0 };
	unsigned seen = 0;

	(void)state;
	for (uint64_t i = 0; i < 100; i++) {
		points_sample(&set, i, &a);
		points_sample(&set, i, &b);
		assert_memory_equal(&a, &b, sizeof(a));
		seen |= 1U << a.args[0];
	}
	assert_int_equal(seen, 0x3e);
}

UNIT_MAIN(cmocka_unit_test(test_masked_and_plain_boundaries),
	  cmocka_unit_test(test_every_combination_is_visited_once),
	  cmocka_unit_test(test_samples_are_the_same_each_time))
