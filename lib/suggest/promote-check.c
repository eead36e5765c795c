/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The preflight: what would stop working, and what should be known first. */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/stub.h"
#include "suggest/promote-private.h"

/* ---- no call that was seen loses its answer ---- */

static int severity_of(Action a)
{
	switch (a) {
	case ACTION_ALLOW:
	case ACTION_LOG:
		return 0;
	case ACTION_KILL_THREAD:
		return 2;
	case ACTION_KILL_PROCESS:
	case ACTION_OTHER:
		return 3;
	default:
		return 1;
	}
}

/* Made by a filter that a program loaded itself, or skipped by a tracer: no matter of this file. */
static bool is_ours(const Observed *o)
{
	return o->nr >= 0 && o->own_filter < o->count;
}

static uint32_t default_of(const Profile *p)
{
	return profile_return_word(p->default_action, p->default_data);
}

/*
 * Arguments are not recorded. What this filter has recorded fell to its default, and falls to the
 * next one as well; of what another filter recorded nothing is known.
 */
static uint32_t answer_of(const Draft *side, const Filter *f, const Observed *o, bool *doubtful)
{
	struct seccomp_data data = { .nr = (int)o->nr,
				     .arch = o->arch == ARCH_WORD_X32 ? ARCH_WORD_X86_64
								      : o->arch };
	bool beyond;
	uint32_t answer = bpf_run(&f->bpf, &data, &beyond);

	*doubtful |= beyond && !o->under_applied;
	return beyond ? default_of(side->profile) : answer;
}

/* A person decided that it is not to work: no surprise, unless it is the end of the process. */
static bool is_accepted(const Promoting *w, const Observed *o, uint32_t answer)
{
	return severity_of(action_of_code(answer)) == 1 && promote_may_refuse(w, o);
}

typedef enum Fate {
	FATE_KEPT,
	FATE_REFUSED, /* more harshly than it was answered, but so does the file as it is */
	FATE_LOST,
} Fate;

static Fate fate_of(const Promoting *w, const Observed *o, PromoteLoss *ret)
{
	bool doubtful = false;
	uint32_t before = answer_of(&w->before, &w->filter_before, o, &doubtful);
	uint32_t after = answer_of(&w->after, &w->filter_after, o, &doubtful);
	int severity = severity_of(action_of_code(after));

	*ret = (PromoteLoss){ .arch = o->arch,
			      .nr = o->nr,
			      .name = o->name,
			      .answer = after,
			      .count = o->count,
			      .doubtful = doubtful };
	if (severity <= severity_of(o->action))
		return FATE_KEPT;
	return severity > severity_of(action_of_code(before)) ? FATE_LOST : FATE_REFUSED;
}

static int add_loss(Promotion *p, const PromoteLoss *loss)
{
	PromoteLoss *more;

	for (size_t i = 0; i < p->n_losses; i++)
		if (p->losses[i].arch == loss->arch && p->losses[i].nr == loss->nr) {
			p->losses[i].count += loss->count;
			p->losses[i].doubtful &= loss->doubtful;
			return 0;
		}
	more = reallocarray(p->losses, p->n_losses + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->losses = more;
	more[p->n_losses++] = *loss;
	return 0;
}

static int compare_losses(const void *a, const void *b)
{
	const PromoteLoss *x = a, *y = b;

	if (x->arch != y->arch)
		return x->arch < y->arch ? -1 : 1;
	return (x->nr > y->nr) - (x->nr < y->nr);
}

/* Rows of one call may be several. */
static bool is_counted(const Promoting *w, size_t row)
{
	const Observed *all = w->in->observed;

	for (size_t i = 0; i < row; i++)
		if (all[i].arch == all[row].arch && all[i].nr == all[row].nr)
			return true;
	return false;
}

static int say_accepted(Promoting *w, size_t n)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (n == 0)
		return 0;
	buffer_printf(&b, "%zu of the calls that were seen will be refused, as was decided", n);
	return promote_say(w->p, PROMOTE_NOTE, "decided", &b);
}

/* The owner's rule, not this step; but whoever looks at the figures alone sees calls that worked.
 */
