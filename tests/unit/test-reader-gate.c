/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/reader-gate.c: conditions, as Docker and Podman evaluate them. */
#include <errno.h>

#include "tests/unit/profile-help.h"

enum { SYS_ADMIN = 21, BPF = 39 };

static int read_rule(const char *conditions, Dialect dialect, Profile **ret, Diag *d)
{
	static const ProfileContext context = { .host_arch = ARCH_WORD_X86_64,
						.capabilities = 1ULL << SYS_ADMIN,
						.kernel = 0x040800 };
	char text[1024];

	snprintf(text, sizeof(text),
		 "{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"read\"],"
		 "\"action\":\"SCMP_ACT_ALLOW\",\n%s}]}",
		 conditions);
	return profile_read(span_of(text), dialect, &context, ret, d);
}

static void test_each_condition_by_dialect(void **state)
{
	static const struct {
		const char *conditions;
		const char *verdict; /* docker, podman, oci, spo: 'y' the rule applies */
	} cases[] = {
		{ "\"includes\":{}", "yyyy" },
		{ "\"includes\":null,\"excludes\":null", "yyyy" },
		{ "\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", "yyyy" },
		{ "\"includes\":{\"caps\":[\"CAP_BPF\"]}", "nnyy" },
		{ "\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\",\"CAP_BPF\"]}", "nnyy" },
		{ "\"includes\":{\"caps\":[\"SYS_ADMIN\"]}", "nnyy" },
		{ "\"includes\":{\"caps\":null,\"arches\":null}", "yyyy" },
		{ "\"includes\":{\"caps\":[],\"arches\":[]}", "yyyy" },
		{ "\"excludes\":{\"caps\":[\"CAP_BPF\",\"CAP_SYS_ADMIN\"]}", "nnyy" },
		{ "\"excludes\":{\"caps\":[\"CAP_BPF\"]}", "yyyy" },
		{ "\"excludes\":{\"caps\":[\"sys_admin\"]}", "yyyy" },
		{ "\"includes\":{\"arches\":[\"arm64\",\"amd64\"]}", "yyyy" },
		{ "\"includes\":{\"arches\":[\"x86\"]}", "nnyy" },
		{ "\"includes\":{\"arches\":[\"SCMP_ARCH_X86_64\"]}", "nnyy" },
		{ "\"excludes\":{\"arches\":[\"amd64\"]}", "nnyy" },
		{ "\"includes\":{\"minKernel\":\"4.8\"}", "yyyy" },
		{ "\"includes\":{\"minKernel\":\"4.9\"}", "nyyy" },
		{ "\"includes\":{\"minKernel\":\"5.0\"}", "nyyy" },
		{ "\"excludes\":{\"minKernel\":\"4.8\"}", "nyyy" },
		{ "\"excludes\":{\"minKernel\":\"4.10\"}", "yyyy" },
		{ "\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]},\"excludes\":{\"arches\":[\"amd64\"]"
		  "}",
		  "nnyy" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		for (unsigned k = 0; k < _DIALECT_JSON_MAX; k++) {
			_cleanup_(profile_freep) Profile *p = NULL;
			Diag d = { 0 };

			if (read_rule(cases[i].conditions, (Dialect)k, &p, &d) < 0)
				fail_msg("%s: %s", cases[i].conditions, d.text);
			if (p->rules[0].gate.closed == (cases[i].verdict[k] == 'y'))
				fail_msg("%s for %s", cases[i].conditions,
					 dialect_name((Dialect)k));
		}
}

static void test_a_closed_gate_says_what_would_open_it(void **state)
{
	_cleanup_(profile_freep) Profile *p = NULL;
	_cleanup_(profile_freep) Profile *q = NULL;

	(void)state;
	assert_int_equal(read_rule("\"includes\":{\"caps\":[\"CAP_BPF\",\"CAP_SYS_ADMIN\"]}",
				   DIALECT_DOCKER, &p, NULL),
			 0);
	assert_true(p->rules[0].gate.conditional);
	assert_true(p->rules[0].gate.lacks == 1ULL << BPF);
	assert_true(p->rules[0].gate.has == 0 && !p->rules[0].gate.closed_otherwise);
	assert_int_equal(
		read_rule("\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", DIALECT_PODMAN, &q, NULL),
		0);
	assert_true(q->rules[0].gate.has == 1ULL << SYS_ADMIN);
}

static void test_a_closed_rule_is_in_no_filter(void **state)
{
	_cleanup_(profile_freep) Profile *docker = NULL;
	_cleanup_(profile_freep) Profile *oci = NULL;
	static const char conditions[] = "\"includes\":{\"caps\":[\"CAP_BPF\"]}";
	_cleanup_filter_ Filter f = { 0 };
	_cleanup_filter_ Filter g = { 0 };

	(void)state;
	assert_int_equal(read_rule(conditions, DIALECT_DOCKER, &docker, NULL), 0);
	assert_int_equal(read_rule(conditions, DIALECT_OCI, &oci, NULL), 0);
	help_filter(docker, &f);
	help_filter(oci, &g);
	assert_int_equal(help_ask(&f, ARCH_WORD_X86_64, 0, 0), SECCOMP_RET_LOG);
	assert_int_equal(help_ask(&g, ARCH_WORD_X86_64, 0, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(docker->n_ignored, 0);
	assert_int_equal(oci->n_ignored, 1);
	assert_string_equal(oci->ignored[0].key, "includes");
	assert_int_equal(oci->ignored[0].line, 2);
}

static void test_conditions_that_docker_refuses_are_named(void **state)
{
	static const struct {
		const char *conditions, *part;
	} cases[] = {
		{ "\"includes\":[]", "an object" },
		{ "\"includes\":{\"caps\":\"CAP_BPF\"}", "an array" },
		{ "\"includes\":{\"caps\":[7]}", "a string" },
		{ "\"includes\":{\"Caps\":[]}", "must be written" },
		{ "\"includes\":{\"minkernel\":\"4.8\"}", "must be written" },
		{ "\"includes\":{\"minKernel\":4.8}", "a string" },
		{ "\"includes\":{\"minKernel\":\"3\"}", "minKernel" },
		{ "\"includes\":{\"minKernel\":\".3\"}", "minKernel" },
		{ "\"includes\":{\"minKernel\":\"3.\"}", "minKernel" },
		{ "\"includes\":{\"minKernel\":\"0.0\"}", "minKernel" },
		{ "\"includes\":{\"minKernel\":\"3.12.1\"}", "minKernel" },
		{ "\"includes\":{\"minKernel\":\"4.15abc\"}", "minKernel" },
		{ "\"includes\":{\"minKernel\":\"4.256\"}", "minKernel" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Profile *p = NULL;
		Diag d = { 0 };

		assert_int_equal(read_rule(cases[i].conditions, DIALECT_DOCKER, &p, &d), -EBADMSG);
		if (!strstr(d.text, cases[i].part) || d.line != 2)
			fail_msg("%s: %u %s", cases[i].conditions, d.line, d.text);
	}
}

UNIT_MAIN(cmocka_unit_test(test_each_condition_by_dialect),
	  cmocka_unit_test(test_a_closed_gate_says_what_would_open_it),
	  cmocka_unit_test(test_a_closed_rule_is_in_no_filter),
	  cmocka_unit_test(test_conditions_that_docker_refuses_are_named))
