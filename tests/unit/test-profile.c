/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/profile.c: the model of a whole profile. */
#include <errno.h>

#include "tests/unit/profile-help.h"
#include "util/buffer.h"

static const char sample[] =
	"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38,\n"
	"  \"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", \"SCMP_ARCH_X86_64\"],\n"
	"  \"flags\": [\"SECCOMP_FILTER_FLAG_LOG\"], \"x-note\": {\"any\": [1]},\n"
	"  \"syscalls\": [\n"
	"    { \"names\": [\"read\", \"write\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": null "
	"},\n"
	"    { \"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 97,\n"
	"      \"args\": [{\"index\": 0, \"value\": 18446744073709551615, \"op\": "
	"\"SCMP_CMP_EQ\"}] } ] }\n";

static void test_a_profile_is_read_with_its_places(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(sample, DIALECT_OCI);
	const ProfileRule *r = p->rules;

	(void)state;
	assert_int_equal(p->default_action, ACTION_ERRNO);
	assert_int_equal(p->default_data, 38);
	assert_int_equal(p->n_arches, 2);
	assert_true(profile_has_arch(p, ARCH_WORD_I386));
	assert_false(profile_has_arch(p, ARCH_WORD_X32));
	assert_true(p->flag_log && p->has_flags && !p->flag_spec_allow);
	assert_int_equal(p->n_rules, 2);
	assert_int_equal(r[0].line, 5);
	assert_string_equal(r[0].names[1].text, "write");
	assert_memory_equal(sample + r[0].names[1].at.begin, "\"write\"", 7);
	assert_memory_equal(sample + r[0].list.begin, "[\"read\", \"write\"]", 17);
	assert_int_equal(sample[r[0].at.begin], '{');
	assert_int_equal(r[0].n_args, 0);
	assert_int_equal(r[1].data, 97);
	assert_true(r[1].args[0].value == UINT64_MAX);
}

static void test_the_host_decides_in_an_arch_map(void **state)
{
	static const char text[] =
		"{\"defaultAction\":\"SCMP_ACT_LOG\",\"archMap\":["
		"{\"architecture\":\"SCMP_ARCH_AARCH64\",\"subArchitectures\":[\"SCMP_ARCH_ARM\"]},"
		"{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":"
		"[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]}]}";
	_cleanup_(profile_freep) Profile *p = help_read(text, DIALECT_DOCKER);
	_cleanup_(profile_freep) Profile *arm = NULL;
	const ProfileContext aarch64 = { .host_arch = ARCH_WORD_AARCH64 };

	(void)state;
	assert_int_equal(p->n_arches, 3);
	assert_true(profile_has_arch(p, ARCH_WORD_X32));
	assert_false(profile_has_arch(p, ARCH_WORD_AARCH64));
	assert_int_equal(profile_read(span_of(text), DIALECT_PODMAN, &aarch64, &arm, NULL), 0);
	assert_int_equal(arm->n_arches, 2);
	assert_true(arm->arches[0] == ARCH_WORD_AARCH64);
}

static void test_what_is_wrong_in_the_head_is_named(void **state)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		{ "{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}", "cannot be the default" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_NATIVE\"]}",
		  "SCMP_ARCH_NATIVE" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":\"SCMP_ARCH_X86\"}",
		  "an array" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"FOO\"]}", "FOO" },
		{ "{\"DefaultAction\":\"SCMP_ACT_LOG\",\"defaultAction\":\"SCMP_ACT_LOG\"}",
		  "must be written" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"Syscalls\":[]}", "\"syscalls\"" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":{}}", "an array" },
		{ "{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"SCMP_ARCH_X86\"],"
		  "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86\"}]}",
		  "both" },
		{ "{\"defaultAction\":1}", "a string" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Profile *p = NULL;
		Diag d = { 0 };

		assert_int_equal(
			profile_read(span_of(cases[i].text), DIALECT_DOCKER, &help_x86_64, &p, &d),
			-EBADMSG);
		if (!strstr(d.text, cases[i].part) || d.line != 1 || d.column == 0)
			fail_msg("%s: %s", cases[i].text, d.text);
	}
}

