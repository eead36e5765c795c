/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bare receive loop: what the least possible reader of the audit stream costs. It binds the
 * multicast group, receives, counts SECCOMP records by their type and looks at nothing else.
 *
 *   recv-loop [--print] [N [SECONDS]]
 *
 * Prints "ready", ends behind N records (default: none) or when SECONDS pass without one, and
 * prints one line: records=N cpu_us=T us_per_record=X enobufs=E. With --print the payloads.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BUFFER (128 << 20)
#define MESSAGE_MAX (NLMSG_HDRLEN + 8970)

static int open_stream(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1) };
	int size = RECEIVE_BUFFER;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror("recv-loop: audit stream");
		exit(1);
	}
	return fd;
}

static double cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
	static char buf[MESSAGE_MAX];
	int print = argc > 1 && strcmp(argv[1], "--print") == 0;
	long wanted = argc > 1 + print ? atol(argv[1 + print]) : -1;
	int patience = argc > 2 + print ? atoi(argv[2 + print]) * 1000 : -1;
	long records = 0, enobufs = 0;
	int fd = open_stream();
	double start;

	puts("ready");
	fflush(stdout);
	start = cpu_us();
	while (wanted < 0 || records < wanted) {
		struct nlmsghdr *h = (struct nlmsghdr *)(void *)buf;
		ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { .fd = fd, .events = POLLIN };

			if (poll(&p, 1, records || patience < 0 ? patience : 10 * patience) == 0)
				break;
			continue;
		}
		if (n < 0 && errno == ENOBUFS)
			enobufs++;
		if (n < (ssize_t)NLMSG_HDRLEN || h->nlmsg_type != AUDIT_SECCOMP)
			continue;
		records++;
		if (print) {
			printf("%.*s\n", (int)(n - NLMSG_HDRLEN), (char *)NLMSG_DATA(h));
			fflush(stdout);
		}
	}
	printf("records=%ld cpu_us=%.0f us_per_record=%.3f enobufs=%ld\n", records,
	       cpu_us() - start, records ? (cpu_us() - start) / (double)records : 0.0, enobufs);
	return 0;
}
