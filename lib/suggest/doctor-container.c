/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "suggest/doctor-private.h"
#include "util/text.h"

#define DRAFT(c, r, k, s)                                                              \
	{                                                                              \
		.report = (r), .code = (k), .severity = (s), .workload = (c)->workload \
	}

#define FILE_NAME_MAX 64

/* A file's name for the workload: what is no letter or digit becomes a dash. */
static void name_file(const DoctorContainer *c, Buffer *out)
{
	const char *w = c->workload;

	for (size_t i = 0; i < FILE_NAME_MAX && w[i]; i++) {
		bool plain = (w[i] >= 'a' && w[i] <= 'z') || (w[i] >= 'A' && w[i] <= 'Z') ||
			     (w[i] >= '0' && w[i] <= '9') || w[i] == '_' || (i > 0 && w[i] == '.');

		buffer_add_char(out, plain ? w[i] : '-');
	}
	buffer_add_str(out, ".json");
}

static bool takes_options(const DoctorContainer *c)
{
	return strcmp(c->engine, "docker") == 0 || strcmp(c->engine, "podman") == 0;
}

/* The first step of every way in: a profile at LOG, and an instance that runs under it. */
static void write_way_in(const DoctorContainer *c, DoctorDraft *d)
{
	buffer_printf(&d->command, "%s promote ", c->seccompctl);
	text_shell_word(&d->command, span_of(c->workload));
	buffer_add_str(&d->command, " --to log -o ");
	name_file(c, &d->command);
	if (takes_options(c))
		buffer_add_str(&d->edit, "start one instance anew with --security-opt seccomp=");
	else
		buffer_add_str(&d->edit, "start one instance anew under this file: ");
	name_file(c, &d->edit);
}

int doctor_is_unconfined(const DoctorContainer *c)
{
	if (c->process == 0)
		return c->held.mode == PROC_SECCOMP_NONE;
	return c->state_known ? c->unconfined : -ENODATA;
}

/* The state gave it a filter, and the kernel knows of none. */
static bool differs(const DoctorContainer *c)
{
	return c->state_known && !c->unconfined && c->process == 0 &&
	       c->held.mode == PROC_SECCOMP_NONE;
}

static int check_differs(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(c, r, DOCTOR_DIFFERS, DOCTOR_ERROR);

	if (!differs(c))
		return 0;
	buffer_add_str(&d.message, "its runtime was given a filter, and its first process runs "
				   "without any");
	if (takes_options(c)) {
		buffer_printf(&d.command, "%s restart ", c->engine);
		text_shell_word(&d.command, span_of(c->name));
	}
	buffer_add_str(&d.edit,
		       "start it anew; should that not help, its runtime was built without "
		       "seccomp, or somebody changed its configuration");
	return doctor_say(&d);
}

static int check_unconfined(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(c, r, DOCTOR_UNCONFINED, DOCTOR_ERROR);

	if (differs(c) || c->given || doctor_is_unconfined(c) <= 0)
		return 0;
	buffer_printf(&d.message, "it runs without a seccomp filter%s",
		      c->privileged ? ", as privileged containers do" : "");
	write_way_in(c, &d);
	if (c->privileged)
		buffer_add_str(&d.edit, "; a privileged one takes a profile that is named so");
	return doctor_say(&d);
}

static int check_privileged(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(c, r, DOCTOR_PRIVILEGED, DOCTOR_WARNING);

	if (!c->privileged)
		return 0;
	buffer_add_str(&d.message, "it is privileged");
	buffer_add_str(&d.edit,
		       "start it anew without --privileged (in a pod: privileged: false), and give "
		       "it what it needs one by one: capabilities, devices");
	return doctor_say(&d);
}

static int check_nothing(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(c, r, DOCTOR_HOLDS_NOTHING, DOCTOR_ERROR);
	bool empty = c->given && c->unconfined;

	if (!c->state_known || (!empty && !(c->filter && c->filter->known && !c->filter->confines)))
		return 0;
	buffer_add_str(&d.message, empty ? "it was given an empty profile, which runtimes take for "
					   "none"
					 : "its profile allows every call");
	write_way_in(c, &d);
	return doctor_say(&d);
}

