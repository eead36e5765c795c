/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/doctor-private.h"
#include "util/array.h"

static const struct {
	const char *title, *meaning;
} codes[_DOCTOR_CODE_MAX] = {
	[DOCTOR_ACTIONS] = { "actions not recorded",
			     "The kernel makes no record of an action that is not in "
			     "kernel.seccomp.actions_logged, whatever the filter says." },
	[DOCTOR_AUDIT_OFF] = { "audit switched off",
			       "With audit=0 on the kernel's command line no record is ever made, "
			       "and nothing but a reboot changes that." },
	[DOCTOR_EXCLUDED] = { "excluded records",
			      "A rule of the kernel's exclude list takes records away before "
			      "anybody sees them, and leaves no gap in their serials." },
	[DOCTOR_OUTSIDE] = { "not on the host",
			     "The audit stream and the host's processes are there only in the "
			     "first namespaces: what is said from elsewhere is not of the host." },
	[DOCTOR_NOT_RUNNING] = { "nobody listens",
				 "Without seccompd records go to the kernel's log alone, which "
				 "keeps 10 of them in 5 seconds." },
	[DOCTOR_OFF_STREAM] = { "off the stream",
				"Records are sent in the first network namespace alone; a reader "
				"elsewhere gets none, and no error." },
	[DOCTOR_FROM_LOG] = { "read from a log",
			      "The kernel's log keeps 10 records in 5 seconds, and nobody is there "
			      "to look at the process of a record that was read from a file." },
	[DOCTOR_BUFFER] = { "small receive buffer",
			    "What does not fit into the buffer is lost: a record takes about 830 "
			    "bytes of it, and a program in a loop makes 200000 in a second." },
	[DOCTOR_JOURNAL] = { "journal rate limit",
			     "journald drops what is above its limit. The ledger keeps "
			     "everything; entries may be missing in the journal." },
	[DOCTOR_NO_HISTORY] = { "no history of processes",
				"Calls of processes that end at once cannot be given to their "
				"container." },
	[DOCTOR_STATE] = { "state not readable",
			   "Containers that are not known are not checked, and records name no "
			   "workload." },
	[DOCTOR_NO_FLAGS] = { "no flags in runc",
			      "runc before 1.2 refuses a profile with flags, so that what a filter "
			      "refuses with an error cannot be recorded under it." },
	[DOCTOR_RUNTIME] = { "runtime not known",
			     "Whether a profile may carry the log flag depends on the runtime: "
			     "crun takes it, runc from 1.2 on." },
	[DOCTOR_UNITS] = { "blind units",
			   "systemd does not set the log flag: what SystemCallFilter= refuses with "
			   "an error leaves no record." },
	[DOCTOR_LEDGER] = { "ledger not readable",
			    "Where seccompd reads the runtimes' state stands in its ledger; "
			    "without it the configuration decides." },
	[DOCTOR_BLIND] = { "blind",
			   "What the filter refuses leaves no record: no evidence is no sign that "
			   "the profile fits." },
	[DOCTOR_PARTIAL] = { "partly blind",
			     "Calls that no rule lists are recorded; those that a rule of its own "
			     "refuses with an error are not." },
	[DOCTOR_UNCONFINED] = { "unconfined",
				"No filter holds the container: it may make every call, and none "
				"of them is recorded." },
	[DOCTOR_DIFFERS] = { "not held by its filter",
			     "The runtime's state and the kernel disagree; the kernel is right." },
	[DOCTOR_PRIVILEGED] = { "privileged",
				"It has all capabilities and devices: a filter is little use "
				"against who may undo what holds it." },
	[DOCTOR_HOLDS_NOTHING] = { "holds nothing",
				   "The profile loads, and refuses, kills and records no call: it "
				   "is as good as none." },
	[DOCTOR_UNBOUND] = { "arguments not filtered",
			     "A 32-bit program makes the call through another one, whose arguments "
			     "no filter sees." },
	[DOCTOR_NO_FILE] = { "no file",
			     "Nobody can patch a profile whose file is not found; the engine's own "
			     "default is in none." },
	[DOCTOR_TWO_FILES] = { "several files",
			       "Which of them the container was given cannot be told: a patch "
			       "might go to the wrong one." },
	[DOCTOR_ENDED] = { "ended meanwhile", "It was there when the look began." },
	[DOCTOR_UNTOLD] = { "cannot tell", "What holds the container could not be found out." },
};

