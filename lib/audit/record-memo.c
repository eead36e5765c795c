/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/record-memo.h"

typedef struct RecordMemoEntry Entry;

#define HASH_STEP 32

static _always_inline_ uint64_t mix(uint64_t h, const char *p)
{
	uint64_t a, b;

	memcpy(&a, p, sizeof(a));
	memcpy(&b, p + sizeof(a), sizeof(b));
	return (h << 7 | h >> 57) + (a ^ 0x9e3779b97f4a7c15ULL) * (b ^ 0xc4ceb9fe1a85ec53ULL);
}

/* Every byte counts, few wait for another; no more is asked of it. @s has HASH_STEP bytes at least,
 * and its last ones may count twice. */
static inline uint64_t hash_text(Span s)
{
	const char *p = s.p, *last = s.p + s.n - HASH_STEP;
	uint64_t h = s.n, g = 0;

	for (; p < last; p += HASH_STEP) {
		h = mix(h, p);
		g = mix(g, p + HASH_STEP / 2);
	}
	h = mix(h, last) ^ mix(g, last + HASH_STEP / 2) * 0xff51afd7ed558ccdULL;
	return (h ^ h >> 32) * 0x9e3779b97f4a7c15ULL;
}

static Span move_span(Span s, const char *from, const char *to)
{
	return s.p ? span_make(to + (s.p - from), s.n) : s;
}

/* Copies @r, which was read at @from, as if it had been read at @to. */
static inline void move_record(const Record *r, const char *from, const char *to, Record *ret)
{
	*ret = *r;
	ret->subj = move_span(r->subj, from, to);
	ret->comm = move_span(r->comm, from, to);
	ret->exe = move_span(r->exe, from, to);
}

static void remember(RecordMemo *m, size_t set, uint32_t tag, Span body, const Record *r)
{
	unsigned way = m->next_way++ % RECORD_MEMO_WAYS;
	Entry *e = &m->entries[set][way];

	m->tags[set][way] = tag;
	e->n = (uint32_t)body.n;
	memcpy(e->text, body.p, body.n);
	move_record(r, body.p, e->text, &e->record);
}

/* Says whether the text came before; a log without repetition costs no copies then. */
static inline bool was_seen(RecordMemo *m, size_t at, uint32_t tag)
{
	bool seen = m->seen[at % RECORD_MEMO_SEEN] == tag;

	m->seen[at % RECORD_MEMO_SEEN] = tag;
	return seen;
}

static inline const Entry *find(const RecordMemo *m, size_t set, uint32_t tag, Span body)
{
	for (unsigned i = 0; i < RECORD_MEMO_WAYS; i++) {
		const Entry *e = &m->entries[set][i];

		if (m->tags[set][i] == tag && span_eq(span_make(e->text, e->n), body))
			return e;
	}
	return NULL;
}

int record_memo_parse(RecordMemo *m, Span body, Record *ret, const char **ret_reason)
{
	const Entry *e;
	uint64_t hash;
	uint32_t tag;
	size_t set;
	int r;

	if (body.n < HASH_STEP || body.n > RECORD_MEMO_TEXT)
		return record_parse(body, ret, ret_reason);
	hash = hash_text(body);
	set = hash >> 32 & (RECORD_MEMO_SETS - 1);
	tag = (uint32_t)hash | 1;
	e = find(m, set, tag, body);
	if (e) {
		move_record(&e->record, e->text, body.p, ret);
		return 0;
	}
	r = record_parse(body, ret, ret_reason);
	if (r == 0 && was_seen(m, hash >> 32, tag))
		remember(m, set, tag, body, ret);
	return r;
}
