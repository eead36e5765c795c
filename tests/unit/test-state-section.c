/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/state-section: where the runtimes keep their state. */
#include <errno.h>

#include "config/state-section.h"
#include "tests/unit/unit.h"

static int feed(StateSection *s, const char *section, const char *key, const char *value, Diag *d)
{
	return state_section_take(&(ConfigLine){ "file.conf", 1, section, key, value }, s, d);
}

static void test_places_lie_below_the_root(void **state)
{
	StateRoots roots = { .runc_root = "run/mine", .containerd_state = "run/other" };
	StateSection s = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(feed(&s, "state", NULL, NULL, &d), 1);
	assert_int_equal(feed(&s, "state", "DockerRoot", "/srv/a", &d), 1);
	assert_int_equal(feed(&s, "state", "DockerRoot", "/srv/b", &d), 1);
	assert_int_equal(feed(&s, "state", "PodmanRunRoot", "//run/p", &d), 1);
	state_section_apply(&s, &roots);
	assert_string_equal(roots.docker_root, "srv/b");
	assert_string_equal(roots.podman_run_root, "run/p");
	assert_null(roots.docker_exec_root);
	assert_string_equal(roots.containerd_state, "run/other");
	assert_string_equal(roots.runc_root, "run/mine");
	state_section_done(&s);
}

static void test_every_key_has_its_place(void **state)
{
	static const char *const keys[] = { "DockerRoot", "DockerExecRoot", "ContainerdState",
					    "PodmanRoot", "PodmanRunRoot" };
	StateRoots roots = { 0 };
	StateSection s = { 0 };
	Diag d = { 0 };
	char value[64];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(keys); i++) {
		snprintf(value, sizeof(value), "/%s", keys[i]);
		assert_int_equal(feed(&s, "state", keys[i], value, &d), 1);
	}
	state_section_apply(&s, &roots);
	assert_string_equal(roots.docker_root, "DockerRoot");
	assert_string_equal(roots.docker_exec_root, "DockerExecRoot");
	assert_string_equal(roots.containerd_state, "ContainerdState");
	assert_string_equal(roots.podman_root, "PodmanRoot");
	assert_string_equal(roots.podman_run_root, "PodmanRunRoot");
	state_section_done(&s);
}

static void test_mistakes_are_named(void **state)
{
	StateSection s = { 0 };
	Diag d = { 0 };

	(void)state;
	assert_int_equal(feed(&s, "seccompd", "DockerRoot", "/x", &d), 0);
	assert_int_equal(feed(&s, "State", NULL, NULL, &d), 0);
	assert_int_equal(feed(&s, "state", "DockerRoot", "srv", &d), -EINVAL);
	assert_non_null(strstr(d.text, "absolute path"));
	assert_int_equal(feed(&s, "state", "DockerRoot", "", &d), -EINVAL);
	assert_int_equal(feed(&s, "state", "DokerRoot", "/srv", &d), -EINVAL);
	assert_non_null(strstr(d.text, "DokerRoot"));
	state_section_done(&s);
}

UNIT_MAIN(cmocka_unit_test(test_places_lie_below_the_root),
	  cmocka_unit_test(test_every_key_has_its_place), cmocka_unit_test(test_mistakes_are_named))
