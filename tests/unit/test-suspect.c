/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/suggest/suspect: what one container alone may have planted is marked, and nothing else. */
#include <errno.h>

#include "audit/arch.h"
#include "tests/unit/suggest-help.h"

#define SEC USEC_PER_SEC
#define T (1700000000 * SEC)
#define ROWS_MAX 64

/* What a test builds, and what is found. */
typedef struct World {
	SuspectRow rows[ROWS_MAX];
	LedgerMaking makings[ROWS_MAX][LEDGER_MAKINGS_MAX];
	LedgerLifetime lifetimes[ROWS_MAX];
	size_t n_rows, n_lifetimes;
	SuspectPolicy policy;
	RiskSettings risks;
	Suspicion found[ROWS_MAX];
} World;

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	suspect_policy_default(&w->policy);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	risk_settings_done(&w->risks);
	free(w);
	return 0;
}

/* By its number alone; calls of one number are one. */
static SuspectRow *add(World *w, int64_t nr, const char *name, Origin origin, usec_t first)
{
	SuspectRow *row = &w->rows[w->n_rows];

	assert_true(w->n_rows < ROWS_MAX);
	*row = (SuspectRow){ .arch = ARCH_WORD_X86_64,
			     .nr = nr,
			     .name = name,
			     .origin = origin,
			     .first = first,
			     .subjects = 1,
			     .makings = w->makings[w->n_rows] };
	w->n_rows++;
	return row;
}

static void made_in(World *w, SuspectRow *row, int64_t lifetime, usec_t first)
{
	w->makings[row - w->rows][row->n_makings++] = (LedgerMaking){ lifetime, first };
}

/* Its id is its place, from 1 on; @to 0: it runs. */
static int64_t run(World *w, const char *name, usec_t from, usec_t to)
{
	LedgerLifetime *f = &w->lifetimes[w->n_lifetimes];

	assert_true(w->n_lifetimes < ROWS_MAX);
	*f = (LedgerLifetime){ .id = (int64_t)++w->n_lifetimes,
			       .profile_hash = "p",
			       .name = name,
			       .image_digest = "i",
			       .from = from,
			       .to = to,
			       .start_seen = true };
	return f->id;
}

static uint32_t marks(World *w, const SuspectRow *row)
{
	const SuspectInput in = { .rows = w->rows,
				  .n_rows = w->n_rows,
				  .lifetimes = w->lifetimes,
				  .n_lifetimes = w->n_lifetimes,
				  .policy = &w->policy,
				  .risks = &w->risks,
				  .now = T + 3600 * SEC };

	assert_int_equal(suspect_find(&in, w->found), 0);
	return w->found[row - w->rows].marks;
}

#define ONLY(m) (1U << (m))

/* ---- exec ---- */

static void test_what_only_an_exec_made_is_marked(void **state)
{
	World *w = *state;
	SuspectRow *exec = add(w, 1, "mincore", ORIGIN_EXEC, T);
	SuspectRow *both = add(w, 2, "times", ORIGIN_EXEC, T);
	SuspectRow *runtime = add(w, 3, "capset", ORIGIN_EXEC, T);
	SuspectRow *unknown = add(w, 4, "getsid", ORIGIN_UNKNOWN, T);

	add(w, 2, "times", ORIGIN_WORKLOAD, T + 1);
	add(w, 3, "capset", ORIGIN_RUNTIME_INIT, T);
	assert_int_equal(marks(w, exec), ONLY(MARK_EXEC_ONLY));
	assert_int_equal(marks(w, both), 0);
	assert_int_equal(marks(w, runtime), 0);
	assert_int_equal(marks(w, unknown), 0);
}

static void test_a_number_of_two_architectures_is_two_calls(void **state)
{
	World *w = *state;
	SuspectRow *exec = add(w, 1, "mincore", ORIGIN_EXEC, T);

	add(w, 1, "exit", ORIGIN_WORKLOAD, T)->arch = ARCH_WORD_I386;
	assert_int_equal(marks(w, exec), ONLY(MARK_EXEC_ONLY));
}

