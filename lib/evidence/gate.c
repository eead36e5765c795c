/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>

#include "evidence/gate.h"

#define DAY (24 * 3600 * USEC_PER_SEC)

void gate_thresholds_default(GateThresholds *ret)
{
	*ret = (GateThresholds){
		.complete = 7 * DAY,
		.quiet = 7 * DAY,
		.starts = 3,
		.graceful_stops = 1,
		.execs = 1,
		.replicas = 2,
		.kill_quiet = 14 * DAY,
		.kill_lifetimes = 30,
	};
}

/* What a criterion is told, and what it fills. */
typedef struct Question {
	const GateFigures *f;
	const GateThresholds *t;
	GateTarget target;
	GateCriterion *c;
} Question;

_printf_(3, 4) static void answer(Question *q, GateVerdict verdict, const char *fmt, ...)
{
	va_list ap;

	q->c->verdict = verdict;
	va_start(ap, fmt);
	vsnprintf(q->c->sentence, sizeof(q->c->sentence), fmt, ap);
	va_end(ap);
}

static void show_value(Question *q, const char *value)
{
	snprintf(q->c->value, sizeof(q->c->value), "%s", value[0] ? value : "not known");
}

static void show_threshold(Question *q, const char *threshold)
{
	snprintf(q->c->threshold, sizeof(q->c->threshold), "%s", threshold);
}

static void show_duration(Question *q, usec_t value, usec_t threshold)
{
	clock_format_span(value, q->c->value, sizeof(q->c->value));
	clock_format_span(threshold, q->c->threshold, sizeof(q->c->threshold));
}

static void show_count(Question *q, uint64_t value, const char *relation, uint64_t threshold)
{
	if (value == GATE_NOT_KNOWN)
		show_value(q, "");
	else
		snprintf(q->c->value, sizeof(q->c->value), "%" PRIu64, value);
	snprintf(q->c->threshold, sizeof(q->c->threshold), "%s %" PRIu64, relation, threshold);
}

/* ---- what is applied ---- */

static bool ask_stage(Question *q)
{
	const char *wanted = q->target == GATE_TO_KILL ? "errno" : "log";

	show_value(q, q->f->stage);
	show_threshold(q, wanted);
	if (q->f->contradicted)
		answer(q, GATE_UNKNOWN,
		       "records show answers that this filter does not give: instances under"
		       " another profile may be running");
	else if (strcmp(q->f->stage, wanted) == 0)
		answer(q, GATE_READY, "the applied filter is at stage %s", wanted);
	else if (!q->f->stage[0] || strcmp(q->f->stage, "other") == 0)
		answer(q, GATE_UNKNOWN,
		       "the applied filter is not known, or at no stage that leads on");
	else
		answer(q, GATE_NOT_READY, "stage %s comes next from %s, not from %s",
		       gate_target_name(q->target), wanted, q->f->stage);
	return true;
}

/* A profile at stage log may have denials of its own that leave no record where the runtime takes
 * no filter flags, as the way in writes them. Stage errno refuses those calls as before: each whose
 * answer changes was seen. */
static bool ask_visible(Question *q)
{
	bool partial = q->target == GATE_TO_ERRNO && strcmp(q->f->stage, "log") == 0;

	show_value(q, q->f->visibility);
	show_threshold(q, partial ? "full or partial" : "full");
	if (strcmp(q->f->visibility, "full") == 0)
		answer(q, GATE_READY, "each call outside the profile leaves a record");
	else if (partial && strcmp(q->f->visibility, "partial") == 0)
		answer(q, GATE_READY,
		       "what its rules refuse leaves no record and stays refused; each other call"
		       " outside the profile does");
	else
		answer(q, GATE_UNKNOWN,
		       "calls may be refused without a record: let the filter log"
		       " (SECCOMP_FILTER_FLAG_LOG), or keep a replica at stage log");
	return true;
}

static bool ask_seen(Question *q)
{
	if (!q->f->asserted)
		return false;
	show_value(q, q->f->imported ? "imported" : "asserted");
	show_threshold(q, "seen");
	if (q->f->imported)
		answer(q, GATE_UNKNOWN,
		       "it was imported from strace, and what was not made while strace looked "
		       "nobody"
		       " knows: let seccompd watch it");
	else
		answer(q, GATE_UNKNOWN,
		       "somebody said of a log whose calls these are, and what is not in the log "
		       "nobody"
		       " knows: let seccompd watch it");
	return true;
}

