/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Where records come from. A source turns what it reads into decoded lines and hands each to its
 * sink, on the reader's thread. It never waits: drain() takes what is there, up to a bound.
 */
#include "audit/line.h"
#include "daemon/position.h"
#include "util/error.h"

typedef struct SourceSink {
	void (*batch)(void *userdata); /* live records were received, whose lines come next */
	void (*line)(const Line *line, void *userdata);
	/* The next four deliver records that somebody else (journald) stored for us, however old.
	 * @steady: made in this boot, and the wall clock was not set since. */
	void (*kept)(const Line *line, bool steady, void *userdata);
	/* Taken in from elsewhere, in front of what is live. @here: of this boot, so that its
	 * serial counts. */
	void (*filled)(const Line *line, bool here, bool steady, void *userdata);
	/* Before lines of another boot: their serials begin anew, behind @last if it is known. */
	void (*serials)(bool known, uint32_t last, void *userdata);
	/* All that was made before the start has been delivered. @until: so far there is no gap in
	 * what was filled in, or earlier boots were taken in; 0 = nothing of the kind is known. */
	void (*caught_up)(uint64_t until, void *userdata);
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
	bool keeps;    /* what is not read yet stays where it is */
	bool live;     /* records arrive as they are made: serials count, /proc may be asked */
	char name[64]; /* for status: "netlink", "auditd", "journal", "file:..." */
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

/* 1 and the serial of the first record that waits in a netlink source; 0 when none does. */
int source_netlink_first(Source *s, const SourceSink *sink, uint32_t *ret);

/* auditd's plugin: its records on standard input, in either format. */
int source_auditd_new(Source **ret, Diag *d);

/* The journal, followed; @boot is this boot's id. Reading it may wait for the disk: it keeps what
 * is not read yet. On failure @d has the sentence. */
int source_journal_new(const char *boot, Source **ret, Diag *d);

/*
 * Resumes at @start and records its progress in @position; @consumed points to the tally's counter
 * of that name. @resumed: the reader goes on with the serials of this boot. *ret_kept says whether
 * nothing that was made meanwhile is missing. To be called before the first drain.
 */
int source_journal_begin(Source *s, const PositionStart *start, Position *position,
			 const uint64_t *consumed, bool resumed, bool *ret_kept);

/* A log file, a pipe, or "-". With @once the source ends at the end of a file; otherwise it
 * follows. */
int source_file_new(const char *path, bool once, Source **ret, Diag *d);
