/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The history's tables. Entries and places are numbered from 1; 0 is none. */
#include "who/lineage.h"

/* 128 KiB each: what malloc() takes from the system for its own sake, and gives back. */
#define LINEAGE_CHUNK 2048
#define LINEAGE_RUNTIME_MAX sizeof(((SubjectKey *)NULL)->runtime)

enum {
	ENTRY_USED = 1,
	ENTRY_DEAD = 2,
	ENTRY_UNSETTLED = 4, /* may be put elsewhere before its next exec */
	ENTRY_MOVED = 8,     /* is unsettled, but was seen away from its parent's place */
	ENTRY_WEAK = 16,     /* runs a program that was not looked at when it started */
	ENTRY_MIXED = 32,    /* has had a child elsewhere */
	ENTRY_CLOSED = 64,   /* who had the pid behind .end is not known */
	ENTRY_TOLD = 256,    /* its fork was told, and so is all that came before it */
	ENTRY_SCANNED = 128, /* found alive by the scan that runs */
	ENTRY_OF_WEAK = 512, /* forked by such a program, which may be a runtime */
};

typedef struct LineageEntry {
	int32_t pid, parent;
	uint64_t start, end; /* .end of the dead */
	uint64_t checked;    /* when it was last looked at; 0 = never */
	uint64_t entered;
	uint32_t place;
	uint32_t next;         /* in its hash chain, newest first; or among the free */
	uint32_t older, newer; /* among the dead */
	uint16_t flags;
	uint8_t role;
} LineageEntry;

_Static_assert(sizeof(LineageEntry) <= 64, "there may be a hundred thousand");

/* A container, a unit, or another path: what entries have in common. */
typedef struct LineagePlace {
	uint64_t hash;
	uint32_t refs, next;
	uint32_t init; /* a container's first process, while it lives */
	uint8_t kind, cause;
	bool watched; /* known from its beginning */
	uint16_t n_name, n_path;
	char runtime[LINEAGE_RUNTIME_MAX];
	char *text; /* name and path, neither terminated */
} LineagePlace;

struct Lineage {
	uint64_t seed;
	bool lost;
	uint32_t joined;   /* the place that a process was brought into; 0 = none */
	ProcEvent pending; /* asked the caller to look at its process */
	uint64_t newest_event, lost_from;
	uint64_t scanned; /* when the last scan ended */
	uint32_t max_entries, n_entries, n_buckets, free_entry;
	uint32_t dead_oldest, dead_newest;
	uint32_t *buckets;
	LineageEntry **chunks;
	LineagePlace *places;
	uint32_t n_places, allocated_places, free_place, n_place_buckets;
	uint32_t *place_buckets;
	LineageCounters counters;
};

static inline LineageEntry *lineage_at(const Lineage *l, uint32_t i)
{
	return &l->chunks[(i - 1) / LINEAGE_CHUNK][(i - 1) % LINEAGE_CHUNK];
}

static inline LineagePlace *lineage_place_at(const Lineage *l, uint32_t i)
{
	return &l->places[i - 1];
}

static inline bool lineage_is_container(const Lineage *l, uint32_t place)
{
	return place != 0 && lineage_place_at(l, place)->kind == SUBJECT_CONTAINER;
}

/* lineage-table.c */
int lineage_table_init(Lineage *l);
void lineage_table_done(Lineage *l);
/* A new, living entry that is the newest of its pid; 0 when there is no room. May drop the dead. */
uint32_t lineage_add(Lineage *l, int32_t pid, uint64_t start);
/* The newest of @pid, or the one before it. */
uint32_t lineage_newest(const Lineage *l, int32_t pid);
uint32_t lineage_before(const Lineage *l, uint32_t i);
void lineage_bury(Lineage *l, uint32_t i, uint64_t end);
void lineage_revive(Lineage *l, uint32_t i);
/* Gives memory back when most entries are free. Numbers of entries that anybody holds change. */
void lineage_shrink(Lineage *l);
/* Takes over the caller's reference to @place. */
void lineage_set_place(Lineage *l, uint32_t i, uint32_t place);

/* lineage-place.c: the place of @key, with a reference that the caller owns; 0 when there is no
 * room. *@ret_new says whether nobody was there before. */
uint32_t lineage_place_get(Lineage *l, const SubjectKey *key, Span path, bool *ret_new);
void lineage_place_put(Lineage *l, uint32_t place);
void lineage_place_ref(Lineage *l, uint32_t place);
void lineage_places_done(Lineage *l);
SubjectKey lineage_place_key(const LineagePlace *p);
Span lineage_place_path(const LineagePlace *p);

/* lineage-role.c: the entry runs a program of its container from @when on, which it had not before.
 * True when it has to be known whether it is the first of its pid namespace. */
bool lineage_enter(Lineage *l, uint32_t i, uint64_t when);
