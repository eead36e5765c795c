/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What tests over made-up hierarchies do in their folder. */
#include <fcntl.h>

#include "tests/unit/unit.h"

static inline void run_in(const char *dir, const char *what)
{
	char command[4096];

	snprintf(command, sizeof(command), "cd %s && %s", dir, what);
	assert_int_equal(system(command), 0);
}

static inline int open_in(const char *dir, const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}
