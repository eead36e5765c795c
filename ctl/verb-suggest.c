/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/context.h"
#include "ctl/decisions.h"
#include "ctl/marks.h"
#include "ctl/out-file.h"
#include "ctl/past-instance.h"
#include "ctl/profile-file.h"
#include "ctl/profile-in-use.h"
#include "suggest/sightings.h"
#include "ctl/suggest-new.h"
#include "ctl/suggest-options.h"
#include "ctl/suggest-output.h"
#include "ctl/suggest-tighten.h"
#include "ctl/suggest-unit.h"
#include "profile/part.h"
#include "profile/stage.h"
#include "seccompd/exit-codes.h"
#include "suggest/suggest-unit.h"

/*
 * Offering comes first, whatever the evidence; without an offer, what cannot be known outranks what
 * a person should look at, because looking at the wrong list helps nobody.
 */
static int exit_code(const Suggestion *s, bool complete)
{
	if (s->patched)
		return SECCOMPD_EXIT_FINDINGS;
	if (!complete)
		return SECCOMPD_EXIT_UNKNOWN;
	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].advice != ADVICE_ALLOW &&
		    s->calls[i].advice != ADVICE_KEEP_DENIED &&
		    !suggest_call_is_foreign(&s->calls[i]))
			return SECCOMPD_EXIT_FINDINGS;
	return SECCOMPD_EXIT_OK;
}

static int write_patched(const SuggestOptions *o, SuggestView *v)
{
	const Suggestion *s = v->suggestion;
	int r;

	if (!o->out || !s->patched)
		return 0;
	r = out_file_write("suggest", o->out, span_make(s->patched, s->n_patched));
	if (r == 0)
		v->written = o->out;
	return r;
}

/* All of it, or nothing at all. */
static int render(const SuggestFormat *format, const SuggestView *v, Buffer *out)
{
	_cleanup_free_ char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	int r;

	r = f ? format->print(v, f) : -ENOMEM;
	if (f && fclose(f) != 0 && r == 0)
		r = -ENOMEM;
	buffer_add(out, span_make(text, n));
	r = r ?: buffer_error(out);
	return r < 0 ? ctl_fail(SECCOMPD_EXIT_INPUT, "suggest", "cannot print: %s", strerror(-r))
		     : r;
}

static int change_files(const SuggestOptions *o, SuggestView *v)
{
	int r = write_patched(o, v);

	return r == 0 && o->apply ? suggest_apply(v) : r;
}

/* Beside the output, where that does not say it. */
static void print_remarks(const SuggestOptions *o, const SuggestView *v, bool in_report)
{
	if (o->out && !v->written)
		ctl_fail(0, "suggest", "nothing is offered, so %s was not written", o->out);
	if (o->apply && !v->suggestion->patched)
		ctl_fail(0, "suggest", "nothing is offered, so %s was not changed",
			 v->profile_path);
	if (v->applied.backup && !in_report) {
		fputs("seccompctl suggest: ", stderr);
		suggest_print_applied(v, stderr);
	}
}

/* The report tells what was done; a format that cannot say this profile keeps it from being done.
 */
static int give_out(const SuggestOptions *o, SuggestView *v)
{
	const SuggestFormat *format = o->format ?: suggest_format_default();
	bool report = format == suggest_format_default();
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	r = report ? change_files(o, v) : render(format, v, &b);
	if (r == 0)
		r = report ? render(format, v, &b) : change_files(o, v);
	if (r != 0)
		return r;
	if (b.n > 0)
		(void)fwrite(b.p, 1, b.n, stdout); /* main looks whether it could */
	print_remarks(o, v, report);
	return v->exit_code;
}

/* suggest() over the part of the file that holds the profile; the patch is one of the whole file.
 */
