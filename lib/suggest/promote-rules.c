/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules and flags that go along with another default action. */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/stub.h"
#include "suggest/promote-private.h"

#define NAMES_SHOWN 12
#define ROUNDS 8 /* a rule may move runc's stub, and the stub then other calls */

void promote_list_names(const char *const *names, size_t n, Buffer *out)
{
	size_t shown = n <= NAMES_SHOWN + 1 ? n : NAMES_SHOWN;

	for (size_t i = 0; i < shown; i++)
		buffer_printf(out, "%s%s", i == 0 ? "" : ", ", names[i]);
	if (n > shown)
		buffer_printf(out, " and %zu more", n - shown);
}

bool promote_names_have(const PromoteNames *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->names[i], name) == 0)
			return true;
	return false;
}

int promote_add_name(PromoteNames *list, const char *name)
{
	if (list->n == list->allocated) {
		size_t want = list->allocated ? 2 * list->allocated : 32;
		const char **more = reallocarray(list->names, want, sizeof(*more));

		if (!more)
			return -ENOMEM;
		list->names = more;
		list->allocated = want;
	}
	list->names[list->n++] = name;
	return 0;
}

/* A rule without arguments would take the place of one with them, now or where its conditions hold.
 */
static bool has_arguments(const Profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t k = 0; p->rules[i].n_args > 0 && k < p->rules[i].n_names; k++)
			if (strcmp(p->rules[i].names[k].text, name) == 0)
				return true;
	return false;
}

typedef bool Wanted(const Promoting *w, uint32_t answer_before, uint32_t answer_after);

/* Does the filter answer this name as @wanted says, on some architecture, whatever the arguments?
 */
static bool is_answered(const Promoting *w, const char *name, Wanted *wanted)
{
	bool has_stub = stub_limit(w->after.profile, w->in->context.host_arch) >= 0;
	const Filter *f = &w->filter_after;
	bool beyond, beyond_before;
	int64_t nr;

	for (size_t i = 0; i < f->n_arches; i++) {
		uint32_t arch = f->arches[i], now, before;
		struct seccomp_data data = { .arch = arch == ARCH_WORD_X32 ? ARCH_WORD_X86_64
									   : arch };

		if (has_stub && arch != w->in->context.host_arch)
			continue;
		if (syscall_number(arch, name, &nr) < 0 || nr < 0)
			continue;
		data.nr = (int)nr;
		before = bpf_run(&w->filter_before.bpf, &data, &beyond_before);
		now = bpf_run(&f->bpf, &data, &beyond);
		if (!beyond && !beyond_before && wanted(w, before, now))
			return true;
	}
	return false;
}

static uint32_t default_word(const Profile *p)
{
	return profile_return_word(p->default_action, p->default_data);
}

int promote_add_rule(Promoting *w, const PromoteNames *list, size_t from, Action action, int data)
{
	PatchRule rule = { list->names + from, list->n - from, action, data, NULL, 0 };
	int r;

	if (rule.n_names == 0)
		return 0;
	r = draft_add_rule(&w->after, &rule);
	return r < 0 ? r : promote_rebuild(w);
}

/* ---- calls that programs only try ---- */

/* libc, language runtimes and tools fall back from these when the answer is ENOSYS, and only then:
 * another errno is taken for the failure of the call itself. */
static const char *const probing_calls[] = {
	"clone3",          "close_range",       "copy_file_range", "epoll_pwait2",
	"faccessat2",      "fchmodat2",         "futex_waitv",     "getrandom",
	"io_uring_enter",  "io_uring_register", "io_uring_setup",  "landlock_create_ruleset",
	"membarrier",      "openat2",           "pidfd_open",      "preadv2",
	"process_madvise", "pwritev2",          "renameat2",       "rseq",
	"statx",
};

const char *promote_probing_call(size_t i)
{
	return i < ELEMENTSOF(probing_calls) ? probing_calls[i] : NULL;
}

static bool falls_to_default(const Promoting *w, uint32_t before, uint32_t after)
{
	(void)before;
	return after == default_word(w->after.profile);
}

static int find_probing(Promoting *w)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ELEMENTSOF(probing_calls); i++)
		if (filter_knows_name(probing_calls[i]) &&
		    !has_arguments(w->after.profile, probing_calls[i]) &&
		    is_answered(w, probing_calls[i], falls_to_default))
			r = promote_add_name(&w->probing, probing_calls[i]);
	return r;
}

static int add_probing(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	size_t done = 0;
	int r = 0;

	if (default_word(w->after.profile) == (SECCOMP_RET_ERRNO | ENOSYS))
		return 0;
	for (unsigned i = 0; r == 0 && i < ROUNDS; i++) {
		r = find_probing(w);
		if (r < 0 || w->probing.n == done)
			break;
		r = promote_add_rule(w, &w->probing, done, ACTION_ERRNO, ENOSYS);
		done = w->probing.n;
	}
	if (r < 0 || done == 0)
		return r;
	buffer_add_str(&b, "a rule answers ENOSYS to calls that programs try and fall back from: ");
	promote_list_names(w->probing.names, w->probing.n, &b);
	return promote_say(w->p, PROMOTE_CHANGE, "probing", &b);
}

/* ---- the way in ---- */

static bool was_denied(const Promoting *w, uint32_t before, uint32_t after)
{
	(void)w;
	return before != SECCOMP_RET_ALLOW && before != SECCOMP_RET_LOG && after == SECCOMP_RET_LOG;
}