static bool holds_something(const DoctorContainer *c)
{
	return c->state_known && !c->unconfined &&
	       !(c->filter && c->filter->known && !c->filter->confines);
}

static int check_blind(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(c, r, DOCTOR_BLIND, DOCTOR_ERROR);

	if (!holds_something(c) || differs(c) || c->visibility != VISIBILITY_BLIND)
		return 0;
	buffer_add_str(&d.message, c->stage == STAGE_ERRNO
					   ? "its filter answers with an error and has no log flag"
					   : "the default action of its filter leaves no record");
	write_way_in(c, &d);
	return doctor_say(&d);
}

static int check_partial(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(c, r, DOCTOR_PARTIAL, DOCTOR_NOTE);

	if (!holds_something(c) || differs(c) || c->visibility != VISIBILITY_PARTIAL)
		return 0;
	buffer_add_str(&d.message, "rules of its own refuse calls without a record");
	buffer_add_str(&d.edit, "with crun, or runc from 1.2 on: add \"flags\": "
				"[\"SECCOMP_FILTER_FLAG_LOG\", \"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"] "
				"to the profile");
	return doctor_say(&d);
}

static int check_unbound(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(c, r, DOCTOR_UNBOUND, DOCTOR_WARNING);

	if (!c->filter || !c->filter->known || c->filter->unbound == 0)
		return 0;
	buffer_add_str(&d.message, c->filter->unbound_text);
	if (c->filter->unbound > 1)
		buffer_printf(&d.message, " (and %u more)", c->filter->unbound - 1);
	buffer_printf(&d.edit,
		      "take that architecture out of the profile and start the container anew; "
		      "\"%s lint FILE --for oci\" shows each place",
		      c->seccompctl);
	return doctor_say(&d);
}

static int check_files(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d =
		DRAFT(c, r, c->n_files == 0 ? DOCTOR_NO_FILE : DOCTOR_TWO_FILES, DOCTOR_NOTE);

	if (!c->files_known || c->n_files == 1 || !holds_something(c))
		return 0;
	if (c->n_files == 0) {
		buffer_printf(&d.message, "the file of its profile is not found: %s", c->no_file);
		buffer_add_str(&d.edit, "put the file into a folder of ProfilePath= in "
					"seccompd.conf(5), or begin a new one with \"promote --to "
					"log\"");
	} else {
		buffer_printf(&d.message, "%zu files mean what it runs under: %s", c->n_files,
			      c->files);
		buffer_add_str(&d.edit, "keep one of them in the folders of ProfilePath=, or name "
					"the right one with --profile");
	}
	return doctor_say(&d);
}

static int check_told(const DoctorContainer *c, DoctorReport *r)
{
	_cleanup_doctor_draft_ DoctorDraft d = DRAFT(c, r, DOCTOR_UNTOLD, DOCTOR_UNKNOWN);

	if (c->state_known && c->process == 0)
		return 0;
	if (c->process == -ESRCH) {
		d.code = DOCTOR_ENDED;
		d.severity = DOCTOR_NOTE;
		buffer_add_str(&d.message, "it ended while it was looked at");
	} else if (c->process < 0)
		buffer_printf(&d.message, "its first process cannot be looked at: %s",
			      strerrordesc_np(-c->process) ?: "no reason is known");
	else if (c->held.mode == PROC_SECCOMP_NONE)
		return 0; /* that is said as it is: unconfined */
	else
		buffer_add_str(&d.message, "its runtime's state does not tell which filter it was "
					   "given");
	if (c->process == -EACCES || c->process == -EPERM)
		buffer_printf(&d.command, "sudo %s doctor", c->seccompctl);
	return doctor_say(&d);
}

int doctor_container(const DoctorContainer *c, DoctorReport *r)
{
	static int (*const checks[])(const DoctorContainer *c, DoctorReport *r) = {
		check_differs, check_unconfined, check_privileged, check_nothing, check_blind,
		check_partial, check_unbound,    check_files,      check_told,
	};
	int q = 0;

	/* What it was given is no longer of interest. */
	if (c->process == -ESRCH)
		return check_told(c, r);
	for (size_t i = 0; q == 0 && i < ELEMENTSOF(checks); i++)
		q = checks[i](c, r);
	return q;
}
