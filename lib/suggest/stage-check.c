/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "suggest/stage-check.h"
#include "profile/filter.h"
#include "profile/stage.h"
#include "util/text.h"

#define ROWS_MAX 256 /* of other actions than the stage's own; enough to be sure */

typedef struct Rows {
	const Workload *workload;
	Observed rows[ROWS_MAX];
	size_t n;
} Rows;

/* Most records are of the default action, and building a filter for each workload takes time. */
static bool is_usual(const char *stage, Action a)
{
	static const struct {
		Stage stage;
		uint32_t actions;
	} usual[] = {
		{ STAGE_LOG, 1U << ACTION_LOG },
		{ STAGE_ERRNO, 1U << ACTION_ERRNO },
		{ STAGE_KILL, 1U << ACTION_KILL_PROCESS | 1U << ACTION_KILL_THREAD },
	};

	for (size_t i = 0; i < ELEMENTSOF(usual); i++)
		if (strcmp(stage_name(usual[i].stage), stage) == 0)
			return usual[i].actions & 1U << a;
	return true; /* "other": there is nothing to hold it against */
}

static int on_sighting(const LedgerSightingRow *row, void *userdata)
{
	Rows *r = userdata;
	const Workload *w = r->workload;

	if (is_usual(w->stage, row->action) || !row->profile_hash ||
	    strcmp(row->profile_hash, w->profile_hash) != 0)
		return 0;
	r->rows[r->n++] = (Observed){ .arch = row->arch,
				      .nr = row->nr,
				      .action = row->action,
				      .under_applied = true,
				      .count = row->count,
				      .own_filter = row->own_filter };
	return r->n == ROWS_MAX;
}

int stage_check(Ledger *l, const Workload *w, Contradiction *ret)
{
	ProfileContext context = context_default(DIALECT_OCI, filter_native_arch());
	_cleanup_free_ Rows *rows = calloc(1, sizeof(*rows));
	_cleanup_free_ char *filter = NULL;
	int r;

	if (!rows)
		return -ENOMEM;
	if (w->id == 0 || !w->profile_hash[0])
		return 0;
	rows->workload = w;
	r = ledger_each_sighting(l, w->id, on_sighting, rows);
	if (r < 0 || rows->n == 0)
		return MIN(r, 0);
	r = ledger_get_profile(l, w->profile_hash, &filter);
	if (r < 0 && r != -ENOENT)
		return r;
	return contradiction_find(filter ? span_of(filter) : SPAN_NULL,
				  applied_profile_is_none(w->profile_hash), &context, rows->rows,
				  rows->n, ret);
}

void stage_check_print(const Workload *w, const Contradiction *c, FILE *f)
{
	char name[4 * WORKLOAD_NAME_MAX];

	fprintf(f,
		"%s: its filter is at stage %s, but %" PRIu64
		" records show %s, which that filter does "
		"not give.\nAn instance runs under another profile, or a program loads a filter of "
		"its own: its stage is not known.\n",
		text_escape_to(span_of(w->name), name, sizeof(name)), w->stage, c->records,
		action_name(c->action));
}
