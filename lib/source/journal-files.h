/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The files that a journal is made of. journald renames one when it puts it away and begins another
 * in its place, so a file is known by its device and inode: who has read all that are listed lists
 * again, until nothing is new.
 */
#include "util/span.h"

#define JOURNAL_FILES_MAX 65536

typedef struct JournalFile {
	char *path;
	uint64_t device, inode, size;
	bool done; /* the reader's */
} JournalFile;

typedef struct JournalFiles {
	JournalFile *rows;
	size_t n, allocated;
} JournalFiles;

void journal_files_done(JournalFiles *f);
#define _cleanup_journal_files_ _cleanup_(journal_files_done)

/*
 * Adds the journal files in the directory @fd, by paths that begin with @path, and those in its
 * folders: of each machine, and of what was received from others ("remote"), or with @machine in
 * just the one of that id. One that is there gets its path of now. Folders that cannot be opened
 * are passed over. -E2BIG beyond JOURNAL_FILES_MAX, -ENOMEM or another -errno.
 */
int journal_files_add(JournalFiles *f, int fd, const char *path, const char *machine);

/* Adds one file; -errno when it is not there, -EISDIR or -EBADMSG for what can be no journal. */
int journal_files_add_path(JournalFiles *f, const char *path);

/* Is @row's path still that of the same file? */
bool journal_file_is_there(const JournalFile *row);
