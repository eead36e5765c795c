/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Back-fill: records of the time without a daemon, which nobody queued for it, out of the journal's
 * audit transport, in front of those of the live stream.
 *
 * They are taken while the live socket queues what comes, and so before any of it: serials arrive
 * in their order, the last one that is counted says how far the filling is, and those that the
 * journal has not got show as every other gap. Exactly those are taken whose serial lies behind the
 * last that is known of this boot and in front of the first that the socket has. When the socket
 * has no room to wait, filling ends.
 */
#include "daemon/journal-audit.h"
#include "daemon/source.h"
#include "evidence/tally.h"

/* Over a reboot nobody knows which records made the last transaction: those of this long behind its
 * time are left. */
#define BACKFILL_REBOOT_MARGIN (5 * USEC_PER_SEC)

typedef struct BackfillGap {
	bool has_last; /* of this boot, the serial behind which it begins; */
	uint32_t last; /* else with its first */
	bool has_end;  /* the first that the live stream has */
	uint32_t end;
	usec_t earlier; /* of earlier boots, what was made behind this moment; 0 = nothing */
	usec_t stopped; /* when the last daemon was known to run */
	bool held;      /* somebody held the socket: what it has not got was never sent */
} BackfillGap;

typedef enum BackfillChoice {
	BACKFILL_PASS, /* not in the gap */
	BACKFILL_TAKE,
	BACKFILL_OVER, /* behind it */
} BackfillChoice;

/* @here: the entry is of this boot. */
BackfillChoice backfill_choose(const BackfillGap *gap, bool here, const Line *line) _pure_;

/* At the start: when the last daemon was killed while it filled in a record that it had counted
 * already, the serial of that one becomes the tally's last. */
void backfill_settle(Tally *t);

/* The journal, if it can fill anything; else NULL, and why is said. */
JournalAudit *backfill_open(const char *boot);

/* Puts the filling of @gap in front of *@source, a netlink source. Takes @journal, on failure as
 * well. */
int backfill_begin(Source **source, JournalAudit *journal, const BackfillGap *gap);
