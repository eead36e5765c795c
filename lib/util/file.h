/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Bounded reading and atomic writing, below directory file descriptors. */
#include "util/span.h"

/* Reads the regular file @path below @dir_fd whole (NUL-terminated behind .n). Symbolic links in the
 * last part are followed only with @follow. -EFBIG above @max bytes, -EISDIR/-EINVAL for what is no
 * regular file (a FIFO never blocks it). The caller frees *ret. */
int file_read_at(int dir_fd, const char *path, size_t max, bool follow, char **ret, size_t *ret_n);

/* Reads what an open descriptor still has, up to @max bytes; for /proc files and pipes. */
int file_read_fd(int fd, size_t max, char **ret, size_t *ret_n);

/* Replaces @path with @data so that a crash leaves the old or the new file, never half of one:
 * temporary file beside it, fsync, rename, fsync of the folder. An existing file's mode is kept;
 * a new one gets @mode. A symbolic link is followed and stays one. -EISDIR/-EINVAL for what is no
 * regular file, -ENOENT for a link to nothing. */
int file_replace(const char *path, Span data, mode_t mode);

/* Whether both names lead to one file, by whatever links. False when one of them leads to none. */
bool file_is_same(const char *a, const char *b);

/* Writes all of @data, resuming after short writes. */
int file_write_all(int fd, Span data);
