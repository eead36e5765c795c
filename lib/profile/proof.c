/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/multiplex.h"
#include "profile/points.h"
#include "profile/proof.h"

#define RANGE 1024 /* numbers above each base: twice what the newest kernel has */

typedef struct Compare {
	const Filter *before, *after;
	Proof *proof;
	size_t allocated;
	uint32_t arch; /* the kernel's word */
	uint32_t *numbers;
	size_t n_numbers;
	ProofTake *take; /* NULL: changes are listed in .proof */
	void *userdata;
} Compare;

static bool is_le(uint32_t arch)
{
	return arch & 0x40000000U; /* __AUDIT_ARCH_LE */
}

/* The filter sees words in the byte order of its machine. */
void proof_arguments(uint32_t arch, const struct seccomp_data *data, uint64_t ret[static 6])
{
	for (unsigned i = 0; i < 6; i++) {
		uint32_t words[2];

		memcpy(words, &data->args[i], sizeof(words));
		ret[i] = (uint64_t)words[is_le(arch)] << 32 | words[!is_le(arch)];
	}
}

static bool same_change(const ProofChange *a, const ProofChange *b)
{
	return a->arch == b->arch && a->nr == b->nr && a->before == b->before &&
	       a->after == b->after && strcmp(a->inner, b->inner) == 0;
}

/* Points of one call that change alike are one change, told by its first point. */
static bool is_known_change(const Proof *p, const ProofChange *change)
{
	for (size_t i = p->n_changes; i > 0 && p->changes[i - 1].nr == change->nr; i--)
		if (same_change(&p->changes[i - 1], change))
			return true;
	return false;
}

/* The next of a range of numbers that nobody knows. */
static bool continues_range(Proof *p, const ProofChange *change)
{
	ProofChange *last = p->n_changes > 0 ? &p->changes[p->n_changes - 1] : NULL;

	if (!last || last->nr_last + 1 != change->nr || last->arch != change->arch ||
	    last->before != change->before || last->after != change->after || last->name[0] ||
	    change->name[0] || last->by_arguments || change->by_arguments)
		return false;
	last->nr_last = change->nr;
	return true;
}

static int add_change(Compare *c, const ProofChange *change)
{
	Proof *p = c->proof;

	if (is_known_change(p, change) || continues_range(p, change))
		return 0;
	if (p->n_changes == PROOF_CHANGES_MAX)
		return -E2BIG;
	if (p->n_changes == c->allocated) {
		size_t want = c->allocated ? c->allocated * 2 : 16;
		ProofChange *more = reallocarray(p->changes, want, sizeof(*more));

		if (!more)
			return -ENOMEM;
		p->changes = more;
		c->allocated = want;
	}
	p->changes[p->n_changes++] = *change;
	return 0;
}

static int note_change(Compare *c, const struct seccomp_data *data, uint32_t before, uint32_t after,
		       bool by_arguments)
{
	ProofChange change = {
		.nr = data->nr,
		.nr_last = data->nr,
		.before = before,
		.after = after,
		.by_arguments = by_arguments,
	};
	const char *inner;

	change.arch = arch_of_call(c->arch, change.nr);
	proof_arguments(c->arch, data, change.args);
	if (syscall_name(change.arch, change.nr, change.name) < 0)
		change.name[0] = '\0';
	inner = by_arguments ? multiplex_inner(change.name, change.args[0]) : NULL;
	if (inner)
		snprintf(change.inner, sizeof(change.inner), "%s", inner);
	return c->take ? c->take(&change, c->userdata) : add_change(c, &change);
}

static int compare_point(Compare *c, const struct seccomp_data *data)
{
	uint32_t before = filter_run(c->before, data, NULL);
	uint32_t after = filter_run(c->after, data, NULL);

	c->proof->evaluated++;
	return before == after ? 0 : note_change(c, data, before, after, true);
}

