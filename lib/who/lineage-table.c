/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "util/hash.h"
#include "who/lineage-private.h"

#define BUCKETS_MIN 1024
#define CHUNK_BYTES (LINEAGE_CHUNK * sizeof(LineageEntry))

static uint32_t *bucket_of(const Lineage *l, int32_t pid)
{
	return &l->buckets[hash_u64((uint64_t)pid ^ l->seed) & (l->n_buckets - 1)];
}

static uint32_t chunks_max(const Lineage *l)
{
	return (l->max_entries + LINEAGE_CHUNK - 1) / LINEAGE_CHUNK;
}

int lineage_table_init(Lineage *l)
{
	uint32_t n_chunks = chunks_max(l);

	l->chunks = calloc(n_chunks, sizeof(*l->chunks));
	l->buckets = calloc(BUCKETS_MIN, sizeof(*l->buckets));
	l->n_buckets = BUCKETS_MIN;
	l->counters.bytes = n_chunks * sizeof(*l->chunks) + BUCKETS_MIN * sizeof(*l->buckets);
	return l->chunks && l->buckets ? 0 : -ENOMEM;
}

void lineage_table_done(Lineage *l)
{
	for (uint32_t c = 0; l->chunks && c < chunks_max(l); c++)
		free(l->chunks[c]);
	free(l->chunks);
	free(l->buckets);
}

static void chain(Lineage *l, uint32_t i)
{
	uint32_t *bucket = bucket_of(l, lineage_at(l, i)->pid);

	lineage_at(l, i)->next = *bucket;
	*bucket = i;
}

static void unchain(Lineage *l, uint32_t i)
{
	uint32_t *link = bucket_of(l, lineage_at(l, i)->pid);

	while (*link != i)
		link = &lineage_at(l, *link)->next;
	*link = lineage_at(l, i)->next;
}

/* Splits each chain in two, in order: the newest of a pid stays in front. Without memory the chains
 * just stay longer. */
static void grow_buckets(Lineage *l)
{
	uint32_t old_n = l->n_buckets, *old = l->buckets;
	uint32_t *buckets = calloc((size_t)old_n * 2, sizeof(*buckets));

	if (!buckets)
		return;
	l->buckets = buckets;
	l->n_buckets = old_n * 2;
	l->counters.bytes += old_n * sizeof(*buckets);
	for (uint32_t b = 0; b < old_n; b++) {
		uint32_t *tails[2] = { &buckets[b], &buckets[b + old_n] };

		for (uint32_t i = old[b]; i != 0; i = lineage_at(l, i)->next) {
			bool upper = bucket_of(l, lineage_at(l, i)->pid) == &buckets[b + old_n];

			*tails[upper] = i;
			tails[upper] = &lineage_at(l, i)->next;
		}
		*tails[0] = *tails[1] = 0;
	}
	free(old);
}

uint32_t lineage_newest(const Lineage *l, int32_t pid)
{
	uint32_t i = *bucket_of(l, pid);

	while (i != 0 && lineage_at(l, i)->pid != pid)
		i = lineage_at(l, i)->next;
	return i;
}

uint32_t lineage_before(const Lineage *l, uint32_t i)
{
	int32_t pid = lineage_at(l, i)->pid;

	do
		i = lineage_at(l, i)->next;
	while (i != 0 && lineage_at(l, i)->pid != pid);
	return i;
}

/* Once a container's first process has ended, the next to come in is first again. */
static void leave_init(Lineage *l, uint32_t i)
{
	LineageEntry *e = lineage_at(l, i);

	if (e->place != 0 && lineage_place_at(l, e->place)->init == i)
		lineage_place_at(l, e->place)->init = 0;
}

void lineage_set_place(Lineage *l, uint32_t i, uint32_t place)
{
	LineageEntry *e = lineage_at(l, i);

	if (e->place != place)
		leave_init(l, i);
	lineage_place_put(l, e->place);
	e->place = place;
}

static void unlink_dead(Lineage *l, LineageEntry *e)
{
	if (e->older != 0)
		lineage_at(l, e->older)->newer = e->newer;
	else
		l->dead_oldest = e->newer;
	if (e->newer != 0)
		lineage_at(l, e->newer)->older = e->older;
	else
		l->dead_newest = e->older;
	e->older = e->newer = 0;
	l->counters.dead--;
}

void lineage_bury(Lineage *l, uint32_t i, uint64_t end)
{
	LineageEntry *e = lineage_at(l, i);

	if (e->flags & ENTRY_DEAD)
		return;
	leave_init(l, i);
	e->flags |= ENTRY_DEAD;
	e->end = end;
	e->older = l->dead_newest;
	if (l->dead_newest != 0)
		lineage_at(l, l->dead_newest)->newer = i;
	else
		l->dead_oldest = i;
	l->dead_newest = i;
	l->counters.dead++;
	l->counters.living--;
}

