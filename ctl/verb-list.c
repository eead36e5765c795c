/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/ctl.h"
#include "seccompd/exit-codes.h"

int verb_list(Ctl *ctl, int argc, char **argv)
{
	(void)ctl;
	(void)argc;
	(void)argv;
	return ctl_fail(SECCOMPD_EXIT_USAGE, "list", "not here yet");
}
