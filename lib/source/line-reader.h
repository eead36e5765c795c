/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Bytes to lines, with bounded memory: a line longer than LINE_READER_MAX is delivered once, cut,
 * with .too_long set, and its rest is passed over. The last line needs no line end. CRLF is
 * accepted.
 */
#include "util/span.h"

#define LINE_READER_MAX ((size_t)64 << 10)

typedef struct LineReader {
	char *buffer; /* LINE_READER_BUFFER bytes */
	size_t begin, end;
	bool skipping; /* the rest of a line that was too long */
} LineReader;

#define LINE_READER_BUFFER (4 * LINE_READER_MAX)

int line_reader_init(LineReader *r);
void line_reader_done(LineReader *r);

typedef struct LineText {
	Span text; /* without its line end; valid until the next call */
	bool too_long;
} LineText;

/* Where the caller may read() into: never empty after line_reader_next() has returned false. */
char *line_reader_room(LineReader *r, size_t *ret_n);

/* Tells that @n bytes were put there. */
void line_reader_fed(LineReader *r, size_t n);

/* The next whole line; false when more bytes are needed. */
bool line_reader_next(LineReader *r, LineText *ret);

/* At the end of the input: the last line without a line end, if there is one. */
bool line_reader_last(LineReader *r, LineText *ret);
