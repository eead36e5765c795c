/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A word now and then from a ledger that has much to read, for whoever lets somebody wait. */
#include "evidence/ledger.h"

/* @work is called every few milliseconds of work with what was read of the file so far, some of it
 * perhaps twice; it must not use the ledger. NULL: no more. */
void ledger_on_work(Ledger *l, void (*work)(uint64_t bytes, void *userdata), void *userdata);