void lineage_revive(Lineage *l, uint32_t i)
{
	LineageEntry *e = lineage_at(l, i);

	if (!(e->flags & ENTRY_DEAD))
		return;
	unlink_dead(l, e);
	e->flags &= (uint16_t)~ENTRY_DEAD;
	e->end = 0;
	l->counters.living++;
}

static void drop_dead(Lineage *l, uint32_t i)
{
	LineageEntry *e = lineage_at(l, i);

	unlink_dead(l, e);
	unchain(l, i);
	lineage_set_place(l, i, 0);
	*e = (LineageEntry){ .next = l->free_entry };
	l->free_entry = i;
}

void lineage_expire(Lineage *l, uint64_t now)
{
	uint32_t i;

	while ((i = l->dead_oldest) != 0 && lineage_at(l, i)->end + LINEAGE_KEEP < now)
		drop_dead(l, i);
	lineage_shrink(l);
}

/* ---- giving memory back ---- */

/* Where each entry goes: those of the upper half into the free ones of the lower. */
static void plan_moves(const Lineage *l, uint32_t n_used, uint32_t *to)
{
	uint32_t free = 1;

	for (uint32_t i = 1; i <= l->n_entries; i++) {
		to[i] = i;
		if (i <= n_used || lineage_at(l, i)->flags == 0)
			continue;
		while (lineage_at(l, free)->flags != 0)
			free++;
		to[i] = free++;
	}
}

static void move_entries(Lineage *l, uint32_t n_used, const uint32_t *to)
{
	for (uint32_t i = n_used + 1; i <= l->n_entries; i++)
		if (to[i] != i)
			*lineage_at(l, to[i]) = *lineage_at(l, i);
	for (uint32_t i = 1; i <= n_used; i++) {
		LineageEntry *e = lineage_at(l, i);

		e->next = to[e->next];
		e->older = to[e->older];
		e->newer = to[e->newer];
	}
	for (uint32_t b = 0; b < l->n_buckets; b++)
		l->buckets[b] = to[l->buckets[b]];
	for (uint32_t i = 1; i <= l->n_places; i++)
		lineage_place_at(l, i)->init = to[lineage_place_at(l, i)->init];
	l->dead_oldest = to[l->dead_oldest];
	l->dead_newest = to[l->dead_newest];
}

static void free_chunks(Lineage *l, uint32_t n_entries)
{
	for (uint32_t c = n_entries / LINEAGE_CHUNK + 1; c * LINEAGE_CHUNK < l->n_entries; c++) {
		l->counters.bytes -= l->chunks[c] ? CHUNK_BYTES : 0;
		free(l->chunks[c]);
		l->chunks[c] = NULL;
	}
	l->n_entries = n_entries;
}

/* So that it costs little in comparison to what has come and gone meanwhile. Chains of the buckets
 * only get shorter, so these stay as they are. */
void lineage_shrink(Lineage *l)
{
	uint32_t n_used = (uint32_t)(l->counters.living + l->counters.dead);
	_cleanup_free_ uint32_t *to = NULL;

	if (l->n_entries <= 2 * LINEAGE_CHUNK || n_used > l->n_entries / 2)
		return;
	to = calloc((size_t)l->n_entries + 1, sizeof(*to));
	if (!to)
		return;
	plan_moves(l, n_used, to);
	move_entries(l, n_used, to);
	free_chunks(l, n_used);
	l->free_entry = 0;
}

/* ---- new entries ---- */

static uint32_t take(Lineage *l)
{
	LineageEntry **chunk = &l->chunks[l->n_entries / LINEAGE_CHUNK];
	uint32_t i;

	if (l->free_entry == 0 && l->n_entries == l->max_entries && l->dead_oldest != 0) {
		drop_dead(l, l->dead_oldest);
		l->counters.evicted++;
	}
	if (l->free_entry != 0) {
		i = l->free_entry;
		l->free_entry = lineage_at(l, i)->next;
		return i;
	}
	if (l->n_entries == l->max_entries)
		return 0;
	if (!*chunk) {
		*chunk = calloc(LINEAGE_CHUNK, sizeof(**chunk));
		l->counters.bytes += *chunk ? CHUNK_BYTES : 0;
	}
	return *chunk ? ++l->n_entries : 0;
}

uint32_t lineage_add(Lineage *l, int32_t pid, uint64_t start)
{
	uint32_t i = take(l);

	if (i == 0) {
		l->counters.evicted++;
		return 0;
	}
	*lineage_at(l, i) = (LineageEntry){ .pid = pid, .start = start, .flags = ENTRY_USED };
	if (l->n_entries > l->n_buckets)
		grow_buckets(l);
	chain(l, i);
	l->counters.living++;
	return i;
}
