/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>

#include "ctl/evidence.h"
#include "ctl/hosts.h"
#include "ctl/inventory.h"
#include "ctl/offenders.h"
#include "ctl/profile-in-use.h"
#include "ctl/progress.h"
#include "ctl/running.h"
#include "suggest/stage-check.h"
#include "ctl/table.h"
#include "profile/stage.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

static const char help[] = "seccompctl list [--all] [--json]\n\n"
			   "Every container that runs, every systemd unit with a system call "
			   "filter, and every workload\n"
			   "that made calls outside its profile. What is \"blind\" makes such "
			   "calls unseen: no record\n"
			   "does not say that its profile fits.\n\n"
			   "  --all   Host processes outside of containers and units, too\n"
			   "  --json  One JSON object per workload\n";

/* A workload of the ledger, or one that runs and has no record, or both. */
typedef struct Row {
	Workload w;                  /* texts borrowed */
	int running;                 /* as workload_is_running() */
	Contradiction contradiction; /* .records 0: the stage fits what was recorded */
	bool complete;
} Row;

typedef struct Rows {
	Row *rows;
	size_t n, hidden, blind, incomplete;
} Rows;

static void rows_done(Rows *r)
{
	free(r->rows);
}

static bool is_listed(const Workload *w, bool all)
{
	return all || !span_starts(span_of(w->name), SPAN_LIT("host:"));
}

/* What it runs under now outranks what it ran under when it made a call. */
static Row current(const Workload *recorded, const Workload *running)
{
	Row row = { .w = *recorded, .running = 1 };

	if (running->profile_hash[0]) {
		row.w.stage = running->stage;
		row.w.visibility = running->visibility;
		row.w.profile_hash = running->profile_hash;
		row.w.profile_source = running->profile_source;
	}
	if (running->image[0])
		row.w.image = running->image;
	return row;
}

static void add_row_of(Rows *rows, Row row, bool all)
{
	if (!is_listed(&row.w, all)) {
		rows->hidden++;
		return;
	}
	rows->blind += span_is(span_of(row.w.visibility), "blind");
	rows->rows[rows->n++] = row;
}

/* A container that made no call has left no cgroup to look for: it is over when all that runs is
 * known and it is not there. */
static int is_running(const Evidence *e, int cgroup_fd, const Workload *w, const Inventory *now)
{
	int r = ledger_hosts(e->ledger) > 1 ? -EXDEV
					    : workload_is_running(e->ledger, cgroup_fd, w->id);

	return r == -ENODATA && w->runtime[0] && w->records == 0 && !now->partial ? 0 : r;
}

/* Both are in the order of their names. */
static int join(const Evidence *e, const Inventory *inventory, bool all, Rows *ret)
{
	_cleanup_close_ int cgroup_fd = open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const Workloads *known_ones = &e->workloads, *now = &inventory->workloads;
	Rows rows = { .rows = calloc(known_ones->n + now->n + 1, sizeof(*rows.rows)) };
	size_t i = 0, k = 0;
	int running;

	if (!rows.rows)
		return -ENOMEM;
	while (i < known_ones->n || k < now->n) {
		const Workload *a = i < known_ones->n ? &known_ones->rows[i] : NULL;
		const Workload *b = k < now->n ? &now->rows[k] : NULL;
		int order = !a ? 1 : !b ? -1 : strcmp(a->name, b->name);

		running = order < 0 ? is_running(e, cgroup_fd, a, inventory) : 1;
		if (running == -EBADMSG) { /* the ledger is damaged */
			rows_done(&rows);
			return running;
		}
		if (order < 0)
			add_row_of(&rows, (Row){ *a, running }, all);
		else /* gcc-analyzer: without an a there is a b */
			add_row_of(&rows, order > 0 ? (Row){ *b, 1 } : current(a, b), all);
		i += order <= 0;
		k += order >= 0;
	}
	*ret = rows;
	return 0;
}

/* What the rows of the JSON form are made with. */
typedef struct Sources {
	const Evidence *evidence;
	const Inventory *now;
	ProfilesInUse *profiles;
} Sources;

