/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A profile that is a part of a larger JSON file, such as an OCI config.json: read and patched as
 * if it were alone, at the lines and columns that it has in the file. */
#include "util/buffer.h"
#include "util/error.h"

typedef struct Part {
	char *text; /* the file, blank but for the part */
	size_t n;
	size_t begin, end; /* where the part is, in both */
} Part;

/* The value that the JSON pointer @at names. -EBADMSG with a sentence when @text is no JSON or has
 * no such place; -EFBIG, -ENOMEM. */
int part_take(Span text, const char *at, Part *ret, Diag *d);
void part_done(Part *p);
#define _cleanup_part_ _cleanup_(part_done)

/* @text with the part as it is in @patched, which was made from .text. -EINVAL when the blanks
 * around it have changed. */
int part_put(Span text, const Part *p, Span patched, Buffer *out);
