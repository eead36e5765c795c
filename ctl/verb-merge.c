/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "ctl/figures.h"
#include "ctl/hosts-remark.h"
#include "ctl/log-file.h"
#include "ctl/options.h"
#include "ctl/progress.h"
#include "ctl/replay-ledger.h"
#include "evidence/ledger-merge.h"
#include "evidence/ledger-work.h"
#include "profile/json-line.h"
#include "seccompd/exit-codes.h"
#include "util/file.h"

static const char help[] =
	"seccompctl merge LEDGER... --ledger OUT [--retired HOST]... [--json]\n\n"
	"Takes the ledgers of many hosts into OUT, one of its own that is made when needed, for\n"
	"\"list\", \"show\", \"gate\" and the others, with each host told apart. A ledger may be\n"
	"seccompd's, one made by \"replay --journal\", or one that was merged before. Nothing "
	"counts\n"
	"twice, in whatever order and how often ledgers are merged: merge new copies into OUT as "
	"they\n"
	"come. When something fails, OUT stays as it was.\n\n"
	"  --ledger OUT    Never that of seccompd\n"
	"  --retired HOST  This host is gone for good: that it tells nothing more is no loss\n"
	"  --json          One JSON object\n"
	"  --help          This text\n";

typedef struct Options {
	const char *out;
	char *const *ledgers;
	const char **retired;
	size_t n_ledgers, n_retired;
	bool json;
} Options;

/* ---- all of it ---- */

typedef struct Merging {
	const Options *options;
	LedgerMerge *merge;
	LedgerMergeReport report;
	Progress progress;
	uint64_t read, size; /* bytes of the ledgers before this one; of this one */
	size_t n;            /* ledgers before this one */
} Merging;

/* Of pages that are read twice nothing is known, so it comes to its end too early at worst. */
static void show_reading(uint64_t bytes, void *userdata)
{
	Merging *m = userdata;

	progress_show(&m->progress, m->read + MIN(bytes, m->size), m->n);
}

static void show_sum(uint64_t bytes, void *userdata)
{
	Merging *m = userdata;

	(void)bytes;
	progress_show(&m->progress, m->read, m->n);
}

static int explain_source(const char *path, const Ledger *from, int r)
{
	if (r == -EINVAL)
		return ctl_fail(SECCOMPD_EXIT_LEDGER, "merge",
				"%s was made from logs, and what somebody says of a log must not "
				"mix with what was seen; nothing was written",
				path);
	return ctl_fail(SECCOMPD_EXIT_LEDGER, "merge",
			"the ledger %s is damaged (%s); leave it out; nothing was written", path,
			ledger_error(from)[0] ? ledger_error(from) : "it contradicts itself");
}

static int take_ledger(Merging *m, Ledger *to, const char *path)
{
	_cleanup_(ledger_freep) Ledger *from = NULL;
	bool source = false;
	Diag d = { 0 };
	int r;

	if (ledger_open_reader(path, &from, &d) < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, "merge", NULL, &d);
	m->size = log_files_size(&path, 1);
	ledger_on_work(from, show_reading, m);
	r = ledger_begin(from);
	if (r == 0)
		r = ledger_merge_from(m->merge, from, &source);
	else
		source = true;
	ledger_rollback(from);
	m->read += m->size;
	m->n++;
	if (r == -ENOSPC)
		return ctl_fail(SECCOMPD_EXIT_LEDGER, "merge",
				"%s is one too many: %d ledgers can be told apart; nothing was "
				"written",
				path, TELLERS_MAX);
	if (r < 0 && (source || r == -EINVAL))
		return explain_source(path, from, r);
	return r < 0 ? replay_explain("merge", m->options->out, to, r) : 0;
}

static int retire(Merging *m, Ledger *to, const char *host)
{
	int r = ledger_merge_retire(m->merge, host);

	if (r < 0)
		return replay_explain("merge", m->options->out, to, r);
	return r > 0 ? 0
		     : ctl_fail(
			       SECCOMPD_EXIT_USAGE, "merge",
			       "no ledger is of a host \"%s\", so it cannot be retired; \"status\" "
			       "lists hosts; nothing was written",
			       host);
}

static void start_progress(Merging *m, Ledger *to)
{
	const Options *o = m->options;

	progress_start(&m->progress, "ledgers",
		       log_files_size((const char *const *)o->ledgers, o->n_ledgers), true);
	ledger_on_work(to, show_sum, m);
}

/* Within a transaction. */
static int fill(Ledger *l, void *userdata, bool *ret_changed)
{
	Merging *m = userdata;
	const Options *o = m->options;
	int r = ledger_merge_new(l, &m->merge), e = 0;

	if (r < 0)
		return replay_explain("merge", o->out, l, r);
	start_progress(m, l);
	for (size_t i = 0; e == 0 && i < o->n_ledgers; i++) {
		e = take_ledger(m, l, o->ledgers[i]);
		show_sum(0, m);
	}
	for (size_t i = 0; e == 0 && i < o->n_retired; i++)
		e = retire(m, l, o->retired[i]);
	r = e == 0 ? ledger_merge_finish(m->merge, &m->report) : 0;
	ledger_on_work(l, NULL, NULL);
	progress_end(&m->progress);
	if (e != 0)
		return e;
	*ret_changed = r == 0;
	return r < 0 ? replay_explain("merge", o->out, l, r) : 0;
}

