/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/decisions.h"
#include "ctl/out-file.h"
#include "ctl/past-instance.h"
#include "ctl/profile-file.h"
#include "ctl/promote-output.h"
#include "suggest/sightings.h"
#include "ctl/stage-record.h"
#include "ctl/stage-target.h"
#include "profile/canonical.h"
#include "profile/part.h"
#include "profile/word.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl promote WORKLOAD --to log|errno|kill|audit-all [--profile FILE]\n"
	"                   [--for DIALECT]\n"
	"                   [--at POINTER] [--output FORMAT] [-o OUT | --apply] [--force]\n\n"
	"The profile of WORKLOAD at another stage, with all that must change along, when the gate "
	"and "
	"a\n"
	"preflight say that it is time. --to log is the way in: from a profile that refuses, or "
	"from "
	"none.\n\n"
	"  --to STAGE      log, errno or kill; or audit-all, a profile for one replica that "
	"records\n"
	"                  each call, also those that are allowed, for suggest --new and "
	"--tighten\n"
	"  --profile FILE  The profile that the workload's owner keeps (default: what its runtime "
	"has "
	"loaded)\n"
	"  --for DIALECT   Who reads it: docker, podman, oci (or kubernetes) or spo (default: the\n"
	"                  workload's runtime)\n"
	"  --at POINTER    The profile is this part of FILE, such as /linux/seccomp of a "
	"config.json\n" CONTEXT_OPTION_HELP
	"  --runtime-version VER  Of another host's runtime (default: what this host's says)\n"
	"  --errno NAME    What stage errno answers (default: as before, else EPERM)\n"
	"  --output FORMAT report (default), diff, json or profile; --json and --diff are short\n"
	"  -o OUT          Write the next profile to OUT\n"
	"  --apply         Change FILE itself; what it was is kept, for demote\n"
	"  --why TEXT      Recorded with --apply\n"
	"  --force         Do it although the gate or the preflight speaks against it\n"
	"  --workloads-dir DIR  Where the history is kept (default: seccompd.conf(5))\n\n"
	"Exit status: 0 here it is, or nothing to change; 1 not now; 5 nobody can know yet.\n";

typedef struct Options {
	const char *workload, *profile, *at, *out, *why, *dir;
	ContextOptions context; /* without a dialect: the workload's */
	const PromoteFormat *format;
	uint32_t runtime_version;
	Stage to;
	int errno_ret;
	bool apply, force, audit_all;
} Options;

/* What was read, and what came of it. */
typedef struct Work {
	Evidence evidence;
	StageTarget target;
	Sightings sightings;
	Observed *observed;
	char *text; /* the file, or the canonical form of what runs; NULL: there is no filter */
	size_t n;
	Part part; /* .text NULL: the profile is all of it */
	Promotion *promotion;
	Buffer whole; /* the next file, where the profile is a part of it */
	GateReport gate;
	WorkloadFile file; /* open for a change with --apply */
	StageHistory history;
	DecisionList decisions;
	char *applied; /* where the profile of before is kept */
} Work;

static void work_done(Work *w)
{
	free(w->applied);
	decision_list_done(&w->decisions);
	stage_history_done(&w->history);
	workload_file_close(&w->file);
	buffer_done(&w->whole);
	promotion_free(w->promotion);
	part_done(&w->part);
	free(w->text);
	free(w->observed);
	sightings_done(&w->sightings);
	stage_target_done(&w->target);
	evidence_done(&w->evidence);
}

/* ---- options ---- */

static int parse_stage(const char *arg, Options *o)
{
	o->audit_all = strcmp(arg, PROMOTE_AUDIT_ALL) == 0;
	for (Stage s = STAGE_LOG; s < _STAGE_MAX; s++)
		if (strcmp(stage_name(s), o->audit_all ? stage_name(STAGE_LOG) : arg) == 0) {
			o->to = s;
			return 0;
		}
	return ctl_fail(SECCOMPD_EXIT_USAGE, "promote",
			"--to takes log, errno, kill or audit-all, not \"%s\"", arg);
}

static int parse_errno(const char *arg, int *ret)
{
	uint32_t value;

	if (word_errno(span_of(arg), &value) < 0 || value == 0 || value > PROFILE_ERRNO_MAX)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "promote",
				"--errno takes a name such as EPERM or ENOSYS, not \"%s\"", arg);
	*ret = (int)value;
	return 0;
}

