/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Entries of the systemd journal as journalctl writes them down: "-o json" (an object per line) and
 * "-o export" (https://systemd.io/JOURNAL_EXPORT_FORMATS). Only what tells of an audit record is
 * kept. Who sent an entry the journal knows, so what a program wrote into it is no record, even if
 * it looks like one.
 */
#include "audit/line.h"

typedef enum JournalField {
	JOURNAL_MESSAGE,
	JOURNAL_TRANSPORT,
	JOURNAL_FACILITY, /* 0 is the kernel, which lets nobody else use it */
	JOURNAL_AUDIT_TYPE,
	JOURNAL_AUDIT_ID,
	JOURNAL_SOURCE_TIME, /* us; the audit stamp's, in the audit transport */
	_JOURNAL_FIELD_MAX,
} JournalField;

extern const Span journal_field_names[_JOURNAL_FIELD_MAX];

#define JOURNAL_TEXT_MAX ((size_t)64 << 10) /* of these fields of an entry, together */

typedef struct JournalEntry {
	Span fields[_JOURNAL_FIELD_MAX]; /* a NULL .p is absent */
	const char *damage;              /* static; NULL when the entry is whole */
	const char *left_out;            /* why a field is missing or cut; the others are good */
} JournalEntry;

/* What the entry says, with the stamp that the audit transport keeps apart from the text. */
void journal_entry_decode(const JournalEntry *e, Line *ret);

/* Which field @name is; -1 for all others. */
int journal_field_of_name(Span name) _pure_;

/*
 * Reads the object @line. The spans point into @scratch, which has at least @line.n bytes. Says
 * in .damage what is wrong with a line that is no such object.
 */
void journal_json_parse(Span line, char *scratch, JournalEntry *ret);

/* Reads "-o export" as it comes, in pieces of any size. Starts zeroed. */
typedef struct JournalExport {
	enum { EXPORT_NAME, EXPORT_VALUE, EXPORT_SIZE, EXPORT_DATA, EXPORT_LINE_END } state;
	char name[64];
	size_t name_n; /* more than it holds: a name that is none of ours */
	int field;     /* being read; -1 is passed over */
	size_t n_size;
	uint64_t left; /* of the data */
	bool any;      /* the entry has a field */
	const char *damage, *left_out;
	struct {
		bool present;
		size_t at, n;
	} found[_JOURNAL_FIELD_MAX];
	size_t n;
	char text[JOURNAL_TEXT_MAX];
} JournalExport;

/* True when an entry is whole: *ret, valid until the next call. Moves @bytes over what was taken;
 * false when it took all. */
bool journal_export_next(JournalExport *x, Span *bytes, JournalEntry *ret);

/* At the end of the input: the last entry, when no empty line closed it. */
bool journal_export_last(JournalExport *x, JournalEntry *ret);

/* Does this line look like an entry in JSON? Other programs write JSON lines too. */
bool journal_is_json(Span line) _pure_;

/* Do these first bytes of an input look like it? */
bool journal_is_export(Span head) _pure_;

/* Might they, once there are more of them? */
bool journal_may_be_export(Span head) _pure_;
