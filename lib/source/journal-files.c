/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/journal-files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "util/array.h"
#include "util/parse.h"

void journal_files_done(JournalFiles *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->rows[i].path);
	free(f->rows);
	*f = (JournalFiles){ 0 };
}

static JournalFile *find(const JournalFiles *f, const struct stat *st)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->rows[i].inode == st->st_ino && f->rows[i].device == st->st_dev)
			return &f->rows[i];
	return NULL;
}

static int put(JournalFiles *f, const char *path, const struct stat *st)
{
	JournalFile *row = find(f, st);
	char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	if (row) {
		free(row->path);
		row->path = copy;
		return 0;
	}
	row = f->n < JOURNAL_FILES_MAX ? array_room(f->rows, f->n, &f->allocated, sizeof(*row))
				       : NULL;
	if (!row) {
		free(copy);
		return f->n < JOURNAL_FILES_MAX ? -ENOMEM : -E2BIG;
	}
	f->rows = row;
	f->rows[f->n++] = (JournalFile){ .path = copy,
					 .device = st->st_dev,
					 .inode = st->st_ino,
					 .size = (uint64_t)st->st_size };
	return 0;
}

int journal_files_add_path(JournalFiles *f, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EBADMSG;
	return put(f, path, &st);
}

bool journal_file_is_there(const JournalFile *row)
{
	struct stat st;

	return stat(row->path, &st) == 0 && st.st_ino == row->inode && st.st_dev == row->device;
}

/* ---- directories ---- */

/* With the tilde it was put away because it was not closed well; most of it can be read. */
static bool is_journal(Span name)
{
	return span_ends(name, SPAN_LIT(".journal")) || span_ends(name, SPAN_LIT(".journal~"));
}

/* "4f0...e3": a machine's id; "4f0...e3.NAMESPACE". */
static bool is_of_a_machine(Span name)
{
	Span id;

	if (!span_split(&name, '.', &id) || id.n != 32)
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (parse_hex_digit(id.p[i]) < 0)
			return false;
	return true;
}

static bool is_folder(const char *name, const char *machine)
{
	if (machine)
		return strcmp(name, machine) == 0;
	return strcmp(name, "remote") == 0 || is_of_a_machine(span_of(name));
}

/* As journald, it is for who may write there to keep links out. */
static int add_file(JournalFiles *f, int fd, const char *path, const char *name)
{
	_cleanup_free_ char *whole = NULL;
	struct stat st;

	if (fstatat(fd, name, &st, 0) < 0 || !S_ISREG(st.st_mode))
		return 0;
	if (asprintf(&whole, "%s/%s", path, name) < 0) {
		whole = NULL;
		return -ENOMEM;
	}
	return put(f, whole, &st);
}

typedef int (*EachName)(JournalFiles *f, int fd, const char *path, const char *name,
			const char *machine);

static int walk(JournalFiles *f, int fd, const char *path, const char *machine, EachName each)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *e;

	if (!dir) {
		r = -errno;
		closep(&copy);
		return r;
	}
	while (r == 0 && (e = readdir(dir)))
		r = each(f, fd, path, e->d_name, machine);
	closedir(dir);
	return r;
}

static int each_file(JournalFiles *f, int fd, const char *path, const char *name,
		     const char *machine)
{
	(void)machine;
	return is_journal(span_of(name)) ? add_file(f, fd, path, name) : 0;
}

static int each_name(JournalFiles *f, int fd, const char *path, const char *name,
		     const char *machine)
{
	_cleanup_close_ int folder = -1;
	_cleanup_free_ char *whole = NULL;

	if (!is_folder(name, machine))
		return each_file(f, fd, path, name, NULL);
	folder = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return 0;
	if (asprintf(&whole, "%s/%s", path, name) < 0) {
		whole = NULL;
		return -ENOMEM;
	}
	return walk(f, folder, whole, NULL, each_file);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const JournalFile *)a)->path, ((const JournalFile *)b)->path);
}

int journal_files_add(JournalFiles *f, int fd, const char *path, const char *machine)
{
	size_t n = f->n;
	int r = walk(f, fd, path, machine, each_name);

	if (f->n > n)
		qsort(f->rows, f->n, sizeof(*f->rows), by_path);
	return r;
}
