/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The journal's audit records, for hosts where the stream itself is not given to us. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "daemon/journal-audit.h"
#include "daemon/source.h"

/* Entries per turn: so that signals and the stop event get their turn between. */
#define ENTRIES_PER_TURN 256

typedef struct JournalSource {
	Source source; /* its descriptor: the journal's, and one that is readable while there is
			  more */
	JournalAudit *journal;
	int more_fd;
	Position *position;
	const uint64_t *consumed;
	uint64_t skip;
	bool known; /* .before is the serial in front of the first entry */
	uint32_t before;
	bool caught_up;
	usec_t until; /* the last of an earlier boot */
	char first_boot[JOURNAL_BOOT_ID], boot[JOURNAL_BOOT_ID];
	JournalAuditEntry entry;
} JournalSource;

static void note_boot(JournalSource *j, const SourceSink *sink)
{
	const char *boot = j->entry.boot;

	if (strcmp(boot, j->boot) == 0)
		return;
	sink->serials(j->known && strcmp(boot, j->first_boot) == 0, j->before, sink->userdata);
	j->known = false;
	snprintf(j->boot, sizeof(j->boot), "%s", boot);
}

static void take(JournalSource *j, const SourceSink *sink)
{
	PositionMark *m = &j->position->mark;

	if (j->skip > 0)
		j->skip--;
	else {
		note_boot(j, sink);
		if (!j->entry.steady && !j->caught_up)
			j->until = line_time(&j->entry.line);
		sink->kept(&j->entry.line, j->entry.steady, sink->userdata);
	}
	snprintf(m->boot, sizeof(m->boot), "%s", j->entry.boot);
	m->has_serial = j->entry.line.has_stamp;
	m->serial = j->entry.line.record.serial;
}

/* Where the reader stands, between two entries. */
static int set_mark(JournalSource *j)
{
	PositionMark *m = &j->position->mark;
	const char *cursor;
	int r;

	j->position->passing = j->skip > 0;
	if (j->skip > 0)
		return 0;
	r = journal_audit_cursor(j->journal, &cursor);
	if (r < 0)
		return r == -EADDRNOTAVAIL ? 0 : r;
	if (strlen(cursor) >= sizeof(m->cursor))
		return -E2BIG;
	snprintf(m->cursor, sizeof(m->cursor), "%s", cursor);
	m->log = journal_audit_is_log(j->journal);
	m->consumed = *j->consumed;
	return 0;
}

static int take_entries(JournalSource *j, const SourceSink *sink)
{
	int r = journal_audit_process(j->journal);
	unsigned n = 0;

	while (r >= 0 && n < ENTRIES_PER_TURN) {
		r = journal_audit_next(j->journal, &j->entry);
		if (r <= 0)
			break;
		if (n++ == 0)
			sink->batch(sink->userdata);
		take(j, sink);
	}
	/* At the end, what the tally has more than the journal is gone from there. */
	if (r == 0)
		j->skip = 0;
	if (n > 0 || r == 0) {
		int e = set_mark(j);

		r = e < 0 ? e : r;
	}
	return r;
}

static int be_readable(JournalSource *j, bool more)
{
	uint64_t value = 1;
	ssize_t n = more ? write(j->more_fd, &value, sizeof(value))
			 : read(j->more_fd, &value, sizeof(value));

	return n < 0 && errno != EAGAIN ? -errno : 0;
}

static int journal_drain(Source *s, const SourceSink *sink)
{
	JournalSource *j = (JournalSource *)s;
	int r, e;

	position_lock(j->position);
	r = take_entries(j, sink);
	position_unlock(j->position);
	if (r < 0 && r != -EAGAIN)
		return r;
	if (r == 0 && !j->caught_up) {
		j->caught_up = true;
		sink->caught_up(j->until, sink->userdata);
	}
	e = be_readable(j, r != 0);
	return e < 0 ? e : r == 0 ? SOURCE_IDLE : SOURCE_MORE;
}

static void journal_free(Source *s)
{
	JournalSource *j = (JournalSource *)s;

	closep(&s->fd);
	closep(&j->more_fd);
	journal_audit_free(j->journal);
	free(j);
}

static const SourceOps journal_ops = { .drain = journal_drain, .free = journal_free };

static int watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (fd < 0)
		return fd;
	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static int make_descriptors(JournalSource *j)
{
	int r;

	j->source.fd = epoll_create1(EPOLL_CLOEXEC);
	j->more_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (j->source.fd < 0 || j->more_fd < 0)
		return -errno;
	r = watch(j->source.fd, j->more_fd);
	return r < 0 ? r : watch(j->source.fd, journal_audit_fd(j->journal));
}

int source_journal_new(const char *boot, Source **ret, Diag *d)
{
	_cleanup_(source_freep) Source *s = NULL;
	JournalSource *j = calloc(1, sizeof(*j));
	int r;

	if (!j)
		return diag_set(d, -ENOMEM, "out of memory");
	j->more_fd = -1;
	j->source = (Source){
		.ops = &journal_ops, .fd = -1, .pollable = true, .live = true, .keeps = true
	};
	s = &j->source;
	snprintf(s->name, sizeof(s->name), "journal");
	r = journal_audit_new(boot, true, &j->journal, d);
	if (r < 0)
		return r;
	r = make_descriptors(j);
	if (r < 0)
		return diag_set(d, r, "cannot follow the journal: %s", strerror(-r));
	*ret = STEAL(s);
	return 0;
}

/* 1 when all that came behind @start is there. */
static int seek(JournalSource *j, const PositionStart *start)
{
	int r;

	if (start->mark.cursor[0] == '\0') {
		r = journal_audit_seek_tail(j->journal);
		return MIN(r, 0);
	}
	if (start->mark.log && !journal_audit_is_log(j->journal) && start->mark.has_serial)
		journal_audit_pass_over(j->journal, start->mark.serial);
	return journal_audit_seek_cursor(j->journal, start->mark.cursor);
}

int source_journal_begin(Source *s, const PositionStart *start, Position *position,
			 const uint64_t *consumed, bool resumed, bool *ret_kept)
{
	JournalSource *j = (JournalSource *)s;
	int r = seek(j, start);

	if (r < 0)
		return r;
	j->position = position;
	j->consumed = consumed;
	position->mark = start->mark;
	/* A cursor that is gone tells no more where we were; the serials do. */
	j->skip = r > 0 ? start->skip : 0;
	position->passing = j->skip > 0;
	j->known = start->mark.has_serial && !start->same_tally && r > 0;
	j->before = start->mark.serial;
	snprintf(j->first_boot, sizeof(j->first_boot), "%s", start->mark.boot);
	if (resumed && !j->known)
		snprintf(j->boot, sizeof(j->boot), "%s",
			 start->same_tally ? start->mark.boot : journal_audit_boot(j->journal));
	if (resumed && r == 0 && start->has_serial)
		journal_audit_pass_over(j->journal, start->serial);
	*ret_kept = r > 0;
	return set_mark(j);
}