static void finding_done(DoctorFinding *f)
{
	free(f->workload);
	free(f->message);
	free(f->command);
	free(f->edit);
}

void doctor_report_done(DoctorReport *r)
{
	for (size_t i = 0; i < r->n; i++)
		finding_done(&r->findings[i]);
	free(r->findings);
	*r = (DoctorReport){ 0 };
}

void doctor_draft_done(DoctorDraft *d)
{
	buffer_done(&d->message);
	buffer_done(&d->command);
	buffer_done(&d->edit);
}

static bool same_text(const char *a, const Buffer *b)
{
	return span_eq(span_of(a), buffer_span(b));
}

/* Instances of a workload come one after the other. */
static DoctorFinding *find_same(const DoctorReport *r, const char *code, const DoctorDraft *d)
{
	for (size_t i = r->n; d->workload && i-- > 0;) {
		DoctorFinding *f = &r->findings[i];

		if (!f->workload || strcmp(f->workload, d->workload) != 0)
			return NULL;
		if (strcmp(f->code, code) == 0 && same_text(f->message, &d->message))
			return f;
	}
	return NULL;
}

static int fill(DoctorDraft *d, DoctorFinding *f)
{
	if (buffer_error(&d->message) < 0 || buffer_error(&d->command) < 0 ||
	    buffer_error(&d->edit) < 0)
		return -ENOMEM;
	f->severity = d->severity;
	f->title = codes[d->code].title;
	f->meaning = codes[d->code].meaning;
	f->containers = d->workload ? 1 : 0;
	f->workload = d->workload ? strdup(d->workload) : NULL;
	f->message = buffer_steal(&d->message);
	f->command = d->command.n > 0 ? buffer_steal(&d->command) : NULL;
	f->edit = d->edit.n > 0 ? buffer_steal(&d->edit) : NULL;
	return f->message && (f->workload || !d->workload) ? 0 : -ENOMEM;
}

int doctor_say(DoctorDraft *d)
{
	DoctorReport *r = d->report;
	DoctorFinding f = { 0 }, *rows;
	int q;

	snprintf(f.code, sizeof(f.code), "D%02u", (unsigned)d->code % 100);
	rows = find_same(r, f.code, d);
	if (rows) {
		rows->containers++;
		return 0;
	}
	rows = array_room(r->findings, r->n, &r->allocated, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	r->findings = rows;
	q = fill(d, &f);
	if (q < 0) {
		finding_done(&f);
		return q;
	}
	r->findings[r->n++] = f;
	r->counts[f.severity]++;
	return 0;
}

static int by_gravity(const void *a, const void *b)
{
	const DoctorFinding *x = a, *y = b;
	int r = (int)y->severity - (int)x->severity;

	r = r ?: strcmp(x->code, y->code);
	r = r ?: strcmp(x->workload ?: "", y->workload ?: "");
	return r ?: strcmp(x->message, y->message);
}

void doctor_report_sort(DoctorReport *r)
{
	if (r->n > 1)
		qsort(r->findings, r->n, sizeof(*r->findings), by_gravity);
}

const char *doctor_severity_name(DoctorSeverity s)
{
	static const char *const names[_DOCTOR_SEVERITY_MAX] = {
		[DOCTOR_NOTE] = "note",
		[DOCTOR_WARNING] = "warning",
		[DOCTOR_UNKNOWN] = "unknown",
		[DOCTOR_ERROR] = "error",
	};

	return (unsigned)s < _DOCTOR_SEVERITY_MAX ? names[s] : "?";
}
