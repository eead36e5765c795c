/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "Is a seccomp profile applied": each container that runs, with what holds it. */
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>

#include "ctl/doctor-output.h"
#include "ctl/table.h"
#include "seccompd/exit-codes.h"
#include "util/text.h"

typedef struct AuditRow {
	const Instance *instance;
	DoctorContainer facts;
	FilesInUse files;
	int unconfined, sys_admin; /* 1, 0, -ENODATA */
} AuditRow;

/* By the kernel's word where there is one. */
static int has_sys_admin(const Instance *i, const DoctorContainer *c)
{
	uint64_t set = c->process == 0 ? c->held.capabilities : i->capabilities;

	if (c->process != 0 && !i->has_capabilities)
		return -ENODATA;
	return (set >> CAP_SYS_ADMIN & 1) != 0;
}

static const char *mode_of(const DoctorContainer *c)
{
	static const char *const modes[] = {
		[PROC_SECCOMP_NONE] = "none",
		[PROC_SECCOMP_STRICT] = "strict",
		[PROC_SECCOMP_FILTER] = "filter",
	};

	return c->process == 0 ? modes[c->held.mode] : NULL;
}

static bool has_no_new_privs(const AuditRow *row)
{
	return row->facts.process == 0 ? row->facts.held.no_new_privs : row->instance->no_new_privs;
}

/* ---- as JSON ---- */

static void add_answer(JsonLine *j, const char *key, int answer)
{
	if (answer < 0)
		json_line_null(j, key);
	else
		json_line_bool(j, key, answer > 0);
}

static int print_json(const DoctorFacts *f, const AuditRow *row)
{
	_cleanup_(json_line_freep) JsonLine *j = json_line_new();
	const DoctorContainer *c = &row->facts;
	const Instance *i = row->instance;

	json_line_str(j, "workload", i->workload);
	json_line_str(j, "name", i->name);
	json_line_str(j, "id", known(i->id));
	json_line_str(j, "engine", i->engine);
	json_line_str(j, "runtime", i->oci_runtime);
	json_line_str(j, "mode", mode_of(c));
	json_line_str(j, "stage", c->state_known ? stage_name(c->stage) : NULL);
	json_line_str(j, "visibility", c->state_known ? visibility_name(c->visibility) : NULL);
	json_line_str(j, "profile",
		      c->state_known ? f->now.instances.filters[i->filter].hash : NULL);
	json_line_text(j, "profile_file", span_of(row->files.one));
	if (c->process == 0 && c->held.has_filters)
		json_line_uint(j, "filters", c->held.filters);
	else
		json_line_null(j, "filters");
	json_line_bool(j, "no_new_privs", has_no_new_privs(row));
	add_answer(j, "privileged", c->state_known ? c->privileged : -ENODATA);
	add_answer(j, "sys_admin", row->sys_admin);
	json_line_str(j, "engine_socket", known(i->engine_socket));
	add_answer(j, "unconfined", row->unconfined);
	json_line_bool(j, "ended", c->process == -ESRCH);
	return json_line_write(j, stdout);
}

/* ---- for people ---- */

static const TableColumn columns[] = {
	{ "WORKLOAD", false },     { "CONTAINER", false },  { "MODE", false },
	{ "STAGE", false },        { "VISIBLE", false },    { "FILTERS", true },
	{ "NO-NEW-PRIVS", false }, { "PRIVILEGED", false }, { "SYS_ADMIN", false },
	{ "SOCKET", false },       { "PROFILE", false },
};

static void add_word(Table *t, int answer, bool good_when)
{
	table_cell(t,
		   span_of(answer < 0   ? "?"
			   : answer > 0 ? "yes"
					: "no"),
		   answer < 0                  ? TONE_WARN
		   : (answer > 0) == good_when ? TONE_PLAIN
					       : TONE_BAD);
}

static void add_row(Table *t, const AuditRow *row)
{
	const DoctorContainer *c = &row->facts;
	const Instance *i = row->instance;
	bool free_of_all = row->unconfined > 0;

	table_cell(t, span_of(i->workload), TONE_PLAIN);
	table_cell(t, span_of(i->name), TONE_PLAIN);
	table_cell(t, span_of(c->process == -ESRCH ? "ended" : mode_of(c) ?: "?"),
		   c->process != 0 ? TONE_WARN : free_of_all ? TONE_BAD : TONE_PLAIN);
	table_cell(t,
		   span_of(free_of_all      ? "unconfined"
			   : c->state_known ? stage_name(c->stage)
					    : "?"),
		   free_of_all ? TONE_BAD : TONE_PLAIN);
	table_cell(t, span_of(c->state_known ? visibility_name(c->visibility) : "?"),
		   c->visibility == VISIBILITY_BLIND ? TONE_BAD : TONE_PLAIN);
	if (c->process == 0 && c->held.has_filters)
		table_cellf(t, TONE_PLAIN, "%" PRIu32, c->held.filters);
	else
		table_cell(t, span_of("?"), TONE_PLAIN);
	table_cell(t, span_of(has_no_new_privs(row) ? "yes" : "no"), TONE_PLAIN);
	add_word(t, c->state_known ? c->privileged : -ENODATA, false);
	add_word(t, row->sys_admin, false);
	table_cell(t, span_of(known(i->engine_socket) ?: "-"),
		   i->engine_socket[0] ? TONE_BAD : TONE_PLAIN);
	table_cell(t, span_of(row->files.one ?: row->files.n > 1 ? "several" : "-"), TONE_PLAIN);
}

