/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/stat.h>

#include "daemon/log.h"
#include "daemon/tally-file.h"

static int open_file(const char *path, Diag *d)
{
	_cleanup_free_ char *copy = strdup(path);
	int fd;

	if (!copy)
		return diag_set(d, -ENOMEM, "out of memory");
	if (mkdir(dirname(copy), 0755) < 0 && errno != EEXIST && errno != EACCES && errno != EROFS)
		return diag_set(d, -errno, "cannot make the tally's folder \"%s\": %s", copy,
				strerror(errno));
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0640);
	if (fd < 0)
		return diag_set(d, -errno, "cannot open the tally \"%s\": %s", path,
				strerror(errno));
	return fd;
}

static int set_aside(const char *path, Diag *d)
{
	_cleanup_free_ char *aside = NULL;

	if (asprintf(&aside, "%s.corrupt", path) < 0) {
		aside = NULL;
		return -ENOMEM;
	}
	if (rename(path, aside) < 0)
		return diag_set(d, -errno,
				"the tally \"%s\" is damaged and cannot be set aside: %s", path,
				strerror(errno));
	log_line(LOG_WARNING,
		 "the tally \"%s\" is damaged or of another version: set aside as \"%s\", counts "
		 "that "
		 "were not yet in the ledger are lost",
		 path, aside);
	return 0;
}

static int explain(const char *path, int error, Diag *d)
{
	if (error == -EBUSY)
		return diag_set(
			d, error,
			"another seccompd counts into \"%s\": stop it, or give this one its own "
			"--ledger",
			path);
	return diag_set(d, error, "cannot use the tally \"%s\": %s", path, strerror(-error));
}

static void warn_of_damage(const char *path, const Tally *t)
{
	if (tally_n_damaged(t) > 0)
		log_line(
			LOG_WARNING,
			"the tally \"%s\" was damaged in %u places: counts there that were not yet "
			"in the ledger are lost",
			path, tally_n_damaged(t));
}

bool tally_file_is_lost(const char *path, int fd)
{
	struct stat now, ours;

	if (fstat(fd, &ours) < 0)
		return false;
	return stat(path, &now) < 0 || now.st_ino != ours.st_ino || now.st_dev != ours.st_dev;
}

int tally_file_open(const char *path, uint64_t seed, int *ret_fd, Tally **ret, Diag *d)
{
	_cleanup_close_ int fd = open_file(path, d);
	int r = fd < 0 ? fd : tally_open(fd, seed, ret);

	if (fd < 0)
		return fd;
	if (r == -EBADMSG || r == -EPROTONOSUPPORT) {
		r = set_aside(path, d);
		if (r < 0)
			return r;
		close(steal_fd(&fd));
		fd = open_file(path, d);
		if (fd < 0)
			return fd;
		r = tally_open(fd, seed, ret);
	}
	if (r < 0)
		return explain(path, r, d);
	warn_of_damage(path, *ret);
	*ret_fd = steal_fd(&fd);
	return 0;
}
