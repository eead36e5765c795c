/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The reader thread: source -> decode -> attribute -> tally, and the history of processes beside
 * it. It never waits on disk, the journal or runtime files. What a counter cannot hold goes to the
 * writer through the queue.
 */
#include "daemon/ancestry.h"
#include "daemon/queue.h"
#include "daemon/source.h"
#include "evidence/tally.h"

typedef struct Reader Reader;

typedef struct ReaderSetup {
	Source *source; /* borrowed, as all of these */
	Tally *tally;
	Queue *queue;
	int proc_fd;
	Ancestry *ancestry; /* NULL = none */
	uint64_t seed;
	bool resume; /* the tally's last serial is of this boot: a gap from it on is loss */
} ReaderSetup;

int reader_new(const ReaderSetup *setup, Reader **ret);
Reader *reader_free(Reader *r);
DEFINE_CLEANUP(Reader, reader_free);

/* Starts the thread. */
int reader_start(Reader *r);

/* Becomes readable when the thread has ended: input ended, stopped, or failed. */
int reader_done_fd(const Reader *r);

/* The ledger may have lost them. From any thread. */
void reader_send_examples_again(Reader *r);

/* Asks the thread to take what is queued already (bounded) and to end. */
void reader_stop(Reader *r);

/* Waits for the thread; 0, or the -errno with which the source failed. */
int reader_join(Reader *r);
