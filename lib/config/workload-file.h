/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What people decided for one workload: FOLDER/NAME.conf, a text that they review and keep in git,
 * and beside it FOLDER/NAME.d with the profiles that were replaced, byte for byte. NAME is the
 * workload's, escaped as systemd-escape(1) does; where that is longer than 200 bytes, it is cut and
 * gets a hash. The whole name stands in the file ([workload] Name=) and is checked.
 */
#include "config/section-text.h"

#define WORKLOAD_FILE_BASE_SIZE 208
#define WORKLOAD_FILE_KEPT_MAX ((size_t)4 << 20) /* bytes of one profile */

typedef struct WorkloadFile {
	char *path;        /* of NAME.conf */
	char *folder;      /* of NAME.d */
	char *name;        /* the workload's */
	int folder_fd;     /* NAME.d, locked; -1 when only read, and it is not there */
	Buffer text;       /* "" when there is no file */
	SectionText parts; /* of .text */
} WorkloadFile;

/* The name of a workload's files without ".conf". Returns @buf. */
char *workload_file_base(const char *workload, char buf[static WORKLOAD_FILE_BASE_SIZE]);

/*
 * Reads the file; none is an empty one. With @change @dir and NAME.d are made where they are
 * missing, and nobody else can open the same workload to change it until workload_file_close():
 * -EBUSY with a sentence. -EBADMSG for a file that is another workload's. All with a sentence.
 */
int workload_file_open(const char *dir, const char *workload, bool change, WorkloadFile *ret,
		       Diag *d);
void workload_file_close(WorkloadFile *f);
#define _cleanup_workload_file_ _cleanup_(workload_file_close)

/* Replaces the file so that a crash leaves the old or the new one; [workload] is put first where
 * @text has none. .text and .parts are the new ones then. */
int workload_file_save(WorkloadFile *f, Span text, Diag *d);

/* Keeps @bytes in NAME.d as @name; -EEXIST. It is on the disk when this returns. */
int workload_file_keep(const WorkloadFile *f, const char *name, Span bytes, Diag *d);

/* What was kept; -ENOENT. The caller frees. */
int workload_file_kept(const WorkloadFile *f, const char *name, char **ret, size_t *ret_n, Diag *d);

/* Takes it out of NAME.d; nothing when it is not there. */
void workload_file_forget(const WorkloadFile *f, const char *name);