static int files_json(const Sources *s, const Workload *w, JsonLine *j)
{
	_cleanup_files_in_use_ FilesInUse files = { 0 };
	JsonLine *list;
	int r;

	r = profiles_in_use_of(s->profiles, &s->now->instances, s->evidence->ledger, w, &files);
	if (r < 0)
		return r;
	json_line_text(j, "profile_file", span_of(files.one));
	list = json_line_array(j, "profile_files");
	for (size_t i = 0; i < files.n; i++)
		json_line_text(list, NULL, span_of(files.paths[i]));
	json_line_str(j, "profile_source", known(w->profile_source));
	return 0;
}

static int check_stages(Ledger *l, Rows *rows)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < rows->n; i++)
		r = stage_check(l, &rows->rows[i].w, &rows->rows[i].contradiction);
	return MIN(r, 0);
}

/* As far as it is known. */
static const char *stage_of(const Row *row)
{
	return row->contradiction.records > 0 ? stage_name(STAGE_OTHER) : row->w.stage;
}

static int print_json(const Sources *s, const Row *row)
{
	const Workload *w = &row->w;
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	int r;

	json_line_str(j, "workload", w->name);
	json_line_str(j, "runtime", known(w->runtime));
	json_line_str(j, "name", known(w->container_name));
	json_line_str(j, "image", known(w->image));
	json_line_str(j, "stage", known(stage_of(row)));
	json_line_str(j, "visibility", known(w->visibility));
	json_line_str(j, "profile", known(w->profile_hash));
	r = files_json(s, w, j);
	if (r < 0)
		return r;
	if (row->running < 0)
		json_line_null(j, "running");
	else
		json_line_bool(j, "running", row->running > 0);
	json_line_uint(j, "sightings", w->sightings);
	json_line_uint(j, "records", w->records);
	json_line_time(j, "first", w->first);
	json_line_time(j, "last", w->last);
	json_line_bool(j, "complete", row->complete);
	json_line_bool(j, "heuristic", w->heuristic);
	json_line_uint(j, "dropped", workload_dropped(&s->evidence->history, w));
	json_line_bool(j, "asserted", w->asserted);
	json_line_bool(j, "imported", w->imported);
	json_line_uint(j, "hosts", w->hosts);
	return json_line_write(j, stdout);
}

static int list_json(const Ctl *ctl, const Evidence *e, const Inventory *now, const Rows *rows)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *profiles = NULL;
	Sources s = { .evidence = e, .now = now };
	int r;

	r = profiles_in_use_open(ctl->profile_path, &profiles);
	s.profiles = profiles;
	for (size_t i = 0; r == 0 && i < rows->n; i++)
		r = print_json(&s, &rows->rows[i]);
	return r;
}

static const TableColumn columns[] = {
	{ "WORKLOAD", false }, { "RUNS", false },   { "STAGE", false }, { "VISIBLE", false },
	{ "CALLS", true },     { "RECORDS", true }, { "LAST", false },  { "EVIDENCE", false },
	{ "HOSTS", false }, /* of a ledger of several */
};

static const char *stage_word(const Row *row)
{
	return applied_profile_is_none(row->w.profile_hash) ? "unconfined"
							    : known(stage_of(row)) ?: "-";
}

static void add_row(Table *t, const History *h, const Row *row)
{
	const Workload *w = &row->w;
	char ago[32], hosts[HOSTS_TEXT_MAX];

	table_cell(t, span_of(w->name), TONE_PLAIN);
	table_cell(t,
		   span_of(row->running < 0   ? "-"
			   : row->running > 0 ? "yes"
					      : "no"),
		   TONE_PLAIN);
	table_cell(t, span_of(stage_word(row)), TONE_PLAIN);
	table_cell(t, span_of(known(w->visibility) ?: "-"),
		   span_is(span_of(w->visibility), "blind") ? TONE_BAD : TONE_PLAIN);
	table_cellf(t, TONE_PLAIN, "%" PRIu64, w->sightings);
	table_cellf(t, TONE_PLAIN, "%" PRIu64, w->records);
	table_cell(
		t,
		span_of(w->last > 0 ? clock_format_ago(w->last, ctl_now(), ago, sizeof(ago)) : "-"),
		TONE_PLAIN);
	table_cell(t,
		   span_of(w->imported     ? "imported"
			   : w->asserted   ? "asserted"
			   : row->complete ? "complete"
					   : "incomplete"),
		   row->complete ? TONE_GOOD : TONE_WARN);
	if (h->n_hosts > 0)
		table_cell(t, span_of(hosts_share_text(h, w->hosts, hosts)), TONE_PLAIN);
}

