/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A lifetime for the tests of windows. */
#include <string.h>

#include "evidence/window.h"
#include "tests/unit/lifetime-fixture.h"
#include "tests/unit/unit.h"

static inline LedgerLifetime make_lifetime(usec_t from, usec_t to)
{
	LedgerLifetime f = lifetime_of(0, "p");

	f.kernel = "6.1.0-18";
	f.host = "h";
	f.from = from;
	f.to = to;
	f.stop_seen = to != 0;
	f.exit = LIFETIME_EXIT_GRACEFUL;
	return f;
}
