/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Lifetimes, and times at which a sighting was made in them, as a journal's entry has them. A line
 * for each lifetime:
 *
 *   NUMBER FROM seen|found TO|- seen|missed|- graceful|killed|failed|unknown|- JOINS JOINED|- NAME
 *
 * and for each making "NUMBER=TIME" or "NUMBER=-", with blanks between. Times are RFC 3339.
 */
#include "evidence/ledger-history.h"
#include "util/buffer.h"

#define LIFETIME_LIST_MAX 128                    /* in one entry */
#define LIFETIME_PROFILE_MAX ((size_t)128 << 10) /* text of a filter that goes along */

typedef struct ListedLifetime {
	uint64_t row; /* its number in the ledger */
	usec_t from, to;
	bool start_seen, stop_seen;
	LifetimeExit exit;
	uint64_t joins;
	usec_t joined;
	char name[SUBJECT_KEY_MAX];
} ListedLifetime;

/* A control character in a name, which no runtime gives, becomes a question mark. */
void lifetime_list_add(Buffer *b, const LedgerLifetime *f);

/* Takes the next one off @rest: 1, 0 at the end, or -EBADMSG. */
int lifetime_list_next(Span *rest, ListedLifetime *ret);

void making_list_add(Buffer *b, const LedgerMaking *m);
int making_list_next(Span *rest, LedgerMaking *ret);

/* Is all of it of that form, and no more than one entry has? */
bool lifetime_list_is_sane(Span list);
bool making_list_is_sane(Span list);
