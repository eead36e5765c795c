/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Our side of the comparison with real runtimes.
 *
 *   agreement random SEED           a profile in which the runtimes can start a program
 *   agreement conditions SEED       one with the conditions that Docker and Podman evaluate
 *   agreement samples               arguments for probe
 *   agreement needed                names without which no program starts
 *   agreement predict CONTEXT FILE  what probe should print; ALLOW and LOG are "pass"
 *   agreement filter PID CONTEXT FILE    the filter that PID really has against ours
 *   agreement config CONFIG CONTEXT FILE what an engine wrote for the runtime against ours
 *
 * CONTEXT is DIALECT RUNTIME VERSION CAPABILITIES(hex) KERNEL; config takes the capabilities from
 * CONFIG. Exit status: 0 agrees, 1 differs, 3 the profile is refused (the sentence is printed).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/proof.h"
#include "util/buffer.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/parse.h"

enum { DIFFERS = 1, USAGE = 2, REFUSED = 3 };

/* Calls that are harmless with -1 as every argument but the first, and fail by themselves with
 * another error than any filter here gives. */
static const struct {
	const char *name;
	int64_t first;
} samples[] = {
	{ "access", 0 },
	{ "chdir", 0 },
	{ "chmod", 0 },
	{ "close", -1 },
	{ "dup", -1 },
	{ "fchmod", -1 },
	{ "fsync", -1 },
	{ "ftruncate", -1 },
	{ "getcwd", 0 },
	{ "getgroups", -1 },
	{ "getpgid", -1 },
	{ "getpriority", -1 },
	{ "getrlimit", -1 },
	{ "getsid", -1 },
	{ "getsockopt", -1 },
	{ "inotify_add_watch", -1 },
	{ "link", 0 },
	{ "listen", -1 },
	{ "lseek", -1 },
	{ "madvise", -1 },
	{ "mincore", -1 },
	{ "mkdir", 0 },
	{ "mlock", -1 },
	{ "msync", -1 },
	{ "personality", 0xffffffff },
	{ "personality", 8 },
	{ "personality", 0 },
	{ "poll", 0 },
	{ "pread64", -1 },
	{ "readahead", -1 },
	{ "recvmsg", -1 },
	{ "removexattr", 0 },
	{ "rename", 0 },
	{ "rmdir", 0 },
	{ "sched_getparam", -1 },
	{ "semget", -1 },
	{ "sendfile", -1 },
	{ "shmdt", -1 },
	{ "socket", -1 },
	{ "socket", 38 },
	{ "socket", 40 },
	{ "socket", 1 },
	{ "splice", -1 },
	{ "statx", -1 },
	{ "symlink", 0 },
	{ "tee", -1 },
	{ "timer_delete", -1 },
	{ "truncate", 0 },
	{ "unlink", 0 },
	{ "utimensat", -1 },
	{ "openat2", -1 },
	{ "faccessat2", -1 },
	{ "epoll_pwait2", -1 },
	{ "close_range", 7 },
};

/* What runc, crun and probe itself cannot do without. */
static const char *const needed[] = {
	"arch_prctl",
	"brk",
	"capget",
	"capset",
	"chdir",
	"clone",
	"close",
	"epoll_ctl",
	"execve",
	"exit",
	"exit_group",
	"faccessat2",
	"fcntl",
	"fstat",
	"fstatfs",
	"futex",
	"getcwd",
	"getdents64",
	"getpid",
	"getppid",
	"gettid",
	"ioctl",
	"mmap",
	"mprotect",
	"munmap",
	"newfstatat",
	"openat",
	"pause",
	"prctl",
	"prlimit64",
	"read",
	"readlink",
	"readlinkat",
	"getrandom",
	"rseq",
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"set_robust_list",
	"set_tid_address",
	"setgid",
	"setgroups",
	"setresgid",
	"setresuid",
	"setuid",
	"sigaltstack",
	"tgkill",
	"wait4",
	"write",
	"nanosleep",
	"clock_nanosleep",
	"madvise",
	"sched_yield",
	"epoll_pwait",
	"openat2",
	"statx",
};

