/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* "watch": what is new in the ledger, found (watch.c) and said (watch-text.c). */
#include "ctl/follow.h"
#include "ctl/known.h"
#include "evidence/ledger-follow.h"
#include "evidence/ledger-history.h"

typedef struct Watch {
	const Ctl *ctl;
	const char *workload; /* its name; NULL: all */
	bool json, of_hosts;  /* the ledger is of several, or may come to be */
	usec_t from;          /* --since; 0: not given */
	uint32_t before;      /* lines of what was there already */
	Follow follow;
	Known sightings, losses, stages, faults;
	int64_t last;       /* sighting */
	usec_t latest;      /* time of a record */
	unsigned grown;     /* lines about that, since the last look */
	uint64_t not_shown; /* of them, and their records */
	uint64_t not_shown_records;
	bool too_many; /* sightings to know how often each was made */
} Watch;

void watch_done(Watch *w);
#define _cleanup_watch_ _cleanup_(watch_done)

/* Takes the ledger as it is for known; the newest of what it has are shown. -errno. */
int watch_begin(Watch *w);

/* Shows what is new since the last time. -errno. */
int watch_changes(Watch *w);

/* What follow_look() says of the daemon and of the ledger. */
void watch_told(Watch *w, unsigned bits);

/* ---- watch-text.c: a line each ---- */

/* @more: records of a sighting that was known; 0: it is new. */
int watch_say_call(const Watch *w, const LedgerFollowed *row, uint64_t more);
int watch_say_rest(const Watch *w);
int watch_say_stage(const Watch *w, const LedgerStage *row);
/* @name of its workload, or NULL; @host that it is of, "" where that is not known. */
int watch_say_loss(const Watch *w, const LedgerLoss *loss, const char *name, const char *host);
int watch_say_fault(const Watch *w, TallyFaultKind kind);
int watch_say_daemon(const Watch *w, bool again);
/* "replaced", "unreadable". */
int watch_say_ledger(const Watch *w, const char *state, const char *text);
