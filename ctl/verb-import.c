/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "ctl/figures.h"
#include "ctl/import-options.h"
#include "ctl/log-file.h"
#include "ctl/progress.h"
#include "ctl/replay-ledger.h"
#include "evidence/import.h"
#include "profile/digest.h"
#include "profile/json-line.h"
#include "seccompd/exit-codes.h"
#include "source/byte-reader.h"
#include "source/line-reader.h"
#include "util/text.h"

typedef struct Importing {
	const ImportOptions *options;
	Ledger *ledger;
	StraceCounts counts; /* of all files that were new */
	ImportResult result;
	uint64_t again, cut; /* files */
	Progress progress;
	uint64_t lines, read; /* of the files before this one; bytes of them */
} Importing;

/* ---- a file ---- */

typedef struct Reading {
	ByteReader *bytes;
	LineReader lines;
	StraceLog *log;
	Digest *digest;
} Reading;

static void reading_done(Reading *r)
{
	byte_reader_free(r->bytes);
	line_reader_done(&r->lines);
	strace_log_free(r->log);
	digest_free(r->digest);
}

static int take_line(Reading *r, const LineText *line, bool last)
{
	digest_add(r->digest, line->text);
	if (!last)
		digest_add(r->digest, SPAN_LIT("\n"));
	return strace_log_take(r->log, line->text, last || line->too_long);
}

/* 1 when there may be more. */
static int read_some(Reading *r)
{
	LineText line;
	size_t room;
	char *p = line_reader_room(&r->lines, &room);
	ssize_t n = byte_reader_read(r->bytes, p, room);
	int e = 0;

	if (n < 0)
		return (int)n;
	line_reader_fed(&r->lines, (size_t)n);
	while (e == 0 && line_reader_next(&r->lines, &line))
		e = take_line(r, &line, false);
	if (e == 0 && n == 0 && line_reader_last(&r->lines, &line))
		e = take_line(r, &line, true);
	return e < 0 ? e : n > 0;
}

static int read_all(Importing *m, Reading *r, int fd)
{
	int e = byte_reader_new(fd, false, &r->bytes);

	if (e == 0)
		e = line_reader_init(&r->lines);
	if (e == 0)
		e = strace_log_new(m->options->arch, &r->log);
	if (e == 0)
		e = digest_new(&r->digest);
	for (int more = 1; e == 0 && more;) {
		more = read_some(r);
		e = MIN(more, 0);
		if (e == 0)
			progress_show(&m->progress, m->read + byte_reader_position(r->bytes),
				      m->lines + strace_log_counts(r->log)->lines);
	}
	if (e < 0)
		return e;
	m->read += byte_reader_position(r->bytes);
	m->lines += strace_log_counts(r->log)->lines;
	return 0;
}

/* ---- into the ledger ---- */

static void add_counts(const StraceCounts *c, StraceCounts *sum)
{
	sum->lines += c->lines;
	sum->records += c->records;
	sum->skipped += c->skipped;
	sum->rejected += c->rejected;
	for (int i = 0; i < _STRACE_REJECT_MAX; i++)
		sum->by_reason[i] += c->by_reason[i];
	if (!sum->unknown[0])
		memcpy(sum->unknown, c->unknown, sizeof(sum->unknown));
}

static int add_file(Importing *m, const char *name, Reading *reading)
{
	const ImportOptions *o = m->options;
	const StraceCounts *c = strace_log_counts(reading->log);
	char digest[DIGEST_SIZE];
	ImportFile f = { .workload = o->workload,
			 .runtime = o->runtime,
			 .dialect = o->dialect,
			 .digest = digest };
	ImportResult result;
	int e;

	f.calls = strace_log_calls(reading->log, &f.n);
	e = f.calls ? digest_end(reading->digest, digest) : -ENOMEM;
	if (c->records == 0 && c->rejected > 0)
		return ctl_fail(
			SECCOMPD_EXIT_INPUT, "import",
			"%s: no call of strace is in its %" PRIu64 " %s; nothing was written",
			log_file_name(name), c->lines, text_plural(c->lines, "line", "lines"));
	if (e == 0)
		e = import_add(m->ledger, &f, &result);
	if (e < 0)
		return replay_explain("import", o->ledger, m->ledger, e);
	if (e == IMPORT_AGAIN) {
		m->again++;
		return 0;
	}
	m->result.counted += result.counted;
	m->result.dropped += result.dropped;
	m->result.found += result.found;
	m->cut += c->cut;
	add_counts(c, &m->counts);
	return 0;
}

static int import_file(Importing *m, const char *name)
{
	_cleanup_(reading_done) Reading reading = { 0 };
	_cleanup_close_ int fd = -1;
	int r = log_file_open("import", name, &fd);

	if (r != 0)
		return r;
	r = read_all(m, &reading, fd);
	if (r == -ENOMEM)
		return ctl_fail_memory("import");
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "import",
				"%s cannot be read: %s; nothing was written", log_file_name(name),
				byte_reader_error(r));
	return add_file(m, name, &reading);
}

