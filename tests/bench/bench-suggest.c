/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bench-suggest FILE...: advises on every call of the host's architecture under each profile, as
 * Docker reads it, and proves the patch; prints the median CPU time of one run.
 */
#include <fcntl.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/suggest.h"
#include "tests/bench/bench.h"
#include "util/file.h"

#define ROUNDS 21
#define CALLS 462

static size_t observe(Observed rows[static CALLS], char names[static CALLS][SYSCALL_NAME_MAX])
{
	size_t n = 0;

	for (int64_t nr = 0; nr < CALLS; nr++) {
		if (syscall_name(ARCH_WORD_X86_64, nr, names[n]) < 0)
			continue;
		rows[n] = (Observed){ .arch = ARCH_WORD_X86_64,
				      .nr = nr,
				      .name = names[n],
				      .action = ACTION_LOG,
				      .origin = ORIGIN_WORKLOAD,
				      .count = 1,
				      .subjects = 1 };
		n++;
	}
	return n;
}

static int measure(const char *file, Span text)
{
	static char names[CALLS][SYSCALL_NAME_MAX];
	static Observed rows[CALLS];
	SuggestInput in = { .observed = rows,
			    .n_observed = observe(rows, names),
			    .profile = text,
			    .dialect = DIALECT_DOCKER,
			    .context = context_default(DIALECT_DOCKER, ARCH_WORD_X86_64) };
	double times[ROUNDS];
	size_t allowed = 0;
	uint64_t evaluated = 0;

	in.context.kernel = context_version(6, 1, 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		_cleanup_(suggestion_freep) Suggestion *s = NULL;
		double start = bench_ms();
		Diag d = { 0 };

		if (suggest(&in, &s, &d) < 0) {
			fprintf(stderr, "%s: %s\n", file, d.text);
			return -1;
		}
		times[i] = bench_ms() - start;
		allowed = s->n_newly_allowed;
		evaluated = s->proof.evaluated;
	}
	printf("suggest docker %8.3f ms  %zu calls seen, %zu offered, %llu evaluated  %s\n",
	       bench_median(times, ROUNDS), in.n_observed, allowed, (unsigned long long)evaluated,
	       file);
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
		if (measure(argv[i], span_make(text, n)) < 0)
			return 1;
	}
	return 0;
}
