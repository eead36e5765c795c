/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "tests/unit/profile-random.h"
#include "util/hash.h"

#define S390X 0x80000016U

typedef struct Writer {
	uint64_t *seed;
	Buffer *b;
	Dialect dialect;
	const char *line_end, *unit, *colon;
	bool lines, name_lines;
} Writer;

uint64_t random_draw(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15ULL;
	return hash_u64(*seed);
}

static uint64_t below(uint64_t *seed, uint64_t n)
{
	return random_draw(seed) % n;
}

#define PICK(seed, array) ((array)[below(seed, ELEMENTSOF(array))])

const char *random_name(uint64_t *seed, char buf[static 64])
{
	static const char *const names[] = {
		"read",
		"write",
		"openat",
		"clone",
		"clone3",
		"personality",
		"socket",
		"connect",
		"accept",
		"socketcall",
		"ipc",
		"semop",
		"shmat",
		"send",
		"ptrace",
		"mount",
		"umount",
		"umount2",
		"bpf",
		"keyctl",
		"unshare",
		"setns",
		"chmod",
		"fchmodat",
		"statx",
		"futex_waitv",
		"openat2",
		"epoll_pwait2",
		"close_range",
		"faccessat2",
		"io_uring_setup",
		"mmap2",
		"fstatat64",
		"newfstatat",
		"open",
		"getpid",
		"mseal",
		"no_such_call",
		"arch_prctl",
		"set_tls",
		"pidfd_getfd",
		"landlock_create_ruleset",
		"rseq",
		"kcmp",
	};
	uint64_t r = random_draw(seed);

	if (r % 3 && syscall_name(ARCH_WORD_X86_64, (int64_t)(r >> 8) % 450, buf) == 0)
		return buf;
	return names[(r >> 32) % ELEMENTSOF(names)];
}

/* A new line at this depth, or what stands in its place. */
static void line(const Writer *w, unsigned depth)
{
	if (!w->lines)
		return;
	buffer_add_str(w->b, w->line_end);
	for (unsigned i = 0; i < depth; i++)
		buffer_add_str(w->b, w->unit);
}

static void key(const Writer *w, unsigned depth, const char *name, bool first)
{
	if (!first)
		buffer_add_str(w->b, w->lines || w->colon[1] == '\0' ? "," : ", ");
	line(w, depth);
	buffer_printf(w->b, "\"%s\"%s", name, w->colon);
}

