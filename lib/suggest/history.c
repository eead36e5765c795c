/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/applied.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger-replay.h"
#include "suggest/history.h"

static void free_text(const char *s)
{
	free((void *)(uintptr_t)s);
}

void history_done(History *h)
{
	for (size_t i = 0; i < h->n_losses; i++)
		free_text(h->losses[i].kind);
	free(h->losses);
	free(h->runs);
	for (size_t i = 0; i < h->n_hosts; i++) {
		free(h->hosts[i].name);
		free(h->hosts[i].identity);
	}
	free(h->hosts);
	strangers_done(&h->strangers);
	*h = (History){ 0 };
}

/* Room for one more in an array of @size-byte rows. */
static int reserve(void **rows, size_t n, size_t *allocated, size_t size)
{
	size_t wanted = *allocated ? 2 * *allocated : 32;
	void *more;

	if (n < *allocated)
		return 0;
	more = reallocarray(*rows, wanted, size);
	if (!more)
		return -ENOMEM;
	*rows = more;
	*allocated = wanted;
	return 0;
}

static int add_loss(History *h, const LedgerLoss *loss)
{
	int r = reserve((void **)&h->losses, h->n_losses, &h->allocated_losses, sizeof(*h->losses));
	LedgerLoss copy = *loss;

	if (r < 0)
		return r;
	copy.kind = strdup(loss->kind);
	if (!copy.kind)
		return -ENOMEM;
	h->losses[h->n_losses++] = copy;
	return 0;
}

static int take_loss(const LedgerLoss *row, void *userdata)
{
	return add_loss(userdata, row);
}

static int add_run(History *h, int64_t host, usec_t from, usec_t to)
{
	int r = reserve((void **)&h->runs, h->n_runs, &h->allocated_runs, sizeof(*h->runs));

	if (r == 0)
		h->runs[h->n_runs++] =
			(LedgerRun){ .boot = "", .from = from, .to = to, .host = host };
	return r;
}

static int take_run(const LedgerRun *row, void *userdata)
{
	return add_run(userdata, row->host, row->from, row->to);
}

static usec_t last_watched(const History *h)
{
	usec_t last = 0;

	for (size_t i = 0; i < h->n_runs; i++)
		last = MAX(last, h->runs[i].to);
	return last;
}

/* ---- hosts ---- */

static int take_host(const LedgerHost *row, void *userdata)
{
	HistoryHost host = {
		.id = row->id, .heard = row->heard, .retired = row->retired, .doubled = row->doubled
	};
	History *h = userdata;
	int r = reserve((void **)&h->hosts, h->n_hosts, &h->allocated_hosts, sizeof(host));

	if (r < 0)
		return r;
	host.place = h->n_hosts;
	host.name = strdup(row->name);
	if (asprintf(&host.identity, "%s/%s", row->machine, row->hostname) < 0)
		host.identity = NULL;
	h->hosts[h->n_hosts++] = host;
	return host.name && host.identity ? 0 : -ENOMEM;
}