/* Each before OUT is made, and none of them OUT itself. */
static int check_ledgers(const Options *o)
{
	for (size_t i = 0; i < o->n_ledgers; i++) {
		if (access(o->ledgers[i], F_OK) < 0)
			return ctl_fail(SECCOMPD_EXIT_INPUT, "merge", "%s cannot be read: %s",
					o->ledgers[i], strerror(errno));
		if (file_is_same(o->ledgers[i], o->out))
			return ctl_fail(SECCOMPD_EXIT_USAGE, "merge",
					"%s is the ledger to write: name it with --ledger alone",
					o->ledgers[i]);
	}
	return 0;
}

/* ---- output ---- */

static int print_json(const LedgerMergeReport *r, size_t n)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const struct {
		const char *key;
		uint64_t n;
	} counts[] = {
		{ "merged", n },
		{ "ledgers", r->tellers->n },
		{ "hosts", hosts_count(r->tellers) },
		{ "workloads", r->figures.workloads },
		{ "sightings", r->figures.sightings },
		{ "records", r->figures.records },
		{ "losses", r->figures.losses },
		{ "runs", r->figures.runs },
		{ "lifetimes", r->figures.lifetimes },
		{ "untold_records", r->untold.records },
		{ "untold_losses", r->untold.losses },
		{ "untold_runs", r->untold.runs },
		{ "untold_entries", r->untold.entries },
	};

	for (size_t i = 0; i < ELEMENTSOF(counts); i++)
		json_line_uint(j, counts[i].key, counts[i].n);
	json_line_time(j, "first", r->figures.first);
	json_line_time(j, "last", r->figures.last);
	return json_line_write(j, stdout);
}

static void print_text(const LedgerMergeReport *r, size_t n)
{
	const Figure rows[] = {
		{ n, "ledger was merged", "ledgers were merged" },
		{ r->tellers->n, "ledger of seccompd is in it now",
		  "ledgers of seccompd are in it now" },
		{ hosts_count(r->tellers), "host wrote them", "hosts wrote them" },
		{ r->figures.workloads, "workload", "workloads, each host's for itself" },
		{ r->figures.sightings, "different call that they made",
		  "different calls that they made" },
		{ r->figures.records, "record of them", "records of them" },
		{ r->figures.losses, "loss", "losses" },
		{ r->untold.records,
		  "of the records is only in a sum: journals lack the entry that told of it",
		  "of the records are only in a sum: journals lack the entries that told of them" },
		{ r->untold.losses, "loss that nothing is known of: likewise",
		  "losses that nothing is known of: likewise" },
		{ r->untold.runs, "run of seccompd that nothing is known of: likewise",
		  "runs of seccompd that nothing is known of: likewise" },
		{ r->untold.entries, "entry that told what ran when is gone: likewise",
		  "entries that told what ran when are gone: likewise" },
	};

	figures_print(rows, ELEMENTSOF(rows));
}

static int merge(const Options *o)
{
	Merging m = { .options = o };
	int r = check_ledgers(o);

	if (r == 0)
		r = replay_into("merge", o->out, ledger_open_merge, fill, &m);
	if (r == 0) {
		hosts_remark("merge", m.report.tellers);
		if (o->json)
			(void)print_json(&m.report, o->n_ledgers);
		else
			print_text(&m.report, o->n_ledgers);
	}
	ledger_merge_free(m.merge);
	return r;
}

static int parse(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		{ "ledger", required_argument, NULL, 'l' },
		{ "retired", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = ctl_getopt("merge", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'l':
			o->out = optarg;
			break;
		case 'r':
			o->retired[o->n_retired++] = optarg;
			break;
		case 'j':
			o->json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	o->ledgers = argv + optind;
	o->n_ledgers = (size_t)(argc - optind);
	if (!o->out || o->out[0] == '\0')
		return ctl_fail(SECCOMPD_EXIT_USAGE, "merge",
				"name the file to write with --ledger: one of its own, not that of "
				"seccompd");
	if (o->n_ledgers == 0 && o->n_retired == 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "merge", "name the ledgers to merge");
	return 0;
}

int verb_merge(Ctl *ctl, int argc, char **argv)
{
	Options o = { .out = ctl->ledger_named ? ctl->ledger_path : NULL,
		      .retired = calloc((size_t)argc, sizeof(*o.retired)) };
	int r = o.retired ? parse(argc, argv, &o) : ctl_fail_memory("merge");

	if (r == 0)
		r = merge(&o);
	free(o.retired);
	return r < 0 ? SECCOMPD_EXIT_OK : r;
}
