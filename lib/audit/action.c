/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/seccomp.h>

#include "audit/action.h"

static const char *const names[_ACTION_MAX] = {
	[ACTION_OTHER] = "other",
	[ACTION_KILL_PROCESS] = "SCMP_ACT_KILL_PROCESS",
	[ACTION_KILL_THREAD] = "SCMP_ACT_KILL_THREAD",
	[ACTION_TRAP] = "SCMP_ACT_TRAP",
	[ACTION_ERRNO] = "SCMP_ACT_ERRNO",
	[ACTION_USER_NOTIF] = "SCMP_ACT_NOTIFY",
	[ACTION_TRACE] = "SCMP_ACT_TRACE",
	[ACTION_LOG] = "SCMP_ACT_LOG",
	[ACTION_ALLOW] = "SCMP_ACT_ALLOW",
};

_Static_assert(SECCOMP_RET_ACTION_FULL == ACTION_CODE_MASK, "the mask is the kernel's");

/* Asked for each record, so that a search would be felt. */
Action action_of_code(uint32_t code)
{
	switch (code & ACTION_CODE_MASK) {
	case SECCOMP_RET_KILL_PROCESS:
		return ACTION_KILL_PROCESS;
	case SECCOMP_RET_KILL_THREAD:
		return ACTION_KILL_THREAD;
	case SECCOMP_RET_TRAP:
		return ACTION_TRAP;
	case SECCOMP_RET_ERRNO:
		return ACTION_ERRNO;
	case SECCOMP_RET_USER_NOTIF:
		return ACTION_USER_NOTIF;
	case SECCOMP_RET_TRACE:
		return ACTION_TRACE;
	case SECCOMP_RET_LOG:
		return ACTION_LOG;
	case SECCOMP_RET_ALLOW:
		return ACTION_ALLOW;
	default:
		return ACTION_OTHER;
	}
}

const char *action_name(Action a)
{
	return names[a < _ACTION_MAX ? a : ACTION_OTHER];
}

int action_from_name(Span name, Action *ret)
{
	for (Action a = ACTION_OTHER; a < _ACTION_MAX; a++)
		if (span_is(name, names[a])) {
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
