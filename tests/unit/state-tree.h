/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A private root folder with the state that a test puts there. */
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

#include "state/roots.h"
#include "tests/unit/unit.h"
#include "util/file.h"

typedef struct Tree {
	char dir[64];
	StateRoots roots;
	int proc_fd; /* DIR/proc */
} Tree;

/* The full path of @name below the tree, with the folders before it made. */
static inline char *tree_place(Tree *t, const char *name)
{
	static char paths[2][768];
	static unsigned turn;
	char *path = paths[turn++ % 2];
	int n = snprintf(path, sizeof(paths[0]), "%s/%s", t->dir, name);

	assert_true(n > 0 && (size_t)n < sizeof(paths[0]));
	for (char *c = path + strlen(t->dir) + 1; (c = strchr(c, '/')); c++) {
		*c = '\0';
		mkdir(path, 0755);
		*c = '/';
	}
	return path;
}

static inline void tree_put(Tree *t, const char *name, const char *text)
{
	assert_int_equal(file_replace(tree_place(t, name), span_of(text), 0600), 0);
}

static inline int tree_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level == 0 || (ftw->level == 1 && strcmp(path + ftw->base, "proc") == 0)
		       ? 0
		       : remove(path);
}

/* All but the root and its proc folder, which are open. */
static inline void tree_empty(Tree *t)
{
	nftw(t->dir, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline int tree_chown_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return strstr(path, "/1000/") || strstr(path, "/home/") ? lchown(path, 1000, 1000) : 0;
}

/* Gives what is below run/user/1000 and home to user 1000, where that can be done. */
static inline void tree_chown(Tree *t, uid_t uid)
{
	if (geteuid() == 0)
		nftw(t->dir, tree_chown_one, 16, FTW_PHYS);
	else if (geteuid() != uid)
		skip();
}

static inline int tree_setup(void **state)
{
	Tree *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	strcpy(t->dir, "/tmp/seccompd-test-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	t->roots.root_fd = open(t->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tree_place(t, "proc/1");
	t->proc_fd = openat(t->roots.root_fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	t->roots.proc_fd = -1;
	assert_true(t->roots.root_fd >= 0 && t->proc_fd >= 0);
	*state = t;
	return 0;
}

static inline int tree_teardown(void **state)
{
	Tree *t = *state;
	char path[80];

	tree_empty(t);
	close(t->roots.root_fd);
	close(t->proc_fd);
	snprintf(path, sizeof(path), "%s/proc", t->dir);
	rmdir(path);
	rmdir(t->dir);
	free(t);
	return 0;
}
