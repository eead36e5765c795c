/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The service manager's part for a test: holds the socket of the audit stream, as
 * "ListenNetlink=audit 1" does, and starts COMMAND with it, anew for each line on standard input.
 *
 *   pass-socket COMMAND...
 *
 * Prints "started PID" and "ended STATUS" (as the shell counts it).
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_PASSED 3

static int open_stream(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1) };
	int size = 64 << 20, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return fd;
}

static void start(int fd, char **command)
{
	char pid[16];

	/* Onto itself dup2() would leave the close-on-exec flag. */
	if (fd == FIRST_PASSED)
		fd = dup(fd);
	snprintf(pid, sizeof(pid), "%d", getpid());
	if (dup2(fd, FIRST_PASSED) == FIRST_PASSED && setenv("LISTEN_FDS", "1", 1) == 0 &&
	    setenv("LISTEN_PID", pid, 1) == 0)
		execv(command[0], command);
	perror("pass-socket: exec");
	_exit(127);
}

int main(int argc, char **argv)
{
	int fd = open_stream(), status;
	char line[16];

	if (argc < 2 || fd < 0) {
		perror("pass-socket");
		return 2;
	}
	while (fgets(line, sizeof(line), stdin)) {
		pid_t pid = fork();

		if (pid == 0)
			start(fd, argv + 1);
		printf("started %d\n", pid);
		fflush(stdout);
		if (pid < 0 || waitpid(pid, &status, 0) < 0)
			return 2;
		printf("ended %d\n",
		       WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
		fflush(stdout);
	}
	return 0;
}
