/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/config/profile-path.c */
#include <errno.h>
#include <string.h>

#include "config/profile-path.h"
#include "tests/unit/unit.h"

static int take(const char *section, const char *key, const char *value, char **path)
{
	const ConfigLine line = { .file = "f", .section = section, .key = key, .value = value };
	Diag d = { 0 };
	int r = profile_path_take(&line, path, &d);

	assert_int_equal(r < 0, d.text[0] != '\0');
	return r;
}

static void test_places_are_absolute(void **state)
{
	static const char *const bad[] = { "profiles", "/a:b", "/a::/b", ":/a", "/a:" };
	_cleanup_free_ char *path = NULL;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(bad); i++)
		assert_int_equal(take("seccompd", "ProfilePath", bad[i], &path), -EINVAL);
	assert_null(path);
	assert_int_equal(take("seccompd", "ProfilePath", PROFILE_PATH_DEFAULT, &path), 1);
	assert_string_equal(path, PROFILE_PATH_DEFAULT);
	assert_int_equal(take("seccompd", "ProfilePath", "", &path), 1);
	assert_string_equal(path, "");
}

static void test_other_keys_are_left_alone(void **state)
{
	char *path = NULL;

	(void)state;
	assert_int_equal(take("seccompd", "Ledger", "/a", &path), 0);
	assert_int_equal(take("state", "ProfilePath", "/a", &path), 0);
	assert_int_equal(take("seccompd", NULL, NULL, &path), 0);
	assert_null(path);
}

static void test_there_is_a_limit(void **state)
{
	char value[2 * PROFILE_PATH_PLACES_MAX * 2 + 8] = "/a", *path = NULL;

	(void)state;
	for (unsigned i = 1; i < PROFILE_PATH_PLACES_MAX; i++)
		strcat(value, ":/a");
	assert_int_equal(take("seccompd", "ProfilePath", value, &path), 1);
	strcat(value, ":/a");
	assert_int_equal(take("seccompd", "ProfilePath", value, &path), -EINVAL);
	free(path);
}

UNIT_MAIN(cmocka_unit_test(test_places_are_absolute),
	  cmocka_unit_test(test_other_keys_are_left_alone),
	  cmocka_unit_test(test_there_is_a_limit), )
