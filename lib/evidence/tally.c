/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counting: the thread that owns the tally. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "evidence/tally-private.h"

TallyTotals *tally_totals(Tally *t)
{
	assert(!t->view);
	return &t->header->totals;
}

uint32_t tally_n_damaged(const Tally *t)
{
	return t->n_damaged;
}

/* ---- subjects ---- */

static bool subject_is_valid(const Tally *t, uint32_t i)
{
	return i < *t->subject_table.n_used && tally_generation_is_valid(t->subjects[i].generation);
}

/* The same whether it is still there or not; empty when it is too long to be kept. */
static Span open_cgroup(Span cgroup)
{
	cgroup = cgroup_strip_deleted(cgroup);
	return cgroup.n < TALLY_CGROUP_MAX ? cgroup : SPAN_NULL;
}

static int subject_find(const Tally *t, const SubjectKey *key, Span cgroup, uint64_t hash,
			uint32_t *ret)
{
	uint32_t pos = (uint32_t)hash, i;

	while (tally_index_next(&t->subject_table.index, hash, &pos, &i))
		if (tally_subject_is(&t->subjects[i], key, cgroup)) {
			*ret = i;
			return 0;
		}
	return -ENOENT;
}

/* Makes sure that one more @kind has room in its bound, in the table and in the index. */
static int subject_make_room(Tally *t, SubjectKind kind)
{
	TallyTable *table = &t->subject_table;
	int r;

	if (kind == SUBJECT_HOST && t->n_host >= TALLY_HOST_SUBJECTS_MAX) {
		r = tally_evict_subjects(t, &kind);
		if (r < 0)
			return r;
	}
	if (kind != SUBJECT_UNATTRIBUTED && table->index.n >= table->max - _CAUSE_MAX) {
		r = tally_evict_subjects(t, NULL);
		if (r < 0)
			return r;
	}
	return tally_table_reserve(t, table);
}

static void copy_text(char *to, const char *from, size_t size)
{
	(void)span_copy(span_make(from, strnlen(from, size)), to, size);
}

static void subject_fill(Tally *t, uint32_t i, const SubjectKey *key, Span cgroup, usec_t now)
{
	TallySubject *s = &t->subjects[i], fresh = { .first = now, .last = now };

	fresh.generation = tally_generation_next(s->generation);
	fresh.key.kind = key->kind;
	fresh.key.cause = key->cause;
	copy_text(fresh.key.runtime, key->runtime, sizeof(fresh.key.runtime));
	copy_text(fresh.key.name, key->name, sizeof(fresh.key.name));
	if (!span_copy(cgroup, fresh.cgroup, sizeof(fresh.cgroup)))
		memset(fresh.cgroup, 0, sizeof(fresh.cgroup));
	fresh.check = tally_subject_check(&fresh);
	tally_put32(&s->generation, s->generation | 1);
	tally_put32(&s->n_slots, 0);
	tally_store_words((char *)s + 8, (const char *)&fresh + 8, sizeof(fresh) - 8);
	tally_put32(&s->generation, fresh.generation);
}

static int subject_make(Tally *t, const SubjectKey *key, uint64_t hash, Span cgroup, usec_t now,
			uint32_t *ret)
{
	uint32_t i;
	int r;

	r = subject_make_room(t, key->kind);
	if (r < 0)
		return r;
	r = tally_table_take(t, &t->subject_table, &i);
	if (r < 0)
		return r;
	subject_fill(t, i, key, cgroup, now);
	tally_index_add(&t->subject_table.index, hash, i);
	t->n_host += key->kind == SUBJECT_HOST;
	*ret = i;
	return 0;
}

int tally_subject(Tally *t, const SubjectKey *key, Span cgroup, usec_t now, uint32_t *ret)
{
	uint32_t i = t->last_subject;
	TallySubject *s;
	uint64_t hash;
	int r;

	assert(!t->view);
	if (subject_is_open(key))
		cgroup = open_cgroup(cgroup);
	if (!subject_is_valid(t, i) || !tally_subject_is(&t->subjects[i], key, cgroup)) {
		hash = tally_subject_hash(t, key);
		if (subject_find(t, key, cgroup, hash, &i) < 0) {
			r = subject_make(t, key, hash, cgroup, now, &i);
			if (r < 0)
				return r;
		}
	}
	s = &t->subjects[i];
	if (now > s->last)
		tally_put64(&s->last, now);
	t->last_subject = i;
	*ret = i;
	return 0;
}

/* ---- slots ---- */

