/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <time.h>

#include "audit/arch.h"
#include "ctl/ctl.h"
#include "ctl/decisions.h"
#include "ctl/evidence.h"
#include "ctl/user.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

#define PATIENCE_MS 10000 /* of who waits for another seccompctl to be done */
#define PAUSE_MS 20

char *decision_until(const Decision *d, char buf[static CLOCK_RFC3339_SIZE])
{
	clock_format_rfc3339(d->until ? d->until - 1 : 0, buf);
	buf[strcspn(buf, "T")] = '\0';
	return buf;
}

/* ---- reading ---- */

static size_t tell_mistakes(const char *verb, const WorkloadFile *f, size_t from, size_t unsaid)
{
	const SectionText *t = &f->parts;

	for (size_t i = from; i < t->n_complaints; i++)
		ctl_fail_diag(0, verb, f->path, &t->complaints[i]);
	if (t->n_unsaid > unsaid)
		ctl_fail(0, verb, "%s has %zu more %s", f->path, t->n_unsaid - unsaid,
			 text_plural(t->n_unsaid - unsaid, "mistake", "mistakes"));
	return t->n_complaints + t->n_unsaid - from - unsaid;
}

static size_t tell_expired(const char *verb, const WorkloadFile *f, const DecisionList *l)
{
	char call[DECISION_CALL_MAX], until[CLOCK_RFC3339_SIZE];
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const Decision *d = &l->items[i];
		Diag why;

		if (!d->expired)
			continue;
		n++;
		diag_set_at(&why, 0, d->line, 0,
			    "the decision on %s (%s) held until %s, and holds no more",
			    decision_format_call(d->syscall, d->arch, call),
			    decision_answer_name(d->answer), decision_until(d, until));
		ctl_fail_diag(0, verb, f->path, &why);
	}
	return n;
}

/* Mistakes that a caller has told already are not told again. */
static int read_list(const char *verb, WorkloadFile *f, size_t told, size_t unsaid,
		     DecisionList *ret, size_t *ret_wrong)
{
	if (decision_list_read(&f->parts, ctl_now(), ret) < 0)
		return ctl_fail_memory(verb);
	*ret_wrong = tell_mistakes(verb, f, told, unsaid) + tell_expired(verb, f, ret);
	return 0;
}

int decision_list_take(const char *verb, WorkloadFile *f, DecisionList *ret, size_t *ret_wrong)
{
	return read_list(verb, f, f->parts.n_complaints, f->parts.n_unsaid, ret, ret_wrong);
}

/* Somebody else's change takes an instant. */
static int open_patiently(const char *dir, const char *workload, bool change, WorkloadFile *ret,
			  Diag *d)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };
	int r = workload_file_open(dir, workload, change, ret, d);

	for (unsigned i = 0; r == -EBUSY && i < PATIENCE_MS / PAUSE_MS; i++) {
		nanosleep(&pause, NULL);
		r = workload_file_open(dir, workload, change, ret, d);
	}
	return r;
}

int decision_file_open(const char *verb, const char *dir, const char *workload, bool change,
		       DecisionFile *ret)
{
	_cleanup_decision_file_ DecisionFile f = DECISION_FILE_NULL;
	Diag d = { 0 };
	int r;

	r = open_patiently(dir, workload, change, &f.file, &d);
	if (r < 0) {
		char base[WORKLOAD_FILE_BASE_SIZE], path[4096];

		snprintf(path, sizeof(path), "%s/%s.conf", dir, workload_file_base(workload, base));
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, verb, d.line > 0 ? path : NULL, &d);
	}
	r = read_list(verb, &f.file, 0, 0, &f.list, &f.n_wrong);
	if (r != 0)
		return r;
	*ret = f;
	f = DECISION_FILE_NULL;
	return 0;
}

void decision_file_close(DecisionFile *f)
{
	decision_list_done(&f->list);
	workload_file_close(&f->file);
}

const Decision *decision_file_find(const DecisionFile *f, const char *name, uint32_t arch)
{
	for (size_t i = 0; i < f->list.n; i++)
		if (f->list.items[i].arch == arch && strcmp(f->list.items[i].syscall, name) == 0)
			return &f->list.items[i];
	return NULL;
}

/* ---- writing ---- */

static int save(const char *verb, DecisionFile *f, const Buffer *text)
{
	Diag d = { 0 };

	/* its texts are those of the file that goes */
	decision_list_done(&f->list);
	if (workload_file_save(&f->file, buffer_span(text), &d) < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, verb, NULL, &d);
	if (decision_list_read(&f->file.parts, ctl_now(), &f->list) < 0)
		return ctl_fail_memory(verb);
	return 0;
}

int decision_file_put(const char *verb, DecisionFile *f, const Decision *d, const char *until)
{
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	char user[64], time[CLOCK_RFC3339_SIZE];
	Decision mine = *d;
	int r;

	mine.user = ctl_user(user, sizeof(user));
	mine.time = clock_format_rfc3339(ctl_now(), time);
	r = decision_put(buffer_span(&f->file.text), &f->file.parts, &mine, until, &text);
	if (r == -E2BIG)
		return ctl_fail(SECCOMPD_EXIT_INPUT, verb,
				"%s has too many sections: take out what is not needed any more",
				f->file.path);
	return r < 0 ? ctl_fail_memory(verb) : save(verb, f, &text);
}

int decision_file_revoke(const char *verb, DecisionFile *f, const char *name, uint32_t arch)
{
	_cleanup_buffer_ Buffer text = BUFFER_NULL;
	int r = decision_remove(buffer_span(&f->file.text), name, arch, &text);

	if (r < 0)
		return ctl_fail_memory(verb);
	return r == 0 ? -1 : save(verb, f, &text);
}

/* ---- for programs ---- */

void decision_keys_json(const Decision *d, JsonLine *j)
{
	char until[CLOCK_RFC3339_SIZE], answer[DECISION_ANSWER_TEXT_MAX];
	const char *error = strchr(decision_format_answer(d->answer, d->errno_ret, answer), '=');

	json_line_str(j, "answer", decision_answer_name(d->answer));
	json_line_str(j, "errno", error ? error + 1 : NULL);
	json_line_str(j, "user", known(d->user));
	json_line_str(j, "time", known(d->time));
	json_line_str(j, "until", known(decision_until(d, until)));
	json_line_str(j, "why", d->why);
}

void decision_json(const Decision *d, JsonLine *j)
{
	if (d)
		decision_keys_json(d, json_line_object(j, "decision"));
	else
		json_line_null(j, "decision");
}
