/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "audit/arch.h"
#include "audit/syscall.h"
#include "suggest/always.h"
#include "suggest/draft.h"
#include "suggest/first-profile.h"
#include "suggest/plan.h"
#include "suggest/recorded.h"

#define NUMBERS 1024

typedef struct Maker {
	const FirstProfileInput *in;
	FirstProfile *p;
	Profile *ran; /* that recorded most; NULL: none is known */
	Filter filter;
	PlanNames names; /* of calls that are allowed whatever their arguments */
	Diag *diag;
} Maker;

static void maker_done(Maker *m)
{
	free(m->names.names);
	filter_done(&m->filter);
	profile_free(m->ran);
}

/* ---- the filter that tells most ---- */

static int count_silent(const Filter *f, bool logs, uint32_t arch)
{
	int n = 0;

	for (int nr = 0; nr < NUMBERS; nr++) {
		int answers = recorded_answers(f, logs, arch, nr);

		if (answers < 0)
			return answers;
		n += (answers & PASSED_SILENTLY) != 0;
	}
	return n;
}

static int try_filter(Maker *m, size_t index, int *fewest)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };
	Diag ignored = { 0 };
	int r;

	r = profile_read(m->in->filters[index], DIALECT_OCI, &m->in->context, &p, &ignored);
	if (r == 0)
		r = filter_build(p, &f, &ignored);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	r = count_silent(&f, p->flag_log, m->in->context.host_arch);
	if (r < 0 || (m->ran && r >= *fewest))
		return MIN(r, 0);
	*fewest = r;
	filter_done(&m->filter);
	profile_free(m->ran);
	m->filter = f;
	m->ran = STEAL(p);
	m->p->filter = index;
	f = (Filter){ 0 };
	return 0;
}

static int choose_filter(Maker *m)
{
	int fewest = 0, r = 0;

	m->p->filter = m->in->n_filters;
	for (size_t i = 0; r == 0 && i < m->in->n_filters; i++)
		r = try_filter(m, i, &fewest);
	return r;
}

/* ---- names ---- */

static bool was_seen(const FirstProfileInput *in, uint32_t arch)
{
	for (size_t i = 0; i < in->n_observed; i++)
		if (in->observed[i].arch == arch)
			return true;
	return false;
}

/* On the host's architecture, or one of which programs ran. */
static bool has_call(const FirstProfileInput *in, const char *name)
{
	static const uint32_t others[] = { ARCH_WORD_I386, ARCH_WORD_X32 };
	int64_t nr;

	if (syscall_number(in->context.host_arch, name, &nr) == 0)
		return true;
	for (size_t i = 0; i < ELEMENTSOF(others); i++)
		if (was_seen(in, others[i]) && syscall_number(others[i], name, &nr) == 0)
			return true;
	return false;
}

static bool names_have(const PlanNames *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->names[i], name) == 0)
			return true;
	return false;
}

static int add_always(Maker *m)
{
	const char *name;
	int r = 0;

	for (size_t i = 0; r == 0 && (name = always_each(i, &m->in->context)); i++)
		if (has_call(m->in, name) && !names_have(&m->names, name))
			r = plan_names_add(&m->names, name);
	m->p->n_always = m->names.n;
	return r;
}

/* Allowed by the filter, whatever its arguments, on the host's architecture. 1, 0, -ENOMEM. */
static int passed(const Maker *m, const char *name)
{
	int64_t nr;
	int answers;

	if (syscall_number(m->in->context.host_arch, name, &nr) < 0)
		return 0;
	answers = recorded_answers(&m->filter, m->ran->flag_log, m->in->context.host_arch, nr);
	return answers < 0 ? answers : answers == PASSED_SILENTLY;
}

static int carry_rule(Maker *m, const ProfileRule *rule)
{
	for (size_t i = 0; i < rule->n_names; i++) {
		const char *name = rule->names[i].text;
		int r;

		if (names_have(&m->names, name))
			continue;
		r = passed(m, name);
		if (r > 0) {
			m->p->n_carried++;
			r = plan_names_add(&m->names, name);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_allowing(const ProfileRule *rule)
{
	return rule->action == ACTION_ALLOW && !rule->gate.closed;
}

static int carry_names(Maker *m)
{
	int r = 0;

	for (size_t i = 0; r == 0 && m->ran && i < m->ran->n_rules; i++)
		if (is_allowing(&m->ran->rules[i]))
			r = carry_rule(m, &m->ran->rules[i]);
	return r;
}

/* ---- text ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_text(Maker *m, Buffer *b)
{
	const char *arch = arch_scmp_name(m->in->context.host_arch);

	qsort(m->names.names, m->names.n, sizeof(*m->names.names), compare_names);
	buffer_add_str(b, "{\n\t\"defaultAction\": \"SCMP_ACT_LOG\",\n");
	if (arch)
		buffer_printf(b, "\t\"architectures\": [\n\t\t\"%s\"\n\t],\n", arch);
	buffer_add_str(b, "\t\"syscalls\": [\n\t\t{\n\t\t\t\"names\": [\n");
	/* names that libseccomp resolves need no escapes */
	for (size_t i = 0; i < m->names.n; i++)
		buffer_printf(b, "\t\t\t\t\"%s\"%s\n", m->names.names[i],
			      i + 1 < m->names.n ? "," : "");
	buffer_add_str(b, "\t\t\t],\n\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n\t\t}\n\t]\n}\n");
}

/* What was let pass for some arguments is let pass for these. */
static int carry_arguments(Maker *m, Draft *draft)
{
	for (size_t i = 0; m->ran && i < m->ran->n_rules; i++) {
		const ProfileRule *rule = &m->ran->rules[i];

		for (size_t k = 0; is_allowing(rule) && rule->n_args > 0 && k < rule->n_names;
		     k++) {
			const char *name = rule->names[k].text;
			PatchRule copy = { &name, 1, ACTION_ALLOW, -1, rule->args, rule->n_args };
			int r;

			if (names_have(&m->names, name) || !has_call(m->in, name))
				continue;
			r = draft_add_rule(draft, &copy);
			if (r < 0)
				return r;
			m->p->n_carried++;
		}
	}
	return 0;
}

static int make_text(Maker *m)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_draft_ Draft draft = { 0 };
	int r;

	write_text(m, &b);
	r = buffer_error(&b);
	if (r == 0)
		r = draft_init(&draft, buffer_span(&b), DIALECT_OCI, &m->in->context, m->diag);
	if (r == 0)
		r = carry_arguments(m, &draft);
	if (r < 0)
		return r;
	m->p->n = draft.text.n;
	m->p->text = buffer_steal(&draft.text);
	return m->p->text ? 0 : -ENOMEM;
}

int first_profile(const FirstProfileInput *in, FirstProfile *ret, Diag *d)
{
	_cleanup_first_profile_ FirstProfile p = { 0 };
	_cleanup_(maker_done) Maker m = { .in = in, .p = &p, .diag = d };
	int r;

	r = choose_filter(&m);
	if (r == 0)
		r = add_always(&m);
	if (r == 0)
		r = carry_names(&m);
	if (r == 0)
		r = make_text(&m);
	if (r < 0)
		return r;
	*ret = p;
	p = (FirstProfile){ 0 };
	return 0;
}

void first_profile_done(FirstProfile *p)
{
	free(p->text);
	*p = (FirstProfile){ 0 };
}
