/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/backfill.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/sock_diag.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include "daemon/log.h"
#include "daemon/now.h"
#include "evidence/serial.h"

/* Entries per turn: so that signals and the stop event get their turn between. */
#define ENTRIES_PER_TURN 256

/* How often the journal's end is looked at: for entries that journald has not written yet. */
#define LOOK_INTERVAL (20 * USEC_PER_MSEC)

/* At the journal's end: how long some are awaited that must come, or that may. */
#define PATIENCE (5 * USEC_PER_SEC)
#define QUIET (1 * USEC_PER_SEC)

/* journald takes an entry later than it was made, and the clock may have been set a little. */
#define SEEK_MARGIN (10 * USEC_PER_SEC)

typedef struct BackfillSource {
	Source source; /* its descriptor: the timer's, and behind the filling the live one's */
	Source *live;
	JournalAudit *journal; /* NULL: filled */
	BackfillGap gap;
	int timer_fd;
	SerialTracker serials;
	uint64_t missing, taken;
	usec_t moved;         /* when the last entry came; monotonic */
	uint32_t recent[256]; /* serials that were taken last */
	size_t n_recent;
	bool passed; /* the live stream is behind all of them */
	const SourceSink *to;
	JournalAuditEntry entry;
} BackfillSource;

BackfillChoice backfill_choose(const BackfillGap *gap, bool here, const Line *line)
{
	uint32_t serial = line->record.serial;

	if (!line->has_stamp)
		return BACKFILL_PASS;
	if (!here)
		return gap->earlier > 0 && line_time(line) > gap->earlier ? BACKFILL_TAKE
									  : BACKFILL_PASS;
	if (gap->has_end && (int32_t)(serial - gap->end) >= 0)
		return BACKFILL_OVER;
	if (gap->has_last && (int32_t)(serial - gap->last) <= 0)
		return BACKFILL_PASS;
	return BACKFILL_TAKE;
}

void backfill_settle(Tally *t)
{
	TallyTotals *totals = tally_totals(t);
	uint32_t serial = (uint32_t)(totals->fill_begun - 1);

	if (totals->fill_begun != 0 && tally_counted(t) != totals->fill_counted_before &&
	    (int32_t)(serial - totals->last_serial) > 0)
		totals->last_serial = serial;
	totals->fill_begun = 0;
}

JournalAudit *backfill_open(const char *boot)
{
	_cleanup_(journal_audit_freep) JournalAudit *j = NULL;
	Diag d;

	if (journal_audit_new(boot, false, &j, &d) < 0) {
		log_line(LOG_WARNING, "Backfill=yes fills nothing: %s", d.text);
		return NULL;
	}
	if (journal_audit_is_empty(j)) {
		log_line(LOG_WARNING,
			 "Backfill=yes fills nothing: the journal has no audit records of this "
			 "boot, which come there by systemd-journald-audit.socket");
		return NULL;
	}
	return STEAL(j);
}

/* ---- the live stream ---- */

/* Half of its room is taken. */
static bool is_crowded(int fd)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t n = sizeof(info);

	return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &n) == 0 &&
	       info[SK_MEMINFO_RMEM_ALLOC] > info[SK_MEMINFO_RCVBUF] / 2;
}

static void look_for_end(BackfillSource *b, const SourceSink *sink)
{
	if (!b->gap.has_end)
		b->gap.has_end = source_netlink_first(b->live, sink, &b->gap.end) > 0;
}

static bool is_recent(const BackfillSource *b, uint32_t serial)
{
	size_t n = MIN(b->n_recent, ELEMENTSOF(b->recent));

	for (size_t i = 0; i < n; i++)
		if (b->recent[i] == serial)
			return true;
	return false;
}

/* Neighbours arrive out of order: behind the first there may be some that stood in front of it. */
static void pass_line(const Line *line, void *userdata)
{
	BackfillSource *b = userdata;

	if (line->has_stamp && (int32_t)(line->record.serial - b->serials.highest) <= 0) {
		if (is_recent(b, line->record.serial))
			return;
	} else if (line->has_stamp &&
		   line->record.serial - b->serials.highest > ELEMENTSOF(b->recent)) {
		b->passed = true;
	}
	b->to->line(line, b->to->userdata);
}

static void pass_batch(void *userdata)
{
	const BackfillSource *b = userdata;

	b->to->batch(b->to->userdata);
}

static void pass_enobufs(void *userdata)
{
	const BackfillSource *b = userdata;

	b->to->enobufs(b->to->userdata);
}

static void pass_other_sender(void *userdata)
{
	const BackfillSource *b = userdata;

	b->to->other_sender(b->to->userdata);
}

static int drain_live(BackfillSource *b, const SourceSink *sink)
{
	const SourceSink between = { .batch = pass_batch,
				     .line = pass_line,
				     .enobufs = pass_enobufs,
				     .other_sender = pass_other_sender,
				     .userdata = b };

	b->to = sink;
	return b->live->ops->drain(b->live, b->passed ? sink : &between);
}

/* ---- filling ---- */

static int set_timer(const BackfillSource *b, usec_t in)
{
	const struct itimerspec at = { .it_value = { .tv_nsec = (long)in * 1000 } };

	return timerfd_settime(b->timer_fd, 0, &at, NULL) < 0 ? -errno : 0;
}

/* Nothing between the last that was known and the last that came, or the first that waits. */
static bool is_whole(BackfillSource *b)
{
	if (b->gap.has_end)
		b->missing += serial_add(&b->serials, b->gap.end);
	b->missing += serial_flush(&b->serials);
	return b->gap.has_last && (b->gap.has_end || b->taken > 0) && b->missing == 0;
}