static int suggest_part(const SuggestInput *whole, const char *at, Suggestion **ret, Diag *d)
{
	_cleanup_(suggestion_freep) Suggestion *s = NULL;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_part_ Part part = { 0 };
	SuggestInput in = *whole;
	int r;

	r = part_take(whole->profile, at, &part, d);
	if (r < 0)
		return r;
	in.profile = span_make(part.text, part.n);
	r = suggest(&in, &s, d);
	if (r == 0 && s->patched) {
		r = part_put(whole->profile, &part, span_make(s->patched, s->n_patched), &b);
		free(s->patched);
		s->n_patched = b.n;
		s->patched = r == 0 ? buffer_steal(&b) : NULL;
		if (r == 0 && !s->patched)
			r = -ENOMEM;
	}
	if (r == 0)
		*ret = STEAL(s);
	return r;
}

/* Whose profile it is, and what of the suggestion is about which file. */
typedef struct Subject {
	Span profile;              /* what is read */
	const UnitFiles *files;    /* of a unit; otherwise NULL */
	const char *path;          /* what is patched, */
	Span old;                  /* and what it is now */
	const Instance *like;      /* a container of it, whose capabilities are known, or NULL */
	const FirstProfile *first; /* of --new: it is none of the owner's; else NULL */
	const char *hash; /* the filter under which it was recorded; NULL: what it ran under last */
	Decisions decisions; /* on the workload's calls */
} Subject;

static int suggest_subject(const SuggestOptions *o, const SuggestInput *in, Subject *subject,
			   Suggestion **ret, Diag *d)
{
	if (subject->files)
		return suggest_unit(in, span_of(subject->files->unit), subject->path, ret,
				    &subject->old, d);
	return o->at ? suggest_part(in, o->at, ret, d) : suggest(in, ret, d);
}

/* A profile that is new is offered also when no call adds to it. */
static int offer_whole(Span profile, Suggestion *s)
{
	/* gcc-analyzer: who succeeds has set s */
	s->patched = span_dup(profile);
	s->n_patched = profile.n;
	return s->patched ? 0 : -ENOMEM;
}

/* In the form that all engines read. */
static Dialect new_dialect(const SuggestOptions *o, const Workload *w)
{
	Dialect d = context_dialect_of(&o->context, w);

	return d == DIALECT_SPO ? DIALECT_OCI : d;
}

/* What a suggestion is made of; it borrows all of that. */
typedef struct Work {
	Sightings sightings;
	Observed *observed;
	char *applied; /* the filter under which it was recorded, where it is known */
	RuntimeFacts facts;
	SuggestInput in;
	Suggestion *suggestion;
} Work;

static void work_done(Work *k)
{
	suggestion_free(k->suggestion);
	free(k->applied);
	free(k->observed);
	sightings_done(&k->sightings);
}

static int fail_ledger(const Ctl *ctl, const Evidence *e)
{
	return ctl_fail_ledger(ctl, "suggest", e->ledger);
}

static int read_evidence(const Ctl *ctl, const Evidence *e, const Workload *w, const char *hash,
			 Decisions decisions, Work *k)
{
	int r;

	if (sightings_read(e->ledger, w->id, &k->sightings) < 0 ||
	    marks_find(ctl, e, w, decisions, &k->sightings) < 0)
		return fail_ledger(ctl, e);
	/* Without it nothing is said of what it hid. */
	r = ledger_get_profile(e->ledger, hash, &k->applied);
	if (r < 0 && r != -ENOENT)
		return fail_ledger(ctl, e);
	k->observed = sightings_observed(&k->sightings, hash);
	return k->observed ? 0 : ctl_fail_memory("suggest");
}

static void make_input(const Ctl *ctl, const SuggestOptions *o, const Workload *w, const char *hash,
		       const Subject *subject, Work *k)
{
	const UnitFiles *unit = subject->files;

	k->in = (SuggestInput){
		.observed = k->observed,
		.n_observed = k->sightings.n,
		.profile = subject->profile,
		.dialect = subject->first ? new_dialect(o, w) : context_dialect_of(&o->context, w),
		.risks = ctl->risks,
		.decisions = subject->decisions,
		.applied = k->applied ? span_of(k->applied) : SPAN_NULL,
		.unconfined = applied_profile_is_none(hash),
		.include_marked = o->include_marked,
	};
	k->in.context = context_of_instance(&o->context, k->in.dialect, subject->like, &k->facts);
	k->in.context.groups = unit && unit->has_groups ? &unit->groups : NULL;
	k->in.library = k->facts.libseccomp;
}

