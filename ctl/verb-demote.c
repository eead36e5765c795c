/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/evidence.h"
#include "ctl/profile-file.h"
#include "ctl/promote-output.h"
#include "ctl/stage-record.h"
#include "ctl/workload-name.h"
#include "profile/digest.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

static const char help[] =
	"seccompctl demote WORKLOAD [--to log|errno] [--output FORMAT] [--apply] [--force]\n\n"
	"The way back: the profile as it was before the last promote --apply, byte for byte.\n\n"
	"  --to STAGE      Further back, to where it last was at this stage\n"
	"  --output FORMAT diff (default), json or profile\n"
	"  --json          One object\n"
	"  --apply         Put it back; what is replaced is kept as well\n"
	"  --why TEXT      Recorded with --apply\n"
	"  --force         Although the file was changed since\n"
	"  --workloads-dir DIR  Where the history is kept (default: seccompd.conf(5))\n\n"
	"Exit status: 0 here it is, or nothing to change; 1 there is no way back, or the file was\n"
	"changed since.\n";

typedef struct Options {
	const char *workload, *to, *why, *dir, *output;
	bool apply, force;
} Options;

typedef struct Work {
	char *name;          /* the workload's, whole */
	WorkloadFile change; /* with --apply: nobody else can go there meanwhile */
	WorkloadFile file;   /* as it is before */
	StageHistory history;
	const StageEntry *step; /* that is taken back */
	char *kept, *now, *replaced;
	size_t n_kept, n_now;
} Work;

static void work_done(Work *w)
{
	free(w->kept);
	free(w->now);
	free(w->replaced);
	stage_history_done(&w->history);
	workload_file_close(&w->file);
	workload_file_close(&w->change);
	free(w->name);
}

/* ---- options ---- */

static bool is_among(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static int check_options(const Options *o)
{
	static const char *const stages[] = { "log", "errno", NULL };
	static const char *const formats[] = { "diff", "json", "profile", NULL };

	if (o->to && !is_among(o->to, stages))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "demote",
				"--to takes log or errno, not \"%s\"", o->to);
	if (!is_among(o->output, formats))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "demote",
				"--output takes diff, json or profile, not \"%s\"", o->output);
	return 0;
}

/* 0, -1 when help was printed, or an exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		{ "to", required_argument, NULL, 't' },
		{ "output", required_argument, NULL, 'o' },
		{ "json", no_argument, NULL, 'j' },
		{ "apply", no_argument, NULL, 'a' },
		{ "why", required_argument, NULL, 'w' },
		{ "force", no_argument, NULL, 'f' },
		{ "workloads-dir", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = ctl_getopt("demote", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 't':
			o->to = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case 'j':
			o->output = "json";
			break;
		case 'a':
			o->apply = true;
			break;
		case 'w':
			o->why = optarg;
			break;
		case 'f':
			o->force = true;
			break;
		case 'd':
			o->dir = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	if (argc - optind != 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "demote",
				"name one workload; \"seccompctl list\" shows them");
	o->workload = argv[optind];
	return check_options(o);
}

/* ---- the way back ---- */

static int check_kept(const Work *w)
{
	char digest[DIGEST_SIZE];

	if (digest_sha256(span_make(w->kept, w->n_kept), digest) < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "demote", "cannot hash the kept profile");
	if (strcmp(digest, w->step->previous_sha256) == 0)
		return 0;
	return ctl_fail(SECCOMPD_EXIT_INPUT, "demote",
			"%s/%s is not what was kept there: its hash is another one than %s:%u says",
			w->file.folder, w->step->previous, w->file.path, w->step->line);
}

static int read_both(Work *w)
{
	Diag d = { 0 };

	if (workload_file_kept(&w->file, w->step->previous, &w->kept, &w->n_kept, &d) < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "demote", NULL, &d);
	return check_kept(w) ?: profile_file_read("demote", w->step->profile, &w->now, &w->n_now);
}

static int find_step(const Options *o, Work *w)
{
	w->step = stage_history_way_back(&w->history, o->to);
	if (w->step)
		return read_both(w);
	return ctl_fail(SECCOMPD_EXIT_FINDINGS, "demote",
			"no profile is kept that %s was promoted from%s%s; \"seccompctl promote %s "
			"--to log --profile FILE\" makes one that lets it run",
			w->name, o->to ? " at stage " : "", o->to ?: "", w->name);
}

