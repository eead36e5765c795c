/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <getopt.h>

#include "ctl/explain-call.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl explain --syscall NAME [--json]\n\n"
	"Why default profiles refuse a system call, what the kernel itself asks for, which "
	"capability\n"
	"opens it, and what people usually need instead.\n\n"
	"  --syscall NAME  The call, as profiles name it\n"
	"  --json          One JSON object\n";

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

	while ((c = getopt_long(argc, argv, "h", options, NULL)) >= 0)
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
	if (!name || optind < argc)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "explain",
				"name a system call: explain --syscall NAME");
	return explain_call(ctl, "explain", name, json);
}
