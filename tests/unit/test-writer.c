/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/writer: what it owes the ledger when a transaction fails, and when the ledger is another.
 */
#include <signal.h>
#include <sys/resource.h>

#include "daemon/writer.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/tally-fixture.h"

typedef struct World {
	Folder folder;
	int tally_fd;
	Tally *tally;
	Queue *queue;
	Ledger *ledger;
	Resolver *resolver;
	Loss loss;
	Writer *writer;
} World;

static void start(World *w)
{
	const StateRoots roots = { .proc_fd = -1, .root_fd = -1 };

	w->ledger = must_write(&w->folder);
	assert_int_equal(resolver_new(&roots, &w->resolver), 0);
	assert_int_equal(
		loss_init(&w->loss,
			  &(LossSetup){ .ledger = w->ledger, .tally = w->tally, .boot = "b" }, NOW),
		0);
	assert_int_equal(writer_new(&(WriterSetup){ .tally = w->tally,
						    .queue = w->queue,
						    .ledger = w->ledger,
						    .resolver = w->resolver,
						    .loss = &w->loss },
				    NOW, &w->writer),
			 0);
}

static void stop(World *w)
{
	w->writer = writer_free(w->writer);
	w->resolver = resolver_free(w->resolver);
	w->ledger = ledger_free(w->ledger);
}

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	folder_make(&w->folder);
	w->tally_fd = tally_memory();
	assert_int_equal(tally_open(w->tally_fd, 1, &w->tally), 0);
	assert_int_equal(queue_new(&w->queue), 0);
	start(w);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	stop(w);
	queue_free(w->queue);
	tally_free(w->tally);
	close(w->tally_fd);
	folder_remove(&w->folder);
	free(w);
	return 0;
}

/* One call of a program of the host; its slot. */
static uint32_t count(World *w, int64_t nr)
{
	SubjectKey key = { .kind = SUBJECT_HOST, .name = "/bin/x" };
	uint32_t subject, slot;
	TallyCall c;

	assert_int_equal(tally_subject(w->tally, &key, SPAN_NULL, NOW, &subject), 0);
	c = make_call(subject, nr, NOW);
	assert_true(tally_count(w->tally, &c, &slot) >= 0);
	return slot;
}

static void push_example(World *w, uint32_t slot)
{
	QueueExample e = { .slot = slot,
			   .generation = tally_slot_generation(w->tally, slot),
			   .pid = 7,
			   .comm = "x" };

	assert_true(queue_push(w->queue, &e));
}

/* As on a full disk: whatever the ledger writes fails. */
static void break_disk(bool broken)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = broken ? 1 : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int count_example(const LedgerExampleRow *row, void *userdata)
{
	assert_int_equal(row->pid, 7);
	(*(unsigned *)userdata)++;
	return 0;
}

static void test_an_example_outlives_a_failed_transaction(void **state)
{
	World *w = *state;
	unsigned n = 0;
	uint32_t slot;

	slot = count(w, 1);
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	/* Behind the fold of its call, and before one that fails. */
	push_example(w, slot);
	count(w, 2);
	break_disk(true);
	assert_true(writer_fold(w->writer, NOW) < 0);
	break_disk(false);
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	assert_int_equal(ledger_each_example(w->ledger, 1, count_example, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(sum_of_records(w->ledger), 2);
}

static void test_a_new_ledger_gets_what_the_tally_holds(void **state)
{
	World *w = *state;

	count(w, 1);
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	assert_int_equal(unlink(w->folder.path), 0);
	count(w, 2);
	assert_int_equal(writer_fold(w->writer, NOW), -ESTALE);
	stop(w);
	start(w);
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	assert_int_equal(sum_of_records(w->ledger), 2);
}

static void reopen(World *w, bool distrust, int expected)
{
	Diag d = { 0 };
	int r = ledger_reopen(w->ledger, w->folder.path, "host-a", NOW, distrust, &d);

	if (r != expected)
		fail_msg("%d %s", r, d.text);
	assert_int_equal(writer_renewed(w->writer, true), 0);
}

static void test_a_new_ledger_gets_it_in_place_too(void **state)
{
	World *w = *state;
	unsigned n = 0;

	push_example(w, count(w, 1));
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	assert_int_equal(unlink(w->folder.path), 0);
	push_example(w, count(w, 2));
	assert_int_equal(writer_fold(w->writer, NOW), -ESTALE);
	count(w, 1);
	assert_int_equal(writer_fold(w->writer, NOW), -ESTALE);
	reopen(w, false, 0);
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	assert_int_equal(sum_of_records(w->ledger), 3);
	assert_int_equal(ledger_each_example(w->ledger, 2, count_example, &n), 0);
	assert_int_equal(n, 1);
	count(w, 1);
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	assert_int_equal(sum_of_records(w->ledger), 4);
	/* As does one that takes the place of a damaged one. */
	reopen(w, true, LEDGER_SET_ASIDE);
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	assert_int_equal(sum_of_records(w->ledger), 4);
}

static void test_the_same_ledger_gets_nothing_twice(void **state)
{
	World *w = *state;
	char log[128];

	count(w, 1);
	tally_totals(w->tally)->rejected = 3;
	assert_int_equal(writer_fold(w->writer, NOW), 0);
	count(w, 2);
	snprintf(log, sizeof(log), "%s-wal", w->folder.path);
	assert_int_equal(unlink(log), 0);
	assert_int_equal(writer_fold(w->writer, NOW), -ESTALE);
	reopen(w, false, 0);
	assert_int_equal(writer_fold(w->writer, NOW + 1), 0);
	assert_int_equal(sum_of_records(w->ledger), 2);
	assert_false(loss_is_due(&w->loss));
}

UNIT_MAIN(cmocka_unit_test_setup_teardown(test_an_example_outlives_a_failed_transaction, setup,
					  teardown),
	  cmocka_unit_test_setup_teardown(test_a_new_ledger_gets_what_the_tally_holds, setup,
					  teardown),
	  cmocka_unit_test_setup_teardown(test_a_new_ledger_gets_it_in_place_too, setup, teardown),
	  cmocka_unit_test_setup_teardown(test_the_same_ledger_gets_nothing_twice, setup, teardown))
