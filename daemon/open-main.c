/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* seccompd-open: opens for seccompd what that may not open, and passes the descriptors. It believes
 * nobody: not whoever asks, and not what it finds. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "daemon/open-rule.h"
#include "daemon/proc-connector.h"
#include "seccompd/exit-codes.h"
#include "util/macro.h"

#define PASSED_FD 3

/* A file system that does not answer ends us; the next request starts us anew. */
#define SECONDS_MAX 10

static OpenPlaces arg_places;

static int open_path(int fd, const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC | flags,
				.resolve = RESOLVE_NO_MAGICLINKS | resolve };
	long r = syscall(SYS_openat2, fd, path, &how, sizeof(how));

	return r < 0 ? -errno : (int)r;
}

/* Nothing but a regular file or a folder is opened, which is known before it is. */
static int open_again(int path_fd, const struct stat *st, OpenKind kind)
{
	char name[32];
	int fd;

	if (kind == OPEN_FOLDER ? !S_ISDIR(st->st_mode) : !S_ISREG(st->st_mode))
		return kind == OPEN_FOLDER ? -ENOTDIR : -EACCES;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", path_fd);
	fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The way to the base is the administrator's and may hold links; behind it there is none. */
static int open_below(const OpenRequest *q, size_t base)
{
	_cleanup_close_ int base_fd = -1, fd = -1;
	const char *rest = q->path + base + strspn(q->path + base, "/");
	char path[OPEN_PATH_MAX + 2];
	struct stat base_st, st;

	snprintf(path, sizeof(path), "/%.*s", (int)base, q->path);
	base_fd = open_path(AT_FDCWD, path, O_DIRECTORY, 0);
	if (base_fd < 0)
		return base_fd;
	fd = open_path(base_fd, rest[0] ? rest : ".", O_NOFOLLOW,
		       RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return fd == -ELOOP || fd == -EXDEV ? -EACCES : fd;
	if (fstat(base_fd, &base_st) < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (st.st_uid != base_st.st_uid || (q->uid != OPEN_SYSTEM && st.st_uid != q->uid))
		return -EACCES;
	return open_again(fd, &st, (OpenKind)q->kind);
}

/* Told the first time, and whenever there were twice as many. */
static void refuse(OpenAnswer *a, const char *what)
{
	a->refused++;
	if ((a->refused & (a->refused - 1)) == 0)
		fprintf(stderr, "<4>refused, %llu times so far: %s\n",
			(unsigned long long)a->refused, what);
}

/* Some ways to confine a service refuse openat2 to it, since they cannot see what it asks for. */
static int greet(void)
{
	_cleanup_close_ int fd = open_path(AT_FDCWD, "/", O_DIRECTORY, 0);

	return fd < 0 ? -ENOSYS : -EALREADY;
}

/* The request is checked before anything is opened. An fd or -errno. */
static int handle(const OpenRequest *q, size_t n, OpenAnswer *a)
{
	const char *why = "";
	size_t base;
	int r = n == sizeof(*q) ? open_rule_check(&arg_places, q, &base) : -EINVAL;

	a->reason[0] = '\0';
	if (r == 0 && q->kind == OPEN_HELLO)
		return greet();
	if (r == 0 && q->kind == OPEN_CONNECTOR) {
		r = proc_connector_open(&why);
		snprintf(a->reason, sizeof(a->reason), "%s", why);
		return r;
	}
	if (r == 0)
		r = open_below(q, base);
	if (r == -EINVAL || r == -EACCES) /* a path that is none of text makes no sense */
		refuse(a, r == -EINVAL ? "a request that makes no sense" : q->path);
	return r;
}

static bool answer(int client, OpenAnswer *a, int r)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { a, sizeof(*a) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c = (struct cmsghdr *)control;

	a->result = MIN(r, 0);
	if (r >= 0) {
		m.msg_control = control;
		m.msg_controllen = sizeof(control);
		*c = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
		memcpy(CMSG_DATA(c), &r, sizeof(int));
	}
	return sendmsg(client, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(*a);
}

/* False when this client is done with. Descriptors that it sends along are never taken. */
static bool serve(int client, OpenAnswer *a)
{
	_cleanup_close_ int fd = -1;
	OpenRequest q;
	ssize_t n = recv(client, &q, sizeof(q), MSG_DONTWAIT | MSG_TRUNC);

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	alarm(SECONDS_MAX);
	fd = handle(&q, (size_t)n, a);
	alarm(0);
	return answer(client, a, fd);
}

/* Only to whom the socket belongs. The last one to come is served, since an earlier one may be
 * gone without a word. */
static void take_client(int listen_fd, int *client, OpenAnswer *a)
{
	struct sockaddr_un address = { 0 };
	socklen_t n = sizeof(address) - 1, m = sizeof(struct ucred);
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC); /* cppcheck-suppress nullPointer */
	struct ucred peer;
	struct stat st;

	if (fd < 0)
		return;
	if (getsockname(listen_fd, (struct sockaddr *)&address, &n) < 0 ||
	    lstat(address.sun_path, &st) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &m) < 0 || peer.uid != st.st_uid) {
		refuse(a, "a caller to whom the socket does not belong");
		close(fd);
		return;
	}
	closep(client);
	*client = fd;
}

static int run(void)
{
	OpenAnswer a = { .version = OPEN_VERSION };
	_cleanup_close_ int client = -1;

	for (;;) {
		struct pollfd p[] = { { PASSED_FD, POLLIN, 0 }, { client, POLLIN, 0 } };

		if (poll(p, ELEMENTSOF(p), -1) < 0 && errno != EINTR)
			return -errno;
		if (p[0].revents & (POLLERR | POLLHUP | POLLNVAL))
			return -EIO;
		if (p[1].revents && !serve(client, &a)) {
			close(client);
			client = -1;
		}
		if (p[0].revents)
			take_client(PASSED_FD, &client, &a);
	}
}

/* As sd_listen_fds() has it. */
static bool got_socket(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
	char own[16];
	int listens = 0;
	socklen_t size = sizeof(listens);

	snprintf(own, sizeof(own), "%d", getpid());
	return pid && n && strcmp(pid, own) == 0 && strcmp(n, "1") == 0 &&
	       getsockopt(PASSED_FD, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], "--", 2) != 0 || !open_places_set(&arg_places, argv[i] + 2))
			errx(SECCOMPD_EXIT_USAGE, "\"%s\" is no place (seccompd-open(8))", argv[i]);
	if (!got_socket())
		errx(SECCOMPD_EXIT_USAGE, "no socket was passed, as seccompd-open.socket does");
	return run() < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
