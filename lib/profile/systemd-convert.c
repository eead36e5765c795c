/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "profile/proof.h"
#include "profile/systemd-convert.h"
#include "profile/systemd-dropin.h"

/* A call with the answer of the first rule that has it; one that equals the default is not there.
 */
typedef struct Call {
	const char *name;
	const ProfileRule *rule;
} Call;

typedef struct Conversion {
	const Profile *profile;
	const SystemdGroups *groups;
	const SystemdGroup *always; /* what systemd puts into each allow list */
	Call *calls;                /* by name */
	size_t n;
	bool allows; /* the default does: the list is one of denials */
	Buffer out;
	Diag *diag;
} Conversion;

static void conversion_done(Conversion *c)
{
	free(c->calls);
	buffer_done(&c->out);
}

/* ---- what settings can say ---- */

static int check_action(const Conversion *c, Action a, unsigned line)
{
	switch (a) {
	case ACTION_ALLOW:
	case ACTION_LOG:
	case ACTION_ERRNO:
	case ACTION_KILL_PROCESS:
		return 0;
	default:
		return diag_set_at(c->diag, -EBADMSG, line, 0,
				   "systemd can only allow calls, log them, refuse them with an "
				   "errno, or kill the process: not %s",
				   action_name(a));
	}
}

static bool is_default(const Profile *p, const ProfileRule *rule)
{
	return profile_return_word(rule->action, rule->data) ==
	       profile_return_word(p->default_action, p->default_data);
}

static int compare_calls(const void *a, const void *b)
{
	const Call *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ?: (x->rule > y->rule) - (x->rule < y->rule);
}

static size_t count_names(const Profile *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_rules; i++)
		n += p->rules[i].n_names;
	return n;
}

/* The one that holds: the first without arguments, else the first with. */
static const ProfileRule *effective(const Call *first, const Call *end)
{
	for (const Call *call = first; call < end; call++)
		if (call->rule->n_args == 0)
			return call->rule;
	return first->rule;
}

static int join_calls(Conversion *c)
{
	size_t joined = 0, end;

	qsort(c->calls, c->n, sizeof(*c->calls), compare_calls);
	for (size_t i = 0; i < c->n; i = end) {
		const ProfileRule *rule;

		for (end = i + 1; end < c->n && strcmp(c->calls[i].name, c->calls[end].name) == 0;)
			end++;
		rule = effective(&c->calls[i], &c->calls[end]);
		if (rule->n_args > 0)
			return diag_set_at(
				c->diag, -EBADMSG, rule->line, 0,
				"this rule looks at the arguments of %s, which systemd's "
				"lists cannot",
				c->calls[i].name);
		c->calls[joined++] = (Call){ c->calls[i].name, rule };
	}
	c->n = joined;
	return 0;
}

static int list_calls(Conversion *c)
{
	const Profile *p = c->profile;
	int r = check_action(c, p->default_action, 0);

	c->calls = calloc(count_names(p) + 1, sizeof(*c->calls));
	if (!c->calls)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < p->n_rules; i++) {
		const ProfileRule *rule = &p->rules[i];

		if (rule->gate.closed || is_default(p, rule))
			continue;
		r = check_action(c, rule->action, rule->line);
		for (size_t k = 0; k < rule->n_names; k++)
			if (filter_knows_name(rule->names[k].text))
				c->calls[c->n++] = (Call){ rule->names[k].text, rule };
	}
	return r == 0 ? join_calls(c) : r;
}

/* ---- writing ---- */

static bool always(Span name, const void *userdata)
{
	(void)name;
	(void)userdata;
	return true;
}

static bool is_not_implied(Span name, const void *userdata)
{
	const Conversion *c = userdata;

	return !systemd_group_has(c->always, name);
}

/* All calls with one of these actions (1 << Action), as one assignment. */
static int write_actions(Conversion *c, const char *key, unsigned actions, SystemdLacks *lacks)
{
	_cleanup_free_ const char **names = calloc(c->n + 1, sizeof(*names));
	size_t n = 0;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < c->n; i++)
		if (actions & 1U << c->calls[i].rule->action)
			names[n++] = c->calls[i].name;
	return systemd_list_write(key, names, n, c->groups, lacks, c, &c->out);
}

static const Call *find_call(const Conversion *c, Span name)
{
	for (size_t i = 0; i < c->n; i++)
		if (span_is(name, c->calls[i].name))
			return &c->calls[i];
	return NULL;
}

/* What systemd allows unasked, and the profile does not. */
static int write_not_allowed(Conversion *c)
{
	bool any = false;

	for (size_t i = 0; i < c->always->n; i++) {
		const Call *call = find_call(c, c->always->calls[i]);
		char name[SYSTEMD_WORD_MAX];

		if (call || !span_copy(c->always->calls[i], name, sizeof(name)) ||
		    !filter_knows_name(name))
			continue;
		buffer_printf(&c->out, "%s%s", any ? " " : "SystemCallFilter=~", name);
		any = true;
	}
	buffer_add_str(&c->out, any ? "\n" : "");
	return buffer_error(&c->out);
}

static void add_error(Conversion *c, uint32_t data)
{
	const char *name = strerrorname_np((int)data);

	if (name && data > 0)
		buffer_add_str(&c->out, name);
	else
		buffer_printf(&c->out, "%u", data);
}

