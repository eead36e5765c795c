/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "config/config-file.h"
#include "ctl/doctor-daemon.h"
#include "ctl/doctor-facts.h"
#include "ctl/runtime-version.h"
#include "profile/filter.h"
#include "util/file.h"
#include "util/parse.h"

#define PROC_TEXT_MAX 65536

/* Of journald.conf(5). */
#define JOURNAL_DEFAULT                                                      \
	{                                                                    \
		.known = true, .burst = 10000, .interval = 30 * USEC_PER_SEC \
	}

DoctorFacts *doctor_facts_free(DoctorFacts *f)
{
	if (!f)
		return NULL;
	free(f->actions);
	free(f->cmdline);
	free(f->ledger_fault);
	free(f->daemon_fault);
	free(f->filters);
	audit_rules_done(&f->rules);
	inventory_done(&f->now);
	ledger_free(f->ledger);
	free(f);
	return NULL;
}

int doctor_open_proc(const Ctl *ctl)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/proc", ctl->state_root ?: "");
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* ---- the kernel ---- */

static void read_text(int proc_fd, const char *path, char **text, DoctorText *ret)
{
	size_t n = 0;

	ret->error =
		proc_fd < 0 ? -ENOENT : file_read_at(proc_fd, path, PROC_TEXT_MAX, false, text, &n);
	ret->text = span_make(*text, n);
}

/* What only the running kernel tells is of no host but this one. */
static void ask_kernel(int proc_fd, DoctorFacts *f)
{
	DoctorHost *h = &f->host;

	for (unsigned i = 0; i < _NAMESPACE_KIND_MAX; i++)
		h->foreign[i] = namespace_is_foreign(proc_fd, "self", (NamespaceKind)i);
	h->rules_error = audit_rules_read(&f->rules);
	h->rules = f->rules.rules;
	h->n_rules = f->rules.n;
}

/* ---- seccompd ---- */

static void read_totals(const TallyTotals *t, DoctorFacts *f)
{
	DoctorDaemon *d = &f->host.daemon;

	span_copy(span_make(t->source, strnlen(t->source, sizeof(t->source))), f->source,
		  sizeof(f->source));
	d->source = f->source;
	if (t->lineage.state == TALLY_LINEAGE_OFF)
		d->lineage = "it is switched off (Lineage=no)";
	if (t->lineage.state != TALLY_LINEAGE_UNAVAILABLE)
		return;
	span_copy(
		span_make(t->lineage.reason, strnlen(t->lineage.reason, sizeof(t->lineage.reason))),
		f->lineage, sizeof(f->lineage));
	d->lineage = f->lineage;
}

static void look_at_daemon(const Ctl *ctl, int proc_fd, DoctorFacts *f)
{
	_cleanup_tally_view_ TallyView view = { 0 };
	DoctorDaemon *d = &f->host.daemon;
	struct stat st;
	Diag fault = { 0 };
	int r = evidence_open_tally(ctl->tally_path, &view, &fault);

	if (r < 0) {
		d->running = r;
		f->daemon_fault = strdup(fault.text);
		d->fault = f->daemon_fault;
		return;
	}
	d->running = view.running;
	if (!view.running)
		return;
	read_totals(tally_totals_view(view.tally), f);
	d->on_stream = 1;
	if (ctl->state_root)
		return;
	if (stat(ctl->tally_path, &st) == 0)
		doctor_daemon_look(proc_fd, st.st_dev, st.st_ino, d);
	else
		d->process = -errno;
}

static int open_ledger(const Ctl *ctl, DoctorFacts *f)
{
	Diag d = { 0 };
	int r = ledger_open_reader(ctl->ledger_path, &f->ledger, &d);

	if (r == 0 || r == -ENOENT || r == -ENOMEM)
		return r == -ENOMEM ? r : 0;
	f->ledger_fault = strdup(d.text);
	f->host.ledger_fault = f->ledger_fault;
	f->host.ledger_denied = r == -EACCES;
	return f->ledger_fault ? 0 : -ENOMEM;
}

/* ---- journald ---- */

static int take_limit(const ConfigLine *line, void *userdata, Diag *d)
{
	DoctorJournal *j = userdata;
	int r = 0;

	(void)d;
	if (strcmp(line->section, "Journal") != 0 || !line->key)
		return 0;
	if (strcmp(line->key, "RateLimitIntervalSec") == 0)
		r = clock_parse_span(span_of(line->value), &j->interval);
	else if (strcmp(line->key, "RateLimitBurst") == 0)
		r = parse_u64(span_of(line->value), &j->burst);
	/* What it cannot read itself journald ignores as well. */
	return r == -ENOMEM ? r : 0;
}

static void read_journal(const Ctl *ctl, DoctorFacts *f)
{
	static const char *const folders[] = { "/usr/lib", "/run", "/etc" };
	DoctorJournal j = JOURNAL_DEFAULT;

	if (!f->host.has_systemd)
		return;
	for (size_t i = 0; i < ELEMENTSOF(folders); i++) {
		char path[PATH_MAX];
		Diag d = { 0 };
		int r;

		snprintf(path, sizeof(path), "%s%s/systemd/journald.conf", ctl->state_root ?: "",
			 folders[i]);
		r = config_file_read(path, false, take_limit, &j, &d, NULL);
		if (r < 0)
			j.error = r;
	}
	f->host.journal = j;
}

