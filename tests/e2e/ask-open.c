/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asks seccompd-open as seccompd does, for a test:
 *
 *   ask-open SOCKET file|folder|connector|hello|RAW UID|- PATH
 *
 * RAW is a number of bytes of a request that is none. Prints the errno's name of the answer or "0",
 * then what kind of descriptor came, its first bytes, and how many were refused so far.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/open-protocol.h"

static const char *const kinds[] = { "file", "folder", "connector", "hello" };

static int connect_to(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	return fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ? -1 : fd;
}

static int receive(int fd, OpenAnswer *a)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { a, sizeof(*a) };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int got = -1;

	if (recvmsg(fd, &m, MSG_CMSG_CLOEXEC) != sizeof(*a))
		return -2;
	c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&got, CMSG_DATA(c), sizeof(got));
	return got;
}

static void describe(int fd)
{
	char text[17] = "";
	struct stat st;

	if (fstat(fd, &st) < 0)
		return;
	printf(" %s", S_ISREG(st.st_mode)    ? "file"
		      : S_ISDIR(st.st_mode)  ? "folder"
		      : S_ISSOCK(st.st_mode) ? "socket"
					     : "other");
	if (S_ISREG(st.st_mode) && read(fd, text, sizeof(text) - 1) > 0) {
		text[strcspn(text, "\n")] = '\0';
		printf(" %s", text);
	}
}

int main(int argc, char **argv)
{
	OpenRequest q = { .version = OPEN_VERSION };
	size_t n = sizeof(q);
	OpenAnswer a;
	int fd, got;

	if (argc != 5)
		return 2;
	while (q.kind < 4 && strcmp(argv[2], kinds[q.kind]) != 0)
		q.kind++;
	if (q.kind == 4)
		n = (size_t)strtoul(argv[2], NULL, 10);
	q.uid = strcmp(argv[3], "-") == 0 ? OPEN_SYSTEM : (uint32_t)strtoul(argv[3], NULL, 10);
	memcpy(q.path, argv[4], strnlen(argv[4], sizeof(q.path)));
	fd = connect_to(argv[1]);
	if (fd < 0 || send(fd, &q, n, MSG_NOSIGNAL) < 0 || (got = receive(fd, &a)) == -2) {
		printf("closed\n");
		return 1;
	}
	printf("%s", a.result == 0 ? "0" : strerrorname_np(-a.result));
	if (got >= 0)
		describe(got);
	printf(" %llu\n", (unsigned long long)a.refused);
	return 0;
}
