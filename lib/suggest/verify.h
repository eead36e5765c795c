/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Holds a proof against what was meant. @names are in the order of strcmp(). */
#include "profile/proof.h"

/* Nothing changed but that @names became allowed, for all arguments. -ENOTRECOVERABLE with a
 * sentence otherwise. */
int verify_changes(const Proof *proof, const char *const *names, size_t n, Diag *d);

/* Each name is allowed on every architecture of @after that has it. -ENOTRECOVERABLE otherwise. */
int verify_effect(const Filter *after, const char *const *names, size_t n, Diag *d);

/* Is this call allowed, whatever its arguments? */
bool verify_allows(const Filter *f, uint32_t arch, int64_t nr);
