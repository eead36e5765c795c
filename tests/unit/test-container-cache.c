/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/container-cache: what it keeps, for how long, and at what cost. */
#include <errno.h>

#include "daemon/container-cache.h"
#include "tests/unit/unit.h"

#define NOW (UINT64_C(1700000000) * USEC_PER_SEC)

static int setup(void **state)
{
	return container_cache_new(7, (ContainerCache **)state);
}

static int teardown(void **state)
{
	container_cache_free(*state);
	return 0;
}

static SubjectKey key_of(unsigned i)
{
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };

	snprintf(key.name, sizeof(key.name), "%064x", i);
	return key;
}

static const char *path_of(unsigned i, char *buf, size_t size)
{
	snprintf(buf, size, "/docker/%064x", i);
	return buf;
}

static int put(ContainerCache *c, unsigned i, const char *filter, usec_t now)
{
	char path[128], text[16];
	SubjectKey key = key_of(i);
	Container container = { .runtime = "docker", .confirmed = true, .spec_found = true };
	int r;

	snprintf(container.names.name, sizeof(container.names.name), "c%u", i);
	snprintf(container.cgroups_path, sizeof(container.cgroups_path), "%s",
		 path_of(i, path, sizeof(path)));
	snprintf(text, sizeof(text), "/p/%u", i);
	container.seccomp = (char *)(uintptr_t)filter;
	container.profile_source = text;
	assert_int_equal(labels_add(&container.labels, SPAN_LIT("tier"), span_of(text)), 0);
	r = container_cache_put(c, &key, span_of(path), &container, now);
	labels_done(&container.labels);
	return r;
}

static int get(const ContainerCache *c, unsigned i, Container *ret)
{
	SubjectKey key = key_of(i);
	char path[128];

	return container_cache_get(c, &key, span_of(path_of(i, path, sizeof(path))), ret);
}

static bool knows(const ContainerCache *c, unsigned i)
{
	_cleanup_container_ Container found = { 0 };

	return get(c, i, &found) == 0;
}

static void end(ContainerCache *c, unsigned i, usec_t now)
{
	SubjectKey key = key_of(i);
	char path[128];

	container_cache_end(c, &key, span_of(path_of(i, path, sizeof(path))), now);
}

static void test_all_of_it_comes_back(void **state)
{
	_cleanup_container_ Container found = { 0 };
	ContainerCache *c = *state;

	assert_int_equal(put(c, 1, "{\"defaultAction\":\"SCMP_ACT_LOG\"}", NOW), 0);
	end(c, 1, NOW);
	assert_int_equal(get(c, 1, &found), 0);
	assert_string_equal(found.runtime, "docker");
	assert_string_equal(found.names.name, "c1");
	assert_string_equal(found.seccomp, "{\"defaultAction\":\"SCMP_ACT_LOG\"}");
	assert_string_equal(found.profile_source, "/p/1");
	assert_string_equal(labels_get(&found.labels, "tier"), "/p/1");
	assert_null(found.capabilities);
	assert_true(found.confirmed && found.spec_found);
	assert_int_equal(strlen(found.cgroups_path), 72);
}

static int ask(ContainerCache *c, const char *runtime, const char *cgroup)
{
	_cleanup_container_ Container found = { 0 };
	SubjectKey key = key_of(1);

	snprintf(key.runtime, sizeof(key.runtime), "%s", runtime);
	return container_cache_get(c, &key, span_of(cgroup), &found);
}

#define OWN "/docker/0000000000000000000000000000000000000000000000000000000000000001"

static void test_only_its_own_cgroup_and_those_below_are_it(void **state)
{
	ContainerCache *c = *state;

	assert_int_equal(put(c, 1, NULL, NOW), 0);
	assert_int_equal(ask(c, "docker", OWN), 0);
	assert_int_equal(ask(c, "docker", OWN "/init"), 0);
	assert_int_equal(ask(c, "docker", ""), 0);
	assert_int_equal(ask(c, "docker", OWN "x"), -ENOENT);
	assert_int_equal(ask(c, "docker", "/system.slice/evil.service" OWN), -ENOENT);
	assert_int_equal(ask(c, "podman", OWN), -ENOENT);
}

static void test_an_open_subject_is_found_whatever_it_runs(void **state)
{
	ContainerCache *c = *state;
	Container container = { .runtime = "runc" };
	SubjectKey a = { .kind = SUBJECT_HOST, .runtime = "~1", .name = "/bin/a" }, b = a;
	SubjectKey open = subject_open_key(&a);
	_cleanup_container_ Container found = { 0 };

	strcpy(b.runtime, "~2");
	assert_int_equal(container_cache_put(c, &open, SPAN_LIT("/box"), &container, NOW), 0);
	strcpy(a.name, "/bin/b");
	open = subject_open_key(&a);
	assert_int_equal(container_cache_get(c, &open, SPAN_LIT("/box (deleted)"), &found), 0);
	assert_string_equal(found.runtime, "runc");
	open = subject_open_key(&b);
	assert_int_equal(container_cache_get(c, &open, SPAN_LIT("/box"), &found), -ENOENT);
}

