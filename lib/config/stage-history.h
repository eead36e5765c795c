/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The [stage TIME] sections of a workload's file: who moved its profile to another stage, when and
 * why, and which profile was there before. TIME is RFC 3339 in UTC, so that their order is that of
 * the text.
 */
#include "config/section-text.h"

#define STAGE_HISTORY_MAX 16 /* older ones go, with their profiles */

typedef struct StageEntry {
	const char *time;
	const char *from, *to;  /* "log", "errno", "kill", "other" */
	const char *user, *why; /* "" when not said */
	const char *gate;       /* "ready", "not-ready", "unknown", "not-asked" */
	bool forced;
	const char *profile;         /* the file that was changed, absolute */
	const char *sha256;          /* of what it is since then */
	const char *previous;        /* the kept profile's name in NAME.d */
	const char *previous_sha256; /* and its content */
	const char *undoes;          /* .time of the step that this one took back; "" */
	unsigned line;               /* of the section; 0 when it is in no text yet */
	const Section *section;
} StageEntry;

typedef struct StageHistory {
	StageEntry *entries; /* oldest first; texts are those of the sections */
	size_t n;
} StageHistory;

/* What is wrong or missing in a section is complained of in @t, and the section is left out.
 * -ENOMEM. @t must outlive *ret. */
int stage_history_read(SectionText *t, StageHistory *ret);
void stage_history_done(StageHistory *h);
#define _cleanup_stage_history_ _cleanup_(stage_history_done)

/* The last step that was not taken back; with @to, the last of these that left that stage. NULL
 * when there is none. */
const StageEntry *stage_history_way_back(const StageHistory *h, const char *to);

/* @text with one more section at its end, and without the oldest where there are too many: their
 * .previous go to @forgotten, one to a line. */
int stage_history_append(Span text, const StageHistory *h, const StageEntry *e, Buffer *out,
			 Buffer *forgotten);

/* Was the way back ever gone? */
bool stage_history_was_undone(const StageHistory *h) _pure_;
