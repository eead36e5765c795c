/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What main hands to each verb. A verb parses its own options (ctl_getopt(), argv[0] is the verb's
 * name), prints to standard output, complains on standard error with ctl_fail(), and returns an
 * exit code of include/seccompd/exit-codes.h.
 */
#include "config/gate-section.h"
#include "config/state-section.h"
#include "ctl/options.h"
#include "evidence/ledger.h"
#include "seccompd/exit-codes.h"
#include "suggest/risk-settings.h"
#include "who/workload-rule.h"

typedef struct Ctl {
	const char *ledger_path;
	bool ledger_named; /* on the command line: no configuration is needed to find it */
	const char *tally_path;
	const char *workloads_dir;      /* seccompd.conf(5): WorkloadsDir= */
	const StateSection *state;      /* where runtimes keep theirs, likewise */
	const WorkloadRules *workloads; /* the administrator's names, where a verb names */
	const RiskSettings *risks;      /* the administrator's, likewise */
	const GateSection *gate;        /* when a gate is met */
	const char *profile_path;       /* folders of profiles, with colons between them */
	const Diag
		*config_fault;   /* what is wrong with it, for verbs that may do without; or NULL */
	const char *config_path; /* of the configuration that is read, or would be */
	const char *command;     /* "seccompctl", with the options that it was given; for a shell */
	const char *daemon;      /* "seccompd", with the same options; for a shell */
	const char *state_root;  /* what stands for "/" where a verb has --state-root; or NULL */
	bool color;              /* as --color says; else on a terminal, without NO_COLOR */
} Ctl;

/* Prints "seccompctl VERB: SENTENCE" (escaped where the text is hostile) and is @code. A macro, so
 * that the analysers see that a failure stays one. */
#define ctl_fail(code, verb, ...)                \
	({                                       \
		int ctl_code_ = (code);          \
		ctl_complain(verb, __VA_ARGS__); \
		ctl_code_;                       \
	})
void ctl_complain(const char *verb, const char *fmt, ...) _printf_(2, 3);

/* Prints a Diag with its file and line ("seccompctl VERB: FILE:LINE: SENTENCE"; @file may be NULL).
 */
int ctl_fail_diag(int code, const char *verb, const char *file, const Diag *d);

static inline int ctl_fail_memory(const char *verb)
{
	return ctl_fail(SECCOMPD_EXIT_INPUT, verb, "out of memory");
}

/* Reading @l has failed. */
static inline int ctl_fail_ledger(const Ctl *ctl, const char *verb, const Ledger *l)
{
	return ctl_fail(SECCOMPD_EXIT_LEDGER, verb, "cannot read %s: %s", ctl->ledger_path,
			ledger_error(l));
}

int verb_decide(Ctl *ctl, int argc, char **argv);
int verb_decode(Ctl *ctl, int argc, char **argv);
int verb_demote(Ctl *ctl, int argc, char **argv);
int verb_diff(Ctl *ctl, int argc, char **argv);
int verb_doctor(Ctl *ctl, int argc, char **argv);
int verb_explain(Ctl *ctl, int argc, char **argv);
int verb_gate(Ctl *ctl, int argc, char **argv);
int verb_import(Ctl *ctl, int argc, char **argv);
int verb_identify(Ctl *ctl, int argc, char **argv);
int verb_lint(Ctl *ctl, int argc, char **argv);
int verb_list(Ctl *ctl, int argc, char **argv);
int verb_merge(Ctl *ctl, int argc, char **argv);
int verb_promote(Ctl *ctl, int argc, char **argv);
int verb_report(Ctl *ctl, int argc, char **argv);
int verb_review(Ctl *ctl, int argc, char **argv);
int verb_replay(Ctl *ctl, int argc, char **argv);
int verb_show(Ctl *ctl, int argc, char **argv);
int verb_status(Ctl *ctl, int argc, char **argv);
int verb_suggest(Ctl *ctl, int argc, char **argv);
int verb_top(Ctl *ctl, int argc, char **argv);
int verb_watch(Ctl *ctl, int argc, char **argv);
