/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What strace wrote to one file: which calls were made, by the kernel's numbers, and how often.
 * A call that was cut in two counts once, also where the log begins between its halves.
 */
#include "util/clock.h"

typedef struct StraceCall {
	uint32_t arch;
	int64_t nr;
	uint64_t count;
	usec_t first, last; /* 0: without -ttt a log does not tell */
} StraceCall;

typedef enum StraceReject {
	STRACE_REJECT_FOREIGN,   /* strace did not write it */
	STRACE_REJECT_NO_RESULT, /* a call without a result: two lines that got mixed */
	STRACE_REJECT_NAME,      /* nothing knows a call of this name */
	STRACE_REJECT_MODE,      /* in a mode that we do not know */
	STRACE_REJECT_ROW,       /* no row of the table that it stands in */
	STRACE_REJECT_MANY,      /* more different calls than there are */
	_STRACE_REJECT_MAX,
} StraceReject;

#define STRACE_CALLS_MAX 4096     /* different ones */
#define STRACE_PROCESSES_MAX 4096 /* in another mode, or within a call */
#define STRACE_NAME_SHOWN 64

typedef struct StraceCounts {
	uint64_t lines, records, skipped, rejected; /* a record is a line that tells of a call */
	uint64_t by_reason[_STRACE_REJECT_MAX];
	bool cut;                        /* the last line, or a table, has no end */
	char unknown[STRACE_NAME_SHOWN]; /* the first name that nothing knows, or "" */
} StraceCounts;

typedef struct StraceLog StraceLog;

/* @arch: that of the machine, in its usual mode. -ENOMEM. */
int strace_log_new(uint32_t arch, StraceLog **ret);
StraceLog *strace_log_free(StraceLog *l);
DEFINE_CLEANUP(StraceLog, strace_log_free);

/* Takes a line without its end; @cut as of strace_line_parse(). 0 or -ENOMEM. */
int strace_log_take(StraceLog *l, Span line, bool cut);

/* After the last line, once. Both live as long as @l; calls by their architecture and number; NULL
 * when out of memory. */
const StraceCall *strace_log_calls(StraceLog *l, size_t *ret_n);
const StraceCounts *strace_log_counts(const StraceLog *l) _pure_;

/* "not-strace" ...; and for a person, as the end of "3 lines that ..." */
const char *strace_reject_name(StraceReject r) _const_;
const char *strace_reject_text(StraceReject r) _const_;
