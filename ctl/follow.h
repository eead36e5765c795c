/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The ledger and the live counters, looked at again and again, while the daemon is restarted and
 * the ledger exchanged for another. */
#include <sys/stat.h>

#include "ctl/evidence.h"

typedef struct Follow {
	const char *path, *tally_path;
	Ledger *ledger; /* NULL: it cannot be read at present */
	struct {
		dev_t dev;
		ino_t ino;
	} files[3]; /* it, its log and its index, as they were when it was opened */
	int64_t changes;
	bool opened, looked; /* once, at least */
	bool running;        /* the daemon */
	bool has_totals;     /* there are counters */
	TallyTotals totals;  /* then */
	Diag fault;          /* why the ledger cannot be read; "" when it can */
} Follow;

enum {
	FOLLOW_CHANGED = 1 << 0,  /* the ledger; so also with FOLLOW_REPLACED */
	FOLLOW_REPLACED = 1 << 1, /* by another one: nothing that was read of it holds */
	FOLLOW_FAILED = 1 << 2,   /* it cannot be read, and could before: .fault */
	FOLLOW_STARTED = 1 << 3,  /* the daemon has, or was restarted */
	FOLLOW_ENDED = 1 << 4,
};

void follow_done(Follow *f);

/* Opens both: 0, or the exit code after the sentence was printed for @verb. */
int follow_open(const Ctl *ctl, const char *verb, Follow *ret);

/* What is different since the last call, as bits of the above. */
unsigned follow_look(Follow *f);

/* Reading it has failed: it is opened anew with the next look. */
unsigned follow_give_up(Follow *f);
