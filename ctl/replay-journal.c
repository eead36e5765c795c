/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <systemd/sd-id128.h>

#include "ctl/progress.h"
#include "ctl/replay-journal.h"
#include "ctl/replay-ledger.h"
#include "seccompd/exit-codes.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"
#include "source/journal-files.h"
#include "source/journal-reader.h"
#include "util/array.h"

/* Files that journald puts away while they are read are looked for again, so often. */
#define PASSES_MAX 8

/* A file that journald shortens while it is read is read again, so often. */
#define TRIES_MAX 3

/* Of different ledgers that entries name: whoever may log can name any number. */
#define LEDGERS_MAX 64

/* How many entries are between two looks at the progress. */
#define PROGRESS_ENTRIES 64

/* Larger than what seccompd writes: the text of a filter, and lifetimes. */
#define ENTRY_TEXT ((size_t)256 << 10)

/* Where journald keeps its own. */
static const char *const system_folders[] = { "/run/log/journal", "/var/log/journal" };

static const char *const message_ids[] = {
	SECCOMPD_MESSAGE_NEW_SIGHTING, SECCOMPD_MESSAGE_ROLL_UP,    SECCOMPD_MESSAGE_STAGE_CHANGED,
	SECCOMPD_MESSAGE_GATE_CHANGED, SECCOMPD_MESSAGE_BLIND_SPOT, SECCOMPD_MESSAGE_EVIDENCE_LOST,
	SECCOMPD_MESSAGE_WATCHED,      SECCOMPD_MESSAGE_LIFETIMES,
};

typedef struct Run {
	const ReplayOptions *options;
	JournalFiles files;
	JournalReplay *replay;
	Progress progress;
	uint64_t position;   /* sizes of the files that were read */
	uint64_t size;       /* of the file that is being read, */
	uint64_t first, end; /* and the times that it is of */
	JournalReading reading;
} Run;

static void run_done(Run *run)
{
	for (size_t i = 0; i < run->reading.n_unread; i++)
		free(run->reading.unread[i].path);
	free(run->reading.unread);
	journal_files_done(&run->files);
	journal_replay_free(run->replay);
}

const char *replay_journal_error(int r)
{
	switch (r) {
	case -EBADMSG:
		return "it is no journal, or a damaged one";
	case -EACCES:
	case -EPERM:
		return "permission denied; be root or a member of the group systemd-journal";
	default:
		return strerror(-r);
	}
}

/* ---- the files ---- */

static int cannot_read(const char *path, int r)
{
	return ctl_fail(SECCOMPD_EXIT_INPUT, "replay", "%s cannot be read: %s", path,
			r == -EISDIR ? "it is a folder; name it with --directory"
				     : replay_journal_error(r));
}

static int list_named(Run *run)
{
	const ReplayOptions *o = run->options;

	for (size_t i = 0; i < o->n_journals; i++) {
		int r = journal_files_add_path(&run->files, o->journals[i]);

		if (r < 0)
			return cannot_read(o->journals[i], r);
	}
	return 0;
}

/* 0, or -errno. */
static int list_folder(Run *run, const char *path, const char *machine)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : journal_files_add(&run->files, fd, path, machine);
}

static int list_system(Run *run)
{
	char machine[SD_ID128_STRING_MAX];
	sd_id128_t id;
	int r = sd_id128_get_machine(&id);

	if (r < 0 && !run->options->merge)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
				"this machine has no id, so which journal is its own is not known: "
				"name a folder with --directory");
	for (size_t i = 0; i < ELEMENTSOF(system_folders); i++) {
		r = list_folder(run, system_folders[i],
				run->options->merge ? NULL : sd_id128_to_string(id, machine));
		if (r < 0 && r != -ENOENT)
			return cannot_read(system_folders[i], r);
	}
	return 0;
}

static int list_files(Run *run)
{
	const char *directory = run->options->directory;
	int r;

	if (run->options->n_journals > 0)
		return list_named(run);
	if (!directory)
		return list_system(run);
	r = list_folder(run, directory, NULL);
	return r < 0 ? cannot_read(directory, r) : 0;
}

static int check_found(const Run *run)
{
	const char *directory = run->options->directory;

	if (run->files.n > 0)
		return 0;
	if (directory)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
				"%s holds no journal: there is no *.journal file in it", directory);
	return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
			"there is no journal here, neither in %s nor in %s: name a folder with "
			"--directory",
			system_folders[0], system_folders[1]);
}

/* ---- one file ---- */

static int note_unread(Run *run, const char *path, int error)
{
	JournalReading *reading = &run->reading;
	UnreadJournal *rows = array_room(reading->unread, reading->n_unread,
					 &reading->allocated_unread, sizeof(*rows));
	char *copy = strdup(path);

	if (rows)
		reading->unread = rows;
	if (!rows || !copy) {
		free(copy);
		return -ENOMEM;
	}
	rows[reading->n_unread++] = (UnreadJournal){ copy, error };
	return 0;
}

typedef struct Matches {
	JournalReader *reader;
	char *rows[LEDGERS_MAX];
	size_t n;
} Matches;

static void add_ledger(Span match, void *userdata)
{
	Matches *m = userdata;
	char *copy = span_dup(match);

	if (copy)
		m->rows[m->n++] = copy;
}

static int match_ids(JournalReader *reader)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ELEMENTSOF(message_ids); i++) {
		char text[64];

		snprintf(text, sizeof(text), "MESSAGE_ID=%s", message_ids[i]);
		r = journal_reader_match(reader, span_of(text));
	}
	return r;
}

