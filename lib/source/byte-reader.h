/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The bytes of a log file, a pipe or a socket; what is gzip or xz is unpacked on the way. Which of
 * them it is, the first bytes tell, not a name. Memory is bounded, whatever the file asks for; time
 * is that of the output, which only the size of the file bounds: a thousand times that of gzip, and
 * more of xz. Each read makes at most what the caller has room for.
 */
#include "util/span.h"

typedef struct ByteReader ByteReader;

/* @fd stays the caller's and is read from where it stands; with @never_wait, only when that waits
 * for nothing, else the answer is -EAGAIN. 0 or -ENOMEM. */
int byte_reader_new(int fd, bool never_wait, ByteReader **ret);
ByteReader *byte_reader_free(ByteReader *b);
DEFINE_CLEANUP(ByteReader, byte_reader_free);

/*
 * Up to @n (at least 1) bytes into @p: how many there were, 0 at the end, or -errno. -EBADMSG means
 * a compressed file that is damaged, ends too early, or has other bytes behind its end; what came
 * before was good (of xz, up to 4 KiB of it are thrown away). -E2BIG means one that needs more
 * memory than we give. Both stay.
 */
ssize_t byte_reader_read(ByteReader *b, char *p, size_t n);

/* Bytes taken from the descriptor so far: of a compressed file, compressed ones. */
uint64_t byte_reader_position(const ByteReader *b) _pure_;

/* Do these first bytes say gzip or xz? */
bool byte_reader_is_packed(Span head) _pure_;

/* What -errno of a read means, for a person: "PATH cannot be read: ...". */
const char *byte_reader_error(int r);
