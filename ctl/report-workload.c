/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The page of one workload: what it comes to, and then the parts. */
#include <inttypes.h>
#include <string.h>

#include "ctl/allowed.h"
#include "ctl/report.h"
#include "evidence/ledger-replay.h"
#include "profile/stage.h"
#include "util/text.h"

const char *report_stage_word(const Workload *w)
{
	return applied_profile_is_none(w->profile_hash) ? "unconfined"
							: known(w->stage) ?: "not known";
}

ReportTone report_verdict_tone(GateVerdict v)
{
	static const ReportTone tones[_GATE_VERDICT_MAX] = {
		[GATE_READY] = REPORT_GOOD,
		[GATE_NOT_READY] = REPORT_WARN,
		[GATE_UNKNOWN] = REPORT_UNKNOWN,
	};

	return tones[v];
}

ReportTone report_risk_tone(Risk r)
{
	static const ReportTone tones[_RISK_MAX] = {
		[RISK_LOW] = REPORT_PLAIN,
		[RISK_MEDIUM] = REPORT_WARN,
		[RISK_HIGH] = REPORT_BAD,
		[RISK_CRITICAL] = REPORT_BAD,
	};

	return tones[r];
}

/* ---- the head ---- */

static void put_stages(const Report *r, Buffer *b)
{
	static const Stage stages[] = { STAGE_LOG, STAGE_ERRNO, STAGE_KILL };
	static const char *const words[] = { "LOG", "ERRNO", "KILL" };

	buffer_add_str(b, "<ol class=\"stages\" aria-label=\"Stage of the profile\">");
	for (size_t i = 0; i < ELEMENTSOF(stages); i++)
		buffer_printf(b, "<li%s>%s</li>",
			      strcmp(r->workload->stage, stage_name(stages[i])) == 0
				      ? " aria-current=\"step\""
				      : "",
			      words[i]);
	buffer_add_str(b, "</ol>");
}

static void put_visibility(const Workload *w, Buffer *b)
{
	static const struct {
		const char *word;
		ReportTone tone;
		const char *text;
	} looks[] = {
		{ "full", REPORT_GOOD, "every refused call is seen" },
		{ "partial", REPORT_WARN, "some refused calls leave no record" },
		{ "blind", REPORT_BAD, "blind: refused calls leave no record" },
	};

	for (size_t i = 0; i < ELEMENTSOF(looks); i++)
		if (strcmp(w->visibility, looks[i].word) == 0) {
			report_badge(b, looks[i].tone, looks[i].text);
			return;
		}
	report_badge(b, REPORT_UNKNOWN, "what its filter hides is not known");
}

static void put_badges(const Report *r, Buffer *b)
{
	const Workload *w = r->workload;

	buffer_add_str(b, "<div class=\"badges\">");
	put_stages(r, b);
	if (!known(w->stage) || strcmp(w->stage, stage_name(STAGE_OTHER)) == 0)
		report_badge(b, REPORT_WARN,
			     applied_profile_is_none(w->profile_hash) ? "unconfined: no filter"
								      : "stage not known");
	put_visibility(w, b);
	report_badge(b, r->complete ? REPORT_GOOD : REPORT_UNKNOWN,
		     r->complete ? "evidence complete" : "evidence incomplete");
	if (r->gate.figures.contradicted)
		report_badge(b, REPORT_WARN, "records contradict the stage");
	if (w->heuristic)
		report_badge(b, REPORT_WARN, "instances joined by a guess");
	if (w->asserted)
		report_badge(b, REPORT_WARN, "asserted by a person");
	buffer_add_str(b, "</div>\n");
}

static size_t count_verdicts(const GateReport *g, GateVerdict v)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += g->criteria[i].verdict == v;
	return n;
}

static void put_gate_sentence(const Report *r, Buffer *b)
{
	const GateReport *g = &r->gate.report;
	size_t not_ready = count_verdicts(g, GATE_NOT_READY);
	size_t unknown = count_verdicts(g, GATE_UNKNOWN);
	const char *to = r->target == GATE_TO_KILL ? "KILL" : "ERRNO";

	if (r->no_gate) {
		buffer_add_str(b, "<b>No gate</b>: ");
		html_str(b, r->no_gate);
		buffer_add_str(b, ". ");
		return;
	}
	switch (g->verdict) {
	case GATE_READY:
		buffer_printf(b, "<b>Ready for %s</b>: all %zu criteria are met. ", to, g->n);
		return;
	case GATE_NOT_READY:
		buffer_printf(b, "<b>Not ready for %s</b>: %zu of %zu criteria %s not met. ", to,
			      not_ready, g->n, text_plural(not_ready, "is", "are"));
		return;
	default:
		buffer_printf(b,
			      "<b>Unknown whether it is ready for %s</b>: of %zu criteria %zu "
			      "cannot be judged, and %zu %s not met. ",
			      to, g->n, unknown, not_ready, text_plural(not_ready, "is", "are"));
	}
}

