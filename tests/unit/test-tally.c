/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/tally: counts are exact, bounds hold, what is evicted was in the ledger. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "tests/unit/tally-fixture.h"

static Tally *must_open(int fd)
{
	Tally *t;

	assert_int_equal(tally_open(fd, 7, &t), 0);
	return t;
}

static void check_against_model(const Tally *t, const uint64_t *model, unsigned subjects,
				unsigned calls)
{
	uint64_t expected = 0;
	TallySubject subject;
	TallySlot s;

	for (uint32_t i = 0; i < tally_n_slots(t); i++) {
		assert_int_equal(tally_slot_copy(t, i, &s), 0);
		assert_int_equal(tally_subject_copy(t, s.subject, &subject), 0);
		assert_int_equal(subject.generation, s.subject_generation);
		assert_true(
			s.total ==
			model[strtoul(subject.key.name, NULL, 16) * calls + (unsigned)(s.nr + 1)]);
	}
	for (unsigned i = 0; i < subjects * calls; i++)
		expected += model[i];
	assert_true(sum_of_totals(t) == expected);
}

static void test_counts_equal_a_model_also_after_reopening(void **state)
{
	enum { SUBJECTS = 50, CALLS = 60, ROUNDS = 200000 };
	static uint64_t model[SUBJECTS * CALLS];
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	uint64_t seed = 42;
	char id[40];

	(void)state;
	snprintf(id, sizeof(id), "%s", tally_id(t));
	assert_int_equal(strlen(id), 32);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned who = random_next(&seed) % SUBJECTS, nr = random_next(&seed) % CALLS;
		TallyCall c = make_call(must_subject(t, who, 1000), (int64_t)nr - 1, 1000);
		bool is_new = model[who * CALLS + nr]++ == 0;
		uint32_t slot;

		assert_int_equal(tally_count(t, &c, &slot), is_new ? TALLY_NEW : 0);
		if (i % 50000 == 0) {
			tally_free(t);
			t = must_open(fd);
			assert_string_equal(tally_id(t), id);
		}
	}
	check_against_model(t, model, SUBJECTS, CALLS);
	assert_int_equal(tally_n_damaged(t), 0);
}

static void test_key_parts_make_slots_of_their_own(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	TallyCall base = make_call(must_subject(t, 1, 5), 3, 500), c;
	uint32_t slot, other;
	TallySlot s;

	(void)state;
	assert_int_equal(tally_count(t, &base, &slot), TALLY_NEW);
	c = base, c.arch = 0x4000003e;
	assert_int_equal(tally_count(t, &c, &other), TALLY_NEW);
	c = base, c.nr = INT64_MIN;
	assert_int_equal(tally_count(t, &c, &other), TALLY_NEW);
	c = base, c.action = ACTION_ERRNO;
	assert_int_equal(tally_count(t, &c, &other), TALLY_NEW);
	c = base, c.origin = ORIGIN_EXEC;
	assert_int_equal(tally_count(t, &c, &other), TALLY_NEW);
	c = base, c.own_filter = true;
	assert_int_equal(tally_count(t, &c, &other), TALLY_NEW);
	assert_int_equal(tally_slot_copy(t, other, &s), 0);
	assert_int_equal(s.own_filter, 1);
	c = base, c.means = MEANS_LINEAGE, c.time = 400, c.serial = 9;
	assert_int_equal(tally_count(t, &c, &other), 0);
	assert_int_equal(other, slot);
	c.time = 0;
	assert_int_equal(tally_count(t, &c, &other), 0);
	assert_int_equal(tally_slot_copy(t, slot, &s), 0);
	assert_int_equal(s.total, 3);
	assert_int_equal(s.first, 400);
	assert_int_equal(s.last, 500);
	assert_int_equal(s.means, MEANS_PROC);
	assert_int_equal(s.last_serial, 9);
	c.subject = 99;
	assert_int_equal(tally_count(t, &c, &other), -EINVAL);
	c = base, c.action = (Action)77;
	assert_int_equal(tally_count(t, &c, &other), -EINVAL);
}

