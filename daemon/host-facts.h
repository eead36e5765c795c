/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What containers and units run on here, as far as a change of it asks for new evidence. */
#include "util/clock.h"

typedef struct HostFacts {
	char kernel[65], machine[65]; /* uname(2) */
	char libseccomp[16];          /* the version of the system's */
	char runtimes[192]; /* which runc and crun there are: size and time of the files */
	char manager[64];   /* the same of systemd */
	char libc[128];     /* and of the C library, which units have from the host */
	usec_t looked;
} HostFacts;

/* Looks again when the last look was a while ago. @root_fd is "/". */
void host_facts_update(HostFacts *f, int root_fd, usec_t now);
