/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl/config.h"
#include "ctl/ctl.h"
#include "ctl/pager.h"
#include "ctl/table.h"
#include "seccompd/exit-codes.h"
#include "source/bus-error.h"
#include "util/parse.h"
#include "util/similar.h"
#include "util/text.h"

typedef struct Verb {
	const char *name, *synopsis, *help;
	int (*run)(Ctl *ctl, int argc, char **argv);
	enum {
		NEEDS_LEDGER = 1 << 0,   /* wants to know where ledger and tally are */
		NEEDS_NAMES = 1 << 1,    /* names workloads itself */
		NEEDS_SETTINGS = 1 << 2, /* judges by what the administrator has set */
		MAY_NEED_NAMES = 1 << 3, /* names some, and complains of the configuration then */
		/* May be long. What it changes (suggest --apply) it has changed before it prints,
		 * so that it makes no difference how long somebody looks, or whether to the end. */
		PAGED = 1 << 4,
		TAKES_LEDGER = 1 << 5, /* reads one when it is asked about a workload of it */
	} needs;
} Verb;

static const Verb verbs[] = {
	{ "status", "[--json]", "Is seccompd running, and did it miss anything", verb_status,
	  NEEDS_LEDGER | PAGED },
	{ "list", "[--all] [--json]",
	  "What runs under which profile, and who made calls outside of it", verb_list,
	  NEEDS_LEDGER | NEEDS_NAMES | PAGED },
	{ "show", "WORKLOAD [--json]", "Each call of a workload, with examples", verb_show,
	  NEEDS_LEDGER | MAY_NEED_NAMES | PAGED },
	{ "watch", "[WORKLOAD] [--json]", "What comes, as it comes: new calls, stages, losses",
	  verb_watch, NEEDS_LEDGER | NEEDS_SETTINGS },
	{ "top", "[-d SECONDS] [-b] [--json]", "Workloads by rate, and by what is new", verb_top,
	  NEEDS_LEDGER },
	{ "suggest", "WORKLOAD [--profile FILE]", "The proved patch for a workload's profile",
	  verb_suggest, NEEDS_LEDGER | NEEDS_SETTINGS | NEEDS_NAMES | PAGED },
	{ "decide", "WORKLOAD CALL ANSWER", "Allow, deny or ignore a call by a person's word",
	  verb_decide, NEEDS_LEDGER },
	{ "review", "WORKLOAD [--profile FILE]", "Asks about each call that waits for a person",
	  verb_review, NEEDS_LEDGER | NEEDS_SETTINGS | NEEDS_NAMES },
	{ "report", "[WORKLOAD] -o FILE.html",
	  "A page to look at: gate, discovery, calls, patch, loss", verb_report,
	  NEEDS_LEDGER | NEEDS_SETTINGS | NEEDS_NAMES },
	{ "gate", "WORKLOAD --to STAGE", "Whether a workload's profile may move to the next stage",
	  verb_gate, NEEDS_LEDGER | NEEDS_SETTINGS | PAGED },
	{ "promote", "WORKLOAD --to STAGE", "A profile at the next stage, when it is time",
	  verb_promote, NEEDS_LEDGER | NEEDS_NAMES | NEEDS_SETTINGS },
	{ "demote", "WORKLOAD", "The profile that was there before the last promote", verb_demote,
	  NEEDS_LEDGER | NEEDS_NAMES },
	{ "lint", "FILE... --for DIALECT", "What is wrong, surprising or risky in a profile",
	  verb_lint, PAGED },
	{ "diff", "A B | FILE --running NAME",
	  "What one profile changes in place of another, or of what runs", verb_diff,
	  TAKES_LEDGER | MAY_NEED_NAMES | PAGED },
	{ "doctor", "[--audit] [--json]",
	  "What keeps calls from being seen, and what to do about it", verb_doctor,
	  NEEDS_LEDGER | NEEDS_NAMES | PAGED },
	{ "explain", "CONTAINER | --syscall NAME", "Why a call is refused, and what opens it",
	  verb_explain, NEEDS_LEDGER | MAY_NEED_NAMES | PAGED },
	{ "decode", "[FILE...] [--json]", "What the audit records in a log say", verb_decode, 0 },
	{ "replay", "[FILE...] --ledger LEDGER", "The records of logs, into a ledger of their own",
	  verb_replay, 0 },
	{ "import", "--strace FILE --workload NAME",
	  "The calls in what strace wrote, into a ledger of their own", verb_import, 0 },
	{ "merge", "LEDGER... --ledger LEDGER", "The ledgers of many hosts, into one", verb_merge,
	  0 },
	{ "identify", "PID | --cgroup PATH", "Whom a process or a cgroup path belongs to",
	  verb_identify, NEEDS_NAMES },
};