static int say_refused(Promoting *w, const PromoteNames *refused)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (refused->n == 0)
		return 0;
	buffer_printf(&b, "%zu of the calls that were seen %s refused by the profile as it is: ",
		      refused->n, refused->n == 1 ? "is" : "are");
	promote_list_names(refused->names, refused->n, &b);
	return promote_say(w->p, PROMOTE_NOTE, "observed", &b);
}

/* ENOSYS makes programs fall back. */
static bool is_fallback(uint32_t answer)
{
	return answer == (SECCOMP_RET_ERRNO | ENOSYS);
}

static int judge_observed(Promoting *w, size_t row, size_t *accepted, PromoteNames *refused)
{
	const Observed *o = &w->in->observed[row];
	PromoteLoss loss;
	Fate fate = is_ours(o) ? fate_of(w, o, &loss) : FATE_KEPT;

	if (fate == FATE_KEPT)
		return 0;
	if (is_accepted(w, o, loss.answer)) {
		*accepted += fate == FATE_LOST && !is_counted(w, row);
		return 0;
	}
	if (fate == FATE_LOST)
		return add_loss(w->p, &loss);
	if (!o->name || is_fallback(loss.answer) || promote_names_have(refused, o->name))
		return 0;
	return promote_add_name(refused, o->name);
}

static int judge_all(Promoting *w)
{
	PromoteNames refused = { 0 };
	size_t accepted = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->in->n_observed; i++)
		r = judge_observed(w, i, &accepted, &refused);
	if (r == 0)
		r = say_accepted(w, accepted);
	if (r == 0)
		r = say_refused(w, &refused);
	free(refused.names);
	return r;
}

static int check_observed(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	Promotion *p = w->p;
	size_t certain = 0;
	int r = judge_all(w);

	if (r < 0 || p->n_losses == 0)
		return r;
	qsort(p->losses, p->n_losses, sizeof(*p->losses), compare_losses);
	for (size_t i = 0; i < p->n_losses; i++)
		certain += !p->losses[i].doubtful;
	if (certain > 0)
		buffer_printf(&b, "%zu of the calls that were seen would %s", certain,
			      w->in->to == STAGE_KILL ? "end the process" : "be refused");
	else
		buffer_printf(&b,
			      "%zu of the calls that were seen may be refused, by their arguments, "
			      "which records do not have",
			      p->n_losses);
	return promote_say(p, certain > 0 ? PROMOTE_OBSTACLE : PROMOTE_NOTE, "observed", &b);
}

/* ---- the way there ---- */

static int check_order(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const Promotion *p = w->p;

	if (w->in->to == STAGE_LOG || p->from == STAGE_ERRNO || p->from >= w->in->to ||
	    (p->from == STAGE_LOG && w->in->to == STAGE_ERRNO))
		return 0;
	if (p->from == STAGE_LOG)
		buffer_add_str(&b,
			       "stage errno was left out, where a call that was forgotten costs "
			       "an error and not the process");
	else
		buffer_printf(&b,
			      "under the default action %s nothing was recorded that says what is "
			      "needed: stage log comes first",
			      action_name(w->before.profile->default_action));
	return promote_say(w->p, PROMOTE_OBSTACLE, "order", &b);
}

/* ---- names, architectures, numbers ---- */

static int check_names(Promoting *w)
{
	const Filter *f = &w->filter_after;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (f->n_unknown == 0)
		return 0;
	buffer_printf(&b,
		      "libseccomp %s has no such %s, so rules for %s are left out: ", w->p->library,
		      f->n_unknown == 1 ? "call" : "calls", f->n_unknown == 1 ? "it" : "them");
	promote_list_names(f->unknown, f->n_unknown, &b);
	return promote_say(w->p, PROMOTE_NOTE, "names", &b);
}

static int check_library(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (!w->p->assumed)
		return 0;
	if (w->in->library)
		buffer_printf(&b,
			      "names were resolved with libseccomp %s, and the runtime has %s: it "
			      "may leave out rules for newer calls",
			      w->p->library, w->in->library);
	else
		buffer_printf(&b,
			      "names were resolved with libseccomp %s; the runtime's own is not "
			      "known, and an older one leaves out rules for newer calls",
			      w->p->library);
	return promote_say(w->p, PROMOTE_NOTE, "library", &b);
}

