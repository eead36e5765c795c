/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Identity of content. */
#include "util/span.h"

#define DIGEST_SIZE 65

/* SHA-256 in lower-case hex. -ENOSYS when libgcrypt cannot (a FIPS error state). */
int digest_sha256(Span s, char ret[static DIGEST_SIZE]);