static void test_second_daemon_is_refused_and_a_client_is_not_in_the_way(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_close_ int second = tally_reopen(fd, O_RDWR), client = tally_reopen(fd, O_RDONLY);
	_cleanup_(tally_freep) Tally *t = NULL, *view = NULL;
	bool running = true;

	(void)state;
	assert_int_equal(tally_view(client, &view, &running), -ENODATA);
	t = must_open(fd);
	assert_int_equal(tally_open(second, 1, &view), -EBUSY);
	assert_null(view);
	assert_int_equal(tally_view(client, &view, &running), 0);
	assert_true(running);
	assert_string_equal(tally_id(view), tally_id(t));
	t = tally_free(t);
	view = tally_free(view);
	assert_int_equal(tally_view(client, &view, &running), 0);
	assert_false(running);
	/* The view is still there while the next daemon starts. */
	t = must_open(second);
}

static void test_view_sees_live_counts_and_totals(void **state)
{
	_cleanup_close_ int fd = tally_memory(), client = tally_reopen(fd, O_RDONLY);
	_cleanup_(tally_freep) Tally *t = must_open(fd), *view = NULL;
	TallyCall c = make_call(must_subject(t, 1, 1), 1, 1);
	uint32_t slot;
	bool running;

	(void)state;
	assert_int_equal(tally_view(client, &view, &running), 0);
	for (uint64_t i = 1; i < 100; i++) {
		tally_add(&tally_totals(t)->records, 1);
		assert_true(tally_count(t, &c, &slot) >= 0);
		assert_true(sum_of_totals(view) == i);
		assert_true(tally_totals_view(view)->records == i);
	}
	memset(tally_totals(t)->source, 'x', sizeof(tally_totals(t)->source));
	assert_int_equal(strlen(tally_totals_view(view)->source), 63);
}

static void test_a_fault_is_seen_with_its_time_as_long_as_it_lasts(void **state)
{
	_cleanup_close_ int fd = tally_memory(), view_fd = tally_reopen(fd, O_RDONLY);
	_cleanup_(tally_freep) Tally *t = NULL, *view = NULL;
	const TallyFault *f;
	bool running;

	(void)state;
	assert_int_equal(tally_open(fd, 1, &t), 0);
	assert_int_equal(tally_view(view_fd, &view, &running), 0);
	f = &tally_totals_view(view)->faults[TALLY_FAULT_LEDGER];
	assert_true(f->since == 0);
	tally_set_fault(t, TALLY_FAULT_LEDGER, "the disk is full", 5);
	tally_set_fault(t, TALLY_FAULT_LEDGER, "it is gone", 6);
	f = &tally_totals_view(view)->faults[TALLY_FAULT_LEDGER];
	assert_true(f->since == 5);
	assert_string_equal(f->reason, "it is gone");
	tally_set_fault(t, TALLY_FAULT_LEDGER, NULL, 7);
	assert_true(tally_totals_view(view)->faults[TALLY_FAULT_LEDGER].since == 0);
	for (int i = 0; i < _TALLY_FAULT_MAX; i++)
		assert_non_null(tally_fault_name((TallyFaultKind)i));
}

static void test_a_subject_cannot_take_more_than_its_share(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	uint32_t who = must_subject(t, 1, 1), slot;
	TallySubject subject;
	TallyCall c;

	(void)state;
	for (int64_t nr = 0; nr < TALLY_SLOTS_PER_SUBJECT + 10; nr++) {
		c = make_call(who, nr, 1);
		assert_int_equal(tally_count(t, &c, &slot),
				 nr < TALLY_SLOTS_PER_SUBJECT ? TALLY_NEW : -ENOSPC);
	}
	c = make_call(who, 5, 1);
	assert_int_equal(tally_count(t, &c, &slot), 0);
	assert_int_equal(tally_subject_copy(t, who, &subject), 0);
	assert_int_equal(subject.overflow, 10);
	assert_int_equal(subject.n_slots, TALLY_SLOTS_PER_SUBJECT);
	assert_int_equal(tally_totals(t)->overflow, 10);
	c = make_call(must_subject(t, 2, 1), 5, 1);
	assert_int_equal(tally_count(t, &c, &slot), TALLY_NEW);
}

#define FULL (TALLY_SLOTS / TALLY_SLOTS_PER_SUBJECT)

/* Fills every slot: 64 subjects with 2048 calls each, the later the older: subject i at FULL - i.
 */
