/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The kernel's process events: a socket on the proc connector that gets no more than the forks,
 * execs and exits of whole processes, filtered in the kernel, because each event that is delivered
 * costs the process that forks.
 */
#include "util/error.h"
#include "who/proc-event.h"

typedef struct SourceProc SourceProc;

typedef struct SourceProcSink {
	void (*event)(const ProcEvent *event, void *userdata);
	void (*lost)(void *userdata); /* the buffer was full: events are missing */
	void *userdata;
} SourceProcSink;

/* Needs CAP_NET_ADMIN on older kernels, and the first network, pid and user namespaces. On failure
 * @d says why in a few words. */
int source_proc_new(SourceProc **ret, Diag *d);
SourceProc *source_proc_free(SourceProc *s);
DEFINE_CLEANUP(SourceProc, source_proc_free);

int source_proc_fd(const SourceProc *s);

/* Hands over all that is there. 0, or -errno when the socket is of no more use. */
int source_proc_drain(SourceProc *s, const SourceProcSink *sink);
