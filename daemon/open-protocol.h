/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What seccompd asks of seccompd-open: one request of a fixed size after the other on a
 * SOCK_SEQPACKET socket, each answered by one OpenAnswer, with a descriptor when .result is 0.
 */
#include <stdint.h>

#define OPEN_SOCKET "/run/seccompd-open.socket"

#define OPEN_VERSION 1
#define OPEN_PATH_MAX 1008
#define OPEN_SYSTEM UINT32_MAX /* instead of a user */

typedef enum OpenKind {
	OPEN_FILE,      /* a regular file, for reading */
	OPEN_FOLDER,    /* for reading its entries */
	OPEN_CONNECTOR, /* the kernel's process events; has no path, as the next */
	OPEN_HELLO,     /* nothing: the answer is -EALREADY; -ENOSYS: it may not open anything */
	_OPEN_KIND_MAX,
} OpenKind;

typedef struct OpenRequest {
	uint32_t version;
	uint32_t kind;
	uint32_t uid;             /* in whose own state the path is, or OPEN_SYSTEM */
	uint32_t reserved;        /* 0 */
	char path[OPEN_PATH_MAX]; /* from the root on, without a leading slash; NUL to its end */
} OpenRequest;

typedef struct OpenAnswer {
	uint32_t version;
	int32_t result;   /* 0, or -errno; -EACCES: it is none of what may be opened */
	uint64_t refused; /* requests and callers so far */
	char reason[112]; /* why there is no connector: for a person */
} OpenAnswer;

_Static_assert(sizeof(OpenRequest) == 1024 && sizeof(OpenAnswer) == 128, "no holes");
