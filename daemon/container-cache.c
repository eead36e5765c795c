/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/container-cache.h"
#include "util/hash.h"
#include "util/pack.h"

/* A Container is kept as bytes. Whoever adds a member that points to something must give it a place
 * beside them (Entry, fill(), copy_entry()), and whoever adds another only corrects this number. */
#ifdef __LP64__
_Static_assert(sizeof(Container) == 6680, "see to pack() and copy_entry()");
#endif

#define BUCKETS 1024 /* a power of two */

/* A filter's text, as the runtime's state has it. */
typedef struct Filter {
	struct Filter *next;
	uint64_t hash;
	uint32_t users;
	size_t n;
	char text[];
} Filter;

typedef struct Entry {
	struct Entry *next;          /* in its bucket */
	struct Entry *older, *newer; /* among the ended ones, by the time of their end */
	uint64_t hash;
	bool ended, marked;
	usec_t end;
	char runtime[16]; /* of the key, which the container's own may differ from */
	char *name, *cgroup;
	Filter *filter; /* NULL: none was applied, or none was found */
	char *capabilities, *profile_source;
	Labels labels;
	const char *runtime_found; /* static */
	size_t n_packed, bytes;
	char *packed; /* the Container without its pointers */
} Entry;

struct ContainerCache {
	uint64_t seed;
	Entry *entries[BUCKETS];
	Filter *filters[BUCKETS];
	Entry *oldest, *newest;
	ContainerCacheStats stats;
};

int container_cache_new(uint64_t seed, ContainerCache **ret)
{
	ContainerCache *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->seed = seed;
	*ret = c;
	return 0;
}

/* ---- filters ---- */

static Filter *find_filter(ContainerCache *c, Span text, uint64_t hash)
{
	for (Filter *f = c->filters[hash % BUCKETS]; f; f = f->next)
		if (f->hash == hash && span_eq(span_make(f->text, f->n), text))
			return f;
	return NULL;
}

static int take_filter(ContainerCache *c, const char *text, Filter **ret)
{
	Span span = span_of(text);
	uint64_t hash = hash_bytes(span, c->seed);
	Filter *f = text ? find_filter(c, span, hash) : NULL;

	if (text && !f) {
		f = malloc(sizeof(*f) + span.n + 1);
		if (!f)
			return -ENOMEM;
		*f = (Filter){ .next = c->filters[hash % BUCKETS], .hash = hash, .n = span.n };
		memcpy(f->text, text, span.n + 1);
		c->filters[hash % BUCKETS] = f;
		c->stats.filters++;
		c->stats.bytes += sizeof(*f) + span.n + 1;
	}
	if (f)
		f->users++;
	*ret = f;
	return 0;
}

static void leave_filter(ContainerCache *c, Filter *f)
{
	Filter **at;

	if (!f || --f->users > 0)
		return;
	at = &c->filters[f->hash % BUCKETS];
	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	c->stats.filters--;
	c->stats.bytes -= sizeof(*f) + f->n + 1;
	free(f);
}

/* ---- entries ---- */

static void free_entry(ContainerCache *c, Entry *e)
{
	leave_filter(c, e->filter);
	free(e->name);
	free(e->cgroup);
	free(e->capabilities);
	free(e->profile_source);
	labels_done(&e->labels);
	free(e->packed);
	free(e);
}

static void link_ended(ContainerCache *c, Entry *e)
{
	e->older = c->newest;
	e->newer = NULL;
	*(c->newest ? &c->newest->newer : &c->oldest) = e;
	c->newest = e;
}

static void unlink_ended(ContainerCache *c, Entry *e)
{
	*(e->older ? &e->older->newer : &c->oldest) = e->newer;
	*(e->newer ? &e->newer->older : &c->newest) = e->older;
}

