/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lib/profile/manifest.c: the rules in effect and no others, and nothing that YAML or the operator
 * would take for something else. (That a reader of YAML agrees:
 * tests/integration/client-outputs.sh.)
 */
#include <errno.h>

#include "profile/manifest.h"
#include "tests/unit/profile-help.h"

#define HEAD "{\"defaultAction\":\"SCMP_ACT_LOG\","

static int write_as(const char *text, Dialect dialect, Buffer *out, Diag *d)
{
	_cleanup_(profile_freep) Profile *p = help_read(text, dialect);

	return manifest_write(p, "docker:web", NULL, out, d);
}

static void test_the_whole_of_it(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	assert_int_equal(
		write_as("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,"
			 "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X32\"],"
			 "\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],\"syscalls\":["
			 "{\"names\":[\"read\",\"no\",\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"
			 "{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38},"
			 "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\","
			 "\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}},"
			 "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{"
			 "\"index\":0,"
			 "\"value\":2114060288,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}",
			 DIALECT_DOCKER, &b, NULL),
		0);
	assert_string_equal(
		b.p,
		"# The rules in effect for docker:web, read for docker.\n"
		"# Not the same: a call that no rule names gets errno 38 by the file, and 1 "
		"(EPERM) "
		"here;\n"
		"# programs that fall back on ENOSYS alone do not fall back. A SeccompProfile has "
		"no "
		"defaultErrnoRet.\n"
		"# Left out, as their conditions (capabilities, architecture, kernel) do not hold "
		"for it: 1 of 4 rules.\n"
		"apiVersion: security-profiles-operator.x-k8s.io/v1beta1\n"
		"kind: SeccompProfile\n"
		"metadata:\n"
		"  name: \"docker-web\"\n"
		"spec:\n"
		"  defaultAction: \"SCMP_ACT_ERRNO\"\n"
		"  architectures:\n"
		"    - \"SCMP_ARCH_X86_64\"\n"
		"    - \"SCMP_ARCH_X32\"\n"
		"  flags:\n"
		"    - \"SECCOMP_FILTER_FLAG_LOG\"\n"
		"  syscalls:\n"
		"    - action: \"SCMP_ACT_ALLOW\"\n"
		"      names:\n"
		"        - \"read\"\n"
		"        - \"no\"\n"
		"    - action: \"SCMP_ACT_ERRNO\"\n"
		"      errnoRet: 38\n"
		"      names:\n"
		"        - \"clone3\"\n"
		"    - action: \"SCMP_ACT_ALLOW\"\n"
		"      names:\n"
		"        - \"clone\"\n"
		"      args:\n"
		"        - index: 0\n"
		"          op: \"SCMP_CMP_MASKED_EQ\"\n"
		"          value: 2114060288\n");
}

static void test_hostile_names_stay_strings(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	assert_int_equal(write_as(HEAD "\"syscalls\":[{\"names\":[\"a\\\"\\n- b: \\\\\",\"\xc3\xa4"
				       "\xf0\x9f\x98\x80\\u0085\"],"
				       "\"action\":\"SCMP_ACT_ALLOW\"}]}",
				  DIALECT_OCI, &b, NULL),
			 0);
	assert_non_null(strstr(b.p, "        - \"a\\\"\\u000a- b: \\\\\"\n"
				    "        - \"\\u00e4\\U0001f600\\u0085\"\n"));
}

static void test_what_would_mean_something_else_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
		unsigned line;
	} rows[] = {
		{ HEAD "\"listenerPath\":\"/run/x\"}", "listenerPath", 0 },
		{ HEAD "\"architectures\":[\"SCMP_ARCH_LOONGARCH64\"]}", "LOONGARCH64", 0 },
		{ HEAD "\n\"syscalls\":[\n{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ERRNO\","
		       "\"errnoRet\":0}]}",
		  "errnoRet of 0", 3 },
		{ HEAD "\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{"
		       "\"index\":0,\"value\":9223372036854775808,\"op\":\"SCMP_CMP_EQ\"}]}]}",
		  "63 bits", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		Diag d = { 0 };

		assert_int_equal(write_as(rows[i].text, DIALECT_OCI, &b, &d), -ENOTSUP);
		assert_non_null(strstr(d.text, rows[i].why));
		assert_int_equal(d.line, rows[i].line);
		assert_int_equal(b.n, 0);
	}
}

static void test_a_name_of_its_own_is_kept(void **state)
{
	_cleanup_(profile_freep) Profile *p = help_read(HEAD "\"syscalls\":[]}", DIALECT_SPO);
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	assert_int_equal(manifest_write(p, "docker:web", "mine", &b, NULL), 0);
	assert_non_null(strstr(b.p, "  name: \"mine\"\nspec:\n"));
	assert_null(strstr(b.p, "syscalls"));
}

static bool is_label(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n < MANIFEST_NAME_SIZE && s[0] != '-' && s[n - 1] != '-' &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static void test_names_are_labels_and_tell_workloads_apart(void **state)
{
	static const char *const clear[][2] = {
		{ "docker:web", "docker-web" },
		{ "docker:my-app", "docker-my-app" },
		{ "compose:shop/web", "compose-shop-web" },
		{ "k8s:default/web/nginx", "k8s-default-web-nginx" },
	};
	static const char *const hashed[] = {
		"compose:a-b/c",
		"compose:a/b-c",
		"compose:a/b/c-",
		"unit:nginx.service",
		"unit:nginx-service",
		"host:/usr/bin/x",
		"host:/usr/bin-x",
		"My Workload",
		"my workload",
		"docker-web",
		"docker/web",
		"docker:-web",
		"docker:web-",
		"docker:w--eb",
		":",
		"",
		"\xc3\xa4",
		"a:b:c",
		"docker:a_b",
		"docker:a.b",
	};
	char all[ELEMENTSOF(hashed) + 2][MANIFEST_NAME_SIZE], name[MANIFEST_NAME_SIZE], text[200];
	size_t n = ELEMENTSOF(hashed);

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(clear); i++) {
		assert_int_equal(manifest_name(clear[i][0], name), 0);
		assert_string_equal(name, clear[i][1]);
	}
	for (size_t i = 0; i < n; i++)
		assert_int_equal(manifest_name(hashed[i], all[i]), 0);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "docker:%0100u", i);
		assert_int_equal(manifest_name(text, all[n++]), 0);
	}
	for (size_t i = 0; i < n; i++) {
		assert_true(is_label(all[i]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(all[i], all[k]);
		for (size_t k = 0; k < ELEMENTSOF(clear); k++)
			assert_string_not_equal(all[i], clear[k][1]);
	}
	assert_int_equal(strlen(all[n - 1]), MANIFEST_NAME_SIZE - 1);
}

UNIT_MAIN(cmocka_unit_test(test_the_whole_of_it), cmocka_unit_test(test_hostile_names_stay_strings),
	  cmocka_unit_test(test_what_would_mean_something_else_is_refused),
	  cmocka_unit_test(test_a_name_of_its_own_is_kept),
	  cmocka_unit_test(test_names_are_labels_and_tell_workloads_apart))
