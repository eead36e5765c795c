/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "util/parse.h"
#include "util/unit-filter.h"

#define ERRNO_MAX 4095
#define NAME_MAX_LENGTH 64

/* The kernel's order: of two filters' answers the higher one holds. */
typedef enum Answer { ANSWER_ALLOW, ANSWER_LOG, ANSWER_ERRNO, ANSWER_KILL } Answer;

typedef struct Verdict {
	Answer answer;
	int32_t error; /* of ANSWER_ERRNO */
} Verdict;

static const Verdict allow = { ANSWER_ALLOW, 0 }, logged = { ANSWER_LOG, 0 };

static void names_done(UnitNames *n)
{
	for (size_t i = 0; i < n->n; i++)
		free(n->names[i]);
	free(n->names);
}

void unit_filter_done(UnitFilter *f)
{
	names_done(&f->filter);
	names_done(&f->log);
	names_done(&f->arches);
	*f = (UnitFilter){ 0 };
}

static bool is_set(const UnitNames *n)
{
	return n->n > 0 || n->inclusive;
}

bool unit_filter_exists(const UnitFilter *f)
{
	return is_set(&f->filter) || is_set(&f->log) || f->arches.n > 0;
}

/* ---- what each filter answers ---- */

static Verdict verdict_of(int32_t error)
{
	if (error <= 0 || error > ERRNO_MAX)
		return (Verdict){ ANSWER_KILL, 0 };
	return (Verdict){ ANSWER_ERRNO, error };
}

int unit_error_parse(Span word, int32_t *ret)
{
	int32_t number;

	if (span_is(word, "kill")) {
		*ret = UNIT_ERROR_KILL;
		return 0;
	}
	if (parse_i32(word, &number) == 0) {
		if (number < 0 || number > ERRNO_MAX)
			return -ERANGE;
		*ret = number;
		return 0;
	}
	for (int e = 1; e < 256; e++) {
		const char *name = strerrorname_np(e);

		if (name && span_is(word, name)) {
			*ret = e;
			return 0;
		}
	}
	return -EINVAL;
}

/* Of an entry, 0 is an answer: the call does nothing, and says that it did. */
static Verdict parse_verdict(Span word, Verdict fallback)
{
	int32_t error;

	if (unit_error_parse(word, &error) < 0)
		return fallback;
	return error == UNIT_ERROR_KILL ? verdict_of(error) : (Verdict){ ANSWER_ERRNO, error };
}

/* Of SystemCallFilter=; @entry NULL = a call that it does not list. */
static Verdict filter_verdict(const UnitFilter *f, const char *entry)
{
	Verdict denied = verdict_of(f->error_number), listed;
	Span rest, name;

	if (!is_set(&f->filter))
		return allow;
	if (!entry)
		return f->filter.inclusive ? denied : allow;
	listed = f->filter.inclusive ? allow : denied;
	rest = span_of(entry);
	span_split(&rest, ':', &name);
	return rest.p ? parse_verdict(rest, listed) : listed;
}

static Verdict log_verdict(const UnitFilter *f, bool listed)
{
	if (!is_set(&f->log))
		return allow;
	return f->log.inclusive == listed ? logged : allow;
}

static Verdict stricter(Verdict a, Verdict b)
{
	return a.answer >= b.answer ? a : b;
}

/* ---- the calls that any of them lists ---- */

typedef struct Call {
	Span name;
	const char *entry; /* of SystemCallFilter=, or NULL */
	bool in_log;
	Verdict verdict;
} Call;

static bool is_name(Span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
			    s.p[i]) ||
		    s.p[i] == '\0')
			return false;
	return s.n > 0 && s.n <= NAME_MAX_LENGTH;
}

static int compare_calls(const void *a, const void *b)
{
	const Call *x = a, *y = b;
	int r = strncmp(x->name.p, y->name.p, MIN(x->name.n, y->name.n));

	return r != 0 ? r : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

static size_t list(const UnitNames *names, bool log, Call *calls)
{
	size_t n = 0;

	for (size_t i = 0; i < names->n; i++) {
		Span rest = span_of(names->names[i]);
		Call call = { .entry = log ? NULL : names->names[i], .in_log = log };

		span_split(&rest, ':', &call.name);
		if (is_name(call.name))
			calls[n++] = call;
	}
	return n;
}

static size_t join(Call *calls, size_t n)
{
	size_t joined = 0;

	qsort(calls, n, sizeof(*calls), compare_calls);
	for (size_t i = 0; i < n; i++)
		if (joined > 0 && compare_calls(&calls[joined - 1], &calls[i]) == 0) {
			calls[joined - 1].in_log |= calls[i].in_log;
			calls[joined - 1].entry = calls[joined - 1].entry ?: calls[i].entry;
		} else
			calls[joined++] = calls[i];
	return joined;
}

/* ---- writing ---- */

static const char *action_of(Verdict v)
{
	static const char *const names[] = {
		[ANSWER_ALLOW] = "SCMP_ACT_ALLOW",
		[ANSWER_LOG] = "SCMP_ACT_LOG",
		[ANSWER_ERRNO] = "SCMP_ACT_ERRNO",
		[ANSWER_KILL] = "SCMP_ACT_KILL_PROCESS",
	};

	return names[v.answer];
}

static bool same(Verdict a, Verdict b)
{
	return a.answer == b.answer && a.error == b.error;
}

/* The rule for all calls of one verdict. */
static void write_rule(const Call *calls, size_t n, Verdict v, Buffer *out)
{
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		if (!same(calls[i].verdict, v))
			continue;
		buffer_add_str(out, first ? "{\"names\":[" : ",");
		buffer_printf(out, "\"%.*s\"", (int)calls[i].name.n, calls[i].name.p);
		first = false;
	}
	buffer_printf(out, "],\"action\":\"%s\"", action_of(v));
	if (v.answer == ANSWER_ERRNO)
		buffer_printf(out, ",\"errnoRet\":%d", v.error);
	buffer_add_char(out, '}');
}

