/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>

#include "util/buffer.h"
#include "util/file.h"

int file_read_fd(int fd, size_t max, char **ret, size_t *ret_n)
{
	_cleanup_buffer_ Buffer b = { .max = max + 1 };
	char chunk[16384];
	size_t n_read;
	ssize_t n;

	for (;;) {
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		buffer_add(&b, span_make(chunk, (size_t)n));
		if (buffer_error(&b) == -E2BIG || b.n > max)
			return -EFBIG;
	}
	n_read = b.n;
	*ret = buffer_steal(&b);
	if (!*ret)
		return -ENOMEM;
	*ret_n = n_read;
	return 0;
}

int file_read_at(int dir_fd, const char *path, size_t max, bool follow, char **ret, size_t *ret_n)
{
	_cleanup_close_ int fd = -1;
	struct stat st;

	fd = openat(dir_fd, path,
		    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	return file_read_fd(fd, max, ret, ret_n);
}

bool file_is_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int file_write_all(int fd, Span data)
{
	while (data.n > 0) {
		ssize_t n = write(fd, data.p, data.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data = span_from(data, (size_t)n);
	}
	return 0;
}

static int sync_folder_of(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	_cleanup_close_ int fd = -1;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

static int write_temporary(int fd, Span data, mode_t mode)
{
	int r;

	if (fchmod(fd, mode) < 0)
		return -errno;
	r = file_write_all(fd, data);
	if (r < 0)
		return r;
	if (fsync(fd) < 0)
		return -errno;
	return 0;
}

/* The file that is meant: renaming onto a link would cut it, and with /dev/stdout break the host.
 */
static int find_target(const char *path, char **ret, mode_t *mode)
{
	_cleanup_free_ char *target = NULL;
	struct stat st;
	bool there = lstat(path, &st) == 0;

	if (!there && errno != ENOENT)
		return -errno;
	target = there && S_ISLNK(st.st_mode) ? realpath(path, NULL) : strdup(path);
	if (!target || (there && stat(target, &st) < 0))
		return -errno;
	if (there && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (there)
		*mode = st.st_mode & 07777;
	*ret = STEAL(target);
	return 0;
}

int file_replace(const char *path, Span data, mode_t mode)
{
	_cleanup_free_ char *target = NULL, *temporary = NULL;
	_cleanup_close_ int fd = -1;
	int r;

	r = find_target(path, &target, &mode);
	if (r < 0)
		return r;
	if (asprintf(&temporary, "%s.XXXXXX", target) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = write_temporary(fd, data, mode);
	if (r == 0 && rename(temporary, target) < 0)
		r = -errno;
	if (r < 0) {
		unlink(temporary);
		return r;
	}
	return sync_folder_of(target);
}
