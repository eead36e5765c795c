/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/record-private.h"
#include "util/prefix.h"
#include "util/stops.h"

/*
 * What nearly every record looks like: all fields, in today's order, none of them negative. The
 * ends of all words are found first, 64 bytes at a time, so that the reading of a field waits
 * neither for the one before nor for a guess at its length.
 *
 * False for all else, which then goes the long way; both find the same: where this one ends well
 * there is but one pid=, and no other text than the label and what auditd appends.
 */

#define ALL_BUT_STAMP_AND_SUBJ ((RECORD_HAS_CODE * 2 - 1) & ~(RECORD_HAS_STAMP | RECORD_HAS_SUBJ))

/* A record has 17 of them; each space and each quote in its label is one more. */
#define STOPS_ENOUGH 24
#define STOPS_AT_ONCE 8
#define STOPS_MAX (STOPS_ENOUGH + STOPS_BLOCK + STOPS_AT_ONCE)

/*
 * Behind every word that is read here stands "code=0x" and a digit at least. A word that leaves
 * this room may be read eight bytes at a time, and so may the key behind it.
 */
#define ROOM_BEHIND 8

typedef struct Words {
	const char *p;
	size_t at, limit;    /* the next word, and where no word may end any more */
	const uint32_t *end; /* the stops from @at on; the last one is not below @limit */
} Words;

/* Eight at once: how many there are is what a branch predictor cannot learn. */
static inline uint32_t *put_stops(uint64_t stops, size_t base, uint32_t *to)
{
	uint32_t *end = to + __builtin_popcountll(stops);

	do {
#pragma GCC unroll 8
		for (unsigned i = 0; i < STOPS_AT_ONCE; i++) {
			to[i] = (uint32_t)base + (uint32_t)__builtin_ctzll(stops | 1ULL << 63);
			stops &= stops - 1;
		}
		to += STOPS_AT_ONCE;
	} while (stops != 0);
	return end;
}

/* Of the first words; all of a record are among them if its label has few. */
static inline void find_stops(Span body, uint32_t stops[static STOPS_MAX])
{
	uint32_t *to = stops;
	size_t base = 0;

	while (body.n - base >= STOPS_BLOCK && to < stops + STOPS_ENOUGH) {
		to = put_stops(stops_find64(body.p + base), base, to);
		base += STOPS_BLOCK;
	}
	/* The rest is looked at from the end: nothing behind that may be read. */
	if (base < body.n && to < stops + STOPS_ENOUGH)
		to = put_stops(stops_find64(body.p + body.n - STOPS_BLOCK) >>
				       (base + STOPS_BLOCK - body.n),
			       base, to);
	*to = (uint32_t)body.n;
}

/* For keys of 4 to 8 bytes: two comparisons of four, which overlap. No stop is in a key: where it
 * stands, the word does not end before it. */
static _always_inline_ bool key_is_at(const Words *w, size_t at, Span key)
{
	return memcmp(w->p + at, key.p, 4) == 0 &&
	       memcmp(w->p + at + key.n - 4, key.p + key.n - 4, 4) == 0;
}

/* The next word is KEY and a value, and a space ends it. */
static _always_inline_ bool next_value(Words *w, Span key, Span *ret)
{
	size_t at = w->at, end = *w->end++;

	if (end >= w->limit || w->p[end] != ' ' || !key_is_at(w, at, key))
		return false;
	*ret = span_make(w->p + at + key.n, end - at - key.n);
	w->at = end + 1;
	return true;
}

static _always_inline_ bool next_decimal(Words *w, Span key, uint64_t max, uint64_t *ret)
{
	Span value;

	if (!next_value(w, key, &value))
		return false;
	/* Some fields are one digit in every record. */
	if (value.n == 1) {
		*ret = (unsigned char)value.p[0] - (unsigned)'0';
		return *ret <= 9;
	}
	return value.n - 1 < 16 && exact_decimal(value.p, value.n, ret) && *ret <= max;
}

static _always_inline_ bool next_u32(Words *w, Span key, uint32_t *ret)
{
	uint64_t value = 0;
	bool ok = next_decimal(w, key, UINT32_MAX, &value);

	*ret = (uint32_t)value;
	return ok;
}

static _always_inline_ bool next_i32(Words *w, Span key, int32_t *ret)
{
	uint64_t value = 0;
	bool ok = next_decimal(w, key, INT32_MAX, &value);

	*ret = (int32_t)value;
	return ok;
}

