/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "audit/arch.h"
#include "ctl/decisions.h"
#include "ctl/evidence.h"
#include "ctl/table.h"
#include "ctl/workload-name.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

static const char help[] =
	"seccompctl decide WORKLOAD SYSCALL[:ARCH] allow|deny|errno=NAME|ignore --why TEXT\n"
	"                  [--until DATE]\n"
	"seccompctl decide WORKLOAD SYSCALL[:ARCH] --revoke\n"
	"seccompctl decide WORKLOAD --list [--json]\n\n"
	"What is to become of a call, by a person's word, which comes before all that suggest, "
	"gate\n"
	"and promote think of its risk. It is kept with who, when and why in the workload's file\n"
	"below " SECCOMPD_SYSCONF_DIR
	"/seccompd/workloads.d, a text to review and to keep in git.\n\n"
	"  allow        suggest offers it, whatever its risk and its arguments\n"
	"  deny         It stays out of the profile\n"
	"  errno=NAME   A rule answers it with this error: EPERM, ENOSYS...\n"
	"  ignore       As deny, and nobody is asked about it\n\n"
	"  --why TEXT   The reason; no decision without one\n"
	"  --until DATE The last day (UTC) on which it holds, such as 2026-12-31\n"
	"  --revoke     Take the decision on this call back\n"
	"  --list       All decisions on the workload\n"
	"  --json       One JSON object per decision\n"
	"  --workloads-dir DIR  Where they are kept (default: seccompd.conf(5))\n\n"
	"Without :ARCH a decision is for every architecture.\n"
	"Exit status: 0 done; 1 with --list there are mistakes in the file or decisions that hold\n"
	"no more, with --revoke there is none; 2 nothing was decided.\n";

typedef struct Options {
	const char *workload, *dir, *why, *until;
	bool list, revoke, json;
	char name[SYSCALL_NAME_MAX];
	Decision decision; /* .syscall is .name */
} Options;

/* ---- options ---- */

static int check_until(Options *o)
{
	usec_t day;

	if (!o->until)
		return 0;
	if (clock_parse_date(span_of(o->until), &day) < 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "decide",
				"--until takes a date such as 2026-12-31, not \"%s\"", o->until);
	o->decision.until = day + 24 * 3600 * USEC_PER_SEC;
	if (o->decision.until > ctl_now())
		return 0;
	return ctl_fail(SECCOMPD_EXIT_USAGE, "decide", "--until %s is in the past", o->until);
}

/* Blanks alone are no reason. */
static int check_why(Options *o)
{
	size_t n = o->why ? strlen(o->why) : 0;

	if (n == 0 || strspn(o->why, " \t\n") == n)
		return ctl_fail(
			SECCOMPD_EXIT_USAGE, "decide",
			"--why TEXT is missing: who reads it later wants to know the reason");
	if (n > DECISION_WHY_MAX)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "decide",
				"--why is longer than %d bytes: name a ticket instead",
				DECISION_WHY_MAX);
	o->decision.why = o->why;
	return check_until(o);
}

static int parse_decision(int argc, char **argv, Options *o)
{
	Decision *d = &o->decision;
	Diag why = { 0 };
	int wanted = o->revoke ? 2 : 3;

	if (argc != wanted)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "decide", "%s",
				o->revoke ? "--revoke takes a workload and a call"
					  : "a workload, a call and allow, deny, errno=NAME or "
					    "ignore are needed; --list shows what was decided");
	d->syscall = o->name;
	if (decision_parse_call(span_of(argv[1]), o->name, &d->arch, &why) < 0 ||
	    (!o->revoke &&
	     decision_parse_answer(span_of(argv[2]), &d->answer, &d->errno_ret, &why) < 0))
		return ctl_fail_diag(SECCOMPD_EXIT_USAGE, "decide", NULL, &why);
	return o->revoke ? 0 : check_why(o);
}

static int check_options(int argc, char **argv, Options *o)
{
	if (argc < 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "decide",
				"name one workload; \"seccompctl list\" shows them");
	o->workload = argv[0];
	if ((o->list || o->revoke) && (o->why || o->until || (o->list && o->revoke)))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "decide",
				"--list and --revoke decide nothing: each stands alone");
	if (!o->list)
		return parse_decision(argc, argv, o);
	return argc == 1 ? 0
			 : ctl_fail(SECCOMPD_EXIT_USAGE, "decide", "--list takes a workload alone");
}

/* 0, -1 when help was printed, or an exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		{ "why", required_argument, NULL, 'w' },
		{ "until", required_argument, NULL, 'u' },
		{ "list", no_argument, NULL, 'l' },
		{ "revoke", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "workloads-dir", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = ctl_getopt("decide", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'w':
			o->why = optarg;
			break;
		case 'u':
			o->until = optarg;
			break;
		case 'l':
			o->list = true;
			break;
		case 'r':
			o->revoke = true;
			break;
		case 'j':
			o->json = true;
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
	return check_options(argc - optind, argv + optind, o);
}

/* ---- output ---- */

static int print_json(const DecisionFile *f, const Decision *d)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "workload", f->file.name);
	json_line_str(j, "syscall", d->syscall);
	json_line_str(j, "arch", d->arch ? arch_name(d->arch) : NULL);
	decision_keys_json(d, j);
	json_line_bool(j, "holds", !d->expired);
	json_line_str(j, "file", f->file.path);
	json_line_uint(j, "line", d->line);
	return json_line_write(j, stdout);
}

