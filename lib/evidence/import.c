/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/import.h"
#include "evidence/ledger-private.h"
#include "evidence/ledger-replay.h"

int import_open(const char *path, Ledger **ret, Diag *d)
{
	return ledger_open_made(path, LEDGER_REPLAYED_STRACE, ret, d);
}

static int add_call(Ledger *l, int64_t workload, const StraceCall *c, ImportResult *result)
{
	const LedgerCall call = {
		.workload = workload,
		.profile_hash = "",
		.arch = c->arch,
		.nr = c->nr,
		.action = ACTION_ALLOW,
		.origin = ORIGIN_UNKNOWN,
		.means = MEANS_IMPORTED,
		.count = c->count,
		.first = c->first,
		.last = c->last,
	};
	int64_t row;
	int r = ledger_add(l, &call, &row);

	if (r == -ENOSPC) {
		result->dropped += c->count;
		return 0;
	}
	if (r < 0)
		return r;
	result->found += r == LEDGER_NEW;
	result->counted += c->count;
	return 0;
}

static int add_calls(Ledger *l, const ImportFile *f, ImportResult *result)
{
	const LedgerWorkload w = {
		.name = f->workload,
		.runtime = f->runtime,
		.dialect = f->dialect,
	};
	int64_t workload;
	int r = ledger_put_workload(l, &w, &workload);

	for (size_t i = 0; r >= 0 && i < f->n; i++)
		r = add_call(l, workload, &f->calls[i], result);
	return MIN(r, 0);
}

int import_add(Ledger *l, const ImportFile *f, ImportResult *ret)
{
	_cleanup_buffer_ Buffer key = BUFFER_NULL;
	ImportResult result = { 0 };
	char value[2];
	int r;

	buffer_printf(&key, "imported/%s/%s", f->digest, f->workload);
	r = buffer_error(&key);
	if (r == 0)
		r = ledger_get_meta(l, key.p, value, sizeof(value));
	if (r < 0)
		return r;
	if (value[0]) {
		*ret = result;
		return IMPORT_AGAIN;
	}
	r = ledger_set_replayed(l);
	if (r == 0)
		r = ledger_set_meta(l, key.p, "1");
	if (r == 0)
		r = add_calls(l, f, &result);
	if (r < 0)
		return r;
	*ret = result;
	return 0;
}