static size_t count_open(const Report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_calls; i++)
		n += r->calls[i].advice && r->calls[i].advice->open;
	return n;
}

/* Silence is never good news by itself. */
static void put_calls_sentence(const Report *r, Buffer *b)
{
	size_t open = count_open(r);

	if (r->n_calls == 0)
		buffer_add_str(b, "No call outside of the profile was recorded, which by itself is "
				  "no sign that the profile fits. ");
	else
		buffer_printf(b, "%zu %s outside of the profile %s recorded", r->n_calls,
			      text_plural(r->n_calls, "call", "calls"),
			      text_plural(r->n_calls, "was", "were"));
	if (r->n_calls > 0 && open > 0)
		buffer_printf(b, "; %zu %s for a person", open, text_plural(open, "waits", "wait"));
	buffer_add_str(b, r->n_calls > 0 ? ". " : "");
}

static void put_lead(const Report *r, Buffer *b)
{
	buffer_add_str(b, "<p class=\"lead\">");
	put_gate_sentence(r, b);
	put_calls_sentence(r, b);
	if (r->complete) {
		buffer_add_str(b, "Nothing is known to be missing.");
	} else {
		buffer_add_str(b, "The evidence is incomplete: ");
		html_sentence(b, r->why);
		buffer_add_str(b, ".");
	}
	buffer_add_str(b, "</p>\n");
}

/* "seccompctl VERB WORKLOAD", with the options that this was called with; all of it is quoted. */
static void put_words(const Report *r, const char *verb, Buffer *b)
{
	html_safe(b, span_of(r->ctl->command));
	html_printf(b, " %s ", verb);
	html_shell_word(b, span_of(r->workload->name));
}

/* The files of a unit are systemd's to know. */
void report_suggest_command(const Report *r, Buffer *b)
{
	const char *path = r->advice.path;
	bool is_file = path && strcmp(path, "-") != 0;

	put_words(r, "suggest", b);
	if (span_starts(span_of(r->workload->name), SPAN_LIT("unit:")))
		return;
	buffer_add_str(b, " --profile ");
	html_shell_word(b, span_of(is_file ? path : "FILE"));
}

static void put_command(const Report *r, const char *words, const char *options, Buffer *b)
{
	buffer_add_str(b, "<pre>");
	put_words(r, words, b);
	if (options)
		html_printf(b, " %s", options);
	buffer_add_str(b, "</pre>");
}

/* One thing, the most useful one. */
static void put_next(const Report *r, Buffer *b)
{
	const Suggestion *s = r->advice.suggestion;
	const Workload *w = r->workload;
	bool seen = strcmp(w->visibility, visibility_name(VISIBILITY_FULL)) == 0;

	buffer_add_str(b, "<div class=\"next\"><b>Next</b>: ");
	if (count_open(r) > 0) {
		buffer_add_str(b, "decide about the calls that wait for a person.");
		put_command(r, "review", NULL, b);
	} else if (s && s->patched) {
		buffer_add_str(b, "take the patch, then start anew what runs under it.");
		buffer_add_str(b, "<pre>");
		report_suggest_command(r, b);
		buffer_add_str(b, "</pre>");
	} else if (!seen && !r->no_gate) {
		buffer_add_str(b, "run an instance of it under a profile that logs, so that what "
				  "is refused can be seen.");
		put_command(r, "promote", "--to log", b);
	} else if (!r->no_gate && r->gate.report.verdict == GATE_READY) {
		buffer_add_str(b, "move its profile to the next stage.");
		put_command(r, "promote",
			    r->target == GATE_TO_KILL ? "--to kill --profile FILE"
						      : "--to errno --profile FILE",
			    b);
	} else if (strcmp(w->stage, stage_name(STAGE_KILL)) == 0) {
		buffer_add_str(b, "nothing is to be done: it is at the last stage.");
	} else {
		buffer_add_str(b, r->complete ? "nothing is to be done; let it run."
					      : "let it run until the evidence is complete.");
	}
	buffer_add_str(b, "</div>\n");
}

