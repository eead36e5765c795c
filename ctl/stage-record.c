/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/profile-file.h"
#include "ctl/stage-record.h"
#include "ctl/user.h"
#include "profile/digest.h"
#include "seccompd/exit-codes.h"
#include "util/file-change.h"
#include "util/file.h"
#include "util/text.h"

static void print_complaints(const char *verb, const WorkloadFile *f)
{
	for (size_t i = 0; i < f->parts.n_complaints; i++)
		ctl_fail_diag(0, verb, f->path, &f->parts.complaints[i]);
	if (f->parts.n_unsaid > 0)
		ctl_fail(0, verb, "%s has %zu more %s", f->path, f->parts.n_unsaid,
			 text_plural(f->parts.n_unsaid, "mistake", "mistakes"));
}

int stage_history_open(const char *verb, const char *dir, const char *workload, bool change,
		       WorkloadFile *f, StageHistory *h)
{
	Diag d = { 0 };
	int r;

	r = workload_file_open(dir, workload, change, f, &d);
	if (r < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, verb, d.line > 0 ? f->path : NULL, &d);
	r = stage_history_read(&f->parts, h);
	if (r < 0)
		return ctl_fail_memory(verb);
	print_complaints(verb, f);
	return 0;
}

/* One that the history does not have, even when the clock was set back. */
static void choose_time(const WorkloadFile *f, usec_t now, char buf[static CLOCK_RFC3339_SIZE])
{
	char section[CLOCK_RFC3339_SIZE + 16];

	do {
		clock_format_rfc3339(now++, buf);
		snprintf(section, sizeof(section), "stage %s", buf);
	} while (section_find(&f->parts, section));
}

typedef struct Record {
	const char *verb;
	WorkloadFile *file;
	const StageChange *change;
	char time[CLOCK_RFC3339_SIZE], kept[CLOCK_RFC3339_SIZE + 8];
	char sha256[DIGEST_SIZE], previous_sha256[DIGEST_SIZE], user[64];
	Buffer forgotten; /* names of kept profiles that go */
} Record;

static void record_done(Record *r)
{
	buffer_done(&r->forgotten);
}

static int add_entry(Record *r, const char *profile, Diag *d)
{
	const StageChange *c = r->change;
	const StageEntry e = {
		.time = r->time,
		.from = stage_name(c->from),
		.to = stage_name(c->to),
		.user = r->user,
		.why = c->why,
		.gate = c->gate,
		.forced = c->forced,
		.profile = profile,
		.sha256 = r->sha256,
		.previous = r->kept,
		.previous_sha256 = r->previous_sha256,
		.undoes = c->undoes,
	};
	_cleanup_stage_history_ StageHistory h = { 0 };
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	int n;

	n = stage_history_read(&r->file->parts, &h);
	if (n == 0)
		n = stage_history_append(buffer_span(&r->file->text), &h, &e, &text, &r->forgotten);
	return n < 0 ? n : workload_file_save(r->file, buffer_span(&text), d);
}

static int keep_previous(Record *r, const char *profile, Diag *d)
{
	int n;

	n = digest_sha256(r->change->before, r->previous_sha256);
	if (n == 0)
		n = digest_sha256(r->change->after, r->sha256);
	if (n < 0)
		return diag_set(d, n, "cannot hash the profile: %s", strerror(-n));
	n = workload_file_keep(r->file, r->kept, r->change->before, d);
	if (n == 0) {
		n = add_entry(r, profile, d);
		if (n < 0)
			workload_file_forget(r->file, r->kept);
	}
	return n;
}

/* Between reading and now somebody else may have written to it. */
static int check_unchanged(const Record *r)
{
	_cleanup_free_ char *text = NULL;
	size_t n;
	int q;

	q = profile_file_read(r->verb, r->change->profile, &text, &n);
	if (q != 0)
		return q;
	if (span_eq(span_make(text, n), r->change->before))
		return 0;
	return ctl_fail(SECCOMPD_EXIT_INPUT, r->verb,
			"%s was changed while this was running: nothing was written; try again",
			r->change->profile);
}

static void forget_old(Record *r)
{
	Span rest = buffer_span(&r->forgotten), name;
	char path[NAME_MAX + 1];

	while (rest.n > 0 && span_split(&rest, '\n', &name))
		if (name.n > 0 && span_copy(name, path, sizeof(path)))
			workload_file_forget(r->file, path);
}

/* The profile could not be written after all: the history must not say that it was. */
static void take_entry_back(Record *r, Span text)
{
	Diag ignored = { 0 };

	if (workload_file_save(r->file, text, &ignored) == 0)
		workload_file_forget(r->file, r->kept);
	buffer_done(&r->forgotten);
}

/* It may have failed behind the last step. */
static bool is_changed(const Record *r, const char *profile)
{
	_cleanup_free_ char *text = NULL;
	size_t n;

	return file_read_at(AT_FDCWD, profile, WORKLOAD_FILE_KEPT_MAX, true, &text, &n) == 0 &&
	       span_eq(span_make(text, n), r->change->after);
}

/* What file_change() keeps beside the file is in the workload's folder already. */
static int change_file(const Record *r, const char *profile, usec_t now, Diag *d)
{
	_cleanup_file_change_ FileChange done = { 0 };
	int n;

	n = file_change(profile, r->change->before, r->change->after, now, &done, d);
	if (n == 0)
		unlink(done.backup);
	return n;
}

static int replace(Record *r, const char *profile, usec_t now)
{
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	Diag d = { 0 };
	int n;

	buffer_add(&text, buffer_span(&r->file->text));
	n = buffer_error(&text);
	if (n == 0)
		n = keep_previous(r, profile, &d);
	if (n == 0) {
		n = change_file(r, profile, now, &d);
		if (n == 0) {
			forget_old(r);
			return 0;
		}
		if (!is_changed(r, profile))
			take_entry_back(r, buffer_span(&text));
	}
	if (n == -ENOMEM)
		diag_set(&d, n, "out of memory");
	return ctl_fail_diag(SECCOMPD_EXIT_INPUT, r->verb, NULL, &d);
}

int stage_record(const char *verb, WorkloadFile *f, const StageChange *c, usec_t now,
		 char **ret_kept)
{
	_cleanup_(record_done) Record r = { .verb = verb, .file = f, .change = c };
	_cleanup_free_ char *profile = realpath(c->profile, NULL);
	int n;

	if (!profile)
		return ctl_fail(SECCOMPD_EXIT_INPUT, verb, "cannot find %s: %m", c->profile);
	n = check_unchanged(&r);
	if (n != 0)
		return n;
	choose_time(f, now, r.time);
	snprintf(r.kept, sizeof(r.kept), "%s.json", r.time);
	ctl_user(r.user, sizeof(r.user));
	n = replace(&r, profile, now);
	if (n == 0 && asprintf(ret_kept, "%s/%s", f->folder, r.kept) < 0) {
		*ret_kept = NULL;
		return ctl_fail_memory(verb);
	}
	return n;
}
