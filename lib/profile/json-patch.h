/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A JSON Patch (RFC 6902) that makes one document of another: by what they mean, not by how they
 * are written. It fails on a document that has changed in the meantime: its first operation tests
 * all of the part that @at names, and each change tests what it takes the place of or stands
 * beside.
 */
#include "util/buffer.h"
#include "util/error.h"

/*
 * Appends the patch, one operation to a line; an empty list when both mean the same. @at is a JSON
 * pointer into @before that scan_at() finds ("" is all of it); the paths are those of the whole.
 * -EBADMSG with a sentence when either is no JSON that scan_read() takes, or has no such place; -ENOMEM.
 */
int json_patch_make(Span before, Span after, const char *at, Buffer *out, Diag *d);