static void drop(ContainerCache *c, Entry *e)
{
	Entry **at = &c->entries[e->hash % BUCKETS];

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	if (e->ended)
		unlink_ended(c, e);
	*(e->ended ? &c->stats.ended : &c->stats.running) -= 1;
	c->stats.bytes -= e->bytes;
	free_entry(c, e);
}

static void end(ContainerCache *c, Entry *e, usec_t now)
{
	if (e->ended)
		return;
	e->ended = true;
	e->end = now;
	link_ended(c, e);
	c->stats.running--;
	c->stats.ended++;
}

static uint64_t hash_key(const ContainerCache *c, const SubjectKey *key)
{
	return hash_bytes(span_of(key->name), c->seed);
}

static bool has_key(const Entry *e, const SubjectKey *key, uint64_t hash)
{
	return e->hash == hash && strcmp(e->name, key->name) == 0 &&
	       strcmp(e->runtime, key->runtime) == 0;
}

static Entry *find(const ContainerCache *c, const SubjectKey *key, Span cgroup)
{
	uint64_t hash = hash_key(c, key);

	for (Entry *e = c->entries[hash % BUCKETS]; e; e = e->next)
		if (has_key(e, key, hash) && span_is(cgroup, e->cgroup))
			return e;
	return NULL;
}

static int set_text(char **to, const char *from, size_t *bytes)
{
	if (!from)
		return 0;
	*bytes += strlen(from) + 1;
	*to = strdup(from);
	return *to ? 0 : -ENOMEM;
}

static int pack(const Container *container, Entry *e)
{
	_cleanup_buffer_ Buffer out = BUFFER_NULL;
	Container bare = *container;

	/* What it points to is kept beside it. */
	bare.runtime = NULL;
	bare.seccomp = bare.capabilities = bare.profile_source = NULL;
	bare.labels = (Labels){ 0 };
	pack_zeros(&bare, sizeof(bare), &out);
	if (buffer_error(&out) < 0)
		return -ENOMEM;
	e->n_packed = out.n;
	e->bytes += out.n;
	e->packed = span_dup(buffer_span(&out));
	return e->packed ? 0 : -ENOMEM;
}

static int fill(ContainerCache *c, const SubjectKey *key, Span cgroup, const Container *container,
		Entry *e)
{
	int r;

	e->hash = hash_key(c, key);
	e->bytes = sizeof(*e) + cgroup.n + 1;
	e->runtime_found = container->runtime;
	memcpy(e->runtime, key->runtime, sizeof(e->runtime));
	e->cgroup = span_dup(cgroup);
	r = e->cgroup ? set_text(&e->name, key->name, &e->bytes) : -ENOMEM;
	if (r == 0)
		r = set_text(&e->capabilities, container->capabilities, &e->bytes);
	if (r == 0)
		r = set_text(&e->profile_source, container->profile_source, &e->bytes);
	if (r == 0)
		r = labels_copy(&container->labels, &e->labels);
	e->bytes += e->labels.text.allocated;
	if (r == 0)
		r = pack(container, e);
	return r == 0 ? take_filter(c, container->seccomp, &e->filter) : r;
}

/* The ones that ended first go first. */
static bool make_room(ContainerCache *c, size_t bytes, usec_t now)
{
	while (c->stats.running + c->stats.ended >= CONTAINER_CACHE_MAX ||
	       c->stats.bytes + bytes > CONTAINER_CACHE_BYTES) {
		if (!c->oldest)
			return false;
		if (now >= c->oldest->end && now - c->oldest->end < CONTAINER_CACHE_KEEP)
			c->stats.evicted++;
		drop(c, c->oldest);
	}
	return true;
}

int container_cache_put(ContainerCache *c, const SubjectKey *key, Span cgroup,
			const Container *container, usec_t now)
{
	Entry *e = find(c, key, cgroup);
	int r;

	if (e)
		drop(c, e);
	e = calloc(1, sizeof(*e));
	if (!e)
		return -ENOMEM;
	r = fill(c, key, cgroup, container, e);
	if (r == 0 && !make_room(c, e->bytes, now)) {
		c->stats.refused++;
		r = -ENOSPC;
	}
	if (r < 0) {
		free_entry(c, e);
		return r;
	}
	e->marked = true;
	e->next = c->entries[e->hash % BUCKETS];
	c->entries[e->hash % BUCKETS] = e;
	c->stats.running++;
	c->stats.bytes += e->bytes;
	return 0;
}

