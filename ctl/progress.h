/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* How far something is that takes more than a second, on standard error, for somebody who waits:
 * nothing unless it is a terminal. A line of its own, that the next one overwrites. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Progress {
	int fd;                   /* -1: nobody waits */
	const char *what;         /* is counted: "lines" */
	uint64_t total;           /* of what position is a part; 0: nobody knows */
	uint64_t started, showed; /* milliseconds */
} Progress;

/* @quiet_output: nothing is printed meanwhile; rows that run over the same terminal are progress
 * enough. */
void progress_start(Progress *p, const char *what, uint64_t total, bool quiet_output);

/* Every now and then; as often as it likes. */
void progress_show(Progress *p, uint64_t position, uint64_t count);

/* Takes the line away again: before anything else is printed. */
void progress_end(Progress *p);

/* What progress_show() says after @ms, cut to @columns (0: as long as it is). */
#define PROGRESS_TEXT_MAX 160
char *progress_text(const Progress *p, uint64_t position, uint64_t count, uint64_t ms,
		    size_t columns, char buf[static PROGRESS_TEXT_MAX]);

/* The line that is there, whosever it is: what follows begins a line of its own. */
void progress_clear(void);

/* Where the terminal is, once standard error is a pager's. @fd stays open. */
void progress_terminal(int fd);
