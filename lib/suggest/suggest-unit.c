/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "profile/systemd-dropin.h"
#include "suggest/safe-rule.h"
#include "suggest/suggest-unit.h"
#include "suggest/verify.h"

typedef struct Work {
	const SuggestInput *in;
	Suggestion *s;
	const char *path, *section; /* of the drop-in */
	Span old;
	UnitFilter now;
	Profile *profile; /* of .now */
	Filter filter;
	const char **allow; /* what the drop-in is to change */
	SystemdErrno *errnos;
	size_t n_allow, n_errnos;
	Buffer dropin, files;
	Diag diag;
} Work;

static void work_done(Work *w)
{
	suggestion_free(w->s);
	unit_filter_done(&w->now);
	filter_done(&w->filter);
	profile_free(w->profile);
	free(w->allow);
	free(w->errnos);
	buffer_done(&w->dropin);
	buffer_done(&w->files);
}

/* ---- what the settings come to now ---- */

static int read_now(Work *w, Diag *d)
{
	const SystemdReading reading = { .text = w->in->profile, .groups = w->in->context.groups };
	int r;

	r = systemd_settings_read(&reading, &w->now, d);
	if (r == 0)
		r = profile_read(w->in->profile, DIALECT_SYSTEMD, &w->in->context, &w->profile, d);
	return r == 0 ? filter_build(w->profile, &w->filter, d) : r;
}

/* The advice for what an OCI runtime would read: its rules are those of the unit's lists. */
static int ask(Work *w, Diag *d)
{
	_cleanup_buffer_ Buffer json = BUFFER_NULL;
	SuggestInput in = *w->in;
	int r;

	if (!unit_filter_exists(&w->now))
		w->now.log.inclusive = true; /* a filter that allows everything */
	r = unit_filter_render(&w->now, &json);
	if (r < 0)
		return r;
	in.profile = buffer_span(&json);
	in.dialect = DIALECT_OCI;
	in.context.runtime = RUNTIME_SYSTEMD;
	return suggest(&in, &w->s, d);
}

/* ---- what settings cannot say ---- */

static void withdraw(SuggestCall *call, Advice advice, const char *fmt, ...) _printf_(3, 4);

static void withdraw(SuggestCall *call, Advice advice, const char *fmt, ...)
{
	va_list ap;

	call->offered = false;
	call->open |= advice != ADVICE_KEEP_DENIED;
	call->advice = advice;
	va_start(ap, fmt);
	vsnprintf(call->reason, sizeof(call->reason), fmt, ap);
	va_end(ap);
}

/* Settings of systemd that deny these calls' dangerous arguments, whatever the lists say. */
static const char *companion_of(const char *name)
{
	static const struct {
		const char *name, *setting;
	} companions[] = {
		{ "clone", "RestrictNamespaces=yes" },
		{ "personality", "LockPersonality=yes" },
		{ "socket", "RestrictAddressFamilies=~AF_ALG AF_VSOCK" },
	};

	for (size_t i = 0; i < ELEMENTSOF(companions); i++)
		if (strcmp(companions[i].name, name) == 0)
			return companions[i].setting;
	return NULL;
}

static bool is_listed_denial(const Work *w, const char *name)
{
	for (size_t i = 0; i < w->now.filter.n; i++) {
		Span rest = span_of(w->now.filter.names[i]), found;

		span_split(&rest, ':', &found);
		if (span_is(found, name))
			return !w->now.filter.inclusive || rest.p;
	}
	return false;
}

