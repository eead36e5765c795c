/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/join-ring.h"
#include "daemon/lifetime-private.h"
#include "util/hash.h"

/* Records of what has ended are folded so long at most after it. */
#define KEEP_ENDED (60 * USEC_PER_SEC)

/* Units without a filter or a call come and go by the thousand where they are made by timers. */
#define KEEP_UNWANTED (15 * USEC_PER_SEC)

/* ---- what was there before ---- */

static int take_old(const LedgerLifetime *row, void *userdata)
{
	Lifetimes *t = userdata;
	LifetimeOld old = { row->id, row->workload, row->kind, strdup(row->name),
			    strdup(row->incarnation) };

	if (t->n_olds == t->allocated_olds) {
		size_t n = t->allocated_olds ? 2 * t->allocated_olds : 32;
		LifetimeOld *more = reallocarray(t->olds, n, sizeof(*more));

		if (more) {
			t->olds = more;
			t->allocated_olds = n;
		}
	}
	if (!old.name || !old.incarnation || t->n_olds == t->allocated_olds) {
		free(old.name);
		free(old.incarnation);
		return -ENOMEM;
	}
	t->olds[t->n_olds++] = old;
	return 0;
}

static void forget_old(Lifetimes *t, size_t i)
{
	free(t->olds[i].name);
	free(t->olds[i].incarnation);
	t->olds[i] = t->olds[--t->n_olds];
}

int lifetimes_new(const LifetimesSetup *setup, Lifetimes **ret)
{
	_cleanup_(lifetimes_freep) Lifetimes *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return -ENOMEM;
	t->setup = *setup;
	r = ledger_is_open(setup->ledger) ? ledger_each_open_lifetime(setup->ledger, take_old, t)
					  : 0;
	if (r < 0)
		return r;
	*ret = STEAL(t);
	return 0;
}

static void free_entry(LifetimeEntry *e)
{
	free(e->path);
	free(e);
}

Lifetimes *lifetimes_free(Lifetimes *t)
{
	if (!t)
		return NULL;
	for (size_t i = 0; i < LIFETIME_BUCKETS; i++)
		for (LifetimeEntry *e = t->buckets[i], *next; e; e = next) {
			next = e->next;
			free_entry(e);
		}
	while (t->n_olds > 0)
		forget_old(t, 0);
	free(t->olds);
	free(t);
	return NULL;
}

/* ---- the table ---- */

static LifetimeEntry **bucket_of(const Lifetimes *t, const char *id)
{
	return (LifetimeEntry **)(uintptr_t)&t
		->buckets[hash_bytes(span_of(id), 0) % LIFETIME_BUCKETS];
}

LifetimeEntry *lifetime_find_path(const Lifetimes *t, Span path)
{
	for (size_t i = 0; i < LIFETIME_BUCKETS; i++)
		for (LifetimeEntry *e = t->buckets[i]; e; e = e->next)
			if (e->to == 0 && span_is(path, e->path))
				return e;
	return NULL;
}

LifetimeEntry *lifetime_find_name(const Lifetimes *t, SubjectKind kind, const char *name)
{
	/* The newest comes first. */
	for (LifetimeEntry *e = *bucket_of(t, name); e; e = e->next)
		if (e->kind == kind && strcmp(e->id, name) == 0)
			return e;
	return NULL;
}

static int64_t row_of(const LifetimeEntry *e)
{
	if (!e || e->dead)
		return 0;
	return e->writing_row != 0 ? e->writing_row : -EAGAIN;
}

int64_t lifetimes_row(const Lifetimes *t, const SubjectKey *key)
{
	const LifetimeEntry *e = NULL;

	if (t && key->kind == SUBJECT_CONTAINER)
		e = lifetime_find_name(t, SUBJECT_CONTAINER, key->name);
	return row_of(e);
}

int64_t lifetimes_row_by_hash(const Lifetimes *t, uint64_t hash)
{
	for (size_t i = 0; i < LIFETIME_BUCKETS; i++)
		for (const LifetimeEntry *e = t->buckets[i]; e; e = e->next)
			if (e->kind == SUBJECT_CONTAINER && join_ring_hash(span_of(e->id)) == hash)
				return row_of(e);
	return 0;
}

LifetimeEntry *lifetime_add(Lifetimes *t, SubjectKind kind, const char *id, Span path, usec_t from,
			    bool seen)
{
	LifetimeEntry *e = t->n < LIFETIMES_MAX ? calloc(1, sizeof(*e)) : NULL, **bucket;

	if (e)
		e->path = span_dup(path);
	if (!e || !e->path) {
		free(e);
		t->stats.dropped++;
		return NULL;
	}
	e->kind = kind;
	e->from = from;
	e->seen = seen;
	snprintf(e->id, sizeof(e->id), "%s", id);
	bucket = bucket_of(t, e->id);
	e->next = *bucket;
	*bucket = e;
	t->n++;
	t->n_units += kind == SUBJECT_UNIT;
	t->stats.running++;
	return e;
}

