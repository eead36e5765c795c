/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * A container's labels (Docker's labels, OCI annotations). Whoever made the image or the container
 * chose them, so there are at most so many, and what did not fit is counted.
 */
#include "util/buffer.h"

#define LABELS_MAX 64
#define LABELS_BYTES_MAX 8192

typedef struct Labels {
	Buffer text; /* KEY NUL VALUE NUL ... */
	unsigned n, dropped;
} Labels;

void labels_done(Labels *l);
#define _cleanup_labels_ _cleanup_(labels_done)

/* 0; LABELS_DROPPED when there is no room, or when a NUL in it would make another label of it;
 * -ENOMEM. A key comes once: whoever adds sees to that. */
enum { LABELS_DROPPED = 1 };
int labels_add(Labels *l, Span key, Span value);

/* A copy of its own; -ENOMEM. */
int labels_copy(const Labels *from, Labels *ret);

/* The value under @key, NULL when there is none or @l is NULL. Good until the next labels_add(). */
const char *labels_get(const Labels *l, const char *key);
