/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "state/live-filter.h"
#include "state/proc.h"

#define ANCESTORS_MAX 4096
#define SLICE_MS 10 /* between looks, should the signal of a stop get lost */

/* linux/ptrace.h cannot be included beside sys/ptrace.h. */
#define GET_FILTER 0x420c
#define GET_METADATA 0x420d
typedef struct Metadata {
	uint64_t filter_off, flags;
} Metadata;
#define METADATA_LOG 2 /* SECCOMP_FILTER_FLAG_LOG */

void live_filters_done(LiveFilters *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->rows[i].insns);
	*f = (LiveFilters){ 0 };
}

/* ---- stopping and letting go ---- */

static long request(int op, int32_t pid, uintptr_t address, void *data)
{
	/* glibc's prototype names the requests that it knows. */
	return ptrace((enum __ptrace_request)op, (pid_t)pid, (void *)address, data);
}

/* 1 when it has stopped, with the signal that must not be lost in *ret_signal; 0 not yet; -ESRCH
 * when it has ended. */
static int look(int32_t pid, int *ret_signal)
{
	int status;
	pid_t r = waitpid(pid, &status, __WALL | WNOHANG);

	if (r == 0 || (r < 0 && errno == EINTR))
		return 0;
	if (r < 0 || !WIFSTOPPED(status))
		return -ESRCH;
	*ret_signal = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
	return 1;
}

static int wait_stop(int32_t pid, unsigned patience_ms, int *ret_signal)
{
	const struct timespec slice = { .tv_nsec = SLICE_MS * 1000000L };
	sigset_t child;
	int r;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (unsigned waited = 0;; waited += SLICE_MS) {
		r = look(pid, ret_signal);
		if (r != 0)
			return MIN(r, 0);
		if (waited >= patience_ms)
			return -ETIMEDOUT;
		(void)sigtimedwait(&child, NULL, &slice);
	}
}

/* ---- reading ---- */

static int explain_errno(int e)
{
	/* EIO: no such request, without CONFIG_CHECKPOINT_RESTORE. */
	return e == EIO || e == EMEDIUMTYPE ? -EOPNOTSUPP : -e;
}

static int read_one(int32_t pid, size_t i, LiveFilter *f)
{
	Metadata meta = { .filter_off = i };
	long n = request(GET_FILTER, pid, i, NULL);

	if (n < 0)
		return explain_errno(errno);
	f->insns = calloc((size_t)n + 1, sizeof(*f->insns));
	if (!f->insns)
		return -ENOMEM;
	n = request(GET_FILTER, pid, i, f->insns);
	if (n < 0)
		return explain_errno(errno);
	f->n = (size_t)n;
	/* Linux 4.16; without it nothing is said of flags. */
	f->logs = request(GET_METADATA, pid, sizeof(meta), &meta) > 0 && meta.flags & METADATA_LOG;
	return 0;
}

static int read_all(int32_t pid, LiveFilters *ret)
{
	for (ret->n = 0; ret->n < LIVE_FILTERS_MAX; ret->n++) {
		LiveFilter *f = &ret->rows[ret->n];
		int r = read_one(pid, ret->n, f);

		if (r == 0)
			continue;
		free(f->insns);
		f->insns = NULL;
		/* EINVAL: it runs under none. */
		return r == -ENOENT || (r == -EINVAL && ret->n == 0) ? 0 : r;
	}
	return -E2BIG;
}

/* ---- the whole ---- */

/* 0: it has none, or none can be told. */
static int32_t parent_of(int proc_fd, int32_t pid)
{
	_cleanup_close_ int fd = proc_open(proc_fd, pid);
	ProcInfo info;

	return fd < 0 || proc_read(fd, &info) < 0 ? 0 : info.stat.parent;
}

/* A shell that waits for us, or the terminal below it, must not be stopped. */
static int check_ancestors(int proc_fd, int32_t pid)
{
	int32_t p = getpid();

	for (unsigned i = 0; p > 0 && i < ANCESTORS_MAX; i++) {
		if (p == pid)
			return -ELOOP;
		p = parent_of(proc_fd, p);
	}
	return 0;
}

static int is_same(int proc_fd, int32_t pid, uint64_t start)
{
	_cleanup_close_ int fd = proc_open(proc_fd, pid);
	uint64_t found;
	int r = fd < 0 ? fd : proc_read_start(fd, &found);

	if (r < 0)
		return r == -ENOENT ? -ESRCH : r;
	return start == 0 || found == start ? 0 : -ESRCH;
}

static bool has_ended(int proc_fd, int32_t pid)
{
	_cleanup_close_ int fd = proc_open(proc_fd, pid);
	ProcInfo info = { 0 };

	return fd < 0 || proc_read(fd, &info) == -ESRCH || info.stat.state == 'Z' ||
	       info.stat.state == 'X';
}

/* The kernel answers EPERM for one that has ended and was not waited for yet, too. */
static int seize(int proc_fd, int32_t pid)
{
	int e;

	if (request(PTRACE_SEIZE, pid, 0, NULL) == 0)
		return 0;
	e = errno;
	return e == EPERM && has_ended(proc_fd, pid) ? -ESRCH : -e;
}

/* Behind the seizing its pid cannot become another's. */
static int read_seized(int proc_fd, int32_t pid, uint64_t start, unsigned patience_ms,
		       LiveFilters *ret)
{
	int sig = 0, r;

	if (request(PTRACE_INTERRUPT, pid, 0, NULL) < 0)
		return -errno;
	r = wait_stop(pid, patience_ms, &sig);
	if (r < 0)
		return r;
	r = is_same(proc_fd, pid, start);
	if (r == 0)
		r = read_all(pid, ret);
	if (request(PTRACE_DETACH, pid, 0, (void *)(intptr_t)sig) < 0 && r == 0)
		r = -errno;
	return r;
}

int live_filters_read(int proc_fd, int32_t pid, uint64_t start, unsigned patience_ms,
		      LiveFilters *ret)
{
	_cleanup_live_filters_ LiveFilters f = { 0 };
	sigset_t all, before;
	int r;

	r = check_ancestors(proc_fd, pid);
	if (r < 0)
		return r;
	/* Who ends us must not do so while the process stands still. */
	sigfillset(&all);
	if (sigprocmask(SIG_BLOCK, &all, &before) < 0)
		return -errno;
	r = seize(proc_fd, pid);
	if (r == 0)
		r = read_seized(proc_fd, pid, start, patience_ms, &f);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	if (r < 0)
		return r;
	*ret = f;
	f = (LiveFilters){ 0 };
	return 0;
}
