/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lint() over the sample profiles: what is expected of each stands here, written by hand. */
#include "profile/lint.h"
#include "profile/part.h"
#include "profile/patch.h"
#include "suggest/lint-risk.h"
#include "tests/unit/profile-help.h"

static void run(Span text, Dialect dialect, const char *at, LintReport *ret)
{
	LintInput in = { text, dialect, ARCH_WORD_X86_64, at, lint_risk_of };

	assert_int_equal(lint(&in, ret), 0);
}

static char letter(const LintReport *r, const char *code, unsigned line)
{
	char worst = '-';

	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->findings[i].code, code) == 0 && r->findings[i].line == line) {
			char here = *lint_severity_name(r->findings[i].severity);

			worst = worst == 'e' || here == 'e' ? 'e'
				: here == 'w'               ? 'w'
				: worst == 'w'              ? 'w'
							    : here;
		}
	return worst;
}

typedef struct Expected {
	const char *file, *code;
	unsigned line;
	const char *severities; /* for docker, podman and oci */
	const char *suggest;    /* does it refuse? y or n, for each */
} Expected;

static const Expected malformed[] = {
	{ "01-ok.json", "L14", 3, "nnn", "nnn" },
	{ "03-name-empty-string.json", "L24", 9, "eee", "yyy" },
	{ "05-unknown-action.json", "L24", 11, "eee", "yyy" },
	{ "07-no-default.json", "L24", 1, "eee", "yyy" },
	{ "09-arch-native.json", "L24", 4, "eee", "yyy" },
	{ "11-arg-bad-op.json", "L24", 16, "eee", "yyy" },
	{ "13-conflict-same-cond.json", "L09", 28, "eee", "yyy" },
	{ "15-action-eq-default.json", "L27", 13, "nnn", "nnn" },
	{ "17-defaultErrnoRet-with-LOG.json", "L06", 14, "wee", "nnn" },
	{ "19-flag-unknown.json", "L24", 15, "eee", "yyy" },
	{ "21-notify-no-listener.json", "L30", 11, "ewe", "yyy" },
	{ "23-errnoRet-big.json", "L24", 12, "eee", "yyy" },
	{ "25-value-negative.json", "L24", 15, "eee", "yyy" },
	{ "27-syscalls-missing.json", "L14", 3, "nnn", "nnn" },
	{ "29-includes-caps.json", "L04", 12, "--e", "nnn" },
	{ "31-errno-string.json", "L04", 12, "n-n", "nnn" },
	{ "31-errno-string.json", "L06", 12, "-e-", "nnn" },
	{ "33-comment.json", "L23", 1, "eee", "yyy" },
	{ "35-duplicate-key.json", "L02", 1, "eee", "yyy" },
	{ "37-empty-object.json", "L01", 1, "eee", "yyy" },
	{ "40-name-and-names.json", "L03", 1, "eew", "yyy" },
	{ "42-unknown-errno.json", "L24", 1, "wew", "nyn" },
	{ "44-deny-all-empty-names.json", "L08", 2, "eee", "nnn" },
	{ "46-minKernel-three-parts.json", "L24", 10, "e--", "ynn" },
	{ "46-minKernel-three-parts.json", "L22", 10, "-w-", "ynn" },
	{ "46-minKernel-three-parts.json", "L04", 9, "--e", "ynn" },
	{ "48-mixed-args-null-and-empty.json", "L14", 1, "nnn", "nnn" },
	{ "50-wrapper-crd.json", "L01", 1, "eee", "yyy" },
};

/* What a patch needs: a profile that reads, and builds. */
static bool refused(Span text, Dialect dialect, Diag *d)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };
	ProfileContext context = context_default(dialect, ARCH_WORD_X86_64);

	return profile_read(text, dialect, &context, &p, d) < 0 || filter_build(p, &f, d) < 0;
}

static bool expects_error(const char *file, const char *code, Dialect dialect)
{
	for (size_t i = 0; i < ELEMENTSOF(malformed); i++)
		if (strcmp(malformed[i].file, file) == 0 && strcmp(malformed[i].code, code) == 0 &&
		    malformed[i].severities[dialect] == 'e')
			return true;
	return false;
}