static bool seen_before(const Call *calls, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same(calls[k].verdict, calls[i].verdict))
			return true;
	return false;
}

static bool has_verdict(const Call *calls, size_t n, Verdict v)
{
	for (size_t i = 0; i < n; i++)
		if (same(calls[i].verdict, v))
			return true;
	return false;
}

static void write_rules(const Call *calls, size_t n, Verdict fallback, Verdict first, Buffer *out)
{
	bool any = !same(first, fallback) && has_verdict(calls, n, first);

	buffer_add_str(out, "\"syscalls\":[");
	if (any)
		write_rule(calls, n, first, out);
	for (size_t i = 0; i < n; i++) {
		if (same(calls[i].verdict, fallback) || same(calls[i].verdict, first) ||
		    seen_before(calls, i))
			continue;
		if (any)
			buffer_add_char(out, ',');
		write_rule(calls, n, calls[i].verdict, out);
		any = true;
	}
	buffer_add_char(out, ']');
}

#if defined(__x86_64__)
#define NATIVE "SCMP_ARCH_X86_64"
#define LOCAL NATIVE, "SCMP_ARCH_X86", "SCMP_ARCH_X32"
#elif defined(__aarch64__)
#define NATIVE "SCMP_ARCH_AARCH64"
#define LOCAL NATIVE, "SCMP_ARCH_ARM"
#elif defined(__s390x__)
#define NATIVE "SCMP_ARCH_S390X"
#define LOCAL NATIVE, "SCMP_ARCH_S390"
#else
#define NATIVE NULL
#define LOCAL NULL
#endif

/* The host's own first, under the name that fits every host. */
static const struct {
	const char *word, *name;
} arches[] = {
	{ "native", NATIVE },
	{ "x86", "SCMP_ARCH_X86" },
	{ "x86-64", "SCMP_ARCH_X86_64" },
	{ "x32", "SCMP_ARCH_X32" },
	{ "arm", "SCMP_ARCH_ARM" },
	{ "arm64", "SCMP_ARCH_AARCH64" },
	{ "loongarch64", "SCMP_ARCH_LOONGARCH64" },
	{ "mips", "SCMP_ARCH_MIPS" },
	{ "mips64", "SCMP_ARCH_MIPS64" },
	{ "mips64-n32", "SCMP_ARCH_MIPS64N32" },
	{ "mips-le", "SCMP_ARCH_MIPSEL" },
	{ "mips64-le", "SCMP_ARCH_MIPSEL64" },
	{ "mips64-le-n32", "SCMP_ARCH_MIPSEL64N32" },
	{ "parisc", "SCMP_ARCH_PARISC" },
	{ "parisc64", "SCMP_ARCH_PARISC64" },
	{ "ppc", "SCMP_ARCH_PPC" },
	{ "ppc64", "SCMP_ARCH_PPC64" },
	{ "ppc64-le", "SCMP_ARCH_PPC64LE" },
	{ "riscv64", "SCMP_ARCH_RISCV64" },
	{ "s390", "SCMP_ARCH_S390" },
	{ "s390x", "SCMP_ARCH_S390X" },
};

const char *unit_arch_scmp_name(Span word)
{
	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		if (span_is(word, arches[i].word))
			return arches[i].name;
	return NULL;
}

const char *unit_arch_word(const char *scmp_name)
{
	for (size_t i = 0; i < ELEMENTSOF(arches); i++)
		if (arches[i].name && strcmp(arches[i].name, scmp_name) == 0)
			return arches[i].word;
	return NULL;
}

static void write_arch(const char *name, bool *any, Buffer *out)
{
	if (!name)
		return;
	buffer_printf(out, "%s\"%s\"", *any ? "," : "", name);
	*any = true;
}

/* Without SystemCallArchitectures= the filter holds for all that this host runs. */
static void write_arches(const UnitFilter *f, Buffer *out)
{
	static const char *const local[] = { LOCAL };
	bool any = false;

	buffer_add_str(out, "\"architectures\":[");
	for (size_t i = 0; i < f->arches.n; i++)
		write_arch(unit_arch_scmp_name(span_of(f->arches.names[i])), &any, out);
	for (size_t i = 0; f->arches.n == 0 && i < ELEMENTSOF(local); i++)
		write_arch(local[i], &any, out);
	buffer_add_str(out, "],");
}

int unit_filter_render(const UnitFilter *f, Buffer *out)
{
	_cleanup_free_ Call *calls = calloc(f->filter.n + f->log.n + 1, sizeof(*calls));
	Verdict fallback = stricter(filter_verdict(f, NULL), log_verdict(f, false));
	Verdict first = is_set(&f->filter) ? verdict_of(f->error_number) : logged;
	size_t n;

	if (!calls)
		return -ENOMEM;
	if (!unit_filter_exists(f))
		return -ENODATA;
	n = list(&f->filter, false, calls);
	n = join(calls, n + list(&f->log, true, calls + n));
	for (size_t i = 0; i < n; i++)
		calls[i].verdict = stricter(filter_verdict(f, calls[i].entry),
					    log_verdict(f, calls[i].in_log));
	buffer_printf(out, "{\"defaultAction\":\"%s\",", action_of(fallback));
	if (fallback.answer == ANSWER_ERRNO)
		buffer_printf(out, "\"defaultErrnoRet\":%d,", fallback.error);
	write_arches(f, out);
	write_rules(calls, n, fallback, first, out);
	buffer_add_char(out, '}');
	return buffer_error(out);
}
