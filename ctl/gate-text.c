/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "ctl/evidence.h"
#include "ctl/gate-text.h"
#include "ctl/moment.h"
#include "ctl/runtime-version.h"
#include "ctl/table.h"
#include "util/text.h"

#define NAMES_SHOWN 12
#define HOURS_SHOWN 48
#define LOSSES_SHOWN 64 /* the newest */

/* ---- for programs ---- */

static int criterion_json(const GateCriterion *c, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "criterion", c->name);
	json_line_str(j, "value", c->value);
	json_line_str(j, "threshold", c->threshold);
	json_line_str(j, "verdict", gate_verdict_name(c->verdict));
	json_line_str(j, "reason", c->sentence);
	return json_line_write(j, f);
}

static void window_json(const GateView *v, JsonLine *j)
{
	const Window *w = &v->window.window;
	JsonLine *o = json_line_object(j, "window");
	bool is = v->figures.window > 0;

	json_line_time(o, "from", is ? w->from : 0);
	json_line_time(o, "to", is ? w->to : 0);
	json_line_str(o, "reason", v->figures.why);
	json_line_uint(o, "observed_us", v->figures.observed);
	json_line_uint(o, "complete_us", v->window.has_lifetimes ? w->complete : 0);
	json_line_uint(o, "starts", w->starts);
	json_line_uint(o, "graceful_stops", w->graceful_stops);
	json_line_uint(o, "killed", w->killed);
	json_line_uint(o, "failed", w->failed);
	json_line_uint(o, "lifetimes", w->lifetimes);
	json_line_uint(o, "running", w->running);
	if (v->figures.execs == GATE_NOT_ASKED)
		json_line_null(o, "execs");
	else
		json_line_uint(o, "execs", v->figures.execs);
	json_line_uint(o, "replicas", w->replicas);
	json_line_uint(o, "hosts", w->hosts);
	json_line_uint(o, "runtime_versions", w->runtime_versions);
	json_line_uint(o, "kernels", w->kernels);
	json_line_uint(o, "architectures", w->machines);
}

/* Per million, since the objects hold whole numbers. */
static void share_json(JsonLine *j, const char *key, double share)
{
	if (share < 0)
		json_line_null(j, key);
	else
		json_line_uint(j, key, (uint64_t)(share * 1e6 + 0.5));
}

static void coverage_json(const GateView *v, JsonLine *j)
{
	JsonLine *o = json_line_object(j, "coverage"), *names;

	json_line_uint(o, "lifetimes", v->coverage_input.lifetimes);
	json_line_uint(o, "seen_once", v->coverage_input.once);
	json_line_uint(o, "seen_twice", v->coverage_input.twice);
	share_json(o, "next_new_ppm", v->coverage.next_new);
	share_json(o, "lifetime_bound_ppm", v->coverage.lifetime_bound);
	share_json(o, "day_bound_ppm", v->coverage.day_bound);
	if (v->coverage.unseen_least < 0)
		json_line_null(o, "unseen_least");
	else
		json_line_uint(o, "unseen_least", (uint64_t)v->coverage.unseen_least);
	names = json_line_array(o, "once");
	for (size_t i = 0; i < v->sightings.n; i++)
		if (gate_view_counts(v, &v->sightings.rows[i]) &&
		    v->sightings.rows[i].lifetimes == 1)
			json_line_str(names, NULL, known(v->sightings.rows[i].name) ?: "(unknown)");
	json_line_str(o, "caveat", coverage_caveat());
}

static void hours_json(const GateView *v, JsonLine *j)
{
	JsonLine *array = json_line_array(j, "hours");

	for (size_t i = 0; i < v->n_hours; i++) {
		JsonLine *o = json_line_object(array, NULL);

		json_line_time(o, "from", v->hours[i].from);
		json_line_uint(o, "new", v->hours[i].sightings);
		json_line_uint(o, "records", v->hours[i].records);
		json_line_uint(o, "observed_us", v->hours[i].observed);
		json_line_uint(o, "complete_us", v->hours[i].complete);
	}
}

