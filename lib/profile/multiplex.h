/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Two calls hold many others: socketcall(2) and ipc(2), on i386, s390, ppc, MIPS o32 and others.
 * When a profile allows "bind", libseccomp allows socketcall with 2 as its first argument along
 * with it. */
#include "util/span.h"

#define MULTIPLEX_MAX 32 /* above every first argument that names a call */

/* The call that @outer ("socketcall", "ipc") makes for this first argument; NULL when none. */
const char *multiplex_inner(const char *outer, uint64_t first_argument) _pure_;
