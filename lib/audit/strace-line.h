/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * One line that strace wrote, in any of its forms (-f, -o, -ff, -t, -tt, -ttt, -r, -T, -n, -i, -k,
 * -y, -Y, -X). What stands between the parentheses is never looked into.
 */
#include "util/clock.h"

typedef enum StraceKind {
	STRACE_CALL,       /* or the first half of one */
	STRACE_RESUMED,    /* the second half */
	STRACE_UNFINISHED, /* a first half that was interrupted is one: the rest comes later */
	STRACE_MODE,       /* the process runs in another mode from now on */
	STRACE_TABLE,      /* a table of -c follows, of the calls in .mode */
	STRACE_EXIT,
	STRACE_SKIP,      /* anything else that strace writes */
	STRACE_NOT_OURS,  /* a line that strace did not write; the program's own, most likely */
	STRACE_NO_RESULT, /* begins as a call, and has no result: two lines that got mixed */
} StraceKind;

typedef struct StraceLine {
	StraceKind kind;
	uint32_t pid;     /* 0: the line names none */
	usec_t time;      /* of -ttt; 0: none, or not one with a date */
	Span name;        /* of a call: as strace calls it, "syscall_0x1b5" for a bare number */
	Span mode;        /* "32 bit" */
	bool unfinished;  /* its second half comes on a line of its own */
	bool interrupted; /* by a message of strace: the next line says how it goes on */
} StraceLine;

/* @cut: the line does not end, because the file does or the line is too long; then a call needs no
 * result. */
void strace_line_parse(Span text, bool cut, StraceLine *ret);
