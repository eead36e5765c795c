/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Rules of the kernel's exclude list, as it tells them (AUDIT_LIST_RULES, struct audit_rule_data of
 * linux/audit.h): such a rule takes records away before anybody sees them. */
#include "util/buffer.h"

typedef enum ExcludeReach {
	EXCLUDE_NONE, /* of another list, or of records of other types */
	EXCLUDE_SOME, /* seccomp records of some processes */
	EXCLUDE_ALL,
} ExcludeReach;

/* What the rule takes away of seccomp's records. -EBADMSG for what is no rule. */
int exclude_rule_judge(Span rule, ExcludeReach *ret);

/* "auditctl -d always,exclude -F msgtype=1326": what deletes it. -EOPNOTSUPP when it has something
 * that we cannot write so; -EBADMSG. */
int exclude_rule_deletion(Span rule, Buffer *out);
