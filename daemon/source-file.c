/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#include "audit/duplicate.h"
#include "audit/record-memo.h"
#include "daemon/source.h"
#include "source/line-reader.h"

/* Reads per turn: so that signals and the stop event get their turn between. */
#define READS_PER_TURN 16

typedef struct FileSource {
	Source source;
	LineReader reader;
	DuplicateWindow window;
	RecordMemo memo;
	bool follow;
} FileSource;

static void deliver(FileSource *f, const LineText *text, const SourceSink *sink)
{
	Line line;

	if (text->too_long)
		line = (Line){ .status = LINE_REJECT, .reason = "line too long" };
	else
		line_decode_memo(text->text, &f->memo, &line);
	duplicate_mark(&f->window, &line);
	sink->line(&line, sink->userdata);
}

static int end_of_input(FileSource *f, const SourceSink *sink)
{
	LineText text;

	if (f->follow)
		return SOURCE_IDLE;
	if (line_reader_last(&f->reader, &text))
		deliver(f, &text, sink);
	return SOURCE_END;
}

/* Standard input is shared with others, so it cannot be made non-blocking: ask before each read. */
static bool would_block(const Source *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };

	return s->pollable && poll(&p, 1, 0) == 0;
}

static int file_drain(Source *s, const SourceSink *sink)
{
	FileSource *f = (FileSource *)s;

	for (unsigned i = 0; i < READS_PER_TURN; i++) {
		LineText text;
		size_t room;
		char *p = line_reader_room(&f->reader, &room);
		ssize_t n;

		if (would_block(s))
			return SOURCE_IDLE;
		n = read(s->fd, p, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return SOURCE_IDLE;
		if (n < 0)
			return -errno;
		if (n == 0)
			return end_of_input(f, sink);
		line_reader_fed(&f->reader, (size_t)n);
		while (line_reader_next(&f->reader, &text))
			deliver(f, &text, sink);
	}
	return SOURCE_MORE;
}

static void file_free(Source *s)
{
	FileSource *f = (FileSource *)s;

	if (s->fd >= 0)
		close(s->fd);
	line_reader_done(&f->reader);
	free(f);
}

static const SourceOps file_ops = { .drain = file_drain, .free = file_free };

static int open_input(const char *path, Diag *d)
{
	int fd;

	if (span_is(span_of(path), "-"))
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return diag_set(d, -errno, "cannot open the log \"%s\": %s", path, strerror(errno));
	return fd;
}

/*
 * What epoll takes can keep a read waiting: a pipe, a terminal, the kernel's log. What it refuses
 * never does: a regular file, /dev/null.
 */
static int can_wait(int fd)
{
	struct epoll_event event = { .events = EPOLLIN };
	_cleanup_close_ int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0)
		return -errno;
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0)
		return 1;
	return errno == EPERM ? 0 : -errno;
}

int source_file_new(const char *path, bool once, Source **ret, Diag *d)
{
	_cleanup_(source_freep) Source *s = NULL;
	FileSource *f = calloc(1, sizeof(*f));
	struct stat st;
	int r;

	if (!f)
		return diag_set(d, -ENOMEM, "out of memory");
	f->source = (Source){ .ops = &file_ops, .fd = -1 };
	s = &f->source;
	r = line_reader_init(&f->reader);
	if (r < 0)
		return diag_set(d, r, "out of memory");
	s->fd = open_input(path, d);
	if (s->fd < 0)
		return s->fd;
	if (fstat(s->fd, &st) < 0 || S_ISDIR(st.st_mode))
		return diag_set(d, -EISDIR, "\"%s\" is a folder, a log file is needed", path);
	r = can_wait(s->fd);
	if (r < 0)
		return diag_set(d, r, "cannot wait for \"%s\": %s", path, strerror(-r));
	s->pollable = r > 0;
	f->follow = S_ISREG(st.st_mode) && !once;
	snprintf(s->name, sizeof(s->name), "file:%.50s", path);
	*ret = STEAL(s);
	return 0;
}