static int collect_points(const Filter *f, const struct seccomp_data *data, PointSet *set)
{
	const Bpf *b;
	int r = 0;

	for (size_t i = 0; r == 0 && (b = filter_program(f, i)); i++)
		r = points_collect(b, data->arch, (uint32_t)data->nr, set);
	return r;
}

/* A call whose answer depends on its arguments. */
static int compare_points(Compare *c, struct seccomp_data *data)
{
	_cleanup_free_ PointSet *set = calloc(1, sizeof(*set));
	uint64_t count;
	bool sampled;
	int r;

	if (!set)
		return -ENOMEM;
	r = collect_points(c->before, data, set);
	if (r == 0)
		r = collect_points(c->after, data, set);
	count = points_count(set, PROOF_POINTS_MAX);
	sampled = count > PROOF_POINTS_MAX;
	c->proof->sampled += sampled || set->incomplete;
	for (uint64_t i = 0; r == 0 && i < MIN(count, (uint64_t)PROOF_POINTS_MAX); i++) {
		if (sampled)
			points_sample(set, i, data);
		else
			points_get(set, i, data);
		r = compare_point(c, data);
	}
	return r;
}

static int compare_number(Compare *c, uint32_t number)
{
	struct seccomp_data data = { .nr = (int)number, .arch = c->arch };
	bool beyond_before, beyond_after;
	uint32_t before, after;

	before = filter_run(c->before, &data, &beyond_before);
	after = filter_run(c->after, &data, &beyond_after);
	c->proof->evaluated++;
	if (beyond_before || beyond_after)
		return compare_points(c, &data);
	return before == after ? 0 : note_change(c, &data, before, after, false);
}

/* Where an architecture's numbers begin, besides 0 (asm/unistd.h). */
static void add_bases(Compare *c)
{
	static const struct {
		uint32_t arch, base;
	} bases[] = {
		{ ARCH_WORD_X86_64, ARCH_X32_BIT },
		{ 0x40000028U, 0x0f0000 }, /* ARM's private calls */
		{ 0x00000008U, 4000 },     /* MIPS o32, n64 and n32, both byte orders */
		{ 0x40000008U, 4000 },
		{ 0x80000008U, 5000 },
		{ 0xc0000008U, 5000 },
		{ 0xa0000008U, 6000 },
		{ 0xe0000008U, 6000 },
	};

	for (size_t i = 0; i < ELEMENTSOF(bases); i++)
		for (uint32_t k = 0; bases[i].arch == c->arch && k < RANGE; k++)
			c->numbers[c->n_numbers++] = bases[i].base + k;
}

/* Between two constants of the program its answer to a number does not change, so these and their
 * neighbours stand for all numbers. */
static void add_program(Compare *c, const Bpf *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (BPF_CLASS(b->insns[i].code) == BPF_JMP && BPF_OP(b->insns[i].code) != BPF_JA)
			for (uint32_t k = 0; k < 3; k++)
				c->numbers[c->n_numbers++] = b->insns[i].k - 1 + k;
}

static void add_constants(Compare *c, const Filter *f)
{
	const Bpf *b;

	for (size_t i = 0; (b = filter_program(f, i)); i++)
		add_program(c, b);
}

static size_t instructions(const Filter *f)
{
	size_t n = 0;
	const Bpf *b;

	for (size_t i = 0; (b = filter_program(f, i)); i++)
		n += b->n;
	return n;
}

