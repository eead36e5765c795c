/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/points.h"
#include "profile/stub.h"
#include "suggest/verify.h"

#define ENOSYS_WORD (SECCOMP_RET_ERRNO | ENOSYS)

bool verify_is_said(const Profile *p, const char *name, uint32_t answer)
{
	if (answer == profile_return_word(p->default_action, p->default_data))
		return true;
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t k = 0; k < p->rules[i].n_names; k++)
			if (!p->rules[i].gate.closed &&
			    strcmp(p->rules[i].names[k].text, name) == 0 &&
			    profile_return_word(p->rules[i].action, p->rules[i].data) == answer)
				return true;
	return false;
}

bool verify_is_stub_move(const ProofChange *c, const Profile *before, const Profile *after)
{
	int64_t from = stub_limit(before, c->arch), to = stub_limit(after, c->arch);
	const char *name = c->inner[0] ? c->inner : c->name;

	return !c->by_arguments && c->before == ENOSYS_WORD && from >= 0 && c->nr > from &&
	       c->nr_last <= to && verify_is_said(before, name, c->after);
}

bool verify_is_stub_answer(const ProofChange *c, const Profile *after)
{
	int64_t limit = stub_limit(after, c->arch);

	/* -1 is a large number to it */
	return !c->by_arguments && c->after == ENOSYS_WORD && limit >= 0 && (uint32_t)c->nr > limit;
}

bool verify_is_stub_rest(const ProofChange *c, const Profile *before, const Profile *after)
{
	ProofChange whole = *c;

	whole.by_arguments = false;
	return c->by_arguments && verify_is_stub_move(&whole, before, after);
}

/* What libseccomp does along with a name inside socketcall and ipc is the same call by another way.
 */
static bool is_meant(const ProofChange *change, const Plan *plan)
{
	const char *name = change->inner[0] ? change->inner : change->name;
	const PlanErrno *decided = plan_errno(plan, name);

	if (decided && change->after == profile_return_word(ACTION_ERRNO, decided->data))
		return change->inner[0] || !change->by_arguments;
	if (change->after == ENOSYS_WORD)
		return !change->by_arguments &&
		       (plan_names_have(&plan->enosys, name) || plan_keeps(plan, name));
	if (change->after != SECCOMP_RET_ALLOW)
		return false;
	if (plan_rule(plan, name))
		return true; /* for which arguments: see verify_effect() */
	return (change->inner[0] || !change->by_arguments) && plan_names_have(&plan->allow, name);
}

int verify_changes(const Proof *proof, const Plan *plan, const Profile *before,
		   const Profile *after, Diag *d)
{
	for (size_t i = 0; i < proof->n_changes; i++) {
		const ProofChange *change = &proof->changes[i];

		if (!is_meant(change, plan) && !verify_is_stub_move(change, before, after) &&
		    !verify_is_stub_rest(change, before, after))
			return diag_set(
				d, -ENOTRECOVERABLE,
				"the patch would also change %s (%s, number %lld) from 0x%x to "
				"0x%x, which was not meant: no patch is made",
				change->name[0] ? change->name : "an unknown call",
				arch_name(change->arch), (long long)change->nr, change->before,
				change->after);
	}
	return 0;
}

static struct seccomp_data data_of(uint32_t arch, int64_t nr)
{
	return (struct seccomp_data){ .nr = (int)nr,
				      .arch = arch == ARCH_WORD_X32 ? ARCH_WORD_X86_64 : arch };
}

bool verify_allows(const Filter *f, uint32_t arch, int64_t nr)
{
	struct seccomp_data data = data_of(arch, nr);
	bool beyond;

	return bpf_run(&f->bpf, &data, &beyond) == SECCOMP_RET_ALLOW && !beyond;
}

bool verify_answers(const Filter *f, const char *name, uint32_t answer)
{
	bool beyond;
	int64_t nr;

	for (size_t k = 0; k < f->n_arches; k++) {
		struct seccomp_data data;

		if (syscall_number(f->arches[k], name, &nr) < 0 || nr < 0)
			continue;
		data = data_of(f->arches[k], nr);
		if (bpf_run(&f->bpf, &data, &beyond) != answer || beyond)
			return false;
	}
	return true;
}

uint32_t verify_answer(const Filter *f, uint32_t arch, int64_t nr)
{
	struct seccomp_data data = data_of(arch, nr);

	return bpf_run(&f->bpf, &data, NULL);
}

typedef struct RuleCheck {
	const Filter *before, *after;
	const SafeRule *rule;
	uint32_t arch;
	struct seccomp_data data;
	uint32_t rest; /* instead of the stub's answer, which a named call does not get */
} RuleCheck;

