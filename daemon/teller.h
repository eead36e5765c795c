/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Tells the journal what the ledger holds: one pass. Each kind of entry has a function below, in a
 * file of its own kind (tell-*.c): it asks the ledger for what is due, makes the entries, and
 * notes which were sent; what was sent is marked in the ledger after the pass.
 */
#include "config/gate-section.h"
#include "daemon/journal-limit.h"
#include "daemon/journal-message.h"
#include "evidence/ledger-tell.h"
#include "suggest/risk-settings.h"

/* A row is told again at most this often; a loss that merely lasts, and a run, less so. */
#define TELL_INTERVAL (300 * USEC_PER_SEC)
#define TELL_LONGER_INTERVAL (3600 * USEC_PER_SEC)

typedef enum ToldKind {
	TOLD_SIGHTING,
	TOLD_WORKLOAD,
	TOLD_BUT_BLIND_SPOT, /* its blind spot is still to be told */
	TOLD_BLIND_SPOT,
	TOLD_LOSS,
	TOLD_RUN,
	TOLD_GATE_READY,
	TOLD_GATE_NOT_READY,
	TOLD_GATE_UNKNOWN,
	TOLD_GATE_GONE, /* the workload is at no stage that has one */
} ToldKind;

/* Lifetimes that one pass tells of. */
#define TOLD_LIFETIMES_MAX 1024

/* What was sent and is not marked yet. */
typedef struct ToldList {
	struct {
		ToldKind kind;
		int64_t id;
		uint64_t as;   /* of which revision; of a run, until when it was told */
	} rows[JOURNAL_LIMIT]; /* in this order */
	unsigned n;
	struct {
		int64_t id;
		uint64_t revision;
	} lifetimes[TOLD_LIFETIMES_MAX];
	unsigned n_lifetimes;
	uint64_t sequence; /* of the last entry on lifetimes or a run; 0 = none was sent */
} ToldList;

/* Lifetimes are told in rounds, workload by workload. At the end of one, all is told that there was
 * at its beginning. */
typedef struct LifetimeRound {
	char ledger[LEDGER_ID_SIZE]; /* of which ledger */
	bool goes_on;
	usec_t began;
	int64_t after;        /* the workload that was told last; 0 = none in this round */
	usec_t told_until;    /* start of the last round that was finished */
	int64_t profiles[32]; /* whose filters were told, in a ring */
	unsigned n_profiles;
} LifetimeRound;

/* Which gate is looked at next. Each costs some milliseconds, so a pass looks at a few. */
typedef struct GateRound {
	const GateSection *settings; /* borrowed, as the next; NULL: gates are not told of */
	const char *workloads_dir;   /* where people decide */
	int64_t after; /* the workload that was looked at last; 0 = none in this round */
	usec_t began;
	usec_t looked, rests_until;
} GateRound;

typedef struct Teller {
	Ledger *ledger;            /* borrowed, as the next four */
	const RiskSettings *risks; /* may be NULL */
	JournalLimit *limit;
	ToldList *told;
	GateRound *gates;
	LifetimeRound *lifetimes;
	char ledger_id[LEDGER_ID_SIZE];
	usec_t now;
	bool with_run; /* one is due, and all is told of what was lost in it */
	bool final;    /* the daemon ends: what waits for its turn is told at once */
	int fd;        /* of journal_connect() */
	int patience_ms;
	unsigned n_sent;
	uint64_t sequence; /* of the last entry that was sent, see ToldList */
	Buffer message;
} Teller;

/* No room for this entry within the limit: a later pass will have it. */
enum { TELLER_FULL = 1 };

/* Sends t->message, which is of @class: 0, TELLER_FULL or -errno. */
int teller_send(Teller *t, JournalClass class);

/* This row was told. @as: of a workload or a loss its revision, of a run until when, of others 0.
 */
void teller_note(Teller *t, ToldKind kind, int64_t id, uint64_t as);

/* Adds the number of an entry on lifetimes or a run; teller_count() when it was sent. */
void teller_add_sequence(Teller *t);
void teller_count(Teller *t);

/* How many rows a class has room for; never more than can be noted. */
uint32_t teller_room(Teller *t, JournalClass class);

/* Told @before this, a row may be told again. */
usec_t teller_before(const Teller *t, usec_t interval);

/* 0 or -errno; -EAGAIN, -ECONNREFUSED and the like of journal_send(). */
int tell_sightings(Teller *t);
int tell_workloads(Teller *t);
int tell_losses(Teller *t);
int tell_lifetimes(Teller *t);
/* Behind lifetimes and losses: no longer than what is told of those holds. */
int tell_runs(Teller *t);
int tell_gates(Teller *t);
