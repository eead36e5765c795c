/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>

#include "daemon/sink-metrics.h"
#include "util/file.h"

#define MODE 0644

bool sink_metrics_is_due(const SinkMetrics *s, usec_t now)
{
	return s->last == 0 || now < s->last || now - s->last >= SINK_METRICS_INTERVAL;
}

/* Renaming onto the link /dev/stdout would break the host. */
static int check_target(int folder_fd, const char *name)
{
	struct stat st;

	if (fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

/* The figures are of this boot, so they are not worth a sync. */
static int write_temporary(int folder_fd, const char *name, Span text)
{
	_cleanup_close_ int fd = -1;

	/* left by a crash, or a link that somebody put there: O_EXCL follows none */
	if (unlinkat(folder_fd, name, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (fd < 0)
		return -errno;
	if (fchmod(fd, MODE) < 0)
		return -errno;
	return file_write_all(fd, text);
}

static int replace(int folder_fd, const char *name, Span text)
{
	char temporary[NAME_MAX + 1];
	int r, n;

	/* node_exporter reads *.prom: this is none */
	n = snprintf(temporary, sizeof(temporary), ".%s.new", name);
	if (n < 0 || (size_t)n >= sizeof(temporary))
		return -ENAMETOOLONG;
	r = check_target(folder_fd, name);
	if (r < 0)
		return r;
	r = write_temporary(folder_fd, temporary, text);
	if (r == 0 && renameat(folder_fd, temporary, folder_fd, name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(folder_fd, temporary, 0);
	return r;
}

static int write_text(const char *path, Span text)
{
	_cleanup_free_ char *for_folder = strdup(path), *for_name = strdup(path);
	_cleanup_close_ int folder_fd = -1;

	if (!for_folder || !for_name)
		return -ENOMEM;
	folder_fd = open(dirname(for_folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder_fd < 0 ? -errno : replace(folder_fd, basename(for_name), text);
}

int sink_metrics_write(SinkMetrics *s, const char *path, Metrics *m, usec_t now)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	m->write_failures = s->failures;
	metrics_format(m, &b);
	r = buffer_error(&b);
	if (r == 0)
		r = write_text(path, buffer_span(&b));
	s->last = now;
	s->failures += r < 0;
	return r;
}
