/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* How far "decode" and "replay" are, on standard error, for somebody who waits. */
#include <stdbool.h>
#include <stdint.h>

typedef struct DecodeProgress {
	bool wanted, shown;
	const char *what;         /* is counted: "lines" */
	uint64_t size;            /* of the file; 0 where it has none */
	uint64_t started, showed; /* milliseconds */
} DecodeProgress;

/* @fd is what is read, of lines; -1, with .what and .size set behind the call, for something else.
 * Nothing is shown unless standard error is a terminal and @quiet_output: rows that run over the
 * same terminal are progress enough. */
void decode_progress_start(DecodeProgress *p, int fd, bool quiet_output);

/* A line of its own, every now and then, that the next one overwrites. */
void decode_progress_show(DecodeProgress *p, uint64_t position, uint64_t lines);

/* Takes it away again. */
void decode_progress_end(DecodeProgress *p);
