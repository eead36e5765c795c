/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/diff-running.h"
#include "ctl/diff-side.h"
#include "ctl/diff-text.h"
#include "ctl/inventory.h"
#include "ctl/live-filter.h"
#include "ctl/profile-file.h"
#include "seccompd/exit-codes.h"

typedef struct Run {
	const RunningDiff *o;
	Span text; /* of the file */
	const Instances *instances;
	const Instance *rows; /* of the workload */
	size_t n;
	int code;
} Run;

/* ---- which containers ---- */

/* Do both run under the same filter, and would both read the file alike? */
static bool same_kind(const Instance *a, const Instance *b)
{
	return a->has_filter == b->has_filter && a->filter == b->filter &&
	       a->has_capabilities == b->has_capabilities && a->capabilities == b->capabilities &&
	       a->oci_runtime == b->oci_runtime && strcmp(a->engine, b->engine) == 0;
}

static bool is_first_of_kind(const Run *run, size_t i)
{
	if (run->o->live)
		return true;
	for (size_t k = 0; k < i; k++)
		if (same_kind(&run->rows[k], &run->rows[i]))
			return false;
	return true;
}

static const AppliedFilter *filter_of(const Run *run, const Instance *i)
{
	return i->has_filter ? &run->instances->filters[i->filter] : NULL;
}

/* Unknown outranks what fits, and a difference outranks both. */
static int worse(int a, int b)
{
	static const int order[] = { SECCOMPD_EXIT_OK, SECCOMPD_EXIT_UNKNOWN,
				     SECCOMPD_EXIT_FINDINGS, SECCOMPD_EXIT_INPUT };
	size_t x = 0, y = 0;

	for (size_t i = 0; i < ELEMENTSOF(order); i++) {
		x = order[i] == a ? i : x;
		y = order[i] == b ? i : y;
	}
	return order[MAX(x, y)];
}

/* ---- one kind of them ---- */

static int print(const Run *run, DiffRunning *running, DiffView *v)
{
	int r;

	running->workload = run->rows[0].workload;
	r = run->o->json ? diff_print_running_json(running, v, stdout)
			 : diff_print_running_text(running, v, stdout);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "diff", "cannot print: %s", strerror(-r));
	return running->exit_code;
}

static int print_without_filter(const Run *run, DiffRunning *running)
{
	running->exit_code = running->verdict == DIFF_UNCONFINED ? SECCOMPD_EXIT_FINDINGS
								 : SECCOMPD_EXIT_UNKNOWN;
	return print(run, running, NULL);
}

/* A filter that our libseccomp does not make: the runtime's may be newer. */
static int fail_applied(const Instance *i, const Diag *d)
{
	return ctl_fail(SECCOMPD_EXIT_UNKNOWN, "diff",
			"the filter of the container %s cannot be compared: %s", i->name, d->text);
}

static int prove(const Run *run, DiffRunning *running, DiffView *v)
{
	_cleanup_proof_ Proof proof = { 0 };
	char library[16];
	int r;

	r = proof_compare(v->before.filter, v->after.filter, &proof);
	if (r == -E2BIG) {
		running->verdict = DIFF_UNLIKE;
		running->exit_code = SECCOMPD_EXIT_FINDINGS;
		return print(run, running, NULL);
	}
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "diff", "cannot compare: %s", strerror(-r));
	filter_library_version(library, sizeof(library));
	proof.assumed = strcmp(library, v->facts.libseccomp) != 0;
	v->proof = &proof;
	running->verdict = proof.n_changes > 0 || running->flags_differ ? DIFF_DIFFERS : DIFF_SAME;
	running->exit_code =
		running->verdict == DIFF_SAME ? SECCOMPD_EXIT_OK : SECCOMPD_EXIT_FINDINGS;
	v->exit_code = running->exit_code;
	r = print(run, running, v);
	v->proof = NULL;
	return r;
}

/* What runs, as the OCI configuration has it. */
static int take_applied(const Run *run, const Instance *i, const ProfileContext *context,
			DiffRunning *running, DiffInput *applied)
{
	Diag d = { 0 };
	int r = diff_input_parse(span_of(filter_of(run, i)->json), DIALECT_OCI, context, applied,
				 &d);

	if (r == -ENOMEM)
		return ctl_fail_memory("diff");
	if (r < 0)
		return fail_applied(i, &d);
	running->flags_differ = running->file_logs != applied->profile->flag_log;
	return 0;
}

static int compare_applied(const Run *run, const Instance *i, DiffView *v, DiffRunning *running)
{
	_cleanup_diff_input_ DiffInput applied = { 0 };
	const AppliedFilter *filter = filter_of(run, i);
	int r;

	if (!filter || !filter->json) {
		running->verdict = filter ? DIFF_UNCONFINED : DIFF_UNKNOWN;
		return print_without_filter(run, running);
	}
	r = take_applied(run, i, &v->context, running, &applied);
	if (r != 0)
		return r;
	v->before = (DiffSide){ "the applied filter", applied.profile, &applied.filter };
	return prove(run, running, v);
}

/* What runs, as the kernel has it. */
static int compare_live(const Run *run, const Instance *i, DiffView *v, DiffRunning *running)
{
	LiveInput live = { 0 };
	int r;

	r = live_input_read("diff", i, &live);
	if (r != 0)
		return r;
	running->loaded = live.n;
	running->flags_differ = running->file_logs != live.logs;
	if (live.n == 0) {
		running->verdict = DIFF_UNCONFINED;
		return print_without_filter(run, running);
	}
	v->before = (DiffSide){ "the loaded filter", NULL, &live.filter };
	r = prove(run, running, v);
	filter_done(&live.filter);
	return r;
}

