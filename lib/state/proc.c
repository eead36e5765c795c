/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>

#include "state/proc.h"
#include "util/parse.h"

#define STAT_MAX 2048
#define STAT_START_TIME 22

int proc_open(int proc_fd, int32_t pid)
{
	char name[16];
	int fd;

	if (pid <= 0)
		return -ENOENT;
	snprintf(name, sizeof(name), "%d", pid);
	fd = openat(proc_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

/* Fills @buf as far as it goes, NUL-terminated; what is longer is cut. */
static int read_text(int pid_fd, const char *name, char *buf, size_t size, size_t *ret_n)
{
	_cleanup_close_ int fd = openat(pid_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t n = 0;

	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	while (n < size - 1) {
		ssize_t r = read(fd, buf + n, size - 1 - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		n += (size_t)r;
	}
	buf[n] = '\0';
	*ret_n = n;
	return 0;
}

/* The command's name (field 2) may hold blanks and parentheses: count from the last ')'. */
static int parse_stat(Span text, char *ret_state, uint64_t *ret_ticks)
{
	ssize_t close = span_rfind(text, SPAN_LIT(")"));
	Span part;

	if (close < 0)
		return -EBADMSG;
	text = span_from(text, (size_t)close + 2);
	for (unsigned field = 3; span_split(&text, ' ', &part); field++) {
		if (field == 3) {
			if (part.n != 1)
				return -EBADMSG;
			*ret_state = part.p[0];
		} else if (field == STAT_START_TIME) {
			return parse_u64(part, ret_ticks) < 0 ? -EBADMSG : 0;
		}
	}
	return -EBADMSG;
}

static int read_stat(int pid_fd, char *ret_state, uint64_t *ret_ticks)
{
	char text[STAT_MAX];
	size_t n;
	int r;

	r = read_text(pid_fd, "stat", text, sizeof(text), &n);
	return r < 0 ? r : parse_stat(span_make(text, n), ret_state, ret_ticks);
}

int proc_read(int pid_fd, ProcInfo *ret)
{
	int r;

	r = read_stat(pid_fd, &ret->state, &ret->start_ticks);
	if (r < 0)
		return r;
	return read_text(pid_fd, "cgroup", ret->cgroup, sizeof(ret->cgroup), &ret->cgroup_n);
}

int proc_read_start(int pid_fd, uint64_t *ret_ticks)
{
	char state;

	return read_stat(pid_fd, &state, ret_ticks);
}

usec_t proc_start_time(uint64_t ticks, usec_t boot, long hz)
{
	uint64_t rate = hz > 0 ? (uint64_t)hz : 100;

	/* whole seconds first: the product of large tick counts must not overflow */
	return boot + ticks / rate * USEC_PER_SEC + ticks % rate * USEC_PER_SEC / rate;
}