static void test_marks_can_be_switched_off(void **state)
{
	World *w = *state;
	SuspectRow *exec = add(w, 1, "mincore", ORIGIN_EXEC, T);

	w->policy.marks &= ~ONLY(MARK_EXEC_ONLY);
	assert_int_equal(marks(w, exec), 0);
}

/* ---- replicas ---- */

/* @n containers side by side from T on; the call is made by the first, 10 s later. */
static SuspectRow *replicas(World *w, unsigned n)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	SuspectRow *row = add(w, 1, "mincore", ORIGIN_WORKLOAD, T + 10 * SEC);

	for (unsigned i = 0; i < n; i++)
		run(w, names[i], T + i * SEC, 0);
	made_in(w, row, 1, row->first);
	return row;
}

static void test_a_container_alone_is_never_one_of_many(void **state)
{
	World *w = *state;
	SuspectRow *row = replicas(w, 1);

	assert_int_equal(marks(w, row), 0);
	/* started again and again, it is still one */
	for (unsigned i = 1; i < 9; i++)
		run(w, "a", T - i * 100 * SEC, T - i * 100 * SEC + 90 * SEC);
	assert_int_equal(marks(w, row), 0);
	/* made anew, each time with another id */
	for (unsigned i = 1; i < 9; i++)
		w->lifetimes[i].name = "b";
	assert_int_equal(marks(w, row), 0);
}

static void test_one_of_three_replicas_is_marked(void **state)
{
	World *w = *state;
	SuspectRow *row = replicas(w, 3);

	assert_int_equal(marks(w, row), ONLY(MARK_ONE_REPLICA));
	assert_int_equal(w->found[0].replicas, 3);
	w->policy.replicas = 4;
	assert_int_equal(marks(w, row), 0);
	w->policy.replicas = 0;
	assert_int_equal(marks(w, row), 0);
}

static void test_two_replicas_are_not_many(void **state)
{
	World *w = *state;
	SuspectRow *row = replicas(w, 2);

	assert_int_equal(marks(w, row), 0);
	w->policy.replicas = 2;
	assert_int_equal(marks(w, row), ONLY(MARK_ONE_REPLICA));
}

static void test_what_another_makes_too_is_not_marked(void **state)
{
	World *w = *state;
	SuspectRow *row = replicas(w, 3), *other;

	/* the same row, and another of the call */
	row->subjects = 2;
	assert_int_equal(marks(w, row), 0);
	row->subjects = 1;
	made_in(w, row, 2, T + 99 * SEC);
	assert_int_equal(marks(w, row), 0);
	row->n_makings = 1;
	other = add(w, 1, "mincore", ORIGIN_UNKNOWN, T + 99 * SEC);
	made_in(w, other, 3, other->first);
	assert_int_equal(marks(w, row), 0);
}

static void test_who_is_younger_may_still_come_to_it(void **state)
{
	World *w = *state;
	SuspectRow *row = replicas(w, 3);

	/* it had run longer than the others did */
	w->lifetimes[0].from = T - 100 * SEC;
	w->lifetimes[1].to = w->lifetimes[1].from + 90 * SEC;
	assert_int_equal(marks(w, row), 0);
	w->lifetimes[1].to = w->lifetimes[1].from + 116 * SEC;
	assert_int_equal(marks(w, row), ONLY(MARK_ONE_REPLICA));
}

static void test_another_program_or_profile_is_no_replica(void **state)
{
	World *w = *state;
	SuspectRow *row = replicas(w, 3);

	w->lifetimes[1].image_digest = "j";
	assert_int_equal(marks(w, row), 0);
	w->lifetimes[1].image_digest = "";
	assert_int_equal(marks(w, row), ONLY(MARK_ONE_REPLICA));
	w->lifetimes[1].profile_hash = "q";
	assert_int_equal(marks(w, row), 0);
}

