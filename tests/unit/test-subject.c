/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/subject: what a record is counted under. */
#include "tests/unit/unit.h"
#include "who/subject.h"

#define ID_A "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define ID_B "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000"

static SubjectKey subject_of(const char *path, const char *exe)
{
	CgroupIdentity id;
	SubjectKey key;

	cgroup_identify_path(span_of(path), &id);
	subject_of_identity(&id, span_of(exe), &key);
	return key;
}

static void test_container_is_keyed_by_its_owner(void **state)
{
	SubjectKey key = subject_of("/docker/" ID_A "/lxc/inner", "/bin/true");

	(void)state;
	assert_int_equal(key.kind, SUBJECT_CONTAINER);
	assert_string_equal(key.runtime, "docker");
	assert_string_equal(key.name, ID_A);
	key = subject_of("/machine.slice/libpod-" ID_B ".scope", "");
	assert_string_equal(key.runtime, "podman");
	assert_string_equal(key.name, ID_B);
}

static void test_what_is_no_container_never_becomes_one(void **state)
{
	static const struct {
		const char *path, *name;
		SubjectKind kind;
		Cause cause;
	} cases[] = {
		{ "/system.slice/a@b.service", "a@b.service", SUBJECT_UNIT, CAUSE_NONE },
		{ "/user.slice/user-1.slice/user@1.service/x.service", "user@1.service/x.service",
		  SUBJECT_UNIT, CAUSE_NONE },
		{ "/user.slice/user-1.slice/session-2.scope", "/bin/sh", SUBJECT_HOST, CAUSE_NONE },
		{ "/", "/bin/sh", SUBJECT_HOST, CAUSE_NONE },
		{ "/libpod_parent/conmon", "", SUBJECT_UNATTRIBUTED, CAUSE_MONITOR },
		{ "/lxc.monitor.web", "", SUBJECT_UNATTRIBUTED, CAUSE_MONITOR },
		{ "/docker/x", "", SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
		{ "/../x", "", SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
		{ "/kubepods/burstable/pod01042b28-179d-446a-954a-7266557e12cd", "",
		  SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		SubjectKey key = subject_of(cases[i].path, "/bin/sh");

		assert_string_equal(subject_kind_name(key.kind), subject_kind_name(cases[i].kind));
		assert_string_equal(cause_name(key.cause), cause_name(cases[i].cause));
		assert_string_equal(key.name, cases[i].name);
		assert_string_equal(key.runtime, "");
	}
}

static void test_conflict_says_so(void **state)
{
	CgroupIdentity id;
	SubjectKey key;

	(void)state;
	cgroup_identify_file(SPAN_LIT("2:cpu:/docker/" ID_A "\n1:pids:/docker/" ID_B), &id);
	subject_of_identity(&id, SPAN_LIT("/x"), &key);
	assert_int_equal(key.kind, SUBJECT_UNATTRIBUTED);
	assert_int_equal(key.cause, CAUSE_CONFLICT);
}

static void test_long_names_stay_apart(void **state)
{
	char a[400], b[400];
	SubjectKey ka, kb;

	(void)state;
	memset(a, 'x', sizeof(a));
	a[0] = '/';
	a[sizeof(a) - 1] = '\0';
	memcpy(b, a, sizeof(b));
	b[sizeof(b) - 2] = 'y';
	ka = subject_of("/", a);
	kb = subject_of("/", b);
	assert_int_equal(strlen(ka.name), SUBJECT_KEY_MAX - 1);
	assert_false(subject_equal(&ka, &kb));
	kb = subject_of("/", a);
	assert_true(subject_equal(&ka, &kb));
}

static void test_runtime_is_told_by_comm_and_exe(void **state)
{
	static const struct {
		const char *comm, *exe;
		SubjectKind kind;
		Origin origin;
	} cases[] = {
		{ "runc:[2:INIT]", "/", SUBJECT_CONTAINER, ORIGIN_RUNTIME_INIT },
		{ "runc:[1:CHILD]", "/usr/sbin/runc", SUBJECT_CONTAINER, ORIGIN_RUNTIME_INIT },
		{ "crun", "/", SUBJECT_CONTAINER, ORIGIN_RUNTIME_INIT },
		{ "exe", "/proc/self/exe", SUBJECT_CONTAINER, ORIGIN_RUNTIME_INIT },
		{ "runc:[2:INIT]", "/memfd:runc_cloned:/proc/self/exe (deleted)", SUBJECT_CONTAINER,
		  ORIGIN_RUNTIME_INIT },
		{ "sleep", "/bin/sleep", SUBJECT_CONTAINER, ORIGIN_WORKLOAD },
		{ "runc:[2:INIT]", "/usr/bin/evil", SUBJECT_CONTAINER, ORIGIN_WORKLOAD },
		{ "runc:[2:INIT]", "/", SUBJECT_UNIT, ORIGIN_WORKLOAD },
		{ "sh", "/bin/sh", SUBJECT_HOST, ORIGIN_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		assert_string_equal(
			origin_name(origin_of_comm(cases[i].kind, span_of(cases[i].comm),
						   span_of(cases[i].exe))),
			origin_name(cases[i].origin));
}

static void test_every_name_exists(void **state)
{
	(void)state;
	for (int i = 0; i < _CAUSE_MAX; i++) {
		assert_non_null(cause_name(i));
		assert_non_null(cause_text(i));
	}
	for (int i = 0; i < _MEANS_MAX; i++)
		assert_non_null(means_name(i));
	for (int i = 0; i < _CGROUP_KIND_MAX; i++)
		assert_non_null(cgroup_kind_name(i));
}

/* Whether these are containers only a runtime's state can tell: two of them must stay two. */
static void test_cgroups_with_free_names_are_kept_apart(void **state)
{
	static const char *const paths[] = { "/box", "/default/redis",
					     "/system.slice/a.service/box" };
	SubjectKey keys[ELEMENTSOF(paths)], again;
	CgroupIdentity id;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(paths); i++) {
		cgroup_identify_path(span_of(paths[i]), &id);
		subject_of_identity(&id, SPAN_LIT("/bin/x"), &keys[i]);
		assert_true(subject_is_open(&keys[i]));
		for (size_t k = 0; k < i; k++)
			assert_false(subject_equal(&keys[i], &keys[k]));
	}
	assert_int_equal(keys[0].kind, SUBJECT_HOST);
	assert_string_equal(keys[2].name, "a.service");
	cgroup_identify_path(SPAN_LIT("/box (deleted)"), &id);
	subject_of_identity(&id, SPAN_LIT("/bin/x"), &again);
	assert_true(subject_equal(&keys[0], &again));
	cgroup_identify_path(SPAN_LIT("/system.slice/a.service"), &id);
	subject_of_identity(&id, SPAN_LIT("/bin/x"), &again);
	assert_false(subject_is_open(&again));
	assert_string_equal(again.runtime, "");
}

static SubjectKey nested_key(const char *path)
{
	CgroupIdentity id;
	SubjectKey key;

	cgroup_identify_path(span_of(path), &id);
	subject_of_identity(&id, SPAN_LIT("/bin/x"), &key);
	subject_set_nested(&key);
	return key;
}

static void test_who_is_in_a_container_is_no_process_of_the_host(void **state)
{
	SubjectKey box = nested_key("/box"), other = nested_key("/other"), plain, key;
	CgroupIdentity id;

	(void)state;
	assert_true(subject_is_open(&box));
	assert_true(subject_is_open_nested(&box));
	assert_false(subject_equal(&box, &other));
	cgroup_identify_path(SPAN_LIT("/box"), &id);
	subject_of_identity(&id, SPAN_LIT("/bin/y"), &plain);
	assert_false(subject_is_open_nested(&plain));
	/* A runtime's state is of the cgroup, whoever was seen in it. */
	box = subject_open_key(&box);
	plain = subject_open_key(&plain);
	other = subject_open_key(&other);
	assert_true(subject_equal(&box, &plain));
	assert_false(subject_equal(&box, &other));
	key = nested_key("/");
	assert_int_equal(key.kind, SUBJECT_UNATTRIBUTED);
	assert_int_equal(key.cause, CAUSE_NO_CGROUP);
	key = nested_key("/system.slice/a.service/box");
	assert_int_equal(key.kind, SUBJECT_UNIT);
	assert_false(subject_is_open_nested(&key));
}

UNIT_MAIN(cmocka_unit_test(test_cgroups_with_free_names_are_kept_apart),
	  cmocka_unit_test(test_who_is_in_a_container_is_no_process_of_the_host),
	  cmocka_unit_test(test_container_is_keyed_by_its_owner),
	  cmocka_unit_test(test_what_is_no_container_never_becomes_one),
	  cmocka_unit_test(test_conflict_says_so), cmocka_unit_test(test_long_names_stay_apart),
	  cmocka_unit_test(test_runtime_is_told_by_comm_and_exe),
	  cmocka_unit_test(test_every_name_exists))
