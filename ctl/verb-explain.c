/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ctl/explain-call.h"
#include "ctl/explain-container.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl explain CONTAINER [--syscall NAME] [--json]\n"
	"seccompctl explain --syscall NAME [--json]\n\n"
	"Why a call is refused in CONTAINER (a workload, or a container's name or id): by its "
	"seccomp\n"
	"filter, for want of a capability, or by a security module, and what to do next. Without "
	"NAME:\n"
	"each call whose refusal was recorded. Without CONTAINER: why default profiles refuse the "
	"call,\n"
	"what the kernel itself asks for, and what people usually need instead.\n\n"
	"  --syscall NAME  The call, as profiles name it\n"
	"  --json          One JSON object for each call\n\n"
	"Exit status: 0 explained, 2 nobody has that name, 4 there is no ledger, 5 nobody can know.\n";

int verb_explain(Ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "syscall", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *name = NULL;
	bool json = false;
	int c;

	while ((c = ctl_getopt("explain", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 's':
			name = optarg;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return SECCOMPD_EXIT_OK;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	if (argc - optind > 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "explain", "one container at a time");
	if (optind < argc)
		return explain_container(ctl, "explain", argv[optind], name, json);
	if (!name)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "explain",
				"name a container, or a system call: explain --syscall NAME");
	return explain_call(ctl, "explain", name, json);
}
