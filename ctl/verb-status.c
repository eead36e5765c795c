/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "ctl/busiest.h"
#include "ctl/evidence.h"
#include "ctl/faults.h"
#include "ctl/hosts.h"
#include "ctl/offenders.h"
#include "ctl/progress.h"
#include "evidence/ledger-replay.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

#define START_HINT "start it with: systemctl start seccompd.socket seccompd.service"

static const char help[] =
	"seccompctl status [--json]\n\n"
	"Whether seccompd runs, what it has read, and what is missing from its evidence.\n\n"
	"  --json  One JSON object\n";

/* Everything that is shown. Without a tally .totals is what the ledger still knows. */
typedef struct Status {
	bool running, has_tally;
	int replayed; /* ledger_is_replayed() */
	TallyTotals totals;
	Lost lost;
	uint64_t workloads, complete; /* of the ledger; host processes apart */
	Offenders offenders;
	Busiest busiest;
	History history;
} Status;

static void status_done(Status *s)
{
	history_done(&s->history);
}

static int sum_records(const LedgerWorkloadRow *row, void *userdata)
{
	TallyTotals *t = userdata;

	t->records += row->records;
	t->last_record = MAX(t->last_record, row->last);
	return 0;
}

/* After a reboot the tally is gone and the ledger speaks alone. */
static int read_from_ledger(Ledger *l, Status *s)
{
	int r;

	r = ledger_each_workload(l, sum_records, &s->totals);
	if (r >= 0)
		r = lost_read(l, NULL, &s->lost);
	s->totals.rejected = s->lost.rejected;
	s->totals.enobufs = s->lost.enobufs;
	s->totals.serial_gaps = s->lost.serial_gaps;
	return r;
}

/* Each workload by its own window. */
static int count_complete(const Ctl *ctl, Ledger *l, Status *s)
{
	_cleanup_workloads_ Workloads all = { 0 };
	Progress progress;
	int r;

	progress_start(&progress, "workloads", 0, true);
	r = workloads_read(l, &all);
	progress.total = all.n;
	busiest_init(&s->busiest, ctl_now());
	if (r >= 0)
		r = history_read(l, s->running, ctl_now(), ctl_silence(ctl), &s->history);
	for (size_t i = 0; r >= 0 && i < all.n; i++) {
		const Evidence e = { .ledger = l, .history = s->history };

		progress_show(&progress, i, i);
		offenders_add(&s->offenders, all.rows[i].name,
			      workload_dropped(&s->history, &all.rows[i]));
		r = busiest_add(&s->busiest, l, &s->history, &all.rows[i]);
		if (r < 0)
			break;
		if (span_starts(span_of(all.rows[i].name), SPAN_LIT("host:")))
			continue;
		r = workload_is_complete(ctl, &e, &all.rows[i], NULL);
		s->workloads++;
		s->complete += r > 0;
	}
	progress_end(&progress);
	return MIN(r, 0);
}

/* 0, or the exit code after the sentence was printed. */
static int read_status(const Ctl *ctl, Status *ret)
{
	_cleanup_tally_view_ TallyView view = { 0 };
	_cleanup_(ledger_freep) Ledger *ledger = NULL;
	_cleanup_(status_done) Status s = { 0 };
	Diag d = { 0 };
	int r, q;

	r = evidence_open_tally(ctl->tally_path, &view, &d);
	if (r < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, "status", NULL, &d);
	q = ledger_open_reader(ctl->ledger_path, &ledger, &d);
	if (!view.tally && q == -ENOENT && access(ctl->ledger_path, F_OK) < 0)
		return ctl_fail(SECCOMPD_EXIT_LEDGER, "status",
				"seccompd has not run here: there is no %s and no %s; " START_HINT,
				ctl->ledger_path, ctl->tally_path);
	if (q < 0 && (q != -ENOENT || !view.tally))
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, "status", NULL, &d);
	s.running = view.running;
	s.has_tally = view.tally != NULL;
	if (view.tally) {
		s.totals = *tally_totals_view(view.tally);
		r = lost_read(ledger, &s.totals, &s.lost);
	} else
		r = read_from_ledger(ledger, &s);
	if (r >= 0 && ledger)
		r = count_complete(ctl, ledger, &s);
	if (r >= 0 && ledger)
		r = ledger_is_replayed(ledger);
	if (r < 0)
		return ctl_fail_ledger(ctl, "status", ledger);
	s.replayed = ledger ? r : 0;
	*ret = s;
	s.history = (History){ 0 };
	return 0;
}