/* What the reason says of lines is of a profile that nobody has: the unit's settings as one. */
static void restrict_call(const Work *w, SuggestCall *call)
{
	const char *setting = call->name ? companion_of(call->name) : NULL;
	bool ruled = call->line > 0 && !call->offered;

	call->line = 0;
	call->n_siblings = 0;
	if (!call->name)
		return;
	if (!profile_has_arch(w->profile, call->arch))
		withdraw(call, ADVICE_REVIEW,
			 "SystemCallArchitectures= does not list %s, so all calls of such programs "
			 "are killed; list it only if they are meant to run",
			 arch_name(call->arch));
	else if (ruled && verify_answer(&w->filter, call->arch, call->nr) == SECCOMP_RET_LOG)
		withdraw(call, ADVICE_REVIEW,
			 "it works, and SystemCallLog= logs it; SystemCallLog=~%s ends that",
			 call->name);
	else if (ruled && is_listed_denial(w, call->name))
		withdraw(call, call->advice,
			 "the unit's own list denies it by name; SystemCallFilter=%s behind it "
			 "takes "
			 "it out, if it is to be allowed",
			 call->name);
	else if (call->offered && call->advice == ADVICE_ALLOW && setting && !call->decision)
		withdraw(call, ADVICE_ARGUMENTS_NEEDED,
			 "it is harmless for some arguments, which a unit's list cannot look at: "
			 "allow it (SystemCallFilter=%s) together with %s",
			 call->name, setting);
}

static uint32_t errno_of(const SuggestCall *call)
{
	return call->decision ? call->decision->errno_ret : ENOSYS;
}

static bool is_offered(const Suggestion *s, const char *name)
{
	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].offered && s->calls[i].advice == ADVICE_ALLOW &&
		    strcmp(s->calls[i].name, name) == 0)
			return true;
	return false;
}

static bool works(const Work *w, uint32_t arch, const char *name)
{
	int64_t nr;

	return syscall_number(arch, name, &nr) < 0 || verify_allows(&w->filter, arch, nr);
}

static bool implies(const Suggestion *s, const char *name)
{
	for (size_t i = 0; i < s->n_newly_allowed; i++)
		if (strcmp(s->newly_allowed[i], name) == 0)
			return true;
	return false;
}

/* A call that is to be answered with ENOSYS: a program must find what it falls back to, and that
 * may be one that a list cannot allow in part. */
static void restrict_fallback(const Work *w, SuggestCall *call)
{
	const Fallback *f = call->fallback ?: fallback_for(call->name);

	for (size_t i = 0; f && i < FALLBACK_CALLS_MAX && f->older[i]; i++)
		if (companion_of(f->older[i]) && !works(w, call->arch, f->older[i])) {
			withdraw(call, ADVICE_REVIEW,
				 "answered with ENOSYS, %s back to %s, which the unit's list does "
				 "not allow either: decide on %s first",
				 f->maker, f->text, f->older[i]);
			return;
		}
}

static void restrict_calls(Work *w)
{
	for (size_t i = 0; i < w->s->n_calls; i++)
		restrict_call(w, &w->s->calls[i]);
	for (size_t i = 0; i < w->s->n_calls; i++)
		if (w->s->calls[i].offered && w->s->calls[i].advice == ADVICE_ERRNO &&
		    !w->s->calls[i].decision)
			restrict_fallback(w, &w->s->calls[i]);
}

/* ---- the drop-in ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_names(const char **names, size_t *n)
{
	size_t kept = 0;

	qsort(names, *n, sizeof(*names), compare_names);
	for (size_t i = 0; i < *n; i++)
		if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	*n = kept;
}

static int compare_errnos(const void *a, const void *b)
{
	return strcmp(((const SystemdErrno *)a)->name, ((const SystemdErrno *)b)->name);
}

/* Of two architectures a call has one answer: advise() sees to that. */
static void sort_errnos(Work *w)
{
	size_t kept = 0;

	qsort(w->errnos, w->n_errnos, sizeof(*w->errnos), compare_errnos);
	for (size_t i = 0; i < w->n_errnos; i++)
		if (kept == 0 || compare_errnos(&w->errnos[kept - 1], &w->errnos[i]) != 0)
			w->errnos[kept++] = w->errnos[i];
	w->n_errnos = kept;
}

/* What suggest() implied, because programs fall back to it: it was not seen. */
static void add_implied(Work *w, const Fallback *f)
{
	for (size_t i = 0; f && i < FALLBACK_CALLS_MAX && f->older[i]; i++)
		if (implies(w->s, f->older[i]) && !companion_of(f->older[i]) &&
		    !is_offered(w->s, f->older[i]))
			w->allow[w->n_allow++] = f->older[i];
}

