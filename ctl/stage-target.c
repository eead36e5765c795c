/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/stage-target.h"
#include "profile/stage.h"
#include "seccompd/exit-codes.h"

void stage_target_done(StageTarget *t)
{
	inventory_done(&t->running);
	free(t->filter);
	*t = (StageTarget){ 0 };
}

/* On the first day most that runs has no record yet. */
static int find_workload(const Ctl *ctl, const Evidence *e, const char *verb, const char *word,
			 StageTarget *t)
{
	Diag d = { 0 }, ignored = { 0 };

	if (workload_lookup(&e->workloads, word, &t->workload, &d) == 0)
		return 0;
	if (inventory_read(ctl, e->ledger, verb, &t->running) < 0)
		return ctl_fail_memory(verb);
	if (workload_lookup(&t->running.workloads, word, &t->workload, &ignored) == 0)
		return 0;
	return ctl_fail_diag(SECCOMPD_EXIT_USAGE, verb, NULL, &d);
}

/* No profile was ever made of these. */
static int refuse_kind(const Workload *w, const char *verb)
{
	static const struct {
		const char *prefix, *why;
	} kinds[] = {
		{ "unattributed", "unattributed calls belong to no known workload, so no profile "
				  "can be changed for them" },
		{ "host:", "a host process outside of containers and units has no profile" },
		{ "unit:",
		  "a unit's stage is set in its unit file, which nothing here writes: at stage log "
		  "its list stands in SystemCallLog=~LIST, at errno in SystemCallFilter=LIST with "
		  "SystemCallErrorNumber=EPERM, at kill without that; gate says when, \"systemctl "
		  "edit\" makes the drop-in, and lint --for systemd judges it" },
	};

	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (span_starts(span_of(w->name), span_of(kinds[i].prefix)))
			return ctl_fail(SECCOMPD_EXIT_USAGE, verb, "%s", kinds[i].why);
	return 0;
}

static int find_filter(const Ctl *ctl, const Evidence *e, const char *verb, StageTarget *t)
{
	const Workload *w = t->workload;
	int r;

	r = inventory_filter(ctl, e->ledger, verb, w->name, &t->filter);
	if (r == -ENOENT && applied_profile_is_none(w->profile_hash))
		return 0;
	if (r == -ENOENT)
		r = ledger_get_profile(e->ledger, w->profile_hash, &t->filter);
	if (r == -ENOENT)
		return ctl_fail(SECCOMPD_EXIT_INPUT, verb,
				"the filter of %s is not known here: it does not run, and the "
				"ledger has none; name its file with --profile",
				w->name);
	if (r == -ENOMEM)
		return ctl_fail_memory(verb);
	return r < 0 ? ctl_fail_ledger(ctl, verb, e->ledger) : 0;
}

int stage_target_find(const Ctl *ctl, const Evidence *e, const char *verb, const char *word,
		      bool need_filter, StageTarget *ret)
{
	_cleanup_stage_target_ StageTarget t = { 0 };
	int r;

	r = find_workload(ctl, e, verb, word, &t);
	if (r == 0)
		r = refuse_kind(t.workload, verb);
	if (r == 0 && need_filter)
		r = find_filter(ctl, e, verb, &t);
	if (r != 0)
		return r;
	*ret = t;
	t = (StageTarget){ 0 };
	return 0;
}
