/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The kernel's process events, read from a socket on the proc connector (proc-connector.h).
 */
#include "util/macro.h"
#include "who/proc-event.h"

typedef struct SourceProc SourceProc;

typedef struct SourceProcSink {
	void (*event)(const ProcEvent *event, void *userdata);
	void (*lost)(void *userdata); /* the buffer was full: events are missing */
	void *userdata;
} SourceProcSink;

/* Takes over a socket of proc_connector_open(). -ENOMEM: it is still the caller's. */
int source_proc_new(int fd, SourceProc **ret);
/* Leaves the events, unless they are to be kept for the next of us. */
SourceProc *source_proc_free(SourceProc *s);
DEFINE_CLEANUP(SourceProc, source_proc_free);

int source_proc_fd(const SourceProc *s);

/* The service manager keeps the socket for the next daemon: the kernel is not told to stop. */
void source_proc_stays(SourceProc *s);

/* Hands over all that is there when it is called; of what comes meanwhile, as much as the buffer
 * can hold at once, so that it ends. 0, or -errno when the socket is of no more use. */
int source_proc_drain(SourceProc *s, const SourceProcSink *sink);
