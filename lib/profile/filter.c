/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <sys/mman.h>

#include "audit/arch.h"
#include "profile/filter.h"
#include "profile/stub.h"
#include "util/buffer.h"
#include "util/file.h"

static void seccomp_releasep(scmp_filter_ctx *ctx)
{
	if (*ctx)
		seccomp_release(*ctx);
}

typedef struct Build {
	const Profile *profile;
	Filter *filter;
	scmp_filter_ctx ctx;
	Diag *diag;
	size_t allocated;
	uint32_t *plain;   /* by PLAIN_FIRST + number: 1 + the action of its first rule without
			    * arguments, 0 when it has none */
	size_t conditions; /* of rules, on all architectures */
	size_t work;       /* conditions of calls given to libseccomp, on all architectures */
} Build;

/* libseccomp's numbers for names: those of calls, and pseudo ones below zero. */
#define PLAIN_FIRST 32768
#define PLAIN_COUNT (2 * PLAIN_FIRST)

uint32_t filter_native_arch(void)
{
	return seccomp_arch_native();
}

bool filter_knows_name(const char *name)
{
	return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}

static int note_unknown(Build *b, const char *name)
{
	Filter *f = b->filter;

	if (f->n_unknown == b->allocated) {
		size_t want = b->allocated ? b->allocated * 2 : 16;
		const char **p = reallocarray(f->unknown, want, sizeof(*p));

		if (!p)
			return -ENOMEM;
		f->unknown = p;
		b->allocated = want;
	}
	f->unknown[f->n_unknown++] = name;
	return 0;
}

