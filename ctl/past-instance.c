/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/past-instance.h"
#include "evidence/ledger-history.h"
#include "util/parse.h"

typedef struct Newest {
	bool known;
	uint64_t capabilities;
} Newest;

int past_capabilities(const char *text, uint64_t *ret)
{
	Span rest = span_of(text), digits;

	if (!span_split(&rest, ' ', &digits) || digits.n != 16)
		return -EINVAL;
	return parse_hex_u64(digits, ret);
}

static int look_at(const LedgerLifetime *row, void *userdata)
{
	Newest *newest = userdata;

	if (row->kind == SUBJECT_CONTAINER &&
	    past_capabilities(row->capabilities, &newest->capabilities) == 0)
		newest->known = true;
	return 0;
}

int past_instance(Ledger *l, const Workload *w, Instance *ret)
{
	Newest newest = { 0 };
	int r = ledger_each_lifetime(l, w->id, look_at, &newest);

	if (r < 0)
		return r;
	if (!newest.known)
		return -ENOENT;
	*ret = (Instance){
		.workload = w->name,
		.name = w->name,
		.ended = true,
		.has_capabilities = true,
		.capabilities = newest.capabilities,
	};
	return 0;
}
