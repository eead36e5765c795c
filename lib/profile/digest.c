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

static void write_hex(const unsigned char *digest, char ret[static DIGEST_SIZE])
{
	for (size_t i = 0; i < SHA256_BYTES; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

int digest_sha256(Span s, char ret[static DIGEST_SIZE])
{
	unsigned char digest[SHA256_BYTES];

	if (!prepare() || gcry_md_test_algo(GCRY_MD_SHA256) != 0)
		return -ENOSYS;
	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, s.n > 0 ? s.p : "", s.n);
	write_hex(digest, ret);
	return 0;
}

struct Digest {
	gcry_md_hd_t state;
};

int digest_new(Digest **ret)
{
	Digest *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	if (!prepare() || gcry_md_open(&d->state, GCRY_MD_SHA256, 0) != 0) {
		free(d);
		return -ENOSYS;
	}
	*ret = d;
	return 0;
}

void digest_add(Digest *d, Span s)
{
	gcry_md_write(d->state, s.p, s.n);
}

int digest_end(Digest *d, char ret[static DIGEST_SIZE])
{
	const unsigned char *digest = gcry_md_read(d->state, GCRY_MD_SHA256);

	if (!digest)
		return -ENOSYS;
	write_hex(digest, ret);
	return 0;
}

Digest *digest_free(Digest *d)
{
	if (d)
		gcry_md_close(d->state);
	free(d);
	return NULL;
}