static int list_changes(Work *w)
{
	const Suggestion *s = w->s;

	w->allow = calloc(s->n_calls * (1 + FALLBACK_CALLS_MAX) + 1, sizeof(*w->allow));
	w->errnos = calloc(s->n_calls + 1, sizeof(*w->errnos));
	if (!w->allow || !w->errnos)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_calls; i++) {
		const SuggestCall *call = &s->calls[i];

		if (call->offered && call->advice == ADVICE_ERRNO) {
			w->errnos[w->n_errnos++] = (SystemdErrno){ call->name, errno_of(call) };
			add_implied(w, call->fallback);
		} else if (call->offered) {
			w->allow[w->n_allow++] = call->name;
		}
	}
	sort_names(w->allow, &w->n_allow);
	sort_errnos(w);
	return 0;
}

static bool has_name(const char **names, size_t n, const char *name)
{
	return n > 0 && bsearch(&name, names, n, sizeof(*names), compare_names) != NULL;
}

static bool has_errno(const Work *w, const char *name, uint32_t answer)
{
	for (size_t i = 0; i < w->n_errnos; i++)
		if (strcmp(w->errnos[i].name, name) == 0)
			return answer == profile_return_word(ACTION_ERRNO, w->errnos[i].data);
	return false;
}

/* Is the change one of those that were meant? */
static bool is_meant(const Work *w, const ProofChange *c)
{
	if (c->after == SECCOMP_RET_ALLOW)
		return has_name(w->allow, w->n_allow, c->name) ||
		       (c->inner[0] && has_name(w->allow, w->n_allow, c->inner));
	return has_errno(w, c->name, c->after) || (c->inner[0] && has_errno(w, c->inner, c->after));
}

static int check_changes(Work *w, const Proof *proof)
{
	for (size_t i = 0; i < proof->n_changes; i++) {
		const ProofChange *c = &proof->changes[i];

		if (!is_meant(w, c))
			return diag_set(&w->diag, -ENOTRECOVERABLE,
					"the drop-in would also change %s (number %lld on %s)",
					c->name[0] ? c->name : "a call without a name",
					(long long)c->nr, arch_name(c->arch));
	}
	return 0;
}

/* Each call that was seen works in the end: a later drop-in may take it back. */
static int check_offered(Work *w, const Filter *after)
{
	for (size_t i = 0; i < w->s->n_calls; i++) {
		const SuggestCall *call = &w->s->calls[i];
		bool answered = call->advice == ADVICE_ERRNO;

		if (!call->offered)
			continue;
		if (answered ? !has_errno(w, call->name, verify_answer(after, call->arch, call->nr))
			     : !verify_allows(after, call->arch, call->nr))
			return diag_set(&w->diag, -ENOTRECOVERABLE,
					"%s would still be denied: a file of the unit that is read "
					"after %s sets its list again",
					call->name, SYSTEMD_DROPIN_NAME);
	}
	return 0;
}

static int prove(Work *w)
{
	_cleanup_(profile_freep) Profile *profile = NULL;
	_cleanup_filter_ Filter after = { 0 };
	_cleanup_proof_ Proof proof = { 0 };
	int r;

	r = systemd_dropin_place(w->in->profile, buffer_span(&w->dropin), &w->files);
	if (r == 0)
		r = profile_read(buffer_span(&w->files), DIALECT_SYSTEMD, &w->in->context, &profile,
				 &w->diag);
	if (r == 0)
		r = filter_build(profile, &after, &w->diag);
	if (r == 0)
		r = proof_compare(&w->filter, &after, &proof);
	if (r == -E2BIG)
		return diag_set(&w->diag, r, "it would change more than was meant");
	if (r == 0)
		r = check_changes(w, &proof);
	if (r == 0)
		r = check_offered(w, &after);
	if (r < 0)
		return r;
	proof.assumed = !w->in->library || strcmp(w->in->library, proof.library) != 0;
	proof_done(&w->s->proof);
	w->s->proof = proof;
	proof = (Proof){ 0 };
	return 0;
}

static int make_dropin(Work *w)
{
	const SystemdChange change = {
		.allow = w->allow,
		.n_allow = w->n_allow,
		.errnos = w->errnos,
		.n_errnos = w->n_errnos,
		.path = w->path,
		.section = w->section,
		.groups = w->in->context.groups,
	};

	return systemd_dropin_write(&w->now, &change, w->old, &w->dropin);
}

