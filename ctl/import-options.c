/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <getopt.h>

#include "audit/arch.h"
#include "ctl/asserted-workload.h"
#include "ctl/import-options.h"
#include "ctl/options.h"
#include "profile/filter.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl import --strace FILE... --workload WORKLOAD --ledger LEDGER [--arch ARCH]\n"
	"                  [--json]\n\n"
	"Takes the calls in what strace wrote, a log (-f, -ff, -o, with any stamps) or a summary "
	"(-c),\n"
	"into LEDGER, a file of its own that is made when needed, for \"list\", \"show\" and "
	"\"suggest\".\n"
	"It is a start for a first profile, and never complete: what the program did not do while\n"
	"strace looked nobody knows. No file counts twice. When something fails, LEDGER stays as "
	"it was.\n\n"
	"  --strace FILE        \"-\" is standard input; more files may follow, packed ones too\n"
	"  --workload WORKLOAD  Whose calls these are, such as docker:web: this is your word\n"
	"  --ledger LEDGER      Never that of seccompd: what was seen and what is said stay apart\n"
	"  --arch ARCH          Of the programs, where it is not this machine's: x86_64, aarch64,\n"
	"                       or i386 for a file of a 32-bit program, of which strace says "
	"nothing\n"
	"  --json               One JSON object\n"
	"  --help               This text\n";

static int set_arch(const char *name, ImportOptions *o)
{
	if (arch_from_name(span_of(name), &o->arch) == 0)
		return 0;
	return ctl_fail(SECCOMPD_EXIT_USAGE, "import",
			"--arch takes an architecture such as x86_64, i386 or aarch64, not \"%s\"",
			name);
}

static int check(ImportOptions *o)
{
	if (o->n_files == 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "import",
				"name what strace wrote: --strace FILE");
	if (!o->workload)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "import",
				"say whose calls these are: --workload NAME, such as docker:web");
	if (!o->ledger || o->ledger[0] == '\0')
		return ctl_fail(SECCOMPD_EXIT_USAGE, "import",
				"name the file to write with --ledger: one of its own, not that of "
				"seccompd");
	asserted_workload_kind(o->workload, &o->runtime, &o->dialect);
	return asserted_workload_check("import", "--workload", o->workload);
}

/* 0, -1 when help was printed, or an exit code. */
static int take_option(int c, ImportOptions *o)
{
	switch (c) {
	case 's':
		o->files[o->n_files++] = optarg;
		return 0;
	case 'w':
		o->workload = optarg;
		return 0;
	case 'l':
		o->ledger = optarg;
		return 0;
	case 'a':
		return set_arch(optarg, o);
	case 'j':
		o->json = true;
		return 0;
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		return SECCOMPD_EXIT_USAGE;
	}
}

static int parse(int argc, char **argv, ImportOptions *o)
{
	static const struct option options[] = {
		{ "strace", required_argument, NULL, 's' },
		{ "workload", required_argument, NULL, 'w' },
		{ "ledger", required_argument, NULL, 'l' },
		{ "arch", required_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = ctl_getopt("import", argc, argv, "h", options)) >= 0) {
		r = take_option(c, o);
		if (r != 0)
			return r;
	}
	if (optind < argc && o->n_files == 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "import",
				"say what wrote %s: --strace is all that is known", argv[optind]);
	while (optind < argc)
		o->files[o->n_files++] = argv[optind++];
	return check(o);
}

void import_options_done(ImportOptions *o)
{
	free(o->files);
}

int import_options_parse(const Ctl *ctl, int argc, char **argv, ImportOptions *ret)
{
	*ret = (ImportOptions){ .ledger = ctl->ledger_named ? ctl->ledger_path : NULL,
				.arch = filter_native_arch(),
				.files = calloc((size_t)argc, sizeof(*ret->files)) };
	if (!ret->files)
		return ctl_fail_memory("import");
	return parse(argc, argv, ret);
}