typedef struct Setup {
	ProfileContext context;
	Dialect dialect;
	Profile *profile;
	Filter filter;
	char *text;
} Setup;

static void setup_done(Setup *s)
{
	filter_done(&s->filter);
	profile_free(s->profile);
	free(s->text);
}

static uint64_t draw(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15ULL;
	return hash_u64(*seed);
}

static bool is_needed(const char *name)
{
	for (size_t i = 0; i < ELEMENTSOF(needed); i++)
		if (strcmp(needed[i], name) == 0)
			return true;
	return false;
}

static void print_args(uint64_t *seed)
{
	static const char *const ops[] = { "NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ" };
	static const uint64_t values[] = { 0, 1, 8, 38, 40, 0xffffffff, 1ULL << 32, UINT64_MAX };
	uint64_t n = 1 + draw(seed) % 3;

	printf(", \"args\": [");
	for (uint64_t i = 0; i < n; i++) {
		uint64_t r = draw(seed);

		printf("%s{\"index\": %u, \"value\": %" PRIu64 ", \"valueTwo\": %" PRIu64
		       ", \"op\": \"SCMP_CMP_%s\"}",
		       i ? ", " : "", r % 3 ? 0 : (unsigned)(r >> 8) % 6, values[(r >> 16) % 8],
		       values[(r >> 24) % 8], ops[(r >> 32) % 7]);
	}
	printf("]");
}

static void print_rule(uint64_t *seed)
{
	static const char *const actions[] = { "ALLOW", "ALLOW", "ERRNO",        "ERRNO",
					       "LOG",   "TRAP",  "KILL_PROCESS", "KILL" };
	unsigned n = 1 + (unsigned)(draw(seed) % 4);
	const char *action = actions[draw(seed) % ELEMENTSOF(actions)];
	const char *sep = "";

	printf(",\n\t\t{\"names\": [");
	while (n > 0) {
		char name[SYSCALL_NAME_MAX];
		uint64_t r = draw(seed);

		if (r % 4)
			snprintf(name, sizeof(name), "%s",
				 samples[(r >> 8) % ELEMENTSOF(samples)].name);
		else if (syscall_name(ARCH_WORD_X86_64, (int64_t)((r >> 8) % 450), name) < 0)
			continue;
		if (is_needed(name))
			continue;
		printf("%s\"%s\"", sep, name);
		sep = ", ";
		n--;
	}
	printf("], \"action\": \"SCMP_ACT_%s\"", action);
	if (strcmp(action, "ERRNO") == 0 && draw(seed) % 4)
		printf(", \"errnoRet\": %u", 200 + (unsigned)(draw(seed) % 50));
	if (draw(seed) & 1)
		print_args(seed);
	printf("}");
}

static int print_random(uint64_t seed)
{
	static const char *const defaults[] = { "\"SCMP_ACT_ERRNO\"",
						"\"SCMP_ACT_ERRNO\",\n\t\"defaultErrnoRet\": 199",
						"\"SCMP_ACT_ERRNO\",\n\t\"defaultErrnoRet\": 38",
						"\"SCMP_ACT_LOG\"",
						"\"SCMP_ACT_KILL_PROCESS\"",
						"\"SCMP_ACT_TRAP\"",
						"\"SCMP_ACT_ALLOW\"" };
	static const char *const arches[] = {
		"",
		"\"SCMP_ARCH_X86_64\"",
		"\"SCMP_ARCH_X86\"",
		"\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"",
	};
	uint64_t n = 4 + draw(&seed) % 10;

	printf("{\n\t\"defaultAction\": %s,\n\t\"architectures\": [%s],\n\t\"syscalls\": "
	       "[\n\t\t{\"names\": [",
	       defaults[draw(&seed) % ELEMENTSOF(defaults)],
	       arches[draw(&seed) % ELEMENTSOF(arches)]);
	for (size_t i = 0; i < ELEMENTSOF(needed); i++)
		printf("%s\"%s\"", i ? ", " : "", needed[i]);
	printf("], \"action\": \"SCMP_ACT_ALLOW\"}");
	for (uint64_t i = 0; i < n; i++)
		print_rule(&seed);
	printf("\n\t]\n}\n");
	return 0;
}

