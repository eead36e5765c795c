/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Files of others that are mapped here may be made shorter by their owner: journald does it with
 * each file that it puts away, and sd-journal leaves the SIGBUS of its reader to the reader.
 * Between begin and end a page that has gone reads as zeros, in this thread and in no other: what
 * is our own (the tally, the ledger's index) must never read as zeros.
 *
 * The one place in lib/ with state of its own: two flags of each thread, since a handler of signals
 * is told of nothing else. The handler is the program's: without one a page that has gone ends it.
 */
#include <signal.h>

#include "util/macro.h"

/* Installs a handler that takes what is between begin and end, and ends the program for all else.
 */
void bus_error_watch(void);

/*
 * For a handler (SA_SIGINFO) of the program's own, instead: true when the page reads as zeros now,
 * and it is to return. Safe within a signal handler.
 */
bool bus_error_take(const siginfo_t *info);

/* Pairs do not nest. */
void bus_error_begin(void);

/* Were pages replaced? Then whatever was read is not to be trusted, and the maps are to be closed.
 */
bool bus_error_end(void);
