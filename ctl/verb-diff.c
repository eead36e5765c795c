/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/diff-text.h"
#include "ctl/profile-file.h"
#include "ctl/systemd-ask.h"
#include "profile/filter.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl diff A B --for DIALECT [--json]\n\n"
	"What changes for programs when profile B takes the place of A: both filters are built "
	"and\n"
	"run over all numbers of all architectures of either. A or B may be - (standard input).\n\n"
	"  --for DIALECT   Who reads them: docker, podman, oci (runc, crun, containerd, CRI-O), "
	"spo,\n"
	"                  or systemd (then A and B are unit files, or \"systemctl cat\" "
	"output)\n" CONTEXT_OPTION_HELP
	"  --json          One JSON object per change, and a summary\n\n"
	"Exit status: 0 no difference, 1 differences, 3 a profile cannot be read.\n";

typedef struct Options {
	const char *paths[2];
	ContextOptions context;
	bool json;
} Options;

typedef struct Side {
	char *text;
	Profile *profile;
	Filter filter;
} Side;

static void side_done(Side *s)
{
	filter_done(&s->filter);
	profile_free(s->profile);
	free(s->text);
}

static int read_side(const char *path, Dialect dialect, const ProfileContext *context, Side *ret)
{
	Diag d = { 0 };
	size_t n;
	int r;

	r = profile_file_read("diff", path, &ret->text, &n);
	if (r != 0)
		return r;
	r = profile_read(span_make(ret->text, n), dialect, context, &ret->profile, &d);
	if (r == 0)
		r = filter_build(ret->profile, &ret->filter, &d);
	if (r == -ENOMEM)
		return ctl_fail(SECCOMPD_EXIT_INPUT, "diff", "out of memory");
	return r < 0 ? ctl_fail_diag(SECCOMPD_EXIT_INPUT, "diff", path, &d) : 0;
}

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
	if (r < 0 && !ferror(stdout)) /* of that, main says more */
		return ctl_fail(SECCOMPD_EXIT_INPUT, "diff", "cannot print: %s", strerror(-r));
	return v->exit_code;
}

static int compare(const Options *o)
{
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	_cleanup_(side_done) Side a = { 0 };
	_cleanup_(side_done) Side b = { 0 };
	DiffView v = { 0 };
	int r;

	v.context = context_of(&o->context, o->context.dialect, &v.facts);
	r = systemd_ask_groups("diff", o->context.dialect, &groups, &v.context);
	if (r == 0)
		r = read_side(o->paths[0], o->context.dialect, &v.context, &a);
	if (r == 0)
		r = read_side(o->paths[1], o->context.dialect, &v.context, &b);
	if (r != 0)
		return r;
	v.before = (DiffSide){ o->paths[0], a.profile, &a.filter };
	v.after = (DiffSide){ o->paths[1], b.profile, &b.filter };
	return print_difference(o, &v);
}

/* 0, -1 when help was printed, or an exit code. */
static int parse_options(int argc, char **argv, Options *o)
{
	static const struct option options[] = {
		CONTEXT_OPTION_LIST,
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) >= 0)
		switch (c) {
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
	if (argc - optind != 2)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "diff", "name two profiles");
	if (!o->context.has_dialect)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "diff",
				"--for DIALECT is missing: docker, podman, oci, spo or systemd; "
				"the same file "
				"means different things to them");
	o->paths[0] = argv[optind];
	o->paths[1] = argv[optind + 1];
	if (strcmp(o->paths[0], "-") == 0 && strcmp(o->paths[1], "-") == 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "diff",
				"only one of both can be standard input");
	return 0;
}

int verb_diff(Ctl *ctl, int argc, char **argv)
{
	Options o = { 0 };
	int r;

	(void)ctl;
	r = parse_options(argc, argv, &o);
	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	return compare(&o);
}