static void losses_json(const GateView *v, JsonLine *j)
{
	JsonLine *array = json_line_array(j, "losses");
	size_t n = v->window.n_losses, first = n > LOSSES_SHOWN ? n - LOSSES_SHOWN : 0;

	for (size_t i = first; i < n; i++) {
		const LedgerLoss *loss = &v->window.losses[i];
		JsonLine *o = json_line_object(array, NULL);

		json_line_str(o, "kind", loss->kind);
		json_line_bool(o, "own", loss->workload != 0);
		json_line_time(o, "from", loss->from);
		json_line_time(o, "to", loss->to);
		if (loss->count == LEDGER_COUNT_UNKNOWN)
			json_line_null(o, "count");
		else
			json_line_uint(o, "count", loss->count);
	}
}

int gate_print_json(const GateView *v, int exit_code, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->report.n; i++)
		r = criterion_json(&v->report.criteria[i], f);
	json_line_bool(j, "summary", true);
	json_line_str(j, "workload", v->workload->name);
	json_line_str(j, "profile", known(v->workload->profile_hash));
	json_line_str(j, "to", gate_target_name(v->report.target));
	json_line_str(j, "verdict", gate_verdict_name(v->report.verdict));
	json_line_bool(j, "accept_unobservable_loss",
		       v->policy.thresholds.accept_unobservable_loss);
	window_json(v, j);
	coverage_json(v, j);
	hours_json(v, j);
	losses_json(v, j);
	json_line_uint(j, "losses_of_others", v->window.n_others);
	json_line_int(j, "exit", exit_code);
	return r == 0 ? json_line_write(j, f) : r;
}

/* ---- for people ---- */

static const TableColumn columns[] = {
	{ "CRITERION", false }, { "VALUE", false },  { "WANTED", false },
	{ "VERDICT", false },   { "REASON", false },
};

static TableTone verdict_tone(GateVerdict v)
{
	static const TableTone tones[_GATE_VERDICT_MAX] = { TONE_GOOD, TONE_WARN, TONE_BAD };

	return tones[v];
}

static int print_criteria(const GateReport *report, bool color, FILE *f)
{
	char text[2 * GATE_TEXT_MAX];
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));

	for (size_t i = 0; i < report->n; i++) {
		const GateCriterion *c = &report->criteria[i];

		table_cell(t, span_of(c->name), TONE_PLAIN);
		table_cell(t, span_of(c->value), TONE_PLAIN);
		table_cell(t, span_of(c->threshold), TONE_DIM);
		table_cell(t, span_of(gate_verdict_name(c->verdict)), verdict_tone(c->verdict));
		table_cell(t, span_of(moment_sentence(c->sentence, ctl_now(), text, sizeof(text))),
			   TONE_PLAIN);
	}
	return table_print(t, f, color);
}

static void print_window(const GateView *v, FILE *f)
{
	const Window *w = &v->window.window;
	char observed[32], complete[32], window[32], why[GATE_TEXT_MAX];

	fprintf(f, "\nWatched for %s, %s of it without a loss; the window is of %s (%s).\n",
		clock_format_span(v->figures.observed, observed, sizeof(observed)),
		clock_format_span(v->window.has_lifetimes ? w->complete : 0, complete,
				  sizeof(complete)),
		clock_format_span(v->figures.window, window, sizeof(window)),
		moment_sentence(v->figures.why, ctl_now(), why, sizeof(why)));
	fprintf(f,
		"In it: %" PRIu64 " %s, %" PRIu64 " graceful %s, %" PRIu64 " killed, %" PRIu64
		" failed, %" PRIu64 " watched from start to end.\n",
		w->starts, text_plural(w->starts, "start", "starts"), w->graceful_stops,
		text_plural(w->graceful_stops, "stop", "stops"), w->killed, w->failed,
		w->lifetimes);
}

/* What a change of begins the window anew. */
static void print_ran_on(const GateView *v, FILE *f)
{
	const LedgerLifetime *at = v->window.window.present;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char text[512];

	if (!at || !at->kernel[0])
		return;
	if (at->kind == SUBJECT_CONTAINER)
		runtime_tell_versions(at->runtime_version, &b);
	buffer_printf(&b, "libseccomp %s, Linux %s, %s", at->libseccomp, at->kernel, at->machine);
	fprintf(f, "The newest instance: %s.\n",
		text_escape_to(buffer_span(&b), text, sizeof(text)));
}

