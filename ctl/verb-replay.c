/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "ctl/ctl.h"
#include "ctl/decode-progress.h"
#include "evidence/replay.h"
#include "profile/json-line.h"
#include "seccompd/exit-codes.h"
#include "source/byte-reader.h"
#include "source/log-reader.h"
#include "util/text.h"

static const char help[] =
	"seccompctl replay [FILE...] --ledger LEDGER [--as WORKLOAD [--exe GLOB]]\n"
	"                  [--since TIME] [--until TIME] [--json]\n\n"
	"Takes the SECCOMP records of logs (all that \"decode\" reads; standard input without "
	"FILE\n"
	"or for \"-\") into LEDGER, a file of its own that is made when needed, for \"list\", "
	"\"show\"\n"
	"and \"suggest\". Time is that of the records. No record counts twice, in whatever order\n"
	"and how often logs are replayed. When something fails, LEDGER stays as it was.\n\n"
	"  --ledger LEDGER  Never that of seccompd: what was seen and what is said stay apart\n"
	"  --as WORKLOAD    Whose calls these are. A log does not tell: this is your word, marked\n"
	"                   \"asserted\", and never complete. Without it they are unattributed\n"
	"  --exe GLOB       Only records of programs whose path matches\n"
	"  --since TIME     Only records from then on, as 2026-11-22, 2026-11-22T03:06:00Z or "
	"@SECONDS\n"
	"  --until TIME     Only records before then; both are UTC without a zone\n"
	"  --json           One JSON object\n"
	"  --help           This text\n";

typedef struct Options {
	const char *ledger;
	ReplaySelection selection;
	bool json;
	char *const *files;
	int n_files;
} Options;

/* ---- options ---- */

/* What the prefix of a workload's name says of who runs it. */
static const struct {
	const char *prefix, *runtime, *dialect;
} runtimes[] = {
	{ "docker:", "docker", "docker" },  { "podman:", "podman", "podman" },
	{ "compose:", "docker", "docker" }, { "swarm:", "docker", "docker" },
	{ "unit:", "", "systemd" },
};

static int set_workload(const char *name, ReplaySelection *s)
{
	Diag d = { 0 };

	if (workload_check_name(span_of(name), &d) < 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay", "--as: %s", d.text);
	s->workload = name;
	s->runtime = s->dialect = "";
	for (size_t i = 0; i < ELEMENTSOF(runtimes); i++)
		if (span_starts(span_of(name), span_of(runtimes[i].prefix))) {
			s->runtime = runtimes[i].runtime;
			s->dialect = runtimes[i].dialect;
		}
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

	if (glob[0] == '\0')
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--exe needs a glob for a program's path, such as '*/nginx'");
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

static int check(const Options *o)
{
	const ReplaySelection *s = &o->selection;

	if (s->exe && !s->workload)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--exe chooses the records of a workload: name it with --as");
	if (s->until > 0 && s->since >= s->until)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"--since is not before --until, so no record can be in between");
	if (!o->ledger || o->ledger[0] == '\0')
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"name the file to write with --ledger: one of its own, not that of "
				"seccompd");
	return 0;
}

/* 0, -1 when help was printed, or an exit code. */
static int take_option(int c, Options *o)
{
	switch (c) {
	case 'l':
		o->ledger = optarg;
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
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		return SECCOMPD_EXIT_USAGE;
	}
}

static int parse_options(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		{ "ledger", required_argument, NULL, 'l' },
		{ "as", required_argument, NULL, 'a' },
		{ "exe", required_argument, NULL, 'e' },
		{ "since", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static char standard_input[] = "-", *const default_files[] = { standard_input };
	int c, r;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		r = take_option(c, o);
		if (r != 0)
			return r;
	}
	o->files = optind < argc ? argv + optind : default_files;
	o->n_files = optind < argc ? argc - optind : 1;
	return check(o);
}

/* ---- files ---- */

static bool is_standard_input(const char *name)
{
	return strcmp(name, "-") == 0;
}

static int open_file(const char *name, int *ret)
{
	int fd = is_standard_input(name) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					 : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "replay", "%s cannot be opened: %s",
				is_standard_input(name) ? "standard input" : name, strerror(errno));
	*ret = fd;
	return 0;
}

