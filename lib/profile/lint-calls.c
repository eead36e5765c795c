/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a container needs to start and to live, and what is risky to allow. */
#include <errno.h>

#include "audit/syscall.h"
#include "profile/lint-private.h"
#include "util/buffer.h"

/* With a base, nobody knows here what is denied. */
static bool denies_by_default(const Lint *l)
{
	return l->fallback.node && !lint_lets(l->fallback.action) && !l->has_base;
}

static bool has_lets(const Lint *l)
{
	for (size_t i = 0; i < l->n_calls; i++) {
		const LintRule *rule = lint_rule_of(l, &l->calls[i]);

		if (rule->counts && lint_lets(rule->action.action))
			return true;
	}
	return false;
}

static bool denies_everything(const Lint *l)
{
	return denies_by_default(l) && !has_lets(l);
}

/* Those of @names that the profile does not let through, as a list; empty when there are none. */
static size_t list_denied(const Lint *l, const char *const *names, size_t n, Buffer *b)
{
	size_t denied = 0;

	for (size_t i = 0; i < n; i++)
		if (!lint_allows(l, names[i]))
			buffer_printf(b, "%s%s", denied++ ? ", " : "", names[i]);
	return denied;
}

void lint_start(Lint *l)
{
	static const char *const always[] = { "exit_group", "rt_sigreturn" };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	bool any = false;

	if (!l->fallback.node || l->has_base)
		return;
	for (size_t i = 0; i < l->n_rules; i++)
		any |= l->rules[i].counts;
	if (l->fallback.action == ACTION_ALLOW && !any)
		lint_say(l, LINT_START, LINT_WARNING, l->fallback.node,
			 "this profile allows every call: it protects nothing");
	if (denies_everything(l))
		lint_say(l, LINT_START, LINT_ERROR, l->fallback.node,
			 "this profile denies every call, so no container can start: allow those "
			 "that "
			 "the program and its runtime need");
	else if (!lint_allows(l, "execve"))
		lint_say(l, LINT_START, LINT_ERROR, l->fallback.node,
			 "execve is denied, so the runtime cannot start the container's program: "
			 "allow "
			 "it");
	else if (list_denied(l, always, ELEMENTSOF(always), &b) > 0)
		lint_say(l, LINT_START, LINT_WARNING, l->fallback.node,
			 "every program needs %s (to end, and to return from a signal), and this "
			 "profile "
			 "denies it: allow it",
			 b.p);
}

void lint_stub(Lint *l)
{
	const char *name;
	int64_t limit;

	if ((!l->reader->runc && !l->reader->often_runc) || l->has_base)
		return;
	limit = lint_stub_limit(l, &name);
	if (limit >= 0)
		lint_say(
			l, LINT_STUB, LINT_NOTE, l->fallback.node,
			"runc answers ENOSYS to calls with numbers above %lld (%s, the largest "
			"that is "
			"named here) instead of the default action: naming a newer call moves that "
			"limit for all",
			(long long)limit, name);
}

/* Where is a call that libc replaces when it gets ENOSYS, and only then, answered otherwise? NULL
 * when nowhere. */
static const ScanNode *find_no_fallback(const Lint *l, const char *name, int64_t stub_limit)
{
	size_t n;
	const LintCall *calls = lint_find(l, name, &n);
	const ScanNode *at = NULL;
	int64_t nr;

	for (size_t i = 0; i < n; i++) {
		const LintRule *rule = lint_rule_of(l, &calls[i]);

		if (!rule->counts)
			continue;
		if (lint_lets(rule->action.action) ||
		    (rule->action.action == ACTION_ERRNO && rule->action.data == ENOSYS))
			return NULL;
		at = at ?: calls[i].node;
	}
	if (at || !denies_by_default(l) ||
	    (l->fallback.action == ACTION_ERRNO && l->fallback.data == ENOSYS))
		return at;
	if (!l->reader->crun && !l->reader->often_crun && stub_limit >= 0 &&
	    syscall_number(l->in->host_arch, name, &nr) == 0 && nr > stub_limit)
		return NULL;
	return l->fallback.node;
}

