/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Anything as systemd-analyze's list of groups: what is taken is sorted, and found again. */
#include "profile/systemd-groups.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_systemd_groups_ SystemdGroups g = { 0 };
	Diag d = { 0 };

	if (systemd_groups_parse(span_make((const char *)data, size), &g, &d) < 0)
		return 0;
	if (!systemd_groups_find(&g, SPAN_LIT("@default")))
		abort();
	for (size_t i = 0; i < g.n; i++)
		for (size_t k = 0; k < g.groups[i].n; k++) {
			const Span *calls = g.groups[i].calls;

			if (k > 0 && span_compare(calls[k - 1], calls[k]) >= 0)
				abort();
			if (!systemd_group_has(&g.groups[i], calls[k]))
				abort();
		}
	return 0;
}