/* Before the ledger is made: most of what can be wrong with a file shows at once. */
static int check_file(const char *name, const char *ledger)
{
	struct stat st, other;

	if (is_standard_input(name))
		return 0;
	if (stat(name, &st) < 0 || access(name, R_OK) < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "replay", "%s cannot be opened: %s", name,
				strerror(errno));
	if (S_ISDIR(st.st_mode))
		return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
				"%s is a folder, a log file is needed", name);
	if (stat(ledger, &other) == 0 && st.st_dev == other.st_dev && st.st_ino == other.st_ino)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "replay",
				"%s is the ledger, and cannot be a log as well", name);
	return 0;
}

typedef struct Reading {
	Replay *replay;
	DecodeProgress progress;
	uint64_t lines;
} Reading;

static void take_line(Line *line, void *userdata)
{
	Reading *reading = userdata;

	reading->lines++;
	replay_line(reading->replay, line);
}

static int read_log(Reading *reading, const char *name, int fd)
{
	_cleanup_(log_reader_freep) LogReader *log = NULL;
	int r = log_reader_new(fd, false, &log);

	decode_progress_start(&reading->progress, fd, true);
	while (r >= 0) {
		r = log_reader_step(log, take_line, reading);
		decode_progress_show(&reading->progress, log_reader_position(log), reading->lines);
		if (r != LOG_MORE || replay_error(reading->replay) < 0)
			break;
	}
	decode_progress_end(&reading->progress);
	if (r < 0)
		return ctl_fail(
			SECCOMPD_EXIT_INPUT, "replay", "%s cannot be read: %s; nothing was written",
			is_standard_input(name) ? "standard input" : name, byte_reader_error(r));
	return 0;
}

static int read_files(Reading *reading, const Options *o)
{
	int r = 0;

	for (int i = 0; r == 0 && i < o->n_files; i++) {
		_cleanup_close_ int fd = -1;

		r = open_file(o->files[i], &fd);
		if (r == 0)
			r = read_log(reading, o->files[i], fd);
	}
	return r;
}

/* ---- the report ---- */

static const char *workload_of(const Options *o)
{
	return o->selection.workload ?: "unattributed";
}

/* What was taken in before. */
static uint64_t again(const ReplayCounts *c)
{
	return c->records - c->undated - c->outside - c->other_exe - c->counted - c->dropped;
}

static int print_json(const Options *o, const ReplayReport *report)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const ReplayCounts *c = &report->counts;

	json_line_str(j, "workload", workload_of(o));
	json_line_bool(j, "asserted", o->selection.workload);
	json_line_uint(j, "records", c->records);
	json_line_uint(j, "skipped", c->skipped);
	json_line_uint(j, "rejected", c->rejected);
	json_line_uint(j, "counted", c->counted);
	json_line_uint(j, "again", again(c));
	json_line_uint(j, "outside", c->outside);
	json_line_uint(j, "other_exe", c->other_exe);
	json_line_uint(j, "undated", c->undated);
	json_line_uint(j, "dropped", c->dropped);
	json_line_uint(j, "serial_gaps", report->serial_gaps);
	json_line_uint(j, "sightings", report->calls);
	json_line_time(j, "first", report->first);
	json_line_time(j, "last", report->last);
	return json_line_write(j, stdout);
}

static void print_text(const Options *o, const ReplayReport *report)
{
	const ReplayCounts *c = &report->counts;
	const struct {
		uint64_t n;
		const char *text;
	} rows[] = {
		{ again(c), "records that this ledger had counted before" },
		{ c->outside, "records of another time than was asked for" },
		{ c->other_exe, "records of programs that --exe does not match" },
		{ c->undated, "records without a time, which were left out" },
		{ c->dropped, "records dropped, of too many different calls" },
		{ c->rejected, "damaged lines" },
		{ c->loss_notices, "times that the kernel said it lost records" },
		{ report->serial_gaps,
		  "audit serials that are missing from all that was replayed" },
	};
	char name[4 * WORKLOAD_NAME_MAX];

	printf("%-12" PRIu64 " records counted for %s\n", c->counted,
	       text_escape_to(span_of(workload_of(o)), name, sizeof(name)));
	for (size_t i = 0; i < ELEMENTSOF(rows); i++)
		if (rows[i].n > 0)
			printf("%-12" PRIu64 " %s\n", rows[i].n, rows[i].text);
}