/* Calls with an answer of their own. */
static int write_denied(Conversion *c)
{
	bool any = false;

	for (size_t i = 0; i < c->n; i++) {
		const ProfileRule *rule = c->calls[i].rule;

		if (rule->action != ACTION_ERRNO && rule->action != ACTION_KILL_PROCESS)
			continue;
		buffer_printf(&c->out, "%s%s:", any ? " " : "SystemCallFilter=~", c->calls[i].name);
		if (rule->action == ACTION_ERRNO)
			add_error(c, rule->data);
		else
			buffer_add_str(&c->out, "kill");
		any = true;
	}
	buffer_add_str(&c->out, any ? "\n" : "");
	return buffer_error(&c->out);
}

static int write_default(Conversion *c)
{
	if (c->profile->default_action != ACTION_ERRNO)
		return 0;
	if (c->profile->default_data == 0)
		return diag_set(
			c->diag, -EBADMSG,
			"SystemCallErrorNumber= cannot be 0, the errno of the default action");
	buffer_add_str(&c->out, "SystemCallErrorNumber=");
	add_error(c, c->profile->default_data);
	buffer_add_char(&c->out, '\n');
	return 0;
}

/* An allow list has what is logged, too: the other list logs it. */
static int write_filter(Conversion *c)
{
	const unsigned lets = 1U << ACTION_ALLOW | 1U << ACTION_LOG;
	size_t before = c->out.n;
	int r = 0;

	if (!c->allows) {
		r = write_actions(c, "SystemCallFilter=", lets, is_not_implied);
		/* the list must be one of calls that are allowed, with nothing but the usual ones,
		 * too */
		if (r == 0 && c->out.n == before)
			buffer_add_str(&c->out, "SystemCallFilter=@default\n");
		if (r == 0)
			r = write_not_allowed(c);
	}
	if (r == 0)
		r = write_denied(c);
	return r == 0 ? write_default(c) : r;
}

static int write_log(Conversion *c)
{
	size_t before = c->out.n;
	int r;

	if (c->profile->default_action != ACTION_LOG)
		return write_actions(c, "SystemCallLog=", 1U << ACTION_LOG, always);
	r = write_actions(c, "SystemCallLog=~", ~(1U << ACTION_LOG), always);
	if (r == 0 && c->out.n == before)
		return diag_set(
			c->diag, -EBADMSG,
			"it logs every call, and SystemCallLog=~ must name one that it does "
			"not log");
	return r;
}

/* Only what the host can run counts; without a line all of that may run. */
static int write_arches(Conversion *c)
{
	const Profile *p = c->profile;
	const char *word = unit_arch_word(arch_scmp_name(p->host_arch) ?: "");

	if (!word)
		return diag_set(c->diag, -EBADMSG, "systemd has no name for %s",
				arch_name(p->host_arch));
	buffer_printf(&c->out, "SystemCallArchitectures=%s", word);
	for (size_t i = 0; i < p->n_arches; i++) {
		if (p->arches[i] == p->host_arch)
			continue;
		word = unit_arch_word(arch_scmp_name(p->arches[i]) ?: "");
		if (!word)
			return diag_set(c->diag, -EBADMSG, "systemd has no name for %s",
					arch_name(p->arches[i]));
		buffer_printf(&c->out, " %s", word);
	}
	buffer_add_char(&c->out, '\n');
	return buffer_error(&c->out);
}

/* ---- the proof ---- */

/* The first difference is enough to say. */
static int compare(Conversion *c, const ProfileContext *context)
{
	_cleanup_(profile_freep) Profile *unit = NULL;
	_cleanup_filter_ Filter before = { 0 };
	_cleanup_filter_ Filter after = { 0 };
	_cleanup_proof_ Proof proof = { 0 };
	Profile bare = *c->profile;
	int r;

	bare.runtime = RUNTIME_SYSTEMD;
	r = filter_build(&bare, &before, c->diag);
	if (r == 0)
		r = profile_read(buffer_span(&c->out), DIALECT_SYSTEMD, context, &unit, c->diag);
	if (r == 0)
		r = filter_build(unit, &after, c->diag);
	if (r == 0)
		r = proof_compare(&before, &after, &proof);
	if (r == -E2BIG || (r == 0 && proof.n_changes > 0))
		return diag_set(c->diag, -EBADMSG,
				"as settings of systemd it would answer %s otherwise (on %s), so "
				"there is no drop-in of it",
				r == 0 && proof.changes[0].name[0] ? proof.changes[0].name
								   : "some calls",
				r == 0 ? arch_name(proof.changes[0].arch) : "each architecture");
	return r;
}

static int write_all(Conversion *c)
{
	int r;

	buffer_add_str(&c->out, "[Service]\n");
	r = write_filter(c);
	if (r == 0)
		r = write_log(c);
	return r == 0 ? write_arches(c) : r;
}

int systemd_convert(const Profile *p, const ProfileContext *context, Buffer *out, Diag *d)
{
	_cleanup_(conversion_done)
		Conversion c = { .profile = p, .groups = context->groups, .diag = d };
	int r;

	c.always = c.groups ? systemd_groups_find(c.groups, SPAN_LIT("@default")) : NULL;
	c.allows = p->default_action == ACTION_ALLOW || p->default_action == ACTION_LOG;
	if (!c.always && !c.allows)
		return diag_set(d, -EBADMSG,
				"an allow list of systemd has calls of its own, and "
				"\"systemd-analyze syscall-filter\" cannot be asked for them");
	r = list_calls(&c);
	if (r == 0)
		r = write_all(&c);
	if (r == 0)
		r = compare(&c, context);
	if (r < 0)
		return r;
	buffer_add(out, buffer_span(&c.out));
	return buffer_error(out);
}
