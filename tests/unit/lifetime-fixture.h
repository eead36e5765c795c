/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A container's run, as far as what is tested does not depend on it. */
#include "evidence/ledger-history.h"

/* Whoever needs another value sets it. */
static inline LedgerLifetime lifetime_of(int64_t workload, const char *profile_hash)
{
	return (LedgerLifetime){
		.workload = workload,
		.profile_hash = profile_hash,
		.kind = SUBJECT_CONTAINER,
		.runtime = "docker",
		.name = "x",
		.incarnation = "1",
		.image_digest = "sha256:1",
		.runtime_version = "runc:1:2",
		.libseccomp = "2.5.4",
		.kernel = "6.1.0",
		.machine = "x86_64",
		.capabilities = "00000000a80425fb",
		.start_seen = true,
	};
}
