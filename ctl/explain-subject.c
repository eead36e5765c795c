/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/doctor-facts.h"
#include "ctl/explain-subject.h"
#include "ctl/past-instance.h"
#include "seccompd/exit-codes.h"
#include "state/proc.h"

#define ID_PREFIX_MIN 12 /* as engines print it */

void explain_subject_done(ExplainSubject *s)
{
	filter_done(&s->filter);
	profile_free(s->profile);
	free(s->json);
	inventory_done(&s->now);
	workloads_done(&s->recorded);
	ledger_free(s->ledger);
	*s = (ExplainSubject){ 0 };
}

/* On the first day there is no ledger, and what runs can be explained all the same. */
static int open_ledger(const Ctl *ctl, const char *verb, ExplainSubject *s)
{
	int r = ledger_open_reader(ctl->ledger_path, &s->ledger, &s->no_ledger);

	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = workloads_read(s->ledger, &s->recorded);
	else
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, verb, NULL, &s->no_ledger);
	return r < 0 ? ctl_fail_ledger(ctl, verb, s->ledger) : 0;
}

/* ---- who is meant ---- */

static bool is_called(const Instance *i, const char *word)
{
	size_t n = strlen(word);

	return strcmp(i->name, word) == 0 || (n >= ID_PREFIX_MIN && strncmp(i->id, word, n) == 0);
}

static void take_row(ExplainSubject *s, const char *name)
{
	Diag ignored = { 0 };

	if (workload_lookup(&s->recorded, name, &s->workload, &ignored) == 0 &&
	    strcmp(s->workload->name, name) == 0)
		s->has_row = true;
	else if (workload_lookup(&s->now.workloads, name, &s->workload, &ignored) < 0)
		s->workload = NULL;
}

/* A container's own name goes first: that is what people have before them. */
static int find(const ExplainSubject *s, const char *word, const char **ret_workload,
		const Instance **ret_instance, Diag *d)
{
	const Workload *w;
	Diag ignored = { 0 };
	size_t n;

	*ret_instance = NULL;
	for (size_t i = 0; i < s->now.instances.n; i++)
		if (is_called(&s->now.instances.rows[i], word)) {
			*ret_instance = &s->now.instances.rows[i];
			*ret_workload = (*ret_instance)->workload;
			return 0;
		}
	if (workload_lookup(&s->now.workloads, word, &w, &ignored) < 0 &&
	    workload_lookup(&s->recorded, word, &w, d) < 0)
		return -ENOENT;
	*ret_instance = instances_of(&s->now.instances, w->name, &n);
	*ret_workload = w->name;
	return 0;
}

/* ---- what holds it ---- */

static int read_filter(const ExplainSubject *s, char **ret_json)
{
	const Instance *i = s->instance;
	const char *json = NULL;

	if (i && i->has_filter)
		json = s->now.instances.filters[i->filter].json;
	else if (s->has_row && s->workload->profile_hash[0] != '\0')
		return applied_profile_is_none(s->workload->profile_hash)
			       ? 0
			       : ledger_get_profile(s->ledger, s->workload->profile_hash, ret_json);
	else
		return -ENOENT;
	if (json && !(*ret_json = strdup(json)))
		return -ENOMEM;
	return 0;
}

static int load_filter(ExplainSubject *s)
{
	ProfileContext context = context_default(DIALECT_OCI, filter_native_arch());
	bool unit = s->workload && span_starts(span_of(s->workload->name), SPAN_LIT("unit:"));
	AppliedProfile applied = { 0 };
	Diag d = { 0 };
	int r = read_filter(s, &s->json);

	if (r < 0)
		return r;
	if (!s->json) {
		s->filter_known = s->unconfined = true;
		return 0;
	}
	/* What its own condition excluded is out of it already; runc's stub is not in it. */
	context.runtime = unit ? RUNTIME_SYSTEMD : RUNTIME_CRUN;
	if (s->instance && s->instance->oci_runtime &&
	    strcmp(s->instance->oci_runtime, "runc") == 0)
		context.runtime = RUNTIME_RUNC;
	r = profile_read(span_of(s->json), DIALECT_OCI, &context, &s->profile, &d);
	if (r == 0)
		r = filter_build(s->profile, &s->filter, &d);
	if (r == 0)
		r = unit ? applied_unit_profile_read(span_of(s->json), &applied, &d)
			 : applied_profile_read(span_of(s->json), &applied, &d);
	s->filter_known = r == 0;
	s->visibility = applied.visibility;
	return r;
}

