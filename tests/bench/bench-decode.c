/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bench-decode FILE [ROUNDS]: decodes each line of FILE, which is mapped and read once before, and
 * prints lines per second of CPU time, as lines of a log and as netlink payloads, with and without
 * the memory of what was read before.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "audit/line.h"
#include "util/parse.h"

#define AUDITD_HEAD "type=SECCOMP msg="
#define SECCOMP_TYPE 1326

typedef struct Sum {
	uint64_t lines, records, numbers; /* numbers: so that nothing is optimised away */
} Sum;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static Sum decode_all(Span rest, bool payload, bool memoise)
{
	Sum sum = { 0 };
	Span text;
	static RecordMemo memo;
	Line line;

	while (rest.n > 0 && span_split(&rest, '\n', &text)) {
		if (payload && span_skip(&text, SPAN_LIT(AUDITD_HEAD)))
			line_decode_payload_memo(SECCOMP_TYPE, text, memoise ? &memo : NULL, &line);
		else
			line_decode_memo(text, memoise ? &memo : NULL, &line);
		sum.lines++;
		sum.records += line.status == LINE_RECORD;
		sum.numbers += line.record.pid + (uint64_t)line.record.nr;
	}
	return sum;
}

static void measure(const char *name, Span text, uint32_t rounds, bool payload, bool memoise)
{
	double start, best = 0;
	Sum sum = { 0 };

	for (uint32_t i = 0; i < rounds; i++) {
		start = now();
		sum = decode_all(text, payload, memoise);
		start = now() - start;
		if (best <= 0 || start < best)
			best = start;
	}
	printf("%-14s %llu lines, %llu records, %.3f s, %.0f lines/s, %.0f MB/s (sum %llu)\n", name,
	       (unsigned long long)sum.lines, (unsigned long long)sum.records, best,
	       (double)sum.lines / best, (double)text.n / best / 1e6,
	       (unsigned long long)sum.numbers);
}

int main(int argc, char **argv)
{
	_cleanup_close_ int fd = -1;
	uint32_t rounds = 3;
	struct stat st;
	Span text;
	void *p;

	if (argc < 2 || (argc > 2 && parse_u32(span_of(argv[2]), &rounds) < 0) || rounds == 0) {
		fprintf(stderr, "bench-decode FILE [ROUNDS]\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size == 0) {
		fprintf(stderr, "bench-decode: %s cannot be read, or is empty\n", argv[1]);
		return 1;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED) {
		fprintf(stderr, "bench-decode: %s cannot be mapped\n", argv[1]);
		return 1;
	}
	text = span_make(p, (size_t)st.st_size);
	measure("line", text, rounds, false, false);
	measure("payload", text, rounds, true, false);
	measure("line, memo", text, rounds, false, true);
	measure("payload, memo", text, rounds, true, true);
	munmap(p, (size_t)st.st_size);
	return 0;
}
