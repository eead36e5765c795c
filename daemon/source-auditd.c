/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As a plugin of auditd, which writes each record of the kernel to our standard input. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>

#include "daemon/log.h"
#include "daemon/source.h"
#include "source/audisp.h"
#include "source/line-reader.h"

/* Reads per turn, so that signals and the stop event get their turn under a flood. */
#define READS_PER_TURN 16

#define NODE_MAX 256 /* the kernel's host names have 64; auditd's may have domains */

typedef struct AuditdSource {
	Source source;
	enum { FORMAT_UNKNOWN, FORMAT_STRING, FORMAT_BINARY } format;
	LineReader lines; /* of the binary format, only its buffer is used */
	Audisp frames;
	RecordMemo memo;
	bool begun; /* the first line has come */
	bool warned;
	char node[NODE_MAX]; /* ours, once it is known */
	char host[HOST_NAME_MAX + 1];
} AuditdSource;

static Span first_label(Span name)
{
	const char *dot = name.n > 0 ? memchr(name.p, '.', name.n) : NULL;

	return dot ? span_first(name, (size_t)(dot - name.p)) : name;
}

/*
 * auditd may pass on what other hosts sent it (distribute_network), and how it calls itself is its
 * configuration's (name_format). Its very first line is of itself; where we come later, the name
 * must be the host's.
 */
static bool is_own_node(AuditdSource *a, Span node, Span text)
{
	Span host = span_of(a->host);
	bool own = (!a->begun && span_starts(text, SPAN_LIT("type=DAEMON_START "))) ||
		   (a->node[0] == '\0' && span_eq(first_label(node), first_label(host)));

	if (own)
		span_copy(node, a->node, sizeof(a->node));
	return own || span_is(node, a->node);
}

static void refuse_node(AuditdSource *a, Span node, Line *ret)
{
	if (!a->warned)
		log_line(
			LOG_WARNING,
			"auditd passes records of \"%.*s\" on, which is not this host (%s): they "
			"are not counted. Unless another host sends them, set name_format=hostname "
			"in auditd.conf",
			(int)MIN(node.n, (size_t)NODE_MAX), node.p, a->node[0] ? a->node : a->host);
	a->warned = true;
	/* Not to know whose it is, is loss. */
	*ret = (Line){ .status = a->node[0] ? LINE_SKIP : LINE_REJECT,
		       .reason = "a record of another host" };
}

static void deliver_line(AuditdSource *a, Span text, uint16_t type, const SourceSink *sink)
{
	AudispFrame frame = { .type = type, .formatted = true, .text = text };
	Span node = audisp_take_node(&frame.text);
	Line line;

	if (node.n > 0 && !is_own_node(a, node, frame.text))
		refuse_node(a, node, &line);
	else
		audisp_decode(&frame, &a->memo, &line);
	a->begun = true;
	sink->line(&line, sink->userdata);
}

static void deliver_frame(AuditdSource *a, const AudispFrame *frame, const SourceSink *sink)
{
	Line line;

	if (!frame->damage && frame->formatted) {
		deliver_line(a, frame->text, frame->type, sink);
		return;
	}
	if (frame->damage)
		line = (Line){ .status = LINE_REJECT, .reason = frame->damage };
	else
		audisp_decode(frame, &a->memo, &line);
	sink->line(&line, sink->userdata);
}

static void deliver_text(AuditdSource *a, const LineText *text, const SourceSink *sink)
{
	const Line too_long = { .status = LINE_REJECT, .reason = "line too long" };

	if (text->too_long)
		sink->line(&too_long, sink->userdata);
	else
		deliver_line(a, text->text, 0, sink);
}

static void deliver_lines(AuditdSource *a, bool end, const SourceSink *sink)
{
	LineText text;

	while (line_reader_next(&a->lines, &text) || (end && line_reader_last(&a->lines, &text)))
		deliver_text(a, &text, sink);
}

static void deliver_frames(AuditdSource *a, const SourceSink *sink)
{
	Span rest = span_make(a->lines.buffer + a->lines.begin, a->lines.end - a->lines.begin);
	AudispFrame frame;

	while (audisp_next(&a->frames, &rest, &frame))
		deliver_frame(a, &frame, sink);
	a->lines.begin = a->lines.end - rest.n;
}

static void deliver(AuditdSource *a, bool end, const SourceSink *sink)
{
	Span head = span_make(a->lines.buffer + a->lines.begin, a->lines.end - a->lines.begin);

	if (a->format == FORMAT_UNKNOWN && head.n > 0)
		a->format = audisp_is_binary(head) ? FORMAT_BINARY : FORMAT_STRING;
	if (a->format == FORMAT_STRING)
		deliver_lines(a, end, sink);
	if (a->format == FORMAT_BINARY)
		deliver_frames(a, sink);
}

/* Never waits, whatever somebody else made of the flags that we share with whoever started us. */
static ssize_t read_some(AuditdSource *a)
{
	struct pollfd p = { .fd = a->source.fd, .events = POLLIN };
	size_t room;
	char *to = line_reader_room(&a->lines, &room);
	ssize_t n;

	if (poll(&p, 1, 0) <= 0)
		return -EAGAIN;
	n = read(a->source.fd, to, room);
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	line_reader_fed(&a->lines, (size_t)n);
	return n;
}

static int auditd_drain(Source *s, const SourceSink *sink)
{
	AuditdSource *a = (AuditdSource *)s;

	for (unsigned i = 0; i < READS_PER_TURN; i++) {
		ssize_t n = read_some(a);

		if (n == -EAGAIN)
			return SOURCE_IDLE;
		if (n < 0 && n != -ECONNRESET)
			return (int)n;
		if (n > 0)
			sink->batch(sink->userdata);
		deliver(a, n <= 0, sink);
		if (n <= 0)
			return SOURCE_END;
	}
	return SOURCE_MORE;
}

static void auditd_free(Source *s)
{
	AuditdSource *a = (AuditdSource *)s;

	closep(&s->fd);
	line_reader_done(&a->lines);
	free(a);
}

static const SourceOps auditd_ops = { .drain = auditd_drain, .free = auditd_free };

int source_auditd_new(Source **ret, Diag *d)
{
	_cleanup_(source_freep) Source *s = NULL;
	AuditdSource *a = calloc(1, sizeof(*a));

	if (!a || line_reader_init(&a->lines) < 0) {
		free(a);
		return diag_set(d, -ENOMEM, "out of memory");
	}
	a->source = (Source){ .ops = &auditd_ops, .fd = -1, .pollable = true, .live = true };
	s = &a->source;
	snprintf(s->name, sizeof(s->name), "auditd");
	if (gethostname(a->host, sizeof(a->host) - 1) < 0)
		return diag_set(d, -errno, "cannot get the host's name: %s", strerror(errno));
	if (lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0 || isatty(STDIN_FILENO))
		return diag_set(
			d, -EINVAL,
			"standard input is not auditd's: auditd itself must start seccompd, "
			"as its plugin (seccompd(8)); a log is read with --source file:PATH");
	s->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (s->fd < 0)
		return diag_set(d, -errno, "standard input cannot be used: %s", strerror(errno));
	*ret = STEAL(s);
	return 0;
}
