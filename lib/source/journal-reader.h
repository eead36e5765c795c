/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The systemd journal, read through sd-journal: the machine's own, that of all machines whose
 * journals are here, a directory's, or single files. It maps files that journald shortens under its
 * readers, so every access is guarded (source/bus-error.h): a call then gives -EBADMSG, as does
 * each later one, and whoever wants to go on makes a new reader and seeks to where it was.
 *
 * For one thread at a time. Nothing here waits.
 */
#include "util/span.h"

typedef struct JournalReader JournalReader;

/* Zeroed: what this machine's system and kernel wrote. */
typedef struct JournalPlace {
	const char *directory;    /* the files in it and in its machines' folders; else */
	const char *const *files; /* just these, which are not followed */
	size_t n_files;
	bool users;  /* neither given: of this machine's users as well */
	size_t text; /* room for an entry's fields; 0 = JOURNAL_READER_TEXT */
} JournalPlace;

#define JOURNAL_NAMES_MAX 64
#define JOURNAL_READER_TEXT ((size_t)64 << 10) /* of the fields of an entry, together */

/*
 * Opens @place, for the fields with these @names (they, and the place, live as long as the reader),
 * in front of its first entry. What a place names and is not there is -ENOENT, what is no journal
 * -EBADMSG, or another -errno. Of a directory or the machine's journal sd-journal leaves out files
 * that it cannot read; of @files those are counted (journal_reader_left_out()), and only when none
 * can be read, the first one's error is returned.
 */
int journal_reader_new(const JournalPlace *place, const Span *names, size_t n_names,
		       JournalReader **ret);
JournalReader *journal_reader_free(JournalReader *r);
DEFINE_CLEANUP(JournalReader, journal_reader_free);

/* How many of @files could not be opened; the first one's path, or NULL. */
unsigned journal_reader_left_out(JournalReader *r, const char **ret_first);

/* ---- which entries: before the first seek ---- */

/* "NAME=value". Of one name any may hold, of different names one each; what stands before and
 * behind journal_reader_or() are alternatives. */
int journal_reader_match(JournalReader *r, Span match);
int journal_reader_or(JournalReader *r);

/* Hands @found each different "NAME=value" of field @name, at most @max: 1 when there were more. */
int journal_reader_values(JournalReader *r, const char *name, size_t max,
			  void (*found)(Span match, void *userdata), void *userdata);

/* ---- where ---- */

int journal_reader_seek_head(JournalReader *r);

/* Behind the last entry. 1, or 0 when there is none at all. */
int journal_reader_seek_tail(JournalReader *r);

/* In front of the first entry that journald took at @usec or later. */
int journal_reader_seek_time(JournalReader *r, uint64_t usec);

/* Behind the entry with that cursor: 1. Is it gone, in front of what would have followed it: 0.
 * -EINVAL when @cursor is none. */
int journal_reader_seek_cursor(JournalReader *r, const char *cursor);

/* ---- the entries ---- */

typedef struct JournalValues {
	Span values[JOURNAL_NAMES_MAX]; /* in the order of the names; a NULL .p is absent */
	bool cut;                       /* values are absent that did not fit */
} JournalValues;

/* The next entry: 1 and its fields, valid until the next call; 0 at the end, which is where a later
 * call goes on. Of a name that stands several times the first one counts. sd-journal
 * passes over a damaged entry, and all behind it that it cannot find, without a word. */
int journal_reader_next(JournalReader *r, JournalValues *ret);

/* Of the entry that was read last, or that the reader was put behind. -EADDRNOTAVAIL when there is
 * none. When journald took it, and its cursor, which the caller frees. */
int journal_reader_time(JournalReader *r, uint64_t *ret_usec);
int journal_reader_cursor(JournalReader *r, char **ret);

/* When journald took the first and the last entry of all, chosen or not; both 0 where there is
 * none.
 */
int journal_reader_times(JournalReader *r, uint64_t *ret_first, uint64_t *ret_last);

#define JOURNAL_BOOT_ID 33 /* with its end */

/* Of the entry that was read last: when journald took it, by both clocks, and in which boot (32 hex
 * digits). */
int journal_reader_clocks(JournalReader *r, uint64_t *ret_real, uint64_t *ret_monotonic,
			  char ret_boot[static JOURNAL_BOOT_ID]);

/* ---- following ---- */

/* A descriptor of the reader's that is readable when there may be more. Of @files
 * it tells nothing. */
int journal_reader_fd(JournalReader *r);

/* Takes in what the descriptor told of; to be called when it is readable, and before reading on. */
int journal_reader_process(JournalReader *r);
