/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bench-lint FILE...: lints each profile for each dialect, and prints the median CPU time of one
 * run.
 */
#include <fcntl.h>

#include "audit/arch.h"
#include "profile/lint.h"
#include "suggest/lint-risk.h"
#include "tests/bench/bench.h"
#include "util/file.h"

#define ROUNDS 101

static int measure(const char *name, Span text, Dialect dialect)
{
	LintInput in = { text, dialect, ARCH_WORD_X86_64, NULL, lint_risk_of };
	double times[ROUNDS];
	size_t findings = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		_cleanup_lint_ LintReport r = { 0 };
		double start = bench_ms();

		if (lint(&in, &r) < 0)
			return -1;
		times[i] = bench_ms() - start;
		findings = r.n;
	}
	printf("lint %-8s %8.3f ms  %zu bytes, %zu findings  %s\n", dialect_name(dialect),
	       bench_median(times, ROUNDS), text.n, findings, name);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		_cleanup_free_ char *text = NULL;
		size_t n;

		if (file_read_at(AT_FDCWD, argv[i], (size_t)16 << 20, true, &text, &n) < 0) {
			fprintf(stderr, "%s cannot be read\n", argv[i]);
			return 1;
		}
		for (unsigned d = 0; d < _DIALECT_JSON_MAX; d++)
			if (measure(argv[i], span_make(text, n), (Dialect)d) < 0)
				return 1;
	}
	return 0;
}
