/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "daemon/log.h"
#include "util/text.h"

void log_line(int priority, const char *fmt, ...)
{
	char raw[1024], safe[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	text_escape_to(span_of(raw), safe, sizeof(safe));
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>%s\n", priority, safe);
	else
		fprintf(stderr, "seccompd: %s\n", safe);
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