static void list(const Writer *w, unsigned depth, const char *const *items, size_t n, bool spread)
{
	Writer inner = *w;

	inner.lines = spread && w->lines;
	buffer_add_char(w->b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buffer_add_str(w->b, inner.lines ? "," : ", ");
		line(&inner, depth + 1);
		buffer_printf(w->b, "\"%s\"", items[i]);
	}
	if (n > 0)
		line(&inner, depth);
	buffer_add_char(w->b, ']');
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void names(const Writer *w, unsigned depth)
{
	char buffers[16][64];
	const char *items[16];
	size_t n = below(w->seed, 12);

	if (n == 0 && below(w->seed, 4))
		n = 1; /* an empty list is rare */
	for (size_t i = 0; i < n; i++)
		items[i] = i > 0 && below(w->seed, 20) == 0 ? items[i - 1]
							    : random_name(w->seed, buffers[i]);
	if (below(w->seed, 2))
		qsort(items, n, sizeof(*items), compare_strings);
	key(w, depth, "names", true);
	list(w, depth, items, n, w->name_lines);
}

static void args(const Writer *w, unsigned depth)
{
	static const char *const ops[] = { "NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ" };
	static const uint64_t values[] = { 0,          1,           8,
					   38,         40,          0x7e020000,
					   0xffffffff, 0x100000000, UINT64_MAX >> 1 };
	uint64_t n = 1 + below(w->seed, 3), first = below(w->seed, 4);

	key(w, depth, "args", false);
	buffer_add_char(w->b, '[');
	for (uint64_t i = 0; i < n; i++) {
		/* one index twice now and then: the rule falls apart */
		uint64_t index = below(w->seed, 8) == 0 ? first : (first + i) % 6;
		const char *op = PICK(w->seed, ops);

		buffer_add_str(w->b, i > 0 ? "," : "");
		line(w, depth + 1);
		buffer_printf(w->b,
			      "{\"index\": %" PRIu64 ", \"value\": %" PRIu64
			      ", \"valueTwo\": %" PRIu64 ", \"op\": \"SCMP_CMP_%s\"}",
			      index, PICK(w->seed, values), PICK(w->seed, values), op);
	}
	line(w, depth);
	buffer_add_char(w->b, ']');
}

static void condition(const Writer *w, unsigned depth, const char *name)
{
	static const char *const caps[] = { "CAP_CHOWN",     "CAP_SYS_ADMIN", "CAP_SYS_PTRACE",
					    "CAP_NET_ADMIN", "CAP_BPF",       "CAP_SYS_CHROOT" };
	static const char *const arches[] = { "amd64", "arm64", "s390x" };
	static const char *const kernels[] = { "4.8", "5.11", "6.18", "3.10" };

	key(w, depth, name, false);
	switch (below(w->seed, 4)) {
	case 0:
		buffer_printf(w->b, "{\"caps\": [\"%s\", \"%s\"]}", PICK(w->seed, caps),
			      PICK(w->seed, caps));
		break;
	case 1:
		buffer_printf(w->b, "{\"arches\": [\"%s\"]}", PICK(w->seed, arches));
		break;
	case 2:
		buffer_printf(w->b, "{\"minKernel\": \"%s\"}", PICK(w->seed, kernels));
		break;
	default:
		buffer_add_str(w->b, "{}");
	}
}

static void rule(const Writer *w, unsigned depth)
{
	static const char *const actions[] = { "ALLOW", "ALLOW", "ALLOW",        "ALLOW",
					       "ERRNO", "LOG",   "KILL_PROCESS", "KILL",
					       "TRAP",  "TRACE", "ERRNO",        "ERRNO" };
	const char *action = PICK(w->seed, actions);
	bool gives_errno = strcmp(action, "ERRNO") == 0;
	bool engine = w->dialect == DIALECT_DOCKER || w->dialect == DIALECT_PODMAN;
	char buf[64];

	buffer_add_char(w->b, '{');
	if (engine && below(w->seed, 6) == 0) {
		key(w, depth + 1, "name", true);
		buffer_printf(w->b, "\"%s\"", random_name(w->seed, buf));
	} else
		names(w, depth + 1);
	key(w, depth + 1, "action", false);
	buffer_printf(w->b, "\"SCMP_ACT_%s\"", action);
	if (gives_errno && below(w->seed, 2)) {
		key(w, depth + 1, "errnoRet", false);
		buffer_printf(w->b, "%u", below(w->seed, 2) ? 38U : (unsigned)below(w->seed, 200));
	}
	if (gives_errno && w->dialect == DIALECT_PODMAN && below(w->seed, 4) == 0) {
		key(w, depth + 1, "errno", false);
		buffer_add_str(w->b, below(w->seed, 2) ? "\"ENOSYS\"" : "\"13\"");
	}
	if (below(w->seed, 4) == 0)
		args(w, depth + 1);
	else if (below(w->seed, 8) == 0) {
		key(w, depth + 1, "args", false);
		buffer_add_str(w->b, below(w->seed, 2) ? "null" : "[]");
	}
	if (below(w->seed, 5) == 0)
		condition(w, depth + 1, "includes");
	if (below(w->seed, 8) == 0)
		condition(w, depth + 1, "excludes");
	line(w, depth);
	buffer_add_char(w->b, '}');
}

typedef struct Host {
	uint32_t word;
	const char *sets[5][4]; /* of "architectures"; the first of all is the host's own */
} Host;

static const Host hosts[] = {
	{ ARCH_WORD_X86_64,
	  { { NULL },
	    { "SCMP_ARCH_X86_64" },
	    { "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32" },
	    { "SCMP_ARCH_X86" },
	    { "SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM" } } },
	{ ARCH_WORD_AARCH64,
	  { { NULL },
	    { "SCMP_ARCH_AARCH64" },
	    { "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM" },
	    { "SCMP_ARCH_ARM" },
	    { "SCMP_ARCH_AARCH64", "SCMP_ARCH_X86_64", "SCMP_ARCH_X86" } } },
	{ S390X,
	  { { NULL },
	    { "SCMP_ARCH_S390X" },
	    { "SCMP_ARCH_S390X", "SCMP_ARCH_S390" },
	    { "SCMP_ARCH_S390" },
	    { "SCMP_ARCH_S390X" } } },
};

static void arches(const Writer *w, unsigned depth, const Host *host)
{
	const char *const *set = host->sets[below(w->seed, 5)];
	bool engine = w->dialect == DIALECT_DOCKER || w->dialect == DIALECT_PODMAN;
	size_t n = 0;

	while (n < 4 && set[n])
		n++;
	if (n == 0)
		return;
	if (engine && n > 1 && below(w->seed, 2)) {
		key(w, depth, "archMap", false);
		buffer_printf(w->b, "[{\"architecture\": \"%s\", \"subArchitectures\": ", set[0]);
		list(w, depth, set + 1, n - 1, false);
		buffer_add_str(w->b, "}]");
		return;
	}
	key(w, depth, "architectures", false);
	list(w, depth, set, n, below(w->seed, 2));
}

static void profile(const Writer *w, unsigned depth, const Host *host)
{
	static const char *const defaults[] = { "ERRNO", "ERRNO", "LOG",   "LOG",  "KILL_PROCESS",
						"KILL",  "TRAP",  "ALLOW", "TRACE" };
	const char *action = PICK(w->seed, defaults);
	uint64_t n = 1 + below(w->seed, 8);

	buffer_add_char(w->b, '{');
	key(w, depth + 1, "defaultAction", true);
	buffer_printf(w->b, "\"SCMP_ACT_%s\"", action);
	if (strcmp(action, "ERRNO") == 0 && below(w->seed, 2)) {
		key(w, depth + 1, "defaultErrnoRet", false);
		buffer_add_str(w->b, below(w->seed, 2) ? "38" : "13");
	}
	arches(w, depth + 1, host);
	key(w, depth + 1, "syscalls", false);
	buffer_add_char(w->b, '[');
	for (uint64_t i = 0; i < n; i++) {
		buffer_add_str(w->b, i > 0 ? "," : "");
		line(w, depth + 2);
		rule(w, depth + 2);
	}
	line(w, depth + 1);
	buffer_add_char(w->b, ']');
	line(w, depth);
	buffer_add_char(w->b, '}');
}

static void document(const Writer *w, const Host *host)
{
	if (w->dialect != DIALECT_SPO || below(w->seed, 2)) {
		profile(w, 0, host);
		return;
	}
	buffer_add_char(w->b, '{');
	key(w, 1, "kind", true);
	buffer_add_str(w->b, "\"SeccompProfile\"");
	key(w, 1, "spec", false);
	profile(w, 1, host);
	line(w, 0);
	buffer_add_char(w->b, '}');
}

void random_profile(uint64_t *seed, RandomProfile *ret)
{
	static const char *const units[] = { "\t", "  ", "    ", " " };
	static const char *const colons[] = { ": ", ":", " : " };
	static const uint32_t kernels[] = { 0x030a00, 0x040800, 0x061200, 0x050b00 };
	const Host *host = &hosts[below(seed, 4) ? 0 : below(seed, ELEMENTSOF(hosts))];
	Writer w = { .seed = seed, .b = &ret->text };

	*ret = (RandomProfile){ .dialect = (Dialect)below(seed, _DIALECT_JSON_MAX) };
	ret->context = context_default(ret->dialect, host->word);
	ret->context.runtime = (Runtime)below(seed, RUNTIME_SYSTEMD);
	ret->context.kernel = PICK(seed, kernels);
	if (below(seed, 2))
		ret->context.capabilities = random_draw(seed) & ((1ULL << 41) - 1);
	ret->crlf = below(seed, 4) == 0;
	w.dialect = ret->dialect;
	w.line_end = ret->crlf ? "\r\n" : "\n";
	w.unit = PICK(seed, units);
	w.colon = PICK(seed, colons);
	w.lines = below(seed, 4) > 0;
	w.name_lines = below(seed, 2);
	document(&w, host);
	if (below(seed, 3))
		buffer_add_str(&ret->text, w.line_end);
}

void random_profile_done(RandomProfile *p)
{
	buffer_done(&p->text);
}