/* What it called at its start nobody saw. */
static void test_who_was_there_before_us_is_no_peer(void **state)
{
	World *w = *state;
	SuspectRow *row = replicas(w, 3);

	w->lifetimes[1].start_seen = false;
	assert_int_equal(marks(w, row), 0);
	w->lifetimes[0].start_seen = false;
	assert_int_equal(marks(w, row), ONLY(MARK_ONE_REPLICA));
}

/* ---- behind a risky call ---- */

static void test_what_comes_behind_a_risky_call_is_marked(void **state)
{
	World *w = *state;
	SuspectRow *before = add(w, 1, "mincore", ORIGIN_WORKLOAD, T);
	SuspectRow *bpf = add(w, 2, "bpf", ORIGIN_WORKLOAD, T + 10);
	SuspectRow *behind = add(w, 3, "times", ORIGIN_WORKLOAD, T + 20);

	assert_int_equal(marks(w, before), 0);
	assert_int_equal(marks(w, bpf), 0);
	assert_int_equal(marks(w, behind), ONLY(MARK_AFTER_RISK));
	assert_string_equal(w->found[2].after, "bpf");
	/* a person's word is enough */
	bpf->trusted = true;
	assert_int_equal(marks(w, behind), 0);
}

static void test_the_runtime_and_usual_calls_are_no_risk(void **state)
{
	World *w = *state;
	SuspectRow *behind = add(w, 9, "times", ORIGIN_WORKLOAD, T + 20);
	SuspectRow *init = add(w, 8, "capset", ORIGIN_RUNTIME_INIT, T + 20);

	add(w, 1, "mount", ORIGIN_RUNTIME_INIT, T);
	add(w, 2, "clone", ORIGIN_WORKLOAD, T);
	add(w, 3, "clone3", ORIGIN_WORKLOAD, T);
	add(w, 4, NULL, ORIGIN_WORKLOAD, T);
	add(w, 5, "io_uring_setup", ORIGIN_WORKLOAD, T);
	assert_int_equal(marks(w, behind), 0);
	/* by the administrator's own word it is */
	assert_int_equal(risk_settings_add(&w->risks, "clone", "high", NULL), 0);
	assert_int_equal(marks(w, behind), ONLY(MARK_AFTER_RISK));
	assert_int_equal(marks(w, init), 0);
	risk_settings_done(&w->risks);
	add(w, 6, "ptrace", ORIGIN_EXEC, T);
	assert_int_equal(risk_settings_add(&w->risks, "ptrace", "medium", NULL), 0);
	assert_int_equal(marks(w, behind), 0);
}

static void test_a_lifetime_without_the_risky_call_clears_it(void **state)
{
	World *w = *state;
	SuspectRow *bpf = add(w, 2, "bpf", ORIGIN_WORKLOAD, T + 10);
	SuspectRow *behind = add(w, 3, "times", ORIGIN_WORKLOAD, T + 20);

	made_in(w, bpf, 1, T + 10);
	made_in(w, behind, 1, T + 20);
	assert_int_equal(marks(w, behind), ONLY(MARK_AFTER_RISK));
	made_in(w, bpf, 2, T + 100);
	made_in(w, behind, 2, T + 110);
	assert_int_equal(marks(w, behind), ONLY(MARK_AFTER_RISK));
	made_in(w, behind, 3, T + 200);
	assert_int_equal(marks(w, behind), 0);
	/* before the risky call of that lifetime is as good */
	made_in(w, bpf, 3, T + 201);
	assert_int_equal(marks(w, behind), 0);
	w->makings[0][2].first = T + 199;
	assert_int_equal(marks(w, behind), ONLY(MARK_AFTER_RISK));
}