/* On the first day that is most of what runs: the engines' default profiles refuse silently. */
static void print_way_in(size_t n)
{
	if (n == 0)
		return;
	printf("\n%zu %s blind: what a profile refuses there leaves no record. The way in is to "
	       "run\n"
	       "one instance under a profile that logs: \"seccompctl promote WORKLOAD --to log\" "
	       "makes it\n(Docker, Podman: --security-opt seccomp=FILE); a unit with "
	       "SystemCallLog=.\n",
	       n, text_plural(n, "workload is", "workloads are"));
}

static void print_contradictions(const Rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->rows[i].contradiction.records > 0) {
			fputc('\n', stdout);
			stage_check_print(&rows->rows[i].w, &rows->rows[i].contradiction, stdout);
		}
}

static void print_offenders(const Evidence *e, const Rows *rows)
{
	Offenders all = { 0 };

	for (size_t i = 0; i < rows->n; i++)
		offenders_add(&all, rows->rows[i].w.name,
			      workload_dropped(&e->history, &rows->rows[i].w));
	offenders_print(&all, stdout);
}

static int list_table(const Ctl *ctl, const Evidence *e, const Rows *rows)
{
	_cleanup_(table_freep) Table *t =
		table_new(columns, ELEMENTSOF(columns) - (e->history.n_hosts == 0));
	int r = 0;

	for (size_t i = 0; i < rows->n; i++)
		add_row(t, &e->history, &rows->rows[i]);
	if (rows->n > 0)
		r = table_print(t, stdout, ctl->color);
	else
		printf("No call outside a profile was recorded so far%s, and no container runs.\n",
		       rows->hidden > 0 ? " in containers and units" : "");
	if (rows->hidden > 0)
		printf("\n%zu host %s not shown; --all shows all.\n", rows->hidden,
		       text_plural(rows->hidden, "process is", "processes are"));
	print_way_in(rows->blind);
	print_contradictions(rows);
	print_offenders(e, rows);
	hosts_print(&e->history, stdout);
	if (rows->incomplete > 0 && !lost_nothing(&e->lost)) {
		printf("\nThe evidence is incomplete. Lost so far:\n");
		lost_print(&e->lost, stdout);
	}
	return r;
}

static int judge(const Ctl *ctl, const Evidence *e, Rows *rows)
{
	Progress progress;
	int r = 0;

	progress_start(&progress, "workloads", rows->n, true);
	for (size_t i = 0; r >= 0 && i < rows->n; i++) {
		r = workload_is_complete(ctl, e, &rows->rows[i].w, NULL);
		rows->rows[i].complete = r > 0;
		rows->incomplete += r == 0;
		progress_show(&progress, i + 1, i + 1);
	}
	progress_end(&progress);
	return MIN(r, 0);
}

static int list(const Ctl *ctl, const Evidence *e, bool all, bool json)
{
	_cleanup_inventory_ Inventory now = { 0 };
	_cleanup_(rows_done) Rows rows = { 0 };
	int r;

	r = inventory_read(ctl, e->ledger, "list", &now);
	if (r >= 0)
		r = join(e, &now, all, &rows);
	if (r >= 0)
		r = check_stages(e->ledger, &rows);
	if (r >= 0)
		r = judge(ctl, e, &rows);
	if (r >= 0)
		r = json ? list_json(ctl, e, &now, &rows) : list_table(ctl, e, &rows);
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

	while ((c = ctl_getopt("list", argc, argv, "ah", options)) >= 0)
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
	r = list(ctl, &e, all, json);
	if (r < 0 && r != -ENOMEM && !ferror(stdout)) /* of that, main says more */
		return ctl_fail_ledger(ctl, "list", e.ledger);
	return r == -ENOMEM ? ctl_fail_memory("list") : SECCOMPD_EXIT_OK;
}
