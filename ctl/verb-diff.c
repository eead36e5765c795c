/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/diff-observed.h"
#include "ctl/diff-running.h"
#include "ctl/diff-side.h"
#include "ctl/diff-text.h"
#include "ctl/systemd-ask.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl diff A B --for DIALECT | --running WORKLOAD [--json]\n"
	"seccompctl diff A B --observed WORKLOAD [--for DIALECT] [--json]\n"
	"seccompctl diff FILE --running WORKLOAD [--live] [--for DIALECT] [--json]\n\n"
	"What changes for programs when profile B takes the place of A: both filters are built "
	"and\n"
	"run over all numbers of all architectures of either. With --running, whether the "
	"containers\n"
	"of a workload run under the profile in FILE, and what it would change. A file may be - "
	"(standard\n"
	"input).\n\n"
	"  --for DIALECT   Who reads them: docker, podman, oci (runc, crun, containerd, CRI-O; "
	"also called\n"
	"                  kubernetes), spo, or systemd (then A and B are unit files, or "
	"\"systemctl cat\"\n"
	"                  output); default with --running: the workload's engine\n"
	"  --running NAME  Compare with the filters of this workload's containers; their own\n"
	"                  capabilities and runtime decide how FILE is read, and how A and B "
	"are\n" CONTEXT_OPTION_HELP
	"  --observed NAME Which of this workload's recorded calls B would answer differently; "
	"it need\n"
	"                  not run, nor on this host (--ledger FILE)\n"
	"  --live          Read the loaded filter from the kernel: as root, and each container's "
	"first\n"
	"                  process is stopped for a moment\n"
	"  --json          One JSON object per change, and a summary\n\n"
	"Exit status: 0 no difference, 1 differences, 3 a profile cannot be read, 5 nothing of "
	"the\n"
	"workload runs, or its filter is not known; with --observed, the evidence is "
	"incomplete.\n";

typedef struct Options {
	const char *paths[2], *running, *observed;
	ContextOptions context;
	bool json, live;
} Options;

static int print_difference(const Options *o, DiffView *v)
{
	_cleanup_proof_ Proof proof = { 0 };
	char library[16];
	int r;

	r = proof_compare(v->before.filter, v->after.filter, &proof);
	if (r == -E2BIG)
		return ctl_fail(SECCOMPD_EXIT_FINDINGS, "diff",
				"there are more than %d differences: these profiles have hardly "
				"anything in common",
				PROOF_CHANGES_MAX);
	if (r < 0)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "diff", "cannot compare: %s", strerror(-r));
	filter_library_version(library, sizeof(library));
	proof.assumed = strcmp(library, v->facts.libseccomp) != 0;
	v->proof = &proof;
	v->exit_code = proof.n_changes > 0 ? SECCOMPD_EXIT_FINDINGS : SECCOMPD_EXIT_OK;
	r = o->json ? diff_print_json(v, stdout) : diff_print_text(v, stdout);
	v->proof = NULL;
	if (r < 0 && !ferror(stdout)) /* of that, main says more */
		return ctl_fail(SECCOMPD_EXIT_INPUT, "diff", "cannot print: %s", strerror(-r));
	return v->exit_code;
}

static int compare(const Ctl *ctl, Options *o)
{
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	_cleanup_diff_input_ DiffInput a = { 0 };
	_cleanup_diff_input_ DiffInput b = { 0 };
	DiffView v = { 0 };
	int r = 0;

	if (o->running)
		r = diff_running_context(ctl, o->running, &o->context, &v.context, &v.facts);
	else
		v.context = context_of(&o->context, o->context.dialect, &v.facts);
	if (r == 0)
		r = systemd_ask_groups("diff", o->context.dialect, &groups, &v.context);
	if (r == 0)
		r = diff_input_read(o->paths[0], o->context.dialect, &v.context, &a);
	if (r == 0)
		r = diff_input_read(o->paths[1], o->context.dialect, &v.context, &b);
	if (r != 0)
		return r;
	v.before = (DiffSide){ o->paths[0], a.profile, &a.filter };
	v.after = (DiffSide){ o->paths[1], b.profile, &b.filter };
	return print_difference(o, &v);
}

static int check_pair(Options *o, char **words)
{
	if (o->live)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "diff",
				"--live compares one profile with a container that runs: name its "
				"workload with --running");
	if (!o->context.has_dialect && !o->running && !o->observed)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "diff",
				"--for DIALECT is missing: docker, podman, oci, kubernetes, spo or "
				"systemd; the same "
				"file means different things to them");
	o->paths[0] = words[0];
	o->paths[1] = words[1];
	if (strcmp(o->paths[0], "-") == 0 && strcmp(o->paths[1], "-") == 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "diff",
				"only one of both can be standard input");
	return 0;
}

static int check_words(Options *o, int n, char **words)
{
	if (o->running && o->context.has_dialect && o->context.dialect == DIALECT_SYSTEMD)
		return ctl_fail(
			SECCOMPD_EXIT_USAGE, "diff",
			"--running is for containers, and their profiles are not systemd's");
	if (o->running && o->observed)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "diff",
				"--running or --observed: what runs now, or what was recorded");
	if (n == 2)
		return check_pair(o, words);
	if (n != 1 || !o->running)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "diff", "%s",
				o->observed ? "--observed compares two profiles: name A and B"
					    : "name two profiles, or one and --running WORKLOAD");
	o->paths[0] = words[0];
	return 0;
}

/* 0, -1 when help was printed, or an exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		CONTEXT_OPTION_LIST,
		{ "running", required_argument, NULL, 'r' },
		{ "observed", required_argument, NULL, 'o' },
		{ "live", no_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = ctl_getopt("diff", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 'r':
			o->running = optarg;
			break;
		case 'o':
			o->observed = optarg;
			break;
		case 'l':
			o->live = true;
			break;
		case 'j':
			o->json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			r = context_option("diff", c, optarg, &o->context);
			if (r != 0)
				return r < 0 ? SECCOMPD_EXIT_USAGE : r;
		}
	return check_words(o, argc - optind, argv + optind);
}

int verb_diff(Ctl *ctl, int argc, char **argv)
{
	Options o = { 0 };
	int r;

	r = parse_options(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	if ((o.running || (o.observed && !ctl->ledger_named)) && ctl->config_fault)
		return ctl_fail_diag(SECCOMPD_EXIT_INPUT, "diff", NULL, ctl->config_fault);
	if (o.observed)
		return diff_observed(ctl, &(ObservedDiff){ .paths = { o.paths[0], o.paths[1] },
							   .workload = o.observed,
							   .context = o.context,
							   .json = o.json });
	if (o.paths[1])
		return compare(ctl, &o);
	return diff_running(ctl, &(RunningDiff){ .file = o.paths[0],
						 .workload = o.running,
						 .context = o.context,
						 .json = o.json,
						 .live = o.live });
}
