/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/gate: each criterion alone can hold the gate; nothing seen is never ready. */
#include <errno.h>
#include <string.h>

#include "evidence/gate.h"
#include "tests/unit/unit.h"

#define DAY (24 * 3600 * USEC_PER_SEC)

static GateFigures good(GateTarget target)
{
	return (GateFigures){
		.stage = target == GATE_TO_KILL ? "errno" : "log",
		.visibility = "full",
		.observed = 30 * DAY,
		.started = true,
		.window = 30 * DAY,
		.since_loss = 30 * DAY,
		.quiet = 20 * DAY,
		.starts = 40,
		.graceful_stops = 35,
		.execs = 3,
		.replicas = 2,
		.hosts = 1,
		.lifetimes = 38,
		.rollback_tested = true,
	};
}

static const GateCriterion *criterion(const GateReport *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->criteria[i].name, name) == 0)
			return &r->criteria[i];
	return NULL;
}

static GateReport decide(const GateFigures *f, GateTarget target)
{
	GateThresholds t;
	GateReport r;

	gate_thresholds_default(&t);
	gate_decide(f, &t, target, &r);
	return r;
}

static void test_all_met_is_ready(void **state)
{
	(void)state;
	for (GateTarget target = 0; target < _GATE_TARGET_MAX; target++) {
		GateFigures f = good(target);
		GateReport r = decide(&f, target);

		assert_int_equal(r.verdict, GATE_READY);
		assert_true(r.n >= 15);
		for (size_t i = 0; i < r.n; i++) {
			assert_true(r.criteria[i].value[0] && r.criteria[i].threshold[0]);
			assert_true(r.criteria[i].sentence[0]);
		}
	}
}

/* What the profile's own rules refuse at stage log is refused behind it as well. */
static void test_silent_rules_do_not_hold_stage_errno(void **state)
{
	GateFigures f = good(GATE_TO_ERRNO);
	GateReport r;

	(void)state;
	f.visibility = "partial";
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_READY);
	f.visibility = "blind";
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
	f.visibility = "partial";
	f.stage = "kill";
	r = decide(&f, GATE_TO_ERRNO);
	assert_int_equal(criterion(&r, "visible")->verdict, GATE_UNKNOWN);
}

static void test_nothing_seen_is_unknown(void **state)
{
	GateFigures f = { .stage = "", .visibility = "", .since_loss = UINT64_MAX };

	(void)state;
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
	assert_int_equal(decide(&f, GATE_TO_KILL).verdict, GATE_UNKNOWN);
	/* no event at all, and everything else as it should be */
	f = good(GATE_TO_ERRNO);
	f.observed = f.window = f.quiet = f.starts = 0;
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
}

/* Each row spoils one figure: the criterion by that name must say so, and the whole gate with it.
 */
