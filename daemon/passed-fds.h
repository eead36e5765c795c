/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The descriptors that the service manager passes: the audit stream of seccompd.socket, and the
 * process events' socket that it kept for us over a restart. */
#include "util/error.h"

typedef struct PassedFds {
	int audit;     /* whatever else was passed, or -1 */
	int connector; /* or -1 */
} PassedFds;

/* -EINVAL when there is more than is known. What is in *ret is the caller's. */
int passed_fds_take(PassedFds *ret, Diag *d);

/* Gives @connector to the service manager, to be passed to the next of us. True when there is one.
 */
bool passed_fds_keep(int connector);
