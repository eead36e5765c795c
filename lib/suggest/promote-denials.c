/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way in: what a profile refuses by rule is refused in silence, so the rules go, but for those
 * that programs fall back from and those of calls that reach the whole host. */
#include <errno.h>

#include "suggest/promote-private.h"

static bool is_plain_denial(const ProfileRule *rule)
{
	bool denies = rule->action == ACTION_KILL_THREAD || rule->action == ACTION_KILL_PROCESS ||
		      (rule->action == ACTION_ERRNO && rule->data != ENOSYS);

	return denies && rule->n_args == 0 && !rule->gate.closed;
}

/* Another rule for the same name would come to life. */
static bool is_only_denied(const Profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t k = 0; k < p->rules[i].n_names; k++)
			if (strcmp(p->rules[i].names[k].text, name) == 0 &&
			    !p->rules[i].gate.closed && !is_plain_denial(&p->rules[i]))
				return false;
	return true;
}

static bool goes(const Profile *p, const char *name)
{
	return risk_of(name).risk != RISK_CRITICAL && is_only_denied(p, name);
}

int promote_note_freed(Promoting *w, const char *name)
{
	char *copy;

	if (promote_names_have(&w->freed, name))
		return 0;
	copy = strdup(name);
	if (!copy || promote_add_name(&w->freed, copy) < 0) {
		free(copy);
		return -ENOMEM;
	}
	return 0;
}

/* The names of one rule. 1 when there were any. */
static int free_rule(Promoting *w, size_t index)
{
	const Profile *p = w->after.profile;
	const ProfileRule *rule = &p->rules[index];
	_cleanup_free_ const char **names = calloc(rule->n_names + 1, sizeof(*names));
	_cleanup_buffer_ Buffer next = BUFFER_NULL;
	size_t n = 0;
	int r = 0;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < rule->n_names; i++)
		if (goes(p, rule->names[i].text)) {
			r = promote_note_freed(w, rule->names[i].text);
			names[n++] = rule->names[i].text;
		}
	if (r < 0 || n == 0)
		return r;
	r = patch_remove_names(buffer_span(&w->after.text), p, index, names, n, &next);
	r = draft_take(&w->after, r, &next);
	return r < 0 ? r : 1;
}

/* From the last rule to the first: a rule that goes moves none that is still to be looked at. */
int promote_free_denials(Promoting *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	int r = 0;

	for (size_t i = w->after.profile->n_rules; r >= 0 && i > 0; i--)
		if (is_plain_denial(&w->after.profile->rules[i - 1]))
			r = free_rule(w, i - 1);
	if (r < 0 || w->freed.n == 0)
		return MIN(r, 0);
	buffer_add_str(&b, "rules that refuse calls go, so that these work and are seen: ");
	promote_list_names(w->freed.names, w->freed.n, &b);
	r = promote_say(w->p, PROMOTE_CHANGE, "denials", &b);
	return r < 0 ? r : promote_rebuild(w);
}
