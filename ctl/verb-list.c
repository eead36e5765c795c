/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>

#include "ctl/evidence.h"
#include "ctl/running.h"
#include "ctl/table.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl list [--all] [--json]\n\n"
	"Workloads that made calls outside their profile. Containers that made none yet are not\n"
	"listed: an empty list does not say that nothing runs, or that every profile fits.\n\n"
	"  --all   Host processes outside of containers and units, too\n"
	"  --json  One JSON object per workload\n";

static bool is_listed(const Workload *w, bool all)
{
	return all || !span_starts(span_of(w->name), SPAN_LIT("host:"));
}

static int print_json(const Workload *w, const Lost *lost, int running)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();

	json_line_str(j, "workload", w->name);
	json_line_str(j, "runtime", known(w->runtime));
	json_line_str(j, "name", known(w->container_name));
	json_line_str(j, "image", known(w->image));
	json_line_str(j, "stage", known(w->stage));
	json_line_str(j, "visibility", known(w->visibility));
	json_line_str(j, "profile", known(w->profile_hash));
	json_line_str(j, "profile_file", known(w->profile_source));
	if (running < 0)
		json_line_null(j, "running");
	else
		json_line_bool(j, "running", running > 0);
	json_line_uint(j, "sightings", w->sightings);
	json_line_uint(j, "records", w->records);
	json_line_time(j, "first", w->first);
	json_line_time(j, "last", w->last);
	json_line_bool(j, "complete", workload_is_complete(w, lost));
	json_line_bool(j, "heuristic", w->heuristic);
	return json_line_write(j, stdout);
}

static int list_json(const Evidence *e, bool all)
{
	_cleanup_close_ int cgroup_fd = open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = 0;

	for (size_t i = 0; r == 0 && i < e->workloads.n; i++) {
		const Workload *w = &e->workloads.rows[i];

		if (is_listed(w, all))
			r = print_json(w, &e->lost,
				       workload_is_running(e->ledger, cgroup_fd, w->id));
	}
	return r;
}

static const TableColumn columns[] = {
	{ "WORKLOAD", false }, { "STAGE", false }, { "VISIBLE", false },  { "CALLS", true },
	{ "RECORDS", true },   { "LAST", false },  { "EVIDENCE", false },
};

static void add_row(Table *t, const Workload *w, const Lost *lost)
{
	bool complete = workload_is_complete(w, lost);
	char ago[32];

	table_cell(t, span_of(w->name), TONE_PLAIN);
	table_cell(t, span_of(known(w->stage) ?: "-"), TONE_PLAIN);
	table_cell(t, span_of(known(w->visibility) ?: "-"),
		   span_is(span_of(w->visibility), "blind") ? TONE_BAD : TONE_PLAIN);
	table_cellf(t, TONE_PLAIN, "%" PRIu64, w->sightings);
	table_cellf(t, TONE_PLAIN, "%" PRIu64, w->records);
	table_cell(t, span_of(clock_format_ago(w->last, ctl_now(), ago, sizeof(ago))), TONE_PLAIN);
	table_cell(t, span_of(complete ? "complete" : "incomplete"),
		   complete ? TONE_GOOD : TONE_WARN);
}

static int list_table(const Ctl *ctl, const Evidence *e, bool all)
{
	_cleanup_(table_freep) Table *t = table_new(columns, ELEMENTSOF(columns));
	size_t shown = 0, hidden = 0;
	int r = 0;

	for (size_t i = 0; i < e->workloads.n; i++)
		if (is_listed(&e->workloads.rows[i], all)) {
			add_row(t, &e->workloads.rows[i], &e->lost);
			shown++;
		} else
			hidden++;
	if (shown > 0)
		r = table_print(t, stdout, ctl->color);
	else
		printf("No call outside a profile was recorded so far%s.\n",
		       hidden > 0 ? " in containers and units" : "");
	if (hidden > 0)
		printf("\n%zu host processes are not shown; --all shows them.\n", hidden);
	if (!lost_nothing(&e->lost)) {
		printf("\nThe evidence is incomplete:\n");
		lost_print(&e->lost, stdout);
	}
	return r;
}

int verb_list(Ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	_cleanup_evidence_ Evidence e = { 0 };
	bool all = false, json = false;
	int c, r;

	while ((c = getopt_long(argc, argv, "ah", options, NULL)) >= 0)
		switch (c) {
		case 'a':
			all = true;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return SECCOMPD_EXIT_OK;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	if (optind < argc)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "list",
				"it takes no argument: \"%s\"; \"show\" does", argv[optind]);
	r = evidence_open(ctl, "list", &e);
	if (r != 0)
		return r;
	r = json ? list_json(&e, all) : list_table(ctl, &e, all);
	return r == -ENOMEM ? ctl_fail(SECCOMPD_EXIT_INPUT, "list", "out of memory")
			    : SECCOMPD_EXIT_OK;
}
