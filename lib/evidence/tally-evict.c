/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making room. Only what the ledger holds in full may go; of that, the sixteenth that was idle
 * longest, in one batch, after which the index is built anew.
 */
#include <errno.h>
#include <string.h>

#include "evidence/tally-private.h"

#define BATCH_SHARE 16

/*
 * A search looks at the whole table; when it was in vain the next one waits until as many calls (or
 * newly folded slots) have come as make it cheap on average.
 */
static bool worth_searching(Tally *t, TallyTable *table)
{
	uint32_t marks = __atomic_load_n(&t->marks, __ATOMIC_RELAXED);

	if (table->patience > 0 && marks - table->marks_seen < table->patience) {
		table->patience--;
		return false;
	}
	table->marks_seen = marks;
	table->patience = table->max / 64;
	return true;
}

static int compare_u64(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The greatest of the @k least values. Sorts @values. */
static uint64_t kth_least(uint64_t *values, uint32_t n, uint32_t k)
{
	qsort(values, n, sizeof(*values), compare_u64);
	return values[k - 1];
}

static bool slot_may_go(const Tally *t, uint32_t i)
{
	const TallySlot *s = &t->slots[i];

	return tally_generation_is_valid(s->generation) && i != t->last_slot &&
	       s->total == tally_get64(&s->folded);
}

static void free_slot(Tally *t, uint32_t i)
{
	TallySlot *s = &t->slots[i];
	TallySubject *subject = &t->subjects[s->subject];

	tally_put32(&s->generation, s->generation | 1);
	tally_put32(&subject->n_slots, subject->n_slots - 1);
	tally_table_give_back(&t->slot_table, i);
	tally_add(&t->header->totals.evicted, 1);
}

int tally_evict_slots(Tally *t)
{
	TallyTable *table = &t->slot_table;
	_cleanup_free_ uint64_t *ages = NULL;
	uint32_t n = 0, batch;
	uint64_t limit;

	if (!worth_searching(t, table))
		return -ENOSPC;
	ages = malloc(*table->n_used * sizeof(*ages));
	if (!ages)
		return -ENOSPC;
	for (uint32_t i = 0; i < *table->n_used; i++)
		if (slot_may_go(t, i))
			ages[n++] = t->slots[i].last;
	if (n == 0)
		return -ENOSPC;
	batch = MIN(n, table->max / BATCH_SHARE);
	limit = kth_least(ages, n, batch);
	for (uint32_t i = 0; i < *table->n_used && batch > 0; i++)
		if (slot_may_go(t, i) && t->slots[i].last <= limit) {
			free_slot(t, i);
			batch--;
		}
	if (n >= table->max / BATCH_SHARE)
		table->patience = 0;
	tally_index_slots(t);
	return 0;
}

/* Marks the subjects of which a slot is not wholly in the ledger. */
static void find_busy(const Tally *t, bool busy[static TALLY_SUBJECTS])
{
	memset(busy, 0, TALLY_SUBJECTS * sizeof(*busy));
	for (uint32_t i = 0; i < *t->slot_table.n_used; i++)
		if (tally_generation_is_valid(t->slots[i].generation) && !slot_may_go(t, i))
			busy[t->slots[i].subject] = true;
	if (t->last_subject < TALLY_SUBJECTS)
		busy[t->last_subject] = true;
}

static bool subject_may_go(const Tally *t, const bool *busy, uint32_t i, const SubjectKind *only)
{
	const TallySubject *s = &t->subjects[i];

	return tally_generation_is_valid(s->generation) && !busy[i] &&
	       s->key.kind != SUBJECT_UNATTRIBUTED && (!only || s->key.kind == *only);
}

static void free_subject(Tally *t, uint32_t i)
{
	TallySubject *s = &t->subjects[i];

	tally_put32(&s->generation, s->generation | 1);
	t->n_host -= s->key.kind == SUBJECT_HOST;
	tally_table_give_back(&t->subject_table, i);
	tally_add(&t->header->totals.evicted, 1);
}

static void free_slots_of(Tally *t, const bool gone[static TALLY_SUBJECTS])
{
	for (uint32_t i = 0; i < *t->slot_table.n_used; i++)
		if (tally_generation_is_valid(t->slots[i].generation) && gone[t->slots[i].subject])
			free_slot(t, i);
	tally_index_slots(t);
}

int tally_evict_subjects(Tally *t, const SubjectKind *only)
{
	TallyTable *table = &t->subject_table;
	bool busy[TALLY_SUBJECTS], gone[TALLY_SUBJECTS] = { false };
	_cleanup_free_ uint64_t *ages = NULL;
	uint32_t n = 0, batch;
	uint64_t limit;

	if (!worth_searching(t, table))
		return -ENOSPC;
	ages = malloc(*table->n_used * sizeof(*ages));
	if (!ages)
		return -ENOSPC;
	find_busy(t, busy);
	for (uint32_t i = 0; i < *table->n_used; i++)
		if (subject_may_go(t, busy, i, only))
			ages[n++] = t->subjects[i].last;
	if (n == 0)
		return -ENOSPC;
	batch = MIN(n, table->max / BATCH_SHARE);
	limit = kth_least(ages, n, batch);
	for (uint32_t i = 0; i < *table->n_used && batch > 0; i++)
		if (subject_may_go(t, busy, i, only) && t->subjects[i].last <= limit) {
			gone[i] = true;
			batch--;
		}
	free_slots_of(t, gone);
	for (uint32_t i = 0; i < *table->n_used; i++)
		if (gone[i])
			free_subject(t, i);
	if (n >= table->max / BATCH_SHARE)
		table->patience = 0;
	tally_index_subjects(t);
	return 0;
}