static int parse_version(const char *arg, uint32_t *ret)
{
	if (context_parse_version(span_of(arg), ret) == 0)
		return 0;
	return ctl_fail(SECCOMPD_EXIT_USAGE, "promote",
			"--runtime-version takes a version such as 1.2.0, not \"%s\"", arg);
}

static int parse_format(const char *arg, const PromoteFormat **ret)
{
	*ret = promote_format_find(arg);
	if (*ret)
		return 0;
	return ctl_fail(SECCOMPD_EXIT_USAGE, "promote",
			"--output takes report, diff, json or profile, not \"%s\"", arg);
}

/* What is missing, or does not go together. */
static int check_options(const Options *o)
{
	const struct {
		bool bad;
		const char *why;
	} checks[] = {
		{ o->to == STAGE_OTHER, "--to STAGE is missing: log, errno, kill or audit-all" },
		{ o->apply && o->audit_all,
		  "--to audit-all is for one replica, and --apply changes the file of all: write "
		  "another file with -o" },
		{ o->apply && !o->profile, "--apply changes a file: name it with --profile, or "
					   "write what runs to a file first with -o" },
		{ o->apply && o->profile && strcmp(o->profile, "-") == 0,
		  "--apply changes a file: standard input is none" },
		{ o->apply && o->out, "-o OUT or --apply, not both" },
		{ o->at && !o->profile, "--at is a place in the file of --profile" },
		{ o->errno_ret != PROMOTE_ERRNO_KEEP && o->to != STAGE_ERRNO,
		  "--errno goes with --to errno" },
	};

	for (size_t i = 0; i < ELEMENTSOF(checks); i++)
		if (checks[i].bad)
			return ctl_fail(SECCOMPD_EXIT_USAGE, "promote", "%s", checks[i].why);
	return 0;
}

enum {
	OPTION_TO = 256,
	OPTION_PROFILE,
	OPTION_AT,
	OPTION_VERSION,
	OPTION_ERRNO,
	OPTION_OUTPUT,
	OPTION_JSON,
	OPTION_DIFF,
	OPTION_APPLY,
	OPTION_WHY,
	OPTION_FORCE,
	OPTION_DIR,
};

/* 0, -1 when it is none of these, or an exit code. */
static int take_option(int c, Options *o)
{
	const struct {
		int c;
		const char **text;
		bool *flag;
	} plain[] = { { OPTION_PROFILE, &o->profile, NULL },
		      { OPTION_AT, &o->at, NULL },
		      { OPTION_WHY, &o->why, NULL },
		      { OPTION_DIR, &o->dir, NULL },
		      { 'o', &o->out, NULL },
		      { OPTION_APPLY, NULL, &o->apply },
		      { OPTION_FORCE, NULL, &o->force } };

	for (size_t i = 0; i < ELEMENTSOF(plain); i++)
		if (plain[i].c == c) {
			if (plain[i].text)
				*plain[i].text = optarg;
			else
				*plain[i].flag = true;
			return 0;
		}
	switch (c) {
	case OPTION_TO:
		return parse_stage(optarg, o);
	case OPTION_VERSION:
		return parse_version(optarg, &o->runtime_version);
	case OPTION_ERRNO:
		return parse_errno(optarg, &o->errno_ret);
	case OPTION_OUTPUT:
		return parse_format(optarg, &o->format);
	case OPTION_JSON:
		return parse_format("json", &o->format);
	case OPTION_DIFF:
		return parse_format("diff", &o->format);
	default:
		return context_option("promote", c, optarg, &o->context);
	}
}