void lifetime_adopt(Lifetimes *t, LifetimeEntry *e)
{
	for (size_t i = 0; t->setup.same_boot && i < t->n_olds; i++) {
		const LifetimeOld *old = &t->olds[i];

		if (old->kind != e->kind || strcmp(old->name, e->id) != 0 ||
		    (old->incarnation[0] && e->incarnation[0] &&
		     strcmp(old->incarnation, e->incarnation) != 0))
			continue;
		e->row = e->writing_row = old->row;
		e->workload = old->workload;
		forget_old(t, i);
		return;
	}
}

void lifetime_end(Lifetimes *t, LifetimeEntry *e, usec_t now)
{
	e->to = MAX(now, e->from + 1);
	t->stats.running--;
}

void lifetimes_end(Lifetimes *t, Span path, usec_t now)
{
	LifetimeEntry *e = lifetime_find_path(t, path);

	if (e)
		lifetime_end(t, e, now);
}

void lifetimes_end_others(Lifetimes *t,
			  bool (*runs)(const SubjectKey *key, Span path, void *userdata),
			  void *userdata, usec_t now)
{
	for (size_t i = 0; i < LIFETIME_BUCKETS; i++)
		for (LifetimeEntry *e = t->buckets[i]; e; e = e->next) {
			bool runs_still = e->kind == SUBJECT_UNIT
						  ? e->marked
						  : runs(&e->key, span_of(e->path), userdata);

			if (e->to == 0 && !runs_still)
				lifetime_end(t, e, now);
		}
}

void lifetimes_settle(Lifetimes *t)
{
	t->settled = true;
}

LifetimesStats lifetimes_stats(const Lifetimes *t)
{
	return t->stats;
}

/* ---- another ledger ---- */

static void forget_row(LifetimeEntry *e)
{
	e->row = e->writing_row = e->workload = 0;
	e->writing_end = false;
	e->dead = e->has_filter = false;
	if (e->kind == SUBJECT_UNIT)
		e->next_ask = 0;
}

/* Those that are told to the end are over, in whichever ledger that stands. */
static void renew_bucket(Lifetimes *t, LifetimeEntry **at)
{
	while (*at) {
		LifetimeEntry *e = *at;

		if (e->end_written) {
			*at = e->next;
			t->n--;
			t->n_units -= e->kind == SUBJECT_UNIT;
			free_entry(e);
			continue;
		}
		forget_row(e);
		lifetime_adopt(t, e);
		at = &e->next;
	}
}

int lifetimes_renewed(Lifetimes *t, bool same_boot, usec_t last_alive)
{
	int r;

	while (t->n_olds > 0)
		forget_old(t, t->n_olds - 1);
	t->olds_closed = t->writing_olds_closed = false;
	t->setup.same_boot = same_boot;
	t->setup.last_alive = last_alive;
	r = ledger_each_open_lifetime(t->setup.ledger, take_old, t);
	for (size_t i = 0; r >= 0 && i < LIFETIME_BUCKETS; i++)
		renew_bucket(t, &t->buckets[i]);
	return r;
}

/* ---- behind a transaction ---- */

static bool is_over(const LifetimeEntry *e, usec_t now)
{
	if (e->to == 0)
		return false;
	if (e->kind == SUBJECT_UNIT && e->row == 0)
		return now > e->to + KEEP_UNWANTED;
	return (e->end_written || e->dead) && now > e->to + KEEP_ENDED;
}

static void sweep(Lifetimes *t, LifetimeEntry **at)
{
	while (*at) {
		LifetimeEntry *e = *at;

		if (is_over(e, t->rolled)) {
			*at = e->next;
			t->n--;
			t->n_units -= e->kind == SUBJECT_UNIT;
			free_entry(e);
		} else {
			at = &e->next;
		}
	}
}

void lifetimes_committed(Lifetimes *t)
{
	t->rolled = t->writing_rolled;
	t->olds_closed = t->writing_olds_closed;
	for (size_t i = 0; i < LIFETIME_BUCKETS; i++) {
		for (LifetimeEntry *e = t->buckets[i]; e; e = e->next) {
			e->row = e->writing_row;
			e->end_written = e->writing_end;
			e->writing_filter = false;
		}
		sweep(t, &t->buckets[i]);
	}
}

void lifetimes_note_clock_set(Lifetimes *t)
{
	t->rolled = 0;
}

void lifetimes_rolled_back(Lifetimes *t)
{
	t->writing_olds_closed = t->olds_closed;
	for (size_t i = 0; i < LIFETIME_BUCKETS; i++)
		for (LifetimeEntry *e = t->buckets[i]; e; e = e->next) {
			if (e->row == 0)
				e->workload = 0;
			/* What systemd said went with it, also before there was a row. */
			if ((e->row == 0 || e->writing_filter) && e->next_ask == UINT64_MAX &&
			    t->setup.units)
				e->next_ask = 0;
			e->has_filter = e->writing_filter = false;
			e->writing_row = e->row;
			e->writing_end = e->end_written;
			e->dead = false;
		}
}
