/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Files of others that are mapped here may be made shorter by their owner: journald does it with
 * each file that it puts away, and sd-journal leaves the SIGBUS of its reader to the reader.
 * Between begin and end a page that has gone reads as zeros, in this thread and in no other: what
 * is our own (the tally, the ledger's index) must never read as zeros.
 *
 * The one place in lib/ with state of its own: two flags of each thread, since a handler of signals
 * is told of nothing else, and the process's handler of SIGBUS. That one stays, as another thread
 * may be within a pair of its own; outside of all pairs it puts the handler back that was there
 * before (the program's, or none), which then has the fault as if it had been there all the time.
 */
#include "util/macro.h"

/* Pairs do not nest. */
void bus_error_begin(void);

/* Were pages replaced? Then whatever was read is not to be trusted, and the maps are to be closed.
 */
bool bus_error_end(void);
