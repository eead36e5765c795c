/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "evidence/ledger-host.h"
#include "suggest/applied.h"
#include "suggest/gate-figures.h"
#include "suggest/open-calls.h"
#include "suggest/stage-check.h"
#include "profile/filter.h"
#include "suggest/promote.h"
#include "suggest/suspect-sightings.h"
#include "util/text.h"

static const ProfileRule *find_rule(const Profile *p, const char *name, bool with_arguments)
{
	for (size_t i = 0; i < p->n_rules; i++) {
		const ProfileRule *rule = &p->rules[i];

		if (with_arguments && rule->n_args == 0)
			continue;
		for (size_t k = 0; k < rule->n_names; k++)
			if (strcmp(rule->names[k].text, name) == 0)
				return rule;
	}
	return NULL;
}

static uint64_t count_unanswered(const Profile *p)
{
	uint64_t n = 0;

	if (!p)
		return GATE_NOT_KNOWN;
	for (size_t i = 0; promote_probing_call(i); i++)
		n += filter_knows_name(promote_probing_call(i)) &&
		     !find_rule(p, promote_probing_call(i), false);
	return n;
}

static bool kills(Action a)
{
	return a == ACTION_KILL_PROCESS || a == ACTION_KILL_THREAD;
}

static bool stage_is(const Workload *w, const char *stage)
{
	return strcmp(w->stage, stage) == 0;
}

/* What was killed because the filter does not know its architecture; a rule may kill, too, which
 * without the filter nobody can tell. */
static void take_kill(const Profile *applied, const Sighting *s, GateFigures *f)
{
	if (!applied)
		f->bad_archs = GATE_NOT_KNOWN;
	else if (!profile_has_arch(applied, s->arch))
		f->bad_archs++;
}

/* What a rule of its own answers with an errno, such as ENOSYS to clone3, is so at every stage. */
static bool is_answered_for_good(const Profile *applied, const Sighting *s)
{
	const ProfileRule *rule = applied && s->name[0] ? find_rule(applied, s->name, false) : NULL;

	return rule && rule->action == ACTION_ERRNO && !find_rule(applied, s->name, true);
}

static bool is_denial(const Workload *w, const Window *window, const Profile *applied,
		      const Sighting *s)
{
	bool denied = s->action == ACTION_ERRNO || (kills(s->action) && !stage_is(w, "kill"));

	if (!denied || s->last < window->from)
		return false;
	return s->action != ACTION_ERRNO || !is_answered_for_good(applied, s);
}

/* A number that has no name is its own. */
static const char *name_of(const Sighting *s, char buf[static GATE_NAME_MAX])
{
	if (s->name[0])
		snprintf(buf, GATE_NAME_MAX, "%s", s->name);
	else
		snprintf(buf, GATE_NAME_MAX, "syscall %" PRId64, s->nr);
	return buf;
}

static void take_denial(const Sighting *s, GateFigures *f)
{
	size_t n = strlen(f->denied);
	char name[GATE_NAME_MAX];

	f->denials += s->count;
	/* where there is no room for one more, none is cut */
	if (n + GATE_NAME_MAX + 2 < sizeof(f->denied))
		snprintf(f->denied + n, sizeof(f->denied) - n, "%s%s", n > 0 ? ", " : "",
			 name_of(s, name));
}

/* A program's own filter proves nothing of the workload's. */
static void take_sighting(const Workload *w, const Window *window, const Profile *applied,
			  const Sighting *s, GateFigures *f)
{
	bool own = s->own_filter == s->count;

	if (strcmp(s->profile_hash, w->profile_hash) != 0 || own)
		return;
	f->execs += s->origin == ORIGIN_EXEC && s->last >= window->from;
	if (kills(s->action) && !stage_is(w, "kill"))
		take_kill(applied, s, f);
	if (is_denial(w, window, applied, s))
		take_denial(s, f);
	f->unknown_numbers += !s->name[0];
}

