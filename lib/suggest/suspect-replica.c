/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Only one of many replicas. Instances that came one after the other are no replicas: a program may
 * take a rare path once. Nor is one that has not run for as long as the maker had when it made the
 * call: it may still come to it.
 */
#include "suggest/suspect-private.h"

/* What a peer has called is in the ledger by then. */
#define LEDGER_LAG (5 * USEC_PER_SEC)

static const LedgerLifetime *find_lifetime(const SuspectInput *in, int64_t id)
{
	for (size_t i = 0; i < in->n_lifetimes; i++)
		if (in->lifetimes[i].id == id)
			return &in->lifetimes[i];
	return NULL;
}

static usec_t end_of(const SuspectInput *in, const LedgerLifetime *f)
{
	return f->to ? f->to : MAX(in->now, f->from);
}

static bool is_same_program(const LedgerLifetime *a, const LedgerLifetime *b)
{
	return strcmp(a->profile_hash, b->profile_hash) == 0 &&
	       (!a->image_digest[0] || !b->image_digest[0] ||
		strcmp(a->image_digest, b->image_digest) == 0);
}

/* Would @peer have made it too by now, if it was the program's way at that age? */
static bool is_peer(const SuspectInput *in, const LedgerLifetime *maker, usec_t age,
		    const LedgerLifetime *peer)
{
	usec_t to = end_of(in, peer);

	return strcmp(peer->name, maker->name) != 0 && is_same_program(peer, maker) &&
	       peer->from < end_of(in, maker) && to > maker->from &&
	       (peer->start_seen || !maker->start_seen) && to - peer->from >= age + LEDGER_LAG;
}

/* Several lifetimes of one container are one peer. */
static uint32_t count_peers(const SuspectInput *in, const Suspects *s, const LedgerLifetime *maker,
			    usec_t age)
{
	const char *last = "";
	uint32_t n = 0;

	for (size_t i = 0; i < in->n_lifetimes; i++) {
		const LedgerLifetime *peer = s->lifetimes[i];

		if (strcmp(peer->name, last) == 0 || !is_peer(in, maker, age, peer))
			continue;
		last = peer->name;
		n++;
	}
	return n;
}

/* The first lifetime that made it, when all that did are one container's; its age in *ret_age. */
static const LedgerLifetime *only_maker(const SuspectInput *in, const SuspectCall *c,
					usec_t *ret_age)
{
	const LedgerLifetime *maker = NULL;
	usec_t first = 0;

	for (size_t i = 0; i < c->n_rows; i++) {
		const SuspectRow *row = c->rows[i];

		if (row->subjects != 1 || row->n_makings == 0)
			return NULL;
		for (size_t k = 0; k < row->n_makings; k++) {
			const LedgerLifetime *f = find_lifetime(in, row->makings[k].lifetime);

			if (!f || (maker && strcmp(f->name, maker->name) != 0))
				return NULL;
			if (maker && row->makings[k].first >= first)
				continue;
			maker = f;
			first = row->makings[k].first;
		}
	}
	*ret_age = maker && first > maker->from ? first - maker->from : 0;
	return maker;
}

void suspect_mark_replicas(const SuspectInput *in, Suspects *s)
{
	for (size_t i = 0; i < s->n_calls; i++) {
		SuspectCall *c = &s->calls[i];
		usec_t age = 0;
		const LedgerLifetime *maker = only_maker(in, c, &age);
		uint32_t n = maker ? 1 + count_peers(in, s, maker, age) : 0;

		if (n < 2 || n < in->policy->replicas || in->policy->replicas == 0)
			continue;
		c->found.marks |= 1U << MARK_ONE_REPLICA;
		c->found.replicas = n;
	}
}
