/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/ask.h"
#include "ctl/systemd-ask.h"
#include "seccompd/exit-codes.h"

int systemd_ask_groups(const char *verb, Dialect dialect, SystemdGroups *ret,
		       ProfileContext *context)
{
	char tool[] = "systemd-analyze", command[] = "syscall-filter", option[] = "--no-pager";
	char *const argv[] = { tool, command, option, NULL };
	_cleanup_buffer_ Buffer answer = BUFFER_NULL;
	Diag d = { 0 };
	int r;

	if (dialect != DIALECT_SYSTEMD || ask_program(argv, SYSTEMD_GROUPS_TEXT_MAX, &answer) < 0)
		return 0;
	r = systemd_groups_parse(buffer_span(&answer), ret, &d);
	if (r == -ENOMEM)
		return ctl_fail_memory(verb);
	if (r < 0)
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, verb, "systemd-analyze", &d);
	context->groups = ret;
	return 0;
}
