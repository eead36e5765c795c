/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/profile-in-use.c: the file is found by what it means for this container. */
#include <sys/stat.h>

#include "ctl/profile-in-use.h"
#include "tests/unit/folder-fixture.h"

#define RULE(names) "{\"names\":[" names "],\"action\":\"SCMP_ACT_ALLOW\"}"
#define GATED                                                                                      \
	"{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_BPF\"]}" \
	"}"
#define P(rules) "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" rules "]}"

/* A container that runs under the OCI form @json. */
static void run(Instances *all, const char *workload, const char *engine, const char *caps,
		const char *json, const char *source)
{
	static const StateRoots nowhere = { .proc_fd = -1, .root_fd = -1 };
	AppliedProfile applied;
	Container c = { .runtime = engine,
			.seccomp = (char *)(uintptr_t)json,
			.capabilities = (char *)(uintptr_t)caps,
			.profile_source = (char *)(uintptr_t)source };

	snprintf(c.id, sizeof(c.id), "id%zu", all->n);
	assert_int_equal(applied_profile_read(json ? span_of(json) : SPAN_NULL, &applied, NULL), 0);
	assert_int_equal(instances_add_container(all, &nowhere, workload, &c, false, applied.hash),
			 0);
	instances_sort(all);
}

static void find(const Instances *all, const char *workload, FilesInUse *ret, ProfilesInUse **p)
{
	Workload w = { .name = (char *)(uintptr_t)workload };

	assert_int_equal(profiles_in_use_open(folder, p), 0);
	assert_int_equal(profiles_in_use_of(*p, all, NULL, &w, ret), 0);
}

static void test_it_is_found_by_meaning(void **state)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = NULL;
	_cleanup_instances_ Instances all = { 0 };
	_cleanup_files_in_use_ FilesInUse f = { 0 };

	(void)state;
	put("a.json", P(RULE("\"read\",\"write\"")));
	put("b.json", "{ \"syscalls\": [ " RULE("\"write\"") ",\n" RULE(
			      "\"read\",\"openat2\"") " ],\n"
						      " \"defaultAction\": \"SCMP_ACT_ERRNO\", "
						      "\"comment\": \"web\" }");
	put("broken.json", "{ \"defaultAction\": ");
	run(&all, "web", "docker", "", P(RULE("\"read\",\"openat2\",\"write\"")), NULL);
	find(&all, "web", &f, &p);
	assert_true(f.known);
	assert_false(f.differ);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.one, place("b.json"));
}

/* The same file makes different filters: what the container may do decides. */
static void test_its_own_capabilities_decide(void **state)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = NULL;
	_cleanup_instances_ Instances all = { 0 };
	_cleanup_files_in_use_ FilesInUse weak = { 0 };
	_cleanup_files_in_use_ FilesInUse strong = { 0 };
	_cleanup_files_in_use_ FilesInUse oci = { 0 };
	Workload w = { .name = (char *)(uintptr_t) "weak" };

	(void)state;
	put("gated.json", P(RULE("\"read\",\"openat2\"") "," GATED));
	run(&all, "weak", "docker", "CAP_CHOWN", P(RULE("\"read\",\"openat2\"")), NULL);
	run(&all, "strong", "docker", "CAP_BPF", P(RULE("\"read\",\"openat2\"")), NULL);
	run(&all, "oci", "containerd", "", P(RULE("\"read\",\"openat2\",\"bpf\"")), NULL);
	find(&all, "strong", &strong, &p);
	assert_int_equal(strong.n, 0);
	assert_null(strong.one);
	assert_int_equal(profiles_in_use_of(p, &all, NULL, &w, &weak), 0);
	assert_int_equal(weak.n, 1);
	w.name = (char *)(uintptr_t) "oci";
	assert_int_equal(profiles_in_use_of(p, &all, NULL, &w, &oci), 0);
	assert_int_equal(oci.n, 1);
}