static const TableColumn columns[] = { { "CALL", false }, { "DECISION", false }, { "UNTIL", false },
				       { "BY", false },   { "WHEN", false },     { "WHY", false } };

static void add_row(Table *t, const Decision *d)
{
	char text[DECISION_CALL_MAX], until[CLOCK_RFC3339_SIZE], answer[DECISION_ANSWER_TEXT_MAX];
	char ago[32];
	TableTone tone = d->expired ? TONE_DIM : TONE_PLAIN;
	usec_t time;

	decision_format_call(d->syscall, d->arch, text);
	table_cell(t, span_of(text), tone);
	table_cell(t, span_of(decision_format_answer(d->answer, d->errno_ret, answer)), tone);
	table_cellf(t, d->expired ? TONE_WARN : TONE_PLAIN, "%s%s",
		    known(decision_until(d, until)) ?: "-", d->expired ? " (over)" : "");
	table_cell(t, span_of(known(d->user) ?: "-"), tone);
	/* Who keeps the file may have written something else. */
	if (clock_parse_time(span_of(d->time), &time) == 0)
		table_cell(t, span_of(clock_format_ago(time, ctl_now(), ago, sizeof(ago))), tone);
	else
		table_cell(t, span_of(known(d->time) ?: "-"), tone);
	table_cell(t, span_of(d->why), tone);
}

static int print_table(const DecisionFile *f, bool color)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	char name[4 * WORKLOAD_NAME_MAX];

	if (f->list.n == 0) {
		printf("Nothing was decided on %s.\n",
		       text_escape_to(span_of(f->file.name), name, sizeof(name)));
		return 0;
	}
	for (size_t i = 0; i < f->list.n; i++)
		add_row(t, &f->list.items[i]);
	return table_print(t, stdout, color);
}

static int list(const Options *o, const DecisionFile *f, bool color)
{
	int r = 0;

	if (!o->json)
		r = print_table(f, color);
	for (size_t i = 0; o->json && r == 0 && i < f->list.n; i++)
		r = print_json(f, &f->list.items[i]);
	if (r < 0)
		return ctl_fail_memory("decide");
	return f->n_wrong > 0 ? SECCOMPD_EXIT_FINDINGS : SECCOMPD_EXIT_OK;
}

/* ---- deciding ---- */

static void tell(const DecisionFile *f, const Options *o, const char *what, const char *before)
{
	char name[4 * WORKLOAD_NAME_MAX], call[DECISION_CALL_MAX], path[4096];

	printf("%s: %s: %s%s, in %s.\n", text_escape_to(span_of(f->file.name), name, sizeof(name)),
	       decision_format_call(o->name, o->decision.arch, call), what, before,
	       text_escape_to(span_of(f->file.path), path, sizeof(path)));
}

/* What it was before, for a person who did not know of it. */
static void describe(const Decision *d, char *buf, size_t size)
{
	char answer[DECISION_ANSWER_TEXT_MAX], told[320];

	buf[0] = '\0';
	if (d)
		snprintf(buf, size, " (before: %s, %s)",
			 decision_format_answer(d->answer, d->errno_ret, answer),
			 decision_tell(d, told, sizeof(told)));
}

static int revoke_one(const Options *o, DecisionFile *f)
{
	char call[DECISION_CALL_MAX], before[512];
	int r;

	describe(decision_file_find(f, o->name, o->decision.arch), before, sizeof(before));
	r = decision_file_revoke("decide", f, o->name, o->decision.arch);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_FINDINGS, "decide",
				"nothing was decided on %s of %s, so there is nothing to revoke",
				decision_format_call(o->name, o->decision.arch, call),
				f->file.name);
	if (r == 0 && !o->json)
		tell(f, o, "revoked", before);
	return r;
}

static int put(const Options *o, DecisionFile *f)
{
	char answer[DECISION_ANSWER_TEXT_MAX], before[512];
	const Decision *d = &o->decision;
	int r;

	describe(decision_file_find(f, o->name, d->arch), before, sizeof(before));
	r = decision_file_put("decide", f, d, o->until ?: "");
	if (r != 0)
		return r;
	d = decision_file_find(f, o->name, d->arch);
	if (d && o->json)
		return print_json(f, d) < 0 ? ctl_fail_memory("decide") : SECCOMPD_EXIT_OK;
	tell(f, o, decision_format_answer(o->decision.answer, o->decision.errno_ret, answer),
	     before);
	return SECCOMPD_EXIT_OK;
}

/* No profile was ever made of these, so nothing would come of it. */
static int refuse_kind(const char *name)
{
	if (strcmp(name, "unattributed") != 0 && !span_starts(span_of(name), SPAN_LIT("host:")))
		return 0;
	return ctl_fail(SECCOMPD_EXIT_USAGE, "decide",
			"%s has no profile, so there is nothing to decide", name);
}

int verb_decide(Ctl *ctl, int argc, char **argv)
{
	_cleanup_decision_file_ DecisionFile f = DECISION_FILE_NULL;
	_cleanup_free_ char *name = NULL;
	Options o = { 0 };
	const char *dir;
	int r;

	r = parse_options(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	dir = o.dir ?: ctl->workloads_dir;
	r = workload_name_find(ctl, "decide", dir, o.workload, &name);
	if (r == 0)
		r = refuse_kind(name);
	if (r == 0)
		r = decision_file_open("decide", dir, name, !o.list, &f);
	if (r != 0)
		return r;
	if (o.list)
		return list(&o, &f, ctl->color);
	return o.revoke ? revoke_one(&o, &f) : put(&o, &f);
}