/* Within a transaction. */
static int fill(Ledger *l, void *userdata, bool *ret_changed)
{
	Importing *m = userdata;
	const ImportOptions *o = m->options;
	int r = 0;

	m->ledger = l;
	progress_start(&m->progress, "lines",
		       log_files_size((const char *const *)o->files, o->n_files), true);
	for (size_t i = 0; r == 0 && i < o->n_files; i++)
		r = import_file(m, o->files[i]);
	progress_end(&m->progress);
	if (r != 0)
		return r;
	*ret_changed = m->counts.records > 0;
	if (m->counts.records > 0 || m->again > 0)
		return 0;
	return ctl_fail(SECCOMPD_EXIT_INPUT, "import",
			m->counts.lines == 0 ? "there is nothing to read: the input is empty"
					     : "there is no call in %" PRIu64 " %s",
			m->counts.lines, text_plural(m->counts.lines, "line", "lines"));
}

/* ---- the report ---- */

static int print_json(const Importing *m)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const StraceCounts *c = &m->counts;
	JsonLine *reasons;

	json_line_str(j, "workload", m->options->workload);
	json_line_bool(j, "imported", true);
	json_line_uint(j, "files", m->options->n_files);
	json_line_uint(j, "again", m->again);
	json_line_uint(j, "cut", m->cut);
	json_line_uint(j, "lines", c->lines);
	json_line_uint(j, "records", c->records);
	json_line_uint(j, "skipped", c->skipped);
	json_line_uint(j, "rejected", c->rejected);
	reasons = json_line_object(j, "reasons");
	for (int i = 0; i < _STRACE_REJECT_MAX; i++)
		json_line_uint(reasons, strace_reject_name((StraceReject)i), c->by_reason[i]);
	json_line_uint(j, "counted", m->result.counted);
	json_line_uint(j, "dropped", m->result.dropped);
	json_line_uint(j, "new", m->result.found);
	return json_line_write(j, stdout);
}

static void print_rejects(const StraceCounts *c)
{
	char name[4 * STRACE_NAME_SHOWN];

	for (int i = 0; i < _STRACE_REJECT_MAX; i++)
		if (c->by_reason[i] > 0)
			printf("%-12" PRIu64 " %s %s%s%s\n", c->by_reason[i],
			       text_plural(c->by_reason[i], "line", "lines"),
			       strace_reject_text((StraceReject)i),
			       i == STRACE_REJECT_NAME ? ": first " : "",
			       i == STRACE_REJECT_NAME
				       ? text_escape_to(span_of(c->unknown), name, sizeof(name))
				       : "");
}

static int print_text(const Ctl *ctl, const Importing *m)
{
	const Figure rows[] = {
		{ m->result.found, "call that the ledger did not hold",
		  "different ones that the ledger did not hold" },
		{ m->again, "file that was imported before, and counts once",
		  "files that were imported before, and count once" },
		{ m->cut, "file that ends within a line or a table: more may have been made",
		  "files that end within a line or a table: more may have been made" },
		{ m->result.dropped, "call dropped, of too many different ones",
		  "calls dropped, of too many different ones" },
	};
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	char name[4 * WORKLOAD_NAME_MAX];

	printf("%-12" PRIu64 " %s counted for %s\n", m->result.counted,
	       text_plural(m->result.counted, "call", "calls"),
	       text_escape_to(span_of(m->options->workload), name, sizeof(name)));
	figures_print(rows, ELEMENTSOF(rows));
	print_rejects(&m->counts);
	text_shell_word(&next, span_of(m->options->ledger));
	buffer_add_str(&next, " suggest ");
	text_shell_word(&next, span_of(m->options->workload));
	if (buffer_error(&next) < 0)
		return buffer_error(&next);
	printf("\nThis evidence is never complete. A first profile from it, at LOG, to find the "
	       "rest:\n  %s --ledger %s --new\n",
	       ctl->ledger_named ? "seccompctl" : ctl->command, next.p);
	return 0;
}

int verb_import(Ctl *ctl, int argc, char **argv)
{
	_cleanup_import_options_ ImportOptions o = { 0 };
	Importing m = { .options = &o };
	int r = import_options_parse(ctl, argc, argv, &o);

	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	for (size_t i = 0; r == 0 && i < o.n_files; i++)
		r = log_file_check("import", o.files[i], o.ledger);
	if (r == 0)
		r = replay_into("import", o.ledger, import_open, fill, &m);
	if (r != 0)
		return r;
	r = o.json ? print_json(&m) : print_text(ctl, &m);
	if (r < 0)
		return ctl_fail_memory("import");
	return SECCOMPD_EXIT_OK;
}
