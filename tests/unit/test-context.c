/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/context.c */
#include <errno.h>

#include "audit/arch.h"
#include "profile/context.h"
#include "tests/unit/unit.h"

static void test_versions_compare_as_numbers(void **state)
{
	static const struct {
		const char *text;
		uint32_t version; /* 0: refused */
	} cases[] = {
		{ "6.1.0-13-amd64", 0x060100 },
		{ "6.18.44-fc", 0x06122c },
		{ "1.1.5+ds1", 0x010105 },
		{ "4.8", 0x040800 },
		{ "3.10.0-1160.el7", 0x030a00 },
		{ "5.4.300", 0x0504ff },
		{ "6", 0 },
		{ "", 0 },
		{ "v6.1", 0 },
		{ ".1", 0 },
		{ "6.", 0 },
		{ "99999999999.1", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		uint32_t version = 0;
		int r = context_parse_version(span_of(cases[i].text), &version);

		assert_int_equal(r, cases[i].version ? 0 : -EINVAL);
		assert_int_equal(version, cases[i].version);
	}
	assert_true(context_version(4, 10, 0) > context_version(4, 8, 99));
}

static void test_capabilities_by_name_and_number(void **state)
{
	unsigned n;

	(void)state;
	for (unsigned i = 0; i < 41; i++) {
		assert_int_equal(capability_from_name(span_of(capability_name(i)), &n), 0);
		assert_int_equal(n, i);
	}
	assert_int_equal(capability_from_name(SPAN_LIT("CAP_SYS_ADMIN"), &n), 0);
	assert_int_equal(n, 21);
	assert_int_equal(capability_from_name(SPAN_LIT("CAP_CHECKPOINT_RESTORE"), &n), 0);
	assert_int_equal(n, 40);
	assert_int_equal(capability_from_name(SPAN_LIT("SYS_ADMIN"), &n), -EINVAL);
	assert_int_equal(capability_from_name(SPAN_LIT("cap_sys_admin"), &n), -EINVAL);
	assert_string_equal(capability_name(41), "?");
}

static void test_podman_gives_fewer_capabilities(void **state)
{
	uint64_t docker = context_default(DIALECT_DOCKER, ARCH_WORD_X86_64).capabilities;
	uint64_t podman = context_default(DIALECT_PODMAN, ARCH_WORD_X86_64).capabilities;

	(void)state;
	assert_int_equal(__builtin_popcountll(docker), 14);
	assert_int_equal(__builtin_popcountll(podman), 11);
	assert_true((docker & podman) == podman);
	assert_true(docker == 0xa80425fbULL); /* CapBnd of a container of Docker */
}

static void test_engines_name_architectures_in_their_ways(void **state)
{
	(void)state;
	assert_string_equal(context_arch_label(DIALECT_DOCKER, ARCH_WORD_X86_64), "amd64");
	assert_string_equal(context_arch_label(DIALECT_PODMAN, ARCH_WORD_AARCH64), "arm64");
	assert_null(context_arch_label(DIALECT_DOCKER, 0));
	assert_true(context_arch_map_works(DIALECT_DOCKER, 0xc0000015U));
	assert_false(context_arch_map_works(DIALECT_PODMAN, 0xc0000015U));
	assert_false(context_arch_map_works(DIALECT_PODMAN, 0));
}

static void test_runtimes_have_names(void **state)
{
	Runtime r;

	(void)state;
	for (unsigned i = 0; i < RUNTIME_SYSTEMD; i++) {
		assert_int_equal(runtime_from_name(span_of(runtime_name((Runtime)i)), &r), 0);
		assert_int_equal(r, i);
	}
	assert_int_equal(runtime_from_name(SPAN_LIT("runsc"), &r), -EINVAL);
	/* nobody starts a container with it */
	assert_string_equal(runtime_name(RUNTIME_SYSTEMD), "systemd");
	assert_int_equal(runtime_from_name(SPAN_LIT("systemd"), &r), -EINVAL);
}

static void test_names_of_capabilities_become_bits(void **state)
{
	unsigned n;

	(void)state;
	assert_int_equal(capability_set(""), 0);
	assert_int_equal(capability_from_name(SPAN_LIT("CAP_BPF"), &n), 0);
	assert_int_equal(capability_set("CAP_CHOWN CAP_NEWER_THAN_THIS CAP_BPF"), 1ULL << n | 1);
}

UNIT_MAIN(cmocka_unit_test(test_versions_compare_as_numbers),
	  cmocka_unit_test(test_capabilities_by_name_and_number),
	  cmocka_unit_test(test_names_of_capabilities_become_bits),
	  cmocka_unit_test(test_podman_gives_fewer_capabilities),
	  cmocka_unit_test(test_engines_name_architectures_in_their_ways),
	  cmocka_unit_test(test_runtimes_have_names))