/* What surprises who expected evidence. */
static void print_remark(const Options *o, const ReplayReport *report)
{
	const ReplayCounts *c = &report->counts;

	if (c->records == 0)
		ctl_fail(0, "replay",
			 "there is no SECCOMP record in these %" PRIu64 " audit records",
			 c->stamped);
	else if (c->undated == c->records)
		ctl_fail(0, "replay",
			 "no record has a time, so none was taken in: \"ausearch --raw\" keeps it, "
			 "-i does not");
	else if (c->outside + c->other_exe + c->undated == c->records)
		ctl_fail(0, "replay", "none of %" PRIu64 " records is one that was asked for%s",
			 c->records,
			 o->selection.exe ? "; \"decode --summary\" lists programs" : "");
}

/* ---- all of it ---- */

static int explain(const Options *o, const Ledger *l, int r)
{
	switch (r) {
	case -ENOMEM:
		return ctl_fail(SECCOMPD_EXIT_INPUT, "replay", "out of memory");
	case -E2BIG:
		return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
				"there are more than %d audit records within %d seconds, which no "
				"kernel writes; nothing was written",
				RECORD_KEYS_MAX, RECORD_KEYS_STRETCH / 1000);
	case -ENOSPC:
		return ctl_fail(
			SECCOMPD_EXIT_LEDGER, "replay",
			"the ledger %s has no room for another workload; nothing was written",
			o->ledger);
	default:
		return ctl_fail(SECCOMPD_EXIT_LEDGER, "replay",
				"cannot write %s: %s; nothing was written", o->ledger,
				r == -EBADMSG || !ledger_error(l)[0] ? strerror(-r)
								     : ledger_error(l));
	}
}

/* Within a transaction. */
static int replay(const Options *o, Ledger *l, ReplayReport *ret)
{
	_cleanup_(replay_freep) Replay *replay = NULL;
	Reading reading = { 0 };
	uint64_t seed = 0;
	int r, e;

	if (getrandom(&seed, sizeof(seed), 0) < 0)
		return explain(o, l, -errno);
	e = replay_new(&o->selection, l, seed, &replay);
	if (e < 0)
		return explain(o, l, e);
	reading.replay = replay;
	r = read_files(&reading, o);
	if (r != 0)
		return r;
	e = replay_finish(replay, ret);
	if (e < 0)
		return explain(o, l, e);
	if (ret->changed || ret->counts.stamped > 0 || ret->counts.records > 0)
		return 0;
	return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
			reading.lines == 0 ? "there is nothing to read: the input is empty"
					   : "there is no audit record in these %" PRIu64 " lines",
			reading.lines);
}

static int write_ledger(const Options *o, Ledger *l, ReplayReport *ret)
{
	int e = ledger_begin(l), r;

	if (e < 0)
		return explain(o, l, e);
	r = replay(o, l, ret);
	if (r == 0 && ret->changed) {
		e = ledger_commit(l);
		if (e < 0)
			r = explain(o, l, e);
	}
	ledger_rollback(l);
	return r;
}

static int run(const Options *o, ReplayReport *ret)
{
	bool made = access(o->ledger, F_OK) < 0;
	Ledger *l = NULL;
	Diag d = { 0 };
	int r;

	for (int i = 0; i < o->n_files; i++) {
		r = check_file(o->files[i], o->ledger);
		if (r != 0)
			return r;
	}
	if (ledger_open_replay(o->ledger, &l, &d) < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, "replay", NULL, &d);
	r = write_ledger(o, l, ret);
	if (made && (r != 0 || !ret->changed))
		ledger_discard(l, o->ledger);
	else
		ledger_free(l);
	return r;
}

int verb_replay(Ctl *ctl, int argc, char **argv)
{
	Options o = { .ledger = ctl->ledger_named ? ctl->ledger_path : NULL };
	ReplayReport report;
	int r;

	r = parse_options(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	r = run(&o, &report);
	if (r != 0)
		return r;
	print_remark(&o, &report);
	if (o.json)
		(void)print_json(&o, &report);
	else
		print_text(&o, &report);
	return SECCOMPD_EXIT_OK;
}
