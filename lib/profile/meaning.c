/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules as libseccomp takes them (filter.c): those that equal the default and unknown names are
 * left out, and the first unconditional rule of a name makes its other rules void. */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/filter.h"
#include "profile/meaning.h"
#include "profile/proof.h"
#include "profile/stub.h"
#include "util/buffer.h"

/* One name of one rule. */
typedef struct Entry {
	const char *name;
	const ProfileRule *rule;
	size_t order;
} Entry;

typedef struct Entries {
	Entry *rows;
	size_t n;
} Entries;

static void entries_done(Entries *e)
{
	free(e->rows);
}

static uint32_t word_of(const ProfileRule *r)
{
	return profile_return_word(r->action, r->data);
}

static uint32_t default_word(const Profile *p)
{
	return profile_return_word(p->default_action, p->default_data);
}

/* ---- the effective rules ---- */

static bool counts(const Profile *p, const ProfileRule *r)
{
	return !r->gate.closed && word_of(r) != default_word(p);
}

static int by_name(const void *a, const void *b)
{
	const Entry *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ?: (x->order > y->order) - (x->order < y->order);
}

static int list_entries(const Profile *p, Entries *ret)
{
	Entries e = { 0 };
	size_t room = 1;

	for (size_t i = 0; i < p->n_rules; i++)
		room += p->rules[i].n_names;
	e.rows = calloc(room, sizeof(*e.rows));
	if (!e.rows)
		return -ENOMEM;
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t k = 0; counts(p, &p->rules[i]) && k < p->rules[i].n_names; k++)
			if (filter_knows_name(p->rules[i].names[k].text)) {
				e.rows[e.n] =
					(Entry){ p->rules[i].names[k].text, &p->rules[i], e.n };
				e.n++;
			}
	qsort(e.rows, e.n, sizeof(*e.rows), by_name);
	*ret = e;
	return 0;
}

/* How many entries from @i on have its name. */
static size_t group_size(const Entries *e, size_t i)
{
	size_t n = 1;

	while (i + n < e->n && strcmp(e->rows[i].name, e->rows[i + n].name) == 0)
		n++;
	return n;
}

static const ProfileRule *unconditional(const Entry *group, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (group[i].rule->n_args == 0)
			return group[i].rule;
	return NULL;
}

/* ---- as one text ---- */

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int by_value(const void *a, const void *b)
{
	const ProfileArg *x = a, *y = b;
	int r = ORDER(x->index, y->index);

	r = r ?: ORDER(x->op, y->op);
	r = r ?: ORDER(x->value, y->value);
	return r ?: ORDER(x->value_two, y->value_two);
}

static int by_conditions(const void *a, const void *b)
{
	const ProfileRule *x = ((const Entry *)a)->rule, *y = ((const Entry *)b)->rule;
	int r = ORDER(x->n_args, y->n_args);

	for (size_t i = 0; r == 0 && i < x->n_args; i++)
		r = by_value(&x->args[i], &y->args[i]);
	return r;
}

static void write_conditions(Buffer *b, const ProfileRule *rule)
{
	ProfileArg args[PROFILE_ARGS_MAX];
	size_t n = MIN(rule->n_args, ELEMENTSOF(args));

	if (n > 0)
		memcpy(args, rule->args, n * sizeof(*args));
	/* cppcheck-suppress uninitvar ; the first n are set */
	qsort(args, n, sizeof(*args), by_value);
	for (size_t i = 0; i < n; i++)
		buffer_printf(b, " %u %s %llx %llx", args[i].index, profile_op_name(args[i].op),
			      (unsigned long long)args[i].value,
			      (unsigned long long)args[i].value_two);
}

static bool same_action(const Entry *group, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (word_of(group[i].rule) != word_of(group[0].rule))
			return false;
	return true;
}

/* Which of several actions answers where conditions overlap may follow the order of the file. */
static void write_group(Buffer *b, Entry *group, size_t n)
{
	const ProfileRule *plain = unconditional(group, n);
	bool any_order = same_action(group, n);

	buffer_add_str(b, group[0].name);
	if (plain) {
		buffer_printf(b, " %x\n", word_of(plain));
		return;
	}
	if (any_order)
		qsort(group, n, sizeof(*group), by_conditions);
	for (size_t i = 0; i < n; i++) {
		if (any_order && i > 0 && by_conditions(&group[i - 1], &group[i]) == 0)
			continue;
		buffer_printf(b, " %x", word_of(group[i].rule));
		write_conditions(b, group[i].rule);
		buffer_add_char(b, ';');
	}
	buffer_add_char(b, '\n');
}

typedef struct Arch {
	uint32_t word;
	int64_t limit; /* runc's stub, which depends on names without a rule in the filter, too */
} Arch;

typedef struct Arches {
	Arch *rows;
	size_t n;
} Arches;

static void arches_done(Arches *a)
{
	free(a->rows);
}

static int by_word(const void *a, const void *b)
{
	return ORDER(((const Arch *)a)->word, ((const Arch *)b)->word);
}

