/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes the receive buffer of another process's socket as small as the kernel lets it be, so that
 * its queue runs over for real.
 *
 *   shrink-buffer PID FD
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int pidfd, fd, size = 1;

	if (argc != 3)
		return 2;
	pidfd = (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0);
	fd = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, atoi(argv[2]), 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0) {
		perror("shrink-buffer");
		return 1;
	}
	return 0;
}
