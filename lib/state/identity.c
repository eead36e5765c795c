/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "state/identity.h"
#include "util/macro.h"

static bool identify(int root_fd, const char *path, char *buf, size_t size, ino_t *ret_inode)
{
	const char *name = strrchr(path, '/');
	struct stat st;

	if (fstatat(root_fd, path, &st, 0) < 0)
		return false;
	*ret_inode = st.st_ino;
	snprintf(buf, size, "%.20s:%" PRId64 ":%" PRId64, name ? name + 1 : path,
		 (int64_t)st.st_size, (int64_t)st.st_mtime);
	return true;
}

void identity_of_file(int root_fd, const char *path, char *buf, size_t size)
{
	ino_t inode;

	if (!identify(root_fd, path, buf, size, &inode))
		buf[0] = '\0';
}

void identity_of_runtimes(int root_fd, char *buf, size_t size)
{
	static const char *const folders[] = { "usr/sbin", "usr/bin", "usr/local/sbin",
					       "usr/local/bin" };
	static const char *const names[] = { "runc", "crun", "youki" };
	ino_t last = 0, inode; /* one folder may be a link to the other */
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < ELEMENTSOF(folders) * ELEMENTSOF(names); i++) {
		char path[64], one[64];

		snprintf(path, sizeof(path), "%s/%s", folders[i % ELEMENTSOF(folders)],
			 names[i / ELEMENTSOF(folders)]);
		if (at >= size || !identify(root_fd, path, one, sizeof(one), &inode) ||
		    inode == last)
			continue;
		last = inode;
		at += (size_t)snprintf(buf + at, size - at, "%s%s", at > 0 ? " " : "", one);
	}
}