static int by_id(const void *a, const void *b)
{
	const HistoryHost *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

const HistoryHost *history_host(const History *h, int64_t id)
{
	const HistoryHost key = { .id = id };

	return h->n_hosts > 0 ? bsearch(&key, h->hosts, h->n_hosts, sizeof(key), by_id) : NULL;
}

/* The newest that any of them tells of; a clock that is ahead tells nothing of later. */
static usec_t newest_word(const History *h)
{
	usec_t newest = 0;

	for (size_t i = 0; i < h->n_hosts; i++)
		newest = MAX(newest, MIN(h->hosts[i].heard, h->now));
	return newest;
}

const HistoryHost *history_nth_host(const History *h, size_t i)
{
	return &h->hosts[h->hosts[i].at];
}

/* Did it begin another ledger, from which news came? */
static bool goes_on(const History *h, const HistoryHost *host)
{
	for (size_t i = 0; i < h->n_hosts; i++)
		if (h->hosts[i].heard > host->heard &&
		    strcmp(h->hosts[i].identity, host->identity) == 0)
			return true;
	return false;
}

static bool is_retired(const HistoryHost *host)
{
	return host->retired > 0 && host->retired >= host->heard;
}

static int judge_host(History *h, HistoryHost *host, usec_t silence)
{
	LedgerLoss loss = { .kind = LOSS_HOST_SILENT,
			    .from = host->heard,
			    .to = h->now,
			    .count = LEDGER_COUNT_UNKNOWN,
			    .host = host->id };
	int r = 0;

	host->silent = !is_retired(host) && host->heard + silence < h->now && !goes_on(h, host);
	if (host->silent)
		r = add_loss(h, &loss);
	loss.kind = LOSS_HOST_DOUBLED;
	loss.from = 0;
	return r == 0 && host->doubled ? add_loss(h, &loss) : r;
}

/* Is there one before it of the same identity? */
static bool is_counted(const History *h, size_t at, bool silent)
{
	for (size_t i = 0; i < at; i++)
		if ((!silent || h->hosts[i].silent) &&
		    strcmp(h->hosts[i].identity, h->hosts[at].identity) == 0)
			return true;
	return false;
}

static uint64_t count_hosts(const History *h, bool silent)
{
	uint64_t n = 0;

	for (size_t i = 0; i < h->n_hosts; i++)
		n += (!silent || h->hosts[i].silent) && !is_counted(h, i, silent);
	return n;
}

static int judge_hosts(History *h, usec_t silence)
{
	usec_t newest = newest_word(h);
	int r = 0;

	qsort(h->hosts, h->n_hosts, sizeof(*h->hosts), by_id);
	for (size_t i = 0; i < h->n_hosts; i++)
		h->hosts[h->hosts[i].place].at = i;
	h->old = newest + silence < h->now;
	if (!h->old)
		h->now = newest;
	for (size_t i = 0; r == 0 && i < h->n_hosts; i++)
		r = judge_host(h, &h->hosts[i], silence);
	for (size_t i = 0; i < ELEMENTSOF(h->n_counted); i++)
		h->n_counted[i] = count_hosts(h, i > 0);
	for (size_t i = 0; h->n_hosts > 1 && i < h->n_losses; i++) {
		const HistoryHost *host = history_host(h, h->losses[i].host);

		h->losses[i].on = host ? host->name : NULL;
	}
	return r;
}

uint64_t history_count_hosts(const History *h, bool silent)
{
	return h->n_counted[silent];
}

/* A daemon's: whatever its host was called meanwhile, it is one. */
static void join_hosts(History *h)
{
	for (size_t i = 0; i < h->n_runs; i++)
		h->runs[i].host = 0;
	for (size_t i = 0; i < h->n_losses; i++)
		h->losses[i].host = 0;
}

/* Nobody has watched since, or what was seen is not in the ledger. */
static int judge_daemon(History *h, bool running)
{
	usec_t patience = running ? HISTORY_UNWRITTEN_MAX : 0;

	join_hosts(h);
	if (h->n_runs == 0 || last_watched(h) + patience >= h->now)
		return 0;
	return add_loss(h, &(LedgerLoss){ .kind = running ? "not-written" : "not-running",
					  .from = last_watched(h),
					  .to = h->now,
					  .count = LEDGER_COUNT_UNKNOWN });
}

int history_read(Ledger *l, bool running, usec_t now, usec_t silence, History *ret)
{
	_cleanup_history_ History h = { .now = now };
	int made = ledger_is_replayed(l);
	int r = made < 0 ? made : ledger_each_loss(l, take_loss, &h);

	if (r == 0)
		r = ledger_each_run(l, take_run, &h);
	if (r == 0)
		r = strangers_read(l, &h.strangers);
	if (r == 0 && (made == LEDGER_OF_JOURNALS || made == LEDGER_OF_LEDGERS))
		r = ledger_each_host(l, take_host, &h);
	if (r == 0)
		r = h.n_hosts > 0 ? judge_hosts(&h, silence) : judge_daemon(&h, running);
	if (r < 0)
		return r;
	*ret = h;
	h = (History){ 0 };
	return 0;
}

/* ---- one workload ---- */

static const size_t texts[] = {
	offsetof(LedgerLifetime, profile_hash), offsetof(LedgerLifetime, runtime),
	offsetof(LedgerLifetime, name),         offsetof(LedgerLifetime, incarnation),
	offsetof(LedgerLifetime, image_digest), offsetof(LedgerLifetime, runtime_version),
	offsetof(LedgerLifetime, libseccomp),   offsetof(LedgerLifetime, kernel),
	offsetof(LedgerLifetime, machine),      offsetof(LedgerLifetime, capabilities),
	offsetof(LedgerLifetime, host),
};

static const char **text_at(LedgerLifetime *f, size_t i)
{
	return (const char **)(void *)((char *)f + texts[i]);
}

static void lifetime_done(LedgerLifetime *f)
{
	for (size_t i = 0; i < ELEMENTSOF(texts); i++)
		free_text(*text_at(f, i));
}

void workload_window_done(WorkloadWindow *w)
{
	for (size_t i = 0; i < w->n_lifetimes; i++)
		lifetime_done(&w->lifetimes[i]);
	free(w->lifetimes);
	free(w->losses);
	*w = (WorkloadWindow){ 0 };
}

static int add_lifetime(WorkloadWindow *w, const LedgerLifetime *row)
{
	LedgerLifetime copy = *row;
	int r = reserve((void **)&w->lifetimes, w->n_lifetimes, &w->allocated, sizeof(copy));

	for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
		*text_at(&copy, i) = r == 0 ? strdup(*text_at(&copy, i) ?: "") : NULL;
		if (!*text_at(&copy, i))
			r = -ENOMEM;
	}
	if (r < 0)
		lifetime_done(&copy);
	else
		w->lifetimes[w->n_lifetimes++] = copy;
	return r;
}