/* Since when nothing new was seen, and what it was; a window begins quiet. */
static usec_t last_new(const Workload *w, const Window *window, const Sightings *all,
		       char ret_name[static GATE_NAME_MAX])
{
	usec_t last = window->from;

	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->rows[i].profile_hash, w->profile_hash) == 0 &&
		    all->rows[i].first > last) {
			last = all->rows[i].first;
			name_of(&all->rows[i], ret_name);
		}
	return MIN(last, window->to);
}

static usec_t since_loss(const History *h, const Window *w)
{
	usec_t watched = 0;

	if (w->last_loss == 0)
		return UINT64_MAX;
	for (size_t i = 0; i < h->n_runs; i++)
		watched = MAX(watched, h->runs[i].to);
	/* It was still going on when the daemon last wrote. */
	return w->last_loss >= MIN(w->until, watched) ? 0 : w->until - w->last_loss;
}

static void explain(const Window *w, GateFigures *f)
{
	if (w->newest_loss)
		(void)loss_explain(w->newest_loss, w->last_loss, f->why, sizeof(f->why));
	else
		window_explain(w, f->why, sizeof(f->why));
}

static void take_window(const History *h, const WorkloadWindow *in, GateFigures *f)
{
	const Window *w = &in->window;

	/* What merely made calls was not watched: nobody knows when it ran. */
	f->observed = in->has_lifetimes ? w->observed : 0;
	f->window = in->has_lifetimes ? w->to - w->from : 0;
	f->since_loss = since_loss(h, w);
	f->started = w->started;
	f->cut_by_loss = w->cause == WINDOW_LOSS;
	f->blind_to_loss = w->blind_to_loss;
	f->starts = w->starts;
	f->graceful_stops = w->graceful_stops;
	f->replicas = w->replicas;
	f->hosts = w->hosts;
	f->lifetimes = w->lifetimes;
	f->variants_unseen = w->variants_unseen;
	explain(w, f);
}

/* ---- coverage ---- */

static int take_hour(const LedgerHour *row, void *userdata)
{
	GateView *v = userdata;

	if (v->n_hours == v->allocated_hours) {
		size_t n = v->allocated_hours ? 2 * v->allocated_hours : 64;
		LedgerHour *more = reallocarray(v->hours, n, sizeof(*more));

		if (!more)
			return -ENOMEM;
		v->hours = more;
		v->allocated_hours = n;
	}
	v->hours[v->n_hours++] = *row;
	return 0;
}

bool gate_view_counts(const GateView *v, const Sighting *s)
{
	return strcmp(s->profile_hash, v->workload->profile_hash) == 0;
}

static void find_coverage(GateView *v)
{
	CoverageInput *in = &v->coverage_input;
	usec_t quiet_from = v->window.window.to - v->figures.quiet;

	for (size_t i = 0; i < v->window.n_lifetimes; i++) {
		const LedgerLifetime *f = &v->window.lifetimes[i];

		if (!f->start_seen || strcmp(f->profile_hash, v->workload->profile_hash) != 0)
			continue;
		in->lifetimes++;
		in->quiet_lifetimes += f->from >= quiet_from;
	}
	for (size_t i = 0; i < v->sightings.n; i++) {
		const Sighting *s = &v->sightings.rows[i];

		in->once += gate_view_counts(v, s) && s->lifetimes == 1;
		in->twice += gate_view_counts(v, s) && s->lifetimes == 2;
	}
	in->quiet = v->figures.quiet;
	coverage_find(in, &v->coverage);
}

/* ---- hosts ---- */

typedef struct HostCount {
	const History *history;
	GateFigures *figures;
} HostCount;

static int count_host(const LedgerShare *row, void *userdata)
{
	const HostCount *c = userdata;
	const HistoryHost *host = history_host(c->history, row->host);
	GateFigures *f = c->figures;
	size_t n = strlen(f->silents);
	char name[GATE_TEXT_MAX / 2];

	if (!host)
		return 0;
	f->fleet++;
	f->doubled |= host->doubled;
	if (!host->silent)
		return 0;
	f->silent++;
	text_escape_to(span_of(host->name), name, sizeof(name));
	if (n + strlen(name) + 2 < sizeof(f->silents))
		snprintf(f->silents + n, sizeof(f->silents) - n, "%s%s", n > 0 ? ", " : "", name);
	return 0;
}