static void test_each_criterion_alone_holds_the_gate(void **state)
{
	static const struct {
		const char *name;
		GateTarget target;
		size_t offset;
		uint64_t value;
		GateVerdict verdict;
	} rows[] = {
#define AT(member) offsetof(GateFigures, member)
		{ "complete", GATE_TO_ERRNO, AT(window), 6 * DAY, GATE_NOT_READY },
		{ "complete", GATE_TO_ERRNO, AT(window), 0, GATE_UNKNOWN },
		{ "complete", GATE_TO_KILL, AT(window), 13 * DAY, GATE_NOT_READY },
		{ "complete", GATE_TO_ERRNO, AT(observed), 0, GATE_UNKNOWN },
		{ "quiet", GATE_TO_ERRNO, AT(quiet), 7 * DAY - 1, GATE_NOT_READY },
		{ "quiet", GATE_TO_KILL, AT(quiet), 14 * DAY - 1, GATE_NOT_READY },
		{ "starts", GATE_TO_ERRNO, AT(starts), 2, GATE_NOT_READY },
		{ "graceful-stops", GATE_TO_ERRNO, AT(graceful_stops), 0, GATE_NOT_READY },
		{ "execs", GATE_TO_ERRNO, AT(execs), 0, GATE_NOT_READY },
		{ "spread", GATE_TO_ERRNO, AT(replicas), 1, GATE_NOT_READY },
		{ "variants", GATE_TO_ERRNO, AT(variants_unseen), 1, GATE_NOT_READY },
		{ "decided", GATE_TO_ERRNO, AT(undecided), 1, GATE_NOT_READY },
		{ "decided", GATE_TO_ERRNO, AT(undecided), GATE_NOT_KNOWN, GATE_UNKNOWN },
		{ "arguments", GATE_TO_ERRNO, AT(arguments), 1, GATE_NOT_READY },
		{ "unknown-numbers", GATE_TO_ERRNO, AT(unknown_numbers), 1, GATE_NOT_READY },
		{ "architectures", GATE_TO_ERRNO, AT(bad_archs), 1, GATE_NOT_READY },
		{ "denials", GATE_TO_KILL, AT(denials), 1, GATE_NOT_READY },
		{ "lifetimes", GATE_TO_KILL, AT(lifetimes), 29, GATE_NOT_READY },
		{ "probes", GATE_TO_KILL, AT(probes_unanswered), 1, GATE_NOT_READY },
		{ "probes", GATE_TO_KILL, AT(probes_unanswered), GATE_NOT_KNOWN, GATE_UNKNOWN },
		{ "preflight", GATE_TO_KILL, AT(preflight), 1, GATE_NOT_READY },
#undef AT
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		GateFigures f = good(rows[i].target);
		const GateCriterion *c;
		GateReport r;

		memcpy((char *)&f + rows[i].offset, &rows[i].value, sizeof(rows[i].value));
		r = decide(&f, rows[i].target);
		c = criterion(&r, rows[i].name);
		assert_non_null(c);
		if (c->verdict != rows[i].verdict)
			fail_msg("row %zu: %s is %s: %s", i, c->name, gate_verdict_name(c->verdict),
				 c->sentence);
		assert_true(r.verdict >= c->verdict);
		assert_int_not_equal(r.verdict, GATE_READY);
	}
}

static void test_words_that_hold_the_gate(void **state)
{
	GateFigures f = good(GATE_TO_ERRNO);
	GateReport r;

	(void)state;
	f.stage = "errno";
	r = decide(&f, GATE_TO_ERRNO);
	assert_int_equal(criterion(&r, "stage")->verdict, GATE_NOT_READY);
	f = good(GATE_TO_ERRNO);
	f.started = false;
	r = decide(&f, GATE_TO_ERRNO);
	assert_int_equal(criterion(&r, "complete")->verdict, GATE_UNKNOWN);
	f = good(GATE_TO_ERRNO);
	f.stage = "other";
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
	f = good(GATE_TO_ERRNO);
	f.contradicted = true;
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
	f = good(GATE_TO_KILL);
	f.visibility = "blind";
	assert_int_equal(decide(&f, GATE_TO_KILL).verdict, GATE_UNKNOWN);
	f = good(GATE_TO_KILL);
	f.visibility = "partial";
	assert_int_equal(decide(&f, GATE_TO_KILL).verdict, GATE_UNKNOWN);
	f = good(GATE_TO_KILL);
	f.rollback_tested = false;
	assert_int_equal(decide(&f, GATE_TO_KILL).verdict, GATE_NOT_READY);
	f = good(GATE_TO_ERRNO);
	f.heuristic = true;
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
	f = good(GATE_TO_ERRNO);
	strcpy(f.unexercised, "reload backup");
	r = decide(&f, GATE_TO_ERRNO);
	assert_int_equal(r.verdict, GATE_NOT_READY);
	assert_string_equal(criterion(&r, "exercised")->value, "reload backup");
}

/* A loss within the time that is asked for makes it unknown; too little time alone does not. */
static void test_a_recent_loss_is_unknown_not_merely_early(void **state)
{
	GateFigures f = good(GATE_TO_ERRNO);
	GateReport r;

	(void)state;
	f.window = f.since_loss = f.quiet = 2 * DAY;
	strcpy(f.why, "seccompd was not running");
	r = decide(&f, GATE_TO_ERRNO);
	assert_int_equal(criterion(&r, "complete")->verdict, GATE_UNKNOWN);
	assert_non_null(strstr(criterion(&r, "complete")->sentence, "was not running"));
	/* going on: however long the window before it was */
	f = good(GATE_TO_ERRNO);
	f.since_loss = 0;
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
	f.window = f.quiet = 2 * DAY;
	f.since_loss = 40 * DAY;
	f.cut_by_loss = true;
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
	f.cut_by_loss = false;
	f.since_loss = UINT64_MAX;
	r = decide(&f, GATE_TO_ERRNO);
	assert_int_equal(criterion(&r, "complete")->verdict, GATE_NOT_READY);
	assert_int_equal(r.verdict, GATE_NOT_READY);
}

