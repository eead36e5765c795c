/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looking on while another thread or process counts. */
#include <errno.h>
#include <string.h>

#include "evidence/tally-private.h"

/* A generation changes when a slot is reused, at most a few times a second: more often than this
 * and the entry is as good as changing all the time. */
#define COPY_ATTEMPTS 16

const char *tally_id(const Tally *t)
{
	return t->id;
}

const TallyTotals *tally_totals_view(const Tally *t)
{
	/* The copy is the view's own and the view belongs to one thread: const for its caller. */
	TallyTotals *copy = (TallyTotals *)(uintptr_t)&t->totals_copy;

	if (!t->view)
		return &t->header->totals;
	tally_load_words(copy, &t->header->totals, sizeof(*copy));
	copy->source[sizeof(copy->source) - 1] = 0;
	for (size_t i = 0; i < ELEMENTSOF(copy->faults); i++)
		copy->faults[i].reason[sizeof(copy->faults[i].reason) - 1] = 0;
	return copy;
}

/* A stranger's file may say anything. */
uint32_t tally_n_slots(const Tally *t)
{
	return MIN(tally_get32(&t->header->n_slots), (uint32_t)TALLY_SLOTS);
}

uint32_t tally_n_subjects(const Tally *t)
{
	return MIN(tally_get32(&t->header->n_subjects), (uint32_t)TALLY_SUBJECTS);
}

static bool slot_try_copy(const TallySlot *s, TallySlot *ret)
{
	ret->generation = tally_get32(&s->generation);
	ret->subject = tally_get32(&s->subject);
	tally_load_words((char *)ret + 8, (const char *)s + 8, sizeof(*ret) - 8);
	/* It may have grown and been folded since the first look at it. */
	ret->total = tally_get64(&s->total);
	return tally_get32(&s->generation) == ret->generation;
}

int tally_slot_copy(const Tally *t, uint32_t i, TallySlot *ret)
{
	TallySlot copy;

	if (i >= tally_n_slots(t))
		return -ENOENT;
	for (int attempt = 0; attempt < COPY_ATTEMPTS; attempt++) {
		if (!slot_try_copy(&t->slots[i], &copy))
			continue;
		if (!tally_slot_is_sane(&copy, tally_get64(&t->header->counted)))
			return -ENOENT;
		*ret = copy;
		return 0;
	}
	return -ENOENT;
}

static bool subject_try_copy(const TallySubject *s, TallySubject *ret)
{
	ret->generation = tally_get32(&s->generation);
	ret->n_slots = tally_get32(&s->n_slots);
	tally_load_words((char *)ret + 8, (const char *)s + 8, sizeof(*ret) - 8);
	return tally_get32(&s->generation) == ret->generation;
}

int tally_subject_copy(const Tally *t, uint32_t i, TallySubject *ret)
{
	TallySubject copy;

	if (i >= tally_n_subjects(t))
		return -ENOENT;
	for (int attempt = 0; attempt < COPY_ATTEMPTS; attempt++) {
		if (!subject_try_copy(&t->subjects[i], &copy))
			continue;
		if (!tally_subject_is_sane(&copy))
			return -ENOENT;
		*ret = copy;
		return 0;
	}
	return -ENOENT;
}

uint32_t tally_slot_generation(const Tally *t, uint32_t i)
{
	return i < tally_n_slots(t) ? tally_get32(&t->slots[i].generation) : 0;
}

uint32_t tally_subject_generation(const Tally *t, uint32_t i)
{
	return i < tally_n_subjects(t) ? tally_get32(&t->subjects[i].generation) : 0;
}

bool tally_slot_is_folded(const Tally *t, uint32_t i)
{
	return i >= tally_n_slots(t) || !tally_generation_is_valid(tally_slot_generation(t, i)) ||
	       tally_get64(&t->slots[i].folded) >= tally_get64(&t->slots[i].total);
}

void tally_align_folded(Tally *t, uint32_t i, uint32_t generation, uint64_t total)
{
	TallySlot *s;

	if (i >= tally_n_slots(t))
		return;
	s = &t->slots[i];
	if (tally_get32(&s->generation) != generation)
		total = 0;
	tally_put64(&s->folded, MIN(total, tally_get64(&s->total)));
}

/*
 * The slot may be evicted and reused at any moment, unless it holds what is not folded. So: see, in
 * one generation, that it does; from there on it stays until the store below, because only this
 * thread stores folded.
 */
void tally_mark_folded(Tally *t, uint32_t i, uint32_t generation, uint64_t total)
{
	TallySlot copy, *s;

	if (i >= tally_n_slots(t))
		return;
	s = &t->slots[i];
	if (!slot_try_copy(s, &copy) || copy.generation != generation ||
	    !tally_generation_is_valid(generation) || copy.folded >= total || copy.total < total)
		return;
	tally_put64(&s->folded, total);
	__atomic_fetch_add(&t->marks, 1, __ATOMIC_RELAXED);
}