static void test_of_several_the_engines_record_picks_one(void **state)
{
	static const char profile[] = P(RULE("\"read\",\"openat2\""));
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = NULL;
	_cleanup_instances_ Instances all = { 0 };
	_cleanup_files_in_use_ FilesInUse open = { 0 };
	_cleanup_files_in_use_ FilesInUse told = { 0 };
	_cleanup_files_in_use_ FilesInUse wrong = { 0 };
	Workload w = { .name = (char *)(uintptr_t) "told" };

	(void)state;
	put("a.json", profile);
	put("b.json", profile);
	put("other.json", P(RULE("\"write\",\"openat2\"")));
	run(&all, "open", "podman", "", profile, NULL);
	run(&all, "told", "podman", "", profile, place("b.json"));
	run(&all, "wrong", "podman", "", profile, place("other.json"));
	find(&all, "open", &open, &p);
	assert_int_equal(open.n, 2);
	assert_null(open.one);
	assert_string_equal(open.paths[0], place("a.json"));
	assert_int_equal(profiles_in_use_of(p, &all, NULL, &w, &told), 0);
	assert_string_equal(told.one, place("b.json"));
	w.name = (char *)(uintptr_t) "wrong";
	assert_int_equal(profiles_in_use_of(p, &all, NULL, &w, &wrong), 0);
	assert_int_equal(wrong.n, 2);
	assert_null(wrong.one);
}

static void test_two_containers_of_a_workload_may_differ(void **state)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = NULL;
	_cleanup_instances_ Instances all = { 0 };
	_cleanup_files_in_use_ FilesInUse f = { 0 };

	(void)state;
	put("a.json", P(RULE("\"read\",\"openat2\"")));
	run(&all, "web", "docker", "", P(RULE("\"read\",\"openat2\"")), NULL);
	run(&all, "web", "docker", "", P(RULE("\"write\",\"openat2\"")), NULL);
	find(&all, "web", &f, &p);
	assert_true(f.differ);
	assert_int_equal(f.n, 1);
	assert_null(f.one);
}

static void test_unconfined_is_no_file(void **state)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = NULL;
	_cleanup_instances_ Instances all = { 0 };
	_cleanup_files_in_use_ FilesInUse f = { 0 };

	(void)state;
	put("a.json", "{}");
	run(&all, "free", "docker", "", NULL, NULL);
	find(&all, "free", &f, &p);
	assert_false(f.known);
	assert_int_equal(f.n, 0);
}

static void test_what_is_no_profile_is_told_once(void **state)
{
	_cleanup_(profiles_in_use_freep) ProfilesInUse *p = NULL;
	_cleanup_instances_ Instances all = { 0 };
	_cleanup_files_in_use_ FilesInUse f = { 0 };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	(void)state;
	put("bad.json", "{ \"defaultAction\": \"SCMP_ACT_LOG\",\n }");
	put("good.json", P(RULE("\"read\"")));
	run(&all, "web", "docker", "", P(RULE("\"write\"")), NULL);
	run(&all, "web", "docker", "CAP_KILL", P(RULE("\"write\"")), NULL);
	run(&all, "web", "podman", "", P(RULE("\"write\"")), NULL);
	find(&all, "web", &f, &p);
	assert_int_equal(f.n, 0);
	assert_int_equal(profiles_in_use_explain_none(p, &b), 0);
	assert_non_null(strstr(b.p, "none of the 2 files in ProfilePath="));
	assert_non_null(strstr(b.p, "1 of them is no profile"));
	assert_non_null(strstr(b.p, "bad.json:2: "));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(TEST(test_it_is_found_by_meaning), TEST(test_its_own_capabilities_decide),
	  TEST(test_of_several_the_engines_record_picks_one),
	  TEST(test_two_containers_of_a_workload_may_differ), TEST(test_unconfined_is_no_file),
	  TEST(test_what_is_no_profile_is_told_once), )
