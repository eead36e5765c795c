/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What is wrong, surprising or risky in a profile, for those who read it. Judges what is written,
 * so it has something to say of files that profile_read() refuses.
 *
 * An error: a runtime of the dialect refuses the profile, or reads something else than what stands
 * there. A warning: it loads, and does other than it seems to, or breaks programs. A note: worth
 * knowing.
 */
#include "profile/dialect.h"
#include "profile/systemd-groups.h"
#include "util/macro.h"

typedef enum LintSeverity {
	LINT_NOTE,
	LINT_WARNING,
	LINT_ERROR,
	_LINT_SEVERITY_MAX,
} LintSeverity;

#define LINT_EACH_MAX 50 /* findings of one code; the others are counted in one more */

typedef struct LintFinding {
	LintSeverity severity;
	char code[4]; /* "L09", of units "S03"; what each means stands in seccompctl-lint(7), and
			 never changes */
	unsigned line, column; /* 1-based; the column counts bytes */
	char *where;           /* JSON pointer into the file; "" is the document. Of units
				* "/SECTION/KEY" */
	char *message;         /* one sentence. Both hold bytes of the file as they are: escape */
} LintFinding;

typedef struct LintReport {
	LintFinding *findings; /* in the order of the text */
	size_t n;
	size_t counts[_LINT_SEVERITY_MAX]; /* of .findings */
} LintReport;

/* What allowing @name to everybody means: false when it is nothing to speak of. */
typedef bool (*LintRisk)(const char *name, LintSeverity *ret, const char **ret_reason);

typedef struct LintInput {
	Span text;
	Dialect dialect;
	uint32_t host_arch;          /* ARCH_WORD_X86_64... */
	const char *at;              /* JSON pointer to the profile; NULL when it is the document */
	LintRisk risk;               /* may be NULL */
	const SystemdGroups *groups; /* of DIALECT_SYSTEMD; NULL: not known */
} LintInput;

/* -ENOMEM. Bytes that are no profile at all are a finding, too. */
int lint(const LintInput *in, LintReport *ret);
void lint_done(LintReport *r);
#define _cleanup_lint_ _cleanup_(lint_done)

/* "error", "warning", "note". */
const char *lint_severity_name(LintSeverity s) _const_;

/* The inverse; -EINVAL. */
int lint_severity_from_name(Span name, LintSeverity *ret);
