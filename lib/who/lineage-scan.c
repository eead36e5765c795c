/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "who/lineage-private.h"

/* No chain of parents within one container is longer, unless it is made to be. */
#define ANCESTORS_MAX 256

/* Behind a loss neither the next owner of a dead one's pid is known, nor who came into a container
 * that had nobody. */
void lineage_lost(Lineage *l)
{
	l->counters.lost++;
	if (l->lost)
		return;
	l->lost = true;
	l->lost_from = l->newest_event;
	for (uint32_t i = l->dead_oldest; i != 0; i = lineage_at(l, i)->newer)
		lineage_at(l, i)->flags |= ENTRY_CLOSED;
	for (uint32_t i = 1; i <= l->n_places; i++)
		lineage_place_at(l, i)->watched = lineage_place_at(l, i)->init != 0;
}

static bool is_living(const LineageEntry *e)
{
	return (e->flags & (ENTRY_USED | ENTRY_DEAD)) == ENTRY_USED;
}

static void close_entry(Lineage *l, uint32_t i)
{
	LineageEntry *e = lineage_at(l, i);

	if (e->place != 0 && lineage_place_at(l, e->place)->init == i)
		lineage_place_at(l, e->place)->watched = false;
	e->flags |= ENTRY_CLOSED;
	lineage_bury(l, i, MAX(e->start, l->lost_from));
}

void lineage_scan_begin(Lineage *l)
{
	for (uint32_t i = 1; i <= l->n_entries; i++)
		lineage_at(l, i)->flags &= (uint16_t)~ENTRY_SCANNED;
}

void lineage_scan_seen(Lineage *l, const LineageSight *sight, uint64_t now)
{
	uint32_t i = lineage_newest(l, sight->pid), place;
	SubjectKey key = sight->key;
	bool is_new;
	LineageEntry *e;

	if (sight->nested && !lineage_is_runtime(sight->comm))
		subject_set_nested(&key);
	if (i != 0 && is_living(lineage_at(l, i)) && sight->start > lineage_at(l, i)->start)
		close_entry(l, i);
	if (i == 0 || !is_living(lineage_at(l, i)))
		i = lineage_add(l, sight->pid, sight->start);
	if (i == 0)
		return;
	e = lineage_at(l, i);
	place = lineage_place_get(l, &key, sight->path, &is_new);
	if (place != e->place || e->role == LINEAGE_ROLE_RUNTIME)
		e->role = LINEAGE_ROLE_UNKNOWN;
	lineage_set_place(l, i, place);
	e->parent = sight->parent;
	e->checked = now;
	e->flags = ENTRY_USED | ENTRY_SCANNED | (e->flags & (ENTRY_MIXED | ENTRY_TOLD));
	/* In a container a name proves nothing. */
	if (lineage_is_runtime(sight->comm) && !lineage_is_container(l, place)) {
		e->role = LINEAGE_ROLE_RUNTIME;
		e->flags |= ENTRY_UNSETTLED;
	}
}

static uint32_t parent_of(const Lineage *l, const LineageEntry *e)
{
	uint32_t p = lineage_newest(l, e->parent);

	return p != 0 && is_living(lineage_at(l, p)) ? p : 0;
}

static bool is_top(const Lineage *l, const LineageEntry *e)
{
	uint32_t p = parent_of(l, e);

	return p == 0 || lineage_at(l, p)->place != e->place;
}

static bool is_open(const Lineage *l, const LineageEntry *e)
{
	return is_living(e) && e->role == LINEAGE_ROLE_UNKNOWN && lineage_is_container(l, e->place);
}

int32_t lineage_scan_next(Lineage *l, uint32_t *cursor)
{
	while (*cursor < l->n_entries) {
		const LineageEntry *e = lineage_at(l, ++*cursor);

		if (is_open(l, e) && is_top(l, e))
			return e->pid;
	}
	return 0;
}

/* Brought in by a runtime, where another is known to be the first. */
static void judge_top(Lineage *l, LineageEntry *e)
{
	uint32_t p = parent_of(l, e);

	if (p != 0 && lineage_at(l, p)->role == LINEAGE_ROLE_RUNTIME &&
	    lineage_place_at(l, e->place)->init != 0)
		e->role = LINEAGE_ROLE_JOINED;
}

static void judge_descendant(Lineage *l, LineageEntry *e)
{
	const LineageEntry *a = e;

	for (unsigned n = 0; n < ANCESTORS_MAX && !is_top(l, a); n++) {
		a = lineage_at(l, parent_of(l, a));
		if (a->role != LINEAGE_ROLE_UNKNOWN) {
			e->role = a->role;
			return;
		}
	}
}

void lineage_scan_end(Lineage *l, uint64_t now)
{
	uint32_t i;

	for (i = 1; i <= l->n_entries; i++)
		if (is_living(lineage_at(l, i)) && !(lineage_at(l, i)->flags & ENTRY_SCANNED))
			close_entry(l, i);
	for (i = 1; i <= l->n_entries; i++)
		if (is_open(l, lineage_at(l, i)) && is_top(l, lineage_at(l, i)))
			judge_top(l, lineage_at(l, i));
	for (i = 1; i <= l->n_entries; i++)
		if (is_open(l, lineage_at(l, i)))
			judge_descendant(l, lineage_at(l, i));
	l->lost = false;
	l->scanned = now;
	lineage_expire(l, now);
}
