/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "ctl/evidence.h"
#include "ctl/progress.h"
#include "evidence/ledger-replay.h"
#include "evidence/ledger-work.h"
#include "profile/stage.h"
#include "seccompd/exit-codes.h"

static const struct {
	const char *key, *text;
	size_t offset;
} lost_kinds[] = {
	{ "enobufs", "overruns of the kernel's queue", offsetof(Lost, enobufs) },
	{ "serial_gaps", "audit serials that never arrived", offsetof(Lost, serial_gaps) },
	{ "rejected", "damaged records", offsetof(Lost, rejected) },
	{ "overflow", "records that found the counters' table full", offsetof(Lost, overflow) },
	{ "over_limit", "records of workloads beyond the ledger's limit",
	  offsetof(Lost, over_limit) },
	{ "unattributed", "records of a process that could not be named",
	  offsetof(Lost, unattributed) },
	{ "not_running", "times that seccompd was not running", offsetof(Lost, not_running) },
	{ "set_aside", "corrupt ledgers set aside", offsetof(Lost, set_aside) },
	{ "lineage", "holes in the history of processes", offsetof(Lost, lineage) },
	{ "kernel_lost", "records that the kernel dropped", offsetof(Lost, kernel_lost) },
	{ "state_unreadable", "times that containers' state could not be read",
	  offsetof(Lost, state_unreadable) },
	{ "not_logged", "times that actions were not recorded", offsetof(Lost, not_logged) },
	{ "undated", "logs with records without a time", offsetof(Lost, undated) },
	{ "journal_gap", "ledgers of which entries of the journal are gone",
	  offsetof(Lost, journal_gap) },
};

/* Kinds of the ledger's loss rows. A stretch counts once, however long it was; the serials that are
 * known to be missing from it count as such. */
static const struct {
	const char *kind;
	size_t offset;
	bool stretch;
} loss_rows[] = {
	{ "enobufs", offsetof(Lost, enobufs), true },
	{ "serial-gap", offsetof(Lost, serial_gaps), false },
	{ "rejected", offsetof(Lost, rejected), false },
	{ "tally-full", offsetof(Lost, overflow), false },
	{ "not-running", offsetof(Lost, not_running), true },
	{ "rebooted", offsetof(Lost, not_running), true },
	{ "set-aside", offsetof(Lost, set_aside), true },
	{ "workload-limit", offsetof(Lost, over_limit), false },
	{ "lineage", offsetof(Lost, lineage), true },
	{ "kernel-lost", offsetof(Lost, kernel_lost), false },
	{ "state-unreadable", offsetof(Lost, state_unreadable), true },
	{ "not-logged", offsetof(Lost, not_logged), true },
	{ "undated", offsetof(Lost, undated), false },
	{ "journal-gap", offsetof(Lost, journal_gap), true },
};

static uint64_t lost_at(const Lost *lost, size_t offset)
{
	return *(const uint64_t *)((const char *)lost + offset);
}

static uint64_t *lost_slot(Lost *lost, size_t offset)
{
	return (uint64_t *)((char *)lost + offset);
}

usec_t ctl_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (usec_t)ts.tv_sec * USEC_PER_SEC + (usec_t)ts.tv_nsec / 1000;
}

usec_t ctl_silence(const Ctl *ctl)
{
	GatePolicy policy;

	gate_section_policy(ctl->gate, "", &policy);
	return policy.silence;
}

void tally_view_done(TallyView *v)
{
	tally_free(v->tally);
	*v = (TallyView){ 0 };
}

static int explain_tally(int r, const char *path, Diag *d)
{
	static const struct {
		int r;
		const char *text;
	} reasons[] = {
		{ -EACCES, "permission denied; be root or a member of the group seccompd" },
		{ -EPROTONOSUPPORT, "another version of seccompd made it" },
		{ -EBADMSG, "it is no tally of seccompd" },
	};

	for (size_t i = 0; i < ELEMENTSOF(reasons); i++)
		if (reasons[i].r == r)
			return diag_set(d, r, "cannot read the counters in %s: %s", path,
					reasons[i].text);
	return diag_set(d, r, "cannot read the counters in %s: %s", path, strerror(-r));
}