static uint64_t unattributed(const Status *s)
{
	return s->has_tally ? totals_unattributed(&s->totals) : s->lost.unattributed;
}

static Span source_of(const TallyTotals *t)
{
	return span_make(t->source, strnlen(t->source, sizeof(t->source)));
}

static Span lineage_reason(const TallyLineage *t)
{
	return span_make(t->reason, strnlen(t->reason, sizeof(t->reason)));
}

static void add_lineage(JsonLine *j, const Status *s)
{
	static const char *const states[_TALLY_LINEAGE_STATE_MAX] = {
		[TALLY_LINEAGE_OFF] = "off",
		[TALLY_LINEAGE_ON] = "on",
		[TALLY_LINEAGE_UNAVAILABLE] = "unavailable",
	};
	const TallyLineage *t = &s->totals.lineage;
	JsonLine *o = json_line_object(j, "lineage");

	json_line_text(o, "state",
		       span_of(states[t->state < _TALLY_LINEAGE_STATE_MAX ? t->state : 0]));
	json_line_text(o, "reason", t->reason[0] ? lineage_reason(t) : SPAN_NULL);
	json_line_uint(o, "entries", t->living + t->dead);
	json_line_uint(o, "dead", t->dead);
	json_line_uint(o, "places", t->places);
	json_line_uint(o, "bytes", s->totals.lineage_bytes);
	json_line_uint(o, "dropped", t->dropped);
	json_line_uint(o, "lost", t->lost);
	json_line_uint(o, "untold", t->untold);
	json_line_uint(o, "hits", t->hits);
	json_line_uint(o, "misses", t->misses);
}

static const char *opener_state(const TallyOpener *t)
{
	static const char *const states[_TALLY_OPENER_STATE_MAX] = {
		[TALLY_OPENER_UNNEEDED] = "unneeded",
		[TALLY_OPENER_ON] = "on",
		[TALLY_OPENER_UNAVAILABLE] = "unavailable",
	};

	return states[t->state < _TALLY_OPENER_STATE_MAX ? t->state : 0];
}

static void add_opener(JsonLine *j, const TallyOpener *t)
{
	JsonLine *o = json_line_object(j, "opener");

	json_line_text(o, "state", span_of(opener_state(t)));
	json_line_uint(o, "asked", t->asked);
	json_line_uint(o, "refused", t->refused);
}

static void add_containers(JsonLine *j, const TallyTotals *t)
{
	static const struct {
		const char *key;
		size_t offset;
	} figures[] = {
		{ "running", offsetof(TallyTotals, containers.running) },
		{ "ended", offsetof(TallyTotals, containers.ended) },
		{ "filters", offsetof(TallyTotals, containers.filters) },
		{ "bytes", offsetof(TallyTotals, containers.bytes) },
		{ "evicted", offsetof(TallyTotals, containers.evicted) },
		{ "refused", offsetof(TallyTotals, containers.refused) },
		{ "appeared", offsetof(TallyTotals, containers.appeared) },
		{ "unknown", offsetof(TallyTotals, containers.unknown) },
		{ "dropped", offsetof(TallyTotals, containers.dropped) },
		{ "watches", offsetof(TallyTotals, containers.watches) },
		{ "unwatched", offsetof(TallyTotals, containers.unwatched) },
		{ "overflows", offsetof(TallyTotals, containers.overflows) },
		{ "untimed", offsetof(TallyTotals, containers.untimed) },
		{ "unreadable", offsetof(TallyTotals, state_unreadable) },
	};
	JsonLine *o = json_line_object(j, "containers");

	for (size_t i = 0; i < ELEMENTSOF(figures); i++)
		json_line_uint(
			o, figures[i].key,
			*(const uint64_t *)(const void *)((const char *)t + figures[i].offset));
}

