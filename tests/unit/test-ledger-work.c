/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/ledger-work: whoever lets somebody wait hears of it. */
#include "evidence/ledger-work.h"
#include "tests/unit/ledger-fixture.h"

#define WORKLOADS 400

typedef struct Heard {
	unsigned times;
	uint64_t bytes;
} Heard;

static void hear(uint64_t bytes, void *userdata)
{
	Heard *h = userdata;

	assert_true(bytes >= h->bytes);
	h->bytes = bytes;
	h->times++;
}

static int count_one(const LedgerWorkloadRow *row, void *userdata)
{
	unsigned *n = userdata;

	(void)row;
	++*n;
	return 0;
}

static void fill(const Folder *f)
{
	_cleanup_(ledger_freep) Ledger *l = must_write(f);

	assert_int_equal(ledger_begin(l), 0);
	for (unsigned i = 0; i < WORKLOADS; i++) {
		char name[32];

		snprintf(name, sizeof(name), "docker:%u", i);
		(void)put_workload(l, name);
	}
	assert_int_equal(ledger_commit(l), 0);
}

static void test_work_is_told_and_changes_nothing(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	unsigned n = 0, told;
	Heard heard = { 0 };

	(void)state;
	folder_make(&f);
	fill(&f);
	l = must_read(&f);
	ledger_on_work(l, hear, &heard);
	assert_int_equal(ledger_each_workload(l, count_one, &n), 0);
	assert_int_equal(n, WORKLOADS);
	assert_true(heard.times > 0);
	assert_true(heard.bytes > 0);
	told = heard.times;
	ledger_on_work(l, NULL, NULL);
	assert_int_equal(ledger_each_workload(l, count_one, &n), 0);
	assert_int_equal(n, 2 * WORKLOADS);
	assert_int_equal(heard.times, told);
}

UNIT_MAIN(cmocka_unit_test(test_work_is_told_and_changes_nothing))
