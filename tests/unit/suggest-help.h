/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Shared by the tests of advice: rows of evidence, and a suggestion for an OCI profile. */
#include "audit/syscall.h"
#include "suggest/suggest.h"
#include "tests/unit/profile-help.h"

static inline Observed help_row(uint32_t arch, const char *name)
{
	Observed o = { .arch = arch,
		       .name = name,
		       .action = ACTION_LOG,
		       .origin = ORIGIN_WORKLOAD,
		       .count = 3,
		       .first = 10,
		       .last = 20,
		       .subjects = 1 };

	/* i386 has "connect" twice, and libseccomp gives no number for it */
	if (syscall_number(arch, name, &o.nr) < 0 && strcmp(name, "connect") == 0)
		o.nr = 362;
	return o;
}

static inline Suggestion *help_suggest(const char *text, const Observed *rows, size_t n)
{
	SuggestInput in = { .observed = rows,
			    .n_observed = n,
			    .profile = span_of(text),
			    .dialect = DIALECT_OCI,
			    .context = help_x86_64 };
	Suggestion *s = NULL;
	Diag d = { 0 };

	if (suggest(&in, &s, &d) < 0)
		fail_msg("%s", d.text);
	return s;
}
