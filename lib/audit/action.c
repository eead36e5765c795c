/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/seccomp.h>

#include "audit/action.h"

static const struct {
	uint32_t code;
	const char *name;
} actions[_ACTION_MAX] = {
	[ACTION_OTHER] = { 0, "other" },
	[ACTION_KILL_PROCESS] = { SECCOMP_RET_KILL_PROCESS, "SCMP_ACT_KILL_PROCESS" },
	[ACTION_KILL_THREAD] = { SECCOMP_RET_KILL_THREAD, "SCMP_ACT_KILL_THREAD" },
	[ACTION_TRAP] = { SECCOMP_RET_TRAP, "SCMP_ACT_TRAP" },
	[ACTION_ERRNO] = { SECCOMP_RET_ERRNO, "SCMP_ACT_ERRNO" },
	[ACTION_USER_NOTIF] = { SECCOMP_RET_USER_NOTIF, "SCMP_ACT_NOTIFY" },
	[ACTION_TRACE] = { SECCOMP_RET_TRACE, "SCMP_ACT_TRACE" },
	[ACTION_LOG] = { SECCOMP_RET_LOG, "SCMP_ACT_LOG" },
	[ACTION_ALLOW] = { SECCOMP_RET_ALLOW, "SCMP_ACT_ALLOW" },
};

_Static_assert(SECCOMP_RET_ACTION_FULL == ACTION_CODE_MASK, "the mask is the kernel's");

Action action_of_code(uint32_t code)
{
	for (Action a = ACTION_OTHER + 1; a < _ACTION_MAX; a++)
		if (actions[a].code == (code & ACTION_CODE_MASK))
			return a;
	return ACTION_OTHER;
}

const char *action_name(Action a)
{
	return actions[a < _ACTION_MAX ? a : ACTION_OTHER].name;
}

int action_from_name(Span name, Action *ret)
{
	for (Action a = ACTION_OTHER; a < _ACTION_MAX; a++)
		if (span_is(name, actions[a].name)) {
			*ret = a;
			return 0;
		}
	/* What profiles called KILL_THREAD before there was KILL_PROCESS. */
	if (span_is(name, "SCMP_ACT_KILL")) {
		*ret = ACTION_KILL_THREAD;
		return 0;
	}
	return -EINVAL;
}