static void check(const Expected *e, Span text, Dialect dialect)
{
	_cleanup_lint_ LintReport r = { 0 };
	char found, want = e->severities[dialect], refuses = e->suggest[dialect];
	Diag d = { 0 };

	run(text, dialect, NULL, &r);
	found = letter(&r, e->code, e->line);
	if (found != want)
		fail_msg("%s for %s: %s in line %u is %c, not %c", e->file, dialect_name(dialect),
			 e->code, e->line, found, want);
	/* Nothing worse than what is expected. */
	for (size_t i = 0; i < r.n; i++)
		if (r.findings[i].severity == LINT_ERROR &&
		    !expects_error(e->file, r.findings[i].code, dialect))
			fail_msg("%s for %s: unexpected %s: %s", e->file, dialect_name(dialect),
				 r.findings[i].code, r.findings[i].message);
	if (refused(text, dialect, &d) != (refuses == 'y'))
		fail_msg("%s for %s: refused is not %c (%s)", e->file, dialect_name(dialect),
			 refuses, d.text);
	if (refuses == 'y' && d.line == 0)
		fail_msg("%s for %s: refused without a line: %s", e->file, dialect_name(dialect),
			 d.text);
}

static void test_malformed_profiles(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(malformed); i++) {
		char name[128];
		_cleanup_free_ char *text = NULL;
		size_t n;

		snprintf(name, sizeof(name), "malformed/%s", malformed[i].file);
		text = help_sample(name, &n);
		if (!text) {
			print_message("# no sample %s\n", name);
			skip();
		}
		for (unsigned d = DIALECT_DOCKER; d <= DIALECT_OCI; d++)
			check(&malformed[i], span_make(text, n), (Dialect)d);
	}
}

static bool is_listed;

static void find_row(const char *name, Span text)
{
	(void)text;
	is_listed = false;
	for (size_t i = 0; i < ELEMENTSOF(malformed); i++)
		is_listed |= strcmp(malformed[i].file, name) == 0;
	if (!is_listed)
		fail_msg("%s has no expectation", name);
}

static void test_no_malformed_profile_is_left_out(void **state)
{
	(void)state;
	if (help_each_sample("malformed", find_row) == 0)
		skip();
}

/* All codes of a severity, sorted and once, as "L04 L10". */
static void codes_of(const LintReport *r, LintSeverity severity, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned code = 1; code < 100; code++) {
		char text[8];
		bool found = false;

		snprintf(text, sizeof(text), "L%02u", code);
		for (size_t i = 0; i < r->n; i++)
			found |= r->findings[i].severity == severity &&
				 strcmp(r->findings[i].code, text) == 0;
		if (found)
			n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? " " : "", text);
	}
}

static const struct {
	const char *file, *at;
	const char *errors[3], *warnings[3]; /* docker, podman, oci */
} good[] = {
	{ "moby-default-v0.2.3.json",
	  NULL,
	  { "", "", "L04" },
	  { "L20", "L20 L22", "L09 L10 L26" } },
	{ "moby-default-v20.10.json",
	  NULL,
	  { "", "", "L04" },
	  { "L16", "L16 L22", "L10 L16 L26" } },
	{ "moby-default-2016-08-name-style.json", NULL, { "", "", "L05 L08" }, { "", "L16", "" } },
	{ "containers-common-seccomp.json",
	  NULL,
	  { "", "", "L04" },
	  { "L09 L20 L26", "L09 L20 L26", "L09 L10 L26" } },
	{ "debian12-containers-common-seccomp.json",
	  NULL,
	  { "", "", "L04" },
	  { "L09 L20 L26", "L09 L20 L26", "L09 L10 L26" } },
	{ "docker-labs-default-no-chmod.json", NULL, { "", "", "L05 L08" }, { "", "L16", "" } },
	{ "jessfraz-chrome.json", NULL, { "", "", "L05 L08" }, { "L26", "L16 L26", "" } },
	{ "k8s-fine-grained.json", NULL, { "", "", "" }, { "L18", "L16 L18", "L16 L18" } },
	{ "k8s-violation.json", NULL, { "L08", "L08", "L08" }, { "", "", "" } },
	{ "moby-fixture-conditional_include.json",
	  NULL,
	  { "L08", "L08", "L04 L08" },
	  { "L18", "L16 L18", "L16 L18" } },
	{ "runtime-spec-spec-example.config.json", NULL, { "L01", "L01", "L01" }, { "", "", "" } },
	{ "runtime-spec-spec-example.config.json",
	  "/linux/seccomp",
	  { "", "", "" },
	  { "", "", "" } },
	{ "spo-crun-v1_26.crd.json", NULL, { "L01", "L01", "L01" }, { "", "", "" } },
	{ "spo-crun-v1_26.crd.json",
	  "/spec",
	  { "", "", "" },
	  { "L08 L16 L18", "L08 L16", "L08 L16" } },
	{ "spo-crun-v1_26.derived.json",
	  NULL,
	  { "", "", "" },
	  { "L08 L16 L18", "L08 L16", "L08 L16" } },
	{ "spo-profile-complain-block-high-risk.derived.json",
	  NULL,
	  { "", "", "" },
	  { "", "", "" } },
};

