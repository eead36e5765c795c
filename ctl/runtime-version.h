/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include "ctl/context.h"

/* Runs "NAME --version", for two seconds at most, and reads the answer. What it does not say, or
 * when there is no such program, stays as it was. */
void runtime_ask(Runtime r, RuntimeFacts *facts);

/* The same from its words. */
void runtime_read_version(Runtime r, Span text, RuntimeFacts *facts);

/* "runc 1.1.5" of each runtime in @identity (state/identity.h), while what is installed is still
 * that; otherwise the names alone. */
void runtime_tell_versions(const char *identity, Buffer *out);
