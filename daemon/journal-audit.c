/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/journal-audit.h"

#include <errno.h>

#include "daemon/log.h"
#include "daemon/now.h"
#include "source/journal-entry.h"

/* The kernel's log has other lines, which a turn may have to pass over. */
#define PASSED_OVER_MAX 256

/* Two looks at clocks are of one moment, and journald makes two for each entry. */
#define CLOCK_TOLERANCE (20 * USEC_PER_MSEC)

#define FROM_AUDIT SPAN_LIT("_TRANSPORT=audit")
#define FROM_LOG SPAN_LIT("_TRANSPORT=kernel")

struct JournalAudit {
	JournalReader *reader;
	char boot[JOURNAL_BOOT_ID];
	bool log, empty;
	bool passes_over; /* what this boot has up to .passed_serial */
	uint32_t passed_serial;
	bool has_log_serial;
	uint32_t log_serial; /* the last that was taken from the log */
	char *cursor;        /* the last that was asked for */
	uint64_t since;      /* entries behind it */
	JournalValues values;
};

static void set_boot(JournalAudit *j, const char *boot)
{
	size_t n = 0;

	for (; *boot && n < sizeof(j->boot) - 1; boot++)
		if (*boot != '-')
			j->boot[n++] = *boot;
	j->boot[n] = '\0';
}

static int open_reader(JournalReader **ret)
{
	static const JournalPlace machine = { 0 };

	return journal_reader_new(&machine, journal_field_names, _JOURNAL_FIELD_MAX, ret);
}

/* Is there any entry of this boot, with @match where it is not empty? */
static int has_any(const JournalAudit *j, Span match)
{
	_cleanup_(journal_reader_freep) JournalReader *r = NULL;
	char of_boot[sizeof("_BOOT_ID=") + JOURNAL_BOOT_ID];
	JournalValues values;
	int e = open_reader(&r);

	snprintf(of_boot, sizeof(of_boot), "_BOOT_ID=%s", j->boot);
	if (e >= 0)
		e = journal_reader_match(r, span_of(of_boot));
	if (e >= 0 && match.n > 0)
		e = journal_reader_match(r, match);
	if (e >= 0)
		e = journal_reader_seek_head(r);
	return e < 0 ? e : journal_reader_next(r, &values);
}

static int begin_reading(JournalAudit *j)
{
	int e = open_reader(&j->reader);

	if (e >= 0)
		e = journal_reader_match(j->reader, FROM_AUDIT);
	if (e >= 0 && j->log)
		e = journal_reader_match(j->reader, FROM_LOG);
	/* Following begins with asking for the descriptor: what comes from then on is told. */
	if (e >= 0)
		e = journal_reader_fd(j->reader);
	return MIN(e, 0);
}

static int choose_transport(JournalAudit *j, bool log, Diag *d)
{
	int any = has_any(j, SPAN_NULL), audit = any > 0 ? has_any(j, FROM_AUDIT) : any;

	if (audit < 0)
		return diag_set(d, audit, "cannot read the journal: %s", strerror(-audit));
	if (any == 0)
		return diag_set(
			d, -EACCES,
			"no entry of this boot can be read from the journal: run as root or "
			"in the group systemd-journal, and see whether systemd-journald runs");
	j->log = log && audit == 0;
	j->empty = audit == 0;
	return audit;
}

static void warn_of_log(const JournalAudit *j, int audit)
{
	if (audit > 0)
		return;
	if (j->log && has_any(j, FROM_LOG) > 0)
		log_line(
			LOG_WARNING,
			"the journal has no audit records of its own in this boot "
			"(systemd-journald-audit.socket), only the kernel's log, which leaves most "
			"out when many come: it is read until there are");
	else
		log_line(LOG_WARNING,
			 "the journal has no audit records of this boot yet: they come there by "
			 "systemd-journald-audit.socket, or from the kernel's log (ReadKMsg=)");
}

int journal_audit_new(const char *boot, bool log, JournalAudit **ret, Diag *d)
{
	_cleanup_(journal_audit_freep) JournalAudit *j = calloc(1, sizeof(*j));
	int audit, e;

	if (!j)
		return diag_set(d, -ENOMEM, "out of memory");
	set_boot(j, boot);
	audit = choose_transport(j, log, d);
	if (audit < 0)
		return audit;
	if (log)
		warn_of_log(j, audit);
	e = begin_reading(j);
	if (e < 0)
		return diag_set(d, e, "cannot read the journal: %s", strerror(-e));
	*ret = STEAL(j);
	return 0;
}

JournalAudit *journal_audit_free(JournalAudit *j)
{
	if (!j)
		return NULL;
	journal_reader_free(j->reader);
	free(j->cursor);
	free(j);
	return NULL;
}

const char *journal_audit_boot(const JournalAudit *j)
{
	return j->boot;
}