/* ---- asking ---- */

/* A process may sit in a cgroup of its own below its container's, and outlive its cgroup. */
static bool is_within(Span cgroup, const char *container)
{
	return cgroup.n == 0 ||
	       (span_skip(&cgroup, span_of(container)) &&
		(cgroup.n == 0 || cgroup.p[0] == '/' || span_is(cgroup, " (deleted)")));
}

static int copy_text(char **to, const char *from)
{
	if (!from)
		return 0;
	*to = strdup(from);
	return *to ? 0 : -ENOMEM;
}

static int copy_entry(const Entry *e, Container *ret)
{
	_cleanup_container_ Container container = { 0 };
	int r;

	r = unpack_zeros(span_make(e->packed, e->n_packed), &container, sizeof(container));
	container.runtime = e->runtime_found;
	if (r == 0)
		r = copy_text(&container.seccomp, e->filter ? e->filter->text : NULL);
	if (r == 0)
		r = copy_text(&container.capabilities, e->capabilities);
	if (r == 0)
		r = copy_text(&container.profile_source, e->profile_source);
	if (r == 0)
		r = labels_copy(&e->labels, &container.labels);
	if (r < 0)
		return r;
	*ret = container;
	container = (Container){ 0 };
	return 0;
}

int container_cache_get(const ContainerCache *c, const SubjectKey *key, Span cgroup, Container *ret)
{
	uint64_t hash = hash_key(c, key);

	for (const Entry *e = c->entries[hash % BUCKETS]; e; e = e->next)
		if (has_key(e, key, hash) && is_within(cgroup, e->cgroup))
			return copy_entry(e, ret);
	return -ENOENT;
}

bool container_cache_runs(ContainerCache *c, const SubjectKey *key, Span cgroup)
{
	Entry *e = find(c, key, cgroup);

	if (!e || e->ended)
		return false;
	e->marked = true;
	return true;
}

void container_cache_end(ContainerCache *c, const SubjectKey *key, Span cgroup, usec_t now)
{
	Entry *e = find(c, key, cgroup);

	if (e)
		end(c, e, now);
}

static void each_entry(ContainerCache *c, void (*f)(ContainerCache *c, Entry *e, usec_t now),
		       usec_t now)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (Entry *e = c->entries[i], *next; e; e = next) {
			next = e->next;
			f(c, e, now);
		}
}

static void unmark_entry(ContainerCache *c, Entry *e, usec_t now)
{
	(void)c;
	(void)now;
	e->marked = false;
}

void container_cache_unmark(ContainerCache *c)
{
	each_entry(c, unmark_entry, 0);
}

static void sweep_entry(ContainerCache *c, Entry *e, usec_t now)
{
	if (!e->marked)
		end(c, e, now);
}

void container_cache_sweep(ContainerCache *c, usec_t now)
{
	each_entry(c, sweep_entry, now);
}

void container_cache_settle(ContainerCache *c, usec_t since)
{
	while (c->stats.ended > CONTAINER_CACHE_ENDED &&
	       c->oldest->end + CONTAINER_CACHE_KEEP < since)
		drop(c, c->oldest);
}

ContainerCacheStats container_cache_stats(const ContainerCache *c)
{
	return c->stats;
}

static void drop_entry(ContainerCache *c, Entry *e, usec_t now)
{
	(void)now;
	drop(c, e);
}

ContainerCache *container_cache_free(ContainerCache *c)
{
	if (!c)
		return NULL;
	each_entry(c, drop_entry, 0);
	free(c);
	return NULL;
}
