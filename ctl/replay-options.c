/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "ctl/asserted-workload.h"
#include "ctl/replay-options.h"
#include "evidence/journal-event.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl replay [FILE...] --ledger LEDGER [--as WORKLOAD [--exe GLOB]]\n"
	"                  [--since TIME] [--until TIME] [--json]\n"
	"seccompctl replay --journal [--directory DIR | --file FILE... | --merge] [--id ID]\n"
	"                  --ledger LEDGER [--json]\n\n"
	"Takes the SECCOMP records of logs (all that \"decode\" reads; standard input without "
	"FILE\n"
	"or for \"-\") into LEDGER, a file of its own that is made when needed, for \"list\", "
	"\"show\"\n"
	"and \"suggest\". Time is that of the records. No record counts twice, in whatever order\n"
	"and how often logs are replayed. When something fails, LEDGER stays as it was.\n\n"
	"With --journal, LEDGER is rebuilt from what seccompd itself wrote into the journal:\n"
	"workloads, sightings, counts, losses, runs and stages. What others wrote in its name\n"
	"counts for nothing, and is said.\n\n"
	"  --ledger LEDGER  Never that of seccompd: what was seen and what is said stay apart\n"
	"  --as WORKLOAD    Whose calls these are. A log does not tell: this is your word, marked\n"
	"                   \"asserted\", and never complete. Without it they are unattributed\n"
	"  --exe GLOB       Only records of programs whose path matches\n"
	"  --since TIME     Only records from then on, as 2026-11-22, 2026-11-22T03:06:00Z or "
	"@SECONDS\n"
	"  --until TIME     Only records before then; both are UTC without a zone\n"
	"  --journal        The journal of this machine; or\n"
	"  --directory DIR  the journals in DIR, and in its folders of machines\n"
	"  --file FILE      this journal file; may be given several times\n"
	"  --merge          the journals of all machines that are here\n"
	"  --id ID          Only what this ledger of seccompd told, where there are several\n"
	"  --json           One JSON object\n"
	"  --help           This text\n";

static int set_workload(const char *name, ReplaySelection *s)
{
	int r = asserted_workload_check("replay", "--as", name);

	if (r != 0)
		return r;
	s->workload = name;
	asserted_workload_kind(name, &s->runtime, &s->dialect);
	return 0;
}

/* fnmatch() takes a bracket that is not closed for itself, which nobody means. */
static bool has_open_bracket(const char *glob)
{
	bool open = false;

	for (; *glob; glob++) {
		if (*glob == '\\' && glob[1])
			glob++;
		else if (*glob == '[')
			open = true;
		else if (*glob == ']')
			open = false;
	}
	return open;
}

static int set_exe(const char *glob, ReplaySelection *s)
{
	Diag d = { 0 };

	if (workload_check_glob(span_of(glob), "--exe", &d) < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_USAGE, "replay", NULL, &d);
	if (has_open_bracket(glob))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--exe: \"%s\" has a [ without its ]; [[] means the character",
				glob);
	s->exe = glob;
	return 0;
}

static int set_time(const char *option, const char *text, usec_t *ret)
{
	if (clock_parse_time(span_of(text), ret) == 0)
		return 0;
	return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
			"--%s takes a time such as 2026-11-22, 2026-11-22T03:06:00Z or "
			"@1700000000, not \"%s\"",
			option, text);
}

static int check_logs(const ReplayOptions *o)
{
	const ReplaySelection *s = &o->selection;

	if (o->directory || o->n_journals > 0 || o->merge || o->id)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--%s is about a journal: say --journal as well",
				o->directory        ? "directory"
				: o->n_journals > 0 ? "file"
				: o->merge          ? "merge"
						    : "id");
	if (s->exe && !s->workload)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--exe chooses the records of a workload: name it with --as");
	if (s->until > 0 && s->since >= s->until)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--since is not before --until, so no record can be in between");
	return 0;
}

static bool is_id(const char *text)
{
	return strlen(text) == JOURNAL_ID_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == JOURNAL_ID_SIZE - 1;
}

static int check_journal(const ReplayOptions *o, bool has_files)
{
	const ReplaySelection *s = &o->selection;

	if (has_files)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"name a journal's file with --file, and its folder with "
				"--directory");
	if (s->workload || s->exe || s->since > 0 || s->until > 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--as, --exe, --since and --until choose records of logs, and "
				"--journal knows whose they are: leave them out");
	if ((o->directory != NULL) + (o->n_journals > 0) + o->merge > 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--directory, --file and --merge each name a journal: choose one");
	if (o->id && !is_id(o->id))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--id takes the 32 hex digits of a ledger (SECCOMP_LEDGER= of its "
				"entries), not \"%s\"",
				o->id);
	return 0;
}

static int check(const ReplayOptions *o, bool has_files)
{
	int r = o->journal ? check_journal(o, has_files) : check_logs(o);

	if (r == 0 && (!o->ledger || o->ledger[0] == '\0'))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"name the file to write with --ledger: one of its own, not that of "
				"seccompd");
	return r;
}

/* One of those that take a text as it is. */
static const char **text_of(int c, ReplayOptions *o)
{
	switch (c) {
	case 'l':
		return &o->ledger;
	case 'd':
		return &o->directory;
	case 'i':
		return &o->id;
	default:
		return &o->journals[o->n_journals++];
	}
}

/* 0, -1 when help was printed, or an exit code. */
static int take_option(int c, ReplayOptions *o)
{
	switch (c) {
	case 'l':
	case 'd':
	case 'i':
	case 'f':
		*text_of(c, o) = optarg;
		return 0;
	case 'a':
		return set_workload(optarg, &o->selection);
	case 'e':
		return set_exe(optarg, &o->selection);
	case 's':
		return set_time("since", optarg, &o->selection.since);
	case 'u':
		return set_time("until", optarg, &o->selection.until);
	case 'j':
		o->json = true;
		return 0;
	case 'J':
		o->journal = true;
		return 0;
	case 'm':
		o->merge = true;
		return 0;
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		return SECCOMPD_EXIT_USAGE;
	}
}

static int parse(int argc, char **argv, ReplayOptions *o)
{
	static const struct option options[] = {
		{ "ledger", required_argument, NULL, 'l' },
		{ "as", required_argument, NULL, 'a' },
		{ "exe", required_argument, NULL, 'e' },
		{ "since", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "journal", no_argument, NULL, 'J' },
		{ "directory", required_argument, NULL, 'd' },
		{ "file", required_argument, NULL, 'f' },
		{ "merge", no_argument, NULL, 'm' },
		{ "id", required_argument, NULL, 'i' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static char standard_input[] = "-", *const default_files[] = { standard_input };
	int c, r;

	while ((c = ctl_getopt("replay", argc, argv, "h", options)) >= 0) {
		r = take_option(c, o);
		if (r != 0)
			return r;
	}
	o->files = optind < argc ? argv + optind : default_files;
	o->n_files = optind < argc ? argc - optind : 1;
	return check(o, optind < argc);
}

void replay_options_done(ReplayOptions *o)
{
	free(o->journals);
}

int replay_options_parse(const Ctl *ctl, int argc, char **argv, ReplayOptions *ret)
{
	*ret = (ReplayOptions){ .ledger = ctl->ledger_named ? ctl->ledger_path : NULL,
				.journals = calloc((size_t)argc, sizeof(*ret->journals)) };
	if (!ret->journals)
		return ctl_fail_memory("replay");
	return parse(argc, argv, ret);
}