static int make_suggestion(const SuggestOptions *o, const Workload *w, Subject *subject, Work *k)
{
	Diag d = { 0 };
	int r = suggest_subject(o, &k->in, subject, &k->suggestion, &d);

	/* gcc-analyzer: who succeeds has set it */
	if (r == 0 && subject->first && !k->suggestion->patched)
		r = offer_whole(subject->profile, k->suggestion);
	if (r == -ENOMEM)
		return ctl_fail_memory("suggest");
	return r < 0 ? ctl_fail_diag(SECCOMPD_EXIT_INPUT, "suggest", o->profile ?: w->name, &d) : 0;
}

static int show(const Ctl *ctl, const SuggestOptions *o, const Evidence *e, const Workload *w,
		const Subject *subject, const Work *k)
{
	SuggestView v = {
		.workload = w,
		.suggestion = k->suggestion,
		.lost = e->lost,
		.profile_path = subject->path,
		.at = o->at,
		.dialect = k->in.dialect,
		.context = k->in.context,
		.capabilities = k->facts.capabilities,
		.profile = subject->old,
		.first = subject->first,
		.color = ctl->color,
	};
	int r = workload_is_complete(ctl, e, w, v.why);

	if (r < 0)
		return fail_ledger(ctl, e);
	v.lost.overflow += w->dropped;
	v.complete = r > 0 && k->suggestion->n_unseen == 0;
	v.exit_code = exit_code(k->suggestion, v.complete);
	r = give_out(o, &v);
	file_change_done(&v.applied);
	return r;
}

static int suggest_for(const Ctl *ctl, const SuggestOptions *o, const Evidence *e,
		       const Workload *w, Subject *subject)
{
	_cleanup_(work_done) Work k = { 0 };
	const char *hash = subject->hash ?: w->profile_hash;
	int r = read_evidence(ctl, e, w, hash, subject->decisions, &k);

	if (r != 0)
		return r;
	make_input(ctl, o, w, hash, subject, &k);
	r = make_suggestion(o, w, subject, &k);
	return r == 0 ? show(ctl, o, e, w, subject, &k) : r;
}

static int tighten_for(const Ctl *ctl, const SuggestOptions *o, const Evidence *e,
		       const Workload *w, const Subject *subject)
{
	TightenRequest q = { .workload = w,
			     .path = subject->path,
			     .profile = subject->profile,
			     .dialect = context_dialect_of(&o->context, w),
			     .format = o->format ? o->format->name : "report",
			     .out = o->out,
			     .apply = o->apply };

	if (o->at || (o->format && !tighten_has_format(q.format)))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"--tighten takes no --at, and prints report, json, diff or "
				"profile");
	q.context = context_of_instance(&o->context, q.dialect, subject->like, &q.facts);
	return suggest_tighten(ctl, e, &q);
}

/* The file that was named, else the one that the workload runs under. */
static int suggest_for_file(const Ctl *ctl, SuggestOptions *o, const Evidence *e, const Workload *w,
			    Decisions decisions)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *in_use = NULL;
	_cleanup_inventory_ Inventory now = { 0 };
	_cleanup_free_ char *profile = NULL;
	Subject subject = { .decisions = decisions };
	Instance past;
	int r;

	if (o->apply && !o->profile)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"--apply changes a file: name it with --profile");
	r = inventory_read_containers(ctl, e->ledger, &now);
	if (r == 0 && !o->profile)
		r = profiles_in_use_open(ctl->profile_path, &in_use);
	if (r < 0)
		return ctl_fail_memory("suggest");
	if (!o->profile)
		o->profile =
			profiles_in_use_choose(in_use, "suggest", &now.instances, e->ledger, w);
	if (!o->profile)
		return SECCOMPD_EXIT_USAGE;
	r = out_file_check_profile("suggest", o->out, o->profile);
	if (r == 0)
		r = profile_file_read("suggest", o->profile, &profile, &subject.profile.n);
	if (r != 0)
		return r;
	subject.profile.p = profile;
	subject.old = subject.profile;
	subject.path = o->profile;
	subject.like = inventory_example(&now, w->name);
	if (!subject.like && past_instance(e->ledger, w, &past) == 0)
		subject.like = &past;
	return o->tighten ? tighten_for(ctl, o, e, w, &subject)
			  : suggest_for(ctl, o, e, w, &subject);
}