static int compare(const Run *run, const Instance *i, DiffRunning *running)
{
	_cleanup_diff_input_ DiffInput file = { 0 };
	Dialect dialect = context_dialect(&run->o->context, i->engine);
	DiffView v = { 0 };
	Diag d = { 0 };
	int r;

	running->engine = i->engine;
	v.context = context_of_instance(&run->o->context, dialect, i, &v.facts);
	r = diff_input_parse(run->text, dialect, &v.context, &file, &d);
	if (r < 0)
		return diff_input_fail(run->o->file, r, &d);
	v.after = (DiffSide){ run->o->file, file.profile, &file.filter };
	running->file_logs = file.profile->flag_log;
	return (run->o->live ? compare_live : compare_applied)(run, i, &v, running);
}

static int compare_kind(const Run *run, size_t first)
{
	_cleanup_free_ const Instance **members = calloc(run->n, sizeof(*members));
	DiffRunning running = { 0 };

	if (!members)
		return ctl_fail_memory("diff");
	running.instances = members;
	for (size_t i = first; i < (run->o->live ? first + 1 : run->n); i++)
		if (same_kind(&run->rows[i], &run->rows[first]))
			members[running.n++] = &run->rows[i];
	return compare(run, &run->rows[first], &running);
}

/* ---- the workload ---- */

static int is_unit(const Workload *w)
{
	return ctl_fail(
		SECCOMPD_EXIT_USAGE, "diff",
		"%s is a systemd unit: its filter comes from SystemCallFilter= and its like, "
		"not from a profile",
		w->name);
}

/* Nothing of that name runs; does the ledger know it? */
static int is_not_running(const char *word, Ledger *l, const Inventory *now)
{
	_cleanup_workloads_ Workloads recorded = { 0 };
	const Workload *w;
	Diag ignored = { 0 };

	if (l && workloads_read(l, &recorded) == 0 &&
	    workload_lookup(&recorded, word, &w, &ignored) == 0)
		return ctl_fail(SECCOMPD_EXIT_UNKNOWN, "diff",
				"%s does not run now, so there is nothing to compare with",
				w->name);
	if (now->partial)
		return ctl_fail(SECCOMPD_EXIT_UNKNOWN, "diff",
				"whether \"%s\" runs is not known, as some state cannot be read",
				word);
	return ctl_fail(SECCOMPD_EXIT_USAGE, "diff",
			"nothing that runs is called \"%s\"; \"seccompctl list\" shows what does",
			word);
}

static int compare_all(const RunningDiff *o, const Inventory *now, const Workload *w)
{
	Run run = { .o = o, .instances = &now->instances };
	_cleanup_free_ char *text = NULL;
	int r;

	r = profile_file_read("diff", o->file, &text, &run.text.n);
	if (r != 0)
		return r;
	run.text.p = text;
	run.rows = instances_of(run.instances, w->name, &run.n);
	if (run.n == 0)
		return SECCOMPD_EXIT_UNKNOWN;
	if (strcmp(run.rows[0].engine, "systemd") == 0)
		return is_unit(w);
	for (size_t i = 0; i < run.n; i++) {
		if (!is_first_of_kind(&run, i))
			continue;
		r = compare_kind(&run, i);
		run.code = worse(run.code, r);
		/* the file cannot be read, or nobody may be asked */
		if (r == SECCOMPD_EXIT_INPUT)
			break;
	}
	return run.code;
}

/* 0 with what runs and the workload in it, or an exit code after a sentence. */
static int find(const Ctl *ctl, const char *word, Inventory *now, const Workload **ret)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	Diag d = { 0 };
	int r;

	/* A host without a daemon has containers too. */
	(void)ledger_open_reader(ctl->ledger_path, &l, &d);
	if (inventory_read(ctl, l, "diff", now) < 0)
		return ctl_fail_memory("diff");
	d = (Diag){ 0 };
	r = workload_lookup(&now->workloads, word, ret, &d);
	if (r == -ENOENT)
		return is_not_running(word, l, now);
	return r < 0 ? ctl_fail_diag(SECCOMPD_EXIT_USAGE, "diff", NULL, &d) : 0;
}

int diff_running(const Ctl *ctl, const RunningDiff *o)
{
	_cleanup_inventory_ Inventory now = { 0 };
	const Workload *w;
	int r = find(ctl, o->workload, &now, &w);

	return r != 0 ? r : compare_all(o, &now, w);
}

int diff_running_context(const Ctl *ctl, const char *workload, ContextOptions *o,
			 ProfileContext *ret, RuntimeFacts *ret_facts)
{
	_cleanup_inventory_ Inventory now = { 0 };
	const Instance *rows;
	const Workload *w;
	size_t n;
	int r = find(ctl, workload, &now, &w);

	if (r != 0)
		return r;
	rows = instances_of(&now.instances, w->name, &n);
	if (n == 0)
		return SECCOMPD_EXIT_UNKNOWN;
	if (strcmp(rows[0].engine, "systemd") == 0)
		return is_unit(w);
	o->dialect = context_dialect(o, rows[0].engine);
	*ret = context_of_instance(o, o->dialect, inventory_example(&now, w->name) ?: rows,
				   ret_facts);
	return 0;
}
