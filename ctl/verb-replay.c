/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <sys/random.h>

#include "ctl/figures.h"
#include "ctl/log-file.h"
#include "ctl/progress.h"
#include "ctl/replay-journal.h"
#include "ctl/replay-ledger.h"
#include "evidence/replay.h"
#include "profile/json-line.h"
#include "seccompd/exit-codes.h"
#include "source/byte-reader.h"
#include "source/log-reader.h"
#include "util/text.h"

/* ---- files ---- */

typedef struct Reading {
	Replay *replay;
	Progress progress;
	uint64_t lines, read; /* bytes of the files before this one */
} Reading;

static void take_line(Line *line, void *userdata)
{
	Reading *reading = userdata;

	reading->lines++;
	replay_line(reading->replay, line);
}

static int read_log(Reading *reading, const char *name, int fd)
{
	_cleanup_(log_reader_freep) LogReader *log = NULL;
	int r = log_reader_new(fd, false, &log);

	while (r >= 0) {
		r = log_reader_step(log, take_line, reading);
		progress_show(&reading->progress, reading->read + log_reader_position(log),
			      reading->lines);
		if (r != LOG_MORE || replay_error(reading->replay) < 0)
			break;
	}
	reading->read += log_reader_position(log);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
				"%s cannot be read: %s; nothing was written", log_file_name(name),
				byte_reader_error(r));
	return 0;
}

static int read_files(Reading *reading, const ReplayOptions *o)
{
	int r = 0;

	progress_start(&reading->progress, "lines",
		       log_files_size((const char *const *)o->files, (size_t)o->n_files), true);
	for (int i = 0; r == 0 && i < o->n_files; i++) {
		_cleanup_close_ int fd = -1;

		r = log_file_open("replay", o->files[i], &fd);
		if (r == 0)
			r = read_log(reading, o->files[i], fd);
	}
	progress_end(&reading->progress);
	return r;
}

/* ---- the report ---- */

static const char *workload_of(const ReplayOptions *o)
{
	return o->selection.workload ?: "unattributed";
}

/* What was taken in before. */
static uint64_t again(const ReplayCounts *c)
{
	return c->records - c->undated - c->outside - c->other_exe - c->counted - c->dropped;
}

static int print_json(const ReplayOptions *o, const ReplayReport *report)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const ReplayCounts *c = &report->counts;

	json_line_str(j, "workload", workload_of(o));
	json_line_bool(j, "asserted", o->selection.workload);
	json_line_uint(j, "records", c->records);
	json_line_uint(j, "skipped", c->skipped);
	json_line_uint(j, "rejected", c->rejected);
	json_line_uint(j, "counted", c->counted);
	json_line_uint(j, "again", again(c));
	json_line_uint(j, "outside", c->outside);
	json_line_uint(j, "other_exe", c->other_exe);
	json_line_uint(j, "undated", c->undated);
	json_line_uint(j, "dropped", c->dropped);
	json_line_uint(j, "serial_gaps", report->serial_gaps);
	json_line_uint(j, "sightings", report->calls);
	json_line_time(j, "first", report->first);
	json_line_time(j, "last", report->last);
	return json_line_write(j, stdout);
}

static void print_text(const ReplayOptions *o, const ReplayReport *report)
{
	const ReplayCounts *c = &report->counts;
	const Figure rows[] = {
		{ again(c), "record that this ledger had counted before",
		  "records that this ledger had counted before" },
		{ c->outside, "record of another time than was asked for",
		  "records of another time than was asked for" },
		{ c->other_exe, "record of a program that --exe does not match",
		  "records of programs that --exe does not match" },
		{ c->undated, "record without a time, which was left out",
		  "records without a time, which were left out" },
		{ c->dropped, "record dropped, of too many different calls",
		  "records dropped, of too many different calls" },
		{ c->rejected, "damaged line", "damaged lines" },
		{ c->loss_notices, "time that the kernel said it lost records",
		  "times that the kernel said it lost records" },
		{ report->serial_gaps, "audit serial that is missing from all that was replayed",
		  "audit serials that are missing from all that was replayed" },
	};
	char name[4 * WORKLOAD_NAME_MAX];

	printf("%-12" PRIu64 " %s counted for %s\n", c->counted,
	       text_plural(c->counted, "record", "records"),
	       text_escape_to(span_of(workload_of(o)), name, sizeof(name)));
	figures_print(rows, ELEMENTSOF(rows));
}

/* What surprises who expected evidence. */
static void print_remark(const ReplayOptions *o, const ReplayReport *report)
{
	const ReplayCounts *c = &report->counts;

	if (c->records == 0)
		ctl_fail(0, "replay", "there is no SECCOMP record in %" PRIu64 " audit %s",
			 c->stamped, text_plural(c->stamped, "record", "records"));
	else if (c->undated == c->records)
		ctl_fail(0, "replay",
			 "no record has a time, so none was taken in: \"ausearch --raw\" keeps it, "
			 "-i does not");
	else if (c->outside + c->other_exe + c->undated == c->records)
		ctl_fail(0, "replay", "none of %" PRIu64 " %s is one that was asked for%s",
			 c->records, text_plural(c->records, "record", "records"),
			 o->selection.exe ? "; \"decode --summary\" lists programs" : "");
}

/* ---- all of it ---- */

typedef struct Filling {
	const ReplayOptions *options;
	ReplayReport report;
} Filling;

/* Within a transaction. */
static int fill(Ledger *l, void *userdata, bool *ret_changed)
{
	_cleanup_(replay_freep) Replay *replay = NULL;
	Filling *f = userdata;
	const ReplayOptions *o = f->options;
	Reading reading = { 0 };
	uint64_t seed = 0;
	int r, e;

	if (getrandom(&seed, sizeof(seed), 0) < 0)
		return replay_explain("replay", o->ledger, l, -errno);
	e = replay_new(&o->selection, l, seed, &replay);
	if (e < 0)
		return replay_explain("replay", o->ledger, l, e);
	reading.replay = replay;
	r = read_files(&reading, o);
	if (r != 0)
		return r;
	e = replay_finish(replay, &f->report);
	if (e < 0)
		return replay_explain("replay", o->ledger, l, e);
	*ret_changed = f->report.changed;
	if (f->report.counts.stamped > 0 || f->report.counts.records > 0)
		return 0;
	return ctl_fail(SECCOMPD_EXIT_INPUT, "replay",
			reading.lines == 0 ? "there is nothing to read: the input is empty"
					   : "there is no audit record in %" PRIu64 " %s",
			reading.lines, text_plural(reading.lines, "line", "lines"));
}

static int replay_logs(const ReplayOptions *o)
{
	Filling f = { .options = o };
	int r = 0;

	for (int i = 0; r == 0 && i < o->n_files; i++)
		r = log_file_check("replay", o->files[i], o->ledger);
	if (r == 0)
		r = replay_into("replay", o->ledger, ledger_open_replay, fill, &f);
	if (r != 0)
		return r;
	print_remark(o, &f.report);
	if (o->json)
		(void)print_json(o, &f.report);
	else
		print_text(o, &f.report);
	return SECCOMPD_EXIT_OK;
}

int verb_replay(Ctl *ctl, int argc, char **argv)
{
	_cleanup_replay_options_ ReplayOptions o = { 0 };
	int r = replay_options_parse(ctl, argc, argv, &o);

	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	return o.journal ? replay_journal(&o) : replay_logs(&o);
}
