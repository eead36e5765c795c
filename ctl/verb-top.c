/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/table.h"
#include "ctl/top.h"
#include "ctl/wait.h"
#include "seccompd/exit-codes.h"
#include "util/parse.h"

#define DELAY_MS 2000
#define DELAY_LEAST_MS 100
#define BATCH_WIDTH 512

static const char help[] =
	"seccompctl top [-d SECONDS] [-n COUNT] [-b] [--sort KEY] [--json]\n\n"
	"Workloads by how many records they make just now, and by what is new. On top whether "
	"seccompd\n"
	"runs and what is missing: a workload without records is safe only when nothing is.\n\n"
	"  --delay SECONDS  Look so often, also -d (default: 2s; at least 100ms)\n"
	"  --count COUNT    End after so many pictures, also -n\n"
	"  --batch          No terminal is needed: one picture after the other, also -b\n"
	"  --sort KEY       By rate (default), new (calls first made within the hour), records or "
	"name\n"
	"  --json           One look for programs, over one delay: an object per workload and one "
	"of "
	"the\n"
	"                   whole; with -n so many\n\n"
	"Keys: q ends it; r, n, c and w sort by rate, new, records (count) and name; arrows "
	"move.\n";

typedef struct Options {
	unsigned ms;
	uint32_t count;
	bool batch, json;
} Options;

static int parse_delay(const char *arg, unsigned *ret)
{
	usec_t t;

	if (clock_parse_span(span_of(arg), &t) < 0 || t < DELAY_LEAST_MS * USEC_PER_MSEC ||
	    t > 3600 * USEC_PER_SEC)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "top",
				"-d takes seconds, or 100ms up to 1h, not \"%s\"", arg);
	*ret = (unsigned)(t / USEC_PER_MSEC);
	return 0;
}

static int parse_one(int c, Top *t, Options *o)
{
	switch (c) {
	case 'd':
		return parse_delay(optarg, &o->ms);
	case 'n':
		if (parse_u32(span_of(optarg), &o->count) == 0 && o->count > 0)
			return 0;
		return ctl_fail(SECCOMPD_EXIT_USAGE, "top",
				"-n takes how many pictures, not \"%s\"", optarg);
	case 'b':
		o->batch = true;
		return 0;
	case 'j':
		o->json = o->batch = true;
		return 0;
	case 's':
		if (top_sort_from_name(optarg, &t->sort) == 0)
			return 0;
		return ctl_fail(SECCOMPD_EXIT_USAGE, "top",
				"--sort takes rate, new, records or name, not \"%s\"", optarg);
	default:
		return SECCOMPD_EXIT_USAGE;
	}
}

static void print_picture(const Top *t)
{
	size_t width = table_room() > 0 ? table_room() : BATCH_WIDTH;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	for (unsigned i = 0; i < TOP_HEAD_LINES; i++) {
		top_head(t, i, width, &b);
		buffer_add_char(&b, '\n');
	}
	top_titles(t, width, &b);
	for (size_t i = 0; i < t->n; i++) {
		buffer_add_char(&b, '\n');
		top_row(t, &t->rows[i], width, &b);
	}
	if (buffer_error(&b) == 0)
		printf("%s\n\n", b.p);
}

/* A rate is of the time between two looks: the first has none. */
static int json(Top *t, const Options *o)
{
	_cleanup_waiter_ Waiter waiter = WAITER_NULL;
	int r = waiter_open(&waiter);

	for (uint32_t i = 0; r >= 0 && i < MAX(o->count, 1U); i++) {
		if (waiter_wait(&waiter, -1, o->ms) == WAIT_END)
			return SECCOMPD_EXIT_OK;
		r = top_look(t, waiter_clock());
		if (r >= 0)
			r = top_json(t);
		if (fflush(stdout) != 0)
			return SECCOMPD_EXIT_OK;
	}
	return r < 0 ? ctl_fail(SECCOMPD_EXIT_INPUT, "top", "%s", strerror(-r)) : SECCOMPD_EXIT_OK;
}

static int batch(Top *t, const Options *o)
{
	_cleanup_waiter_ Waiter waiter = WAITER_NULL;
	int r = waiter_open(&waiter);

	for (uint32_t shown = 1; r >= 0; shown++) {
		print_picture(t);
		if (fflush(stdout) != 0 || (o->count > 0 && shown >= o->count) ||
		    waiter_wait(&waiter, -1, o->ms) == WAIT_END)
			return SECCOMPD_EXIT_OK;
		r = top_look(t, waiter_clock());
	}
	return ctl_fail(SECCOMPD_EXIT_INPUT, "top", "%s", strerror(-r));
}

int verb_top(Ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "delay", required_argument, NULL, 'd' },
		{ "count", required_argument, NULL, 'n' },
		{ "batch", no_argument, NULL, 'b' },
		{ "sort", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	_cleanup_top_ Top t = { .ctl = ctl };
	Options o = { .ms = DELAY_MS };
	int c, r = 0;

	while (r == 0 && (c = ctl_getopt("top", argc, argv, "d:n:bh", options)) >= 0) {
		if (c == 'h') {
			fputs(help, stdout);
			return SECCOMPD_EXIT_OK;
		}
		r = parse_one(c, &t, &o);
	}
	if (r == 0 && optind < argc)
		r = ctl_fail(SECCOMPD_EXIT_USAGE, "top",
			     "it takes no argument: \"%s\"; --help shows "
			     "its options",
			     argv[optind]);
	if (r == 0)
		r = follow_open(ctl, "top", &t.follow);
	if (r != 0)
		return r;
	if (top_look(&t, waiter_clock()) < 0)
		return ctl_fail_memory("top");
	if (o.json)
		return json(&t, &o);
	return o.batch ? batch(&t, &o) : top_screen(&t, o.ms, o.count);
}
