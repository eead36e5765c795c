/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Identity of content. */
#include "util/span.h"

#define DIGEST_SIZE 65

/* SHA-256 in lower-case hex. -ENOSYS when libgcrypt cannot (a FIPS error state). */
int digest_sha256(Span s, char ret[static DIGEST_SIZE]);

/* The same in parts. -ENOSYS, -ENOMEM. */
typedef struct Digest Digest;
int digest_new(Digest **ret);
void digest_add(Digest *d, Span s);
int digest_end(Digest *d, char ret[static DIGEST_SIZE]);
Digest *digest_free(Digest *d);
