/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/capability.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/log.h"
#include "daemon/now.h"
#include "daemon/open-protocol.h"
#include "daemon/opener.h"
#include "state/proc.h"

/* Who waits has the lock that the writer and the thread that follows containers share. At a start,
 * though, everything of a booting machine starts; records wait in their socket, and what is not had
 * then, such as the kernel's process events, is not had until the next start. */
#define PATIENCE_SECONDS 2
#define PATIENCE_AT_START_SECONDS 15

/* Between two attempts to connect; each that had to be waited for doubles it. */
#define REST_MIN (1 * USEC_PER_SEC)
#define REST_MAX (64 * USEC_PER_SEC)

struct Opener {
	const char *path;
	StateOpener state;
	int fd;
	unsigned patience; /* seconds */
	int error;         /* why it is not connected; 0 = it was not needed yet, or it is */
	usec_t next, rest;
	OpenRequest request; /* scratch */
	TallyOpener seen;
};

/* ---- the channel ---- */

static void hang_up(Opener *o, int error)
{
	closep(&o->fd);
	o->fd = -1;
	o->rest = error == -EAGAIN ? MIN(MAX(2 * o->rest, REST_MIN), REST_MAX) : REST_MIN;
	o->next = now_of(CLOCK_MONOTONIC) + o->rest;
	if (o->error != error)
		log_line(LOG_WARNING,
			 "seccompd-open %s, so state that only root may read is not read: %s",
			 error == -EAGAIN   ? "does not answer"
			 : error == -ENOSYS ? "may not call openat2"
					    : "is not there",
			 strerror(-error));
	o->error = error;
}

static int take_fd(struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	int fd;

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(fd)))
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

/* One answer: its result, or the fd that came with it. -EPROTO for what is none. */
static int receive_answer(int fd, OpenAnswer *ret)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { ret, sizeof(*ret) };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	_cleanup_close_ int got = -1;
	ssize_t n;

	do
		n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : -ECONNRESET;
	got = take_fd(&m);
	if (n != sizeof(*ret) || ret->version != OPEN_VERSION || ret->result > 0 ||
	    (ret->result == 0) != (got >= 0))
		return -EPROTO;
	ret->reason[sizeof(ret->reason) - 1] = '\0';
	return got >= 0 ? steal_fd(&got) : 0;
}

static int ask_connected(Opener *o, OpenKind kind, uint32_t uid, const char *path, OpenAnswer *ret)
{
	int r;

	o->request = (OpenRequest){ .version = OPEN_VERSION, .kind = kind, .uid = uid };
	if (!span_copy(span_of(path), o->request.path, sizeof(o->request.path)))
		return -ENAMETOOLONG;
	if (send(o->fd, &o->request, sizeof(o->request), MSG_NOSIGNAL) < 0)
		r = -errno;
	else
		r = receive_answer(o->fd, ret);
	if (r < 0) {
		hang_up(o, r);
		return -EACCES;
	}
	tally_store(&o->seen.refused, ret->refused);
	return ret->result < 0 ? ret->result : r;
}

static int set_patience(int fd, unsigned seconds)
{
	const struct timeval patience = { .tv_sec = seconds };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0)
		return -errno;
	return 0;
}

static int connect_to(const char *path, unsigned patience)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -1;
	int r;

	if (!span_copy(span_of(path), address.sun_path, sizeof(address.sun_path)))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	r = set_patience(fd, patience);
	if (r < 0)
		return r;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return steal_fd(&fd);
}

/* Its socket is there without it; that it answers shows that it is. */
static int connect_again(Opener *o)
{
	OpenAnswer a;
	int r;

	if (o->fd >= 0)
		return 0;
	if (o->next > 0 && now_of(CLOCK_MONOTONIC) < o->next)
		return -EACCES;
	r = connect_to(o->path, o->patience);
	if (r < 0) {
		hang_up(o, r);
		return -EACCES;
	}
	o->fd = r;
	r = ask_connected(o, OPEN_HELLO, OPEN_SYSTEM, "", &a);
	if (r != -EALREADY) {
		if (r >= 0)
			close(r);
		if (o->fd >= 0) /* it answered, but with no greeting */
			hang_up(o, r < 0 ? r : -EPROTO);
		return -EACCES;
	}
	if (o->error < 0)
		log_line(LOG_NOTICE, "seccompd-open is there again");
	o->error = 0;
	o->rest = 0;
	return 0;
}

static bool has_hung_up(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);

	return n >= 0 || (errno != EAGAIN && errno != EINTR);
}

/* Who has been started anew is asked at once; who does not come back, after a rest. */
static int be_connected(Opener *o)
{
	if (o->fd >= 0 && has_hung_up(o->fd)) {
		close(o->fd);
		o->fd = -1;
		o->next = 0;
	}
	return connect_again(o);
}

static int ask(Opener *o, OpenKind kind, uint32_t uid, const char *path, OpenAnswer *ret)
{
	int r = be_connected(o);

	if (r < 0)
		return r;
	tally_add(&o->seen.asked, 1);
	return ask_connected(o, kind, uid, path, ret);
}

/* ---- what is asked ---- */

static int open_state(const char *path, uint32_t uid, bool folder, void *userdata)
{
	OpenAnswer a;

	return ask(userdata, folder ? OPEN_FOLDER : OPEN_FILE, uid, path, &a);
}

int opener_connector(Opener *o, char *why, size_t size)
{
	OpenAnswer a = { 0 };
	int r = ask(o, OPEN_CONNECTOR, OPEN_SYSTEM, "", &a);

	if (r < 0)
		snprintf(why, size, "%s", a.reason[0] ? a.reason : "seccompd-open is not there");
	return r;
}

void opener_started(Opener *o)
{
	o->patience = PATIENCE_SECONDS;
	if (o->fd >= 0)
		(void)set_patience(o->fd, o->patience);
}

const StateOpener *opener_for_state(const Opener *o)
{
	return &o->state;
}

/* ---- how it is ---- */

void opener_report(Opener *o, TallyOpener *t)
{
	(void)be_connected(o);
	tally_store(&t->state, o->fd >= 0 ? TALLY_OPENER_ON : TALLY_OPENER_UNAVAILABLE);
	tally_store(&t->asked, o->seen.asked);
	tally_store(&t->refused, o->seen.refused);
}

bool opener_is_needed(int proc_fd)
{
	const uint64_t all = UINT64_C(1) << CAP_DAC_READ_SEARCH | UINT64_C(1) << CAP_NET_ADMIN;
	_cleanup_close_ int self = proc_open(proc_fd, getpid());
	ProcConfinement c;

	return self >= 0 && proc_read_confinement(self, &c) == 0 && (c.effective & all) != all;
}

/* ---- beginning and end ---- */

int opener_new(const char *socket, Opener **ret)
{
	Opener *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	o->path = socket;
	o->fd = -1;
	o->patience = PATIENCE_AT_START_SECONDS;
	o->state = (StateOpener){ open_state, o };
	*ret = o;
	return 0;
}

Opener *opener_free(Opener *o)
{
	if (!o)
		return NULL;
	closep(&o->fd);
	free(o);
	return NULL;
}