static int slot_find(const Tally *t, const TallyCall *c, uint64_t hash, uint32_t *ret)
{
	uint32_t pos = (uint32_t)hash, i;

	while (tally_index_next(&t->slot_table.index, hash, &pos, &i))
		if (tally_slot_is(&t->slots[i], c->subject, c->arch, c->nr, (uint8_t)c->action,
				  (uint8_t)c->origin, c->own_filter)) {
			*ret = i;
			return 0;
		}
	return -ENOENT;
}

/* The total comes last: a reader that sees it sees its time as well. */
static void slot_hit(Tally *t, TallySlot *s, const TallyCall *c)
{
	tally_put64(&t->header->counted, t->header->counted + 1);
	if (c->time > s->last)
		tally_put64(&s->last, c->time);
	if (c->time != 0 && (s->first == 0 || c->time < s->first))
		tally_put64(&s->first, c->time);
	tally_put32(&s->last_serial, c->serial);
	tally_put64(&s->total, s->total + 1);
}

static void slot_fill(Tally *t, uint32_t i, const TallyCall *c)
{
	TallySlot *s = &t->slots[i];
	TallySlot fresh = {
		.generation = tally_generation_next(s->generation),
		.subject = c->subject,
		.subject_generation = t->subjects[c->subject].generation,
		.arch = c->arch,
		.nr = c->nr,
		.action = (uint8_t)c->action,
		.origin = (uint8_t)c->origin,
		.own_filter = c->own_filter,
		.means = (uint8_t)c->means,
		.total = 1,
		.first = c->time,
		.last = c->time,
		.first_serial = c->serial,
		.last_serial = c->serial,
	};

	fresh.check = tally_slot_check(&fresh);
	tally_put64(&t->header->counted, t->header->counted + 1);
	tally_put32(&s->generation, s->generation | 1);
	tally_put32(&s->subject, fresh.subject);
	tally_store_words((char *)s + 8, (const char *)&fresh + 8, sizeof(fresh) - 8);
	tally_put32(&s->generation, fresh.generation);
}

static int slot_make(Tally *t, const TallyCall *c, uint64_t hash, uint32_t *ret)
{
	TallySubject *subject = &t->subjects[c->subject];
	TallyTable *table = &t->slot_table;
	uint32_t i;
	int r;

	if (subject->n_slots >= TALLY_SLOTS_PER_SUBJECT)
		return -ENOSPC;
	if (table->index.n >= table->max) {
		r = tally_evict_slots(t);
		if (r < 0)
			return r;
	}
	r = tally_table_reserve(t, table);
	if (r < 0)
		return r;
	r = tally_table_take(t, table, &i);
	if (r < 0)
		return r;
	slot_fill(t, i, c);
	tally_index_add(&table->index, hash, i);
	tally_put32(&subject->n_slots, subject->n_slots + 1);
	*ret = i;
	return 0;
}

static bool call_is_valid(const Tally *t, const TallyCall *c)
{
	return subject_is_valid(t, c->subject) && (uint32_t)c->action < _ACTION_MAX &&
	       (uint32_t)c->origin < _ORIGIN_MAX && (uint32_t)c->means < _MEANS_LIVE_MAX;
}

static int slot_count(Tally *t, const TallyCall *c, uint32_t *ret)
{
	uint64_t hash = tally_slot_hash(t, c->subject, c->arch, c->nr, (uint8_t)c->action,
					(uint8_t)c->origin, c->own_filter);
	int r;

	if (slot_find(t, c, hash, ret) == 0) {
		slot_hit(t, &t->slots[*ret], c);
		return 0;
	}
	r = slot_make(t, c, hash, ret);
	if (r < 0) {
		tally_add(&t->subjects[c->subject].overflow, 1);
		tally_add(&t->header->totals.overflow, 1);
		return -ENOSPC;
	}
	return TALLY_NEW;
}

int tally_count(Tally *t, const TallyCall *call, uint32_t *ret_slot)
{
	uint32_t *recent = &t->recent_slots[(uint64_t)call->nr % TALLY_RECENT_SLOTS], i = *recent;
	int r;

	assert(!t->view);
	if (!call_is_valid(t, call))
		return -EINVAL;
	/* A process in a loop makes the same calls again. */
	if (i < *t->slot_table.n_used && tally_generation_is_valid(t->slots[i].generation) &&
	    tally_slot_is(&t->slots[i], call->subject, call->arch, call->nr, (uint8_t)call->action,
			  (uint8_t)call->origin, call->own_filter)) {
		slot_hit(t, &t->slots[i], call);
		t->last_slot = i;
		*ret_slot = i;
		return 0;
	}
	r = slot_count(t, call, &i);
	if (r < 0)
		return r;
	*recent = t->last_slot = i;
	*ret_slot = i;
	return r;
}

uint64_t tally_counted(const Tally *t)
{
	return tally_get64(&t->header->counted);
}
