/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/record-memo.h"

typedef struct RecordMemoEntry Entry;

/* Every byte counts, none waits for another; no more is asked of it. @s has 16 bytes at least. */
static inline uint64_t hash_text(Span s)
{
	uint64_t h = s.n, a, b;
	size_t i = 0;

	for (;;) {
		memcpy(&a, s.p + i, sizeof(a));
		memcpy(&b, s.p + i + 8, sizeof(b));
		h = (h << 7 | h >> 57) + (a ^ 0x9e3779b97f4a7c15ULL) * (b ^ 0xc4ceb9fe1a85ec53ULL);
		if (i + 16 == s.n)
			break;
		i = MIN(i + 16, s.n - 16);
	}
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

	if (body.n < 16 || body.n > RECORD_MEMO_TEXT)
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
	if (r == 0)
		remember(m, set, tag, body, ret);
	return r;
}
