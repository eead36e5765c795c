/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Files of others that are mapped here may be made shorter by their owner: journald does it with
 * each file that it puts away, and sd-journal leaves the SIGBUS of its reader to the reader.
 * Between begin and end a page that has gone reads as zeros, in this thread and in no other: what
 * is our own (the tally, the ledger's index) must never read as zeros.
 */
#include <signal.h>

#include "util/macro.h"

typedef struct BusErrorGuard {
	struct sigaction before;
} BusErrorGuard;

void bus_error_begin(BusErrorGuard *ret);

/* Were pages replaced? Then whatever was read is not to be trusted, and the maps are to be closed.
 */
bool bus_error_end(const BusErrorGuard *g);