static void fill_slots(Tally *t)
{
	uint32_t slot;

	for (unsigned i = 0; i < FULL; i++) {
		uint32_t who = must_subject(t, i, FULL - i);

		for (int64_t nr = 0; nr < TALLY_SLOTS_PER_SUBJECT; nr++) {
			TallyCall c = make_call(who, nr, FULL - i);

			assert_int_equal(tally_count(t, &c, &slot), TALLY_NEW);
		}
	}
}

static void test_full_table_evicts_only_what_is_folded_oldest_first(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	uint32_t who, slot, folded = 0;
	TallyCall c;
	TallySlot s;

	(void)state;
	fill_slots(t);
	who = must_subject(t, 1000, 1000);
	c = make_call(who, 1, 1000);
	assert_int_equal(tally_count(t, &c, &slot), -ENOSPC);
	assert_int_equal(tally_totals(t)->overflow, 1);
	/* Everything but the last subject (the oldest of all) is in the ledger. */
	for (uint32_t i = 0; i < tally_n_slots(t); i++) {
		assert_int_equal(tally_slot_copy(t, i, &s), 0);
		if (s.first == 1)
			continue;
		tally_mark_folded(t, i, s.generation, s.total);
		folded++;
	}
	assert_int_equal(folded, TALLY_SLOTS - TALLY_SLOTS_PER_SUBJECT);
	assert_int_equal(tally_count(t, &c, &slot), TALLY_NEW);
	assert_int_equal(tally_totals(t)->evicted, TALLY_SLOTS / 16);
	assert_int_equal(tally_slot_copy(t, slot, &s), 0);
	assert_int_equal(s.generation, 4);
	for (uint32_t i = 0; i < TALLY_SLOTS; i++)
		if (tally_slot_copy(t, i, &s) == 0 && i != slot)
			assert_true(s.first == 1 || s.first > 1 + 4);
	assert_true(sum_of_totals(t) == TALLY_SLOTS - TALLY_SLOTS / 16 + 1);
	/* All that is left is still found, also after the index was built anew by an open. */
	tally_free(t);
	t = must_open(fd);
	assert_int_equal(tally_n_damaged(t), 0);
	c = make_call(must_subject(t, FULL - 1, 1), 77, 1);
	assert_int_equal(tally_count(t, &c, &slot), 0);
}

static void test_full_subjects_evict_idle_ones_but_never_the_unattributed(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	SubjectKey key = { .kind = SUBJECT_UNATTRIBUTED, .cause = CAUSE_GONE }, late;
	uint32_t gone, slot, i, r;
	TallySubject s;
	TallyCall c;

	(void)state;
	assert_int_equal(tally_subject(t, &key, SPAN_NULL, 1, &gone), 0);
	for (i = 0; i < TALLY_SUBJECTS - _CAUSE_MAX - 1; i++) {
		c = make_call(must_subject(t, i, i + 2), 1, i + 2);
		assert_int_equal(tally_count(t, &c, &slot), TALLY_NEW);
	}
	late = container_key(999999);
	assert_int_equal(tally_subject(t, &late, SPAN_NULL, 1, &r), -ENOSPC);
	/* The reserve is for what cannot be attributed. */
	for (key.cause = CAUSE_NONE; key.cause < _CAUSE_MAX; key.cause++)
		assert_int_equal(tally_subject(t, &key, SPAN_NULL, 1, &r), 0);
	fold_all(t);
	assert_int_equal(tally_subject(t, &late, SPAN_NULL, 9999, &r), 0);
	assert_int_equal(tally_totals(t)->evicted, 2 * (TALLY_SUBJECTS / 16));
	assert_int_equal(tally_subject_copy(t, gone, &s), 0);
	assert_int_equal(s.key.kind, SUBJECT_UNATTRIBUTED);
	key = container_key(TALLY_SUBJECTS - _CAUSE_MAX - 2);
	slot = tally_n_subjects(t);
	assert_int_equal(tally_subject(t, &key, SPAN_NULL, 9999, &r), 0);
	assert_int_equal(tally_n_subjects(t), slot); /* found, not made */
	/* The oldest one is gone and comes back as a new one. */
	c = make_call(must_subject(t, 0, 9999), 1, 9999);
	assert_int_equal(tally_count(t, &c, &slot), TALLY_NEW);
}

