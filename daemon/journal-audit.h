/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Audit records out of the machine's journal: those that journald took from the kernel itself
 * (_TRANSPORT=audit), or where there are none in this boot, what the kernel's log has of them. No
 * program can make an entry of either. Never both, which would be each record twice; when journald
 * begins to take them itself, what the log had already is passed over.
 *
 * Reading takes memory maps, and so may wait for a disk.
 */
#include "audit/line.h"
#include "source/journal-reader.h"
#include "util/clock.h"
#include "util/error.h"

typedef struct JournalAudit JournalAudit;

typedef struct JournalAuditEntry {
	Line line; /* with a stamp, or rejected; valid until the next call */
	usec_t taken;
	char boot[JOURNAL_BOOT_ID];
	/* It is of this boot, and nobody has set the clock since: its time and those of processes
	 * that run now can be compared. */
	bool steady;
} JournalAuditEntry;

/* @boot is this boot's id, with or without its dashes; with @log records of the kernel's log are
 * good enough. On failure @d has the sentence. */
int journal_audit_new(const char *boot, bool log, JournalAudit **ret, Diag *d);
JournalAudit *journal_audit_free(JournalAudit *j);
DEFINE_CLEANUP(JournalAudit, journal_audit_free);

/* This boot's id, 32 hex digits. */
const char *journal_audit_boot(const JournalAudit *j) _pure_;

/* Are they taken from the kernel's log? */
bool journal_audit_is_log(const JournalAudit *j) _pure_;
/* Had this boot none of journald's own when it was opened? */
bool journal_audit_is_empty(const JournalAudit *j) _pure_;
/* This boot's serials up to @serial are known already, and are passed over. */
void journal_audit_pass_over(JournalAudit *j, uint32_t serial);

/* As those of the reader. */
int journal_audit_seek_cursor(JournalAudit *j, const char *cursor);
int journal_audit_seek_time(JournalAudit *j, usec_t time);
int journal_audit_seek_tail(JournalAudit *j);
int journal_audit_fd(JournalAudit *j);

/* Takes in what is new: before reading on behind an end. */
int journal_audit_process(JournalAudit *j);

/* 1 and the next entry; 0 at the end for now; -EAGAIN when many were passed over, to go on; or
 * -errno. Files that go away under it are left, and it goes on behind the last one with a cursor.
 */
int journal_audit_next(JournalAudit *j, JournalAuditEntry *ret);

/* Of the entry that was read last, which the next reader goes on behind. Stays valid until the next
 * call. */
int journal_audit_cursor(JournalAudit *j, const char **ret);
