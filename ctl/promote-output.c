/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "ctl/next-step.h"
#include "ctl/promote-output.h"
#include "ctl/shown-lines.h"
#include "profile/diff.h"

static int put(Span text, FILE *f)
{
	return text.n == 0 || fwrite(text.p, 1, text.n, f) == text.n ? 0 : -EIO;
}

static int make_diff(Span before, Span after, const char *path, Buffer *b)
{
	const char *label = path ?: "profile.json";

	/* No reader of diffs would find a file again whose name has control characters. */
	for (const char *p = label; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			label = "profile.json";
	return diff_unified(before, after, label, label, b);
}

int promote_write_diff(Span before, Span after, const char *path, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r = make_diff(before, after, path, &b);

	return r < 0 ? r : put(buffer_span(&b), f);
}

int promote_show_diff(Span before, Span after, const char *path, FILE *f)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r = make_diff(before, after, path, &b);

	return r < 0 ? r : shown_lines(buffer_span(&b), f);
}

static int print_diff(const PromoteView *v, FILE *f)
{
	return v->refused ? 0 : promote_write_diff(v->before, v->after, v->path, f);
}

static int print_profile(const PromoteView *v, FILE *f)
{
	return v->refused ? 0 : put(v->after, f);
}

/* ---- JSON ---- */

static int criterion_json(const GateCriterion *c, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "criterion", c->name);
	json_line_str(j, "verdict", gate_verdict_name(c->verdict));
	json_line_str(j, "value", c->value);
	json_line_str(j, "threshold", c->threshold);
	json_line_str(j, "reason", c->sentence);
	return json_line_write(j, f);
}

static int remark_json(const PromoteRemark *r, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "check", r->check);
	json_line_str(j, "kind", promote_kind_name(r->kind));
	json_line_str(j, "message", r->text);
	return json_line_write(j, f);
}

static int loss_json(const PromoteLoss *loss, FILE *f)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "loses", loss->name);
	json_line_str(j, "arch", arch_name(loss->arch));
	json_line_int(j, "nr", loss->nr);
	json_line_uint(j, "count", loss->count);
	json_line_str(j, "answer", action_name(action_of_code(loss->answer)));
	json_line_bool(j, "doubtful", loss->doubtful);
	return json_line_write(j, f);
}

void promote_next(const PromoteView *v, Buffer *out)
{
	next_step(v->workload, v->written ?: v->applied ? v->path : NULL, out);
}

static int summary_json(const PromoteView *v, FILE *f)
{
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const Promotion *p = v->promotion;

	json_line_bool(j, "summary", true);
	json_line_str(j, "workload", v->workload->name);
	json_line_str(j, "profile", v->path);
	json_line_str(j, "from", stage_name(p->from));
	json_line_str(j, "to", v->target);
	json_line_bool(j, "changed", p->changed);
	json_line_bool(j, "blind", p->blind);
	json_line_str(j, "gate", v->gate ? gate_verdict_name(v->gate->verdict) : NULL);
	json_line_uint(j, "obstacles", p->n_obstacles);
	json_line_bool(j, "refused", v->refused);
	json_line_bool(j, "forced", v->forced);
	json_line_bool(j, "applied", v->applied != NULL);
	json_line_str(j, "kept", v->applied);
	json_line_uint(j, "evaluated", p->evaluated);
	json_line_uint(j, "moved", p->n_moved);
	json_line_str(j, "libseccomp", p->library);
	json_line_bool(j, "assumed", p->assumed);
	if (p->changed && !v->refused)
		promote_next(v, &next);
	json_line_text(j, "next", buffer_span(&next));
	json_line_int(j, "exit", v->exit_code);
	return json_line_write(j, f);
}

int promote_print_json(const PromoteView *v, FILE *f)
{
	const Promotion *p = v->promotion;
	int r = 0;

	for (size_t i = 0; r == 0 && v->gate && i < v->gate->n; i++)
		r = criterion_json(&v->gate->criteria[i], f);
	for (size_t i = 0; r == 0 && i < p->n_remarks; i++)
		r = remark_json(&p->remarks[i], f);
	for (size_t i = 0; r == 0 && i < p->n_losses; i++)
		r = loss_json(&p->losses[i], f);
	return r == 0 ? summary_json(v, f) : r;
}

const PromoteFormat *promote_format_find(const char *name)
{
	static const PromoteFormat formats[] = {
		{ "report", promote_print_report },
		{ "json", promote_print_json },
		{ "diff", print_diff },
		{ "profile", print_profile },
	};

	for (size_t i = 0; i < ELEMENTSOF(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}