int evidence_open_tally(const char *path, TallyView *ret, Diag *d)
{
	_cleanup_close_ int fd = -1;
	TallyView v = { 0 };
	int r;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		*ret = v;
		return 0;
	}
	if (fd < 0)
		return explain_tally(-errno, path, d);
	r = tally_view(fd, &v.tally, &v.running);
	if (r < 0)
		return explain_tally(r, path, d);
	*ret = v;
	return 0;
}

uint64_t totals_unattributed(const TallyTotals *t)
{
	uint64_t n = 0;

	for (int c = CAUSE_NONE + 1; c < _CAUSE_MAX; c++)
		n += t->by_cause[c];
	return n;
}

static int on_loss(const LedgerLoss *row, void *userdata)
{
	uint64_t known_count = row->count == LEDGER_COUNT_UNKNOWN ? 0 : row->count;
	Lost *lost = userdata;

	for (size_t i = 0; i < ELEMENTSOF(loss_rows); i++) {
		if (strcmp(row->kind, loss_rows[i].kind) != 0)
			continue;
		/* A row without a size still says that something is missing, so it counts once. */
		*lost_slot(lost, loss_rows[i].offset) +=
			loss_rows[i].stretch ? row->count != 0 : MAX(known_count, row->count != 0);
		if (loss_rows[i].stretch)
			lost->serial_gaps += known_count;
	}
	return 0;
}

static int on_unattributed(const LedgerWorkloadRow *row, void *userdata)
{
	Lost *lost = userdata;

	if (strcmp(row->name, "unattributed") == 0)
		lost->unattributed += row->records;
	return 0;
}

/*
 * The ledger holds what the daemon has folded, over every boot; the tally what was counted since it
 * was made, folded or not. The two overlap, and which part is in both cannot be told, so the larger
 * of the two is stated: never more than was lost, and zero only when both say zero.
 */
int lost_read(Ledger *l, const TallyTotals *t, Lost *ret)
{
	Lost lost = { 0 };
	int r = 0;

	if (l)
		r = ledger_each_loss(l, on_loss, &lost);
	if (l && r >= 0)
		r = ledger_each_workload(l, on_unattributed, &lost);
	if (r < 0)
		return r;
	if (t) {
		lost.enobufs = MAX(lost.enobufs, t->enobufs);
		lost.serial_gaps = MAX(lost.serial_gaps, t->serial_gaps);
		lost.rejected = MAX(lost.rejected, t->rejected);
		lost.overflow = MAX(lost.overflow, t->overflow);
		lost.unattributed = MAX(lost.unattributed, totals_unattributed(t));
	}
	*ret = lost;
	return 0;
}

bool lost_nothing(const Lost *lost)
{
	for (size_t i = 0; i < ELEMENTSOF(lost_kinds); i++)
		if (lost_at(lost, lost_kinds[i].offset) > 0)
			return false;
	return true;
}

bool lost_each(const Lost *lost, size_t i, const char **ret_text, uint64_t *ret_n)
{
	if (i >= ELEMENTSOF(lost_kinds))
		return false;
	*ret_text = lost_kinds[i].text;
	*ret_n = lost_at(lost, lost_kinds[i].offset);
	return true;
}

void lost_json(const Lost *lost, JsonLine *j, const char *key)
{
	JsonLine *o = json_line_object(j, key);

	for (size_t i = 0; i < ELEMENTSOF(lost_kinds); i++)
		json_line_uint(o, lost_kinds[i].key, lost_at(lost, lost_kinds[i].offset));
}

void lost_print(const Lost *lost, FILE *f)
{
	for (size_t i = 0; i < ELEMENTSOF(lost_kinds); i++) {
		uint64_t n = lost_at(lost, lost_kinds[i].offset);

		if (n > 0)
			fprintf(f, "  %-46s %llu\n", lost_kinds[i].text, (unsigned long long)n);
	}
}

static bool is_visible(const Workload *w)
{
	return strcmp(w->visibility, visibility_name(VISIBILITY_FULL)) == 0;
}

