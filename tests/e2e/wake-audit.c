/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keeps the kernel's audit queue going until it is ended. Who makes a record while the queue is
 * full waits to be woken; when the queue is emptied just before it falls asleep nobody wakes it,
 * and unless another record comes it sleeps for the whole of the kernel's backlog_wait_time, a
 * minute. So we make one every 10 ms, by the way that never waits (audit_log_start() lets the owner
 * of the control lock pass): a user's message, of the one type that is taken while auditing is off.
 * It is no SECCOMP record.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT "op=wake exe=\"wake-audit\""

int main(void)
{
	struct {
		struct nlmsghdr header;
		char text[NLMSG_ALIGN(sizeof(TEXT))];
	} m = { .header = { .nlmsg_len = sizeof(m),
			    .nlmsg_type = AUDIT_USER_AVC,
			    .nlmsg_flags = NLM_F_REQUEST },
		.text = TEXT };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	char answer[256];

	for (;;) {
		if (sendto(fd, &m, sizeof(m), 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0) {
			perror("wake-audit");
			return 1;
		}
		while (recv(fd, answer, sizeof(answer), MSG_DONTWAIT) > 0)
			;
		usleep(10000);
	}
}