/* ---- all of it ---- */

void gate_view_done(GateView *v)
{
	workload_window_done(&v->window);
	sightings_done(&v->sightings);
	free(v->hours);
	*v = (GateView){ 0 };
}

static int read_rows(const GateQuery *q, GateView *v)
{
	int64_t id = q->workload->id;
	int r = workload_window_read(q->ledger, q->history, q->workload, &v->window);

	if (r == 0)
		r = sightings_read(q->ledger, id, &v->sightings);
	return r == 0 ? ledger_each_hour(q->ledger, id, 0, take_hour, v) : r;
}

static void set_figures(const GateQuery *q, const Profile *applied, GateView *v)
{
	const Workload *w = q->workload;
	const Window *window = &v->window.window;
	GateFigures *f = &v->figures;

	*f = (GateFigures){ .stage = w->stage,
			    .visibility = w->visibility,
			    .heuristic = w->heuristic,
			    .asserted = w->asserted,
			    .imported = w->imported,
			    .rollback_tested = v->policy.rollback_tested,
			    .probes_unanswered = count_unanswered(applied),
			    .preflight = GATE_NOT_ASKED };
	gate_policy_unexercised(&v->policy, f->unexercised);
	take_window(q->history, &v->window, f);
	for (size_t i = 0; i < v->sightings.n; i++)
		take_sighting(w, window, applied, &v->sightings.rows[i], f);
	/* One that the profile allows all that it does leaves no record. */
	f->execs = MAX(f->execs, f->window > 0 ? window->joins : 0);
	/* Nobody runs programs in a unit from outside. */
	if (window->kind == SUBJECT_UNIT)
		f->execs = GATE_NOT_ASKED;
	if (f->window > 0)
		f->quiet = window->to - last_new(w, window, &v->sightings, f->newest);
}

/* What waits for a person, as review would ask it. */
static int count_open(const GateQuery *q, GateView *v)
{
	const char *hash = q->workload->profile_hash;
	_cleanup_free_ char *applied = NULL;
	OpenCalls open = { 0 };
	int r = ledger_get_profile(q->ledger, hash, &applied);

	if (r == 0 || r == -ENOENT)
		r = open_calls_count(&v->sightings, hash, applied, q->risks, q->decisions, &open);

	v->figures.undecided = open.undecided;
	v->figures.arguments = open.arguments;
	return r;
}

int gate_view_read(const GateQuery *q, GateView *ret)
{
	_cleanup_(profile_freep) Profile *applied = NULL;
	_cleanup_gate_view_ GateView v = { .workload = q->workload, .policy = *q->policy };
	Contradiction contradiction;
	int r = read_rows(q, &v);

	if (r == 0)
		r = suspect_sightings(&v.policy.suspect, q->risks, &v.window, q->history->now,
				      q->decisions, &v.sightings);
	if (r == 0)
		r = applied_read(q->ledger, q->workload->profile_hash, &applied);
	if (r == 0)
		r = stage_check(q->ledger, q->workload, &contradiction);
	if (r < 0)
		return r;
	set_figures(q, applied, &v);
	v.figures.others = q->workload->others;
	v.figures.contradicted |= r > 0;
	r = q->history->n_hosts == 0 ? 0
				     : ledger_each_share(q->ledger, q->workload->id, count_host,
							 &(HostCount){ q->history, &v.figures });
	if (r == 0 && !q->skip_open)
		r = count_open(q, &v);
	if (r < 0)
		return r;
	find_coverage(&v);
	*ret = v;
	v = (GateView){ 0 };
	return 0;
}

void gate_view_decide(GateView *v, GateTarget target)
{
	gate_decide(&v->figures, &v->policy.thresholds, target, &v->report);
}
