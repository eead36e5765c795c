/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The filters that systemd has loaded into a process, read by ptrace(2) and run as the kernel runs
 * them, against the one that we make of the unit's files, for every number of every architecture.
 *
 *   systemd-agreement PID GROUPS FILE   GROUPS: what systemd-analyze syscall-filter prints
 *
 * Exit status: 0 agrees, 1 differs, 3 the file is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/filter.h"
#include "util/file.h"
#include "util/parse.h"

enum { DIFFERS = 1, USAGE = 2, REFUSED = 3 };

#define FILTERS_MAX 32
#define SHOWN 12

typedef struct Loaded {
	Bpf filters[FILTERS_MAX]; /* the newest first */
	size_t n;
} Loaded;

static void loaded_done(Loaded *l)
{
	for (size_t i = 0; i < l->n; i++)
		bpf_done(&l->filters[i]);
}

/* As seccomp_run_filters() does: the strictest, and of equals the newest. */
static uint32_t run_all(const Loaded *l, const struct seccomp_data *data)
{
	uint32_t answer = SECCOMP_RET_ALLOW;

	for (size_t i = 0; i < l->n; i++) {
		uint32_t one = bpf_run(&l->filters[i], data, NULL);

		if ((int32_t)(one & SECCOMP_RET_ACTION_FULL) <
		    (int32_t)(answer & SECCOMP_RET_ACTION_FULL))
			answer = one;
	}
	return answer;
}

static int read_filters(pid_t pid, Loaded *l)
{
	_cleanup_free_ struct sock_filter *insns = calloc(BPF_MAXINSNS, sizeof(*insns));

	while (insns && l->n < FILTERS_MAX) {
		long n = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, l->n, insns);

		if (n < 0)
			return errno == ENOENT || errno == EINVAL ? 0 : -errno;
		if (bpf_load(span_make((const char *)insns, (size_t)n * sizeof(*insns)),
			     &l->filters[l->n]) < 0)
			return -EBADMSG;
		l->n++;
	}
	return insns ? -E2BIG : -ENOMEM;
}

static int read_loaded(pid_t pid, Loaded *l)
{
	int status, r;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0 ||
	    waitpid(pid, &status, __WALL) != pid)
		return -errno;
	r = read_filters(pid, l);
	ptrace(PTRACE_DETACH, pid, 0, 0);
	return r;
}

static void compare(const Filter *ours, const Loaded *real, struct seccomp_data *data,
		    unsigned *differences)
{
	char name[SYSCALL_NAME_MAX] = "?";
	uint32_t arch = arch_of_call(data->arch, data->nr);
	uint32_t a = bpf_run(&ours->bpf, data, NULL), b = run_all(real, data);

	if (a == b || (*differences)++ >= SHOWN)
		return;
	(void)syscall_name(arch, data->nr, name);
	printf("%s %d (%s, %llu): we say %08x, the kernel %08x\n", arch_name(arch), data->nr, name,
	       (unsigned long long)data->args[0], a, b);
}

/* socketcall and ipc are several calls; each has a number of its own in the first argument. */
static void compare_number(const Filter *ours, const Loaded *real, uint32_t arch, int nr,
			   unsigned *differences)
{
	struct seccomp_data data = { .nr = nr, .arch = arch };

	for (uint64_t first = 0; first < 26; first++) {
		data.args[0] = first;
		compare(ours, real, &data, differences);
		if (arch == ARCH_WORD_X86_64 || (nr != 102 && nr != 117))
			break;
	}
}

static unsigned compare_all(const Filter *ours, const Loaded *real)
{
	static const uint32_t arches[] = { ARCH_WORD_X86_64, ARCH_WORD_I386 };
	static const int bases[] = { 0, ARCH_X32_BIT, -4 };
	unsigned differences = 0;

	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		for (size_t b = 0; b < ELEMENTSOF(bases); b++)
			for (int k = 0; k < (bases[b] < 0 ? 4 : 1024); k++)
				compare_number(ours, real, arches[i], bases[b] + k, &differences);
	return differences;
}

static int read_ours(const char *groups_path, const char *path, Profile **ret, Filter *filter)
{
	_cleanup_systemd_groups_ SystemdGroups groups = { 0 };
	ProfileContext context = { .host_arch = filter_native_arch(), .groups = &groups };
	_cleanup_free_ char *text = NULL, *list = NULL;
	Diag d = { 0 };
	size_t n;
	int r;

	r = file_read_at(AT_FDCWD, groups_path, SYSTEMD_GROUPS_TEXT_MAX, true, &list, &n);
	if (r >= 0)
		r = systemd_groups_parse(span_make(list, n), &groups, &d);
	if (r >= 0)
		r = file_read_at(AT_FDCWD, path, (size_t)1 << 20, true, &text, &n);
	if (r >= 0)
		r = profile_read(span_make(text, n), DIALECT_SYSTEMD, &context, ret, &d);
	if (r >= 0)
		r = filter_build(*ret, filter, &d);
	if (r < 0)
		printf("line %u: %s\n", d.line, d.text[0] ? d.text : strerror(-r));
	return r;
}

int main(int argc, char **argv)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_(loaded_done) Loaded loaded = { 0 };
	_cleanup_filter_ Filter filter = { 0 };
	int32_t pid;
	unsigned n;
	int r;

	if (argc != 4 || parse_i32(span_of(argv[1]), &pid) < 0)
		return USAGE;
	if (read_ours(argv[2], argv[3], &p, &filter) < 0)
		return REFUSED;
	r = read_loaded(pid, &loaded);
	if (r < 0) {
		printf("the filters of %d cannot be read: %s\n", pid, strerror(-r));
		return DIFFERS;
	}
	n = compare_all(&filter, &loaded);
	printf("%zu filters, %u differences\n", loaded.n, n);
	return n > 0 ? DIFFERS : 0;
}
