/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For one replica: what is allowed leaves no record, so the rules that allow go, and the default
 * records each call. What no profile can do without keeps its rule, since nothing is to be learned
 * from its records, and there would be most of them. */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/always.h"
#include "suggest/arch-gap.h"
#include "suggest/promote-private.h"

static bool is_needed(const Promoting *w, const char *name)
{
	return always_needed(name, &w->in->context) != NULL;
}

/* With arguments it would decide of the rest of them, and that is what is to be seen. */
static bool is_audited(const Promoting *w, const ProfileRule *rule, const char *name)
{
	return rule->action == ACTION_ALLOW && !rule->gate.closed &&
	       (rule->n_args > 0 || !is_needed(w, name));
}

static int find_audited(Promoting *w)
{
	const Profile *p = w->after.profile;
	int r = 0;

	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t k = 0; r == 0 && k < p->rules[i].n_names; k++)
			if (is_audited(w, &p->rules[i], p->rules[i].names[k].text))
				r = promote_note_freed(w, p->rules[i].names[k].text);
	return r;
}

static bool was_allowed(const Promoting *w, const char *name)
{
	const Filter *f = &w->filter_before;
	bool beyond;
	int64_t nr;

	for (size_t i = 0; i < f->n_arches; i++) {
		struct seccomp_data data = { .arch = f->arches[i] == ARCH_WORD_X32
							     ? ARCH_WORD_X86_64
							     : f->arches[i] };

		if (syscall_number(f->arches[i], name, &nr) < 0 || nr < 0)
			continue;
		data.nr = (int)nr;
		if (bpf_run(&f->bpf, &data, &beyond) == SECCOMP_RET_ALLOW && !beyond)
			return true;
	}
	return false;
}

/* A denial that had no effect, behind the rule that allows, would come to life: for the same call,
 * or for what is called inside socketcall and ipc, where arguments are not seen. */
static bool is_dead_denial(const Promoting *w, const ProfileRule *rule, const char *name)
{
	if (rule->action == ACTION_ALLOW || rule->gate.closed)
		return false;
	if (rule->n_args > 0)
		return arch_multiplexes(name) && promote_names_have(&w->freed, name) &&
		       (promote_names_have(&w->freed, "socketcall") ||
			promote_names_have(&w->freed, "ipc"));
	return promote_names_have(&w->freed, name) && was_allowed(w, name);
}

static bool goes(const ProfileRule *rule, const char *name, void *userdata)
{
	return is_audited(userdata, rule, name) || is_dead_denial(userdata, rule, name);
}

/* From none on, where nothing was refused. */
static int allow_needed(Promoting *w)
{
	const char *name;
	int r = 0;

	for (size_t i = 0; r == 0 && (name = always_each(i, &w->in->context)); i++)
		if (filter_knows_name(name) && !promote_names_have(&w->everyday, name))
			r = promote_add_name(&w->everyday, name);
	return r < 0 ? r : promote_add_rule(w, &w->everyday, 0, ACTION_ALLOW, -1);
}

static int say_audited(Promoting *w, size_t before)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (w->freed.n > before) {
		buffer_printf(&b,
			      "the rules of %zu allowed calls go, so that each makes a record: ",
			      w->freed.n - before);
		promote_list_names(w->freed.names + before, w->freed.n - before, &b);
	} else if (w->everyday.n > 0)
		buffer_printf(&b,
			      "a rule allows the %zu calls that no program or runtime can do "
			      "without, and every other call makes a record",
			      w->everyday.n);
	else
		return 0;
	return promote_say(w->p, PROMOTE_CHANGE, "audit", &b);
}

static int warn(Promoting *w)
{
	_cleanup_buffer_ Buffer rate = BUFFER_NULL;
	_cleanup_buffer_ Buffer journal = BUFFER_NULL;
	int r;

	buffer_add_str(&rate, "each call that is not listed makes a record, a busy program tens of "
			      "thousands a second, and is slower for it: give this profile to one "
			      "replica, and for no longer than its tests take");
	buffer_add_str(&journal,
		       "seccompd keeps counts and no records, but auditd, and journald with "
		       "Audit=yes, write each record to the disk: look at their rate limits "
		       "before; \"seccompctl status\" says whether any was lost");
	r = promote_say(w->p, PROMOTE_NOTE, "rate", &rate);
	return r < 0 ? r : promote_say(w->p, PROMOTE_NOTE, "journal", &journal);
}

int promote_audit_all(Promoting *w)
{
	size_t before = w->freed.n;
	int r = draft_check_names(&w->after);

	if (r == 0)
		r = find_audited(w);
	/* From the last rule to the first: a rule that goes moves none that is still to come. */
	for (size_t i = w->after.profile->n_rules; r == 0 && i > 0; i--)
		r = draft_remove_names(&w->after, i - 1, goes, w);
	if (r == 0 && w->before.profile->default_action == ACTION_ALLOW)
		r = allow_needed(w);
	if (r == 0)
		r = promote_rebuild(w);
	if (r == 0)
		r = say_audited(w, before);
	return r < 0 ? r : warn(w);
}