/* A host runs programs of these as well; a filter that does not list them kills them, whatever its
 * default says. */
static const struct {
	uint32_t host, sub;
} sub_arches[] = {
	{ ARCH_WORD_X86_64, ARCH_WORD_I386 },
	{ ARCH_WORD_X86_64, ARCH_WORD_X32 },
	{ ARCH_WORD_AARCH64, 0x40000028U /* ARM */ },
	{ 0x80000016U /* s390x */, 0x00000016U },
};

static int check_arches(Promoting *w)
{
	const char *missing[ELEMENTSOF(sub_arches)];
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	size_t n = 0;

	for (size_t i = 0; i < ELEMENTSOF(sub_arches); i++)
		if (sub_arches[i].host == w->in->context.host_arch &&
		    !profile_has_arch(w->after.profile, sub_arches[i].sub))
			missing[n++] = arch_scmp_name(sub_arches[i].sub);
	if (n == 0)
		return 0;
	promote_list_names(missing, n, &b);
	buffer_printf(&b, " %s not listed: programs of %s are killed%s", n == 1 ? "is" : "are",
		      n == 1 ? "it" : "them",
		      w->in->to == STAGE_LOG ? " even at stage log" : " at every stage");
	return promote_say(w->p, PROMOTE_NOTE, "architectures", &b);
}

/* Also when the kernel would know the call: from here on nobody sees that it was tried. */
static int check_stub(Promoting *w)
{
	uint32_t arch = w->in->context.host_arch;
	int64_t was = stub_limit(w->before.profile, arch);
	int64_t is = stub_limit(w->after.profile, arch);
	char name[SYSCALL_NAME_MAX];
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (is < 0 || is == was)
		return 0;
	if (syscall_name(arch, is, name) < 0)
		snprintf(name, sizeof(name), "number %lld", (long long)is);
	buffer_printf(&b,
		      "runc answers ENOSYS to calls newer than %s, the newest that the profile "
		      "names, and that leaves no record",
		      name);
	return promote_say(w->p, PROMOTE_NOTE, "stub", &b);
}

/* What stage log opens. */
static int check_opened(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (w->in->to != STAGE_LOG || stage_rank(w->p->from) <= stage_rank(STAGE_LOG))
		return 0;
	buffer_add_str(&b, "at stage log every call that no rule refuses works, those of high risk "
			   "too: stay there no longer than the evidence takes");
	return promote_say(w->p, PROMOTE_NOTE, "opened", &b);
}

static int list_logged(const Profile *p, PromoteNames *ret)
{
	int r = 0;

	for (size_t i = 0; i < p->n_rules; i++) {
		const ProfileRule *rule = &p->rules[i];

		if (rule->gate.closed || rule->action != ACTION_LOG)
			continue;
		for (size_t k = 0; r == 0 && k < rule->n_names; k++)
			r = promote_add_name(ret, rule->names[k].text);
	}
	return r;
}

/* Whether somebody wants to watch them, or only wrote them down while the default was the same, the
 * profile does not say: so they are kept, and named. */
static int check_logged_rules(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	PromoteNames logged = { 0 };
	int r = 0;

	if (w->in->to != STAGE_LOG)
		r = list_logged(w->after.profile, &logged);
	if (r == 0 && logged.n > 0) {
		buffer_printf(&b, "%zu calls have a rule with SCMP_ACT_LOG (", logged.n);
		promote_list_names(logged.names, logged.n, &b);
		buffer_add_str(&b, "): they go on working, and being recorded, at every stage; "
				   "make that SCMP_ACT_ALLOW where nobody reads these records, or "
				   "take them out to have them refused");
		r = promote_say(w->p, PROMOTE_NOTE, "logged", &b);
	}
	free(logged.names);
	return r;
}

int promote_check(Promoting *w)
{
	int (*const checks[])(Promoting * w) = {
		check_order,  check_observed, check_names,        check_library,
		check_arches, check_stub,     check_logged_rules, check_opened,
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ELEMENTSOF(checks); i++)
		r = checks[i](w);
	return r;
}
