/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/workload: one name for all instances. */
#include "tests/unit/unit.h"
#include "util/text.h"
#include "who/workload.h"

static const SubjectKey docker = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "0123" };

static void test_names_of_containers(void **state)
{
	static const struct {
		ContainerNames names;
		const char *expected;
	} cases[] = {
		{ { .name = "web", .image = "nginx:1.25" }, "docker:web" },
		{ { .name = "keen_feynman", .image = "nginx:1.25" }, "docker:nginx" },
		{ { .name = "keen_feynman3", .image = "reg:5000/a/b:1@sha256:00" },
		  "docker:reg:5000/a/b" },
		{ { .name = "keen_feynman", .image = "localhost:5000/x" },
		  "docker:localhost:5000/x" },
		{ { .name = "keen_feynman", .image = "" }, "docker:keen_feynman" },
		{ { .name = "keen_feynman", .image = "sha256:65b573de9c58" },
		  "docker:keen_feynman" },
		{ { .image = "nginx" }, "docker:nginx" },
		{ { .name = "" }, "docker:0123" },
		{ { .runtime = "podman", .name = "web" }, "podman:web" },
		{ { .name = "p-web-1", .compose_project = "p", .compose_service = "web" },
		  "compose:p/web" },
		{ { .name = "s.1.x", .swarm_service = "s" }, "swarm:s" },
		{ { .k8s_namespace = "n", .k8s_pod = "p", .k8s_container = "c" }, "k8s:n/p/c" },
		{ { .name = "a\x1b[2Jb" }, "docker:a\\x1B[2Jb" },
	};
	char name[WORKLOAD_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		workload_name(&docker, &cases[i].names, name);
		assert_string_equal(name, cases[i].expected);
	}
	workload_name(&docker, NULL, name);
	assert_string_equal(name, "unconfirmed:docker/0123");
}

static void test_names_of_others(void **state)
{
	static const struct {
		SubjectKey key;
		const char *expected;
	} cases[] = {
		{ { .kind = SUBJECT_UNIT, .name = "nginx.service" }, "unit:nginx.service" },
		{ { .kind = SUBJECT_UNIT, .name = "getty@tty1.service" }, "unit:getty@.service" },
		{ { .kind = SUBJECT_UNIT, .name = "a@b.c.service" }, "unit:a@.service" },
		{ { .kind = SUBJECT_HOST, .name = "/bin/sh" }, "host:/bin/sh" },
		{ { .kind = SUBJECT_HOST }, "host:unknown" },
		{ { .cause = CAUSE_GONE }, "unattributed" },
	};
	char name[WORKLOAD_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		workload_name(&cases[i].key, NULL, name);
		assert_string_equal(name, cases[i].expected);
	}
}

static void test_long_names_are_cut_and_stay_apart(void **state)
{
	char a[WORKLOAD_NAME_MAX], b[WORKLOAD_NAME_MAX];
	ContainerNames n = { 0 };

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(n.name); i += 3)
		memcpy(n.name + i, "\xe2\x82\xac", 4);
	n.name[0] = 'x';
	workload_name(&docker, &n, a);
	assert_int_equal(strlen(a) < WORKLOAD_NAME_MAX, true);
	assert_true(text_is_utf8(span_of(a)));
	n.name[strlen(n.name) - 1] = '\xad';
	workload_name(&docker, &n, b);
	assert_string_not_equal(a, b);
}

static void test_generated_names(void **state)
{
	static const char *const yes[] = {
		"clever_euler", "admiring_banach7",
		"zen_x",        "eloquent_franklin",
		"0123456789ab", "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111",
	};
	static const char *const no[] = {
		"web",
		"",
		"_",
		"clever_",
		"clever_7",
		"my_web",
		"clever_Euler",
		"clever_euler_db",
		"clev_euler",
		"cleverer_euler",
		"clever-euler",
		"zen",
		"admiring_a77",
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(yes); i++)
		assert_true(workload_name_is_generated(yes[i]));
	for (size_t i = 0; i < ELEMENTSOF(no); i++)
		assert_false(workload_name_is_generated(no[i]));
}

UNIT_MAIN(cmocka_unit_test(test_names_of_containers), cmocka_unit_test(test_names_of_others),
	  cmocka_unit_test(test_long_names_are_cut_and_stay_apart),
	  cmocka_unit_test(test_generated_names))
