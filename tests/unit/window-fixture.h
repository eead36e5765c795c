/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A lifetime for the tests of windows. */
#include <string.h>

#include "evidence/window.h"
#include "tests/unit/unit.h"

static inline LedgerLifetime make_lifetime(usec_t from, usec_t to)
{
	return (LedgerLifetime){
		.profile_hash = "p",
		.runtime = "docker",
		.name = "a",
		.incarnation = "",
		.image_digest = "i",
		.runtime_version = "runc 1",
		.libseccomp = "2.5.4",
		.kernel = "6.1.0-18",
		.machine = "x86_64",
		.capabilities = "c",
		.host = "h",
		.from = from,
		.to = to,
		.start_seen = true,
		.stop_seen = to != 0,
		.exit = LIFETIME_EXIT_GRACEFUL,
	};
}