/* Of what is made in lifetime after lifetime only the first are known. */
static void test_a_risky_call_of_every_lifetime_stays_one(void **state)
{
	World *w = *state;
	SuspectRow *bpf = add(w, 2, "bpf", ORIGIN_WORKLOAD, T);
	SuspectRow *behind = add(w, 3, "times", ORIGIN_WORKLOAD, T + 1000);

	for (int64_t i = 0; i < LEDGER_MAKINGS_MAX; i++)
		made_in(w, bpf, 100 + i, T + (usec_t)i);
	made_in(w, behind, 300, T + 1000);
	assert_int_equal(marks(w, behind), ONLY(MARK_AFTER_RISK));
	w->makings[1][0].lifetime = 50;
	assert_int_equal(marks(w, behind), 0);
}

static void test_within_a_millisecond_the_serials_tell(void **state)
{
	World *w = *state;
	SuspectRow *bpf = add(w, 2, "bpf", ORIGIN_WORKLOAD, T);
	SuspectRow *behind = add(w, 3, "times", ORIGIN_WORKLOAD, T);

	assert_int_equal(marks(w, behind), 0);
	bpf->serial = UINT32_MAX;
	behind->serial = 3;
	assert_int_equal(marks(w, behind), ONLY(MARK_AFTER_RISK));
	bpf->serial = 4;
	assert_int_equal(marks(w, behind), 0);
}

/* ---- bursts ---- */

static void test_a_burst_of_strangers_is_marked(void **state)
{
	World *w = *state;
	SuspectRow *first;

	add(w, 500, "read", ORIGIN_WORKLOAD, T);
	first = add(w, 0, NULL, ORIGIN_UNKNOWN, T);
	for (int64_t i = 1; i < 9; i++)
		add(w, i, NULL, ORIGIN_UNKNOWN, T + (usec_t)i * SEC / 10);
	add(w, 100, NULL, ORIGIN_UNKNOWN, T + 10 * SEC);
	assert_int_equal(marks(w, first), 0); /* nine */
	add(w, 9, NULL, ORIGIN_UNKNOWN, T + SEC);
	assert_int_equal(marks(w, first), ONLY(MARK_BURST));
	assert_int_equal(w->found[1].burst, 10);
	for (size_t i = 0; i < w->n_rows; i++)
		assert_int_equal(w->found[i].marks, w->rows[i].nr < 10 ? ONLY(MARK_BURST) : 0);
	/* what the program itself makes too is no stranger's */
	add(w, 5, NULL, ORIGIN_WORKLOAD, T + 99 * SEC);
	assert_int_equal(marks(w, first), 0);
}

static void test_a_program_that_starts_makes_no_burst(void **state)
{
	World *w = *state;
	SuspectRow *row = NULL;

	for (int64_t i = 0; i < 40; i++)
		row = add(w, i, NULL, ORIGIN_WORKLOAD, T + (usec_t)i);
	assert_int_equal(marks(w, row), 0);
}

/* Without the history of processes nobody descends from anybody. */
static void test_where_no_origin_is_known_nobody_is_a_stranger(void **state)
{
	World *w = *state;
	SuspectRow *row = NULL;

	for (int64_t i = 0; i < 40; i++)
		row = add(w, i, NULL, ORIGIN_UNKNOWN, T + (usec_t)i);
	assert_int_equal(marks(w, row), 0);
	for (int64_t i = 0; i < 20; i++)
		row = add(w, 100 + i, NULL, ORIGIN_EXEC, T + (usec_t)i);
	assert_int_equal(marks(w, row), ONLY(MARK_BURST) | ONLY(MARK_EXEC_ONLY));
}

/* ---- what becomes of them ---- */

