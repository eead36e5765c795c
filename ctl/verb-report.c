/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "ctl/out-file.h"
#include "ctl/report.h"
#include "seccompd/exit-codes.h"
#include "util/file.h"

static const char help[] =
	"seccompctl report [WORKLOAD] -o FILE.html [--profile FILE]\n\n"
	"A page to look at, in one file that loads nothing: of WORKLOAD its stage and gate, what\n"
	"was discovered when, its calls with risk and advice, what is still denied, the proposed\n"
	"diff, and what was lost or could not be seen. Without WORKLOAD, all workloads of the\n"
	"ledger, ranked by what to do next.\n\n"
	"  -o FILE         Where the page goes; - is standard output. There is no --json of it\n"
	"  --profile FILE  The profile that the workload's owner keeps (default: the one file in "
	"the\n"
	"                  folders of ProfilePath=, see seccompd.conf(5), that it runs under; "
	"else\n"
	"                  the filter that was loaded)\n"
	"  --for DIALECT   Who reads it: docker, podman, oci or spo (default: the workload's\n"
	"                  runtime)\n" CONTEXT_OPTION_HELP
	"  --workloads-dir DIR  Where decisions are kept (default: seccompd.conf(5))\n\n"
	"Exit status: 0 the page was written, 2 usage, 3 a file cannot be read or written,\n"
	"4 the ledger is unusable.\n";

/* 0, -1 when help was printed, or an exit code. */
static int take_option(int c, ReportRequest *q)
{
	int r;

	switch (c) {
	case 'o':
		q->out = optarg;
		return 0;
	case 'p':
		q->profile = optarg;
		return 0;
	case 'W':
		q->dir = optarg;
		return 0;
	case 'j':
		return ctl_fail(SECCOMPD_EXIT_USAGE, "report",
				"a page is for people and has no --json; list, show, gate and "
				"suggest have the same for programs");
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		r = context_option("report", c, optarg, &q->context);
		return r < 0 ? SECCOMPD_EXIT_USAGE : r;
	}
}

static int check_request(int n_words, const ReportRequest *q)
{
	if (n_words > 1)
		return ctl_fail(
			SECCOMPD_EXIT_USAGE, "report",
			"name one workload, or none for all; \"seccompctl list\" shows them");
	if (!q->out)
		return ctl_fail(
			SECCOMPD_EXIT_USAGE, "report",
			"-o FILE.html is missing: where the page goes; - is standard output");
	if (q->profile && !q->workload)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "report",
				"--profile is one workload's: name the workload too");
	if (q->context.has_dialect && q->context.dialect == DIALECT_SYSTEMD)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "report",
				"--for systemd is for \"suggest\", which prints a unit's drop-in");
	return 0;
}

static int parse_options(int argc, char **argv, ReportRequest *q)
{
	static const struct option options[] = {
		{ "profile", required_argument, NULL, 'p' },
		CONTEXT_OPTION_LIST,
		{ "workloads-dir", required_argument, NULL, 'W' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = ctl_getopt("report", argc, argv, "o:h", options)) >= 0) {
		r = take_option(c, q);
		if (r != 0)
			return r;
	}
	q->workload = optind < argc ? argv[optind] : NULL;
	return check_request(argc - optind, q);
}

static bool is_standard_output(const char *path)
{
	return strcmp(path, "-") == 0;
}

static int write_out(const char *path, const Buffer *page)
{
	if (!is_standard_output(path))
		return out_file_write("report", path, buffer_span(page));
	(void)fwrite(page->p, 1, page->n, stdout); /* main looks whether it could */
	return SECCOMPD_EXIT_OK;
}

static int check_out(const Ctl *ctl, const ReportRequest *q)
{
	return is_standard_output(q->out)
		       ? 0
		       : out_file_check(ctl, "report", q->out, q->profile, q->dir);
}

static int fail(const Ctl *ctl, Ledger *l, int r)
{
	if (r == -ENOMEM)
		return ctl_fail_memory("report");
	if (r == -ENOSYS)
		return ctl_fail(
			SECCOMPD_EXIT_INPUT, "report",
			"libgcrypt computes no SHA-256 here, which the page's policy needs");
	return ctl_fail_ledger(ctl, "report", l);
}

static int report_one(const Ctl *ctl, const ReportRequest *q)
{
	_cleanup_report_ Report r = { .decided = DECISION_FILE_NULL };
	_cleanup_buffer_ Buffer page = BUFFER_NULL;
	int e = report_read(ctl, q, &r);

	if (e == 0)
		e = out_file_check_profile("report", q->out,
					   r.advice.path); /* when it was looked for */
	if (e != 0)
		return e;
	e = report_workload(&r, &page);
	return e < 0 ? fail(ctl, r.evidence.ledger, e) : write_out(q->out, &page);
}

static int report_all(const Ctl *ctl, const ReportRequest *q)
{
	_cleanup_evidence_ Evidence e = { 0 };
	_cleanup_buffer_ Buffer page = BUFFER_NULL;
	int r = evidence_open(ctl, "report", &e);

	if (r != 0)
		return r;
	r = report_fleet(ctl, &e, q->dir, ctl_now(), &page);
	return r < 0 ? fail(ctl, e.ledger, r) : write_out(q->out, &page);
}

int verb_report(Ctl *ctl, int argc, char **argv)
{
	ReportRequest q = { .dir = ctl->workloads_dir };
	int r = parse_options(argc, argv, &q);

	if (r != 0)
		return r < 0 ? SECCOMPD_EXIT_OK : r;
	r = check_out(ctl, &q);
	if (r != 0)
		return r;
	return q.workload ? report_one(ctl, &q) : report_all(ctl, &q);
}