/* Each file's verdict per dialect: 'y' is read (its filter builds), 'n' refused by the reader, 'f'
 * refused by libseccomp. */
static const struct {
	const char *file, *verdict; /* docker, podman, oci, spo */
} verdicts[] = {
	{ "01-ok.json", "yyyy" },
	{ "03-name-empty-string.json", "nnnn" },
	{ "05-unknown-action.json", "nnnn" },
	{ "07-no-default.json", "nnnn" },
	{ "09-arch-native.json", "nnnn" },
	{ "11-arg-bad-op.json", "nnnn" },
	{ "13-conflict-same-cond.json", "ffff" },
	{ "15-action-eq-default.json", "yyyy" },
	{ "17-defaultErrnoRet-with-LOG.json", "yyyy" },
	{ "19-flag-unknown.json", "nnnn" },
	{ "21-notify-no-listener.json", "nnnn" },
	{ "23-errnoRet-big.json", "nnnn" },
	{ "25-value-negative.json", "nnnn" },
	{ "27-syscalls-missing.json", "yyyy" },
	{ "29-includes-caps.json", "yyyy" },
	{ "31-errno-string.json", "yyyy" },
	{ "33-comment.json", "nnnn" },
	{ "35-duplicate-key.json", "nnnn" },
	{ "37-empty-object.json", "nnnn" },
	{ "40-name-and-names.json", "nnnn" },
	{ "42-unknown-errno.json", "ynyy" },
	{ "44-deny-all-empty-names.json", "yyyy" },
	{ "46-minKernel-three-parts.json", "nyyy" },
	{ "48-mixed-args-null-and-empty.json", "yyyy" },
	{ "50-wrapper-crd.json", "nnny" },
};

static char verdict_of(Span text, Dialect dialect)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_filter_ Filter f = { 0 };
	Diag d = { 0 };

	if (profile_read(text, dialect, &help_x86_64, &p, &d) < 0) {
		assert_true(d.line > 0 && strlen(d.text) > 10);
		return 'n';
	}
	if (filter_build(p, &f, &d) == 0)
		return 'y';
	assert_true(strlen(d.text) > 10);
	return 'f';
}

static void check_malformed(const char *name, Span text)
{
	for (size_t i = 0; i < ELEMENTSOF(verdicts); i++)
		for (unsigned k = 0; strcmp(verdicts[i].file, name) == 0 && k < _DIALECT_JSON_MAX; k++)
			if (verdict_of(text, (Dialect)k) != verdicts[i].verdict[k])
				fail_msg("%s for %s", name, dialect_name((Dialect)k));
}

static void check_any(const char *name, Span text)
{
	(void)name;
	for (unsigned k = 0; k < _DIALECT_JSON_MAX; k++)
		assert_int_not_equal(verdict_of(text, (Dialect)k), 'f');
}

static void test_samples_are_read_or_refused_in_a_sentence(void **state)
{
	(void)state;
	if (help_each_sample("malformed", check_malformed) == 0) {
		print_message("# skipped: no sample profiles beside the source\n");
		skip();
	}
	assert_true(help_each_sample("", check_any) > 0);
}

static void test_ten_thousand_groups_are_linear(void **state)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	buffer_add_str(&b, "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[");
	for (unsigned i = 0; i < 10000; i++)
		buffer_printf(&b, "%s{\"names\":[\"read\"],\n\"action\":\"SCMP_ACT_ALLOW\"}",
			      i ? "," : "");
	buffer_add_str(&b, "]}");
	p = help_read(b.p, DIALECT_OCI);
	assert_int_equal(p->n_rules, 10000);
	assert_int_equal(p->rules[9999].line, 10000);
}

UNIT_MAIN(cmocka_unit_test(test_a_profile_is_read_with_its_places),
	  cmocka_unit_test(test_the_host_decides_in_an_arch_map),
	  cmocka_unit_test(test_what_is_wrong_in_the_head_is_named),
	  cmocka_unit_test(test_samples_are_read_or_refused_in_a_sentence),
	  cmocka_unit_test(test_ten_thousand_groups_are_linear))
