/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/gate-section: a workload's own keys outrank [gate], which outranks the defaults. */
#include <errno.h>

#include "config/gate-section.h"
#include "config/workload-section.h"
#include "tests/unit/unit.h"

#define DAY (24 * 3600 * USEC_PER_SEC)
#define _cleanup_gate_ _cleanup_(gate_section_done)

static int feed(GateSection *s, const char *section, const char *key, const char *value)
{
	ConfigLine l = { "file.conf", 7, section, key, value };
	Diag d = { 0 };
	int r = gate_section_take(&l, s, &d);

	assert_true(r >= 0 || d.text[0]);
	return r;
}

static void test_without_a_word_the_defaults_hold(void **state)
{
	_cleanup_gate_ GateSection s = { 0 };
	GateThresholds t;
	GatePolicy p;

	(void)state;
	gate_thresholds_default(&t);
	gate_section_policy(&s, "docker:web", &p);
	assert_true(p.thresholds.complete == t.complete && p.thresholds.quiet == t.quiet &&
		    p.thresholds.starts == t.starts && p.thresholds.execs == t.execs &&
		    p.thresholds.replicas == t.replicas &&
		    p.thresholds.graceful_stops == t.graceful_stops &&
		    p.thresholds.kill_quiet == t.kill_quiet &&
		    p.thresholds.kill_lifetimes == t.kill_lifetimes);
	assert_false(p.thresholds.accept_unobservable_loss);
	assert_string_equal(p.exercises, "");
	assert_false(p.rollback_tested);
}

static void test_a_workloads_own_keys_outrank_those_of_all(void **state)
{
	_cleanup_gate_ GateSection s = { 0 };
	GatePolicy p;

	(void)state;
	assert_int_equal(feed(&s, "workload docker:web", "GateQuiet", "14d"), 1);
	assert_int_equal(feed(&s, "gate", NULL, NULL), 1);
	assert_int_equal(feed(&s, "gate", "Quiet", "3d"), 1);
	assert_int_equal(feed(&s, "gate", "Replicas", "1"), 1);
	assert_int_equal(feed(&s, "gate", "AcceptUnobservableLoss", "yes"), 1);
	gate_section_policy(&s, "docker:web", &p);
	assert_true(p.thresholds.quiet == 14 * DAY && p.thresholds.replicas == 1);
	assert_true(p.thresholds.accept_unobservable_loss && p.thresholds.starts == 3);
	gate_section_policy(&s, "docker:other", &p);
	assert_true(p.thresholds.quiet == 3 * DAY);
	/* a drop-in takes it back */
	assert_int_equal(feed(&s, "workload docker:web", "GateQuiet", "0"), 1);
	gate_section_policy(&s, "docker:web", &p);
	assert_int_equal(p.thresholds.quiet, 0);
}

static void test_marks_are_words_and_figures(void **state)
{
	_cleanup_gate_ GateSection s = { 0 };
	SuspectPolicy usual;
	GatePolicy p;

	(void)state;
	suspect_policy_default(&usual);
	assert_int_equal(feed(&s, "gate", "Marks", "burst  exec-only"), 1);
	assert_int_equal(feed(&s, "gate", "MarkBurstTime", "5s"), 1);
	assert_int_equal(feed(&s, "workload docker:web", "GateMarks", "no"), 1);
	assert_int_equal(feed(&s, "workload docker:web", "GateMarkReplicas", "2"), 1);
	gate_section_policy(&s, "docker:other", &p);
	assert_int_equal(p.suspect.marks, 1U << MARK_BURST | 1U << MARK_EXEC_ONLY);
	assert_true(p.suspect.burst_time == 5 * USEC_PER_SEC);
	assert_true(p.suspect.replicas == usual.replicas && p.suspect.burst == usual.burst);
	gate_section_policy(&s, "docker:web", &p);
	assert_int_equal(p.suspect.marks, 0);
	assert_int_equal(p.suspect.replicas, 2);
	assert_int_equal(feed(&s, "gate", "Marks", "exec"), -EINVAL);
	assert_int_equal(feed(&s, "gate", "Marks", ""), -EINVAL);
	assert_int_equal(feed(&s, "gate", "Marks", "burst no"), -EINVAL);
}

static void test_what_is_not_ticked_is_listed(void **state)
{
	_cleanup_gate_ GateSection s = { 0 };
	char missing[GATE_TEXT_MAX];
	GatePolicy p;

	(void)state;
	assert_int_equal(feed(&s, "gate", "Exercises", "reload  log-rotation backup"), 1);
	assert_int_equal(feed(&s, "workload docker:web", "GateExercised", "backup reload-all"), 1);
	assert_int_equal(feed(&s, "workload docker:web", "GateRollbackTested", "yes"), 1);
	gate_section_policy(&s, "docker:web", &p);
	gate_policy_unexercised(&p, missing);
	assert_string_equal(missing, "reload log-rotation");
	assert_true(p.rollback_tested);
}

static void test_mistakes_are_refused(void **state)
{
	static const struct {
		const char *section, *key, *value;
	} rows[] = {
		{ "gate", "Quiet", "a week" },
		{ "gate", "Quiet", "" },
		{ "gate", "Starts", "-1" },
		{ "gate", "Starts", "4294967296" },
		{ "gate", "GateQuiet", "7d" },
		{ "gate", "Exercised", "reload" }, /* a workload's alone */
		{ "gate", "Exercises", "Reload;rm" },
		{ "gate", "AcceptUnobservableLoss", "maybe" },
		{ "workload a", "GateNothing", "1" },
		{ "workload a", "GateRollbackTested", "perhaps" },
	};
	_cleanup_gate_ GateSection s = { 0 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		assert_true(feed(&s, rows[i].section, rows[i].key, rows[i].value) < 0);
	assert_int_equal(feed(&s, "seccompd", "Quiet", "1"), 0);
	assert_int_equal(feed(&s, "workload a", "MatchName", "x"), 0);
	assert_int_equal(feed(&s, "workload a", NULL, NULL), 0);
}

/* "[workload docker:web]" with gate keys alone is about a workload, and names no container. */
static void test_settings_alone_make_no_rule(void **state)
{
	_cleanup_workload_rules_ WorkloadRules rules = { 0 };
	ConfigLine head = { "f", 1, "workload docker:web", NULL, NULL };
	ConfigLine line = { "f", 2, "workload docker:web", "GateQuiet", "1d" };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(workload_section_take(&head, &rules, &d), 1);
	assert_int_equal(workload_section_take(&line, &rules, &d), 0);
	assert_int_equal(workload_section_finish(&rules, &d, NULL), 0);
	assert_int_equal(rules.n, 0);
}

UNIT_MAIN(cmocka_unit_test(test_without_a_word_the_defaults_hold),
	  cmocka_unit_test(test_a_workloads_own_keys_outrank_those_of_all),
	  cmocka_unit_test(test_marks_are_words_and_figures),
	  cmocka_unit_test(test_what_is_not_ticked_is_listed),
	  cmocka_unit_test(test_mistakes_are_refused),
	  cmocka_unit_test(test_settings_alone_make_no_rule))