/* Neither a plain allow, nor a rule of its own, nor the fallback of a denial. */
static void test_marked_calls_wait_for_a_person(void **state)
{
	static const char profile[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\"],"
		"\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"getsid\"],"
		"\"action\":\"SCMP_ACT_ERRNO\"}]}";
	Observed rows[] = {
		help_row(ARCH_WORD_X86_64, "mincore"), help_row(ARCH_WORD_X86_64, "clone"),
		help_row(ARCH_WORD_X86_64, "clone3"),  help_row(ARCH_WORD_X86_64, "getsid"),
		help_row(ARCH_WORD_X86_64, "read"),    help_row(ARCH_WORD_X86_64, "reboot"),
		help_row(ARCH_WORD_X86_64, "chmod"),
	};
	_cleanup_(suggestion_freep) Suggestion *s = NULL;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows) - 1; i++)
		rows[i].suspicion = (Suspicion){ .marks = 1U << MARK_AFTER_RISK, .after = "bpf" };
	s = help_suggest(profile, rows, ELEMENTSOF(rows));
	assert_int_equal(s->n_newly_allowed, 1);
	assert_string_equal(s->newly_allowed[0], "chmod");
	assert_int_equal(s->n_other_changes, 0);
	for (size_t i = 0; i < s->n_calls; i++) {
		const SuggestCall *c = &s->calls[i];
		bool told = strstr(c->reason, "it came only behind the risky bpf") != NULL;

		assert_int_equal(c->offered, strcmp(c->name, "chmod") == 0);
		assert_int_equal(told,
				 strcmp(c->name, "chmod") != 0 && strcmp(c->name, "read") != 0);
		assert_null(c->fallback);
		if (strcmp(c->name, "reboot") == 0)
			assert_int_equal(c->advice, ADVICE_KEEP_DENIED);
		else if (told)
			assert_int_equal(c->advice, ADVICE_REVIEW);
	}
}

/* ---- words ---- */

static void test_words(void **state)
{
	Suspicion s = { .marks = ONLY(_MARK_MAX) - 1,
			.replicas = UINT32_MAX,
			.after = "process_vm_writev_and_more_of_it",
			.burst = UINT32_MAX };
	char text[SUSPICION_TEXT_MAX];
	Mark m;

	(void)state;
	for (unsigned i = 0; i < _MARK_MAX; i++) {
		assert_int_equal(mark_parse(span_of(mark_name((Mark)i)), &m), 0);
		assert_int_equal(m, i);
	}
	assert_int_equal(mark_parse(SPAN_LIT("exec"), &m), -EINVAL);
	suspicion_tell(&s, text);
	assert_non_null(strstr(text, "(exec) made it; only 1 of 4294967295 instances"));
	assert_non_null(strstr(text, "process_vm_writev_and_more_of_it; it is 1 of"));
	assert_string_equal(text + strlen(text) - strlen("first program"), "first program");
	s.marks = 0;
	assert_string_equal(suspicion_tell(&s, text), "");
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(WORLD_TEST(test_what_only_an_exec_made_is_marked),
	  WORLD_TEST(test_a_number_of_two_architectures_is_two_calls),
	  WORLD_TEST(test_marks_can_be_switched_off),
	  WORLD_TEST(test_a_container_alone_is_never_one_of_many),
	  WORLD_TEST(test_one_of_three_replicas_is_marked),
	  WORLD_TEST(test_two_replicas_are_not_many),
	  WORLD_TEST(test_what_another_makes_too_is_not_marked),
	  WORLD_TEST(test_who_is_younger_may_still_come_to_it),
	  WORLD_TEST(test_another_program_or_profile_is_no_replica),
	  WORLD_TEST(test_who_was_there_before_us_is_no_peer),
	  WORLD_TEST(test_what_comes_behind_a_risky_call_is_marked),
	  WORLD_TEST(test_the_runtime_and_usual_calls_are_no_risk),
	  WORLD_TEST(test_a_lifetime_without_the_risky_call_clears_it),
	  WORLD_TEST(test_a_risky_call_of_every_lifetime_stays_one),
	  WORLD_TEST(test_within_a_millisecond_the_serials_tell),
	  WORLD_TEST(test_a_burst_of_strangers_is_marked),
	  WORLD_TEST(test_a_program_that_starts_makes_no_burst),
	  WORLD_TEST(test_where_no_origin_is_known_nobody_is_a_stranger),
	  WORLD_TEST(test_marked_calls_wait_for_a_person), WORLD_TEST(test_words))