static void put_figures(const Report *r, Buffer *b)
{
	const GateFigures *f = &r->gate.figures;
	_cleanup_buffer_ Buffer n = BUFFER_NULL;
	char text[64], ago[32];

	buffer_add_str(b, "<dl class=\"figures\">\n");
	snprintf(text, sizeof(text), "%zu", r->n_calls);
	report_figure(b, "Calls outside of the profile", text, "different ones");
	html_count(&n, r->workload->records);
	report_figure(b, "Records", n.p ?: "0",
		      r->workload->last
			      ? clock_format_ago(r->workload->last, r->now, ago, sizeof(ago))
			      : "never");
	report_figure(b, "Watched for", clock_format_span(f->observed, text, sizeof(text)),
		      f->observed ? "while an instance ran"
				  : "not watched: nothing is known of it");
	report_figure(b, "Without a loss", clock_format_span(f->window, text, sizeof(text)),
		      f->why);
	report_figure(b, "Nothing new for", clock_format_span(f->quiet, text, sizeof(text)),
		      f->newest);
	snprintf(text, sizeof(text), "%" PRIu64, f->starts);
	report_figure(b, "Starts watched", text, "within that time");
	buffer_add_str(b, "</dl>\n");
}

static const char nav[] =
	"<nav aria-label=\"Parts\"><a href=\"#gate\">Gate</a><a href=\"#curve\">Discovery</a>"
	"<a href=\"#hours\">Hours</a><a href=\"#calls\">Calls</a><a href=\"#denied\">Denied</a>"
	"<a href=\"#patch\">Patch</a><a href=\"#loss\">Loss and blind spots</a></nav>\n";

void report_head(const Report *r, Buffer *b)
{
	buffer_add_str(b, "<div class=\"top\">\n<div><p class=\"kind\">Seccomp report</p><h1>");
	html_name(b, span_of(r->workload->name));
	buffer_add_str(b, "</h1></div>\n");
	put_badges(r, b);
	put_lead(r, b);
	put_next(r, b);
	buffer_add_str(b, nav);
	buffer_add_str(b, "</div>\n");
	put_figures(r, b);
}

/* ---- what it is ---- */

static void put_fact(Buffer *b, const char *label, const char *value)
{
	if (!known(value))
		return;
	buffer_add_str(b, "<dt>");
	html_str(b, label);
	buffer_add_str(b, "</dt><dd>");
	html_name(b, span_of(value));
	buffer_add_str(b, "</dd>\n");
}

static int put_facts(const Report *r, Buffer *b)
{
	const Workload *w = r->workload;
	Allowed allowed;
	int q = allowed_read(&r->evidence, w, &allowed);

	if (q < 0)
		return q;
	report_section_begin(b, "about", "What it is", NULL);
	buffer_add_str(b, "<dl class=\"facts\">\n");
	put_fact(b, "Workload", w->name);
	put_fact(b, "Runtime", w->runtime);
	put_fact(b, "Container", w->container_name);
	put_fact(b, "Image", w->image);
	put_fact(b, "Stage", report_stage_word(w));
	put_fact(b, "Visibility", known(w->visibility) ?: "not known");
	put_fact(b, "Applied filter", w->profile_hash);
	put_fact(b, "Asked for", w->profile_source);
	put_fact(b, "Profile's file", r->advice.path);
	put_fact(b, "Ledger", r->ctl->ledger_path);
	if (allowed.calls >= 0)
		buffer_printf(b,
			      "<dt>Allows</dt><dd>%d calls; Docker's default profile allows %d to "
			      "a container with its capabilities</dd>\n",
			      allowed.calls, allowed.docker);
	buffer_add_str(b, "</dl>\n");
	report_section_end(b);
	return 0;
}

int report_workload(const Report *r, Buffer *b)
{
	_cleanup_buffer_ Buffer title = BUFFER_NULL;
	int q;

	buffer_printf(&title, "%s: seccomp report", r->workload->name);
	q = buffer_error(&title) ?: report_page_begin(b, buffer_span(&title));
	if (q < 0)
		return q;
	report_head(r, b);
	report_gate(r, b);
	report_curve(r, b);
	report_hours(r, b);
	report_spans(r, b);
	report_calls(r, b);
	report_denied(r, b);
	q = report_patch(r, b);
	if (q == 0)
		q = report_loss(r, b);
	if (q == 0)
		q = put_facts(r, b);
	report_page_end(b, r->now);
	return q ?: buffer_error(b);
}
