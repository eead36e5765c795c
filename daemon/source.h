/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Where records come from. A source turns what it reads into decoded lines and hands each to its
 * sink, on the reader's thread. It never waits: drain() takes what is there, up to a bound.
 */
#include "audit/line.h"
#include "util/error.h"

typedef struct SourceSink {
	void (*batch)(void *userdata); /* live records were received, whose lines come next */
	void (*line)(const Line *line, void *userdata);
	void (*enobufs)(void *userdata);      /* the kernel dropped records: the buffer was full */
	void (*other_sender)(void *userdata); /* a message that the kernel did not send */
	void *userdata;
} SourceSink;

typedef enum SourceResult {
	SOURCE_IDLE, /* nothing more for now */
	SOURCE_MORE, /* the bound was reached, there may be more */
	SOURCE_END,  /* the input has ended */
} SourceResult;

typedef struct Source Source;

typedef struct SourceOps {
	/* One bounded turn. A SourceResult, or -errno when the source is of no more use. */
	int (*drain)(Source *s, const SourceSink *sink);
	void (*free)(Source *s);
} SourceOps;

struct Source {
	const SourceOps *ops;
	int fd;        /* owned */
	bool pollable; /* false for a regular file: epoll does not take it */
	bool live;     /* records arrive as they are made: serials count, /proc may be asked */
	char name[64]; /* for status: "netlink", "auditd", "file:..." */
};

static inline Source *source_free(Source *s)
{
	if (s)
		s->ops->free(s);
	return NULL;
}
DEFINE_CLEANUP(Source, source_free);

/* The kernel's audit stream. @fd is a socket passed by the service manager, or -1 to open and bind
 * one. @receive_buffer in bytes. On failure @d holds the sentence: which precondition, what to do.
 */
int source_netlink_new(int fd, size_t receive_buffer, Source **ret, Diag *d);

/* auditd's plugin: its records on standard input, in either format. */
int source_auditd_new(Source **ret, Diag *d);

/* A log file, a pipe, or "-". With @once the source ends at the end of a file; otherwise it
 * follows. */
int source_file_new(const char *path, bool once, Source **ret, Diag *d);