static _always_inline_ bool next_hex(Words *w, Span key, uint64_t max, uint64_t *ret)
{
	Span value;

	return next_value(w, key, &value) && value.n - 1 < 16 && exact_hex(value.p, value.n, ret) &&
	       *ret <= max;
}

/* In quotes there is no stop but the second quote, and behind that a space must be the next one. */
static _always_inline_ bool next_text(Words *w, Span key, Span *ret)
{
	size_t open = w->end[0], close, end;

	if (open >= w->limit || w->p[open] != '"')
		return next_value(w, key, ret) && ret->n > 0 && record_text_length(*ret) == ret->n;
	close = w->end[1];
	if (close >= w->limit || w->p[close] != '"')
		return false;
	end = w->end[2];
	if (end != close + 1 || end >= w->limit || w->p[end] != ' ' || open != w->at + key.n ||
	    !key_is_at(w, w->at, key))
		return false;
	*ret = span_make(w->p + open, end - open);
	w->end += 3;
	w->at = end + 1;
	return true;
}

/* Up to the space before the first pid=. A ppid= in front of that is not for us. */
static bool next_label(Words *w, Span *ret)
{
	size_t start = w->at + sizeof("subj=") - 1, end;

	for (;;) {
		end = *w->end++;
		if (end >= w->limit || w->p[end] == '\0')
			return false;
		if (w->p[end] != ' ')
			continue;
		if (key_is_at(w, end + 1, SPAN_LIT("pid=")))
			break;
		if (key_is_at(w, end + 1, SPAN_LIT("ppid=")))
			return false;
	}
	*ret = span_make(w->p + start, end - start);
	w->at = end + 1;
	return true;
}

static _always_inline_ bool read_head(Words *w, Record *r)
{
	if (!next_u32(w, SPAN_LIT("auid="), &r->auid) || !next_u32(w, SPAN_LIT("uid="), &r->uid) ||
	    !next_u32(w, SPAN_LIT("gid="), &r->gid) || !next_u32(w, SPAN_LIT("ses="), &r->ses))
		return false;
	if (!key_is_at(w, w->at, SPAN_LIT("subj=")))
		return true;
	r->has |= RECORD_HAS_SUBJ;
	return next_label(w, &r->subj);
}

static _always_inline_ bool read_tail(Words *w, Record *r)
{
	uint64_t nr, arch;

	if (!next_i32(w, SPAN_LIT("pid="), &r->pid) || !next_text(w, SPAN_LIT("comm="), &r->comm) ||
	    !next_text(w, SPAN_LIT("exe="), &r->exe) || !next_i32(w, SPAN_LIT("sig="), &r->sig) ||
	    !next_hex(w, SPAN_LIT("arch="), UINT32_MAX, &arch) ||
	    !next_decimal(w, SPAN_LIT("syscall="), INT64_MAX, &nr) ||
	    !next_i32(w, SPAN_LIT("compat="), &r->compat) ||
	    !next_hex(w, SPAN_LIT("ip=0x"), UINT64_MAX, &r->ip))
		return false;
	r->arch = (uint32_t)arch;
	r->nr = (int64_t)nr;
	return true;
}

/* Eight digits and the end are whole; all else is looked at with more care. */
static bool read_code(Span text, Record *r)
{
	uint64_t code;

	if (text.n == 8 && exact_hex8(text.p, 8, &code)) {
		r->code = (uint32_t)code;
		return true;
	}
	return text.n > 0 && !memchr(text.p, '\0', text.n) && !record_read_code(text, r);
}

bool record_read_usual(Span body, Record *r)
{
	const Span code = SPAN_LIT("code=0x");
	uint32_t stops[STOPS_MAX];
	Words w = { .p = body.p, .limit = body.n - ROOM_BEHIND, .end = stops };

	if (body.n < STOPS_BLOCK || body.n > UINT32_MAX)
		return false;
	find_stops(body, stops);
	/* What no field sets; to set all to zero for each record would be felt. */
	r->has = ALL_BUT_STAMP_AND_SUBJ;
	r->sec = r->msec = r->serial = 0;
	r->subj = SPAN_NULL;
	return read_head(&w, r) && read_tail(&w, r) && key_is_at(&w, w.at, code) &&
	       read_code(span_from(body, w.at + code.n), r);
}