static void say(const BackfillSource *b, bool whole)
{
	if (b->taken > 0 || b->missing > 0)
		log_line(LOG_NOTICE,
			 "of the time without seccompd, %" PRIu64
			 " audit records came from the journal; %s",
			 b->taken, whole ? "none is missing" : "what is missing is stated as lost");
}

static int finish(BackfillSource *b, const SourceSink *sink)
{
	struct epoll_event event = { .events = EPOLLIN };
	bool whole = is_whole(b);

	say(b, whole);
	sink->caught_up(whole ? now_of(CLOCK_REALTIME) : 0, sink->userdata);
	b->journal = journal_audit_free(b->journal);
	if (epoll_ctl(b->source.fd, EPOLL_CTL_ADD, b->live->fd, &event) < 0)
		return -errno;
	return SOURCE_MORE;
}

static void take(BackfillSource *b, bool here, const SourceSink *sink)
{
	const Line *line = &b->entry.line;

	b->taken++;
	if (here) {
		b->missing += serial_add(&b->serials, line->record.serial);
		if (line->status != LINE_SKIP)
			b->recent[b->n_recent++ % ELEMENTSOF(b->recent)] = line->record.serial;
	}
	sink->filled(line, here, b->entry.steady, sink->userdata);
}

/* The first look at the live stream is behind that at the entry: was it made in front of what the
 * stream has? False when the gap is over. */
static bool take_entry(BackfillSource *b, const SourceSink *sink)
{
	bool here = strcmp(b->entry.boot, journal_audit_boot(b->journal)) == 0;
	BackfillChoice choice;

	b->moved = now_of(CLOCK_MONOTONIC);
	look_for_end(b, sink);
	choice = backfill_choose(&b->gap, here, &b->entry.line);
	if (choice == BACKFILL_TAKE)
		take(b, here, sink);
	return choice != BACKFILL_OVER;
}

/* At the journal's end: is there anything to be waited for? */
static bool is_over(const BackfillSource *b)
{
	usec_t waited = now_of(CLOCK_MONOTONIC) - b->moved;

	if (!b->gap.has_end)
		return b->gap.held || waited > QUIET;
	return waited > PATIENCE || (b->serials.started && b->serials.highest + 1 == b->gap.end);
}

/* 1 when the gap is over, 0 at the journal's end, -EAGAIN when there is more. */
static int take_entries(BackfillSource *b, const SourceSink *sink)
{
	const char *cursor;
	int r = journal_audit_process(b->journal);

	if (r >= 0)
		r = -EAGAIN;
	for (unsigned n = 0; r == -EAGAIN && n < ENTRIES_PER_TURN; n++) {
		r = journal_audit_next(b->journal, &b->entry);
		if (r > 0)
			r = take_entry(b, sink) ? -EAGAIN : 1;
	}
	/* To go on there when files go away under us. */
	(void)journal_audit_cursor(b->journal, &cursor);
	return r;
}

static int fill(BackfillSource *b, const SourceSink *sink)
{
	uint64_t times;
	bool at_end;
	int r;

	if (read(b->timer_fd, &times, sizeof(times)) < 0 && errno != EAGAIN)
		return -errno;
	look_for_end(b, sink);
	sink->batch(sink->userdata);
	r = take_entries(b, sink);
	if (r < 0 && r != -EAGAIN)
		log_line(LOG_WARNING, "Backfill=yes stops: cannot read the journal: %s",
			 strerror(-r));
	if (r == 1 || (r < 0 && r != -EAGAIN) || (r == 0 && is_over(b)) || is_crowded(b->live->fd))
		return finish(b, sink);
	at_end = r == 0;
	r = set_timer(b, at_end ? LOOK_INTERVAL : 1);
	return r < 0 ? r : at_end ? SOURCE_IDLE : SOURCE_MORE;
}

static int backfill_drain(Source *s, const SourceSink *sink)
{
	BackfillSource *b = (BackfillSource *)s;

	return b->journal ? fill(b, sink) : drain_live(b, sink);
}

static void backfill_free(Source *s)
{
	BackfillSource *b = (BackfillSource *)s;

	closep(&s->fd);
	closep(&b->timer_fd);
	journal_audit_free(b->journal);
	source_free(b->live);
	free(b);
}

static const SourceOps backfill_ops = { .drain = backfill_drain, .free = backfill_free };

static int make_descriptors(BackfillSource *b)
{
	struct epoll_event event = { .events = EPOLLIN };

	b->source.fd = epoll_create1(EPOLL_CLOEXEC);
	b->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (b->source.fd < 0 || b->timer_fd < 0 ||
	    epoll_ctl(b->source.fd, EPOLL_CTL_ADD, b->timer_fd, &event) < 0)
		return -errno;
	return set_timer(b, 1);
}

int backfill_begin(Source **source, JournalAudit *journal, const BackfillGap *gap)
{
	_cleanup_(source_freep) Source *s = NULL;
	BackfillSource *b = calloc(1, sizeof(*b));
	int r;

	if (!b) {
		journal_audit_free(journal);
		return -ENOMEM;
	}
	b->source = (Source){ .ops = &backfill_ops, .fd = -1, .pollable = true, .live = true };
	b->journal = journal;
	b->timer_fd = -1;
	s = &b->source;
	memcpy(s->name, (*source)->name, sizeof(s->name));
	b->gap = *gap;
	b->moved = now_of(CLOCK_MONOTONIC);
	if (gap->has_last)
		serial_resume(&b->serials, gap->last);
	r = make_descriptors(b);
	if (r >= 0)
		r = journal_audit_seek_time(journal, gap->stopped - MIN(gap->stopped, SEEK_MARGIN));
	if (r < 0)
		return r;
	b->live = *source;
	*source = STEAL(s);
	return 0;
}
