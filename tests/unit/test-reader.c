/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/reader.c: actions, errno values and keys that a dialect does not read. */
#include <errno.h>

#include "tests/unit/profile-help.h"

static int read_with(const char *keys, Dialect dialect, Profile **ret, Diag *d)
{
	char text[512];

	snprintf(text, sizeof(text), "{%s}", keys);
	return profile_read(span_of(text), dialect, &help_x86_64, ret, d);
}

static void test_actions_and_their_data(void **state)
{
	static const struct {
		const char *keys;
		uint32_t word;
	} cases[] = {
		{ "\"defaultAction\":\"SCMP_ACT_ALLOW\"", 0x7fff0000 },
		{ "\"defaultAction\":\"SCMP_ACT_LOG\",\"defaultErrnoRet\":1", 0x7ffc0000 },
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\"", 0x00050001 },
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":0", 0x00050000 },
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38", 0x00050026 },
		{ "\"defaultAction\":\"SCMP_ACT_TRACE\",\"defaultErrnoRet\":7", 0x7ff00007 },
		{ "\"defaultAction\":\"SCMP_ACT_KILL\"", 0 },
		{ "\"defaultAction\":\"SCMP_ACT_KILL_THREAD\"", 0 },
		{ "\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\"", 0x80000000 },
		{ "\"defaultAction\":\"SCMP_ACT_TRAP\"", 0x00030000 },
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"ENOSYS\","
		  "\"defaultErrnoRet\":1",
		  0x00050026 },
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"13\"", 0x0005000d },
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"EWOULDBLOCK\"",
		  0x0005000b },
		{ "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"\"", 0x00050001 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_(profile_freep) Profile *p = NULL;

		assert_int_equal(read_with(cases[i].keys, DIALECT_PODMAN, &p, NULL), 0);
		assert_int_equal(profile_return_word(p->default_action, p->default_data),
				 cases[i].word);
	}
}

static bool ignores(const Profile *p, const char *key)
{
	for (size_t i = 0; i < p->n_ignored; i++)
		if (strcmp(p->ignored[i].key, key) == 0)
			return p->ignored[i].line == 1;
	return false;
}

static void test_keys_of_another_dialect_are_told(void **state)
{
	static const struct {
		const char *key, *keys;
		const char *verdict; /* docker, podman, oci, spo: 'y' evaluated, 'i' ignored */
	} cases[] = {
		{ "archMap", "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\"}]", "yyii" },
		{ "archMap", "\"archMap\":[]", "yyyy" },
		{ "archMap", "\"archMap\":null", "yyyy" },
		{ "defaultErrno", "\"defaultErrno\":\"EPERM\"", "iyii" },
		{ "defaultErrnoRet", "\"defaultErrnoRet\":38", "yyyi" },
		{ "errno",
		  "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\","
		  "\"errno\":\"EIO\"}]",
		  "iyii" },
		{ "includes",
		  "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\","
		  "\"includes\":{\"caps\":[\"CAP_SYSLOG\"]}}]",
		  "yyii" },
		{ "minKernel",
		  "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\","
		  "\"includes\":{\"minKernel\":\"4.8\"}}]",
		  "yiyy" },
		{ "excludes",
		  "\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\","
		  "\"excludes\":{},\"includes\":{}}]",
		  "yyyy" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		for (unsigned k = 0; k < _DIALECT_JSON_MAX; k++) {
			_cleanup_(profile_freep) Profile *p = NULL;
			char keys[400];

			snprintf(keys, sizeof(keys), "\"defaultAction\":\"SCMP_ACT_ERRNO\",%s",
				 cases[i].keys);
			assert_int_equal(read_with(keys, (Dialect)k, &p, NULL), 0);
			if (ignores(p, cases[i].key) != (cases[i].verdict[k] == 'i'))
				fail_msg("%s for %s", cases[i].key, dialect_name((Dialect)k));
		}
}

/* What is ignored has no effect, and what is read has. */
static void test_only_podman_reads_names_of_errors(void **state)
{
	static const uint32_t words[_DIALECT_JSON_MAX] = { [DIALECT_DOCKER] = 7,
						      [DIALECT_PODMAN] = ENOSYS,
						      [DIALECT_OCI] = 7,
						      [DIALECT_SPO] = EPERM };

	(void)state;
	for (unsigned k = 0; k < _DIALECT_JSON_MAX; k++) {
		_cleanup_(profile_freep) Profile *p = NULL;

		assert_int_equal(read_with("\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":"
					   "\"ENOSYS\",\"defaultErrnoRet\":7",
					   (Dialect)k, &p, NULL),
				 0);
		assert_int_equal(p->default_data, words[k]);
	}
}

static void test_data_out_of_range_is_refused(void **state)
{
	static const char *const cases[] = { "70000", "4095", "-1", "1.0", "\"38\"" };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Profile *p = NULL;
		char keys[200];
		Diag d = { 0 };

		snprintf(keys, sizeof(keys),
			 "\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":%s", cases[i]);
		assert_int_equal(read_with(keys, DIALECT_OCI, &p, &d), -EBADMSG);
		assert_non_null(strstr(d.text, "defaultErrnoRet"));
	}
}

UNIT_MAIN(cmocka_unit_test(test_actions_and_their_data),
	  cmocka_unit_test(test_keys_of_another_dialect_are_told),
	  cmocka_unit_test(test_only_podman_reads_names_of_errors),
	  cmocka_unit_test(test_data_out_of_range_is_refused))
