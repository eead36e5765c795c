/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What a profile answers, found a second way: the rules of the dialects, of libseccomp and of
 * runc's stub, applied one by one to the JSON as json-c reads it. No code of lib/profile is behind
 * it, only its types and the numbers of capabilities; the numbers of calls are libseccomp's.
 */
#include "profile/profile.h"

typedef struct Oracle Oracle;

/* NULL when the text is no JSON object. */
Oracle *oracle_new(Span text, Dialect dialect, const ProfileContext *context);
Oracle *oracle_free(Oracle *o);
DEFINE_CLEANUP(Oracle, oracle_free);

/* False where rules of one call overlap with different actions: libseccomp defines no answer. */
bool oracle_answer(const Oracle *o, uint32_t arch, uint32_t nr, const uint64_t args[static 6],
		   uint32_t *ret);

/*
 * May libseccomp (2.5.4, seen in the kernel) answer otherwise than it promises? Behind a comparison
 * by order, it puts another one of the same argument to the low half only (GHSA-4q85-33p6-j5g6).
 * And on an architecture where no call has a rule without arguments, while a call has one that does
 * not exist there, it forgets to load the number, and compares the architecture instead. And of
 * rules with several actions, where one holds in its first condition only, not all others are
 * tried.
 */
bool oracle_is_misread(const Oracle *o, uint32_t arch, uint32_t nr);

/* Are the arguments of this call looked at? */
bool oracle_filters_arguments(const Oracle *o, uint32_t arch, uint32_t nr);

/* Is a rule with arguments in force for @name, wherever it has a number? */
bool oracle_has_argument_rule(const Oracle *o, const char *name);

/* Architectures that are listed, and the host's. */
size_t oracle_arches(const Oracle *o, const uint32_t **ret);

/* The @i-th of ORACLE_POINTS sets of arguments at which this call's answer may change in @a or @b.
 */
#define ORACLE_POINTS 96
void oracle_point(const Oracle *a, const Oracle *b, uint32_t arch, uint32_t nr, unsigned i,
		  uint64_t ret[static 6]);

/* The number that @name has on @arch by itself, not through socketcall or ipc; -1 when none. */
int oracle_number(uint32_t arch, const char *name);