typedef struct LifetimeWalk {
	const History *history;
	WorkloadWindow *window;
} LifetimeWalk;

static int take_lifetime(const LedgerLifetime *row, void *userdata)
{
	const LifetimeWalk *w = userdata;
	const HistoryHost *host = history_host(w->history, row->host_id);
	LedgerLifetime copy = *row;

	if (!host)
		copy.host_id = 0;
	else if (copy.to == 0 && is_retired(host) && host->retired > copy.from)
		copy.to = host->retired;
	return add_lifetime(w->window, &copy);
}

/* What is no container, or came from a log, has no lifetimes: only its calls tell of it. In a log
 * nothing is known behind the last of them. */
static int suppose_lifetime(const History *h, const Workload *of, WorkloadWindow *w)
{
	LedgerLifetime f = { .profile_hash = of->profile_hash,
			     .from = of->first,
			     .to = h->n_runs > 0 ? 0 : of->last + 1 };

	return of->first ? add_lifetime(w, &f) : 0;
}

static bool has_strangers(const History *h)
{
	for (size_t i = 0; i < h->n_losses; i++)
		if (h->losses[i].workload == 0 && strcmp(h->losses[i].kind, "unattributed") == 0)
			return h->strangers.n > 0;
	return false;
}

static int select_losses(Ledger *l, const History *h, const Workload *of, WorkloadWindow *w)
{
	_cleanup_(profile_freep) Profile *applied = NULL;
	int r = 0;

	if (w->has_lifetimes && has_strangers(h))
		r = applied_read(l, of->profile_hash, &applied);
	for (size_t i = 0; r == 0 && i < h->n_losses; i++) {
		const LedgerLoss *loss = &h->losses[i];

		if (loss->workload != 0 && loss->workload != of->id)
			continue;
		if (strangers_made(&h->strangers, h->losses, h->n_losses, loss, applied, h->now))
			w->n_others++;
		else
			w->losses[w->n_losses++] = *loss;
	}
	return r;
}

static int find(const History *h, const Workload *of, WorkloadWindow *w)
{
	LedgerRun log = { .boot = "", .from = of->first, .to = of->last + 1 };
	WindowInput in = {
		.profile_hash = of->profile_hash,
		.lifetimes = w->lifetimes,
		.n_lifetimes = w->n_lifetimes,
		.runs = h->n_runs > 0 ? h->runs : &log,
		.n_runs = MAX(h->n_runs, 1U),
		.losses = w->losses,
		.n_losses = w->n_losses,
		.now = h->now,
	};

	return window_find(&in, &w->window);
}

int workload_window_read(Ledger *l, const History *h, const Workload *of, WorkloadWindow *ret)
{
	_cleanup_workload_window_ WorkloadWindow w = {
		.losses = calloc(h->n_losses + 1, sizeof(LedgerLoss)),
	};
	int r = w.losses ? 0 : -ENOMEM;

	if (r == 0 && of->id != 0)
		r = ledger_each_lifetime(l, of->id, take_lifetime, &(LifetimeWalk){ h, &w });
	w.has_lifetimes = w.n_lifetimes > 0;
	if (r == 0)
		r = select_losses(l, h, of, &w);
	if (r == 0 && !w.has_lifetimes)
		r = suppose_lifetime(h, of, &w);
	if (r == 0)
		r = find(h, of, &w);
	if (r < 0)
		return r;
	*ret = w;
	w = (WorkloadWindow){ 0 };
	return 0;
}

bool window_lost_within(const Window *w, usec_t required)
{
	return w->last_loss != 0 &&
	       (w->last_loss >= w->until || w->until - w->last_loss < required);
}

bool window_is_complete(const WorkloadWindow *w, usec_t required)
{
	return !window_lost_within(&w->window, required) &&
	       (w->window.started || !w->has_lifetimes);
}

char *window_explain_incomplete(const WorkloadWindow *w, usec_t required, char *buf, size_t size)
{
	if (window_lost_within(&w->window, required))
		(void)loss_explain(w->window.newest_loss, w->window.last_loss, buf, size);
	else
		snprintf(buf, size, "no start of it was watched: restart it");
	return buf;
}
