/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/watched-runs.h"
#include "profile/stage.h"

void watched_runs_done(WatchedRuns *w)
{
	for (size_t i = 0; i < w->n_filters; i++)
		free((char *)(uintptr_t)w->filters[i].p);
	free(w->filters);
	free(w->hashes);
	workload_window_done(&w->window);
	*w = (WatchedRuns){ 0 };
}

/* The newest loss while it ran, or NULL. */
static const LedgerLoss *loss_within(const WorkloadWindow *w, usec_t from, usec_t to)
{
	const LedgerLoss *newest = NULL;

	for (size_t i = 0; i < w->n_losses; i++)
		if (window_counts(&w->losses[i]) && w->losses[i].from < to &&
		    w->losses[i].to >= from && (!newest || w->losses[i].to > newest->to))
			newest = &w->losses[i];
	return newest;
}

static int keep_filter(Ledger *l, const char *hash, WatchedRuns *w)
{
	char *json;
	int r;

	if (!hash[0] || applied_profile_is_none(hash))
		return 0;
	for (size_t i = 0; i < w->n_filters; i++)
		if (strcmp(w->hashes[i], hash) == 0)
			return 0;
	r = ledger_get_profile(l, hash, &json);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	w->hashes[w->n_filters] = hash;
	w->filters[w->n_filters++] = span_of(json);
	return 0;
}

static int take_run(const Evidence *e, const LedgerLifetime *f, WatchedRuns *w)
{
	usec_t end = f->to ? f->to : MAX(e->history.now, f->from);
	const LedgerLoss *loss = loss_within(&w->window, f->from, end);

	if (f->start_seen && !loss) {
		w->whole++;
		w->running += f->to == 0;
		w->time += end - f->from;
		return keep_filter(e->ledger, f->profile_hash, w);
	}
	w->set_aside++;
	snprintf(w->why, sizeof(w->why), "%s",
		 loss ? loss_kind_text(loss->kind) : "its start was not watched");
	return 0;
}

int watched_runs_read(const Evidence *e, const Workload *of, WatchedRuns *ret)
{
	_cleanup_watched_runs_ WatchedRuns w = { 0 };
	int r = workload_window_read(e->ledger, &e->history, of, &w.window);

	if (r < 0)
		return r;
	w.filters = calloc(w.window.n_lifetimes + 1, sizeof(*w.filters));
	w.hashes = calloc(w.window.n_lifetimes + 1, sizeof(*w.hashes));
	if (!w.filters || !w.hashes)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && w.window.has_lifetimes && i < w.window.n_lifetimes; i++)
		r = take_run(e, &w.window.lifetimes[i], &w);
	if (r < 0)
		return r;
	*ret = w;
	w = (WatchedRuns){ 0 };
	return 0;
}