static int find_by_risk(Promoting *w, PromoteNames *list, bool (*fits)(const RiskFact *),
			Wanted *wanted)
{
	RiskFact fact;
	int r = 0;

	for (size_t i = 0; r == 0 && risk_each(i, &fact); i++)
		if (fits(&fact) && filter_knows_name(fact.syscall) &&
		    !has_arguments(w->after.profile, fact.syscall) &&
		    is_answered(w, fact.syscall, wanted))
			r = promote_add_name(list, fact.syscall);
	return r;
}

static bool is_critical(const RiskFact *f)
{
	return f->risk == RISK_CRITICAL;
}

static bool is_everyday(const RiskFact *f)
{
	return f->by_default;
}

static int keep_critical(Promoting *w)
{
	const Profile *now = w->before.profile;
	bool has_errno = now->default_action == ACTION_ERRNO;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	w->critical_word = default_word(now);
	r = find_by_risk(w, &w->critical, is_critical, was_denied);
	if (r == 0)
		r = promote_add_rule(w, &w->critical, 0, now->default_action,
				     has_errno ? (int)now->default_data : -1);
	if (r < 0 || w->critical.n == 0)
		return r;
	buffer_add_str(&b, "a rule keeps the denial of calls that reach the whole host: ");
	promote_list_names(w->critical.names, w->critical.n, &b);
	return promote_say(w->p, PROMOTE_CHANGE, "critical", &b);
}

static bool is_logged(const Promoting *w, uint32_t before, uint32_t after)
{
	(void)w;
	return before == SECCOMP_RET_ALLOW && after == SECCOMP_RET_LOG;
}

/* Logging each read and write would bury what is worth reading. */
static int allow_everyday(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	r = find_by_risk(w, &w->everyday, is_everyday, is_logged);
	if (r == 0)
		r = promote_add_rule(w, &w->everyday, 0, ACTION_ALLOW, -1);
	if (r < 0 || w->everyday.n == 0)
		return r;
	buffer_printf(
		&b,
		"a rule allows the %zu calls that Docker's and Podman's default profiles both "
		"allow to everybody, since each call that is not listed makes a record",
		w->everyday.n);
	return promote_say(w->p, PROMOTE_CHANGE, "everyday", &b);
}

int promote_add_rules(Promoting *w)
{
	Action was = w->before.profile->default_action;
	int r = 0;

	if (w->in->to != STAGE_LOG)
		return add_probing(w);
	if (was == ACTION_ALLOW && !w->in->audit_all)
		return allow_everyday(w);
	if (was != ACTION_ALLOW && was != ACTION_LOG) {
		r = promote_free_denials(w);
		if (r == 0)
			r = keep_critical(w);
	}
	return r == 0 && w->in->audit_all ? promote_audit_all(w) : r;
}

/* ---- flags ---- */

static bool is_silent(Action a)
{
	return a == ACTION_ERRNO || a == ACTION_TRAP || a == ACTION_TRACE || a == ACTION_USER_NOTIF;
}

static bool denies_silently(const Profile *p)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (!p->rules[i].gate.closed && is_silent(p->rules[i].action))
			return true;
	return is_silent(p->default_action);
}

/* Before 1.2 runc refuses a profile with flags; where its version is not known, a container that
 * does not start would be the worse surprise. */
static bool takes_flags(const ProfileContext *c)
{
	return c->runtime != RUNTIME_RUNC || c->runtime_version >= context_version(1, 2, 0);
}

static int say_no_flags(Promoting *w)
{
	const ProfileContext *c = &w->in->context;
	bool known = c->runtime_version != 0;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	w->p->blind = is_silent(w->after.profile->default_action);
	buffer_printf(&b,
		      "%s without filter flags, which runc takes from 1.2 on (%s), what the "
		      "profile refuses with an errno leaves no record",
		      w->p->blind ? "this stage is blind:" : "the stage is not wholly visible:",
		      known ? "the one here is older" : "its version is not known here");
	if (w->p->blind)
		buffer_add_str(&b, "; keep one replica under the LOG profile, so that a call that "
				   "nobody has seen yet still shows up");
	return promote_say(w->p, PROMOTE_NOTE, "flags", &b);
}

/* A container with them does not start there. */
static int drop_flags(Promoting *w)
{
	const Profile *p = w->after.profile;
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	if (!p->has_flags || w->in->context.runtime_version == 0)
		return 0;
	r = patch_set_flags(buffer_span(&w->after.text), p, NULL, 0, &next);
	r = draft_take(&w->after, r, &next);
	buffer_add_str(&b, "the flags go: this runc refuses a profile that has any");
	return r < 0 ? r : promote_say(w->p, PROMOTE_CHANGE, "flags", &b);
}

static int add_flags(Promoting *w)
{
	static const char *const flags[] = { "SECCOMP_FILTER_FLAG_LOG",
					     "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
					     "SECCOMP_FILTER_FLAG_TSYNC" };
	const Profile *p = w->after.profile;
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r;

	if (p->flag_log && p->flag_spec_allow)
		return 0;
	r = patch_set_flags(buffer_span(&w->after.text), p, flags, p->flag_tsync ? 3 : 2, &next);
	r = draft_take(&w->after, r, &next);
	buffer_add_str(&b, "SECCOMP_FILTER_FLAG_LOG makes what is refused visible; "
			   "SECCOMP_FILTER_FLAG_SPEC_ALLOW goes with it, since any flag takes away "
			   "that default of the runtimes");
	return r < 0 ? r : promote_say(w->p, PROMOTE_CHANGE, "flags", &b);
}

int promote_set_flags(Promoting *w)
{
	bool needed = denies_silently(w->after.profile);
	int r;

	if (takes_flags(&w->in->context))
		r = needed ? add_flags(w) : 0;
	else
		r = drop_flags(w);
	if (r == 0 && needed && !w->after.profile->flag_log)
		r = say_no_flags(w);
	return r;
}