/* Without a file of the owner's. */
static int suggest_new_for(const Ctl *ctl, const SuggestOptions *o, const Evidence *e,
			   const Workload *w, Decisions decisions)
{
	_cleanup_new_profile_ NewProfile n = { 0 };
	_cleanup_inventory_ Inventory now = { 0 };
	Subject subject = { .path = o->out ?: "profile.json",
			    .old = SPAN_LIT(""),
			    .decisions = decisions };
	ProfileContext context;
	RuntimeFacts facts;
	Instance past;
	int r;

	if (inventory_read_containers(ctl, e->ledger, &now) < 0)
		return ctl_fail_memory("suggest");
	subject.like = inventory_example(&now, w->name);
	if (!subject.like && past_instance(e->ledger, w, &past) == 0)
		subject.like = &past;
	context = context_of_instance(&o->context, new_dialect(o, w), subject.like, &facts);
	r = new_profile_make(ctl, e, w, &context, &n);
	if (r != 0)
		return r;
	subject.profile = span_make(n.first.text, n.first.n);
	subject.first = &n.first;
	subject.hash = n.hash;
	return suggest_for(ctl, o, e, w, &subject);
}

static int suggest_for_unit(const Ctl *ctl, const SuggestOptions *o, const Evidence *e,
			    const Workload *w, Decisions decisions)
{
	_cleanup_unit_files_ UnitFiles files = { 0 };
	Subject subject;
	int r;

	if (o->new_profile)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"--new is for containers; a unit's first step is SystemCallLog=");
	if (o->tighten)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"--tighten is for the profiles of containers: what a unit's lists "
				"allow, nothing records");
	if (o->at || (o->format && o->format->json_only))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"%s is for profiles in JSON, and a unit has none",
				o->at ? "--at" : o->format->name);
	r = unit_files_read(w->name, o->profile, &files);
	subject = (Subject){ .profile = span_make(files.text, files.n),
			     .files = &files,
			     .path = files.dropin,
			     .decisions = decisions };
	return r != 0 ? r : suggest_for(ctl, o, e, w, &subject);
}

int verb_suggest(Ctl *ctl, int argc, char **argv)
{
	_cleanup_decision_file_ DecisionFile decisions = DECISION_FILE_NULL;
	_cleanup_evidence_ Evidence e = { 0 };
	const Workload *w;
	SuggestOptions o = { 0 };
	int r;

	r = suggest_options_parse(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	r = out_file_check(ctl, "suggest", o.out, o.profile, o.dir);
	if (r == 0)
		r = evidence_open(ctl, "suggest", &e);
	if (r != 0)
		return r;
	w = evidence_find(&e, "suggest", o.workload);
	if (!w)
		return SECCOMPD_EXIT_USAGE;
	if (strcmp(w->name, "unattributed") == 0)
		return ctl_fail(
			SECCOMPD_EXIT_USAGE, "suggest",
			"unattributed calls belong to no known workload, so no profile can be "
			"changed for them; \"seccompctl show unattributed\" lists them");
	r = decision_file_open("suggest", o.dir ?: ctl->workloads_dir, w->name, false, &decisions);
	if (r != 0)
		return r;
	if (context_dialect_of(&o.context, w) == DIALECT_SYSTEMD)
		return suggest_for_unit(ctl, &o, &e, w, decision_list_all(&decisions.list));
	if (o.new_profile)
		return suggest_new_for(ctl, &o, &e, w, decision_list_all(&decisions.list));
	return suggest_for_file(ctl, &o, &e, w, decision_list_all(&decisions.list));
}