/* ---- the window ---- */

static bool ask_complete(Question *q)
{
	const GateFigures *f = q->f;
	usec_t wanted = q->target == GATE_TO_KILL ? q->t->kill_quiet : q->t->complete;

	show_duration(q, f->window, wanted);
	if (f->observed == 0)
		answer(q, GATE_UNKNOWN, "no instance was watched yet under this profile");
	else if (!f->started)
		answer(q, GATE_UNKNOWN,
		       "no start was watched, so what it called before is not known: restart it");
	else if (f->since_loss == 0)
		answer(q, GATE_UNKNOWN, "evidence is being lost now: %s", f->why);
	else if ((f->since_loss < wanted || f->cut_by_loss) && f->window < wanted)
		answer(q, GATE_UNKNOWN, "evidence was lost: %s", f->why);
	else if (f->window == 0)
		answer(q, GATE_UNKNOWN, "there is no window of complete evidence%s%s",
		       f->why[0] ? ": " : "", f->why);
	else if (f->window < wanted)
		answer(q, GATE_NOT_READY, "%s", f->why[0] ? f->why : "not watched for long enough");
	else
		answer(q, GATE_READY, "nothing is known to be missing from this window");
	return true;
}

static bool ask_loss_seen(Question *q)
{
	/* Whether somebody looked while a log was written, it does not say. */
	bool blind = q->f->blind_to_loss || q->f->asserted;

	show_value(q, blind ? "cannot be seen" : "can be seen");
	show_threshold(q, q->t->accept_unobservable_loss ? "accepted" : "can be seen");
	if (!blind)
		answer(q, GATE_READY, "records that the kernel drops itself would be known");
	else if (q->t->accept_unobservable_loss)
		answer(q, GATE_READY,
		       "AcceptUnobservableLoss=yes: records that the kernel dropped itself would"
		       " NOT be known, and that was accepted");
	else
		answer(q, GATE_UNKNOWN,
		       "records that the kernel drops itself would not be known: let seccompd read"
		       " the kernel's log (group systemd-journal), or set AcceptUnobservableLoss=");
	return true;
}

static bool ask_quiet(Question *q)
{
	usec_t wanted = q->target == GATE_TO_KILL ? q->t->kill_quiet : q->t->quiet;

	show_duration(q, q->f->quiet, wanted);
	if (q->f->window == 0)
		answer(q, GATE_UNKNOWN, "without a window nobody knows");
	else if (q->f->quiet < wanted)
		answer(q, GATE_NOT_READY, "so long no new call was seen%s%s; the time is not up",
		       q->f->newest[0] ? ", since " : "", q->f->newest);
	else
		answer(q, GATE_READY, "no new call was seen for as long as was asked");
	return true;
}

static bool ask_cycle(Question *q)
{
	show_duration(q, q->f->window, q->t->cycle);
	if (q->t->cycle == 0) {
		show_threshold(q, "not set");
		answer(q, GATE_READY,
		       "no business cycle is set: with jobs at the month's end set GateCycle=31d");
	} else if (q->f->window < q->t->cycle) {
		answer(q, q->f->window ? GATE_NOT_READY : GATE_UNKNOWN,
		       "the window does not hold one whole business cycle");
	} else {
		answer(q, GATE_READY, "the window holds one whole business cycle");
	}
	return true;
}

/* ---- what happened in it ---- */

/* Of what must have been seen often enough. Zero in an empty window is not known. */
static bool ask_least(Question *q, uint64_t value, uint64_t wanted, const char *ready,
		      const char *not_ready)
{
	if (value == GATE_NOT_ASKED)
		return false;
	show_count(q, value, "at least", wanted);
	if (wanted == 0)
		answer(q, GATE_READY, "not asked for");
	else if (value == GATE_NOT_KNOWN || q->f->window == 0)
		answer(q, GATE_UNKNOWN, "without a window nobody knows");
	else
		answer(q, value >= wanted ? GATE_READY : GATE_NOT_READY, "%s",
		       value >= wanted ? ready : not_ready);
	return true;
}

static bool ask_starts(Question *q)
{
	return ask_least(q, q->f->starts, q->t->starts,
			 "it was watched from the start often enough",
			 "what a program calls at its start is seen only when it starts while"
			 " seccompd watches: restart it");
}

static bool ask_stops(Question *q)
{
	return ask_least(
		q, q->f->graceful_stops, q->t->graceful_stops,
		"it was seen to end by itself or on SIGTERM",
		"what it calls at a graceful stop was not seen: stop it and start it again");
}