static void test_unobservable_loss_must_be_accepted_by_name(void **state)
{
	GateFigures f = good(GATE_TO_ERRNO);
	GateThresholds t;
	GateReport r;

	(void)state;
	f.blind_to_loss = true;
	assert_int_equal(decide(&f, GATE_TO_ERRNO).verdict, GATE_UNKNOWN);
	gate_thresholds_default(&t);
	t.accept_unobservable_loss = true;
	gate_decide(&f, &t, GATE_TO_ERRNO, &r);
	assert_int_equal(r.verdict, GATE_READY);
	assert_non_null(
		strstr(criterion(&r, "loss-observable")->sentence, "AcceptUnobservableLoss=yes"));
}

static void test_what_was_asserted_is_never_ready(void **state)
{
	(void)state;
	for (GateTarget target = 0; target < _GATE_TARGET_MAX; target++) {
		GateFigures f = good(target);
		GateReport r = decide(&f, target);

		assert_null(criterion(&r, "attribution"));
		f.asserted = true;
		r = decide(&f, target);
		assert_int_equal(r.verdict, GATE_UNKNOWN);
		assert_int_equal(criterion(&r, "attribution")->verdict, GATE_UNKNOWN);
		assert_int_equal(criterion(&r, "loss-observable")->verdict, GATE_UNKNOWN);
		f.imported = true;
		r = decide(&f, target);
		assert_int_equal(r.verdict, GATE_UNKNOWN);
		assert_string_equal(criterion(&r, "attribution")->value, "imported");
	}
}

static void test_the_calls_that_hold_the_gate_are_named(void **state)
{
	GateFigures f = good(GATE_TO_KILL);
	GateReport r;

	(void)state;
	f.quiet = 1;
	f.denials = 3;
	r = decide(&f, GATE_TO_KILL);
	assert_null(strstr(criterion(&r, "quiet")->sentence, "since"));
	snprintf(f.newest, sizeof(f.newest), "keyctl");
	snprintf(f.denied, sizeof(f.denied), "bpf, swapoff");
	r = decide(&f, GATE_TO_KILL);
	assert_non_null(strstr(criterion(&r, "quiet")->sentence, ", since keyctl;"));
	assert_non_null(strstr(criterion(&r, "denials")->sentence, "process: bpf, swapoff"));
}

static void test_what_was_not_asked_is_left_out(void **state)
{
	GateFigures f = good(GATE_TO_ERRNO);
	GateReport r;

	(void)state;
	f.preflight = GATE_NOT_ASKED;
	r = decide(&f, GATE_TO_ERRNO);
	assert_null(criterion(&r, "preflight"));
	assert_int_equal(r.verdict, GATE_READY);
}

static void test_targets_have_names(void **state)
{
	GateTarget t;

	(void)state;
	assert_int_equal(gate_target_parse("kill", &t), 0);
	assert_int_equal(t, GATE_TO_KILL);
	assert_int_equal(gate_target_parse("errno", &t), 0);
	assert_int_equal(t, GATE_TO_ERRNO);
	assert_int_equal(gate_target_parse("log", &t), -EINVAL);
}

UNIT_MAIN(cmocka_unit_test(test_what_was_asserted_is_never_ready),
	  cmocka_unit_test(test_all_met_is_ready),
	  cmocka_unit_test(test_silent_rules_do_not_hold_stage_errno),
	  cmocka_unit_test(test_nothing_seen_is_unknown),
	  cmocka_unit_test(test_each_criterion_alone_holds_the_gate),
	  cmocka_unit_test(test_words_that_hold_the_gate),
	  cmocka_unit_test(test_a_recent_loss_is_unknown_not_merely_early),
	  cmocka_unit_test(test_unobservable_loss_must_be_accepted_by_name),
	  cmocka_unit_test(test_the_calls_that_hold_the_gate_are_named),
	  cmocka_unit_test(test_what_was_not_asked_is_left_out),
	  cmocka_unit_test(test_targets_have_names))