/* A call that was killed is recorded whatever the flags, other refusals with the log flag alone. */
bool explain_answer_is_seen(const ExplainSubject *s, Action answer)
{
	switch (answer) {
	case ACTION_ALLOW:
		return false;
	case ACTION_LOG:
	case ACTION_KILL_PROCESS:
	case ACTION_KILL_THREAD:
	case ACTION_OTHER:
		return true;
	default:
		return s->visibility == VISIBILITY_FULL || (s->profile && s->profile->flag_log);
	}
}

static bool refuses_unseen(const ExplainSubject *s, Action answer)
{
	return answer != ACTION_ALLOW && !explain_answer_is_seen(s, answer);
}

bool explain_refuses_unseen(const ExplainSubject *s)
{
	const Profile *p = s->profile;

	if (s->unconfined || s->visibility == VISIBILITY_FULL)
		return false;
	if (!s->filter_known || !p || refuses_unseen(s, p->default_action))
		return true;
	for (size_t i = 0; i < p->n_rules; i++)
		if (refuses_unseen(s, p->rules[i].action))
			return true;
	return false;
}

static void ask_process(const Ctl *ctl, ExplainSubject *s)
{
	_cleanup_close_ int proc_fd = doctor_open_proc(ctl), pid_fd = -1;
	ProcConfinement held;
	uint64_t start;

	if (proc_fd < 0 || !s->instance || s->instance->init_pid <= 0)
		return;
	pid_fd = proc_open(proc_fd, s->instance->init_pid);
	if (pid_fd < 0 || proc_read_confinement(pid_fd, &held) < 0 ||
	    (s->instance->init_start != 0 &&
	     (proc_read_start(pid_fd, &start) < 0 || start != s->instance->init_start)))
		return;
	s->capabilities_known = s->effective_known = true;
	s->capabilities = held.capabilities;
	s->effective = held.effective;
	s->has_label = proc_read_label(pid_fd, s->label, sizeof(s->label)) == 0;
}

static void find_capabilities(const Ctl *ctl, ExplainSubject *s)
{
	const Instance *i = s->instance;
	Instance past;

	ask_process(ctl, s);
	if (!s->capabilities_known && i && i->has_capabilities) {
		s->capabilities = i->capabilities;
		s->capabilities_known = true;
	}
	if (!s->capabilities_known && s->has_row &&
	    past_instance(s->ledger, s->workload, &past) == 0) {
		s->capabilities = past.capabilities;
		s->capabilities_known = true;
	}
}

int explain_subject_find(const Ctl *ctl, const char *verb, const char *word, ExplainSubject *ret)
{
	_cleanup_explain_subject_ ExplainSubject s = { 0 };
	const char *workload;
	Diag d = { 0 };
	int r = open_ledger(ctl, verb, &s);

	if (r != 0)
		return r;
	if (inventory_read(ctl, s.ledger, verb, &s.now) < 0)
		return ctl_fail_memory(verb);
	if (find(&s, word, &workload, &s.instance, &d) < 0)
		return s.ledger ? ctl_fail_diag(SECCOMPD_EXIT_USAGE, verb, NULL, &d)
				: ctl_fail_diag(SECCOMPD_EXIT_LEDGER, verb, NULL, &s.no_ledger);
	take_row(&s, workload);
	r = load_filter(&s);
	if (r == -ENOMEM)
		return ctl_fail_memory(verb);
	find_capabilities(ctl, &s);
	*ret = s;
	s = (ExplainSubject){ 0 };
	return 0;
}
