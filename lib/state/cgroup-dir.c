/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "state/cgroup-dir.h"
#include "util/file.h"

/* Hierarchies looked at: v1 has at most one per controller. */
#define HIERARCHIES_MAX 32

static bool is_plain(Span path)
{
	Span rest = span_from(path, 1), part;

	if (path.n < 2 || path.p[0] != '/' || memchr(path.p, '\0', path.n))
		return false;
	while (span_split(&rest, '/', &part))
		if (part.n == 0 || span_is(part, ".") || span_is(part, ".."))
			return false;
	return true;
}

/* v2 says it of the whole subtree; v1 only lists the processes of the cgroup itself. */
static bool dir_is_populated(int dir_fd)
{
	_cleanup_free_ char *events = NULL;
	char byte;
	size_t n;

	if (file_read_at(dir_fd, "cgroup.events", 4096, false, &events, &n) == 0)
		return span_find(span_make(events, n), SPAN_LIT("populated 1")) >= 0;

	_cleanup_close_ int fd = openat(dir_fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &byte, 1) == 1;
}

static bool is_populated_below(int hierarchy_fd, const char *path)
{
	_cleanup_close_ int fd = openat(hierarchy_fd, path,
					O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	return fd >= 0 && dir_is_populated(fd);
}

static bool is_populated_anywhere(int cgroup_fd, const char *path)
{
	int copy = openat(cgroup_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	bool found = false;
	struct dirent *e;

	if (!dir) {
		closep(&copy);
		return false;
	}
	for (unsigned i = 0; !found && i < HIERARCHIES_MAX && (e = readdir(dir)); i++) {
		_cleanup_close_ int fd = -1;

		if (e->d_name[0] == '.')
			continue;
		fd = openat(cgroup_fd, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		found = fd >= 0 && is_populated_below(fd, path);
	}
	closedir(dir);
	return found;
}

int cgroup_dir_is_populated(int cgroup_fd, Span path)
{
	_cleanup_free_ char *relative = NULL;

	if (!is_plain(path))
		return -EINVAL;
	relative = span_dup(span_from(path, 1));
	if (!relative)
		return -ENOMEM;
	return is_populated_below(cgroup_fd, relative) ||
	       is_populated_anywhere(cgroup_fd, relative);
}
