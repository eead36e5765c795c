/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <gcrypt.h>

#include "profile/digest.h"

#define SHA256_BYTES 32

/* libgcrypt wants to be told once per process that nobody needs its locked memory. */
static bool prepare(void)
{
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return true;
	if (!gcry_check_version(NULL))
		return false;
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	return true;
}

int digest_sha256(Span s, char ret[static DIGEST_SIZE])
{
	unsigned char digest[SHA256_BYTES];

	if (!prepare() || gcry_md_test_algo(GCRY_MD_SHA256) != 0)
		return -ENOSYS;
	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, s.n > 0 ? s.p : "", s.n);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	return 0;
}
