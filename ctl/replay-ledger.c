/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/replay-ledger.h"
#include "evidence/ledger-replay.h"
#include "seccompd/exit-codes.h"

int replay_explain(const char *verb, const char *path, const Ledger *l, int r)
{
	switch (r) {
	case -ENOMEM:
		return ctl_fail_memory(verb);
	case -E2BIG:
		return ctl_fail(SECCOMPD_EXIT_INPUT, verb,
				"there are more than %d audit records within %d seconds, which no "
				"kernel writes; nothing was written",
				RECORD_KEYS_MAX, RECORD_KEYS_STRETCH / 1000);
	case -ENOSPC:
		return ctl_fail(
			SECCOMPD_EXIT_LEDGER, verb,
			"the ledger %s has no room for another workload; nothing was written",
			path);
	default:
		return ctl_fail(SECCOMPD_EXIT_LEDGER, verb,
				"cannot write %s: %s; nothing was written", path,
				r == -EBADMSG || !ledger_error(l)[0] ? strerror(-r)
								     : ledger_error(l));
	}
}

static int write_ledger(const char *verb, const char *path, Ledger *l, ReplayFill fill,
			void *userdata, bool *ret_changed)
{
	int e = ledger_begin(l), r;

	if (e < 0)
		return replay_explain(verb, path, l, e);
	r = fill(l, userdata, ret_changed);
	if (r == 0 && *ret_changed) {
		e = ledger_commit(l);
		if (e < 0)
			r = replay_explain(verb, path, l, e);
	}
	ledger_rollback(l);
	return r;
}

int replay_into(const char *verb, const char *path, ReplayOpen open, ReplayFill fill,
		void *userdata)
{
	bool made = access(path, F_OK) < 0, changed = false;
	Ledger *l = NULL;
	Diag d = { 0 };
	int r;

	if (open(path, &l, &d) < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_LEDGER, verb, NULL, &d);
	r = write_ledger(verb, path, l, fill, userdata, &changed);
	if (made && (r != 0 || !changed))
		ledger_discard(l, path);
	else
		ledger_free(l);
	return r;
}
