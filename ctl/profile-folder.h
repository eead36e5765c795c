/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The files in the folders of ProfilePath=, read once. They may be anybody's: nothing in there can
 * block, loop, or grow without bound. */
#include <sys/types.h>

#include "util/error.h"
#include "util/span.h"

#define PROFILE_FILES_MAX 1024
#define PROFILE_FILES_BYTES_MAX ((size_t)128 << 20)
#define PROFILE_FOLDER_DEPTH 8
#define PROFILE_FOLDER_ENTRIES_MAX 16384 /* looked at, over all folders */

typedef struct ProfileFile {
	char *path;
	char *text;
	size_t n;
	dev_t device;
	ino_t inode;
	bool link; /* reached by a symbolic link */
} ProfileFile;

typedef struct ProfileFiles {
	ProfileFile *rows; /* by path; a file once, by whichever names it has */
	size_t n, allocated;
	size_t bytes;
	unsigned entries;
	unsigned faulty; /* files and folders that cannot be read, or are too large */
	bool cut;        /* there is more than may be read */
	Diag first_fault;
} ProfileFiles;

void profile_files_done(ProfileFiles *all);
#define _cleanup_profile_files_ _cleanup_(profile_files_done)

/*
 * @places are paths with colons between them: a folder is searched for *.json, below it too, and
 * without following links to folders; a file is taken as it is; what does not exist is fine.
 * -ENOMEM.
 */
int profile_files_read(const char *places, ProfileFiles *ret);