bool journal_audit_is_log(const JournalAudit *j)
{
	return j->log;
}

bool journal_audit_is_empty(const JournalAudit *j)
{
	return j->empty;
}

void journal_audit_pass_over(JournalAudit *j, uint32_t serial)
{
	j->passes_over = true;
	j->passed_serial = serial;
}

static int set_cursor(JournalAudit *j, const char *cursor)
{
	char *copy = strdup(cursor);

	if (!copy)
		return -ENOMEM;
	free(j->cursor);
	j->cursor = copy;
	j->since = 0;
	return 0;
}

int journal_audit_seek_cursor(JournalAudit *j, const char *cursor)
{
	int e = set_cursor(j, cursor);

	return e < 0 ? e : journal_reader_seek_cursor(j->reader, cursor);
}

int journal_audit_seek_time(JournalAudit *j, usec_t time)
{
	return journal_reader_seek_time(j->reader, time);
}

int journal_audit_seek_tail(JournalAudit *j)
{
	return journal_reader_seek_tail(j->reader);
}

int journal_audit_fd(JournalAudit *j)
{
	return journal_reader_fd(j->reader);
}

int journal_audit_process(JournalAudit *j)
{
	return journal_reader_process(j->reader);
}

/* A file was shortened under us: the reader is of no more use. */
static int begin_anew(JournalAudit *j)
{
	uint64_t behind = j->since;
	int e;

	if (!j->cursor)
		return -EBADMSG;
	j->reader = journal_reader_free(j->reader);
	e = begin_reading(j);
	if (e >= 0)
		e = journal_reader_seek_cursor(j->reader, j->cursor);
	/* What is gone now shows by its serials. */
	for (bool found = e > 0; e >= 0 && found && behind > 0; behind--)
		e = journal_reader_next(j->reader, &j->values);
	return MIN(e, 0);
}

/* ---- one entry ---- */

static bool is_steady(const JournalAudit *j, const JournalAuditEntry *e, uint64_t monotonic)
{
	int64_t then = (int64_t)(e->taken - monotonic), now;

	if (strcmp(e->boot, j->boot) != 0)
		return false;
	now = (int64_t)(now_of(CLOCK_REALTIME) - now_of(CLOCK_MONOTONIC));
	return now - then < (int64_t)CLOCK_TOLERANCE && then - now < (int64_t)CLOCK_TOLERANCE;
}

static bool is_behind_passed(const JournalAudit *j, const JournalAuditEntry *e)
{
	return !j->passes_over || strcmp(e->boot, j->boot) != 0 || !e->line.has_stamp ||
	       (int32_t)(e->line.record.serial - j->passed_serial) > 0;
}

/* Is it worth the caller's time? */
static bool choose(JournalAudit *j, const JournalAuditEntry *e)
{
	bool from_log = span_is(j->values.values[JOURNAL_TRANSPORT], "kernel");

	if (from_log) {
		if (!j->log || !is_behind_passed(j, e) ||
		    (!e->line.has_stamp && e->line.status != LINE_REJECT))
			return false;
		j->has_log_serial = e->line.has_stamp && strcmp(e->boot, j->boot) == 0;
		j->log_serial = e->line.record.serial;
		return true;
	}
	if (j->log && j->has_log_serial)
		journal_audit_pass_over(j, j->log_serial);
	j->log = false;
	return is_behind_passed(j, e);
}

static int read_entry(JournalAudit *j, JournalAuditEntry *ret)
{
	JournalEntry entry = { 0 };
	uint64_t monotonic;
	int e = journal_reader_next(j->reader, &j->values);

	if (e <= 0)
		return e;
	j->since++;
	e = journal_reader_clocks(j->reader, &ret->taken, &monotonic, ret->boot);
	if (e < 0)
		return e;
	for (size_t i = 0; i < _JOURNAL_FIELD_MAX; i++)
		entry.fields[i] = j->values.values[i];
	entry.left_out = j->values.cut ? "its text is too long" : NULL;
	journal_entry_decode(&entry, &ret->line);
	ret->steady = is_steady(j, ret, monotonic);
	return 1;
}

int journal_audit_next(JournalAudit *j, JournalAuditEntry *ret)
{
	for (unsigned i = 0; i < PASSED_OVER_MAX; i++) {
		int e = read_entry(j, ret);

		if (e == -EBADMSG) {
			e = begin_anew(j);
			if (e < 0)
				return e;
			continue;
		}
		if (e <= 0)
			return e;
		if (choose(j, ret))
			return 1;
	}
	return -EAGAIN;
}

int journal_audit_cursor(JournalAudit *j, const char **ret)
{
	_cleanup_free_ char *cursor = NULL;
	int e = journal_reader_cursor(j->reader, &cursor);

	if (e >= 0)
		e = set_cursor(j, cursor);
	if (e >= 0)
		*ret = j->cursor;
	return MIN(e, 0);
}
