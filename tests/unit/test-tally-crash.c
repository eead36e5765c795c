/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/tally: a kill at any moment, and a file that somebody damaged. */
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/tally-fixture.h"

/* What the child says, before it does it. */
typedef struct Told {
	uint64_t counting; /* calls that it began to count */
	uint64_t counted;  /* calls that it counted to the end */
} Told;

static Told *share_memory(void)
{
	Told *p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(p != MAP_FAILED);
	return p;
}

/* Counts for ever: many new slots, so that the kill often falls into the making of one, but no more
 * than there is room for: the sum is of what is there, and nothing may be evicted. */
static void count_for_ever(int fd, Told *told, uint64_t seed)
{
	Tally *t;

	if (tally_open(fd, seed, &t) < 0)
		_exit(1);
	for (usec_t now = 1;; now++) {
		SubjectKey key = container_key((unsigned)(random_next(&seed) % 150));
		TallyCall c;
		uint32_t slot, who;

		if (tally_subject(t, &key, SPAN_LIT("/x"), now, &who) < 0)
			_exit(2);
		c = make_call(who, (int64_t)(random_next(&seed) % 600), now);
		__atomic_fetch_add(&told->counting, 1, __ATOMIC_SEQ_CST);
		if (tally_count(t, &c, &slot) >= 0)
			__atomic_fetch_add(&told->counted, 1, __ATOMIC_SEQ_CST);
		if (now % 64 == 0)
			tally_mark_folded(t, slot, 2, 1);
	}
}

static void test_a_kill_loses_at_most_one_record_and_invents_none(void **state)
{
	_cleanup_close_ int fd = tally_memory();
	Told *told = share_memory();
	uint64_t seed = 99;
	char id[40] = "";

	(void)state;
	for (int kills = 0; kills < 100 / (int)UNIT_SHARE; kills++) {
		_cleanup_close_ int own = -1;
		_cleanup_(tally_freep) Tally *t = NULL;
		pid_t pid = fork();

		if (pid == 0)
			count_for_ever(tally_reopen(fd, O_RDWR), told, seed + 1);
		kill_after(pid, &told->counted, kills % 5 ? random_next(&seed) % 2000 : 0,
			   random_next(&seed) % 2000);
		own = tally_reopen(fd, O_RDWR);
		assert_int_equal(tally_open(own, seed, &t), 0);
		assert_int_equal(tally_n_damaged(t), 0);
		assert_int_equal(tally_totals(t)->evicted, 0);
		assert_true(sum_of_totals(t) <= told->counting);
		assert_true(sum_of_totals(t) >= told->counted);
		assert_true(id[0] == 0 || strcmp(id, tally_id(t)) == 0);
		snprintf(id, sizeof(id), "%s", tally_id(t));
		/* What was lost is lost once: begin anew from what is there. */
		told->counting = told->counted = sum_of_totals(t);
	}
	assert_true(told->counted > 10000 / UNIT_SHARE);
	munmap(told, sizeof(*told));
}

static void test_a_maker_that_died_early_leaves_an_empty_tally(void **state)
{
	_cleanup_close_ int fd = tally_memory(), other = tally_memory();
	_cleanup_(tally_freep) Tally *t = NULL, *u = NULL;
	struct stat st;

	(void)state;
	assert_int_equal(tally_open(other, 1, &u), 0);
	assert_int_equal(fstat(other, &st), 0);
	assert_int_equal(ftruncate(fd, st.st_size), 0);
	/* All of the header but the magic, which is stored last. */
	assert_int_equal(pwrite(fd, "\1\0\0\0", 4, 8), 4);
	assert_int_equal(tally_open(fd, 1, &t), 0);
	assert_int_equal(tally_n_slots(t), 0);
	assert_int_equal(strlen(tally_id(t)), 32);
}

static int open_with(const void *bytes, size_t n, off_t at, off_t size)
{
	_cleanup_close_ int fd = tally_memory();
	_cleanup_(tally_freep) Tally *t = NULL;
	int r;

	assert_int_equal(tally_open(fd, 1, &t), 0);
	t = tally_free(t);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
	if (size >= 0)
		assert_int_equal(ftruncate(fd, size), 0);
	r = tally_open(fd, 1, &t);
	assert_true(r == 0 || t == NULL);
	return r;
}

static void test_what_is_no_tally_of_ours_is_refused(void **state)
{
	_cleanup_close_ int dir = open("/", O_RDONLY | O_CLOEXEC);
	uint32_t other = 999, huge = UINT32_MAX;
	bool running;
	Tally *t;

	(void)state;
	assert_int_equal(open_with("", 0, 0, -1), 0);
	assert_int_equal(open_with("SQLite f", 8, 0, -1), -EBADMSG);
	assert_int_equal(open_with(&other, 4, 8, -1), -EPROTONOSUPPORT);
	assert_int_equal(open_with(&other, 4, 8, 12288), -EPROTONOSUPPORT);
	assert_int_equal(open_with("", 0, 0, 100), -EBADMSG);
	assert_int_equal(open_with("", 0, 0, 12288), -EBADMSG);
	assert_int_equal(open_with(&huge, 4, 12, -1), -EBADMSG);
	assert_int_equal(open_with(&huge, 4, 28, -1), -EBADMSG);  /* n_subjects */
	assert_int_equal(open_with(&huge, 4, 32, -1), -EBADMSG);  /* n_slots */
	assert_int_equal(open_with("\x1b", 1, 36, -1), -EBADMSG); /* id */
	assert_int_equal(tally_view(dir, &t, &running), -EBADMSG);
}