static void test_public_profiles(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(good); i++) {
		_cleanup_free_ char *text = NULL;
		size_t n;

		text = help_sample(good[i].file, &n);
		if (!text)
			skip();
		for (unsigned d = DIALECT_DOCKER; d <= DIALECT_OCI; d++) {
			_cleanup_lint_ LintReport r = { 0 };
			char errors[256], warnings[256];

			run(span_make(text, n), (Dialect)d, good[i].at, &r);
			codes_of(&r, LINT_ERROR, errors, sizeof(errors));
			codes_of(&r, LINT_WARNING, warnings, sizeof(warnings));
			if (strcmp(errors, good[i].errors[d]) != 0 ||
			    strcmp(warnings, good[i].warnings[d]) != 0)
				fail_msg("%s %s for %s: errors %s, warnings %s", good[i].file,
					 good[i].at ?: "", dialect_name((Dialect)d), errors,
					 warnings);
		}
	}
}

/* A patch that adds nothing changes no byte, for every sample that reads. */
static void check_round_trip(const char *name, Span text)
{
	for (unsigned d = DIALECT_DOCKER; d < _DIALECT_MAX; d++) {
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_buffer_ Buffer out = BUFFER_NULL;
		ProfileContext context = context_default((Dialect)d, ARCH_WORD_X86_64);

		if (profile_read(text, (Dialect)d, &context, &p, NULL) < 0 || !patch_target(p))
			continue;
		assert_int_equal(patch_add_names(text, p, NULL, 0, &out), 0);
		if (!span_eq(text, buffer_span(&out)))
			fail_msg("%s changes", name);
	}
}

/* The same of a profile that is a part of its file, wherever it may stand. */
static unsigned n_parts[3];

static void check_parts(const char *name, Span text)
{
	static const char *const places[] = { "", "/spec", "/linux/seccomp" };

	for (size_t i = 0; i < ELEMENTSOF(places); i++) {
		_cleanup_buffer_ Buffer patched = BUFFER_NULL;
		_cleanup_(profile_freep) Profile *p = NULL;
		_cleanup_buffer_ Buffer out = BUFFER_NULL;
		_cleanup_part_ Part part = { 0 };
		ProfileContext context = context_default(DIALECT_DOCKER, ARCH_WORD_X86_64);

		if (part_take(text, places[i], &part, NULL) < 0 ||
		    profile_read(span_make(part.text, part.n), DIALECT_DOCKER, &context, &p, NULL) <
			    0)
			continue;
		if (!patch_target(p) ||
		    patch_add_names(span_make(part.text, part.n), p, NULL, 0, &patched) < 0)
			buffer_add(&patched, span_make(part.text, part.n));
		assert_int_equal(part_put(text, &part, buffer_span(&patched), &out), 0);
		if (!span_eq(text, buffer_span(&out)))
			fail_msg("%s changes at %s", name, places[i]);
		n_parts[i]++;
	}
}

static void test_patching_nothing_changes_no_byte(void **state)
{
	(void)state;
	if (help_each_sample("", check_round_trip) == 0)
		skip();
	(void)help_each_sample("malformed", check_round_trip);
	(void)help_each_sample("", check_parts);
	for (size_t i = 0; i < ELEMENTSOF(n_parts); i++)
		assert_true(n_parts[i] > 0);
}

UNIT_MAIN(cmocka_unit_test(test_malformed_profiles),
	  cmocka_unit_test(test_no_malformed_profile_is_left_out),
	  cmocka_unit_test(test_public_profiles),
	  cmocka_unit_test(test_patching_nothing_changes_no_byte))
