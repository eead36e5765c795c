/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * How many entries go to the journal: in any JOURNAL_LIMIT_PERIOD at most JOURNAL_LIMIT, over all
 * kinds. Each class has a share that no other can use up, so that no crowd keeps another kind from
 * being told.
 */
#include "util/clock.h"
#include "util/macro.h"

#define JOURNAL_LIMIT 200
#define JOURNAL_LIMIT_PERIOD (30 * USEC_PER_SEC)

typedef enum JournalClass {
	JOURNAL_KILLED, /* new sightings of processes that were killed */
	JOURNAL_LOST,
	JOURNAL_GATE,
	JOURNAL_WORKLOAD, /* stages and blind spots */
	JOURNAL_RUN,
	JOURNAL_LIFETIME,
	JOURNAL_NEW,   /* other new sightings */
	JOURNAL_GROWN, /* roll-ups */
	_JOURNAL_CLASS_MAX,
} JournalClass;

typedef struct JournalLimit {
	struct {
		usec_t at;
		JournalClass class;
	} sent[JOURNAL_LIMIT]; /* the last ones, in a ring */
	unsigned next, n;
} JournalLimit;

/* How many entries of @class may be sent @now. */
unsigned journal_limit_room(JournalLimit *l, JournalClass class, usec_t now);

/* One was; there was room for it. */
void journal_limit_note(JournalLimit *l, JournalClass class, usec_t now);
