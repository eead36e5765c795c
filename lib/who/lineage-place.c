/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/hash.h"
#include "who/lineage-private.h"

#define PLACE_BUCKETS_MIN 64

/* A container and a unit are one place whatever lies below them; of the rest each path is. */
static bool has_name(SubjectKind kind)
{
	return kind == SUBJECT_CONTAINER || kind == SUBJECT_UNIT;
}

static Span name_of(const LineagePlace *p)
{
	return span_make(p->text, p->n_name);
}

Span lineage_place_path(const LineagePlace *p)
{
	return span_make(p->text + p->n_name, p->n_path);
}

SubjectKey lineage_place_key(const LineagePlace *p)
{
	SubjectKey key = { .kind = (SubjectKind)p->kind, .cause = (Cause)p->cause };

	memcpy(key.runtime, p->runtime, sizeof(key.runtime));
	memcpy(key.name, p->text, p->n_name);
	return key;
}

static uint64_t hash_place(const Lineage *l, const SubjectKey *key, Span path)
{
	uint64_t h = hash_bytes(has_name(key->kind) ? span_of(key->name) : path, l->seed);

	h ^= hash_bytes(span_of(key->runtime), l->seed + 1);
	return hash_u64(h ^ ((uint64_t)key->kind << 8 | (uint64_t)key->cause));
}

static bool is_place(const LineagePlace *p, uint64_t hash, const SubjectKey *key, Span path)
{
	return p->hash == hash && p->kind == key->kind && p->cause == key->cause &&
	       strcmp(p->runtime, key->runtime) == 0 && span_is(name_of(p), key->name) &&
	       (has_name(key->kind) || span_eq(lineage_place_path(p), path));
}

static void chain(Lineage *l, uint32_t i)
{
	LineagePlace *p = lineage_place_at(l, i);
	uint32_t *bucket = &l->place_buckets[p->hash & (l->n_place_buckets - 1)];

	p->next = *bucket;
	*bucket = i;
}

static int grow(Lineage *l)
{
	uint32_t n = MAX(l->allocated_places * 2, (uint32_t)PLACE_BUCKETS_MIN);
	LineagePlace *places;
	uint32_t *buckets;

	if (n > LINEAGE_PLACES_MAX)
		return -1;
	places = realloc(l->places, n * sizeof(*places));
	if (!places)
		return -1;
	l->places = places;
	buckets = calloc(n, sizeof(*buckets));
	if (!buckets)
		return -1;
	free(l->place_buckets);
	l->place_buckets = buckets;
	l->counters.bytes += (n - l->allocated_places) * (sizeof(*places) + sizeof(*buckets));
	l->n_place_buckets = l->allocated_places = n;
	for (uint32_t i = 1; i <= l->n_places; i++)
		if (lineage_place_at(l, i)->refs > 0)
			chain(l, i);
	return 0;
}

static uint32_t take(Lineage *l)
{
	uint32_t i = l->free_place;

	if (i != 0) {
		l->free_place = lineage_place_at(l, i)->next;
		return i;
	}
	if (l->n_places == l->allocated_places && grow(l) < 0)
		return 0;
	return ++l->n_places;
}

static void give_back(Lineage *l, uint32_t i)
{
	*lineage_place_at(l, i) = (LineagePlace){ .next = l->free_place };
	l->free_place = i;
}

static size_t text_bytes(const LineagePlace *p)
{
	return (size_t)p->n_name + p->n_path + 1;
}

static char *join(Span name, Span path)
{
	char *text = malloc(name.n + path.n + 1);

	if (!text)
		return NULL;
	memcpy(text, name.p, name.n);
	if (path.n > 0)
		memcpy(text + name.n, path.p, path.n);
	return text;
}

static uint32_t add(Lineage *l, uint64_t hash, const SubjectKey *key, Span path)
{
	Span name = span_of(key->name);
	uint32_t i = take(l);

	if (i == 0)
		return 0;
	*lineage_place_at(l, i) = (LineagePlace){
		.hash = hash,
		.kind = (uint8_t)key->kind,
		.cause = (uint8_t)key->cause,
		.n_name = (uint16_t)name.n,
		.n_path = (uint16_t)path.n,
		.text = join(name, path),
	};
	if (!lineage_place_at(l, i)->text) {
		give_back(l, i);
		return 0;
	}
	memcpy(lineage_place_at(l, i)->runtime, key->runtime, sizeof(key->runtime));
	chain(l, i);
	l->counters.places++;
	l->counters.bytes += text_bytes(lineage_place_at(l, i));
	return i;
}

uint32_t lineage_place_get(Lineage *l, const SubjectKey *key, Span path, bool *ret_new)
{
	uint64_t hash = hash_place(l, key, path);
	uint32_t i = 0;

	*ret_new = false;
	if (l->n_place_buckets > 0)
		i = l->place_buckets[hash & (l->n_place_buckets - 1)];
	while (i != 0 && !is_place(lineage_place_at(l, i), hash, key, path))
		i = lineage_place_at(l, i)->next;
	if (i == 0 && path.n <= UINT16_MAX) {
		i = add(l, hash, key, path);
		*ret_new = i != 0;
	}
	if (i != 0)
		lineage_place_at(l, i)->refs++;
	return i;
}

void lineage_place_ref(Lineage *l, uint32_t place)
{
	if (place != 0)
		lineage_place_at(l, place)->refs++;
}

void lineage_place_put(Lineage *l, uint32_t place)
{
	LineagePlace *p;
	uint32_t *link;

	if (place == 0)
		return;
	p = lineage_place_at(l, place);
	if (--p->refs > 0)
		return;
	link = &l->place_buckets[p->hash & (l->n_place_buckets - 1)];
	while (*link != place)
		link = &lineage_place_at(l, *link)->next;
	*link = p->next;
	l->counters.bytes -= text_bytes(p);
	free(p->text);
	give_back(l, place);
	l->counters.places--;
}

void lineage_places_done(Lineage *l)
{
	for (uint32_t i = 1; i <= l->n_places; i++)
		free(lineage_place_at(l, i)->text);
	free(l->places);
	free(l->place_buckets);
}
