/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "state/namespaces.h"
#include "util/parse.h"

/* Inode numbers that the kernel gives to the first namespaces (include/uapi/linux/nsfs.h). That of
 * the network namespace is fixed only since 6.18; before, it can only be compared with pid 1's. */
static const struct {
	const char *name;
	ino_t first;
	bool always; /* fixed in every kernel */
} kinds[_NAMESPACE_KIND_MAX] = {
	[NAMESPACE_PID] = { "pid", 4026531836UL, true },
	[NAMESPACE_USER] = { "user", 4026531837UL, true },
	[NAMESPACE_NET] = { "net", 4026531833UL, false },
};

static ino_t namespace_of(int proc_fd, const char *process, const char *name)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "%s/ns/%s", process, name);
	return fstatat(proc_fd, path, &st, 0) < 0 ? 0 : st.st_ino;
}

/* Is the running kernel at least @major.@minor? */
static bool kernel_is_at_least(uint32_t major, uint32_t minor)
{
	uint32_t have_major, have_minor;
	struct utsname name;
	Span rest, part;

	if (uname(&name) < 0)
		return false;
	rest = span_of(name.release);
	if (!span_split(&rest, '.', &part) || parse_u32(part, &have_major) < 0 ||
	    !span_split(&rest, '.', &part) || parse_u32(part, &have_minor) < 0)
		return false;
	return have_major > major || (have_major == major && have_minor >= minor);
}

int namespace_is_foreign(int proc_fd, const char *process, NamespaceKind kind)
{
	ino_t its = namespace_of(proc_fd, process, kinds[kind].name), first;
	ino_t our_pids = namespace_of(proc_fd, "self", kinds[NAMESPACE_PID].name);

	if (its == 0)
		return -ENODATA;
	if (its == kinds[kind].first)
		return 0;
	if (kinds[kind].always || kernel_is_at_least(6, 18))
		return 1;
	/* Elsewhere pid 1 is somebody else. */
	first = namespace_of(proc_fd, "1", kinds[kind].name);
	if (first == 0 || (our_pids != 0 && our_pids != kinds[NAMESPACE_PID].first))
		return -ENODATA;
	return its != first;
}
