/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The rules of the kernel's audit system. */
#include "util/span.h"

#define AUDIT_RULES_MAX 65536

typedef struct AuditRules {
	Span *rules; /* each a struct audit_rule_data of its own */
	size_t n, allocated;
} AuditRules;

void audit_rules_done(AuditRules *all);
#define _cleanup_audit_rules_ _cleanup_(audit_rules_done)

/* Takes CAP_AUDIT_CONTROL in the first pid and user namespaces: -EPERM without it. */
int audit_rules_read(AuditRules *ret);
