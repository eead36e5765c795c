/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two tables of a tally: entries that are free, blocks that are real, indexes that are whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "evidence/tally-private.h"
#include "util/hash.h"

#define BACK_BYTES 65536

uint64_t tally_slot_hash(const Tally *t, uint32_t subject, uint32_t arch, int64_t nr,
			 uint8_t action, uint8_t origin, uint8_t own_filter)
{
	uint64_t h = hash_u64(t->seed ^ ((uint64_t)subject << 32 | arch));

	return hash_u64(h ^ (uint64_t)nr ^ (uint64_t)action << 48 ^ (uint64_t)origin << 56 ^
			(uint64_t)own_filter << 63);
}

uint64_t tally_subject_hash(const Tally *t, const SubjectKey *key)
{
	uint64_t h = t->seed ^ ((uint64_t)key->kind << 32 | (uint64_t)key->cause);

	h = hash_bytes(span_make(key->runtime, strnlen(key->runtime, sizeof(key->runtime))), h);
	return hash_bytes(span_make(key->name, strnlen(key->name, sizeof(key->name))), h);
}

/*
 * A store into a hole of a file on a full disk is a SIGBUS, so blocks are asked for ahead of use. A
 * file system that cannot is believed to have room.
 */
static int table_back(Tally *t, TallyTable *table, uint32_t n)
{
	size_t from = table->offset + table->n_backed * table->size;
	size_t to = MIN(table->offset + n * table->size + BACK_BYTES,
			table->offset + table->max * table->size);

	if (n <= table->n_backed)
		return 0;
	if (fallocate(t->fd, 0, (off_t)from, (off_t)(to - from)) < 0) {
		if (errno != EOPNOTSUPP && errno != ENOSYS)
			return -ENOSPC;
		to = table->offset + table->max * table->size;
	}
	table->n_backed = (uint32_t)((to - table->offset) / table->size);
	return 0;
}

int tally_table_take(Tally *t, TallyTable *table, uint32_t *ret)
{
	uint32_t n = *table->n_used;
	int r;

	if (table->n_free > 0) {
		*ret = table->free[--table->n_free];
		return 0;
	}
	if (n >= table->max)
		return -ENOSPC;
	r = table_back(t, table, n + 1);
	if (r < 0)
		return r;
	tally_put32(table->n_used, n + 1);
	*ret = n;
	return 0;
}

/* Without memory the entry stays unused until the next open finds it. */
void tally_table_give_back(TallyTable *table, uint32_t i)
{
	uint32_t allocated = MAX(2 * table->free_allocated, 256U), *p;

	if (table->n_free == table->free_allocated) {
		p = realloc(table->free, allocated * sizeof(*p));
		if (!p)
			return;
		table->free = p;
		table->free_allocated = allocated;
	}
	table->free[table->n_free++] = i;
}

void tally_index_slots(Tally *t)
{
	tally_index_clear(&t->slot_table.index);
	for (uint32_t i = 0; i < *t->slot_table.n_used; i++) {
		const TallySlot *s = &t->slots[i];

		if (tally_generation_is_valid(s->generation))
			tally_index_add(&t->slot_table.index,
					tally_slot_hash(t, s->subject, s->arch, s->nr, s->action,
							s->origin, s->own_filter),
					i);
	}
}

void tally_index_subjects(Tally *t)
{
	tally_index_clear(&t->subject_table.index);
	for (uint32_t i = 0; i < *t->subject_table.n_used; i++)
		if (tally_generation_is_valid(t->subjects[i].generation))
			tally_index_add(&t->subject_table.index,
					tally_subject_hash(t, &t->subjects[i].key), i);
}

int tally_table_reserve(Tally *t, TallyTable *table)
{
	int r = tally_index_reserve(&table->index, table->index.n + 1);

	if (r < 0)
		return -ENOSPC;
	if (r > 0 && table == &t->subject_table)
		tally_index_subjects(t);
	else if (r > 0)
		tally_index_slots(t);
	return 0;
}

static bool subject_is_duplicate(const Tally *t, uint64_t hash, const TallySubject *s)
{
	Span cgroup = span_make(s->cgroup, strnlen(s->cgroup, sizeof(s->cgroup)));
	uint32_t pos = (uint32_t)hash, i;

	while (tally_index_next(&t->subject_table.index, hash, &pos, &i))
		if (tally_subject_is(&t->subjects[i], &s->key, cgroup))
			return true;
	return false;
}

static bool slot_is_duplicate(const Tally *t, uint64_t hash, const TallySlot *s)
{
	uint32_t pos = (uint32_t)hash, i;

	while (tally_index_next(&t->slot_table.index, hash, &pos, &i))
		if (tally_slot_is(&t->slots[i], s->subject, s->arch, s->nr, s->action, s->origin,
				  s->own_filter))
			return true;
	return false;
}

/* Frees what is left of an entry; a generation that looked valid was damage. */
static void drop(Tally *t, TallyTable *table, uint32_t i, uint32_t *generation)
{
	if (tally_generation_is_valid(*generation)) {
		tally_put32(generation, *generation | 1);
		t->n_damaged++;
	}
	tally_table_give_back(table, i);
}

static int rebuild_subjects(Tally *t)
{
	TallyTable *table = &t->subject_table;
	uint64_t hash;
	int r;

	r = tally_index_reserve(&table->index, *table->n_used);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < *table->n_used; i++) {
		TallySubject *s = &t->subjects[i];

		hash = tally_subject_hash(t, &s->key);
		if (!tally_subject_is_sane(s) || subject_is_duplicate(t, hash, s)) {
			drop(t, table, i, &s->generation);
			continue;
		}
		s->n_slots = 0;
		t->n_host += s->key.kind == SUBJECT_HOST;
		tally_index_add(&table->index, hash, i);
	}
	return 0;
}

static bool slot_belongs(const Tally *t, const TallySlot *s)
{
	const TallySubject *subject = &t->subjects[s->subject];

	return s->subject < *t->subject_table.n_used &&
	       subject->generation == s->subject_generation;
}

static int rebuild_slots(Tally *t)
{
	TallyTable *table = &t->slot_table;
	uint64_t hash;
	int r;

	r = tally_index_reserve(&table->index, *table->n_used);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < *table->n_used; i++) {
		TallySlot *s = &t->slots[i];

		hash = tally_slot_hash(t, s->subject, s->arch, s->nr, s->action, s->origin,
				       s->own_filter);
		if (!tally_slot_is_sane(s, t->header->counted) || !slot_belongs(t, s) ||
		    slot_is_duplicate(t, hash, s)) {
			drop(t, table, i, &s->generation);
			continue;
		}
		t->subjects[s->subject].n_slots++;
		tally_index_add(&table->index, hash, i);
	}
	return 0;
}

int tally_rebuild(Tally *t)
{
	int r;

	r = table_back(t, &t->subject_table, *t->subject_table.n_used);
	if (r == 0)
		r = table_back(t, &t->slot_table, *t->slot_table.n_used);
	if (r == 0)
		r = rebuild_subjects(t);
	if (r == 0)
		r = rebuild_slots(t);
	return r;
}