static void test_host_subjects_have_a_bound_of_their_own(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	uint32_t who, slot, n = 0;
	SubjectKey key;

	(void)state;
	for (unsigned i = 0; i < TALLY_HOST_SUBJECTS_MAX + 50; i++) {
		key = (SubjectKey){ .kind = SUBJECT_HOST };
		snprintf(key.name, sizeof(key.name), "/usr/bin/%u", i);
		if (tally_subject(t, &key, SPAN_NULL, 1, &who) == 0) {
			TallyCall c = make_call(who, 1, 1);

			assert_int_equal(tally_count(t, &c, &slot), TALLY_NEW);
			n++;
		}
	}
	assert_int_equal(n, TALLY_HOST_SUBJECTS_MAX);
	(void)must_subject(t, 1, 1);
}

/* Its hash is short, and whoever may make cgroups can look for a name that has it. */
static void test_open_subjects_are_told_apart_by_their_cgroups_as_well(void **state)
{
	const SubjectKey key = { .kind = SUBJECT_HOST, .runtime = "^0123", .name = "/bin/x" };
	static const struct {
		const char *cgroup;
		uint32_t same_as;
	} cases[] = {
		{ "/box", 0 },
		{ "/other", 1 },
		{ "/box (deleted)", 0 },
		{ "/other", 1 },
	};
	_cleanup_close_ int fd = tally_memory();
	char path[TALLY_CGROUP_MAX + 16];
	uint32_t got[ELEMENTSOF(cases)], long_one, again;
	Tally *t = NULL;

	(void)state;
	assert_int_equal(tally_open(fd, 1, &t), 0);
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		assert_int_equal(tally_subject(t, &key, span_of(cases[i].cgroup), 1, &got[i]), 0);
		assert_int_equal(got[i], got[cases[i].same_as]);
	}
	assert_int_not_equal(got[0], got[1]);
	memset(path, 'x', sizeof(path));
	for (size_t n = TALLY_CGROUP_MAX - 12; n <= sizeof(path); n++) {
		Span cgroup = span_make(path, n);

		assert_int_equal(tally_subject(t, &key, cgroup, 1, &long_one), 0);
		assert_int_equal(tally_subject(t, &key, cgroup, 1, &again), 0);
		assert_int_equal(long_one, again);
		assert_int_not_equal(long_one, got[0]);
	}
	/* They are found again by the next daemon. */
	tally_free(t);
	assert_int_equal(tally_open(fd, 1, &t), 0);
	assert_int_equal(tally_subject(t, &key, SPAN_LIT("/other"), 1, &again), 0);
	assert_int_equal(again, got[1]);
	tally_free(t);
}

static void test_marking_is_bound_to_the_generation_and_to_what_was_counted(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	TallyCall c = make_call(must_subject(t, 1, 1), 1, 1);
	uint32_t slot;
	TallySlot s;

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_true(tally_count(t, &c, &slot) >= 0);
	tally_mark_folded(t, slot, 4, 5);
	tally_mark_folded(t, slot, 2, 6);
	tally_mark_folded(t, slot + 1, 2, 5);
	assert_int_equal(tally_slot_copy(t, slot, &s), 0);
	assert_int_equal(s.folded, 0);
	tally_mark_folded(t, slot, 2, 4);
	tally_mark_folded(t, slot, 2, 3);
	assert_int_equal(tally_slot_copy(t, slot, &s), 0);
	assert_int_equal(s.folded, 4);
}

/* ---- two threads ---- */

typedef struct Folder {
	Tally *t;
	atomic_bool stop;
	uint64_t folded; /* sum over all generations: what a ledger would hold */
} Folder;

static void fold_round(Folder *f, uint32_t *generations, uint64_t *totals)
{
	TallySlot s;

	for (uint32_t i = 0; i < tally_n_slots(f->t); i++) {
		if (tally_slot_copy(f->t, i, &s) < 0)
			continue;
		assert_true(s.folded <= s.total && s.first <= s.last);
		if (generations[i] != s.generation) {
			generations[i] = s.generation;
			totals[i] = 0;
		}
		assert_true(s.total >= totals[i]);
		f->folded += s.total - totals[i];
		totals[i] = s.total;
		tally_mark_folded(f->t, i, s.generation, s.total);
	}
}