/* ---- the suggestion becomes one of the drop-in ---- */

static void forget_changes(Suggestion *s)
{
	for (size_t i = 0; i < s->n_other_changes; i++)
		free(s->other_changes[i]);
	free(s->other_changes);
	s->other_changes = NULL;
	s->n_other_changes = 0;
}

static int say(Suggestion *s, const char *fmt, ...) _printf_(2, 3);

static int say(Suggestion *s, const char *fmt, ...)
{
	char **more = reallocarray(s->other_changes, s->n_other_changes + 1, sizeof(*more));
	va_list ap;
	int r;

	if (!more)
		return -ENOMEM;
	s->other_changes = more;
	va_start(ap, fmt);
	r = vasprintf(&more[s->n_other_changes], fmt, ap);
	va_end(ap);
	s->n_other_changes += r >= 0;
	return r < 0 ? -ENOMEM : 0;
}

static void forget_patch(Suggestion *s)
{
	forget_changes(s);
	free(s->patched);
	s->patched = NULL;
	s->n_patched = s->n_newly_allowed = s->n_added = 0;
}

static int give_up(Work *w, int r)
{
	Suggestion *s = w->s;

	if (r == -ENOMEM)
		return r;
	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].offered) {
			s->calls[i].offered = false;
			s->calls[i].advice = ADVICE_REVIEW;
			s->calls[i].open = true;
		}
	return say(s, "no drop-in: %s", w->diag.text[0] ? w->diag.text : strerror(-r));
}

static int say_errno(Suggestion *s, const SystemdErrno *e)
{
	if (e->data == ENOSYS)
		return say(s,
			   "%s is answered with ENOSYS, so that programs fall back to older calls",
			   e->name);
	return say(s, "%s is answered with %s, as was decided", e->name,
		   strerrorname_np((int)e->data) ?: "its errno");
}

static int deliver(Work *w)
{
	Suggestion *s = w->s;
	int r = 0;

	for (size_t i = 0; i < w->n_errnos && r == 0; i++)
		r = say_errno(s, &w->errnos[i]);
	free(s->newly_allowed);
	s->newly_allowed = w->allow;
	s->n_newly_allowed = w->n_allow;
	w->allow = NULL;
	s->n_patched = w->dropin.n;
	s->patched = buffer_steal(&w->dropin);
	return r == 0 && !s->patched ? -ENOMEM : r;
}

static int make_patch(Work *w)
{
	bool refused = !w->s->patched && w->s->n_other_changes > 0;
	int r;

	restrict_calls(w);
	if (refused)
		return 0; /* suggest() says why */
	r = list_changes(w);
	forget_patch(w->s);
	if (r < 0 || (w->n_allow == 0 && w->n_errnos == 0))
		return r;
	r = make_dropin(w);
	if (r == 0)
		r = prove(w);
	return r < 0 ? give_up(w, r) : deliver(w);
}

/* Recorded calls that stay denied. */
static void count_denied(Work *w)
{
	Suggestion *s = w->s;

	s->n_still_denied = 0;
	for (size_t i = 0; i < s->n_calls; i++) {
		const SuggestCall *call = &s->calls[i];

		if (!verify_allows(&w->filter, call->arch, call->nr) &&
		    !(call->offered && call->advice == ADVICE_ALLOW))
			s->n_still_denied++;
	}
}

int suggest_unit(const SuggestInput *in, Span unit, const char *path, Suggestion **ret,
		 Span *ret_old, Diag *d)
{
	_cleanup_(work_done)
		Work w = { .in = in, .path = path, .section = systemd_section_of(unit) };
	int r;

	if (!w.section)
		return diag_set(
			d, -EBADMSG,
			"%.*s is no service, socket, mount or swap unit, and others have no "
			"filters",
			(int)MIN(unit.n, 200U), unit.p);
	w.old = systemd_dropin_find(in->profile);
	r = read_now(&w, d);
	if (r == 0)
		r = ask(&w, d);
	if (r == 0)
		r = make_patch(&w);
	if (r < 0)
		return r;
	count_denied(&w);
	*ret_old = w.old;
	*ret = STEAL(w.s);
	return 0;
}
