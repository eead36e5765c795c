/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/runtime: state that is hostile, of somebody else, or says nothing, confirms nobody. */
#include "tests/unit/runtime-world.h"

static void be_link(const char *path)
{
	char other[800];

	snprintf(other, sizeof(other), "%s.real", path);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(strrchr(other, '/') + 1, path), 0);
}

static void be_fifo(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void be_large(const char *path)
{
	assert_int_equal(truncate(path, 100 << 20), 0);
}

static void be_half(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size / 2), 0);
}

static void be_another_s(const char *path)
{
	assert_int_equal(lchown(path, 4711, 4711), 0);
}

/* Each file of each runtime in turn. Where it is the only one, it must not be believed. */
static void test_hostile_files_confirm_nothing(void **state)
{
	static void (*const spoil[])(const char *path) = { be_link, be_fifo, be_large, be_half,
							   be_another_s };
	Tree *t = *state;

	if (geteuid() != 0)
		skip(); /* needs files of two owners */
	for (size_t i = 0; i < ELEMENTSOF(cases) * ELEMENTSOF(spoil) * 4; i++) {
		const Case *k = &cases[i / 4 / ELEMENTSOF(spoil)];
		_cleanup_container_ Container c = { 0 };
		const char *spoilt = k->files[i % 4 * 2];
		SubjectKey key;
		Diag d;
		int r;

		/* an empty file has no half, and a missing spec of a bundle is no error */
		if (!spoilt || strstr(spoilt, "address") || strlen(k->files[i % 4 * 2 + 1]) < 3)
			continue;
		for (size_t f = 0; f < ELEMENTSOF(k->files) && k->files[f]; f += 2)
			tree_put(t, k->files[f], k->files[f + 1]);
		tree_chown(t, 1000);
		spoil[i / 4 % ELEMENTSOF(spoil)](tree_place(t, spoilt));
		r = find(t, k->cgroup, &c, &key, &d);
		if (r != 0 && r != -ENOENT && r != -EBADMSG && r != -EAGAIN)
			fail_msg("%s: %d", spoilt, r);
		if (!k->files[2] && r == 0 && c.confirmed &&
		    spoil[i / 4 % ELEMENTSOF(spoil)] != be_half)
			fail_msg("%s: believed, spoilt in way %zu", spoilt,
				 i / 4 % ELEMENTSOF(spoil));
		tree_empty(t);
	}
}

/* Another cgroup than the recorded one: named alike, within another, or an other's. */
static void test_what_was_recorded_elsewhere_confirms_nothing(void **state)
{
	static const char *const seen[] = {
		"/default/redis.one2",
		"/x/default/redis.one",
		"/default/redis.on",
		"/docker/" B "/default/redis.one",
		"/../default/redis.one",
		USER_1000 "/default/redis.one",
		"/default",
		"/redis.one",
		"/default/redis.one (deleted)x",
	};
	Tree *t = *state;

	tree_put(t, "run/containerd" TASKS "default/redis.one/config.json",
		 "{\"linux\":{\"cgroupsPath\":\"/default/redis.one\"}}");
	for (size_t i = 0; i < ELEMENTSOF(seen); i++) {
		_cleanup_container_ Container c = { 0 };
		SubjectKey key;
		Diag d;

		if (find(t, seen[i], &c, &key, &d) == 0 && c.confirmed)
			fail_msg("%s", seen[i]);
	}
}

/* What is behind a container's own cgroup is its root's to name. */
static void test_a_container_cannot_be_another_by_a_name(void **state)
{
	static const char *const seen[] = {
		"/default/redis.one/docker/" A,
		"/default/redis.one/system.slice/docker-" A ".scope",
	};
	Tree *t = *state;

	tree_put(t, "var/lib/docker/containers/" A "/config.v2.json", "{\"ID\":\"" A "\"}");
	tree_put(t, "run/containerd" TASKS "moby/" A "/config.json",
		 "{\"linux\":{\"cgroupsPath\":\"/docker/" A "\"}}");
	t->roots.proc_fd = t->proc_fd;
	for (size_t i = 0; i < ELEMENTSOF(seen); i++) {
		_cleanup_container_ Container c = { 0 };
		SubjectKey key;
		Diag d;

		assert_int_equal(find(t, seen[i], &c, &key, &d), 0);
		assert_false(c.confirmed);
	}
}

