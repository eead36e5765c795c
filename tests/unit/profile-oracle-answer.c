/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The oracle's answers, and the points at which they may change. */
#include "tests/unit/profile-oracle-private.h"
#include "util/hash.h"

static bool meets(const Condition *c, uint32_t arch, const uint64_t *args)
{
	uint64_t mask = is_wide(arch) ? UINT64_MAX : UINT32_MAX;
	uint64_t arg = args[c->index] & mask, value = c->value & mask;

	switch (c->op) {
	case PROFILE_OP_NE:
		return arg != value;
	case PROFILE_OP_LT:
		return arg < value;
	case PROFILE_OP_LE:
		return arg <= value;
	case PROFILE_OP_EQ:
		return arg == value;
	case PROFILE_OP_GE:
		return arg >= value;
	case PROFILE_OP_GT:
		return arg > value;
	default:
		return (arg & value) == (c->two & value); /* as libseccomp has it */
	}
}

/* The multiplexer's first argument is the inner number; what the rule says of the first is lost. */
static bool holds(const Rule *r, int inner, uint32_t arch, const uint64_t *args)
{
	bool any = repeats(r), met;

	if (inner > 0 && (is_wide(arch) ? args[0] : (uint32_t)args[0]) != (uint64_t)inner)
		return false;
	for (size_t i = 0; i < r->n; i++) {
		met = (inner > 0 && r->conditions[i].index == 0) ||
		      meets(&r->conditions[i], arch, args);
		if (met == any)
			return any;
	}
	return !any;
}

/* -1 when it is not listed. */
static int find_arch(const Oracle *o, uint32_t arch, uint32_t nr)
{
	if (arch == ARCH_WORD_X86_64 && nr & ARCH_X32_BIT)
		arch = ARCH_WORD_X32;
	for (size_t i = 0; i < o->n_arches; i++)
		if (o->arches[i] == arch)
			return (int)i;
	return -1;
}

static bool is_stubbed(const Oracle *o, size_t arch, uint32_t nr)
{
	bool s390 = o->arches[arch] == S390 || o->arches[arch] == S390X;

	return o->limits[arch] > 0 && (nr > (uint32_t)o->limits[arch] || (s390 && nr == 0));
}

static bool is_ordered(ProfileOp op)
{
	return op == PROFILE_OP_LT || op == PROFILE_OP_LE || op == PROFILE_OP_GE ||
	       op == PROFILE_OP_GT;
}

static bool compares_one_argument_twice(const Oracle *o, size_t arch, uint32_t nr)
{
	bool seen[6] = { false };

	for (size_t i = 0; i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];

		if (r->skipped || bearing(r, arch, nr) == 0)
			continue;
		for (size_t k = 0; k < r->n; k++) {
			const Condition *c = &r->conditions[k];

			if (is_ordered(c->op) && seen[c->index])
				return true;
			seen[c->index] |= is_ordered(c->op);
		}
	}
	return false;
}

/* Several rules of one call, with different actions and more than one condition in one of them. */
static bool are_entangled(const Oracle *o, size_t arch, uint32_t nr)
{
	const Rule *first = NULL;
	bool deep = false, differ = false;

	for (size_t i = 0; i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];
		int how = r->skipped ? 0 : bearing(r, arch, nr);

		if (how == 0 || (how == -1 && r->n == 0))
			continue;
		first = first ?: r;
		differ |= r->word != first->word;
		deep |= r->n > 1 || (how > 0 && r->n > 0);
	}
	return deep && differ;
}

bool oracle_is_misread(const Oracle *o, uint32_t arch, uint32_t nr)
{
	int at = find_arch(o, arch, nr);

	return at >= 0 && (!o->has_plain[at] || compares_one_argument_twice(o, (size_t)at, nr) ||
			   are_entangled(o, (size_t)at, nr));
}

