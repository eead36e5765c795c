/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What "decode --summary" counts: records by program, architecture, call and action, in a table of
 * bounded size. */
#include "audit/line.h"

#define DECODE_SUMMARY_MAX 16384 /* kinds; what comes later is counted as a whole */

typedef struct DecodeSummary DecodeSummary;

/* @seed for hashing; NULL when out of memory. */
DecodeSummary *decode_summary_new(uint64_t seed);
DecodeSummary *decode_summary_free(DecodeSummary *s);
DEFINE_CLEANUP(DecodeSummary, decode_summary_free);

/* @line is a record. */
void decode_summary_add(DecodeSummary *s, const Line *line);

/* Most frequent first; as a table, or as one JSON object per row. 0, -EIO or -ENOMEM. */
int decode_summary_print(const DecodeSummary *s, bool json, bool color);