/* 0, -1 when help was printed, or an exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		{ "to", required_argument, NULL, OPTION_TO },
		{ "profile", required_argument, NULL, OPTION_PROFILE },
		{ "at", required_argument, NULL, OPTION_AT },
		CONTEXT_OPTION_LIST,
		{ "runtime-version", required_argument, NULL, OPTION_VERSION },
		{ "errno", required_argument, NULL, OPTION_ERRNO },
		{ "output", required_argument, NULL, OPTION_OUTPUT },
		{ "json", no_argument, NULL, OPTION_JSON },
		{ "diff", no_argument, NULL, OPTION_DIFF },
		{ "apply", no_argument, NULL, OPTION_APPLY },
		{ "why", required_argument, NULL, OPTION_WHY },
		{ "force", no_argument, NULL, OPTION_FORCE },
		{ "workloads-dir", required_argument, NULL, OPTION_DIR },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = ctl_getopt("promote", argc, argv, "o:h", options)) >= 0) {
		if (c == 'h') {
			fputs(help, stdout);
			return -1;
		}
		r = take_option(c, o);
		if (r != 0)
			return r < 0 ? SECCOMPD_EXIT_USAGE : r;
	}
	if (argc - optind != 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "promote",
				"name one workload; \"seccompctl list\" shows them");
	o->workload = argv[optind];
	return check_options(o);
}

/* ---- what there is ---- */

static int read_evidence(const Ctl *ctl, const Options *o, Work *w)
{
	const Workload *row;
	int r;

	r = evidence_open(ctl, "promote", &w->evidence);
	if (r == 0)
		r = stage_target_find(ctl, &w->evidence, "promote", o->workload, !o->profile,
				      &w->target);
	if (r != 0)
		return r;
	row = w->target.workload;
	if (row->id != 0 && sightings_read(w->evidence.ledger, row->id, &w->sightings) < 0)
		return ctl_fail_ledger(ctl, "promote", w->evidence.ledger);
	w->observed = sightings_observed(&w->sightings, row->profile_hash);
	return w->observed ? 0 : ctl_fail_memory("promote");
}

static int read_profile(const Options *o, Work *w, Diag *d)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	if (o->profile)
		return profile_file_read("promote", o->profile, &w->text, &w->n);
	if (!w->target.filter)
		return 0;
	r = canonical_profile(span_of(w->target.filter), &b, d);
	if (r < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "promote", NULL, d);
	w->n = b.n;
	w->text = buffer_steal(&b);
	return 0;
}

/* ---- what comes of it ---- */

static int fail_promotion(int r, const Options *o, const Diag *d)
{
	if (r == -ENOMEM)
		return ctl_fail_memory("promote");
	return ctl_fail_diag(r == -ENOTRECOVERABLE ? SECCOMPD_EXIT_FINDINGS : SECCOMPD_EXIT_INPUT,
			     "promote", o->profile, d);
}

/* Conditions are evaluated for the capabilities that its containers have. */
static int find_context(const Ctl *ctl, const Options *o, const Work *w, PromoteView *v,
			ProfileContext *ret)
{
	_cleanup_inventory_ Inventory now = { 0 };
	const Workload *row = w->target.workload;
	const Instance *like;
	Instance past;

	if (inventory_read_containers(ctl, w->evidence.ledger, &now) < 0)
		return ctl_fail_memory("promote");
	like = inventory_example(&now, row->name);
	if (!like && past_instance(w->evidence.ledger, row, &past) == 0)
		like = &past;
	*ret = context_of_instance(&o->context, v->dialect, like, &v->facts);
	return 0;
}

static int make_promotion(const Ctl *ctl, const Options *o, Work *w, PromoteView *v)
{
	PromoteInput in = {
		.profile = w->text ? span_make(w->text, w->n) : SPAN_NULL,
		/* what a runtime has loaded is in the form that all of them read */
		.dialect = o->profile ? v->dialect : DIALECT_OCI,
		.to = o->to,
		.audit_all = o->audit_all,
		.errno_ret = o->errno_ret,
		.observed = w->observed,
		.n_observed = w->sightings.n,
		.decisions = decision_list_all(&w->decisions),
	};
	Diag d = { 0 };
	int r = find_context(ctl, o, w, v, &in.context);

	if (r != 0)
		return r;
	if (o->runtime_version > 0) {
		v->facts.version = o->runtime_version;
		v->facts.libseccomp[0] = '\0';
	}
	in.context.runtime_version = v->facts.version;
	in.library = known(v->facts.libseccomp);
	v->runtime = in.context.runtime;
	if (o->at)
		r = part_take(in.profile, o->at, &w->part, &d);
	if (r == 0 && o->at)
		in.profile = span_make(w->part.text, w->part.n);
	if (r == 0)
		r = promote(&in, &w->promotion, &d);
	if (r == 0 && o->at)
		r = part_put(span_make(w->text, w->n), &w->part,
			     span_make(w->promotion->text, w->promotion->n_text), &w->whole);
	return r < 0 ? fail_promotion(r, o, &d) : 0;
}

