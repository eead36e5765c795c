/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A folder of a test's own, with what it puts there; removed at the end. */
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"
#include "util/file.h"

static char folder[32];

static inline char *place(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static inline void put(const char *name, const char *text)
{
	assert_int_equal(file_replace(place(name), span_of(text), 0644), 0);
}

static inline int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/seccompd-test-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int tear_down(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