bool oracle_answer(const Oracle *o, uint32_t arch, uint32_t nr, const uint64_t args[static 6],
		   uint32_t *ret)
{
	int at = find_arch(o, arch, nr);
	bool found = false;

	*ret = at < 0 ? 0 : ENOSYS_WORD; /* KILL, for an architecture that is not listed */
	if (at < 0 || is_stubbed(o, (size_t)at, nr))
		return true;
	for (size_t i = 0; i < o->n_rules; i++)
		if (!o->rules[i].skipped && is_plain(o, &o->rules[i], (size_t)at) &&
		    bearing(&o->rules[i], (size_t)at, nr) == -1) {
			*ret = o->rules[i].word;
			return true;
		}
	*ret = o->fallback;
	for (size_t i = 0; i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];
		int how = r->skipped ? 0 : bearing(r, (size_t)at, nr);

		if (how == 0 || !holds(r, how, o->arches[at], args))
			continue;
		if (found && *ret != r->word)
			return false;
		*ret = r->word;
		found = true;
	}
	return true;
}

bool oracle_filters_arguments(const Oracle *o, uint32_t arch, uint32_t nr)
{
	int at = find_arch(o, arch, nr);
	bool found = false;

	for (size_t i = 0; at >= 0 && i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];
		int how = r->skipped ? 0 : bearing(r, (size_t)at, nr);

		if (how == -1 && is_plain(o, r, (size_t)at))
			return false;
		found |= how != 0;
	}
	return found;
}

bool oracle_has_argument_rule(const Oracle *o, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < o->n_rules; i++) {
		const Rule *r = &o->rules[i];

		if (r->skipped || strcmp(r->name, name) != 0)
			continue;
		if (r->n == 0)
			return false;
		found = true;
	}
	return found;
}

size_t oracle_arches(const Oracle *o, const uint32_t **ret)
{
	*ret = o->arches;
	return o->n_arches;
}

/* ---- points ---- */

#define VALUES_MAX 256

static size_t collect_rule(const Rule *r, int how, unsigned index, uint64_t *values, size_t n)
{
	if (how > 0 && index == 0 && n < VALUES_MAX)
		values[n++] = (uint64_t)how;
	for (size_t k = 0; how != 0 && k < r->n && n + 1 < VALUES_MAX; k++) {
		const Condition *c = &r->conditions[k];
		bool masked = c->op == PROFILE_OP_MASKED_EQ;

		if (c->index == index)
			values[n++] = masked ? c->two : c->value;
		if (c->index == index && masked)
			values[n++] = c->two ^ c->value;
	}
	return n;
}

static size_t collect(const Oracle *o, uint32_t arch, uint32_t nr, unsigned index, uint64_t *values,
		      size_t n)
{
	int at = o ? find_arch(o, arch, nr) : -1;

	for (size_t i = 0; at >= 0 && i < o->n_rules; i++)
		n = collect_rule(&o->rules[i], bearing(&o->rules[i], (size_t)at, nr), index, values,
				 n);
	return n;
}

/* A value of interest, or beside one. */
static uint64_t vary(uint64_t value, uint64_t dice)
{
	switch (dice % 8) {
	case 0:
		return value - 1;
	case 1:
		return value + 1;
	case 2:
		return value ^ 1ULL << (dice >> 8) % 64;
	case 3:
		return value | 1ULL << (32 + (dice >> 8) % 32);
	default:
		return value;
	}
}

void oracle_point(const Oracle *a, const Oracle *b, uint32_t arch, uint32_t nr, unsigned i,
		  uint64_t ret[static 6])
{
	for (unsigned index = 0; index < 6; index++) {
		uint64_t values[VALUES_MAX] = { 0, UINT64_MAX, UINT32_MAX };
		uint64_t dice = hash_u64((uint64_t)i * 6 + index + 1);
		size_t n = collect(a, arch, nr, index, values, 3);

		n = collect(b, arch, nr, index, values, n);
		ret[index] = i == 0 ? 0 : vary(values[dice % n], dice >> 16);
	}
}
