/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The records that were read last. A process in a loop, and a service that is asked the same again,
 * makes records that differ in their stamp alone: to find the text again costs a quarter of what
 * reading it does. Only whole texts are compared, so the answer is record_parse()'s own, always.
 *
 * Bounded: RECORD_MEMO_SETS * RECORD_MEMO_WAYS texts of up to RECORD_MEMO_TEXT bytes. Who makes
 * keys that collide makes it as slow as it is without.
 */
#include "audit/record.h"

#define RECORD_MEMO_SETS 256
#define RECORD_MEMO_WAYS 4
#define RECORD_MEMO_TEXT 384
#define RECORD_MEMO_SEEN 4096

/* All zero is an empty one. */
typedef struct RecordMemo {
	/* Of the texts' hashes, 0 = free; together, since the entries lie far apart. */
	uint32_t tags[RECORD_MEMO_SETS][RECORD_MEMO_WAYS];
	struct RecordMemoEntry {
		uint32_t n;
		char text[RECORD_MEMO_TEXT];
		Record record; /* its spans point into @text */
	} entries[RECORD_MEMO_SETS][RECORD_MEMO_WAYS];
	/* Tags of texts seen once: only the second time is worth a copy. */
	uint32_t seen[RECORD_MEMO_SEEN];
	unsigned next_way; /* to be replaced */
} RecordMemo;

/* As record_parse(): the spans of *@ret point into @body. */
int record_memo_parse(RecordMemo *m, Span body, Record *ret, const char **ret_reason);