/* ---- all rows ---- */

static int compare_name(const void *name, const void *workload)
{
	return strcmp(name, ((const Workload *)workload)->name);
}

/* They are in the order of their names. */
static const Workload *find_workload(const Workloads *all, const char *name)
{
	return all->n > 0 ? bsearch(name, all->rows, all->n, sizeof(*all->rows), compare_name)
			  : NULL;
}

typedef struct Audit {
	const Ctl *ctl;
	const DoctorFacts *facts;
	ProfilesInUse *profiles;
	Table *table; /* NULL: as JSON */
	int proc_fd;
	size_t n, bad, untold;
} Audit;

static int fill_row(Audit *a, const Instance *i, AuditRow *row)
{
	const Workload *w = find_workload(&a->facts->now.workloads, i->workload);

	row->instance = i;
	doctor_facts_of(a->ctl, a->facts, a->proc_fd, i, &row->facts);
	row->unconfined = doctor_is_unconfined(&row->facts);
	row->sys_admin = has_sys_admin(i, &row->facts);
	return w ? profiles_in_use_of(a->profiles, &a->facts->now.instances, a->facts->ledger, w,
				      &row->files)
		 : 0;
}

static int on_instance(Audit *a, const Instance *i)
{
	AuditRow row = { 0 };
	int r = fill_row(a, i, &row);

	if (r == 0) {
		a->n++;
		a->bad += row.unconfined > 0 || row.facts.privileged || row.sys_admin > 0 ||
			  i->engine_socket[0] != '\0';
		a->untold += row.facts.process != -ESRCH &&
			     (row.unconfined < 0 || !row.facts.state_known);
		if (a->table)
			add_row(a->table, &row);
		else
			r = print_json(a->facts, &row);
	}
	files_in_use_done(&row.files);
	return r;
}

/* The processes of containers do not show in another pid namespace, and so they seem to have ended.
 */
static bool is_whole(const DoctorHost *h)
{
	return h->state_error >= 0 && h->foreign[NAMESPACE_PID] <= 0;
}

static int print_end(const Audit *a)
{
	int r = 0;

	if (a->n > 0)
		r = table_print(a->table, stdout, a->ctl->color);
	else
		printf("%s\n", is_whole(&a->facts->host) ? "No container runs."
							 : "No container was found.");
	if (a->bad > 0)
		printf("\n%zu of %zu containers are unconfined, privileged, have CAP_SYS_ADMIN, or "
		       "an engine's socket.\n\"%s doctor\" says what to do.\n",
		       a->bad, a->n, a->ctl->command);
	return r;
}

/* In either form: a list that is not whole must not read as one that is. */
static void tell_gap(const DoctorHost *h)
{
	bool refused = h->state_error == -EACCES || h->state_error == -EPERM;

	if (h->foreign[NAMESPACE_PID] > 0)
		ctl_fail(0, "doctor",
			 "there may be more containers: seccompctl runs in another pid namespace "
			 "than the host; run it on the host itself");
	if (h->state_error < 0 && h->state_fault)
		ctl_fail(0, "doctor", "there may be more containers: %s%s", h->state_fault,
			 refused ? "; be root" : "");
	else if (h->state_error < 0)
		ctl_fail(0, "doctor",
			 "there may be more containers: the state of their runtimes cannot be "
			 "read: %s%s",
			 strerror(-h->state_error), refused ? "; be root" : "");
}

int doctor_audit(const Ctl *ctl, const DoctorFacts *f, bool json)
{
	_cleanup_(table_freep) Table *table = json ? NULL : table_new(columns, ELEMENTSOF(columns));
	_cleanup_(profiles_in_use_freep) ProfilesInUse *profiles = NULL;
	_cleanup_close_ int proc_fd = doctor_open_proc(ctl);
	Audit a = { .ctl = ctl, .facts = f, .table = table, .proc_fd = proc_fd };
	int r = !json && !table ? -ENOMEM : profiles_in_use_open(ctl->profile_path, &profiles);

	a.profiles = profiles;
	for (size_t i = 0; r == 0 && i < f->now.instances.n; i++)
		if (doctor_is_container(&f->now.instances.rows[i]))
			r = on_instance(&a, &f->now.instances.rows[i]);
	if (r == 0 && !json)
		r = print_end(&a);
	if (r < 0)
		return r;
	tell_gap(&f->host);
	if (a.bad > 0)
		return SECCOMPD_EXIT_FINDINGS;
	return a.untold > 0 || !is_whole(&f->host) ? SECCOMPD_EXIT_UNKNOWN : SECCOMPD_EXIT_OK;
}