static bool ask_execs(Question *q)
{
	return ask_least(q, q->f->execs, q->t->execs, "a program was run in it from outside",
			 "no call of a program that was run in it from outside (exec, health"
			 " probe) was seen; if nobody does that, set GateExecs=0");
}

static bool ask_spread(Question *q)
{
	uint64_t value = MAX(q->f->replicas, q->f->hosts);

	if (q->f->heuristic && q->t->replicas > 1) {
		show_count(q, value, "at least", q->t->replicas);
		answer(q, GATE_UNKNOWN,
		       "its instances were joined by a guess from their names, so they do not"
		       " count as replicas: name it in a [workload] section");
		return true;
	}
	return ask_least(q, value, q->t->replicas, "it was seen on enough hosts or as replicas",
			 "fewer ran side by side; if there is only ever one, set GateReplicas=1");
}

static bool ask_hosts(Question *q)
{
	const GateFigures *f = q->f;

	if (f->fleet == 0)
		return false;
	snprintf(q->c->value, sizeof(q->c->value), "%" PRIu64 " of %" PRIu64 " report",
		 f->fleet - MIN(f->silent, f->fleet), f->fleet);
	show_threshold(q, "all, under one filter");
	if (f->silent > 0)
		answer(q, GATE_UNKNOWN,
		       "hosts that ran it tell nothing any more, and that is no good news: %s",
		       f->silents);
	else if (f->doubled)
		answer(q, GATE_UNKNOWN,
		       "two machines write under one ledger's id, so what is whose nobody knows");
	else if (f->others > 0)
		answer(q, GATE_UNKNOWN, "%" PRIu64 " hosts run it under another filter now",
		       f->others);
	else
		answer(q, GATE_READY,
		       "each host that ran it reports, and runs it under this filter");
	return true;
}

static bool ask_lifetimes(Question *q)
{
	return ask_least(q, q->f->lifetimes, q->t->kill_lifetimes,
			 "enough instances were watched from start to end",
			 "too few instances were watched from start to end");
}

/* Of what must not be there. */
static bool ask_none(Question *q, uint64_t value, const char *ready, const char *not_ready)
{
	if (value == GATE_NOT_ASKED)
		return false;
	show_count(q, value, "at most", 0);
	if (value == GATE_NOT_KNOWN)
		answer(q, GATE_UNKNOWN, "nobody could count them: %s", not_ready);
	else
		answer(q, value == 0 ? GATE_READY : GATE_NOT_READY, "%s",
		       value == 0 ? ready : not_ready);
	return true;
}

static bool ask_variants(Question *q)
{
	return ask_none(
		q, q->f->window == 0 ? GATE_NOT_KNOWN : q->f->variants_unseen,
		"each runtime version, kernel and architecture in use was seen to start it",
		"a runtime version, kernel or architecture in use was not seen to start it");
}

static bool ask_undecided(Question *q)
{
	return ask_none(q, q->f->undecided, "no call waits for a person's decision",
			"calls wait for a person's decision: seccompctl review asks for them");
}

static bool ask_arguments(Question *q)
{
	return ask_none(
		q, q->f->arguments, "no call waits for a rule on its arguments",
		"the profile filters arguments of calls that were seen: a person must look");
}

static bool ask_unknown_numbers(Question *q)
{
	return ask_none(q, q->f->unknown_numbers, "each number that was called has a name",
			"numbers were called that nobody knows");
}

static bool ask_bad_archs(Question *q)
{
	if (q->f->bad_archs == GATE_NOT_KNOWN) {
		show_count(q, GATE_NOT_KNOWN, "at most", 0);
		answer(q, GATE_UNKNOWN,
		       "processes were killed, and without their filter nobody can say whether "
		       "for their architecture");
		return true;
	}
	return ask_none(
		q, q->f->bad_archs, "nothing was killed for its architecture",
		"processes were killed because the profile does not list their architecture");
}

static bool ask_denials(Question *q)
{
	char text[GATE_TEXT_MAX + 64] = "calls that were refused would end the process";

	if (q->f->denied[0])
		snprintf(text, sizeof(text), "calls that were refused would end the process: %s",
			 q->f->denied);
	return ask_none(q, q->f->window == 0 ? GATE_NOT_KNOWN : q->f->denials,
			"no call was refused in the window", text);
}

