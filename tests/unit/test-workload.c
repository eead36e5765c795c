/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/workload: one name for all instances. */
#include "tests/unit/unit.h"
#include "util/text.h"
#include "who/workload.h"

static const SubjectKey docker = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "0123" };

static const char *name_of(const SubjectKey *key, const ContainerNames *names)
{
	static WorkloadName name;

	workload_name(&(WorkloadFacts){ .key = key, .names = names }, &name);
	return name.text;
}

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

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		assert_string_equal(name_of(&docker, &cases[i].names), cases[i].expected);
	assert_string_equal(name_of(&docker, NULL), "unconfirmed:docker/0123");
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
		{ { .kind = SUBJECT_UNIT, .name = "user@7.service/nginx.service" },
		  "unit:user@7.service/nginx.service" },
		{ { .kind = SUBJECT_UNIT, .name = "user@7.service/a@b.service" },
		  "unit:user@7.service/a@.service" },
		{ { .kind = SUBJECT_CONTAINER, .name = "default/redis" },
		  "unconfirmed:default\\x2Fredis" },
		{ { .kind = SUBJECT_HOST, .name = "/bin/sh" }, "host:/bin/sh" },
		{ { .kind = SUBJECT_HOST }, "host:unknown" },
		{ { .cause = CAUSE_GONE }, "unattributed" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		assert_string_equal(name_of(&cases[i].key, NULL), cases[i].expected);
}

static void test_long_names_are_cut_and_stay_apart(void **state)
{
	char a[WORKLOAD_NAME_MAX], b[WORKLOAD_NAME_MAX];
	ContainerNames n = { 0 };

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(n.name); i += 3)
		memcpy(n.name + i, "\xe2\x82\xac", 4);
	n.name[0] = 'x';
	strcpy(a, name_of(&docker, &n));
	assert_int_equal(strlen(a) < WORKLOAD_NAME_MAX, true);
	assert_true(text_is_utf8(span_of(a)));
	n.name[strlen(n.name) - 1] = '\xad';
	strcpy(b, name_of(&docker, &n));
	assert_string_not_equal(a, b);
}

/* Every pair of these could be taken for one by joining their parts, or by a name that was chosen
 * so. */
static void test_no_two_subjects_share_a_name(void **state)
{
	static const struct {
		SubjectKey key;
		ContainerNames names;
	} all[] = {
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "0" },
		  { .compose_project = "a/b", .compose_service = "c" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "1" },
		  { .compose_project = "a", .compose_service = "b/c" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "2" },
		  { .compose_project = "a\\x2Fb", .compose_service = "c" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "3" },
		  { .k8s_namespace = "a/b", .k8s_pod = "c", .k8s_container = "d" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "4" },
		  { .k8s_namespace = "a", .k8s_pod = "b/c", .k8s_container = "d" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "5" },
		  { .k8s_namespace = "a", .k8s_pod = "b", .k8s_container = "c/d" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "6" },
		  { .name = "compose:a/b" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "7" },
		  { .compose_project = "a", .compose_service = "b" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "8" },
		  { .name = "unit:nginx.service" } },
		{ { .kind = SUBJECT_UNIT, .name = "nginx.service" }, { .name = "" } },
		{ { .kind = SUBJECT_UNIT, .name = "user@7.service/nginx.service" },
		  { .name = "" } },
		{ { .kind = SUBJECT_UNIT, .name = "user@8.service/nginx.service" },
		  { .name = "" } },
		{ { .kind = SUBJECT_HOST, .name = "unit:nginx.service" }, { .name = "" } },
		{ { .kind = SUBJECT_HOST, .name = "/nginx.service" }, { .name = "" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "podman", .name = "9" },
		  { .name = "a\x1b" } },
		{ { .kind = SUBJECT_CONTAINER, .runtime = "podman", .name = "10" },
		  { .name = "a\\x1B" } },
	};
	char a[WORKLOAD_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(all); i++)
		for (size_t j = 0; j < i; j++) {
			strcpy(a, name_of(&all[i].key, &all[i].names));
			assert_string_not_equal(a, name_of(&all[j].key, &all[j].names));
		}
}

static void test_a_cut_name_cannot_be_chosen(void **state)
{
	ContainerNames longer = { 0 }, chosen = { 0 };
	char cut[WORKLOAD_NAME_MAX];

	(void)state;
	memset(longer.image, 'x', 400);
	strcpy(cut, name_of(&docker, &longer));
	assert_int_equal(strlen(cut), WORKLOAD_NAME_MAX - 1);
	strcpy(chosen.image, strchr(cut, ':') + 1);
	assert_string_not_equal(name_of(&docker, &chosen), cut);
}

static void test_kubernetes_names_say_whether_they_are_a_guess(void **state)
{
	static const ContainerNames pod = { .k8s_namespace = "shop",
					    .k8s_pod = "web-6d4cf56db6-x7k2p",
					    .k8s_container = "app" };
	_cleanup_labels_ Labels labels = { 0 };
	WorkloadFacts f = { .key = &docker, .names = &pod, .labels = &labels };
	WorkloadName name;

	(void)state;
	workload_name(&f, &name);
	assert_string_equal(name.text, "k8s:shop/web/app");
	assert_true(name.heuristic);
	assert_int_equal(labels_add(&labels, SPAN_LIT("pod-template-hash"), SPAN_LIT("6d4cf56db6")),
			 0);
	workload_name(&f, &name);
	assert_string_equal(name.text, "k8s:shop/web/app");
	assert_false(name.heuristic);
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
	  cmocka_unit_test(test_no_two_subjects_share_a_name),
	  cmocka_unit_test(test_a_cut_name_cannot_be_chosen),
	  cmocka_unit_test(test_kubernetes_names_say_whether_they_are_a_guess),
	  cmocka_unit_test(test_generated_names))