static int compare_u32(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int list_numbers(Compare *c)
{
	size_t room = 3 * RANGE + 3 * (instructions(c->before) + instructions(c->after)) + 1, n = 0;

	free(c->numbers);
	c->n_numbers = 0;
	c->numbers = calloc(room, sizeof(*c->numbers));
	if (!c->numbers)
		return -ENOMEM;
	for (uint32_t k = 0; k < RANGE; k++)
		c->numbers[c->n_numbers++] = k;
	c->numbers[c->n_numbers++] = UINT32_MAX;
	add_bases(c);
	add_constants(c, c->before);
	add_constants(c, c->after);
	qsort(c->numbers, c->n_numbers, sizeof(*c->numbers), compare_u32);
	for (size_t i = 1; i < c->n_numbers; i++)
		if (c->numbers[i] != c->numbers[n])
			c->numbers[++n] = c->numbers[i];
	c->n_numbers = n + 1;
	return 0;
}

static int compare_arch(Compare *c, uint32_t arch)
{
	int r;

	c->arch = arch;
	r = list_numbers(c);
	for (size_t i = 0; r == 0 && i < c->n_numbers; i++)
		r = compare_number(c, c->numbers[i]);
	return r;
}

/* The kernel has one word for x86_64 and x32. */
static uint32_t kernel_word(uint32_t arch)
{
	return arch == ARCH_WORD_X32 ? ARCH_WORD_X86_64 : arch;
}

static void add_arch(uint32_t *arches, size_t *n, uint32_t arch)
{
	for (size_t i = 0; i < *n; i++)
		if (arches[i] == kernel_word(arch))
			return;
	arches[(*n)++] = kernel_word(arch);
}

/* All of both filters, and the first of some others that neither knows. */
static int list_arches(const Compare *c, uint32_t **ret, size_t *ret_n)
{
	static const uint32_t others[] = { ARCH_WORD_AARCH64, ARCH_WORD_I386, ARCH_WORD_X86_64,
					   0x40000028U /* ARM */, 0xc00000f3U /* RISC-V 64 */ };
	size_t n = 0, listed;
	uint32_t *arches;

	arches = calloc(c->before->n_arches + c->after->n_arches + ELEMENTSOF(others),
			sizeof(*arches));
	if (!arches)
		return -ENOMEM;
	for (size_t i = 0; i < c->before->n_arches; i++)
		add_arch(arches, &n, c->before->arches[i]);
	for (size_t i = 0; i < c->after->n_arches; i++)
		add_arch(arches, &n, c->after->arches[i]);
	listed = n;
	for (size_t i = 0; n == listed && i < ELEMENTSOF(others); i++)
		add_arch(arches, &n, others[i]);
	*ret = arches;
	*ret_n = n;
	return 0;
}

int proof_each(const Filter *before, const Filter *after, ProofTake *take, void *userdata,
	       Proof *ret)
{
	_cleanup_proof_ Proof proof = { .assumed = true };
	Compare c = { .before = before,
		      .after = after,
		      .proof = &proof,
		      .take = take,
		      .userdata = userdata };
	_cleanup_free_ uint32_t *arches = NULL;
	size_t n = 0;
	int r;

	filter_library_version(proof.library, sizeof(proof.library));
	r = list_arches(&c, &arches, &n);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = compare_arch(&c, arches[i]);
	free(c.numbers);
	if (r < 0)
		return r;
	*ret = proof;
	proof = (Proof){ 0 };
	return 0;
}

int proof_compare(const Filter *before, const Filter *after, Proof *ret)
{
	return proof_each(before, after, NULL, NULL, ret);
}

void proof_done(Proof *p)
{
	free(p->changes);
	*p = (Proof){ 0 };
}

ProofKind proof_kind(const ProofChange *c)
{
	if (c->after == SECCOMP_RET_ALLOW)
		return PROOF_ALLOWED;
	if (c->after == SECCOMP_RET_LOG)
		return PROOF_LOGGED;
	if (c->before == SECCOMP_RET_ALLOW || c->before == SECCOMP_RET_LOG)
		return PROOF_DENIED;
	return PROOF_CHANGED;
}

const char *proof_kind_name(ProofKind k)
{
	static const char *const names[_PROOF_KIND_MAX] = {
		[PROOF_ALLOWED] = "allowed",
		[PROOF_LOGGED] = "logged",
		[PROOF_DENIED] = "denied",
		[PROOF_CHANGED] = "changed",
	};

	return (unsigned)k < _PROOF_KIND_MAX ? names[k] : "?";
}