/* Allowed where the rule holds, else as before. */
static bool is_right(const RuleCheck *c)
{
	uint32_t was = bpf_run(&c->before->bpf, &c->data, NULL);
	uint32_t is = bpf_run(&c->after->bpf, &c->data, NULL);
	uint64_t args[6];

	proof_arguments(c->data.arch, &c->data, args);
	if (safe_rule_holds(c->rule, c->arch, args))
		return is == SECCOMP_RET_ALLOW;
	return is == (was == ENOSYS_WORD ? c->rest : was);
}

/* At every boundary of both filters. */
static int check_filters(RuleCheck *c)
{
	_cleanup_free_ PointSet *set = calloc(1, sizeof(*set));
	uint64_t count;
	int r;

	if (!set)
		return -ENOMEM;
	r = points_collect(&c->before->bpf, c->data.arch, (uint32_t)c->data.nr, set);
	if (r == 0)
		r = points_collect(&c->after->bpf, c->data.arch, (uint32_t)c->data.nr, set);
	count = points_count(set, PROOF_POINTS_MAX);
	for (uint64_t i = 0; r == 0 && i < MIN(count, (uint64_t)PROOF_POINTS_MAX); i++) {
		if (count > PROOF_POINTS_MAX)
			points_sample(set, i, &c->data);
		else
			points_get(set, i, &c->data);
		r = is_right(c) ? 0 : -ENOTRECOVERABLE;
	}
	return r;
}

static void set_argument(RuleCheck *c, unsigned index, uint64_t value)
{
	uint64_t args[6];

	/* proof_arguments() swaps words where it must, and twice is as before */
	c->data.args[index] = value;
	proof_arguments(c->data.arch, &c->data, args);
	c->data.args[index] = args[index];
}

/* At the rule's own boundaries, which a filter without any comparison would not tell. */
static int check_rule(RuleCheck *c)
{
	for (unsigned i = 0; i < c->rule->n; i++) {
		const ProfileArg *a = &c->rule->alternatives[i];

		for (unsigned k = 0; k < 64 + 3; k++) {
			memset(c->data.args, 0, sizeof(c->data.args));
			set_argument(c, a->index, k < 64 ? 1ULL << k : a->value + k - 65);
			if (!is_right(c))
				return -ENOTRECOVERABLE;
		}
	}
	return 0;
}

static int verify_rule(const VerifySide *before, const VerifySide *after, const SafeRule *rule,
		       uint32_t arch, int64_t nr, Diag *d)
{
	int64_t limit = stub_limit(before->profile, arch);
	const Profile *p = after->profile;
	RuleCheck c = { .before = before->filter,
			.after = after->filter,
			.rule = rule,
			.arch = arch,
			.data = data_of(arch, nr),
			.rest = limit >= 0 && nr > limit
					? profile_return_word(p->default_action, p->default_data)
					: ENOSYS_WORD };
	int r;

	r = check_filters(&c);
	if (r == 0)
		r = check_rule(&c);
	if (r == -ENOTRECOVERABLE)
		return diag_set(d, r, "the patch would not allow %s on %s %s: no patch is made",
				rule->name, arch_name(arch), rule->text);
	return r;
}

static int verify_name(const Filter *after, const char *name, Diag *d)
{
	int64_t nr;

	for (size_t k = 0; k < after->n_arches; k++)
		if (syscall_number(after->arches[k], name, &nr) == 0 && nr >= 0 &&
		    !verify_allows(after, after->arches[k], nr))
			return diag_set(d, -ENOTRECOVERABLE,
					"the patch would not allow %s on %s: no patch is made",
					name, arch_name(after->arches[k]));
	return 0;
}

static int verify_errno(const Filter *after, const char *name, uint32_t data, Diag *d)
{
	if (verify_answers(after, name, profile_return_word(ACTION_ERRNO, data)))
		return 0;
	return diag_set(d, -ENOTRECOVERABLE,
			"the patch would not answer %s with %s on every architecture: no patch is "
			"made",
			name, strerrorname_np((int)data) ?: "its errno");
}

int verify_effect(const VerifySide *before, const VerifySide *after, const Plan *plan, Diag *d)
{
	const Filter *f = after->filter;
	int64_t nr;
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->allow.n; i++)
		r = verify_name(f, plan->allow.names[i], d);
	for (size_t i = 0; i < plan->n_rules; i++)
		for (size_t k = 0; r == 0 && k < f->n_arches; k++)
			if (syscall_number(f->arches[k], plan->rules[i].name, &nr) == 0 && nr >= 0)
				r = verify_rule(before, after, &plan->rules[i], f->arches[k], nr,
						d);
	for (size_t i = 0; r == 0 && i < plan->enosys.n; i++)
		r = verify_errno(f, plan->enosys.names[i], ENOSYS, d);
	for (size_t i = 0; r == 0 && i < plan->answered.n; i++)
		r = verify_errno(f, plan->answered.names[i], ENOSYS, d);
	for (size_t i = 0; r == 0 && i < plan->n_errnos; i++)
		r = verify_errno(f, plan->errnos[i].name, plan->errnos[i].data, d);
	return r;
}
