/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tally may have been written by a process that was killed, by another version, or by somebody
 * else. What can be out of bounds is checked here; the hash over an entry's fixed part catches a
 * generation or a key that was changed into another possible one.
 */
#include <string.h>

#include "evidence/tally-private.h"
#include "util/hash.h"

uint32_t tally_slot_check(const TallySlot *s)
{
	uint64_t h;

	h = hash_u64(0x74616c6c79ULL ^ ((uint64_t)s->generation << 32 | s->subject));
	h = hash_u64(h ^ ((uint64_t)s->subject_generation << 32 | s->arch));
	h = hash_u64(h ^ (uint64_t)s->nr);
	h = hash_u64(h ^ ((uint64_t)s->own_filter << 24 | (uint64_t)s->action << 16 |
			  (uint64_t)s->origin << 8 | s->means));
	return (uint32_t)h;
}

uint32_t tally_subject_check(const TallySubject *s)
{
	uint64_t h = hash_bytes(span_make((const char *)&s->key, sizeof(s->key)), s->generation);

	return (uint32_t)hash_bytes(span_make(s->cgroup, sizeof(s->cgroup)), h);
}

bool tally_slot_is_sane(const TallySlot *s, uint64_t counted)
{
	return tally_generation_is_valid(s->generation) && s->subject < TALLY_SUBJECTS &&
	       tally_generation_is_valid(s->subject_generation) && s->action < _ACTION_MAX &&
	       s->origin < _ORIGIN_MAX && s->means < _MEANS_LIVE_MAX && s->own_filter <= 1 &&
	       s->total > 0 && s->total <= counted && s->folded <= s->total &&
	       s->first <= s->last && s->check == tally_slot_check(s);
}

bool tally_subject_is_sane(const TallySubject *s)
{
	return tally_generation_is_valid(s->generation) &&
	       (uint32_t)s->key.kind < _SUBJECT_KIND_MAX && (uint32_t)s->key.cause < _CAUSE_MAX &&
	       memchr(s->key.runtime, 0, sizeof(s->key.runtime)) &&
	       memchr(s->key.name, 0, sizeof(s->key.name)) &&
	       memchr(s->cgroup, 0, sizeof(s->cgroup)) && s->first <= s->last &&
	       s->check == tally_subject_check(s);
}

bool tally_header_is_sane(const TallyHeader *h)
{
	return h->subject_size == sizeof(TallySubject) && h->slot_size == sizeof(TallySlot) &&
	       h->max_subjects == TALLY_SUBJECTS && h->max_slots == TALLY_SLOTS &&
	       h->n_subjects <= TALLY_SUBJECTS && h->n_slots <= TALLY_SLOTS &&
	       memchr(h->id, 0, sizeof(h->id)) == &h->id[TALLY_ID_SIZE - 1] &&
	       strspn(h->id, "0123456789abcdef") == TALLY_ID_SIZE - 1;
}