#define WORKLOADS_DIR SECCOMPD_SYSCONF_DIR "/seccompd/workloads.d"
#define CONFIG_FILE SECCOMPD_SYSCONF_DIR "/seccompd/seccompd.conf"

static const char *arg_config;
static const char *arg_ledger;
static enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } arg_color;
static bool arg_no_pager;

static int help(void)
{
	printf("seccompctl [--config FILE] [--ledger FILE] VERB [OPTIONS]\n\n"
	       "What containers and services call outside their seccomp profiles, and what to do "
	       "about "
	       "it.\n\nVerbs:\n");
	for (size_t i = 0; i < ELEMENTSOF(verbs); i++)
		printf("  %-8s %-26s %s\n", verbs[i].name, verbs[i].synopsis, verbs[i].help);
	printf("\nOptions:\n"
	       "  --config FILE  Read FILE and FILE.d/*.conf instead of " CONFIG_FILE "\n"
	       "  --ledger FILE  Read this ledger, and the tally FILE.tally\n"
	       "  --color WHEN   Colours: auto (on a terminal, without NO_COLOR), always or never\n"
	       "  --no-pager     Do not show long output in a pager\n"
	       "  --help         Show this; VERB --help shows a verb's options\n"
	       "  --version      Show the version\n\n"
	       "Exit status: 0 fine, 1 findings, 2 usage, 3 unreadable input, 4 unusable ledger,\n"
	       "5 unknown because the evidence is incomplete. See seccompctl(1).\n");
	return SECCOMPD_EXIT_OK;
}

static int version(void)
{
	printf("seccompctl %s\n", SECCOMPD_VERSION);
	return SECCOMPD_EXIT_OK;
}

static int parse_color(const char *word)
{
	static const char *const words[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};

	for (size_t i = 0; i < ELEMENTSOF(words); i++)
		if (strcmp(word, words[i]) == 0) {
			arg_color = i;
			return -1;
		}
	return ctl_fail(SECCOMPD_EXIT_USAGE, NULL,
			"--color takes auto, always or never, not \"%s\"", word);
}

static bool wants_color(void)
{
	const char *no_color = getenv("NO_COLOR");

	if (arg_color != COLOR_AUTO)
		return arg_color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && no_color[0] != '\0');
}

/* Columns of the terminal that is written to; 0 when it is none, or does not say. */
static size_t terminal_columns(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint32_t n;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (columns && parse_u32(span_of(columns), &n) == 0 && n > 0)
		return n;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

/* Returns -1 to go on with the verb at argv[optind], otherwise an exit code. */
static int parse_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "ledger", required_argument, NULL, 'l' },
		{ "color", required_argument, NULL, 'C' },
		{ "no-pager", no_argument, NULL, 'P' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = ctl_getopt(NULL, argc, argv, "+hV", options)) >= 0)
		switch (c) {
		case 'c':
			arg_config = optarg;
			break;
		case 'l':
			arg_ledger = optarg;
			break;
		case 'C':
			r = parse_color(optarg);
			if (r >= 0)
				return r;
			break;
		case 'P':
			arg_no_pager = true;
			break;
		case 'h':
			return help();
		case 'V':
			return version();
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	return -1;
}

/* ---- words ---- */

/* What is left empty names nothing; most often it is a variable that was not set. */
static int refuse_empty(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *end = strncmp(argv[i], "--", 2) == 0 ? strchr(argv[i], '=') : NULL;

		if (argv[i][0] == '\0')
			return ctl_fail(SECCOMPD_EXIT_USAGE, NULL,
					"the argument behind \"%s\" is empty", argv[i - 1]);
		if (end && end[1] == '\0')
			return ctl_fail(SECCOMPD_EXIT_USAGE, NULL, "nothing stands behind \"%s\"",
					argv[i]);
	}
	return -1;
}