static void print_condition(uint64_t *seed, const char *key)
{
	static const char *const caps[] = { "CAP_CHOWN",      "CAP_SYS_ADMIN", "CAP_NET_RAW",
					    "CAP_SYS_CHROOT", "CAP_MKNOD",     "CAP_BPF" };
	static const char *const arches[] = { "amd64", "x86", "arm64", "s390x" };
	static const char *const kernels[] = { "3.10", "4.8", "6.0", "250.1" };
	const char *sep = "";

	printf(", \"%s\": {", key);
	if (draw(seed) & 1) {
		printf("\"caps\": [\"%s\", \"%s\"]", caps[draw(seed) % ELEMENTSOF(caps)],
		       caps[draw(seed) % ELEMENTSOF(caps)]);
		sep = ", ";
	}
	if (draw(seed) % 3 == 0) {
		printf("%s\"arches\": [\"%s\"]", sep, arches[draw(seed) % ELEMENTSOF(arches)]);
		sep = ", ";
	}
	if (draw(seed) % 3 == 0)
		printf("%s\"minKernel\": \"%s\"", sep, kernels[draw(seed) % ELEMENTSOF(kernels)]);
	printf("}");
}

static void print_conditional_rule(uint64_t *seed)
{
	static const char *const actions[] = { "ALLOW", "ERRNO", "KILL_PROCESS", "TRAP" };
	const char *action = actions[draw(seed) % ELEMENTSOF(actions)];
	const char *name;

	do
		name = samples[draw(seed) % ELEMENTSOF(samples)].name;
	while (is_needed(name));
	printf(draw(seed) % 4 ? ",\n\t\t{\"names\": [\"%s\"]" : ",\n\t\t{\"name\": \"%s\"", name);
	printf(", \"action\": \"SCMP_ACT_%s\"", action);
	if (strcmp(action, "ERRNO") == 0 && draw(seed) & 1)
		printf(", \"errnoRet\": %u", 1 + (unsigned)(draw(seed) % 90));
	if (strcmp(action, "ERRNO") == 0 && draw(seed) & 1)
		printf(", \"errno\": \"ENOSYS\"");
	if (draw(seed) & 1)
		print_condition(seed, "includes");
	if (draw(seed) & 1)
		print_condition(seed, "excludes");
	if (draw(seed) % 4 == 0)
		printf(", \"args\": [{\"index\": 1, \"value\": %u, \"op\": \"SCMP_CMP_EQ\"}]",
		       (unsigned)(draw(seed) % 1000));
	printf("}");
}

static int print_conditions(uint64_t seed)
{
	static const char *const arches[] = {
		"\"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"]",
		"\"archMap\": [{\"architecture\": \"SCMP_ARCH_AARCH64\", \"subArchitectures\": "
		"[\"SCMP_ARCH_ARM\"]}, {\"architecture\": \"SCMP_ARCH_X86_64\", "
		"\"subArchitectures\": [\"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"]}]",
		"\"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\"}]",
	};
	uint64_t n = 8 + draw(&seed) % 16;

	printf("{\n\t\"defaultAction\": \"%s\",\n\t%s,\n\t\"syscalls\": [\n\t\t{\"names\": [",
	       draw(&seed) & 1 ? "SCMP_ACT_LOG" : "SCMP_ACT_ALLOW",
	       arches[draw(&seed) % ELEMENTSOF(arches)]);
	for (size_t i = 0; i < ELEMENTSOF(needed); i++)
		printf("%s\"%s\"", i ? ", " : "", needed[i]);
	printf("], \"action\": \"SCMP_ACT_ALLOW\"}");
	for (uint64_t i = 0; i < n; i++)
		print_conditional_rule(&seed);
	printf("\n\t]\n}\n");
	return 0;
}

