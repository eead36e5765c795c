/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#include "ctl/context.h"

/* Runs "NAME --version", for two seconds at most, and reads the answer. What it does not say, or
 * when there is no such program, stays as it was. */
void runtime_ask(Runtime r, RuntimeFacts *facts);

/* The same from its words. */
void runtime_read_version(Runtime r, Span text, RuntimeFacts *facts);
