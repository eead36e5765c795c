/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes through the strict scan: every node lies inside the text and inside its parent. */
#include "profile/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const Scan *s, const ScanNode *node)
{
	uint32_t n = 0;
	char *value = NULL;
	uint64_t number;

	if (node->begin >= node->end || node->end > s->text.n)
		abort();
	SCAN_EACH(s, node, child)
	{
		if (child->begin <= node->begin || child->end >= node->end)
			abort();
		n++;
	}
	if (n != node->n_items)
		abort();
	if (scan_string(s, node, &value) == 0)
		free(value);
	scan_u64(s, node, &number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_scan_ Scan s = { 0 };
	Diag d = { 0 };

	if (scan_read(span_make((const char *)data, size), &s, &d) < 0)
		return 0;
	for (uint32_t i = 0; i < s.n_nodes; i++)
		check(&s, &s.nodes[i]);
	return 0;
}
