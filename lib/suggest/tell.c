/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "suggest/arch-gap.h"
#include "suggest/tell.h"
#include "suggest/verify.h"

int tell(Suggestion *s, Buffer *b)
{
	char **more = reallocarray(s->other_changes, s->n_other_changes + 1, sizeof(*more));
	char *text = buffer_steal(b);

	if (more)
		s->other_changes = more;
	if (!more || !text) {
		free(text);
		return -ENOMEM;
	}
	more[s->n_other_changes++] = text;
	return 0;
}

typedef struct Telling {
	const Plan *plan;
	const Proof *proof;
	const Profile *before, *after;
	Suggestion *s;
} Telling;

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int list_allowed(const Plan *plan, Suggestion *s)
{
	size_t n = plan->allow.n + plan->n_rules;

	s->newly_allowed = calloc(n + 1, sizeof(*s->newly_allowed));
	if (!s->newly_allowed)
		return -ENOMEM;
	for (size_t i = 0; i < plan->allow.n; i++)
		s->newly_allowed[s->n_newly_allowed++] = plan->allow.names[i];
	for (size_t i = 0; i < plan->n_rules; i++)
		s->newly_allowed[s->n_newly_allowed++] = plan->rules[i].name;
	qsort(s->newly_allowed, n, sizeof(*s->newly_allowed), compare_names);
	return 0;
}

static void add_names(const PlanNames *names, Buffer *b)
{
	for (size_t i = 0; i < names->n; i++)
		buffer_printf(b, "%s%s",
			      i == 0              ? ""
			      : i + 1 == names->n ? " and "
						  : ", ",
			      names->names[i]);
}

static int tell_enosys(const Telling *t)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const PlanNames *names = &t->plan->enosys;
	bool one = names->n == 1;
	const Fallback *f;

	if (names->n == 0)
		return 0;
	add_names(names, &b);
	f = fallback_for(names->names[0]);
	if (one && f)
		buffer_printf(&b, " is answered with ENOSYS, so that %s back to %s", f->maker,
			      f->text);
	else
		buffer_printf(&b,
			      " %s answered with ENOSYS, so that programs fall back to older "
			      "calls",
			      one ? "is" : "are");
	return tell(t->s, &b);
}

/* "bpf and ptrace are answered with EPERM, as was decided", for each errno. */
static int tell_decided(const Telling *t)
{
	const PlanErrno *all = t->plan->errnos;
	int r = 0;

	for (size_t i = 0, n; r == 0 && i < t->plan->n_errnos; i += n) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		for (n = 0; i + n < t->plan->n_errnos && all[i + n].data == all[i].data; n++)
			buffer_printf(&b, "%s%s", n > 0 ? ", " : "", all[i + n].name);
		buffer_printf(&b, " %s answered with %s, as was decided", n == 1 ? "is" : "are",
			      strerrorname_np((int)all[i].data) ?: "its errno");
		r = tell(t->s, &b);
	}
	return r;
}

static int tell_implied(const Telling *t)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	const PlanNames *names = &t->plan->implied;
	const SafeRule *rule = names->n == 1 ? plan_rule(t->plan, names->names[0]) : NULL;

	if (names->n == 0)
		return 0;
	add_names(names, &b);
	buffer_printf(&b, " %s allowed%s%s, since ", names->n == 1 ? "is" : "are", rule ? " " : "",
		      rule ? rule->text : "");
	add_names(&t->plan->enosys, &b);
	buffer_add_str(&b, t->plan->enosys.n > 0 && t->plan->answered.n > 0 ? " and " : "");
	add_names(&t->plan->answered, &b);
	buffer_printf(&b, " %s back to %s",
		      t->plan->enosys.n + t->plan->answered.n == 1 ? "falls" : "fall",
		      names->n == 1 ? "it" : "them");
	return tell(t->s, &b);
}

static int tell_taken_out(const Telling *t)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (t->plan->take_out.n == 0)
		return 0;
	add_names(&t->plan->take_out, &b);
	buffer_printf(&b, " %s taken out of the rules that denied %s by name",
		      t->plan->take_out.n == 1 ? "is" : "are",
		      t->plan->take_out.n == 1 ? "it" : "them");
	return tell(t->s, &b);
}

/* A filter of socket()'s arguments looks tighter than it is where socketcall makes the same call.
 */
static int tell_bypass(const Telling *t)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (!plan_rule(t->plan, "socket"))
		return 0;
	for (size_t i = 0; i < t->after->n_arches; i++)
		if (arch_has_multiplexer(t->after->arches[i])) {
			buffer_printf(&b,
				      "on %s the rule for socket does not bind: socketcall makes "
				      "it for every address family",
				      arch_name(t->after->arches[i]));
			return tell(t->s, &b);
		}
	return 0;
}

static int tell_kept(const Telling *t)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	if (t->plan->n_keep == 0)
		return 0;
	buffer_add_str(&b,
		       "runc answers ENOSYS only above the largest number that a profile names, "
		       "and this moves it; so that programs still fall back, a rule gives "
		       "ENOSYS for ");
	for (size_t i = 0; i < t->plan->n_keep; i++)
		buffer_printf(&b, "%s%s", i > 0 ? ", " : "", t->plan->keep[i]);
	return tell(t->s, &b);
}

/* What no rule can name. */
static int tell_moved(const Telling *t)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < t->proof->n_changes; i++) {
		const ProofChange *c = &t->proof->changes[i];
		_cleanup_buffer_ Buffer b = BUFFER_NULL;

		bool rest = verify_is_stub_rest(c, t->before, t->after);

		if (!rest && !verify_is_stub_move(c, t->before, t->after))
			continue;
		if (c->name[0])
			buffer_printf(&b, "%s%s", c->name, rest ? " for other arguments" : "");
		else
			buffer_printf(&b,
				      "the numbers %" PRId64 " to %" PRId64
				      ", which no call has here,",
				      c->nr, c->nr_last);
		buffer_printf(&b,
			      " on %s: %s instead of ENOSYS, since the profile now names a newer "
			      "call",
			      arch_name(c->arch), action_name(action_of_code(c->after)));
		r = tell(t->s, &b);
	}
	return r;
}

int tell_changes(const Plan *plan, const Proof *proof, const Profile *before, const Profile *after,
		 Suggestion *s)
{
	static int (*const steps[])(const Telling *t) = {
		tell_enosys, tell_decided, tell_implied, tell_taken_out,
		tell_bypass, tell_kept,    tell_moved,
	};
	const Telling t = { plan, proof, before, after, s };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ELEMENTSOF(steps); i++)
		r = steps[i](&t);
	return r;
}
