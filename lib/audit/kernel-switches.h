/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What of the kernel's own settings decides whether records of seccomp are made at all. Auditing
 * itself need not be on ("auditctl -e 0" changes nothing). */
#include "util/buffer.h"

/* Does @cmdline (/proc/cmdline) switch the audit system off for good? What stands behind "--" is
 * for the first process. */
bool kernel_audit_is_off(Span cmdline);

/* Has @actions (/proc/sys/kernel/seccomp/actions_logged) the action @name? */
bool kernel_logs_action(Span actions, const char *name);

/* The actions that evidence needs; NULL behind the last. */
const char *kernel_wanted_action(size_t i) _const_;

/* Writes @actions and behind them what it lacks of the wanted ones: what is to be set. */
void kernel_complete_actions(Span actions, Buffer *out);
