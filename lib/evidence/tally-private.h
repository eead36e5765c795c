/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The tally's file and what a process keeps beside it.
 *
 *   page 0    TallyHeader
 *   subjects  TallySubject[TALLY_SUBJECTS]
 *   slots     TallySlot[TALLY_SLOTS], from a page's start
 *
 * The file has its full size from the start but is sparse: a page costs memory when its first entry
 * is used. Entries are dense; the hash indexes live in private memory and are rebuilt at open, so a
 * crash cannot leave a broken one.
 *
 * Entries change as under a sequence lock without fences: the generation becomes odd, the rest is
 * stored with release order, the generation becomes even (release). A copy reads the generation,
 * then the rest with acquire order, then the generation again. Numbers that only grow (total, last,
 * ...) are stored atomically without touching the generation.
 */
#include <string.h>

#include "evidence/tally.h"

#define TALLY_MAGIC UINT64_C(0x31594c4c41544453) /* "SDTALLY1" */
#define TALLY_VERSION 7
#define TALLY_PAGE 4096
#define TALLY_ID_SIZE 33

typedef struct TallyHeader {
	uint64_t magic; /* stored last: without it the file is still empty */
	uint32_t version;
	uint32_t subject_size, slot_size;
	uint32_t max_subjects, max_slots;
	uint32_t n_subjects, n_slots; /* entries ever used */
	char id[TALLY_ID_SIZE];
	uint64_t counted; /* no less than the sum of all totals there ever were */
	TallyTotals totals;
} TallyHeader;

#define TALLY_SUBJECTS_OFFSET ((size_t)TALLY_PAGE)
#define TALLY_SLOTS_OFFSET                                                                  \
	((TALLY_SUBJECTS_OFFSET + TALLY_SUBJECTS * sizeof(TallySubject) + TALLY_PAGE - 1) / \
	 TALLY_PAGE * TALLY_PAGE)
#define TALLY_FILE_SIZE (TALLY_SLOTS_OFFSET + TALLY_SLOTS * sizeof(TallySlot))

_Static_assert(sizeof(TallyHeader) <= TALLY_PAGE, "the header has one page");
_Static_assert(sizeof(TallySubject) % 8 == 0 && sizeof(TallySlot) % 8 == 0, "copied by words");
_Static_assert(offsetof(TallySubject, key) == 8 && offsetof(TallySlot, arch) == 12, "packed");

/* Open addressing; an entry is a tag of the hash above the number + 1, 0 is free. */
typedef struct TallyIndex {
	uint32_t *entries;
	uint32_t size; /* a power of 2, or 0 */
	uint32_t n;
} TallyIndex;

/* One of the two tables: which entries are free, how far the file has real blocks, and when it is
 * worth to look for evictable entries again. */
typedef struct TallyTable {
	TallyIndex index;
	uint32_t max;
	uint32_t *n_used;    /* in the header */
	size_t offset, size; /* of the array, of one entry */
	uint32_t n_backed;
	uint32_t *free; /* stack of freed entries */
	uint32_t n_free, free_allocated;
	uint32_t patience; /* failed calls before the next search */
	uint32_t marks_seen;
} TallyTable;

#define TALLY_RECENT_SLOTS 64

struct Tally {
	int fd;
	bool view;
	uint64_t seed;
	TallyHeader *header;
	TallySubject *subjects;
	TallySlot *slots;
	TallyTable subject_table, slot_table;
	uint32_t last_subject, last_slot; /* where the previous call went; UINT32_MAX = none */
	/* Where the previous call went whose number has the same rest. Only a guess: slots come and
	 * go. */
	uint32_t recent_slots[TALLY_RECENT_SLOTS];
	uint32_t n_host;
	uint32_t n_damaged;
	uint32_t marks; /* calls of tally_mark_folded(), by the other thread */
	char id[TALLY_ID_SIZE];
	TallyTotals totals_copy;
};

/* tally-check.c: what may be believed of an entry. @s is private memory. */
uint32_t tally_slot_check(const TallySlot *s) _pure_;
uint32_t tally_subject_check(const TallySubject *s) _pure_;
bool tally_slot_is_sane(const TallySlot *s, uint64_t counted) _pure_;
bool tally_subject_is_sane(const TallySubject *s) _pure_;
bool tally_header_is_sane(const TallyHeader *h) _pure_;

