/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the two files of the oracle share: the profile as profile-oracle.c has read it, from which
 * profile-oracle-answer.c answers. */
#include <errno.h>

#include "audit/arch.h"
#include "tests/unit/profile-oracle.h"

#define S390 0x00000016U
#define S390X 0x80000016U
#define ENOSYS_WORD (0x00050000U | ENOSYS)
#define ARCHES_MAX 24

typedef struct Condition {
	unsigned index;
	ProfileOp op;
	uint64_t value, two;
} Condition;

typedef struct Rule {
	const char *name; /* in the JSON */
	uint32_t word;
	const Condition *conditions;
	size_t n;
	bool skipped;             /* equals the default, or its name is unknown */
	int own[ARCHES_MAX];      /* its number on each of the oracle's architectures; -1: none */
	int resolved[ARCHES_MAX]; /* the same as the stub sees it */
	int outer[ARCHES_MAX];    /* the call through which it is made as well; -1: none */
	unsigned inner;           /* its number there */
} Rule;

struct Oracle {
	struct json_object *json;
	Rule *rules;
	Condition *conditions;
	size_t n_rules, n_conditions;
	uint32_t fallback;
	uint32_t arches[ARCHES_MAX];
	size_t n_arches;
	int limits[ARCHES_MAX];     /* of runc's stub; -1: none */
	bool has_plain[ARCHES_MAX]; /* is the number looked at in any case? */
};

/* How a rule bears on call @nr: 0 not, -1 as it is, else through that inner number. */
static inline int bearing(const Rule *r, size_t arch, uint32_t nr)
{
	return r->own[arch] == (int)nr ? -1 : r->outer[arch] == (int)nr ? (int)r->inner : 0;
}

static inline bool is_wide(uint32_t arch)
{
	return arch & 0x80000000U && (arch & 0x20000000U) == 0;
}

static inline bool repeats(const Rule *r)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < i; k++)
			if (r->conditions[i].index == r->conditions[k].index)
				return true;
	return false;
}

/* A mask of 0 compares nothing, and libseccomp then leaves the condition out; on 32 bits sooner. */
static inline bool is_vacuous(const Condition *c, uint32_t arch)
{
	return c->op == PROFILE_OP_MASKED_EQ &&
	       (is_wide(arch) ? c->value : (uint32_t)c->value) == 0;
}

/* Does the rule hold for any arguments there? */
static inline bool is_plain(const Oracle *o, const Rule *r, size_t at)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += is_vacuous(&r->conditions[i], o->arches[at]);
	return n == r->n || (n > 0 && repeats(r));
}
