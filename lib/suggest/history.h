/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* When what was watched and what was lost, and from it the window of a workload. */
#include "suggest/stranger-loss.h"
#include "evidence/window.h"

/* Silence of a host that is no loss yet; daemons tell the journal every hour that they watch. */
#define HISTORY_SILENCE (3 * 3600 * USEC_PER_SEC)

/* A daemon writes that it watches every 30 s; one that runs and has not for so long cannot. */
#define HISTORY_UNWRITTEN_MAX (2 * 60 * USEC_PER_SEC)

/* One that a ledger made from others tells of. */
typedef struct HistoryHost {
	int64_t id;
	char *name;     /* as it is shown */
	char *identity; /* that of its machine and name: several ledgers may be of one host */
	usec_t heard;
	usec_t retired;
	bool silent, doubled;
	size_t place, at; /* among all by name, and which of them is at this one's index */
} HistoryHost;

/* Of the whole ledger: read once, asked about each workload. */
typedef struct History {
	LedgerRun *runs;
	size_t n_runs, allocated_runs;
	LedgerLoss *losses; /* kinds owned */
	size_t n_losses, allocated_losses;
	Strangers strangers;
	HistoryHost *hosts; /* of a ledger that is made from others; else none */
	size_t n_hosts, allocated_hosts;
	uint64_t n_counted[2]; /* different hosts, and those that are silent */
	usec_t now; /* of such a ledger the newest that it tells of, when that is not long ago */
	bool old;   /* it is long ago */
} History;

void history_done(History *h);
#define _cleanup_history_ _cleanup_(history_done)

/* @running: a daemon writes this ledger now. When it should and does not, the time since is lost;
 * where ledgers of hosts were put together, the time since a host was heard of, when the newest
 * word of all is @silence younger. -errno as of the ledger. */
int history_read(Ledger *l, bool running, usec_t now, usec_t silence, History *ret);

/* NULL: it is none of them. */
const HistoryHost *history_host(const History *h, int64_t id) _pure_;
/* The i-th by name: whichever of them was merged first. */
const HistoryHost *history_nth_host(const History *h, size_t i) _pure_;
/* Different hosts; those that are silent. */
uint64_t history_count_hosts(const History *h, bool silent);

/* A workload's lifetimes and its window. */
typedef struct WorkloadWindow {
	LedgerLifetime *lifetimes; /* texts owned */
	size_t n_lifetimes, allocated;
	LedgerLoss *losses; /* of it and of its host; kinds borrowed from the history */
	size_t n_losses;
	uint64_t n_others;  /* losses of its host that are proved to be none of its */
	Window window;      /* points into these */
	bool has_lifetimes; /* false: none is known, it is taken to have run since its first call */
} WorkloadWindow;

void workload_window_done(WorkloadWindow *w);
#define _cleanup_workload_window_ _cleanup_(workload_window_done)

int workload_window_read(Ledger *l, const History *h, const Workload *w, WorkloadWindow *ret);

/* Was something lost within the last @required of the time that it ran? */
bool window_lost_within(const Window *w, usec_t required);

/*
 * Would every call outside of its profile be known? Not when something was lost so recently, nor
 * when no start of it was ever watched. Says nothing of the filter's visibility.
 */
bool window_is_complete(const WorkloadWindow *w, usec_t required);

/* Why it is not, for the end of a sentence. Returns @buf. */
char *window_explain_incomplete(const WorkloadWindow *w, usec_t required, char *buf, size_t size);
