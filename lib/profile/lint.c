/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "profile/foreign.h"
#include "profile/lint-private.h"
#include "profile/systemd-lint.h"

static const LintReader readers[_DIALECT_JSON_MAX] = {
	[DIALECT_DOCKER] = { .conditions = true,
			     .min_kernel = true,
			     .converts = true,
			     .runc = true },
	[DIALECT_PODMAN] = { .conditions = true,
			     .errno_names = true,
			     .converts = true,
			     .crun = true,
			     .often_runc = true },
	[DIALECT_OCI] = { .runc = true, .crun = true },
	[DIALECT_SPO] = { .manifest = true, .runc = true, .crun = true },
};

/* In the order in which they are said of one place. */
static void (*const checks[])(Lint *l) = {
	lint_conditions,  lint_architectures, lint_flags, lint_size,    lint_default_again,
	lint_logged,      lint_args,          lint_pairs, lint_names,   lint_risk,
	lint_multiplexed, lint_clone_order,   lint_start, lint_runtime, lint_fallback,
	lint_stub,        lint_blind,         lint_build,
};

static void check_repeated_keys(Lint *l, bool *ret_found)
{
	*ret_found = false;
	for (uint32_t i = 0; i < l->scan.n_nodes && l->error == 0; i++) {
		const ScanNode *repeated = NULL;
		int r = scan_repeated_key(&l->scan, &l->scan.nodes[i], &repeated);

		if (r < 0)
			l->error = r;
		if (!repeated)
			continue;
		*ret_found = true;
		lint_say(l, LINT_KEY, LINT_ERROR, repeated,
			 "the key \"%.*s\" stands twice in one object: readers in Go take the last "
			 "one, crun the first; remove one",
			 (int)MIN(scan_key(&l->scan, repeated).n, 64U),
			 scan_key(&l->scan, repeated).p);
	}
}

/* The profile in a manifest of the operator. */
static void find_spec(Lint *l)
{
	const ScanNode *spec;

	if (!l->reader->manifest || l->root->kind != SCAN_OBJECT ||
	    !scan_member(&l->scan, l->root, "kind"))
		return;
	spec = scan_member(&l->scan, l->root, "spec");
	if (spec && spec->kind == SCAN_OBJECT)
		l->root = spec;
}

/* The bytes, up to the profile's object in .root; false when there is none to judge. */
static bool find_profile(Lint *l)
{
	bool repeated;
	Diag d = { 0 };
	int r = scan_read_loosely(l->in->text, &l->scan, &d);

	if (r == -ENOMEM) {
		l->error = r;
		return false;
	}
	if (r < 0) {
		LintCode code = r == -EFBIG ? LINT_SIZE : LINT_JSON;

		if (r == -EBADMSG && foreign_text(l->in->text, &d) < 0)
			code = LINT_DOCUMENT;
		lint_say_place(l, code, &d);
		return false;
	}
	if (lint_find_lines(l) < 0)
		return false;
	check_repeated_keys(l, &repeated);
	l->root = l->in->at ? scan_at(&l->scan, l->in->at) : &l->scan.nodes[0];
	if (!l->root) {
		lint_say(l, LINT_DOCUMENT, LINT_ERROR, l->scan.nodes,
			 "there is nothing at %.200s here", l->in->at);
		return false;
	}
	find_spec(l);
	if (foreign_document(&l->scan, l->root, &d) < 0) {
		lint_say(l, LINT_DOCUMENT, LINT_ERROR, l->root, "%s", d.text);
		return false;
	}
	return !repeated && l->error == 0;
}

static void release(Lint *l)
{
	scan_done(&l->scan);
	free(l->rules);
	free(l->args);
	free(l->calls);
	free(l->arches);
	for (size_t i = 0; i < l->n_owned; i++)
		free(l->owned[i]);
	free(l->owned);
	free(l->line_ends);
	lint_forget(l);
}

int lint(const LintInput *in, LintReport *ret)
{
	Lint l = { .in = in };
	int r;

	if (in->dialect == DIALECT_SYSTEMD)
		return systemd_lint(in, ret);
	l.reader = &readers[in->dialect];
	if (find_profile(&l)) {
		lint_read(&l);
		for (size_t i = 0; l.fallback.node && i < ELEMENTSOF(checks) && l.error == 0; i++)
			checks[i](&l);
	}
	r = lint_finish(&l, ret);
	release(&l);
	return r;
}

static const char *const severities[_LINT_SEVERITY_MAX] = {
	[LINT_NOTE] = "note",
	[LINT_WARNING] = "warning",
	[LINT_ERROR] = "error",
};

const char *lint_severity_name(LintSeverity s)
{
	return (unsigned)s < _LINT_SEVERITY_MAX ? severities[s] : "?";
}

int lint_severity_from_name(Span name, LintSeverity *ret)
{
	for (unsigned i = 0; i < _LINT_SEVERITY_MAX; i++)
		if (span_is(name, severities[i])) {
			*ret = (LintSeverity)i;
			return 0;
		}
	return -EINVAL;
}
