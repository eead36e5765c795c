/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Groups that do not depend on the installed systemd, in the form of its tool. */
#include "profile/systemd-settings.h"
#include "tests/unit/unit.h"

#define HELP_GROUPS                                                                      \
	"@default\n"                                                                     \
	"    # System calls that are always permitted\n"                                 \
	"    execve\n    exit_group\n    futex\n    getpid\n    rt_sigreturn\n\n"        \
	"@basic-io\n    # Basic IO\n    close\n    read\n    write\n\n"                  \
	"@mount\n    # Mounting\n    mount\n    no_such_call\n    umount2\n\n"           \
	"@service\n    # A group of groups\n    @basic-io\n    @default\n    openat\n\n" \
	"# Ungrouped System Calls (known but not included in any of the groups):\n"      \
	"#   mincore\n"

static inline void help_groups(SystemdGroups *ret)
{
	Diag d = { 0 };

	if (systemd_groups_parse(SPAN_LIT(HELP_GROUPS), ret, &d) < 0)
		fail_msg("%s", d.text);
}
