/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * From a record's pid to the subject that the tally counts by. In this order: a live read of /proc
 * (or what a bounded cache holds of one), then the history of processes, which the caller has fed
 * with all that happened before the record; otherwise nobody, with the cause.
 *
 * A check at time C that found a process which had started at S proves who had the pid during all
 * of [S, C]. A record whose stamp lies in there needs no second look, even when the process is gone
 * by now; a later one does.
 */
#include "audit/record.h"
#include "evidence/tally.h"
#include "who/lineage.h"

typedef struct Attributor Attributor;

typedef struct Attribution {
	uint32_t subject; /* index in the tally */
	Means means;
	Cause cause;
	Origin origin;
	bool own_filter; /* it has more filters than its container's first process had */
	uint64_t names;  /* attributor_names(); 0 where it was not needed */
} Attribution;

/* @proc_fd is /proc (borrowed). @live says that records are of now and of this host. */
int attributor_new(int proc_fd, bool live, uint64_t seed, Tally *tally, Attributor **ret);
Attributor *attributor_free(Attributor *a);
DEFINE_CLEANUP(Attributor, attributor_free);

/* Asks @lineage (borrowed; NULL = nobody) about processes that are gone, and for the origin. */
void attributor_use_lineage(Attributor *a, Lineage *lineage);

/* Looks at the clocks, so that a step is noticed: before each batch of records. */
void attributor_note_clocks(Attributor *a);

/* May the next records be of any age? Only those of this boot, while nobody set the clock since. */
void attributor_allow_age(Attributor *a, bool allow);

/* Hash of the record's comm and exe. */
uint64_t attributor_names(const Attributor *a, const Record *record);

/* @time is the record's stamp in us. 0, or -ENOSPC when the tally has no room for the subject. */
int attributor_find(Attributor *a, const Record *record, usec_t time, Attribution *ret);
