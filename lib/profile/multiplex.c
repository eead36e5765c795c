/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "profile/multiplex.h"

/* linux/net.h */
static const char *const socket_calls[] = {
	[1] = "socket",    [2] = "bind",        [3] = "connect",     [4] = "listen",
	[5] = "accept",    [6] = "getsockname", [7] = "getpeername", [8] = "socketpair",
	[9] = "send",      [10] = "recv",       [11] = "sendto",     [12] = "recvfrom",
	[13] = "shutdown", [14] = "setsockopt", [15] = "getsockopt", [16] = "sendmsg",
	[17] = "recvmsg",  [18] = "accept4",    [19] = "recvmmsg",   [20] = "sendmmsg",
};

/* linux/ipc.h */
static const char *const ipc_calls[] = {
	[1] = "semop",   [2] = "semget",  [3] = "semctl",  [4] = "semtimedop",
	[11] = "msgsnd", [12] = "msgrcv", [13] = "msgget", [14] = "msgctl",
	[21] = "shmat",  [22] = "shmdt",  [23] = "shmget", [24] = "shmctl",
};

const char *multiplex_inner(const char *outer, uint64_t first_argument)
{
	if (strcmp(outer, "socketcall") == 0 && first_argument < ELEMENTSOF(socket_calls))
		return socket_calls[first_argument];
	if (strcmp(outer, "ipc") == 0 && first_argument < ELEMENTSOF(ipc_calls))
		return ipc_calls[first_argument];
	return NULL;
}
