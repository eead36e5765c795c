/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel writes no damaged record, so one is made between it and the daemon: preloaded, this
 * spoils the code= of each record of the call that DAMAGE_CALL names.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef int (*ReceiveFn)(int, struct mmsghdr *, unsigned, int, struct timespec *);

static void spoil(struct mmsghdr *m, const char *call)
{
	char *data = m->msg_hdr.msg_iov->iov_base, *code;

	if (!memmem(data, m->msg_len, call, strlen(call)))
		return;
	code = memmem(data, m->msg_len, "code=0x", 7);
	if (code)
		memcpy(code, "code=zz", 7);
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags, struct timespec *timeout)
{
	ReceiveFn next = (ReceiveFn)dlsym(RTLD_NEXT, "recvmmsg");
	const char *number = getenv("DAMAGE_CALL");
	int got = next(fd, messages, n, flags, timeout);
	char call[64];

	if (!number)
		return got;
	snprintf(call, sizeof(call), " syscall=%s ", number);
	for (int i = 0; i < got; i++)
		spoil(&messages[i], call);
	return got;
}
