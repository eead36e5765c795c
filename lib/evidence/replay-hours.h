/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Records per hour, counted in any order. Of too many hours the latest are kept. */
#include "evidence/ledger-history.h"

typedef struct ReplayHours {
	LedgerHour *rows; /* by time */
	size_t n, allocated;
	size_t max;
	size_t last; /* the one that was counted last */
} ReplayHours;

void replay_hours_done(ReplayHours *h);

/* Adds @records to the hour that @time lies in. -ENOMEM. */
int replay_hours_add(ReplayHours *h, usec_t time, uint64_t records);

/* The hour of @time; NULL when it is not among them. */
LedgerHour *replay_hours_find(ReplayHours *h, usec_t time);
