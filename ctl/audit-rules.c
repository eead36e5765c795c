/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>

#include "ctl/audit-rules.h"
#include "ctl/netlink-dump.h"
#include "util/array.h"

void audit_rules_done(AuditRules *all)
{
	for (size_t i = 0; i < all->n; i++)
		free((void *)(uintptr_t)all->rules[i].p);
	free(all->rules);
	*all = (AuditRules){ 0 };
}

static int keep(uint16_t type, Span payload, void *userdata)
{
	AuditRules *all = userdata;
	Span *rows;
	char *copy;

	if (type != AUDIT_LIST_RULES)
		return 0;
	if (all->n == AUDIT_RULES_MAX)
		return -EFBIG;
	rows = array_room(all->rules, all->n, &all->allocated, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	all->rules = rows;
	copy = span_dup(payload);
	if (!copy)
		return -ENOMEM;
	all->rules[all->n++] = span_make(copy, payload.n);
	return 0;
}

int audit_rules_read(AuditRules *ret)
{
	_cleanup_audit_rules_ AuditRules all = { 0 };
	int r = netlink_dump(NETLINK_AUDIT, AUDIT_LIST_RULES, 0, SPAN_NULL, keep, &all);

	if (r < 0)
		return r;
	*ret = all;
	all = (AuditRules){ 0 };
	return 0;
}
