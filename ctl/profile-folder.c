/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "ctl/profile-folder.h"
#include "profile/scan.h"
#include "util/array.h"
#include "util/file.h"

static void file_done(ProfileFile *f)
{
	free(f->path);
	free(f->text);
}

void profile_files_done(ProfileFiles *all)
{
	for (size_t i = 0; i < all->n; i++)
		file_done(&all->rows[i]);
	free(all->rows);
	*all = (ProfileFiles){ 0 };
}

static void note_fault(ProfileFiles *all, const char *path, int r)
{
	if (all->faulty++ > 0)
		return;
	(void)diag_set(&all->first_fault, r, "%s: %s", path,
		       r == -EFBIG    ? "it is larger than 1 MiB"
		       : r == -EINVAL ? "it is no regular file"
				      : strerror(-r));
}

static int add(ProfileFiles *all, ProfileFile *f)
{
	ProfileFile *rows = array_room(all->rows, all->n, &all->allocated, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	all->rows = rows;
	all->rows[all->n++] = *f;
	all->bytes += f->n;
	*f = (ProfileFile){ 0 };
	return 0;
}

static bool is_full(ProfileFiles *all)
{
	bool full = all->n >= PROFILE_FILES_MAX || all->bytes >= PROFILE_FILES_BYTES_MAX ||
		    all->entries >= PROFILE_FOLDER_ENTRIES_MAX;

	all->cut |= full;
	return full;
}

/* @name below @dir_fd, which @path names for people. Only -ENOMEM is an error. */
static int take_file(ProfileFiles *all, int dir_fd, const char *name, const char *path, bool link)
{
	ProfileFile f = { .path = strdup(path), .link = link };
	struct stat st = { 0 };
	int r = f.path ? 0 : -ENOMEM;

	if (r == 0)
		r = file_read_at(dir_fd, name, SCAN_SIZE_MAX, true, &f.text, &f.n);
	if (r == 0 && fstatat(dir_fd, name, &st, 0) == 0) {
		f.device = st.st_dev;
		f.inode = st.st_ino;
	}
	if (r == 0)
		r = add(all, &f);
	file_done(&f);
	if (r < 0 && r != -ENOMEM)
		note_fault(all, path, r);
	return r == -ENOMEM ? r : 0;
}

static int take_folder(ProfileFiles *all, int fd, const char *path, unsigned depth);

static int take_entry(ProfileFiles *all, int dir_fd, const char *name, const char *folder,
		      unsigned depth)
{
	_cleanup_free_ char *path = NULL;
	struct stat st;
	int fd;

	if (name[0] == '.' || fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (!S_ISDIR(st.st_mode))
		return span_ends(span_of(name), SPAN_LIT(".json"))
			       ? take_file(all, dir_fd, name, path, S_ISLNK(st.st_mode))
			       : 0;
	if (depth == PROFILE_FOLDER_DEPTH) {
		all->cut = true;
		return 0;
	}
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		note_fault(all, path, -errno);
		return 0;
	}
	return take_folder(all, fd, path, depth + 1);
}

/* Closes @fd. */
static int take_folder(ProfileFiles *all, int fd, const char *path, unsigned depth)
{
	DIR *stream = fdopendir(fd);
	struct dirent *e;
	int r = 0;

	if (!stream) {
		close(fd);
		return -ENOMEM;
	}
	while (r == 0 && !is_full(all) && (e = readdir(stream))) {
		all->entries++;
		r = take_entry(all, dirfd(stream), e->d_name, path, depth);
	}
	closedir(stream);
	return r;
}

static int take_place(ProfileFiles *all, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		return take_folder(all, fd, path, 0);
	if (errno == ENOTDIR)
		return take_file(all, AT_FDCWD, path, path, false);
	if (errno != ENOENT)
		note_fault(all, path, -errno);
	return 0;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int by_identity(const void *a, const void *b)
{
	const ProfileFile *x = a, *y = b;
	int r = ORDER(x->device, y->device);

	r = r ?: ORDER(x->inode, y->inode);
	r = r ?: x->link - y->link;
	return r ?: strcmp(x->path, y->path);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const ProfileFile *)a)->path, ((const ProfileFile *)b)->path);
}

/* A file that has several names is one file. */
static void drop_repeats(ProfileFiles *all)
{
	size_t n = 0;

	if (all->n < 2)
		return;
	qsort(all->rows, all->n, sizeof(*all->rows), by_identity);
	for (size_t i = 1; i < all->n; i++) {
		ProfileFile *last = &all->rows[n], *f = &all->rows[i];

		if (f->device == last->device && f->inode == last->inode)
			file_done(f);
		else
			all->rows[++n] = *f;
	}
	all->n = n + 1;
	qsort(all->rows, all->n, sizeof(*all->rows), by_path);
}

int profile_files_read(const char *places, ProfileFiles *ret)
{
	_cleanup_profile_files_ ProfileFiles all = { 0 };
	Span rest = span_of(places), place;
	int r = 0;

	while (r == 0 && rest.n > 0 && span_split(&rest, ':', &place)) {
		char path[PATH_MAX];

		if (span_copy(place, path, sizeof(path)))
			r = take_place(&all, path);
	}
	if (r < 0)
		return r;
	drop_repeats(&all);
	*ret = all;
	all = (ProfileFiles){ 0 };
	return 0;
}