static int print_needed(void)
{
	for (size_t i = 0; i < ELEMENTSOF(needed); i++)
		printf("%s\n", needed[i]);
	return 0;
}

static int print_samples(void)
{
	int64_t nr;

	for (size_t i = 0; i < ELEMENTSOF(samples); i++)
		if (syscall_number(ARCH_WORD_X86_64, samples[i].name, &nr) == 0)
			printf("%" PRId64 ":%" PRId64 "\n", nr, samples[i].first);
	return 0;
}

/* What the profile makes of each sample, in the words of probe. */
static int predict(const Setup *s)
{
	int64_t nr;

	for (size_t i = 0; i < ELEMENTSOF(samples); i++) {
		struct seccomp_data data = { .arch = ARCH_WORD_X86_64 };
		uint32_t word;

		if (syscall_number(ARCH_WORD_X86_64, samples[i].name, &nr) < 0)
			continue;
		data.nr = (int)nr;
		memset(data.args, 0xff, sizeof(data.args));
		data.args[0] = (uint64_t)samples[i].first;
		word = bpf_run(&s->filter.bpf, &data, NULL);
		printf("%" PRId64 " %" PRId64 " ", nr, samples[i].first);
		switch (action_of_code(word)) {
		case ACTION_ALLOW:
		case ACTION_LOG:
			printf("pass\n");
			break;
		case ACTION_ERRNO:
			printf("%u\n", word & 0xffff);
			break;
		case ACTION_TRACE:
			printf("%d\n", ENOSYS); /* nobody traces it */
			break;
		default:
			printf("sys\n");
		}
	}
	return 0;
}

static int compare(const Filter *real, const Setup *s)
{
	_cleanup_proof_ Proof proof = { 0 };
	int r = proof_compare(real, &s->filter, &proof);

	if (r < 0) {
		printf("cannot compare: %s\n", strerror(-r));
		return DIFFERS;
	}
	for (size_t i = 0; i < MIN(proof.n_changes, (size_t)5); i++) {
		const ProofChange *c = &proof.changes[i];

		printf("%s %s %" PRId64 ": really 0x%x, by us 0x%x\n", arch_name(c->arch), c->name,
		       c->nr, c->before, c->after);
	}
	printf("%zu differences in %" PRIu64 " calls\n", proof.n_changes, proof.evaluated);
	return proof.n_changes > 0 ? DIFFERS : 0;
}

/* The program as it was loaded: the kernel keeps it for whoever may trace. */
static int compare_loaded(pid_t pid, const Setup *s)
{
	_cleanup_free_ struct sock_filter *insns = calloc(BPF_MAXINSNS, sizeof(*insns));
	Filter real = { .arches = s->filter.arches, .n_arches = s->filter.n_arches };
	int status, r;
	long n;

	if (!insns || ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0 || waitpid(pid, &status, __WALL) != pid) {
		printf("cannot trace: %m\n");
		return DIFFERS;
	}
	n = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, insns);
	r = errno;
	ptrace(PTRACE_DETACH, pid, 0, 0);
	if (n <= 0) {
		printf("cannot read the filter: %s\n", strerror(r));
		return DIFFERS;
	}
	if (bpf_load(span_make((const char *)insns, (size_t)n * sizeof(*insns)), &real.bpf) < 0) {
		printf("the loaded filter is not understood\n");
		return DIFFERS;
	}
	r = compare(&real, s);
	bpf_done(&real.bpf);
	return r;
}