static void *fold_thread(void *userdata)
{
	uint64_t *totals = calloc(TALLY_SLOTS, sizeof(*totals));
	uint32_t *generations = calloc(TALLY_SLOTS, sizeof(*generations));
	Folder *f = userdata;
	bool last;

	do {
		last = atomic_load(&f->stop);
		fold_round(f, generations, totals);
	} while (!last);
	free(totals);
	free(generations);
	return NULL;
}

/* More keys than slots, and they come back: slots are reused under the folding thread's hands. */
static void test_folding_beside_counting_loses_and_doubles_nothing(void **state)
{
	enum { ROUNDS = 600000, WHO = 100 };
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	Folder f = { .t = t };
	uint64_t seed = 3, counted = 0, i;
	double deadline = seconds_now() + 30;
	pthread_t thread;
	uint32_t slot;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, fold_thread, &f), 0);
	for (i = 0; i < ROUNDS || (tally_totals(t)->evicted == 0 && seconds_now() < deadline);
	     i++) {
		unsigned who = (unsigned)(i / 3000 % WHO);
		TallyCall c = make_call(must_subject(t, who, i + 1),
					(int64_t)(random_next(&seed) % 1500), i + 1);

		counted += tally_count(t, &c, &slot) >= 0;
	}
	atomic_store(&f.stop, true);
	pthread_join(thread, NULL);
	assert_true(f.folded == counted);
	assert_true(counted + tally_totals(t)->overflow == i);
	assert_true(tally_totals(t)->evicted > 0);
}

static void test_idle_tally_is_small_and_a_full_one_within_bounds(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	struct stat st;

	(void)state;
	(void)must_subject(t, 1, 1);
	assert_int_equal(fstat(fd, &st), 0);
	assert_true(st.st_blocks * 512 <= 256 << 10);
	fill_slots(t);
	assert_int_equal(fstat(fd, &st), 0);
	assert_true(st.st_blocks * 512 <= 12 << 20);
}

static void print_cost_of_a_hit(void **state)
{
	enum { ROUNDS = 2000000, CALLS = 64 };
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = must_open(fd);
	uint32_t who[128], slot;
	double start, same, spread;
	TallyCall c;

	(void)state;
	for (unsigned i = 0; i < ELEMENTSOF(who); i++)
		who[i] = must_subject(t, i, 1);
	c = make_call(who[0], 1, 1);
	start = seconds_now();
	for (int i = 0; i < ROUNDS; i++)
		(void)tally_count(t, &c, &slot);
	same = seconds_now() - start;
	start = seconds_now();
	for (unsigned i = 0; i < ROUNDS; i++) {
		c = make_call(who[i % ELEMENTSOF(who)], i * 7 % CALLS, i);
		(void)tally_count(t, &c, &slot);
	}
	spread = seconds_now() - start;
	print_message("# tally_count: %.1f ns for the same call again, %.1f ns over %d slots\n",
		      same / ROUNDS * 1e9, spread / ROUNDS * 1e9, CALLS * 128);
}

UNIT_MAIN(cmocka_unit_test(test_counts_equal_a_model_also_after_reopening),
	  cmocka_unit_test(test_key_parts_make_slots_of_their_own),
	  cmocka_unit_test(test_second_daemon_is_refused_and_a_client_is_not_in_the_way),
	  cmocka_unit_test(test_view_sees_live_counts_and_totals),
	  cmocka_unit_test(test_a_fault_is_seen_with_its_time_as_long_as_it_lasts),
	  cmocka_unit_test(test_a_subject_cannot_take_more_than_its_share),
	  cmocka_unit_test(test_full_table_evicts_only_what_is_folded_oldest_first),
	  cmocka_unit_test(test_full_subjects_evict_idle_ones_but_never_the_unattributed),
	  cmocka_unit_test(test_host_subjects_have_a_bound_of_their_own),
	  cmocka_unit_test(test_open_subjects_are_told_apart_by_their_cgroups_as_well),
	  cmocka_unit_test(test_marking_is_bound_to_the_generation_and_to_what_was_counted),
	  cmocka_unit_test(test_folding_beside_counting_loses_and_doubles_nothing),
	  cmocka_unit_test(test_idle_tally_is_small_and_a_full_one_within_bounds),
	  cmocka_unit_test(print_cost_of_a_hit))