/* What the last step of all left of this file. */
static const char *last_known(const Work *w)
{
	for (size_t i = w->history.n; i > 0; i--)
		if (strcmp(w->history.entries[i - 1].profile, w->step->profile) == 0)
			return w->history.entries[i - 1].sha256;
	return w->step->sha256;
}

/* A patch that was made since would be lost without a word. */
static int check_changed(const Options *o, const Work *w)
{
	char digest[DIGEST_SIZE];

	if (o->force || digest_sha256(span_make(w->now, w->n_now), digest) < 0 ||
	    strcmp(digest, last_known(w)) == 0 || strcmp(digest, w->step->previous_sha256) == 0)
		return 0;
	return ctl_fail(
		SECCOMPD_EXIT_FINDINGS, "demote",
		"%s was changed since it was promoted, and that would be lost: \"seccompctl "
		"promote %s --to %s --profile %s\" keeps it, --force does not",
		w->step->profile, w->name, w->step->from, w->step->profile);
}

static Stage stage_of(const char *name)
{
	for (Stage s = STAGE_OTHER; s < _STAGE_MAX; s++)
		if (strcmp(stage_name(s), name) == 0)
			return s;
	return STAGE_OTHER;
}

/* ---- output ---- */

static int print_json(const Work *w, bool applied, bool changed)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "workload", w->name);
	json_line_str(j, "profile", w->step->profile);
	json_line_str(j, "from", w->step->to);
	json_line_str(j, "to", w->step->from);
	json_line_str(j, "promoted", w->step->time);
	json_line_str(j, "user", w->step->user);
	json_line_bool(j, "changed", changed);
	json_line_bool(j, "applied", applied);
	return json_line_write(j, stdout);
}

static int print(const Options *o, const Work *w, bool applied, bool changed)
{
	Span now = span_make(w->now, w->n_now), kept = span_make(w->kept, w->n_kept);
	char path[1024];
	int r;

	if (strcmp(o->output, "json") == 0)
		return print_json(w, applied, changed);
	if (strcmp(o->output, "profile") == 0)
		return fwrite(kept.p, 1, kept.n, stdout) == kept.n ? 0 : -EIO;
	r = promote_write_diff(now, kept, w->step->profile, stdout);
	text_escape_to(span_of(w->step->profile), path, sizeof(path));
	if (r == 0 && !changed)
		printf("%s is at stage %s already: nothing changes.\n", path, w->step->from);
	else if (r == 0 && applied)
		printf("\n%s is at stage %s again. Containers must be made anew.\n", path,
		       w->step->from);
	return r;
}

static int put_back(const Options *o, Work *w)
{
	const StageChange change = {
		.profile = w->step->profile,
		.before = span_make(w->now, w->n_now),
		.after = span_make(w->kept, w->n_kept),
		.from = stage_of(w->step->to),
		.to = stage_of(w->step->from),
		.why = o->why ?: "",
		.gate = "not-asked",
		.undoes = w->step->time,
		.forced = o->force,
	};

	return stage_record("demote", &w->change, &change, ctl_now(), &w->replaced);
}

static int open_history(const Options *o, const char *dir, Work *w)
{
	Diag d = { 0 };

	if (o->apply && workload_file_open(dir, w->name, true, &w->change, &d) < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "demote", d.line > 0 ? o->workload : NULL,
				     &d);
	return stage_history_open("demote", dir, w->name, false, &w->file, &w->history);
}

static int demote(const Ctl *ctl, const Options *o, Work *w)
{
	const char *dir = o->dir ?: ctl->workloads_dir;
	bool changed;
	int r;

	/* a rollback must not depend on a ledger */
	r = workload_name_find(ctl, "demote", dir, o->workload, &w->name);
	if (r == 0)
		r = open_history(o, dir, w);
	if (r == 0)
		r = find_step(o, w);
	if (r == 0)
		r = check_changed(o, w);
	if (r != 0)
		return r;
	changed = !span_eq(span_make(w->now, w->n_now), span_make(w->kept, w->n_kept));
	if (o->apply)
		r = put_back(o, w);
	if (r != 0)
		return r;
	r = print(o, w, o->apply, changed);
	return r < 0 ? ctl_fail(SECCOMPD_EXIT_INPUT, "demote", "cannot print: %s", strerror(-r))
		     : SECCOMPD_EXIT_OK;
}

int verb_demote(Ctl *ctl, int argc, char **argv)
{
	_cleanup_(work_done)
		Work w = { .file = { .folder_fd = -1 }, .change = { .folder_fd = -1 } };
	Options o = { .output = "diff" };
	int r;

	r = parse_options(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	return demote(ctl, &o, &w);
}