static void test_one_id_in_two_namespaces_is_nobodys(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	SubjectKey key;
	Diag d;

	tree_put(t, "run/containerd" TASKS "default/" A "/config.json", "{}");
	tree_put(t, "run/containerd" TASKS "other/" A "/config.json", "{}");
	assert_int_equal(find(t, "/system.slice/nerdctl-" A ".scope", &c, &key, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "two namespaces"));
}

static void test_state_that_says_nothing_ends_no_container(void **state)
{
	static const char *const texts[] = { "[1,2]", "{}", "7", "{\"init_process_pid\":0}",
					     "{\"init_process_pid\":\"x\"}" };
	Tree *t = *state;
	SubjectKey key;
	Diag d;

	t->roots.proc_fd = t->proc_fd;
	tree_put(t, "var/lib/docker/containers/" A "/config.v2.json",
		 "{\"ID\":\"" A "\",\"State\":{\"Running\":true,\"Pid\":7}}");
	tree_put(t, "proc/7/stat", "7 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0\n");
	for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
		_cleanup_container_ Container c = { 0 };

		tree_put(t, "run/docker/runtime-runc/moby/" A "/state.json", texts[i]);
		tree_put(t, "run/containerd" TASKS "moby/" A "/config.json",
			 "{\"linux\":{\"cgroupsPath\":\"/docker/" A "\"}}");
		assert_int_equal(find(t, "/docker/" A, &c, &key, &d), 0);
		assert_true(container_runs(&t->roots, &c));
	}
}

static void test_a_bundle_that_was_edited_since_says_nothing(void **state)
{
	_cleanup_container_ Container c = { 0 };
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = 4102444800 } };
	Tree *t = *state;
	SubjectKey key;
	Diag d;

	tree_put(t, "run/runc/box/state.json",
		 "{\"id\":\"box\",\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/box\"},"
		 "\"config\":{\"labels\":[\"bundle=/b\"]}}");
	tree_put(t, "b/config.json", "{\"linux\":{" LOG_FILTER "}}");
	assert_int_equal(utimensat(AT_FDCWD, tree_place(t, "b/config.json"), times, 0), 0);
	assert_int_equal(find(t, "/box", &c, &key, &d), 0);
	assert_false(c.spec_found);
	assert_null(c.seccomp);
}

/* Files that a user may have made to be misread. */
static void test_a_user_s_files_are_guarded(void **state)
{
	static const char cgroup[] = USER_1000 "/user.slice/crun-box.scope";
	static const char status[] = "run/user/1000/crun/box/status";
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	SubjectKey key;
	Diag d;

	if (geteuid() != 0)
		skip(); /* needs files of two owners */
	tree_put(t, status, "{\"cgroup-path\":\"/user.slice/crun-box.scope\"}");
	/* root's file in the user's tree, and a tree that is not the user's */
	assert_int_equal(find(t, cgroup, &c, &key, &d), -ENOENT);
	tree_chown(t, 1000);
	assert_int_equal(chown(tree_place(t, status), 0, 0), 0);
	assert_int_equal(find(t, cgroup, &c, &key, &d), -EBADMSG);
	assert_non_null(strstr(d.text, "owner"));
	assert_int_equal(chown(tree_place(t, status), 1000, 1000), 0);
	assert_int_equal(find(t, cgroup, &c, &key, &d), 0);
	/* a link to the system's state */
	assert_int_equal(rename(tree_place(t, "run/user/1000/crun"), tree_place(t, "real")),
			 -1 + 1);
	assert_int_equal(symlink("../../../real", tree_place(t, "run/user/1000/crun")), 0);
	container_done(&c);
	assert_int_equal(find(t, cgroup, &c, &key, &d), -ENOENT);
}

UNIT_MAIN(WITH_TREE(test_hostile_files_confirm_nothing),
	  WITH_TREE(test_what_was_recorded_elsewhere_confirms_nothing),
	  WITH_TREE(test_a_container_cannot_be_another_by_a_name),
	  WITH_TREE(test_one_id_in_two_namespaces_is_nobodys),
	  WITH_TREE(test_state_that_says_nothing_ends_no_container),
	  WITH_TREE(test_a_bundle_that_was_edited_since_says_nothing),
	  WITH_TREE(test_a_user_s_files_are_guarded))
