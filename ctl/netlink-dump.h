/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A question to the kernel over netlink, with all the messages of its answer. */
#include "util/span.h"

/* What a message holds; a return other than 0 ends the dump and is returned. */
typedef int (*NetlinkFn)(uint16_t type, Span payload, void *userdata);

/* Asks with @type, @flags (NLM_F_...) and @payload, and hands each message of the answer to @f.
 * Waits two seconds at most: -ETIMEDOUT; what the kernel refuses with; -errno. */
int netlink_dump(int protocol, uint16_t type, uint16_t flags, Span payload, NetlinkFn f,
		 void *userdata);