static void check_all(const Tally *t)
{
	TallySubject subject;
	TallySlot s;

	for (uint32_t i = 0; i < tally_n_slots(t); i++)
		if (tally_slot_copy(t, i, &s) == 0)
			assert_true(s.action < _ACTION_MAX && s.origin < _ORIGIN_MAX &&
				    s.means < _MEANS_LIVE_MAX && s.folded <= s.total &&
				    s.first <= s.last && s.subject < TALLY_SUBJECTS &&
				    (s.generation & 1) == 0);
	for (uint32_t i = 0; i < tally_n_subjects(t); i++)
		if (tally_subject_copy(t, i, &subject) == 0)
			assert_true(subject.key.kind < _SUBJECT_KIND_MAX &&
				    subject.key.cause < _CAUSE_MAX &&
				    memchr(subject.key.name, 0, sizeof(subject.key.name)) &&
				    memchr(subject.key.runtime, 0, sizeof(subject.key.runtime)) &&
				    memchr(subject.cgroup, 0, sizeof(subject.cgroup)));
}

/* Flips bits where there is data: the header and the entries in use of both tables. */
static void damage(int fd, uint64_t *seed)
{
	static const struct {
		off_t at;
		uint32_t n;
	} areas[] = {
		{ 0, 512 },
		{ 4096, 8 * sizeof(TallySubject) },
		{ (4096 + TALLY_SUBJECTS * sizeof(TallySubject) + 4095) / 4096 * 4096,
		  64 * sizeof(TallySlot) },
	};

	for (unsigned i = 0; i < 8; i++) {
		unsigned k = (unsigned)(random_next(seed) % ELEMENTSOF(areas));
		off_t at = areas[k].at + (off_t)(random_next(seed) % areas[k].n);
		uint8_t byte = 0;

		if (k == 0 && random_next(seed) % 4 != 0)
			continue; /* or nearly every try would end at the header */
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= (uint8_t)(1 << random_next(seed) % 8);
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
}

static void fill_some(Tally *t)
{
	uint32_t slot;

	for (unsigned i = 0; i < 64; i++) {
		TallyCall c = make_call(must_subject(t, i % 8, i + 1), i / 8, i + 1);

		for (unsigned k = 0; k <= i; k++)
			assert_true(tally_count(t, &c, &slot) >= 0);
	}
}

static void test_damage_is_dropped_and_never_believed(void **state)
{
	unsigned opened = 0, damaged = 0;
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 500 / (int)UNIT_SHARE; round++) {
		_cleanup_close_ int fd = tally_memory(), client = tally_reopen(fd, O_RDONLY);
		_cleanup_(tally_freep) Tally *t = NULL, *view = NULL;
		bool running;
		int r;

		assert_int_equal(tally_open(fd, 1, &t), 0);
		fill_some(t);
		t = tally_free(t);
		damage(fd, &seed);
		r = tally_view(client, &view, &running);
		assert_true(r == 0 || r == -EBADMSG || r == -EPROTONOSUPPORT);
		if (r == 0)
			check_all(view);
		r = tally_open(fd, 2, &t);
		assert_true(r == 0 || r == -EBADMSG || r == -EPROTONOSUPPORT);
		if (r < 0)
			continue;
		opened++;
		damaged += tally_n_damaged(t) > 0;
		check_all(t);
		fill_some(t); /* and it still works */
		check_all(t);
	}
	assert_true(opened > 100 / UNIT_SHARE && damaged > 100 / UNIT_SHARE);
}

static void test_a_changed_generation_or_key_is_noticed(void **state)
{
	static const size_t fixed[] = {
		offsetof(TallySlot, generation) + 0, offsetof(TallySlot, generation) + 3,
		offsetof(TallySlot, subject),        offsetof(TallySlot, arch),
		offsetof(TallySlot, nr) + 1,         offsetof(TallySlot, origin),
		offsetof(TallySlot, own_filter),     offsetof(TallySlot, means),
		offsetof(TallySlot, total) + 5,
	};
	const off_t slots = (4096 + TALLY_SUBJECTS * sizeof(TallySubject) + 4095) / 4096 * 4096;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(fixed); i++) {
		_cleanup_close_ int fd = tally_memory();
		_cleanup_(tally_freep) Tally *t = NULL;
		uint8_t byte;

		assert_int_equal(tally_open(fd, 1, &t), 0);
		fill_some(t);
		t = tally_free(t);
		assert_int_equal(pread(fd, &byte, 1, slots + (off_t)fixed[i]), 1);
		byte ^= 4;
		assert_int_equal(pwrite(fd, &byte, 1, slots + (off_t)fixed[i]), 1);
		assert_int_equal(tally_open(fd, 1, &t), 0);
		assert_int_equal(tally_n_damaged(t), 1);
	}
}

UNIT_MAIN(cmocka_unit_test(test_a_kill_loses_at_most_one_record_and_invents_none),
	  cmocka_unit_test(test_a_maker_that_died_early_leaves_an_empty_tally),
	  cmocka_unit_test(test_what_is_no_tally_of_ours_is_refused),
	  cmocka_unit_test(test_damage_is_dropped_and_never_believed),
	  cmocka_unit_test(test_a_changed_generation_or_key_is_noticed))