static void test_a_filter_of_many_is_held_once(void **state)
{
	_cleanup_free_ char *filter = malloc(50001);
	ContainerCache *c = *state;
	size_t one;

	memset(filter, 'x', 50000);
	filter[50000] = '\0';
	assert_int_equal(put(c, 0, filter, NOW), 0);
	one = container_cache_stats(c).bytes;
	for (unsigned i = 1; i < 1000; i++)
		assert_int_equal(put(c, i, filter, NOW), 0);
	assert_int_equal(container_cache_stats(c).filters, 1);
	assert_int_equal(container_cache_stats(c).running, 1000);
	assert_true(container_cache_stats(c).bytes - one < 1000 * 1024);
	for (unsigned i = 0; i < 1000; i++)
		end(c, i, NOW);
	for (unsigned i = 0; i < CONTAINER_CACHE_MAX; i++)
		assert_int_equal(put(c, 10000 + i, NULL, NOW), 0);
	assert_int_equal(container_cache_stats(c).filters, 0);
}

static void test_a_restarted_one_takes_its_place(void **state)
{
	_cleanup_container_ Container found = { 0 };
	ContainerCache *c = *state;

	assert_int_equal(put(c, 1, "{\"a\":1}", NOW), 0);
	end(c, 1, NOW + 1);
	assert_int_equal(put(c, 1, "{\"b\":1}", NOW + 2), 0);
	assert_int_equal(container_cache_stats(c).running, 1);
	assert_int_equal(container_cache_stats(c).ended, 0);
	assert_int_equal(get(c, 1, &found), 0);
	assert_string_equal(found.seccomp, "{\"b\":1}");
}

static void test_the_oldest_ended_ones_make_room(void **state)
{
	ContainerCache *c = *state;

	for (unsigned i = 0; i < CONTAINER_CACHE_MAX; i++)
		assert_int_equal(put(c, i, NULL, NOW), 0);
	assert_int_equal(put(c, 99999, NULL, NOW), -ENOSPC);
	assert_int_equal(container_cache_stats(c).refused, 1);
	end(c, 20, NOW);
	end(c, 10, NOW + USEC_PER_SEC);
	assert_int_equal(put(c, 99999, NULL, NOW + CONTAINER_CACHE_KEEP), 0);
	assert_false(knows(c, 20));
	assert_true(knows(c, 10));
	assert_int_equal(container_cache_stats(c).evicted, 0);
	assert_int_equal(put(c, 99998, NULL, NOW + CONTAINER_CACHE_KEEP), 0);
	assert_false(knows(c, 10));
	assert_int_equal(container_cache_stats(c).evicted, 1);
}

static void test_only_the_newest_stay_once_the_ledger_has_their_calls(void **state)
{
	ContainerCache *c = *state;
	unsigned n = 2 * CONTAINER_CACHE_ENDED;

	assert_int_equal(put(c, 99999, NULL, NOW), 0);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(put(c, i, NULL, NOW), 0);
		end(c, i, NOW + i);
	}
	/* As long as it has not, all of them do; and behind that for a while. */
	assert_int_equal(container_cache_stats(c).ended, n);
	container_cache_settle(c, NOW + CONTAINER_CACHE_KEEP);
	assert_int_equal(container_cache_stats(c).ended, n);
	container_cache_settle(c, NOW + CONTAINER_CACHE_KEEP + 10);
	assert_int_equal(container_cache_stats(c).ended, n - 10);
	assert_false(knows(c, 9));
	assert_true(knows(c, 10));
	container_cache_settle(c, NOW + 2 * CONTAINER_CACHE_KEEP);
	assert_int_equal(container_cache_stats(c).ended, CONTAINER_CACHE_ENDED);
	assert_false(knows(c, n - CONTAINER_CACHE_ENDED - 1));
	assert_true(knows(c, n - CONTAINER_CACHE_ENDED));
	assert_true(knows(c, 99999));
	assert_int_equal(container_cache_stats(c).evicted, 0);
}

static void test_bytes_are_bounded_as_well(void **state)
{
	ContainerCache *c = *state;
	size_t n = CONTAINER_CACHE_BYTES / 4;
	_cleanup_free_ char *filter = malloc(n + 1);

	memset(filter, 'x', n);
	filter[n] = '\0';
	for (unsigned i = 0; i < 10; i++) {
		filter[0] = (char)('a' + i);
		assert_int_equal(put(c, i, filter, NOW), 0);
		end(c, i, NOW);
		assert_true(container_cache_stats(c).bytes <= CONTAINER_CACHE_BYTES);
	}
	assert_true(knows(c, 9));
	assert_false(knows(c, 0));
}

static void test_a_sweep_ends_what_was_not_seen(void **state)
{
	ContainerCache *c = *state;
	SubjectKey key = key_of(1);

	assert_int_equal(put(c, 1, NULL, NOW), 0);
	assert_int_equal(put(c, 2, NULL, NOW), 0);
	container_cache_unmark(c);
	assert_true(container_cache_runs(c, &key, SPAN_LIT(OWN)));
	assert_int_equal(put(c, 3, NULL, NOW), 0);
	container_cache_sweep(c, NOW);
	assert_int_equal(container_cache_stats(c).running, 2);
	assert_int_equal(container_cache_stats(c).ended, 1);
	assert_true(knows(c, 2));
}

#define CACHE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(CACHE_TEST(test_all_of_it_comes_back),
	  CACHE_TEST(test_only_its_own_cgroup_and_those_below_are_it),
	  CACHE_TEST(test_an_open_subject_is_found_whatever_it_runs),
	  CACHE_TEST(test_a_filter_of_many_is_held_once),
	  CACHE_TEST(test_a_restarted_one_takes_its_place),
	  CACHE_TEST(test_the_oldest_ended_ones_make_room),
	  CACHE_TEST(test_only_the_newest_stay_once_the_ledger_has_their_calls),
	  CACHE_TEST(test_bytes_are_bounded_as_well),
	  CACHE_TEST(test_a_sweep_ends_what_was_not_seen))