/* Entries with a message id of ours, and those that name a ledger without one. */
static int choose_entries(JournalReader *reader)
{
	Matches m = { .reader = reader };
	int r = journal_reader_values(reader, SECCOMPD_FIELD_LEDGER, LEDGERS_MAX, add_ledger, &m);

	if (r >= 0)
		r = match_ids(reader);
	if (r >= 0)
		r = journal_reader_or(reader);
	for (size_t i = 0; i < m.n; i++) {
		if (r >= 0)
			r = journal_reader_match(reader, span_of(m.rows[i]));
		free(m.rows[i]);
	}
	return r;
}

/* Where in a file an entry stands is not told: the entries are in the order of their times. */
static void show_progress(Run *run, uint64_t time)
{
	const JournalReplayCounts *c = journal_replay_counts(run->replay);
	double part = 0;

	if (c->entries % PROGRESS_ENTRIES != 0)
		return;
	if (run->end > run->first && time > run->first)
		part = (double)(MIN(time, run->end) - run->first) / (double)(run->end - run->first);
	progress_show(&run->progress, run->position + (uint64_t)(part * (double)run->size),
		      c->entries);
}

/* 0 or -errno of the journal; what is wrong with the ledger is in *ret_failed. */
static int read_entries(Run *run, JournalReader *reader, int *ret_failed)
{
	JournalValues v;
	int r;

	while ((r = journal_reader_next(reader, &v)) > 0) {
		uint64_t time = 0;

		r = journal_reader_time(reader, &time);
		if (r < 0)
			return r;
		*ret_failed = journal_replay_entry(run->replay, v.values, v.cut, time);
		if (*ret_failed < 0)
			return 0;
		show_progress(run, time);
	}
	return r;
}

static int read_once(Run *run, const char *path, int *ret_failed)
{
	_cleanup_(journal_reader_freep) JournalReader *reader = NULL;
	const char *const paths[] = { path };
	const JournalPlace place = { .files = paths, .n_files = 1, .text = ENTRY_TEXT };
	int r = journal_reader_new(&place, journal_names, _JOURNAL_NAME_MAX, &reader);

	if (r >= 0)
		r = journal_reader_times(reader, &run->first, &run->end);
	if (r >= 0)
		r = choose_entries(reader);
	return r < 0 ? r : read_entries(run, reader, ret_failed);
}

/* 0, or what is wrong with the ledger. */
static int read_file(Run *run, JournalFile *file)
{
	int r = -EBADMSG, failed = 0;

	run->size = file->size;
	/* Whatever was taken in before it was cut counts once. */
	for (unsigned i = 0; r == -EBADMSG && failed == 0 && i < TRIES_MAX; i++)
		r = read_once(run, file->path, &failed);
	/* Renamed meanwhile: it is found again under another name. */
	if (failed < 0 || r == -ENOENT || (r >= 0 && !journal_file_is_there(file)))
		return failed;
	file->done = true;
	run->position += file->size;
	run->reading.files += r >= 0;
	return r < 0 ? note_unread(run, file->path, r) : 0;
}

/* ---- all of them ---- */

static int read_new(Run *run, bool *ret_any)
{
	int r = 0;

	*ret_any = false;
	for (size_t i = 0; r == 0 && i < run->files.n; i++)
		if (!run->files.rows[i].done) {
			*ret_any = true;
			r = read_file(run, &run->files.rows[i]);
		}
	return r;
}

static uint64_t size_of_files(const Run *run)
{
	uint64_t size = 0;

	for (size_t i = 0; i < run->files.n; i++)
		size += run->files.rows[i].size;
	return size;
}

static int read_files(Run *run, const Ledger *l)
{
	bool any = true;
	int r = 0;

	progress_start(&run->progress, "entries", 0, true);
	for (unsigned pass = 0; r == 0 && any && pass < PASSES_MAX; pass++) {
		int e;

		r = pass == 0 ? 0 : list_files(run);
		if (r != 0)
			break;
		run->progress.total = size_of_files(run);
		e = read_new(run, &any);
		if (e < 0)
			r = replay_explain("replay", run->options->ledger, l, e);
	}
	progress_end(&run->progress);
	return r;
}

static int check_read(const Run *run)
{
	const JournalReading *reading = &run->reading;

	if (reading->files > 0 || reading->n_unread == 0)
		return 0;
	if (reading->n_unread == 1)
		return cannot_read(reading->unread[0].path, reading->unread[0].error);
	return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
			"none of %zu journal files can be read; of %s, %s", reading->n_unread,
			reading->unread[0].path, replay_journal_error(reading->unread[0].error));
}

static uint32_t uid_of_seccompd(void)
{
	const struct passwd *user = getpwnam("seccompd");

	return user ? user->pw_uid : UINT32_MAX;
}

/* Within a transaction. */
static int fill(Ledger *l, void *userdata, bool *ret_changed)
{
	Run *run = userdata;
	int e = journal_replay_new(l, uid_of_seccompd(), run->options->id, &run->replay), r;

	if (e < 0)
		return replay_explain("replay", run->options->ledger, l, e);
	r = read_files(run, l);
	if (r == 0)
		r = check_read(run);
	if (r != 0)
		return r;
	e = journal_replay_finish(run->replay, &run->reading.report);
	if (e < 0)
		return replay_explain("replay", run->options->ledger, l, e);
	*ret_changed = run->reading.report.changed;
	return 0;
}

int replay_journal(const ReplayOptions *o)
{
	_cleanup_(run_done) Run run = { .options = o };
	int r = list_files(&run);

	if (r == 0)
		r = check_found(&run);
	if (r == 0)
		r = replay_into("replay", o->ledger, ledger_open_journal, fill, &run);
	if (r != 0)
		return r;
	replay_journal_remark(&run.reading);
	if (o->json)
		(void)replay_journal_json(&run.reading);
	else
		replay_journal_print(&run.reading);
	return SECCOMPD_EXIT_OK;
}