static struct scmp_arg_cmp condition_of(const ProfileArg *arg)
{
	static const enum scmp_compare ops[_PROFILE_OP_MAX] = {
		[PROFILE_OP_NE] = SCMP_CMP_NE,
		[PROFILE_OP_LT] = SCMP_CMP_LT,
		[PROFILE_OP_LE] = SCMP_CMP_LE,
		[PROFILE_OP_EQ] = SCMP_CMP_EQ,
		[PROFILE_OP_GE] = SCMP_CMP_GE,
		[PROFILE_OP_GT] = SCMP_CMP_GT,
		[PROFILE_OP_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
	};

	return (struct scmp_arg_cmp){ .arg = arg->index,
				      .op = ops[arg->op],
				      .datum_a = arg->value,
				      .datum_b = arg->value_two };
}

static bool repeats_an_argument(const ProfileRule *rule)
{
	unsigned seen = 0;

	for (size_t i = 0; i < rule->n_args; i++) {
		if (seen & 1U << rule->args[i].index)
			return true;
		seen |= 1U << rule->args[i].index;
	}
	return false;
}

/* Is it, again, what the call has for any arguments? libseccomp would go through all rules to find
 * that out. */
static bool is_repeated(Build *b, const ProfileRule *rule, int nr, uint32_t action)
{
	uint32_t *first;

	if (rule->n_args > 0 || nr < -PLAIN_FIRST || nr >= PLAIN_FIRST)
		return false;
	first = &b->plain[PLAIN_FIRST + nr];
	if (*first == 0)
		*first = action + 1;
	else
		return *first == action + 1;
	return false;
}

/* Its time grows with the square of what it is given, for conditions with the cube. */
static int refuse_work(Build *b, const ProfileRule *rule)
{
	return diag_set_at(b->diag, -EFBIG, rule->line, rule->column,
			   "up to this rule there are more conditions on arguments than can be "
			   "judged: libseccomp would take minutes to make a filter of them, which "
			   "would hardly fit into the kernel");
}

/* One call of one rule. libseccomp takes an argument only once per rule, and the runtimes then make
 * a rule of each condition: "and" becomes "or", for the other arguments of the rule as well. */
static int add_call(Build *b, const ProfileRule *rule, int nr)
{
	uint32_t action = profile_return_word(rule->action, rule->data);
	struct scmp_arg_cmp conditions[6];
	int r;

	if (is_repeated(b, rule, nr, action))
		return 0;
	b->work += MAX(rule->n_args, 1U) * b->filter->n_arches;
	if (b->work > FILTER_WORK_MAX)
		return -E2BIG;
	if (!repeats_an_argument(rule)) {
		for (size_t i = 0; i < rule->n_args; i++)
			conditions[i] = condition_of(&rule->args[i]);
		return seccomp_rule_add_array(b->ctx, action, nr, (unsigned)rule->n_args,
					      conditions);
	}
	for (size_t i = 0; i < rule->n_args; i++) {
		conditions[0] = condition_of(&rule->args[i]);
		r = seccomp_rule_add_array(b->ctx, action, nr, 1, conditions);
		if (r < 0)
			return r;
	}
	return 0;
}

static int refuse_rule(Build *b, const ProfileRule *rule, const char *name, int r)
{
	if (r == -ENOMEM)
		return r;
	if (r == -E2BIG)
		return refuse_work(b, rule);
	if (r == -EEXIST)
		return diag_set_at(b->diag, -EBADMSG, rule->line, rule->column,
				   "this rule gives %s another action for the same arguments than "
				   "an earlier rule: no container would start",
				   name);
	return diag_set_at(
		b->diag, -EBADMSG, rule->line, rule->column,
		"libseccomp does not take this rule for %s (%s): no container would start", name,
		strerror(-r));
}

static int add_rule(Build *b, const ProfileRule *rule)
{
	const Profile *p = b->profile;
	int nr, r;

	if (rule->gate.closed)
		return 0;
	b->conditions += rule->n_args * b->filter->n_arches;
	if (b->conditions > FILTER_CONDITIONS_MAX)
		return refuse_work(b, rule);
	/* libseccomp refuses rules that equal the default; the runtimes leave them out. */
	if (profile_return_word(rule->action, rule->data) ==
	    profile_return_word(p->default_action, p->default_data))
		return 0;
	for (size_t i = 0; i < rule->n_names; i++) {
		nr = seccomp_syscall_resolve_name(rule->names[i].text);
		r = nr == __NR_SCMP_ERROR ? note_unknown(b, rule->names[i].text)
					  : add_call(b, rule, nr);
		if (r < 0)
			return refuse_rule(b, rule, rule->names[i].text, r);
	}
	return 0;
}

static int add_arch(Build *b, uint32_t word)
{
	int r = seccomp_arch_add(b->ctx, word);

	if (r == -EDOM)
		return diag_set(b->diag, -EBADMSG,
				"the profile mixes architectures of different byte order (%s): no "
				"container would start",
				arch_name(word));
	if (r < 0 && r != -EEXIST)
		return diag_set(b->diag, -EBADMSG, "libseccomp cannot filter the architecture %s",
				arch_name(word));
	b->filter->arches[b->filter->n_arches++] = word;
	return 0;
}

/* The runtimes' seccomp_init() brings the host's own architecture, listed or not. */
static int add_arches(Build *b)
{
	const Profile *p = b->profile;
	int r;

	b->filter->arches = calloc(p->n_arches + 1, sizeof(*b->filter->arches));
	if (!b->filter->arches)
		return -ENOMEM;
	if (seccomp_arch_native() != p->host_arch) {
		r = seccomp_arch_remove(b->ctx, seccomp_arch_native());
		if (r < 0)
			return r;
	}
	r = add_arch(b, p->host_arch);
	for (size_t i = 0; r == 0 && i < p->n_arches; i++)
		if (p->arches[i] != p->host_arch)
			r = add_arch(b, p->arches[i]);
	return r;
}

/* libseccomp writes a program as its machine reads it, which need not be ours. */
static void to_our_order(const Build *b, char *bytes, size_t n)
{
	bool ours = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	struct sock_filter insn;

	if (!!(b->profile->host_arch & __AUDIT_ARCH_LE) == ours)
		return;
	for (size_t i = 0; i + sizeof(insn) <= n; i += sizeof(insn)) {
		memcpy(&insn, bytes + i, sizeof(insn));
		insn.code = __builtin_bswap16(insn.code);
		insn.k = __builtin_bswap32(insn.k);
		memcpy(bytes + i, &insn, sizeof(insn));
	}
}

/* With runc's stub before it, where there is one. */
static int load_program(Build *b, Span filter)
{
	_cleanup_buffer_ Buffer all = BUFFER_NULL;
	struct sock_filter *stub;
	size_t n;

	stub = calloc(STUB_INSNS_PER_ARCH * b->filter->n_arches + 1, sizeof(*stub));
	if (!stub)
		return -ENOMEM;
	n = stub_write(b->profile, b->filter->arches, b->filter->n_arches, stub);
	buffer_add(&all, span_make((const char *)stub, n * sizeof(*stub)));
	free(stub);
	buffer_add(&all, filter);
	if (buffer_error(&all) < 0)
		return -ENOMEM;
	if (all.n > BPF_MAXINSNS * sizeof(struct sock_filter))
		return diag_set(b->diag, -E2BIG,
				"the filter has %zu instructions, and the kernel takes %d: no "
				"container would start",
				all.n / sizeof(struct sock_filter), BPF_MAXINSNS);
	return bpf_load(buffer_span(&all), &b->filter->bpf);
}

/* libseccomp 2.5 writes programs to descriptors only; this one is memory and never leaves here. */
static int export_program(Build *b)
{
	_cleanup_close_ int fd = -1;
	_cleanup_free_ char *bytes = NULL;
	size_t n;
	int r;

	fd = memfd_create("filter", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = seccomp_export_bpf(b->ctx, fd);
	if (r < 0)
		return r;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	r = file_read_fd(fd, (size_t)8 << 20, &bytes, &n);
	if (r < 0)
		return r;
	to_our_order(b, bytes, n);
	return load_program(b, span_make(bytes, n));
}

#define API_LEVEL_MAX 7 /* of libseccomp 2.6; 2.5 has one less */

/* Nothing is loaded here: neither does it matter what this kernel knows, nor whether it may be
 * asked. */
static void take_all_that_libseccomp_has(void)
{
	for (unsigned level = API_LEVEL_MAX; level > 0 && seccomp_api_set(level) < 0;)
		level--;
}

static int build(Build *b)
{
	const Profile *p = b->profile;
	int r;

	take_all_that_libseccomp_has();
	b->plain = calloc(PLAIN_COUNT, sizeof(*b->plain));
	if (!b->plain)
		return -ENOMEM;
	b->ctx = seccomp_init(profile_return_word(p->default_action, p->default_data));
	if (!b->ctx)
		return diag_set(b->diag, -EBADMSG, "libseccomp does not take the default action");
	r = add_arches(b);
	for (size_t i = 0; r == 0 && i < p->n_rules; i++)
		r = add_rule(b, &p->rules[i]);
	return r < 0 ? r : export_program(b);
}

int filter_build(const Profile *p, Filter *ret, Diag *d)
{
	_cleanup_(seccomp_releasep) scmp_filter_ctx ctx = NULL;
	_cleanup_filter_ Filter filter = { 0 };
	Build b = { .profile = p, .filter = &filter, .diag = d };
	int r;

	r = build(&b);
	ctx = b.ctx;
	free(b.plain);
	if (r < 0)
		return r;
	*ret = filter;
	filter = (Filter){ 0 };
	return 0;
}

void filter_done(Filter *f)
{
	bpf_done(&f->bpf);
	for (size_t i = 0; i < f->n_stacked; i++)
		bpf_done(&f->stacked[i]);
	free(f->stacked);
	free(f->unknown);
	free(f->arches);
	*f = (Filter){ 0 };
}

const char *filter_library_version(char *buf, size_t size)
{
	const struct scmp_version *v = seccomp_version();

	snprintf(buf, size, "%u.%u.%u", v ? v->major : 0, v ? v->minor : 0, v ? v->micro : 0);
	return buf;
}
