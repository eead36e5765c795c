/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/filter.h"
#include "profile/lint.h"
#include "suggest/doctor.h"
#include "util/text.h"

/* LOG lets a call happen as well, but is a stage on the way, and is seen. Runtimes drop names that
 * their libseccomp does not know. */
static bool takes_effect(const ProfileRule *rule)
{
	if (rule->action == ACTION_ALLOW || rule->gate.closed)
		return false;
	for (size_t i = 0; i < rule->n_names; i++)
		if (filter_knows_name(rule->names[i].text))
			return true;
	return false;
}

static bool confines(const Profile *p)
{
	if (p->default_action != ACTION_ALLOW)
		return true;
	for (size_t i = 0; i < p->n_rules; i++)
		if (takes_effect(&p->rules[i]))
			return true;
	return false;
}

static int take_lint(Span applied, uint32_t host_arch, DoctorFilter *f)
{
	_cleanup_lint_ LintReport report = { 0 };
	int r = lint(
		&(LintInput){ .text = applied, .dialect = DIALECT_OCI, .host_arch = host_arch },
		&report);

	for (size_t i = 0; r == 0 && i < report.n; i++)
		if (strcmp(report.findings[i].code, "L20") == 0 && f->unbound++ == 0)
			text_escape_to(span_of(report.findings[i].message), f->unbound_text,
				       sizeof(f->unbound_text));
	return r;
}

int doctor_filter_read(Span applied, uint32_t host_arch, DoctorFilter *ret)
{
	const ProfileContext context = context_default(DIALECT_OCI, host_arch);
	_cleanup_(profile_freep) Profile *profile = NULL;
	DoctorFilter f = { 0 };
	Diag ignored = { 0 };
	int r;

	r = profile_read(applied, DIALECT_OCI, &context, &profile, &ignored);
	if (r == 0) {
		f.known = true;
		f.confines = confines(profile);
		r = take_lint(applied, host_arch, &f);
	}
	if (r == -ENOMEM)
		return r;
	*ret = f;
	return 0;
}
