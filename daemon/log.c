/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "daemon/log.h"
#include "util/text.h"

#define LINE_MAX_SIZE 1300

/* Standard error belongs to the process, and so does the number of lines that it did not take. */
static atomic_uint unsaid;

/* A pipe that can be written takes a line whole, without waiting; so does a file. */
static bool write_if_ready(const char *line, size_t n)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT) &&
	       write(STDERR_FILENO, line, n) == (ssize_t)n;
}

/* Where standard error is journald's, and journald is stopped, a plain write would wait for ever.
 * Its flags are left alone: others may have it, too. */
static bool say(const char *line)
{
	size_t n = strlen(line);

	if (send(STDERR_FILENO, line, n, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return true;
	return errno == ENOTSOCK && write_if_ready(line, n);
}

static const char *format(int priority, const char *text, char buf[static LINE_MAX_SIZE])
{
	if (getenv("JOURNAL_STREAM"))
		snprintf(buf, LINE_MAX_SIZE, "<%d>%s\n", priority, text);
	else
		snprintf(buf, LINE_MAX_SIZE, "seccompd: %s\n", text);
	return buf;
}

/* What was not said before comes first. */
static bool say_unsaid(void)
{
	unsigned n = atomic_load(&unsaid);
	char text[80], line[LINE_MAX_SIZE];

	if (n == 0)
		return true;
	snprintf(text, sizeof(text), "%u messages before this one could not be written", n);
	if (!say(format(LOG_WARNING, text, line)))
		return false;
	atomic_fetch_sub(&unsaid, n);
	return true;
}

void log_line(int priority, const char *fmt, ...)
{
	char raw[1024], safe[1200], line[LINE_MAX_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	text_escape_to(span_of(raw), safe, sizeof(safe));
	if (!say_unsaid() || !say(format(priority, safe, line)))
		atomic_fetch_add(&unsaid, 1);
}

static bool is_null_device(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

static bool is_socket(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

void log_begin(void)
{
	_cleanup_close_ int fd = -1;

	if (!is_null_device(STDERR_FILENO) || !is_socket(STDIN_FILENO))
		return;
	fd = sd_journal_stream_fd("seccompd", LOG_INFO, true);
	if (fd >= 0 && dup3(fd, STDERR_FILENO, 0) >= 0)
		setenv("JOURNAL_STREAM", "auditd", true);
}
