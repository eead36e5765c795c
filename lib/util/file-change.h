/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Changing a file that belongs to somebody: with a backup, or not at all. */
#include "util/clock.h"
#include "util/error.h"

typedef struct FileChange {
	char *target; /* the file, links resolved */
	char *backup; /* what it held before, beside it */
	bool by_link; /* the name that was given is a symbolic link, and stays one */
} FileChange;

/*
 * Replaces what @path holds, which must still be @before, with @after. First a copy is made beside
 * it, NAME.bak-YYYYMMDDTHHMMSSZ (@now, UTC), then a temporary file takes its place; both are on
 * disk before. Whenever this ends, the name leads to the old or to the new content, whole. Mode,
 * owner and extended attributes are kept, in the copy its time as well.
 *
 * -errno with a sentence when nothing was changed: -ESTALE when the file is not what it was,
 * -EMLINK when it has further names, which would keep the old content; or when the last step failed
 * and the new content may not outlast a loss of power, which the sentence says.
 */
int file_change(const char *path, Span before, Span after, usec_t now, FileChange *ret, Diag *d);
void file_change_done(FileChange *c);
#define _cleanup_file_change_ _cleanup_(file_change_done)