static bool ask_probes(Question *q)
{
	return ask_none(q, q->f->probes_unanswered,
			"calls by which programs probe the kernel have their own ERRNO rules",
			"calls by which programs probe the kernel need rules that answer ERRNO, or"
			" probing becomes death");
}

static bool ask_preflight(Question *q)
{
	return ask_none(q, q->f->preflight, "the next profile passes its checks",
			"the next profile does not pass its checks");
}

/* ---- what only the owner knows ---- */

static bool ask_exercised(Question *q)
{
	show_value(q, q->f->unexercised[0] ? q->f->unexercised : "all");
	show_threshold(q, "all of GateExercises=");
	if (q->f->unexercised[0])
		answer(q, GATE_NOT_READY,
		       "exercise these, then add them to GateExercised= of its [workload] section");
	else
		answer(q, GATE_READY,
		       "what GateExercises= lists was ticked; think of reload, log rotation,"
		       " certificate renewal, backup, migration, a full disk, a crash");
	return true;
}

static bool ask_rollback(Question *q)
{
	show_value(q, q->f->rollback_tested ? "yes" : "no");
	show_threshold(q, "yes");
	if (q->f->rollback_tested)
		answer(q, GATE_READY, "the way back was tried");
	else
		answer(q, GATE_NOT_READY,
		       "try the way back once, then set GateRollbackTested=yes; staying at errno is"
		       " a good end, too");
	return true;
}

static const struct {
	const char *name;
	unsigned targets;
	bool (*ask)(Question *q); /* false: left out */
} criteria[] = {
#define ERRNO (1U << GATE_TO_ERRNO)
#define KILL (1U << GATE_TO_KILL)
	{ "stage", ERRNO | KILL, ask_stage },
	{ "visible", ERRNO | KILL, ask_visible },
	{ "attribution", ERRNO | KILL, ask_seen },
	{ "complete", ERRNO | KILL, ask_complete },
	{ "hosts", ERRNO | KILL, ask_hosts },
	{ "loss-observable", ERRNO | KILL, ask_loss_seen },
	{ "quiet", ERRNO | KILL, ask_quiet },
	{ "cycle", ERRNO | KILL, ask_cycle },
	{ "starts", ERRNO, ask_starts },
	{ "graceful-stops", ERRNO, ask_stops },
	{ "execs", ERRNO, ask_execs },
	{ "exercised", ERRNO, ask_exercised },
	{ "spread", ERRNO, ask_spread },
	{ "variants", ERRNO | KILL, ask_variants },
	{ "decided", ERRNO | KILL, ask_undecided },
	{ "arguments", ERRNO | KILL, ask_arguments },
	{ "unknown-numbers", ERRNO | KILL, ask_unknown_numbers },
	{ "architectures", ERRNO | KILL, ask_bad_archs },
	{ "denials", KILL, ask_denials },
	{ "lifetimes", KILL, ask_lifetimes },
	{ "probes", KILL, ask_probes },
	{ "rollback", KILL, ask_rollback },
	{ "preflight", ERRNO | KILL, ask_preflight },
};
_Static_assert(ELEMENTSOF(criteria) <= GATE_CRITERIA_MAX, "they all fit into a report");

void gate_decide(const GateFigures *f, const GateThresholds *t, GateTarget target, GateReport *ret)
{
	*ret = (GateReport){ .target = target, .verdict = GATE_READY };
	for (size_t i = 0; i < ELEMENTSOF(criteria); i++) {
		GateCriterion *c = &ret->criteria[ret->n];
		Question q = { f, t, target, c };

		if (!(criteria[i].targets & (1U << target)) || !criteria[i].ask(&q))
			continue;
		c->name = criteria[i].name;
		ret->verdict = MAX(ret->verdict, c->verdict);
		ret->n++;
	}
}

const char *gate_verdict_name(GateVerdict v)
{
	static const char *const names[_GATE_VERDICT_MAX] = { "ready", "not-ready", "unknown" };

	return v < _GATE_VERDICT_MAX ? names[v] : "unknown";
}

static const char *const target_names[_GATE_TARGET_MAX] = { "errno", "kill" };

const char *gate_target_name(GateTarget t)
{
	return t < _GATE_TARGET_MAX ? target_names[t] : "";
}

int gate_target_parse(const char *word, GateTarget *ret)
{
	for (unsigned i = 0; i < _GATE_TARGET_MAX; i++)
		if (strcmp(word, target_names[i]) == 0) {
			*ret = (GateTarget)i;
			return 0;
		}
	return -EINVAL;
}
