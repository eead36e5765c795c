/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Joining the kernel's process events, which seccompd does itself where it may, and seccompd-open
 * for it where it may not. */
#include <stdbool.h>

/* A datagram is 76 bytes; room for what later kernels may add. */
#define PROC_CONNECTOR_MESSAGE_MAX 256

/* A socket that gets the forks, execs and exits of whole processes, filtered in the kernel. Needs
 * CAP_NET_ADMIN on older kernels, and the first network, pid and user namespaces. An fd, or -errno
 * with a few words in *ret_why. */
int proc_connector_open(const char **ret_why);

/* Is it such a socket, whoever opened it? */
bool proc_connector_is(int fd);

/* Older kernels count requests, not sockets, and would go on making events for nobody. */
void proc_connector_leave(int fd);
