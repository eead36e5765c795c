/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/known.h"
#include "util/hash.h"

struct KnownEntry {
	uint64_t key, value;
	bool used;
};

void known_done(Known *k)
{
	free(k->entries);
	*k = (Known){ 0 };
}

/* Where @key is, or would be. */
static struct KnownEntry *find(const Known *k, uint64_t key)
{
	size_t at = hash_bytes(span_make((const char *)&key, sizeof(key)), 0) & (k->size - 1);

	while (k->entries[at].used && k->entries[at].key != key)
		at = (at + 1) & (k->size - 1);
	return &k->entries[at];
}

/* Half of the places stay free. */
static int grow(Known *k)
{
	Known bigger = { .n = k->n, .size = k->size ? 2 * k->size : 64 };

	if (2 * (k->n + 1) <= k->size)
		return 0;
	bigger.entries = calloc(bigger.size, sizeof(*bigger.entries));
	if (!bigger.entries)
		return -ENOMEM;
	for (size_t i = 0; i < k->size; i++)
		if (k->entries[i].used)
			*find(&bigger, k->entries[i].key) = k->entries[i];
	free(k->entries);
	*k = bigger;
	return 0;
}

int known_set(Known *k, uint64_t key, uint64_t value, uint64_t *ret_before)
{
	struct KnownEntry *e = k->size > 0 ? find(k, key) : NULL;
	int r;

	if (e && e->used) {
		*ret_before = e->value;
		e->value = value;
		return 0;
	}
	if (k->n >= KNOWN_MAX)
		return -ENOSPC;
	r = grow(k);
	if (r < 0)
		return r;
	*find(k, key) = (struct KnownEntry){ .key = key, .value = value, .used = true };
	k->n++;
	return KNOWN_NEW;
}

uint64_t known_get(const Known *k, uint64_t key, uint64_t otherwise)
{
	const struct KnownEntry *e = k->size > 0 ? find(k, key) : NULL;

	return e && e->used ? e->value : otherwise;
}
