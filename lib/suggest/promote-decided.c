/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What people decided on single calls holds at every stage. */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/promote-private.h"
#include "suggest/verify.h"

bool promote_is_decided(const Promoting *w, const char *name, DecisionAnswer answer)
{
	const Filter *f = &w->filter_before;

	for (size_t i = 0; i < f->n_arches; i++) {
		const Decision *d = decision_find(&w->in->decisions, f->arches[i], name);

		if (d && d->answer == answer)
			return true;
	}
	return false;
}

/* A profile has one answer for all architectures: is there another decision? */
static bool is_contradicted(const Promoting *w, const Decision *d)
{
	const Filter *f = &w->filter_before;

	for (size_t i = 0; i < f->n_arches; i++) {
		const Decision *other = decision_find(&w->in->decisions, f->arches[i], d->syscall);

		if (other && (other->answer != d->answer || other->errno_ret != d->errno_ret))
			return true;
	}
	return false;
}

static bool is_listed(const Promoting *w, const char *name)
{
	for (size_t i = 0; i < w->n_decided; i++)
		if (strcmp(w->decided[i].name, name) == 0)
			return true;
	return false;
}

static bool wants_rule(const Promoting *w, const Decision *d)
{
	const Profile *p = w->after.profile;

	return !d->expired && d->answer == DECISION_ERRNO && filter_knows_name(d->syscall) &&
	       !is_listed(w, d->syscall) && !is_contradicted(w, d) &&
	       !(p->default_action == ACTION_ERRNO && p->default_data == d->errno_ret) &&
	       promote_falls_to_default(w, d->syscall);
}

static int add_rule(Promoting *w, const Decision *d)
{
	const PatchRule rule = { &d->syscall, 1, ACTION_ERRNO, (int)d->errno_ret, NULL, 0 };
	int r;

	w->decided[w->n_decided++] = (PlanErrno){ d->syscall, d->errno_ret };
	r = draft_add_rule(&w->after, &rule);
	return r < 0 ? r : promote_rebuild(w);
}

static int say_decided(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	buffer_add_str(&b, "calls get the errno that was decided for them: ");
	for (size_t i = 0; i < w->n_decided; i++)
		buffer_printf(&b, "%s%s (%s)", i > 0 ? ", " : "", w->decided[i].name,
			      strerrorname_np((int)w->decided[i].data) ?: "a number");
	return promote_say(w->p, PROMOTE_CHANGE, "decided", &b);
}

int promote_add_decided(Promoting *w)
{
	const Decisions *all = &w->in->decisions;
	int r = 0;

	w->decided = calloc(all->n + 1, sizeof(*w->decided));
	if (!w->decided)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < all->n; i++)
		if (wants_rule(w, &all->items[i]))
			r = add_rule(w, &all->items[i]);
	return r == 0 && w->n_decided > 0 ? say_decided(w) : r;
}

bool promote_is_decided_answer(const Promoting *w, const char *name, uint32_t answer)
{
	for (size_t i = 0; i < w->n_decided; i++)
		if (strcmp(w->decided[i].name, name) == 0)
			return answer == profile_return_word(ACTION_ERRNO, w->decided[i].data);
	return false;
}

bool promote_may_refuse(const Promoting *w, const Observed *o)
{
	const Decision *d = decision_find(&w->in->decisions, o->arch, o->name);

	return d && d->answer != DECISION_ALLOW;
}