static int print_json(const Status *s)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const TallyTotals *t = &s->totals;
	JsonLine *attribution, *causes;

	json_line_bool(j, "running", s->running);
	json_line_text(j, "source", s->has_tally ? source_of(t) : SPAN_NULL);
	json_line_time(j, "since", t->since);
	json_line_uint(j, "records", t->records);
	json_line_uint(j, "skipped", t->skipped);
	json_line_uint(j, "rejected", t->rejected);
	json_line_uint(j, "enobufs", t->enobufs);
	json_line_uint(j, "serial_gaps", t->serial_gaps);
	json_line_uint(j, "unattributed", unattributed(s));
	attribution = json_line_object(j, "attribution");
	for (int m = MEANS_NONE + 1; m < _MEANS_LIVE_MAX; m++)
		json_line_uint(attribution, means_name((Means)m), t->by_means[m]);
	json_line_uint(attribution, means_name(MEANS_NONE), t->by_means[MEANS_NONE]);
	causes = json_line_object(j, "causes");
	for (int c = CAUSE_NONE + 1; c < _CAUSE_MAX; c++)
		json_line_uint(causes, cause_name((Cause)c), t->by_cause[c]);
	add_lineage(j, s);
	add_containers(j, t);
	add_opener(j, &s->totals.opener);
	if (t->has_serial)
		json_line_uint(j, "last_serial", t->last_serial);
	else
		json_line_null(j, "last_serial");
	json_line_uint(j, "workloads", s->workloads);
	json_line_uint(j, "complete", s->complete);
	offenders_json(&s->offenders, j);
	faults_json(s->running ? t : &(TallyTotals){ 0 }, j);
	busiest_json(&s->busiest, j);
	hosts_json(&s->history, j);
	return json_line_write(j, stdout);
}

static const char *made_from(int replayed)
{
	switch (replayed) {
	case LEDGER_OF_LOGS:
		return "logs by \"seccompctl replay\"";
	case LEDGER_OF_JOURNALS:
		return "journals by \"seccompctl replay\"";
	case LEDGER_OF_STRACE:
		return "what strace wrote by \"seccompctl import\"";
	default:
		return "others by \"seccompctl merge\"";
	}
}

static void print_headline(const Status *s)
{
	char source[4 * sizeof(s->totals.source)], ago[32];

	text_escape_to(source_of(&s->totals), source, sizeof(source));
	clock_format_ago(s->totals.since, ctl_now(), ago, sizeof(ago));
	if (s->replayed)
		printf("This ledger was made from %s.\n\n", made_from(s->replayed));
	else if (s->running)
		printf("seccompd is running; it started %s and reads from %s.\n\n", ago, source);
	else if (s->has_tally)
		printf("seccompd is not running; its last run started %s; " START_HINT "\n\n", ago);
	else
		printf("seccompd is not running and has not run since this host "
		       "started; " START_HINT "\nThe figures are the ledger's.\n\n");
}

/* "99.9 %" is never rounded up to all, nor what is there down to nothing. */
static void print_share(uint64_t n, uint64_t of, const char *text)
{
	double share = of > 0 ? 100.0 * (double)MIN(n, of) / (double)of : 0;

	if (n < of)
		share = MIN(share, 99.9);
	if (n > 0 && share < 0.1)
		printf("  %8" PRIu64 "  < 0.1 %%  %s\n", n, text);
	else
		printf("  %8" PRIu64 "  %5.1f %%  %s\n", n, share, text);
}

static void print_attribution(const Status *s)
{
	const TallyTotals *t = &s->totals;
	char text[64];

	for (int m = MEANS_NONE + 1; m < _MEANS_LIVE_MAX; m++)
		if (t->by_means[m] > 0) {
			snprintf(text, sizeof(text), "attributed by %s", means_name((Means)m));
			print_share(t->by_means[m], t->records, text);
		}
	if (unattributed(s) == 0)
		return;
	print_share(unattributed(s), t->records, "unattributed:");
	for (int c = CAUSE_NONE + 1; c < _CAUSE_MAX; c++)
		if (t->by_cause[c] > 0) {
			snprintf(text, sizeof(text), "  %s", cause_text((Cause)c));
			print_share(t->by_cause[c], t->records, text);
		}
}