/* .linux.seccomp of an OCI config, which an engine made of the profile. */
static int compare_config(const char *path, const Setup *s)
{
	struct json_object *root = json_object_from_file(path), *linux_part, *seccomp = NULL;
	_cleanup_(profile_freep) Profile *profile = NULL;
	_cleanup_filter_ Filter real = { 0 };
	Diag d = { 0 };
	int r = -EINVAL;

	if (json_object_object_get_ex(root, "linux", &linux_part) &&
	    json_object_object_get_ex(linux_part, "seccomp", &seccomp))
		r = profile_read(span_of(json_object_to_json_string(seccomp)), DIALECT_OCI,
				 &s->context, &profile, &d);
	if (r == 0)
		r = filter_build(profile, &real, &d);
	json_object_put(root);
	if (r < 0) {
		printf("no filter in %s: %s\n", path, d.text);
		return DIFFERS;
	}
	return compare(&real, s);
}

/* The bounding set that the engine gave to the container; its conditions go by that. */
static uint64_t capabilities_of(const char *path)
{
	struct json_object *root = json_object_from_file(path), *o = root;
	uint64_t set = 0;
	unsigned n;

	if (!json_object_object_get_ex(root, "process", &o) ||
	    !json_object_object_get_ex(o, "capabilities", &o) ||
	    !json_object_object_get_ex(o, "bounding", &o))
		o = NULL;
	for (size_t i = 0; o && i < json_object_array_length(o); i++)
		if (capability_from_name(
			    span_of(json_object_get_string(json_object_array_get_idx(o, i))), &n) ==
		    0)
			set |= 1ULL << n;
	json_object_put(root);
	return set;
}

/* DIALECT RUNTIME VERSION CAPABILITIES KERNEL FILE */
static int setup(char **argv, const char *config, Setup *s)
{
	Diag d = { 0 };
	size_t n;
	int r;

	s->context.host_arch = filter_native_arch();
	if (dialect_from_name(span_of(argv[0]), &s->dialect) < 0 ||
	    runtime_from_name(span_of(argv[1]), &s->context.runtime) < 0 ||
	    context_parse_version(span_of(argv[2]), &s->context.runtime_version) < 0 ||
	    parse_hex_u64(span_of(argv[3]), &s->context.capabilities) < 0 ||
	    context_parse_version(span_of(argv[4]), &s->context.kernel) < 0 ||
	    file_read_at(AT_FDCWD, argv[5], SCAN_SIZE_MAX, true, &s->text, &n) < 0)
		return USAGE;
	if (config)
		s->context.capabilities = capabilities_of(config);
	r = profile_read(span_make(s->text, n), s->dialect, &s->context, &s->profile, &d);
	if (r == 0)
		r = filter_build(s->profile, &s->filter, &d);
	if (r < 0)
		printf("line %u: %s\n", d.line, d.text);
	return r < 0 ? REFUSED : 0;
}

int main(int argc, char **argv)
{
	_cleanup_(setup_done) Setup s = { 0 };
	const char *verb = argc > 1 ? argv[1] : "";
	uint64_t seed;
	uint32_t pid;
	int r;

	if (strcmp(verb, "samples") == 0)
		return print_samples();
	if (strcmp(verb, "needed") == 0)
		return print_needed();
	if (strcmp(verb, "random") == 0 && argc == 3 && parse_u64(span_of(argv[2]), &seed) == 0)
		return print_random(seed);
	if (strcmp(verb, "conditions") == 0 && argc == 3 && parse_u64(span_of(argv[2]), &seed) == 0)
		return print_conditions(seed);
	if (strcmp(verb, "predict") == 0 && argc == 8) {
		r = setup(argv + 2, NULL, &s);
		return r != 0 ? r : predict(&s);
	}
	if (argc != 9)
		return USAGE;
	r = setup(argv + 3, strcmp(verb, "config") == 0 ? argv[2] : NULL, &s);
	if (r != 0)
		return r;
	if (strcmp(verb, "config") == 0)
		return compare_config(argv[2], &s);
	if (strcmp(verb, "filter") == 0 && parse_u32(span_of(argv[2]), &pid) == 0)
		return compare_loaded((pid_t)pid, &s);
	return USAGE;
}