const char *workload_asserted_text(const Workload *w)
{
	if (w->imported)
		return "it was imported from strace, and what was not made then nobody knows";
	return "it was asserted (replay --as), and what is not in the logs nobody knows";
}

int workload_is_complete(const Ctl *ctl, const Evidence *e, const Workload *w,
			 char ret_why[EVIDENCE_WHY_MAX])
{
	if (is_visible(w) || w->asserted)
		return workload_was_watched(ctl, e, w, ret_why);
	if (ret_why)
		snprintf(ret_why, EVIDENCE_WHY_MAX, "its filter hides calls");
	return 0;
}

int workload_was_watched(const Ctl *ctl, const Evidence *e, const Workload *w,
			 char ret_why[EVIDENCE_WHY_MAX])
{
	_cleanup_workload_window_ WorkloadWindow window = { 0 };
	const char *why = NULL;
	GatePolicy policy;
	usec_t required;
	int r;

	gate_section_policy(ctl->gate, w->name, &policy);
	required = policy.thresholds.complete;
	r = workload_window_read(e->ledger, &e->history, w, &window);
	if (r < 0)
		return r;
	if (w->asserted)
		why = workload_asserted_text(w);
	else if (strcmp(w->name, "unattributed") == 0)
		why = "nobody knows whose calls these are";
	else if (w->dropped > 0)
		why = "it made too many different calls";
	else if (window.window.observed == 0)
		why = e->history.n_hosts > 0 && !window.has_lifetimes
			      ? "nothing tells when its instances ran"
			      : "it was not watched";
	else if (window_is_complete(&window, required))
		return 1;
	if (ret_why && why)
		snprintf(ret_why, EVIDENCE_WHY_MAX, "%s", why);
	else if (ret_why)
		window_explain_incomplete(&window, required, ret_why, EVIDENCE_WHY_MAX);
	return 0;
}

void evidence_done(Evidence *e)
{
	workloads_done(&e->workloads);
	history_done(&e->history);
	tally_view_done(&e->view);
	ledger_free(e->ledger);
	*e = (Evidence){ 0 };
}

static void show_reading(uint64_t bytes, void *userdata)
{
	progress_show(userdata, 0, bytes / 1000000);
}

/* What all verbs read, which takes most of their time: as of one moment, so that nobody sees that
 * the daemon watched and not yet what was lost meanwhile. */
static int read_all(const Ctl *ctl, Evidence *e)
{
	Progress progress;
	int r;

	progress_start(&progress, "MB of the ledger read", 0, true);
	ledger_on_work(e->ledger, show_reading, &progress);
	r = ledger_begin(e->ledger);
	if (r >= 0)
		r = workloads_read(e->ledger, &e->workloads);
	if (r >= 0)
		r = lost_read(e->ledger, e->view.tally ? tally_totals_view(e->view.tally) : NULL,
			      &e->lost);
	if (r >= 0)
		r = history_read(e->ledger, e->view.running, ctl_now(), ctl_silence(ctl),
				 &e->history);
	if (r >= 0)
		ledger_rollback(e->ledger);
	ledger_on_work(e->ledger, NULL, NULL);
	progress_end(&progress);
	return r;
}

int evidence_open(const Ctl *ctl, const char *verb, Evidence *ret)
{
	_cleanup_evidence_ Evidence e = { 0 };
	Diag d = { 0 };
	int r;

	r = ledger_open_reader(ctl->ledger_path, &e.ledger, &d);
	if (r < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, verb, NULL, &d);
	r = evidence_open_tally(ctl->tally_path, &e.view, &d);
	if (r < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, verb, NULL, &d);
	r = read_all(ctl, &e);
	if (r < 0)
		return ctl_fail_ledger(ctl, verb, e.ledger);
	*ret = e;
	e = (Evidence){ 0 };
	return 0;
}

const Workload *evidence_find(const Evidence *e, const char *verb, const char *word)
{
	const Workload *w;
	Diag d = { 0 };

	if (workload_lookup(&e->workloads, word, &w, &d) < 0) {
		ctl_fail_diag(SECCOMPD_EXIT_USAGE, verb, NULL, &d);
		return NULL;
	}
	return w;
}
