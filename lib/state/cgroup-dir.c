/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "state/cgroup-dir.h"
#include "state/proc.h"
#include "util/file.h"
#include "util/parse.h"

/* Hierarchies looked at: v1 has at most one per controller. */
#define HIERARCHIES_MAX 32

/* Of a cgroup's list of processes: about a thousand. */
#define PROCS_MAX 8192

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

/* What is asked of a cgroup's directory; true ends the search. */
typedef bool (*DirFn)(int dir_fd, void *userdata);

/* v2 says it of the whole subtree; v1 only lists the processes of the cgroup itself. */
static bool dir_is_populated(int dir_fd, void *userdata)
{
	_cleanup_free_ char *events = NULL;
	char byte;
	size_t n;

	(void)userdata;
	if (file_read_at(dir_fd, "cgroup.events", 4096, false, &events, &n) == 0)
		return span_find(span_make(events, n), SPAN_LIT("populated 1")) >= 0;

	_cleanup_close_ int fd = openat(dir_fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &byte, 1) == 1;
}

static bool ask_below(int hierarchy_fd, const char *path, DirFn f, void *userdata)
{
	_cleanup_close_ int fd =
		openat(hierarchy_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	return fd >= 0 && f(fd, userdata);
}

static bool ask_anywhere(int cgroup_fd, const char *path, DirFn f, void *userdata)
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
		found = fd >= 0 && ask_below(fd, path, f, userdata);
	}
	closedir(dir);
	return found;
}

/* Of the unified hierarchy first, then of each of v1. 1, 0, or -errno. */
static int ask(int cgroup_fd, Span path, DirFn f, void *userdata)
{
	_cleanup_free_ char *relative = NULL;

	if (!is_plain(path))
		return -EINVAL;
	relative = span_dup(span_from(path, 1));
	if (!relative)
		return -ENOMEM;
	return ask_below(cgroup_fd, relative, f, userdata) ||
	       ask_anywhere(cgroup_fd, relative, f, userdata);
}

int cgroup_dir_is_populated(int cgroup_fd, Span path)
{
	return ask(cgroup_fd, path, dir_is_populated, NULL);
}

/* ---- the first process ---- */

typedef struct Search {
	int proc_fd;
	int32_t pid;
	uint64_t start;
	bool first;
} Search;

/* The first of a pid namespace is it; without one of its own, the oldest. */
static void consider(Search *s, int32_t pid)
{
	_cleanup_close_ int fd = proc_open(s->proc_fd, pid);
	uint64_t start;
	bool first;

	if (fd < 0 || proc_read_start(fd, &start) < 0)
		return;
	first = proc_is_first(fd) > 0;
	if (s->pid != 0 && (s->first > first || (s->first == first && start >= s->start)))
		return;
	*s = (Search){ s->proc_fd, pid, start, first };
}

/* A runtime may have put the processes into a cgroup of their own below. */
static bool look_for_first(int dir_fd, void *userdata)
{
	static const char *const files[] = { "cgroup.procs", "container/cgroup.procs" };
	Search *s = userdata;

	for (size_t i = 0; i < ELEMENTSOF(files) && s->pid == 0; i++) {
		_cleanup_free_ char *text = NULL;
		Span rest, line;
		uint32_t pid;
		size_t n;

		if (file_read_at(dir_fd, files[i], PROCS_MAX, false, &text, &n) < 0)
			continue;
		rest = span_make(text, n);
		while (!s->first && span_split(&rest, '\n', &line))
			if (parse_u32(line, &pid) == 0 && pid > 0 && pid <= INT32_MAX)
				consider(s, (int32_t)pid);
	}
	return s->pid != 0;
}

int cgroup_dir_first_process(int cgroup_fd, int proc_fd, Span path, int32_t *ret_pid,
			     uint64_t *ret_start)
{
	Search s = { .proc_fd = proc_fd };
	int r = ask(cgroup_fd, path, look_for_first, &s);

	if (r <= 0)
		return r < 0 ? r : -ESRCH;
	*ret_pid = s.pid;
	*ret_start = s.start;
	return s.first ? 0 : CGROUP_DIR_OLDEST;
}