static void print_lineage(const Status *s)
{
	const TallyLineage *t = &s->totals.lineage;
	char reason[4 * sizeof(t->reason)];

	if (!s->running || t->state == TALLY_LINEAGE_OFF)
		return;
	if (t->state == TALLY_LINEAGE_UNAVAILABLE) {
		text_escape_to(lineage_reason(t), reason, sizeof(reason));
		printf("  No history of processes: %s.\n", reason);
		return;
	}
	printf("  %8" PRIu64 " processes in the history, %" PRIu64 " of them ended\n",
	       t->living + t->dead, t->dead);
	if (t->lost > 0)
		printf("  %8" PRIu64 " times that its events did not fit into their buffer\n",
		       t->lost);
	if (t->dropped > 0)
		printf("  %8" PRIu64 " processes that found no room in it\n", t->dropped);
}

static void print_opener(const Status *s)
{
	const TallyOpener *t = &s->totals.opener;

	if (!s->running)
		return;
	if (t->state == TALLY_OPENER_UNAVAILABLE)
		printf("  seccompd-open does not answer, so containers whose state only root may "
		       "read "
		       "stay without a name: start seccompd-open.socket.\n");
	if (t->refused > 0)
		printf("  %8" PRIu64
		       " requests that seccompd-open refused (its journal says which)\n",
		       t->refused);
}

static void print_containers(const Status *s)
{
	const TallyContainers *t = &s->totals.containers;
	uint64_t missed = t->refused + t->dropped + t->unwatched + t->untimed;

	if (s->totals.state_unreadable > 0)
		printf("  %8" PRIu64
		       " times that a container's state could not be read, so it went unnamed\n",
		       s->totals.state_unreadable);
	if (!s->running || t->watches == 0)
		return;
	printf("  %8" PRIu64 " containers known by their state, %" PRIu64 " of them ended\n",
	       t->running + t->ended, t->ended);
	if (missed > 0)
		printf("  %8" PRIu64 " cgroups that could not be followed or found no room\n",
		       missed);
}

static void print_readable(const Status *s)
{
	const TallyTotals *t = &s->totals;
	char ago[32];

	print_headline(s);
	if (s->running)
		faults_print(t, ctl_now(), stdout);
	printf("  %8" PRIu64 "           %s, the newest %s\n", t->records,
	       s->replayed == LEDGER_OF_STRACE ? "calls that strace saw" : "records of seccomp",
	       clock_format_ago(t->last_record, ctl_now(), ago, sizeof(ago)));
	print_attribution(s);
	print_lineage(s);
	print_opener(s);
	print_containers(s);
	if (s->has_tally)
		printf("  %8" PRIu64 "           other audit records, passed over\n", t->skipped);
	if (t->other_sender > 0)
		printf("  %8" PRIu64
		       "           messages that did not come from the kernel, passed over\n",
		       t->other_sender);
	busiest_print(&s->busiest, ctl_now(), stdout);
	hosts_print(&s->history, stdout);
	if (lost_nothing(&s->lost)) {
		printf("\n%s.\n", s->replayed == LEDGER_OF_STRACE
					  ? "What was not called while strace looked nobody knows"
					  : "Nothing is known to be missing");
		return;
	}
	printf("\nLost so far, over all time:\n");
	lost_print(&s->lost, stdout);
	offenders_print(&s->offenders, stdout);
	printf("\nOf %" PRIu64 " %s %" PRIu64
	       " %s complete evidence by %s own window; \"seccompctl show\" says why not.\n",
	       s->workloads, text_plural(s->workloads, "workload", "workloads"), s->complete,
	       text_plural(s->complete, "has", "have"), text_plural(s->complete, "its", "their"));
}

int verb_status(Ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	_cleanup_(status_done) Status s = { 0 };
	bool json = false;
	int c, r;

	while ((c = ctl_getopt("status", argc, argv, "h", options)) >= 0)
		switch (c) {
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
		return ctl_fail(SECCOMPD_EXIT_USAGE, "status", "it takes no argument: \"%s\"",
				argv[optind]);
	r = read_status(ctl, &s);
	if (r != 0)
		return r;
	if (!json) {
		print_readable(&s);
		return SECCOMPD_EXIT_OK;
	}
	return print_json(&s) == -ENOMEM ? ctl_fail_memory("status") : SECCOMPD_EXIT_OK;
}
