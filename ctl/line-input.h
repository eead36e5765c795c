/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Lines that a person types, or that come from a pipe, until the end: of the input, or by a signal
 * (INT, HUP, TERM), which ends the dialogue and not the program. */
#include "util/buffer.h"

typedef struct LineInput {
	int fd, signals;
	bool ended;
	bool any; /* some line was read */
	Buffer pending;
} LineInput;

#define LINE_INPUT_NULL ((LineInput){ .fd = -1, .signals = -1 })

/* -errno. From now on the signals are kept back; line_input_close() lets them through again, but
 * those that ended the input. */
int line_input_open(int fd, LineInput *ret);
void line_input_close(LineInput *in);
#define _cleanup_line_input_ _cleanup_(line_input_close)

/* The next line without its end, and without blanks around; what is longer than LINE_INPUT_MAX is
 * cut there. NULL at the end, or when out of memory. The caller frees. */
#define LINE_INPUT_MAX 4096
char *line_input_read(LineInput *in);
