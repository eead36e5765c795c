/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/oci-runtime.c: who started a container, by the state that runc and crun keep of it. */
#include "state/container.h"
#include "tests/unit/state-tree.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *ask(Tree *t, const char *engine, const char *id)
{
	Container c = { .runtime = engine };

	span_copy(span_of(id), c.id, sizeof(c.id));
	return container_oci_runtime(&t->roots, &c);
}

static void test_each_engine_has_it_in_a_place_of_its_own(void **state)
{
	static const struct {
		const char *engine, *file, *runtime;
	} cases[] = {
		{ "docker", "run/docker/runtime-runc/moby/" ID "/state.json", "runc" },
		{ "docker", "run/docker/runtime-crun/moby/" ID "/status", "crun" },
		{ "podman", "run/runc/" ID "/state.json", "runc" },
		{ "podman", "run/crun/" ID "/status", "crun" },
		{ "crio", "run/crun/" ID "/status", "crun" },
		{ "containerd", "run/containerd/runc/k8s.io/" ID "/state.json", "runc" },
		{ "containerd", "run/containerd/runc/k8s.io/" ID "/status", "crun" },
	};
	Tree *t = *state;

	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		const char *found;

		tree_put(t, cases[i].file, "{}");
		found = ask(t, cases[i].engine, ID);
		assert_non_null(found);
		assert_string_equal(found, cases[i].runtime);
		tree_empty(t);
	}
}

static void test_nobody_elses_state_answers(void **state)
{
	Tree *t = *state;

	tree_put(t, "run/runc/" ID "/state.json", "{}");
	assert_null(ask(t, "docker", ID));
	assert_null(ask(t, "containerd", ID));
	assert_null(ask(t, "podman", "another"));
	assert_null(ask(t, "podman", "../runc/" ID));
	assert_null(ask(t, "podman", ""));
}

/* What looks like state and is none. */
static void test_a_link_or_a_folder_is_no_state(void **state)
{
	Tree *t = *state;

	tree_place(t, "run/runc/" ID "/state.json/x");
	assert_null(ask(t, "podman", ID));
	assert_int_equal(symlink("/etc/passwd", tree_place(t, "run/crun/" ID "/status")), 0);
	assert_null(ask(t, "podman", ID));
}

static void test_a_users_container_is_looked_up_in_the_users_folders(void **state)
{
	Container c = { .runtime = "podman", .names.user = "1000" };
	Tree *t = *state;

	span_copy(SPAN_LIT(ID), c.id, sizeof(c.id));
	tree_put(t, "run/crun/" ID "/status", "{}");
	assert_null(container_oci_runtime(&t->roots, &c));
	tree_put(t, "run/user/1000/crun/" ID "/status", "{}");
	tree_chown(t, 1000);
	assert_string_equal(container_oci_runtime(&t->roots, &c), "crun");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

UNIT_MAIN(TEST(test_each_engine_has_it_in_a_place_of_its_own),
	  TEST(test_nobody_elses_state_answers), TEST(test_a_link_or_a_folder_is_no_state),
	  TEST(test_a_users_container_is_looked_up_in_the_users_folders), )
