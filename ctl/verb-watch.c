/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/wait.h"
#include "ctl/watch.h"
#include "evidence/ledger-replay.h"
#include "seccompd/exit-codes.h"
#include "util/parse.h"

#define INTERVAL_MS 250
/* Of a large ledger a look takes time: that much more passes until the next. */
#define REST 10
#define LINES_DEFAULT 10
#define LINES_MAX 1000000

static const char help[] =
	"seccompctl watch [WORKLOAD] [--since TIME] [-n LINES] [--json]\n\n"
	"Prints what comes as it comes, until it is interrupted: each call that a workload makes "
	"for\n"
	"the first time, how often it goes on, each change of a stage, each loss, and when "
	"seccompd\n"
	"ends or starts. First the newest calls that are known already.\n\n"
	"  --since TIME    Those since then: \"2026-11-22 03:06\", or \"2h\" for the last two "
	"hours\n"
	"  --lines LINES   So many of them, also -n (default: 10, with --since all)\n"
	"  --json          One JSON object per line\n";

typedef struct Options {
	const char *workload;
	usec_t since;
	uint32_t lines;
	bool has_lines, json;
} Options;

/* A moment, or how long ago. */
static int parse_since(const char *arg, usec_t *ret)
{
	usec_t span, now = ctl_now();

	if (clock_parse_time(span_of(arg), ret) == 0)
		return 0;
	if (clock_parse_span(span_of(arg), &span) == 0 && span < now) {
		*ret = now - span;
		return 0;
	}
	return ctl_fail(SECCOMPD_EXIT_USAGE, "watch",
			"--since takes a time such as \"2026-11-22 03:06\" or 2h, not \"%s\"", arg);
}

static int parse_lines(const char *arg, Options *o)
{
	if (parse_u32(span_of(arg), &o->lines) < 0 || o->lines > LINES_MAX)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "watch",
				"-n takes a number of lines up to %d, not \"%s\"", LINES_MAX, arg);
	o->has_lines = true;
	return 0;
}

/* -1 to go on, otherwise an exit code. */
static int parse(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		{ "since", required_argument, NULL, 's' },
		{ "lines", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r = 0;

	while (r == 0 && (c = ctl_getopt("watch", argc, argv, "n:h", options)) >= 0)
		switch (c) {
		case 's':
			r = parse_since(optarg, &o->since);
			break;
		case 'n':
			r = parse_lines(optarg, o);
			break;
		case 'j':
			o->json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return SECCOMPD_EXIT_OK;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	if (r != 0)
		return r;
	if (argc - optind > 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "watch", "one workload at a time");
	o->workload = argv[optind];
	return -1;
}

/* Its name as it is in the ledger now: another ledger may know it too. */
static int find_workload(const Ctl *ctl, const char *word, char **ret)
{
	_cleanup_evidence_ Evidence e = { 0 };
	const Workload *w;
	int r;

	*ret = NULL;
	if (!word)
		return 0;
	r = evidence_open(ctl, "watch", &e);
	if (r != 0)
		return r;
	w = evidence_find(&e, "watch", word);
	if (!w)
		return SECCOMPD_EXIT_USAGE;
	*ret = strdup(w->name);
	return *ret ? 0 : ctl_fail_memory("watch");
}

/* One look; an error of the ledger's is told, and the next look begins anew. */
static int look(Watch *w, unsigned bits)
{
	int r = 0;

	watch_told(w, bits);
	if (bits & FOLLOW_REPLACED)
		r = watch_begin(w);
	else if (bits & FOLLOW_CHANGED)
		r = watch_changes(w);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		watch_told(w, follow_give_up(&w->follow));
	return 0;
}

static int follow(Watch *w)
{
	_cleanup_waiter_ Waiter waiter = WAITER_NULL;
	unsigned ms = 0;
	int r;

	r = waiter_open(&waiter);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "watch", "cannot take signals: %s",
				strerror(-r));
	r = watch_begin(w);
	w->before = 0;
	if (w->too_many)
		ctl_complain("watch",
			     "the ledger has more than %d sightings: of the rest only new ones "
			     "are shown",
			     KNOWN_MAX);
	if (r >= 0 && !w->follow.running && ledger_is_replayed(w->follow.ledger) == 0)
		r = watch_say_daemon(w, false);
	while (r >= 0) {
		usec_t start;

		if (fflush(stdout) != 0 || waiter_wait(&waiter, -1, ms) == WAIT_END)
			return SECCOMPD_EXIT_OK;
		start = waiter_clock();
		r = look(w, follow_look(&w->follow));
		ms = (unsigned)MAX((usec_t)INTERVAL_MS, REST * (waiter_clock() - start) / 1000);
	}
	return r == -ENOMEM ? ctl_fail_memory("watch")
			    : ctl_fail(SECCOMPD_EXIT_LEDGER, "watch", "cannot read %s: %s",
				       w->follow.path, ledger_error(w->follow.ledger));
}

int verb_watch(Ctl *ctl, int argc, char **argv)
{
	_cleanup_watch_ Watch w = { .ctl = ctl };
	_cleanup_free_ char *workload = NULL;
	Options o = { 0 };
	int r;

	r = parse(argc, argv, &o);
	if (r >= 0)
		return r;
	w.json = o.json;
	w.from = o.since;
	w.before = o.has_lines ? o.lines : o.since > 0 ? LINES_MAX : LINES_DEFAULT;
	r = find_workload(ctl, o.workload, &workload);
	w.workload = workload;
	if (r == 0)
		r = follow_open(ctl, "watch", &w.follow);
	return r != 0 ? r : follow(&w);
}