/* tally-index.c */
int tally_index_reserve(TallyIndex *x, uint32_t n);
void tally_index_clear(TallyIndex *x);
/* There must be room. */
void tally_index_add(TallyIndex *x, uint64_t hash, uint32_t i);
void tally_index_done(TallyIndex *x);

#define TALLY_INDEX_TAG_SHIFT 18
_Static_assert(TALLY_SLOTS < 1 << TALLY_INDEX_TAG_SHIFT, "a number + 1 fits below the tag");

/* Walks the entries that may be of this hash: @pos starts at (uint32_t)hash; false at the end. */
static inline bool tally_index_next(const TallyIndex *x, uint64_t hash, uint32_t *pos,
				    uint32_t *ret)
{
	uint32_t tag = (uint32_t)(hash >> 50) << TALLY_INDEX_TAG_SHIFT, e;

	if (x->size == 0)
		return false;
	while ((e = x->entries[(*pos)++ & (x->size - 1)]) != 0)
		if ((e & ~0U << TALLY_INDEX_TAG_SHIFT) == tag) {
			*ret = (e & ~(~0U << TALLY_INDEX_TAG_SHIFT)) - 1;
			return true;
		}
	return false;
}

/* tally-table.c: entries of either table */
uint64_t tally_slot_hash(const Tally *t, uint32_t subject, uint32_t arch, int64_t nr,
			 uint8_t action, uint8_t origin, uint8_t own_filter) _pure_;
uint64_t tally_subject_hash(const Tally *t, const SubjectKey *key);
/* Free entry of @table, or -ENOSPC; it is taken when the caller makes its generation even. */
int tally_table_take(Tally *t, TallyTable *table, uint32_t *ret);
void tally_table_give_back(TallyTable *table, uint32_t i);
/* Room for one more in the index; -ENOSPC without memory. */
int tally_table_reserve(Tally *t, TallyTable *table);
/* Drops what is damaged, finds what is free, fills both indexes. */
int tally_rebuild(Tally *t);

static inline bool tally_slot_is(const TallySlot *s, uint32_t subject, uint32_t arch, int64_t nr,
				 uint8_t action, uint8_t origin, uint8_t own_filter)
{
	return s->nr == nr && s->subject == subject && s->arch == arch && s->action == action &&
	       s->origin == origin && s->own_filter == own_filter;
}

/* Whoever makes cgroups can find two whose short hash is the same: an open subject's path counts as
 * well, as tally_subject() keeps it. */
static inline bool tally_subject_is(const TallySubject *s, const SubjectKey *key, Span cgroup)
{
	return s->key.kind == key->kind && s->key.cause == key->cause &&
	       strncmp(s->key.name, key->name, sizeof(key->name)) == 0 &&
	       strncmp(s->key.runtime, key->runtime, sizeof(key->runtime)) == 0 &&
	       (!subject_is_open(key) ||
		span_eq(span_make(s->cgroup, strnlen(s->cgroup, sizeof(s->cgroup))), cgroup));
}

/* Fills an emptied or grown index anew. */
void tally_index_subjects(Tally *t);
void tally_index_slots(Tally *t);

/* tally-evict.c: 0 when there is room now, else -ENOSPC. Slots of evicted subjects go along. */
int tally_evict_slots(Tally *t);
int tally_evict_subjects(Tally *t, const SubjectKind *only);

/* A word of any structure here. */
typedef uint64_t __attribute__((may_alias)) tally_word_t;

static inline uint32_t tally_get32(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void tally_put32(uint32_t *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

static inline uint64_t tally_get64(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void tally_put64(uint64_t *p, uint64_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

/* @n bytes, a multiple of the word; both sides aligned. */
static inline void tally_store_words(void *dst, const void *src, size_t n)
{
	tally_word_t *d = dst;
	const tally_word_t *s = src;

	for (size_t i = 0; i < n / sizeof(*d); i++)
		__atomic_store_n(&d[i], s[i], __ATOMIC_RELEASE);
}

static inline void tally_load_words(void *dst, const void *src, size_t n)
{
	tally_word_t *d = dst;
	const tally_word_t *s = src;

	for (size_t i = 0; i < n / sizeof(*d); i++)
		d[i] = __atomic_load_n(&s[i], __ATOMIC_ACQUIRE);
}

static inline bool tally_generation_is_valid(uint32_t g)
{
	return g != 0 && (g & 1) == 0;
}

/* The even generation after @g; never 0. */
static inline uint32_t tally_generation_next(uint32_t g)
{
	uint32_t next = (g | 1) + 1;

	return next ? next : 2;
}