static int list_arches(const Profile *p, Arches *ret)
{
	Arches all = { .rows = calloc(p->n_arches + 1, sizeof(*all.rows)) };

	if (!all.rows)
		return -ENOMEM;
	all.rows[all.n++].word = p->host_arch;
	for (size_t i = 0; i < p->n_arches; i++)
		if (p->arches[i] != p->host_arch)
			all.rows[all.n++].word = p->arches[i];
	qsort(all.rows, all.n, sizeof(*all.rows), by_word);
	for (size_t i = 0; i < all.n; i++)
		all.rows[i].limit = stub_limit(p, all.rows[i].word);
	*ret = all;
	return 0;
}

static int digest(const Profile *p, const Arches *arches, const Entries *e,
		  char ret[static DIGEST_SIZE])
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	buffer_printf(&b, "%x %d %x\n", default_word(p), p->flag_log, p->host_arch);
	for (size_t i = 0; i < arches->n; i++)
		buffer_printf(&b, "%x %lld\n", arches->rows[i].word,
			      (long long)arches->rows[i].limit);
	for (size_t i = 0, n; i < e->n; i += n) {
		n = group_size(e, i);
		write_group(&b, &e->rows[i], n);
	}
	r = buffer_error(&b);
	return r < 0 ? r : digest_sha256(buffer_span(&b), ret);
}

/* ---- as answers ---- */

/* The numbers of x32 carry a bit; those of MIPS begin at thousands, and are left to the proof. */
static int64_t first_number(uint32_t arch)
{
	return arch == ARCH_WORD_X32 ? ARCH_X32_BIT : 0;
}

static void set_answer(MeaningArch *m, bool *known, const char *name, uint32_t word)
{
	int64_t nr;

	if (syscall_number(m->arch, name, &nr) < 0)
		return;
	nr -= first_number(m->arch);
	if (nr < 0 || nr >= MEANING_NUMBERS)
		return;
	/* Two names for one number: libseccomp decides. */
	m->answers[nr] = known[nr] ? MEANING_BY_ARGUMENTS : word;
	known[nr] = true;
}

static void fill_answers(const Profile *p, const Arch *arch, const Entries *e, MeaningArch *m)
{
	static const char *const multiplexers[] = { "socketcall", "ipc" };
	bool known[MEANING_NUMBERS] = { 0 };

	m->arch = arch->word;
	for (int64_t i = 0; i < MEANING_NUMBERS; i++)
		m->answers[i] = arch->limit >= 0 && i + first_number(m->arch) > arch->limit
					? SECCOMP_RET_ERRNO | ENOSYS
					: default_word(p);
	for (size_t i = 0, n; i < e->n; i += n) {
		const ProfileRule *plain;

		n = group_size(e, i);
		plain = unconditional(&e->rows[i], n);
		set_answer(m, known, e->rows[i].name,
			   plain ? word_of(plain) : MEANING_BY_ARGUMENTS);
	}
	/* A rule for bind is one for a part of socketcall. */
	for (size_t i = 0; i < ELEMENTSOF(multiplexers); i++)
		set_answer(m, known, multiplexers[i], MEANING_BY_ARGUMENTS);
}

/* ---- the whole ---- */

int meaning_of(const Profile *p, Meaning *ret)
{
	_cleanup_(entries_done) Entries e = { 0 };
	_cleanup_(arches_done) Arches arches = { 0 };
	int r;

	r = list_entries(p, &e);
	if (r == 0)
		r = list_arches(p, &arches);
	if (r < 0)
		return r;
	*ret = (Meaning){ .logs = p->flag_log, .n_arches = MIN(arches.n, (size_t)MEANING_ARCHES) };
	for (size_t i = 0; i < ret->n_arches; i++)
		fill_answers(p, &arches.rows[i], &e, &ret->arches[i]);
	return digest(p, &arches, &e, ret->digest);
}

static bool contradict(const MeaningArch *a, const MeaningArch *b)
{
	if (a->arch != b->arch)
		return false;
	for (size_t i = 0; i < MEANING_NUMBERS; i++)
		if (a->answers[i] != b->answers[i] && a->answers[i] != MEANING_BY_ARGUMENTS &&
		    b->answers[i] != MEANING_BY_ARGUMENTS)
			return true;
	return false;
}

MeaningVerdict meaning_compare(const Meaning *a, const Meaning *b)
{
	if (strcmp(a->digest, b->digest) == 0)
		return MEANING_SAME;
	if (a->logs != b->logs)
		return MEANING_OTHER;
	for (size_t i = 0; i < a->n_arches; i++)
		for (size_t k = 0; k < b->n_arches; k++)
			if (contradict(&a->arches[i], &b->arches[k]))
				return MEANING_OTHER;
	return MEANING_UNSURE;
}

int meaning_proved(const Profile *a, const Profile *b)
{
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter g = { 0 };
	_cleanup_proof_ Proof proof = { 0 };
	Diag ignored = { 0 };
	int r;

	if (a->flag_log != b->flag_log)
		return 0;
	r = filter_build(a, &f, &ignored);
	if (r == 0)
		r = filter_build(b, &g, &ignored);
	if (r == 0)
		r = proof_compare(&f, &g, &proof);
	if (r == -ENOMEM)
		return r;
	return r == 0 && proof.n_changes == 0;
}
