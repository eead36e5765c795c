/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "util/buffer.h"
#include "util/file-change.h"
#include "util/file.h"

#define NAMES_TRIED 100 /* backups within one second; random names that are taken */

#define ACCESS_LIST "system.posix_acl_access"

typedef struct Changer {
	const char *path; /* as it was given */
	Span before;
	FileChange change;
	const char *name; /* the last part of .change.target */
	int dir_fd, fd;   /* the folder, and the file as it was at the start */
	struct stat st;
	char *backup, *temporary; /* names in the folder, of files that are there */
	Diag *diag;
} Changer;

static void changer_done(Changer *c)
{
	closep(&c->dir_fd);
	closep(&c->fd);
	free(c->backup);
	free(c->temporary);
	file_change_done(&c->change);
}

static int fail(const Changer *c, int r, const char *why)
{
	return diag_set(c->diag, r, "%s was not changed: %s", c->path, why);
}

/* Where the name leads; a link is not what is to be replaced. */
static int resolve(Changer *c)
{
	_cleanup_free_ char *folder = NULL;
	struct stat st;
	char *slash;

	if (lstat(c->path, &st) < 0)
		return fail(c, -errno, strerror(errno));
	c->change.by_link = S_ISLNK(st.st_mode);
	c->change.target = realpath(c->path, NULL);
	if (!c->change.target)
		return fail(c, -errno,
			    errno == ENOENT ? "it is a link to nothing" : strerror(errno));
	slash = strrchr(c->change.target, '/');
	c->name = slash + 1;
	folder = span_dup(
		span_make(c->change.target, MAX((size_t)(slash - c->change.target), (size_t)1)));
	if (!folder)
		return -ENOMEM;
	c->dir_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return c->dir_fd < 0 ? fail(c, -errno, strerror(errno)) : 0;
}