static bool has_systemd(const Ctl *ctl)
{
	char path[PATH_MAX];

	if (!ctl->state_root)
		return sd_booted() > 0;
	snprintf(path, sizeof(path), "%s/run/systemd/system", ctl->state_root);
	return access(path, F_OK) == 0;
}

/* ---- containers ---- */

bool doctor_is_container(const Instance *i)
{
	return strcmp(i->engine, "systemd") != 0;
}

static int judge_filters(DoctorFacts *f)
{
	const Instances *all = &f->now.instances;
	int r = 0;

	f->filters = calloc(all->n_filters + 1, sizeof(*f->filters));
	if (!f->filters)
		return -ENOMEM;
	for (size_t i = 0; r >= 0 && i < all->n_filters; i++) {
		const char *json = all->filters[i].json;
		FilterFacts *ff = &f->filters[i];

		r = applied_profile_read(json ? span_of(json) : SPAN_NULL, &ff->applied, NULL);
		if (r == 0 && json)
			r = doctor_filter_read(span_of(json), filter_native_arch(), &ff->filter);
		r = r == -ENOMEM ? r : 0;
	}
	return r;
}

/* A unit's is a deny list when it allows by default. */
static bool is_blind_unit(const Instances *all, const Instance *i)
{
	const char *json = i->has_filter ? all->filters[i->filter].json : NULL;
	AppliedProfile p;

	return json && applied_unit_profile_read(span_of(json), &p, NULL) == 0 &&
	       p.visibility == VISIBILITY_BLIND;
}

static void count_instances(DoctorFacts *f)
{
	const Instances *all = &f->now.instances;
	DoctorRuntimes *t = &f->host.runtimes;

	for (size_t i = 0; i < all->n; i++) {
		const Instance *row = &all->rows[i];

		if (!doctor_is_container(row)) {
			f->host.blind_units += is_blind_unit(all, row);
			continue;
		}
		if (!row->has_filter) /* LXC and the like have no OCI runtime */
			continue;
		if (!row->oci_runtime)
			t->unnamed++;
		else if (strcmp(row->oci_runtime, "runc") == 0)
			t->runc++;
		else
			t->crun++;
	}
	if (t->runc > 0) {
		RuntimeFacts facts = { 0 };

		runtime_ask(RUNTIME_RUNC, &facts);
		t->runc_version = facts.version;
	}
}

static int look_at_containers(const Ctl *ctl, DoctorFacts *f)
{
	int r = inventory_read(ctl, f->ledger, NULL, &f->now);

	if (r == 0)
		r = judge_filters(f);
	if (r < 0)
		return r;
	count_instances(f);
	f->host.state_error = f->now.error;
	f->host.state_fault = f->now.fault.text[0] ? f->now.fault.text : NULL;
	f->host.units_error = f->now.units_error;
	return 0;
}

void doctor_facts_of(const Ctl *ctl, const DoctorFacts *f, int proc_fd, const Instance *i,
		     DoctorContainer *ret)
{
	const FilterFacts *ff = i->has_filter ? &f->filters[i->filter] : NULL;
	_cleanup_close_ int pid_fd = -1;
	uint64_t start = 0;

	*ret = (DoctorContainer){
		.workload = i->workload,
		.name = i->name,
		.engine = i->engine,
		.seccompctl = ctl->command,
		.state_known = i->has_filter,
		.given = i->given,
		.unconfined = ff && applied_profile_is_none(ff->applied.hash),
		.stage = ff ? ff->applied.stage : STAGE_OTHER,
		.visibility = ff ? ff->applied.visibility : VISIBILITY_UNKNOWN,
		.filter = ff ? &ff->filter : NULL,
		.privileged = i->privileged,
	};
	pid_fd = proc_open(proc_fd, i->init_pid);
	ret->process = pid_fd < 0 ? pid_fd : proc_read_confinement(pid_fd, &ret->held);
	/* The pid is another process's by now. */
	if (ret->process == 0 && i->init_start != 0 &&
	    (proc_read_start(pid_fd, &start) < 0 || start != i->init_start))
		ret->process = -ESRCH;
	if (ret->process == -ENOENT)
		ret->process = -ESRCH;
}

/* ---- all of it ---- */

int doctor_facts_new(const Ctl *ctl, DoctorFacts **ret)
{
	_cleanup_(doctor_facts_freep) DoctorFacts *f = calloc(1, sizeof(*f));
	_cleanup_close_ int proc_fd = doctor_open_proc(ctl);
	int r;

	if (!f)
		return -ENOMEM;
	f->host = (DoctorHost){
		.seccompctl = ctl->command,
		.seccompd = ctl->daemon,
		.config = ctl->config_path,
		.has_systemd = has_systemd(ctl),
	};
	read_text(proc_fd, "sys/kernel/seccomp/actions_logged", &f->actions,
		  &f->host.actions_logged);
	read_text(proc_fd, "cmdline", &f->cmdline, &f->host.cmdline);
	if (!ctl->state_root)
		ask_kernel(proc_fd, f);
	look_at_daemon(ctl, proc_fd, f);
	read_journal(ctl, f);
	r = open_ledger(ctl, f);
	if (r == 0)
		r = look_at_containers(ctl, f);
	if (r < 0)
		return r;
	*ret = STEAL(f);
	return 0;
}
