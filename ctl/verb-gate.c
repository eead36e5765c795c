/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "config/workload-word.h"
#include "ctl/decisions.h"
#include "ctl/gate-ask.h"
#include "ctl/gate-text.h"
#include "ctl/stage-record.h"
#include "seccompd/exit-codes.h"

static const char help[] =
	"seccompctl gate WORKLOAD --to errno|kill [--json]\n\n"
	"Whether the profile of WORKLOAD may move to the next stage: each criterion with its "
	"value,\n"
	"what is wanted, and a verdict. What was not watched, or was lost, is unknown, never "
	"ready.\n"
	"The thresholds are a judgement, not a proof: see [gate] in seccompd.conf(5).\n\n"
	"  --to STAGE  errno: calls outside the profile fail; kill: they end the process\n"
	"  --json      One JSON object per criterion, and a summary\n"
	"  --workloads-dir DIR  Where decisions are kept (default: seccompd.conf(5))\n\n"
	"Exit status: 0 ready, 1 not ready, 5 unknown.\n";

static int exit_code(GateVerdict v)
{
	static const int codes[_GATE_VERDICT_MAX] = {
		[GATE_READY] = SECCOMPD_EXIT_OK,
		[GATE_NOT_READY] = SECCOMPD_EXIT_FINDINGS,
		[GATE_UNKNOWN] = SECCOMPD_EXIT_UNKNOWN,
	};

	return codes[v];
}

static int read_word(const char *dir, const char *workload, WorkloadWord *w)
{
	size_t ignored;
	int r = stage_history_open("gate", dir, workload, false, &w->file, &w->history);

	return r == 0 ? decision_list_take("gate", &w->file, &w->decisions, &ignored) : r;
}

static int gate(const Ctl *ctl, const char *word, const char *dir, GateTarget target, bool json)
{
	_cleanup_workload_word_ WorkloadWord people = WORKLOAD_WORD_NULL;
	_cleanup_evidence_ Evidence e = { 0 };
	_cleanup_gate_view_ GateView v = { 0 };
	const Workload *w;
	int r;

	r = evidence_open(ctl, "gate", &e);
	if (r != 0)
		return r;
	w = evidence_find(&e, "gate", word);
	if (!w)
		return SECCOMPD_EXIT_USAGE;
	r = read_word(dir, w->name, &people);
	if (r != 0)
		return r;
	r = gate_ask(ctl, &e, w, decision_list_all(&people.decisions), &v);
	if (r < 0 && r != -ENOMEM)
		return ctl_fail_ledger(ctl, "gate", e.ledger);
	if (r == 0) {
		v.figures.rollback_tested |= stage_history_was_undone(&people.history);
		gate_view_decide(&v, target);
		r = json ? gate_print_json(&v, exit_code(v.report.verdict), stdout)
			 : gate_print_text(&v, ctl->color, stdout);
	}
	return r == -ENOMEM ? ctl_fail_memory("gate") : exit_code(v.report.verdict);
}

int verb_gate(Ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "to", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ "workloads-dir", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *to = NULL, *dir = ctl->workloads_dir;
	bool json = false;
	GateTarget target;
	int c;

	while ((c = ctl_getopt("gate", argc, argv, "h", options)) >= 0)
		switch (c) {
		case 't':
			to = optarg;
			break;
		case 'j':
			json = true;
			break;
		case 'd':
			dir = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return SECCOMPD_EXIT_OK;
		default:
			return SECCOMPD_EXIT_USAGE;
		}
	if (argc - optind != 1)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "gate",
				"name one workload; \"seccompctl list\" shows them");
	if (!to)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "gate",
				"--to errno or --to kill is missing: which stage is next");
	if (gate_target_parse(to, &target) < 0)
		return ctl_fail(SECCOMPD_EXIT_USAGE, "gate", "--to takes errno or kill, not \"%s\"",
				to);
	return gate(ctl, argv[optind], dir, target, json);
}