static int unknown_verb(const char *name)
{
	Similar similar = similar_begin(name);
	const Verb *best = NULL;

	for (size_t i = 0; i < ELEMENTSOF(verbs); i++)
		if (similar_offer(&similar, verbs[i].name))
			best = &verbs[i];
	if (best)
		return ctl_fail(SECCOMPD_EXIT_USAGE, NULL,
				"there is no verb \"%s\"; did you mean \"%s\"?", name, best->name);
	return ctl_fail(SECCOMPD_EXIT_USAGE, NULL,
			"there is no verb \"%s\"; seccompctl --help lists them", name);
}

static const Verb *find_verb(const char *name)
{
	for (size_t i = 0; i < ELEMENTSOF(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

/* --ledger decides for both files; otherwise the daemon's configuration does, then the defaults. */
static int set_paths(DaemonSection *s)
{
	if (arg_ledger) {
		free(s->ledger);
		free(s->tally);
		s->ledger = strdup(arg_ledger);
		if (asprintf(&s->tally, "%s.tally", arg_ledger) < 0)
			s->tally = NULL;
		/* never another one */
		if (!s->ledger || !s->tally)
			return -ENOMEM;
	}
	if (!s->ledger)
		s->ledger = strdup(SECCOMPD_STATE_DIR "/ledger.db");
	if (!s->tally)
		s->tally = strdup(SECCOMPD_RUNTIME_DIR "/tally");
	if (!s->workloads_dir)
		s->workloads_dir = strdup(WORKLOADS_DIR);
	return s->ledger && s->tally && s->workloads_dir ? 0 : -ENOMEM;
}

/* Behind the verb, where the configuration is read before the verb's own options are. */
static bool names_ledger(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (span_starts(span_of(argv[i]), SPAN_LIT("--ledger")))
			return true;
	return arg_ledger;
}

static int configure(const Verb *verb, bool named, Config *config, Diag *d)
{
	bool must = arg_config || (verb->needs & (NEEDS_NAMES | NEEDS_SETTINGS)) ||
		    ((verb->needs & NEEDS_LEDGER) && !named);
	int r = 0;

	/* A mistake in the configuration must not hide a ledger that was named. */
	if (must || (verb->needs & MAY_NEED_NAMES))
		r = ctl_config_read(arg_config ?: CONFIG_FILE, arg_config, config, d);
	if (r == -EBADMSG && !must)
		r = 0;
	if (r == 0)
		r = set_paths(&config->daemon);
	if (r == -ENOMEM)
		return ctl_fail_memory(verb->name);
	return r < 0 ? ctl_fail_diag(SECCOMPD_EXIT_INPUT, verb->name, NULL, d) : 0;
}

/* As somebody would type it, with the options that say which configuration and ledger. */
static char *write_command(const char *program)
{
	const struct {
		const char *option, *value;
	} given[] = { { "--config", arg_config }, { "--ledger", arg_ledger } };
	Buffer b = BUFFER_NULL;
	char *text;

	buffer_add_str(&b, program);
	for (size_t i = 0; i < ELEMENTSOF(given); i++)
		if (given[i].value) {
			buffer_printf(&b, " %s ", given[i].option);
			text_shell_word(&b, span_of(given[i].value));
		}
	text = buffer_error(&b) < 0 ? NULL : buffer_steal(&b);
	buffer_done(&b);
	return text;
}

/* ---- options behind the verb ---- */

enum { OPTION_LEDGER = 0x1000, OPTION_COLOR, OPTION_NO_PAGER };

/* The verb that runs, for the options that are its and everybody's. */
static struct {
	const Verb *verb;
	Config *config;
	Ctl *ctl;
	char *command, *daemon;
	bool help;
} running;

/* What follows from --ledger. */
static int point_to_ledger(void)
{
	Ctl *ctl = running.ctl;

	if (set_paths(&running.config->daemon) < 0)
		return ctl_fail_memory(running.verb->name);
	free(running.command);
	free(running.daemon);
	running.command = write_command("seccompctl");
	running.daemon = write_command("seccompd");
	ctl->ledger_path = running.config->daemon.ledger;
	ctl->tally_path = running.config->daemon.tally;
	ctl->ledger_named = arg_ledger != NULL;
	ctl->command = running.command ?: "seccompctl";
	ctl->daemon = running.daemon ?: "seccompd";
	return 0;
}

static int take_common(int c, const char *arg)
{
	int r;

	switch (c) {
	case OPTION_LEDGER:
		arg_ledger = arg;
		return point_to_ledger();
	case OPTION_COLOR:
		r = parse_color(arg);
		running.ctl->color = wants_color();
		return r < 0 ? 0 : r;
	default:
		arg_no_pager = true;
		return 0;
	}
}

/* Behind all that asks what standard output is. */
static void on_parsed(bool help)
{
	running.help = help;
	table_fit(terminal_columns());
	if ((running.verb->needs & PAGED) && !arg_no_pager)
		pager_open();
}

/* Those that write a ledger have a --ledger of their own. */
static const struct option common_options[] = {
	{ "ledger", required_argument, NULL, OPTION_LEDGER },
	{ "color", required_argument, NULL, OPTION_COLOR },
	{ "no-pager", no_argument, NULL, OPTION_NO_PAGER },
	{ NULL, 0, NULL, 0 },
};

/* Behind the verb's own help. */
static void help_common(void)
{
	printf("\nAs before the verb:\n");
	if (running.verb->needs & (NEEDS_LEDGER | TAKES_LEDGER))
		printf("  --ledger FILE   Read this ledger, and the tally FILE.tally\n");
	printf("  --color WHEN    auto, always or never\n"
	       "  --no-pager      Do not show long output in a pager\n");
}

/* ---- all of it ---- */

static int run(const Verb *verb, int argc, char **argv)
{
	_cleanup_config_ Config config = { 0 };
	Diag fault = { 0 };
	const CommonOptions common = { common_options +
					       !(verb->needs & (NEEDS_LEDGER | TAKES_LEDGER)),
				       take_common, on_parsed };
	char title[64];
	Ctl ctl;
	int r;

	r = configure(verb, names_ledger(argc, argv), &config, &fault);
	if (r != 0)
		return r;
	ctl = (Ctl){
		.workloads_dir = config.daemon.workloads_dir,
		.state = &config.state,
		.workloads = &config.workloads,
		.risks = &config.risks,
		.gate = &config.gate,
		.profile_path = config.profile_path ?: PROFILE_PATH_DEFAULT,
		.config_fault = fault.text[0] ? &fault : NULL,
		.config_path = arg_config ?: CONFIG_FILE,
		.color = wants_color(),
	};
	running.verb = verb;
	running.config = &config;
	running.ctl = &ctl;
	r = point_to_ledger();
	ctl_getopt_common(&common);
	optind = 0; /* glibc: start over, on the verb's own words */
	snprintf(title, sizeof(title), "seccompctl %s", verb->name);
	argv[0] = title; /* what getopt complains as */
	if (r == 0)
		r = verb->run(&ctl, argc, argv);
	if (running.help)
		help_common();
	free(running.command);
	free(running.daemon);
	return r;
}

/* Why writing failed: now, or earlier, when the last error may be of something else. */
static int find_reason(int last)
{
	static const int reasons[] = { ENOSPC, EDQUOT, EFBIG, EIO, EBADF };

	if (fflush(stdout) != 0)
		return errno;
	for (size_t i = 0; i < ELEMENTSOF(reasons); i++)
		if (reasons[i] == last)
			return last;
	return 0;
}

/* What nobody could be told is no success. */
static int finish(const char *verb, int code)
{
	int reason = find_reason(errno);

	if (!ferror(stdout))
		return code;
	return ctl_fail(SECCOMPD_EXIT_INPUT, verb, "cannot write to standard output%s%s",
			reason ? ": " : "", reason ? strerror(reason) : "");
}

/* A file that is opened later must not become standard output. What stands in for a closed one
 * fails as that would have. */
static void hold_standard_fds(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	char program[] = "seccompctl";
	const Verb *verb;
	int r;

	hold_standard_fds();
	bus_error_watch();
	if (argc > 0)
		argv[0] = program;
	r = refuse_empty(argc, argv);
	if (r < 0)
		r = parse_options(argc, argv);
	if (r >= 0)
		return finish(NULL, r);
	if (optind >= argc)
		return ctl_fail(SECCOMPD_EXIT_USAGE, NULL,
				"a verb is missing; seccompctl --help lists them");
	verb = find_verb(argv[optind]);
	if (!verb)
		return unknown_verb(argv[optind]);
	r = finish(verb->name, run(verb, argc - optind, argv + optind));
	pager_close();
	return r;
}