static int ask_gate(const Ctl *ctl, const Options *o, Work *w, PromoteView *v)
{
	GateTarget target = o->to == STAGE_KILL ? GATE_TO_KILL : GATE_TO_ERRNO;
	int r;

	if (!w->promotion->tightens)
		return 0;
	r = promote_gate_ask(ctl, &w->evidence, w->target.workload, w->promotion, target,
			     stage_history_was_undone(&w->history),
			     decision_list_all(&w->decisions), &w->gate);
	v->gate = &w->gate;
	return r;
}

static void judge(const Options *o, const Promotion *p, PromoteView *v)
{
	bool met = !v->gate || v->gate->verdict == GATE_READY;
	bool unknown = v->gate && v->gate->verdict == GATE_UNKNOWN;

	if (!p->changed || (met && p->n_obstacles == 0))
		return;
	v->forced = o->force;
	v->refused = !o->force;
	if (v->refused)
		v->exit_code = unknown ? SECCOMPD_EXIT_UNKNOWN : SECCOMPD_EXIT_FINDINGS;
}

static int apply(const Options *o, Work *w, PromoteView *v)
{
	const StageChange change = {
		.profile = o->profile,
		.before = v->before,
		.after = v->after,
		.from = w->promotion->from,
		.to = o->to,
		.why = o->why ?: "",
		.gate = v->gate ? gate_verdict_name(v->gate->verdict) : "not-asked",
		.undoes = "",
		.forced = v->forced,
	};
	int r = stage_record("promote", &w->file, &change, ctl_now(), &w->applied);

	v->applied = w->applied;
	return r;
}

static int write_out(const Options *o, PromoteView *v)
{
	int r = out_file_write("promote", o->out, v->after);

	if (r == 0)
		v->written = o->out;
	return r;
}

static int put_result(const Options *o, Work *w, PromoteView *v)
{
	v->after = w->whole.n > 0 ? buffer_span(&w->whole)
				  : span_make(w->promotion->text, w->promotion->n_text);
	if (v->refused)
		return 0;
	if (o->apply && w->promotion->changed)
		return apply(o, w, v);
	return o->out ? write_out(o, v) : 0;
}

static int open_file(const Ctl *ctl, const Options *o, Work *w)
{
	size_t ignored;
	int r = stage_history_open("promote", o->dir ?: ctl->workloads_dir,
				   w->target.workload->name, o->apply, &w->file, &w->history);

	return r == 0 ? decision_list_take("promote", &w->file, &w->decisions, &ignored) : r;
}

static int promote_workload(const Ctl *ctl, const Options *o, Work *w)
{
	PromoteView v = { .path = o->profile,
			  .target = o->audit_all ? PROMOTE_AUDIT_ALL : stage_name(o->to),
			  .color = ctl->color };
	Diag d = { 0 };
	int r;

	r = read_evidence(ctl, o, w);
	if (r == 0)
		r = open_file(ctl, o, w);
	if (r == 0)
		r = read_profile(o, w, &d);
	if (r != 0)
		return r;
	v.workload = w->target.workload;
	v.dialect = context_dialect_of(&o->context, v.workload);
	v.before = span_make(w->text, w->n);
	r = make_promotion(ctl, o, w, &v);
	v.promotion = w->promotion;
	if (r == 0)
		r = ask_gate(ctl, o, w, &v);
	if (r != 0)
		return r;
	judge(o, w->promotion, &v);
	r = put_result(o, w, &v);
	if (r != 0)
		return r;
	r = o->format->print(&v, stdout);
	return r < 0 ? ctl_fail(SECCOMPD_EXIT_INPUT, "promote", "cannot print: %s", strerror(-r))
		     : v.exit_code;
}

int verb_promote(Ctl *ctl, int argc, char **argv)
{
	_cleanup_(work_done) Work w = { .file = { .folder_fd = -1 } };
	Options o = { .errno_ret = PROMOTE_ERRNO_KEEP, .format = promote_format_find("report") };
	int r;

	r = parse_options(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	r = out_file_check(ctl, "promote", o.out, o.profile, o.dir);
	if (r != 0)
		return r;
	return promote_workload(ctl, &o, &w);
}
