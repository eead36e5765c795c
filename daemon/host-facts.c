/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "daemon/host-facts.h"
#include "profile/filter.h"

#define LOOK_INTERVAL (60 * USEC_PER_SEC)

/* A daemon runs no strangers' programs to ask for their versions; another file is another one. */
static void look_for_runtimes(HostFacts *f, int root_fd)
{
	static const char *const folders[] = { "usr/sbin", "usr/bin", "usr/local/sbin",
					       "usr/local/bin" };
	static const char *const names[] = { "runc", "crun", "youki" };
	ino_t last = 0; /* one may be a link to the other */
	size_t at = 0;

	f->runtimes[0] = '\0';
	for (size_t i = 0; i < ELEMENTSOF(folders) * ELEMENTSOF(names); i++) {
		const char *name = names[i / ELEMENTSOF(folders)];
		char path[64];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", folders[i % ELEMENTSOF(folders)], name);
		if (at >= sizeof(f->runtimes) || fstatat(root_fd, path, &st, 0) < 0 ||
		    st.st_ino == last)
			continue;
		last = st.st_ino;
		at += (size_t)snprintf(f->runtimes + at, sizeof(f->runtimes) - at,
				       "%s%s:%" PRId64 ":%" PRId64, at > 0 ? " " : "", name,
				       (int64_t)st.st_size, (int64_t)st.st_mtime);
	}
}

/* "NAME:SIZE:TIME", "" when there is no such file. */
static void identify(int root_fd, const char *path, char *buf, size_t size)
{
	const char *name = strrchr(path, '/');
	struct stat st;

	buf[0] = '\0';
	if (fstatat(root_fd, path, &st, 0) == 0)
		snprintf(buf, size, "%s:%" PRId64 ":%" PRId64, name ? name + 1 : path,
			 (int64_t)st.st_size, (int64_t)st.st_mtime);
}

static void look_for_manager(HostFacts *f, int root_fd)
{
	static const char *const paths[] = { "usr/lib/systemd/systemd", "lib/systemd/systemd" };

	f->manager[0] = '\0';
	for (size_t i = 0; i < ELEMENTSOF(paths) && !f->manager[0]; i++)
		identify(root_fd, paths[i], f->manager, sizeof(f->manager));
}

/* Where it lies differs between architectures and distributions: where ours does. */
static void look_for_libc(HostFacts *f, int root_fd)
{
	Dl_info info;

	f->libc[0] = '\0';
	if (dladdr((void *)(uintptr_t)&malloc, &info) != 0 && info.dli_fname &&
	    info.dli_fname[0] == '/')
		identify(root_fd, info.dli_fname + 1, f->libc, sizeof(f->libc));
}

void host_facts_update(HostFacts *f, int root_fd, usec_t now)
{
	struct utsname u;

	if (f->looked != 0 && now >= f->looked && now - f->looked < LOOK_INTERVAL)
		return;
	f->looked = now;
	look_for_runtimes(f, root_fd);
	look_for_manager(f, root_fd);
	look_for_libc(f, root_fd);
	filter_library_version(f->libseccomp, sizeof(f->libseccomp));
	if (uname(&u) < 0)
		return;
	snprintf(f->kernel, sizeof(f->kernel), "%s", u.release);
	snprintf(f->machine, sizeof(f->machine), "%s", u.machine);
}
