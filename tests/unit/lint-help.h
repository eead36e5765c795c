/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A profile in, its findings out. */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "profile/lint.h"
#include "suggest/lint-risk.h"
#include "tests/unit/profile-help.h"
#include "util/buffer.h"

static inline void run(Span text, Dialect dialect, const char *at, LintReport *ret)
{
	LintInput in = { text, dialect, ARCH_WORD_X86_64, at, lint_risk_of };

	assert_int_equal(lint(&in, ret), 0);
}

static inline const LintFinding *find(const LintReport *r, const char *code, unsigned line,
				      const char *part)
{
	for (size_t i = 0; i < r->n; i++) {
		const LintFinding *f = &r->findings[i];

		if (strcmp(f->code, code) == 0 && (line == 0 || f->line == line) &&
		    (!part || strstr(f->message, part)))
			return f;
	}
	return NULL;
}

static inline void print(const LintReport *r)
{
	for (size_t i = 0; i < r->n; i++)
		print_message("# %u:%u %s %s %s: %s\n", r->findings[i].line, r->findings[i].column,
			      r->findings[i].code, lint_severity_name(r->findings[i].severity),
			      r->findings[i].where, r->findings[i].message);
}

typedef struct Case {
	const char *text, *code, *where;
	const char *severities; /* for docker, podman, oci: e, w, n, or - when it is not found */
} Case;

#define ALLOW(names, more) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"" more "}"
#define RULE(names, action, more) \
	"{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"" more "}"
#define PROFILE(action, rules) \
	"{\"defaultAction\":\"SCMP_ACT_" action "\",\"syscalls\":[" rules "]}"
#define LOG(rules) PROFILE("LOG", rules)
#define ARG(index, op, value, more) \
	"{\"index\":" #index ",\"op\":\"SCMP_CMP_" op "\",\"value\":" #value more "}"

static inline char letter(const LintReport *r, const Case *c)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->findings[i].code, c->code) == 0 &&
		    strcmp(r->findings[i].where, c->where) == 0)
			return *lint_severity_name(r->findings[i].severity);
	return '-';
}