void lint_fallback(Lint *l)
{
	static const char *const others[] = { "close_range", "faccessat2", "fchmodat2",
					      "openat2",     "statx",      "epoll_pwait2" };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const char *name;
	int64_t limit = lint_stub_limit(l, &name);
	const ScanNode *at = find_no_fallback(l, "clone3", limit);

	if (denies_everything(l))
		return;
	if (at)
		lint_say(l, LINT_FALLBACK, LINT_WARNING, at,
			 "clone3 is denied without ENOSYS, and glibc 2.34 and later then starts no "
			 "thread and no process: add a rule for clone3 with SCMP_ACT_ERRNO and "
			 "\"errnoRet\": 38");
	at = NULL;
	for (size_t i = 0; i < ELEMENTSOF(others); i++) {
		const ScanNode *here = find_no_fallback(l, others[i], limit);

		if (here)
			buffer_printf(&b, "%s%s", at ? ", " : "", others[i]);
		at = at ?: here;
	}
	if (at)
		lint_say(l, LINT_FALLBACK, LINT_NOTE, at,
			 "programs try %s and fall back to older calls only at ENOSYS: allow them, "
			 "or "
			 "answer them with \"errnoRet\": 38",
			 b.p);
}

/* What was seen after the filter was loaded and before the program ran, without no_new_privs; not
 * faccessat2, which Go does without when it is denied. */
static const char *const runc_calls[] = {
	"capget", "capset",  "chdir",  "close",      "epoll_ctl", "execve",  "fcntl",
	"fstat",  "fstatfs", "getcwd", "getdents64", "getpid",    "getppid", "newfstatat",
	"openat", "prctl",   "read",   "setgid",     "setgroups", "setuid",  "write",
};
static const char *const crun_calls[] = {
	"capset",         "close",     "execve",    "prctl", "rt_sigaction",
	"rt_sigprocmask", "setresgid", "setresuid", "write",
};

static void check_runtime(Lint *l, const char *who, const char *const *calls, size_t n, bool reads)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (list_denied(l, calls, n, &b) > 0)
		lint_say(l, LINT_RUNTIME, reads ? LINT_WARNING : LINT_NOTE, l->fallback.node,
			 "%s itself makes calls that this profile denies, between loading the "
			 "filter and "
			 "starting the program: %s; allow them, or run the container with "
			 "no_new_privs, which needs fewer",
			 who, b.p);
}

void lint_runtime(Lint *l)
{
	const LintReader *r = l->reader;

	if (!denies_by_default(l) || denies_everything(l))
		return;
	if (r->runc || r->often_runc)
		check_runtime(l, "runc", runc_calls, ELEMENTSOF(runc_calls), r->runc && !r->crun);
	if (r->crun || r->often_crun)
		check_runtime(l, "crun", crun_calls, ELEMENTSOF(crun_calls), r->crun);
}

/* Allowed to everybody, with any arguments? */
static bool is_open(Lint *l, const LintRule *rule)
{
	return rule->counts && rule->action.action == ACTION_ALLOW && rule->n_args == 0 &&
	       lint_is_empty(rule->includes ? lint_member(l, rule->includes, "caps", SCAN_ARRAY)
					    : NULL);
}

void lint_risk(Lint *l)
{
	const char *last = NULL, *reason;
	LintSeverity severity;

	for (size_t i = 0; l->in->risk && i < l->n_calls; i++) {
		const LintCall *call = &l->calls[i];

		if ((last && strcmp(last, call->name) == 0) || !is_open(l, lint_rule_of(l, call)))
			continue;
		last = call->name;
		if (l->in->risk(call->name, &severity, &reason))
			lint_say(l, LINT_RISK, severity, call->node,
				 "%.64s is allowed to everybody, and it is risky: %s", call->name,
				 reason);
	}
}
