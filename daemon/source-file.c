/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#include "audit/duplicate.h"
#include "daemon/source.h"
#include "source/log-reader.h"

/* Reads per turn: so that signals and the stop event get their turn between. */
#define READS_PER_TURN 16

typedef struct FileSource {
	Source source;
	LineReader reader;
	LogReader *log; /* of all but a plain file, which has the shorter way of its own */
	DuplicateWindow window;
	RecordMemo memo;
	bool follow;
	char scratch[LINE_READER_MAX];
} FileSource;

static void deliver(FileSource *f, const LineText *text, const SourceSink *sink)
{
	Line line;

	log_line_decode(text, f->scratch, &f->memo, &line);
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

typedef struct Delivery {
	FileSource *source;
	const SourceSink *sink;
} Delivery;

static void deliver_decoded(Line *line, void *userdata)
{
	const Delivery *d = userdata;

	duplicate_mark(&d->source->window, line);
	d->sink->line(line, d->sink->userdata);
}

static int drain_log(FileSource *f, const SourceSink *sink)
{
	Delivery d = { f, sink };

	for (unsigned i = 0; i < READS_PER_TURN; i++) {
		int r = log_reader_step(f->log, deliver_decoded, &d);

		if (r == LOG_END)
			return SOURCE_END;
		if (r < 0)
			return r == -EAGAIN ? SOURCE_IDLE : r;
	}
	return SOURCE_MORE;
}

static int file_drain(Source *s, const SourceSink *sink)
{
	FileSource *f = (FileSource *)s;

	if (f->log)
		return drain_log(f, sink);
	for (unsigned i = 0; i < READS_PER_TURN; i++) {
		LineText text;
		size_t room;
		char *p = line_reader_room(&f->reader, &room);
		ssize_t n;

		n = read(s->fd, p, room);
		if (n < 0 && errno == EINTR)
			continue;
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
	log_reader_free(f->log);
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

/* A file that is to be read to its end says by its first bytes what it is. */
static bool is_wrapped(int fd)
{
	char head[LOG_HEAD_MAX];
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t n = at >= 0 ? pread(fd, head, sizeof(head), at) : -1;

	return n > 0 && log_is_wrapped(span_make(head, (size_t)n));
}

static int choose_way(FileSource *f, const char *path, Diag *d)
{
	Source *s = &f->source;
	int r = 0;

	if (s->pollable)
		r = log_reader_new(s->fd, true, &f->log);
	else if (!is_wrapped(s->fd))
		r = line_reader_init(&f->reader);
	else if (f->follow)
		return diag_set(d, -EINVAL,
				"\"%s\" is packed, or a journal's export: it cannot be followed as "
				"it grows, only read with --once",
				path);
	else
		r = log_reader_new(s->fd, false, &f->log);
	return r < 0 ? diag_set(d, r, "out of memory") : 0;
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
	r = choose_way(f, path, d);
	if (r < 0)
		return r;
	snprintf(s->name, sizeof(s->name), "file:%.50s", path);
	*ret = STEAL(s);
	return 0;
}