static int open_target(Changer *c)
{
	if (fstatat(c->dir_fd, c->name, &c->st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(c, -errno, strerror(errno));
	if (!S_ISREG(c->st.st_mode))
		return fail(c, -EINVAL, "it is no regular file");
	if (c->st.st_nlink > 1)
		return fail(c, -EMLINK,
			    "it has further names (hard links), which would keep the old content");
	c->fd = openat(c->dir_fd, c->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return c->fd < 0 ? fail(c, -errno, strerror(errno)) : 0;
}

/* 0 when the descriptor's file holds what was read, 1 when not. */
static int compare_bytes(const Changer *c)
{
	_cleanup_free_ char *now = NULL;
	size_t n = 0;
	int r;

	if (lseek(c->fd, 0, SEEK_SET) < 0)
		return -errno;
	r = file_read_fd(c->fd, c->before.n, &now, &n);
	if (r == -EFBIG)
		return 1;
	return r < 0 ? r : !span_eq(span_make(now, n), c->before);
}

/* Still the same file under the same name, with the same bytes, for the same people. */
static int check_unchanged(const Changer *c)
{
	struct stat st;
	int r;

	if (fstatat(c->dir_fd, c->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(c, -errno, strerror(errno));
	r = compare_bytes(c);
	if (r < 0)
		return fail(c, r, strerror(-r));
	if (r > 0 || st.st_dev != c->st.st_dev || st.st_ino != c->st.st_ino ||
	    st.st_mode != c->st.st_mode || st.st_uid != c->st.st_uid || st.st_gid != c->st.st_gid ||
	    st.st_nlink > 1)
		return fail(c, -ESTALE, "it has changed since it was read; run this once more");
	return 0;
}

/* Without the access list the mode's group bits would mean something else; the other attributes
 * are nothing without the right to set them. */
static int copy_attribute(int from, int to, const char *name)
{
	char value[4096];
	ssize_t n = fgetxattr(from, name, value, sizeof(value));

	if (n >= 0 && fsetxattr(to, name, value, (size_t)n, 0) == 0)
		return 0;
	return strcmp(name, ACCESS_LIST) == 0 ? -errno : 0;
}

static int copy_attributes(int from, int to)
{
	char names[16384];
	ssize_t n = flistxattr(from, names, sizeof(names));
	int r = 0;

	for (ssize_t i = 0; r == 0 && i < n; i += (ssize_t)strlen(names + i) + 1)
		r = copy_attribute(from, to, names + i);
	return r;
}

/* All but the name: bytes, owner, mode, attributes; on disk. */
static int fill(const Changer *c, int fd, Span data, bool keep_time)
{
	const struct timespec times[] = { c->st.st_atim, c->st.st_mtim };
	struct stat st;
	int r;

	r = file_write_all(fd, data);
	if (r < 0)
		return r;
	if (fstat(fd, &st) < 0)
		return -errno;
	if ((st.st_uid != c->st.st_uid || st.st_gid != c->st.st_gid) &&
	    fchown(fd, c->st.st_uid, c->st.st_gid) < 0)
		return -errno;
	(void)fremovexattr(fd, ACCESS_LIST); /* one that the folder gives to what is new in it */
	if (fchmod(fd, c->st.st_mode & 07777) < 0)
		return -errno;
	r = copy_attributes(c->fd, fd);
	if (r < 0)
		return r;
	if (keep_time && futimens(fd, times) < 0)
		return -errno;
	return fsync(fd) < 0 ? -errno : 0;
}

/* NAME.bak-20261122T030600Z, or with a number behind it. */
static char *backup_name(const Changer *c, usec_t now, unsigned try)
{
	char time[CLOCK_RFC3339_SIZE], stamp[CLOCK_RFC3339_SIZE], *name, *to = stamp;

	clock_format_rfc3339(now, time);
	for (const char *p = time; *p && *p != '.'; p++)
		if (*p != '-' && *p != ':')
			*to++ = *p;
	*to = '\0';
	if (try == 0)
		return asprintf(&name, "%s.bak-%sZ", c->name, stamp) < 0 ? NULL : name;
	return asprintf(&name, "%s.bak-%sZ-%u", c->name, stamp, try + 1) < 0 ? NULL : name;
}

static char *temporary_name(const Changer *c)
{
	unsigned word = 0;
	char *name;

	if (getrandom(&word, sizeof(word), 0) < 0)
		return NULL;
	return asprintf(&name, "%s.%08x", c->name, word) < 0 ? NULL : name;
}

/* A new file beside the target, never over another one. @now 0: a temporary one. */
static int create(const Changer *c, usec_t now, char **ret_name, int *ret_fd)
{
	for (unsigned try = 0; try < NAMES_TRIED; try++) {
		_cleanup_free_ char *name = now ? backup_name(c, now, try) : temporary_name(c);
		int fd;

		if (!name)
			return -ENOMEM;
		fd = openat(c->dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    0600);
		if (fd < 0 && errno == EEXIST)
			continue;
		if (fd < 0)
			return -errno;
		*ret_name = STEAL(name);
		*ret_fd = fd;
		return 0;
	}
	return -EEXIST;
}

static int make(const Changer *c, usec_t now, Span data, const char *what, char **ret_name)
{
	_cleanup_close_ int fd = -1;
	const char *why = NULL;
	int r;

	r = create(c, now, ret_name, &fd);
	if (r == 0) {
		r = fill(c, fd, data, now > 0);
		why = r == -EPERM ? "its owner can be kept by root alone" : NULL;
	}
	return r < 0 ? diag_set(c->diag, r, "%s was not changed: cannot make %s beside it: %s",
				c->path, what, why ?: strerror(-r))
		     : 0;
}

static void withdraw(Changer *c, char **name)
{
	if (*name)
		unlinkat(c->dir_fd, *name, 0);
	free(*name);
	*name = NULL;
}

/* The backup's path, as people name the file. */
static int name_backup(Changer *c)
{
	Span path = span_of(c->change.by_link ? c->change.target : c->path);
	ssize_t slash = span_rfind(path, SPAN_LIT("/"));

	if (asprintf(&c->change.backup, "%.*s%s", (int)(slash + 1), path.p, c->backup) >= 0)
		return 0;
	c->change.backup = NULL;
	return -ENOMEM;
}

/* Until the rename there is nothing to undo but files of our own. */
static int replace(Changer *c, Span after, usec_t now)
{
	int r;

	r = check_unchanged(c);
	if (r == 0)
		r = make(c, now, c->before, "a backup", &c->backup);
	if (r == 0)
		r = name_backup(c);
	if (r == 0)
		r = make(c, 0, after, "the new file", &c->temporary);
	if (r == 0 && fsync(c->dir_fd) < 0)
		r = fail(c, -errno, strerror(errno));
	if (r == 0)
		r = check_unchanged(c);
	if (r == 0 && renameat(c->dir_fd, c->temporary, c->dir_fd, c->name) < 0)
		r = fail(c, -errno,
			 errno == EBUSY ? "something is mounted on it" : strerror(errno));
	if (r < 0) {
		withdraw(c, &c->temporary);
		withdraw(c, &c->backup);
		return r;
	}
	if (fsync(c->dir_fd) < 0)
		return diag_set(c->diag, -errno,
				"%s was changed, but this may not outlast a loss of power: %s "
				"(the backup is %s)",
				c->path, strerror(errno), c->change.backup);
	return 0;
}

int file_change(const char *path, Span before, Span after, usec_t now, FileChange *ret, Diag *d)
{
	_cleanup_(changer_done)
		Changer c = { .path = path, .before = before, .dir_fd = -1, .fd = -1, .diag = d };
	int r;

	r = resolve(&c);
	if (r == 0)
		r = open_target(&c);
	if (r == 0)
		r = replace(&c, after, now);
	if (r < 0)
		return r;
	*ret = c.change;
	c.change = (FileChange){ 0 };
	return 0;
}

void file_change_done(FileChange *c)
{
	free(c->target);
	free(c->backup);
	*c = (FileChange){ 0 };
}
