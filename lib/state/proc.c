/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "state/proc.h"
#include "util/parse.h"

#define STAT_MAX 2048
#define STATUS_MAX 8192

/* A group whose leader has ended is looked through so far for a thread that lives. */
#define THREADS_MAX 64

/* Fields of stat; proc(5). */
enum { STAT_STATE = 3, STAT_PARENT = 4, STAT_FLAGS = 9, STAT_START_TIME = 22 };

/* PF_EXITING of the kernel's include/linux/sched.h, in the field "flags". */
#define EXITING 0x4

static void closedirp(DIR **d)
{
	if (*d)
		closedir(*d);
}

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

/* The first process never ends. */
bool proc_hides_others(int proc_fd)
{
	_cleanup_close_ int fd = proc_open(proc_fd, 1);

	return fd == -ENOENT;
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
static int parse_stat(Span text, ProcStat *ret)
{
	ssize_t open = span_find(text, SPAN_LIT("(")), close = span_rfind(text, SPAN_LIT(")"));
	ProcStat s = { 0 };
	uint64_t flags = 0;
	Span part;
	int r = 0;

	if (open < 0 || close < open)
		return -EBADMSG;
	span_copy(span_make(text.p + open + 1, (size_t)(close - open - 1)), s.comm, sizeof(s.comm));
	text = span_from(text, (size_t)close + 2);
	for (unsigned field = STAT_STATE; r == 0 && span_split(&text, ' ', &part); field++)
		switch (field) {
		case STAT_STATE:
			s.state = part.n == 1 ? part.p[0] : '?';
			break;
		case STAT_PARENT:
			r = parse_i32(part, &s.parent);
			break;
		case STAT_FLAGS:
			r = parse_u64(part, &flags);
			break;
		case STAT_START_TIME:
			r = parse_u64(part, &s.start_ticks);
			s.exiting = (flags & EXITING) || s.state == 'Z' || s.state == 'X';
			*ret = s;
			return r < 0 ? -EBADMSG : 0;
		}
	return -EBADMSG;
}

static int read_stat(int pid_fd, ProcStat *ret)
{
	char text[STAT_MAX];
	size_t n;
	int r;

	r = read_text(pid_fd, "stat", text, sizeof(text), &n);
	return r < 0 ? r : parse_stat(span_make(text, n), ret);
}

int proc_read(int pid_fd, ProcInfo *ret)
{
	int r;

	r = read_text(pid_fd, "cgroup", ret->cgroup, sizeof(ret->cgroup), &ret->cgroup_n);
	if (r < 0)
		return r;
	/* Behind it: who was not about to end then had not left its cgroups before. */
	return read_stat(pid_fd, &ret->stat);
}

int proc_read_thread(int pid_fd, ProcInfo *ret)
{
	_cleanup_(closedirp) DIR *dir = NULL;
	int fd = openat(pid_fd, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	const struct dirent *e;

	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	for (unsigned n = 0; n < THREADS_MAX && (e = readdir(dir)) != NULL;) {
		_cleanup_close_ int task = -1;

		if (e->d_name[0] == '.')
			continue;
		n++;
		task = openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (task >= 0 && proc_read(task, ret) == 0 && !ret->stat.exiting)
			return 0;
	}
	return -ESRCH;
}

/* Its pid in each namespace that holds it, the host's first: how many, and the last. */
static int read_pids(int pid_fd, unsigned *ret_levels, bool *ret_first)
{
	char text[STATUS_MAX];
	Span rest, line, part, last = SPAN_NULL;
	unsigned levels = 0;
	size_t n;
	int r = read_text(pid_fd, "status", text, sizeof(text), &n);

	if (r < 0)
		return r;
	rest = span_make(text, n);
	while (span_split(&rest, '\n', &line))
		if (span_skip(&line, SPAN_LIT("NSpid:\t")))
			while (span_split(&line, '\t', &part)) {
				last = part;
				levels++;
			}
	*ret_levels = levels;
	*ret_first = span_is(last, "1");
	return levels > 0 ? 0 : -EBADMSG;
}

int proc_is_first(int pid_fd)
{
	unsigned levels;
	bool first;
	int r = read_pids(pid_fd, &levels, &first);

	return r < 0 ? r : levels > 1 && first;
}

int proc_is_nested(int pid_fd)
{
	unsigned levels;
	bool first;
	int r = read_pids(pid_fd, &levels, &first);

	return r < 0 ? r : levels > 1;
}

/* Of the lines "KEY:\tVALUE". */
static int find_value(Span text, const char *key, Span *ret)
{
	Span line;

	while (span_split(&text, '\n', &line))
		if (span_skip(&line, span_of(key)) && span_skip(&line, SPAN_LIT(":\t"))) {
			*ret = line;
			return 0;
		}
	return -ENODATA;
}

int proc_read_filters(int pid_fd, uint32_t *ret)
{
	char text[STATUS_MAX];
	Span value;
	size_t n;
	int r = read_text(pid_fd, "status", text, sizeof(text), &n);

	if (r == 0)
		r = find_value(span_make(text, n), "Seccomp_filters", &value);
	if (r < 0)
		return r;
	return parse_u32(value, ret) < 0 ? -EBADMSG : 0;
}

static int parse_confinement(Span text, ProcConfinement *ret)
{
	ProcConfinement c = { 0 };
	uint32_t mode, nnp = 0;
	Span value;

	if (find_value(text, "Seccomp", &value) < 0)
		return -ENODATA;
	if (parse_u32(value, &mode) < 0 || mode > PROC_SECCOMP_FILTER)
		return -EBADMSG;
	c.mode = mode;
	c.has_filters = find_value(text, "Seccomp_filters", &value) == 0 &&
			parse_u32(value, &c.filters) == 0;
	if (find_value(text, "NoNewPrivs", &value) == 0)
		(void)parse_u32(value, &nnp);
	c.no_new_privs = nnp > 0;
	if (find_value(text, "CapBnd", &value) < 0 || parse_hex_u64(value, &c.capabilities) < 0)
		return -EBADMSG;
	if (find_value(text, "CapEff", &value) < 0 || parse_hex_u64(value, &c.effective) < 0)
		return -EBADMSG;
	*ret = c;
	return 0;
}

int proc_read_label(int pid_fd, char *buf, size_t size)
{
	char text[STATUS_MAX];
	size_t n = 0;
	int r = read_text(pid_fd, "attr/current", text, sizeof(text), &n);

	/* No module gives labels: an error of its own, or no such file for a process that is there.
	 */
	if (r == -EINVAL || (r == -ESRCH && faccessat(pid_fd, "stat", F_OK, 0) == 0))
		n = 0;
	else if (r < 0)
		return r;
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\0'))
		n--;
	span_copy(span_make(text, n), buf, size);
	return 0;
}

int proc_read_confinement(int pid_fd, ProcConfinement *ret)
{
	char text[STATUS_MAX];
	ProcStat stat;
	size_t n;
	int r = read_text(pid_fd, "status", text, sizeof(text), &n);

	/* Behind it: who was not about to end then still had its filters. */
	if (r == 0)
		r = read_stat(pid_fd, &stat);
	if (r == 0 && stat.exiting)
		r = -ESRCH;
	return r < 0 ? r : parse_confinement(span_make(text, n), ret);
}

int proc_read_start(int pid_fd, uint64_t *ret_ticks)
{
	ProcStat stat;
	int r = read_stat(pid_fd, &stat);

	if (r == 0)
		*ret_ticks = stat.start_ticks;
	return r;
}

usec_t proc_start_time(uint64_t ticks, usec_t boot, long hz)
{
	uint64_t rate = hz > 0 ? (uint64_t)hz : 100;

	/* whole seconds first: the product of large tick counts must not overflow */
	return boot + ticks / rate * USEC_PER_SEC + ticks % rate * USEC_PER_SEC / rate;
}