static void print_others(const GateView *v, FILE *f)
{
	if (v->window.n_others > 0)
		fprintf(f,
			"Not held against it: %" PRIu64 " %s with records of processes that"
			" could not be named.\nBy its filter it made none of them.\n",
			v->window.n_others,
			text_plural(v->window.n_others, "stretch", "stretches"));
}

static void print_once(const GateView *v, FILE *f)
{
	char name[4 * SYSCALL_NAME_MAX];
	size_t shown = 0;

	if (v->coverage_input.once == 0)
		return;
	fprintf(f, "Seen in one instance only, look at these first:");
	for (size_t i = 0; i < v->sightings.n && shown < NAMES_SHOWN; i++) {
		const Sighting *s = &v->sightings.rows[i];

		if (!gate_view_counts(v, s) || s->lifetimes != 1)
			continue;
		fprintf(f, "%s %s", shown++ > 0 ? "," : "",
			text_escape_to(span_of(known(s->name) ?: "(unknown)"), name, sizeof(name)));
	}
	fprintf(f, "%s\n", v->coverage_input.once > shown ? " ..." : ".");
}

static void print_curve(const GateView *v, FILE *f)
{
	size_t first = v->n_hours > HOURS_SHOWN ? v->n_hours - HOURS_SHOWN : 0;

	if (v->n_hours == 0)
		return;
	fprintf(f, "New calls per hour%s:", first > 0 ? ", the last ones" : "");
	for (size_t i = first; i < v->n_hours; i++)
		fprintf(f, " %" PRIu64, v->hours[i].sightings);
	fprintf(f, "\n");
}

static void print_coverage(const GateView *v, FILE *f)
{
	const Coverage *c = &v->coverage;

	print_once(v, f);
	print_curve(v, f);
	if (c->next_new >= 0)
		fprintf(f,
			"Coverage: by what was seen once, %.0f %% of further instances show "
			"something"
			" new,\nand at least %.0f more calls are still to come.\n",
			100 * c->next_new, c->unseen_least);
	if (c->lifetime_bound >= 0)
		fprintf(f,
			"%" PRIu64 " %s without anything new %s that only at %.1f %% per"
			" instance.\n",
			v->coverage_input.quiet_lifetimes,
			text_plural(v->coverage_input.quiet_lifetimes, "instance", "instances"),
			text_plural(v->coverage_input.quiet_lifetimes, "bounds", "bound"),
			100 * c->lifetime_bound);
	if (c->day_bound >= 0)
		fprintf(f, "The quiet days bound it only at %.1f %% per day.\n",
			100 * c->day_bound);
	fprintf(f, "%s\n", coverage_caveat());
}

static void print_verdict(const GateView *v, bool color, FILE *f)
{
	static const char *const texts[_GATE_VERDICT_MAX] = {
		[GATE_READY] = "Ready",
		[GATE_NOT_READY] = "Not ready",
		[GATE_UNKNOWN] = "Unknown: the evidence does not say",
	};
	TableTone tone = verdict_tone(v->report.verdict);
	char name[4 * WORKLOAD_NAME_MAX];

	fprintf(f, "\n%s%s%s (%s to %s).\n", table_tone_begin(tone, color),
		texts[v->report.verdict], table_tone_end(tone, color),
		text_escape_to(span_of(v->workload->name), name, sizeof(name)),
		gate_target_name(v->report.target));
	if (v->policy.thresholds.accept_unobservable_loss)
		fprintf(f, "AcceptUnobservableLoss=yes is set: records that the kernel dropped"
			   " itself may be missing.\n");
}

int gate_print_text(const GateView *v, bool color, FILE *f)
{
	int r = print_criteria(&v->report, color, f);

	if (r < 0)
		return r;
	print_window(v, f);
	print_ran_on(v, f);
	print_others(v, f);
	print_coverage(v, f);
	print_verdict(v, color, f);
	return 0;
}
