/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "ctl/suggest-options.h"
#include "seccompd/exit-codes.h"
#include "util/file.h"

static const char help[] =
	"seccompctl suggest WORKLOAD [--profile FILE] [--for DIALECT] [--at POINTER]\n"
	"                   [--include-marked] [--output FORMAT] [-o OUT] [--apply]\n"
	"seccompctl suggest --new WORKLOAD [-o OUT] [OPTIONS]\n"
	"seccompctl suggest WORKLOAD --tighten [--profile FILE] [OPTIONS]\n\n"
	"What to add to the profile in FILE so that WORKLOAD's recorded calls work: evidence, a\n"
	"unified diff, and the proof that nothing else changes. FILE is only read,\n"
	"without --apply.\n"
	"For a unit of systemd (unit:NAME), FILE is what \"systemctl cat\" prints, which is asked\n"
	"without --profile, and what is patched is the unit's drop-in 50-seccompd.conf.\n\n"
	"  --profile FILE  The profile that the workload's owner keeps (default: the one file in "
	"the\n"
	"                  folders of ProfilePath=, see seccompd.conf(5), that it runs under)\n"
	"  --for DIALECT   Who reads it: docker, podman, oci (or kubernetes), spo or systemd\n"
	"                  (default: the workload's runtime)\n"
	"  --at POINTER    The profile is this part of FILE, such as /linux/seccomp of a "
	"config.json\n" CONTEXT_OPTION_HELP "  --new           A first profile, at stage log: what "
	"was seen, and what no profile can do "
	"without\n"
	"  --tighten       What FILE allows and nobody used, and the profile without it; this "
	"takes a\n"
	"                  run under what \"promote --to audit-all\" makes\n"
	"  --include-marked\n"
	"                  Offer also what a single container may have planted, see \"show\"\n"
	"  --apply         Change FILE itself, when something is offered; the old one stays "
	"beside it\n"
	"                  as FILE.bak-TIME\n"
	"  --workloads-dir DIR  Where decisions are kept (default: seccompd.conf(5))\n"
	"  -o OUT          Write the whole patched profile to OUT, when something is offered\n"
	"  --output FORMAT Print this; --json and --diff are short for two of them:\n";

static const char help_end[] =
	"\nExit status: 1 something is offered, or needs a person; 0 nothing to do; 5 nothing to "
	"offer,\n"
	"but the evidence is incomplete.\n";

static int choose_format(const char *name, SuggestOptions *o)
{
	const SuggestFormat *format = suggest_format_find(name);
	char names[256];

	if (!format)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"--output takes %s, not \"%s\"; -o names a file",
				suggest_format_names(names, sizeof(names)), name);
	if (o->format && o->format != format)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"%s or %s: one form of output, not both", o->format->name, name);
	o->format = format;
	return 0;
}

static int print_help(void)
{
	fputs(help, stdout);
	suggest_format_help(stdout);
	fputs(help_end, stdout);
	return -1;
}

/* 0, or what suggest_options_parse() returns. */
static int take_option(int c, SuggestOptions *o)
{
	int r;

	switch (c) {
	case 'p':
		o->profile = optarg;
		return 0;
	case 'a':
		o->at = optarg;
		return 0;
	case 'o':
		o->out = optarg;
		return 0;
	case 'W':
		o->dir = optarg;
		return 0;
	case 'P':
		o->apply = true;
		return 0;
	case 'T':
		o->tighten = true;
		return 0;
	case 'N':
		o->new_profile = true;
		return 0;
	case 'm':
		o->include_marked = true;
		return 0;
	case 'O':
		return choose_format(optarg, o);
	case 'd':
		return choose_format("diff", o);
	case 'j':
		return choose_format("json", o);
	case 'h':
		return print_help();
	default:
		r = context_option("suggest", c, optarg, &o->context);
		return r < 0 ? SECCOMPD_EXIT_USAGE : r;
	}
}

int suggest_options_parse(int argc, char **argv, SuggestOptions *o)
{
	static const struct option options[] = {
		{ "profile", required_argument, NULL, 'p' },
		{ "at", required_argument, NULL, 'a' },
		CONTEXT_OPTION_LIST,
		{ "apply", no_argument, NULL, 'P' },
		{ "workloads-dir", required_argument, NULL, 'W' },
		{ "tighten", no_argument, NULL, 'T' },
		{ "new", no_argument, NULL, 'N' },
		{ "include-marked", no_argument, NULL, 'm' },
		{ "output", required_argument, NULL, 'O' },
		{ "diff", no_argument, NULL, 'd' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = ctl_getopt("suggest", argc, argv, "o:h", options)) >= 0) {
		r = take_option(c, o);
		if (r != 0)
			return r;
	}
	if (argc - optind != 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"name one workload; \"seccompctl list\" shows them");
	if (o->apply && o->profile && strcmp(o->profile, "-") == 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"--apply changes a file; standard input is none");
	if (o->apply && o->profile && o->out && file_is_same(o->profile, o->out))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"-o and --apply name the same file; --apply alone changes it and "
				"keeps the old one");
	if (o->new_profile && (o->profile || o->at || o->apply || o->tighten ||
			       (o->format && strcmp(o->format->name, "json-patch") == 0)))
		return ctl_fail(SECCOMPD_EXIT_USAGE, "suggest",
				"--new makes a profile where there is none: it takes no --profile, "
				"--at, --apply, --tighten or json-patch");
	o->workload = argv[optind];
	return 0;
}
