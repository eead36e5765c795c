/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/runtime-*, store, rootless: one state tree for each runtime, and what it must say. */
#include "tests/unit/runtime-world.h"

static void check_case(Tree *t, const Case *k, bool live)
{
	_cleanup_container_ Container c = { 0 };
	WorkloadName name;
	SubjectKey key;
	Diag d;

	t->roots.proc_fd = live ? t->proc_fd : -1;
	if (find(t, k->cgroup, &c, &key, &d) != 0)
		fail_msg("%s: not found: %s", k->cgroup, d.text);
	if (!c.confirmed)
		fail_msg("%s: not confirmed", k->cgroup);
	assert_string_equal(c.runtime, k->runtime);
	assert_string_equal(c.id, k->id);
	assert_string_equal(c.names.name, k->name);
	key.kind = SUBJECT_CONTAINER;
	span_copy(span_of(c.id), key.name, sizeof(key.name));
	workload_name(&(WorkloadFacts){ &key, &c.names, &c.labels, NULL }, &name);
	assert_string_equal(name.text, k->workload);
	assert_int_equal(c.seccomp != NULL, k->filter);
	assert_int_equal(c.no_new_privs, k->filter);
	if (k->filter)
		assert_string_equal(c.capabilities, "CAP_KILL");
	assert_string_equal(c.profile_source ?: "", k->source ?: "");
}

/* A process must be where its container was put; an entry that says nothing of it is too little. */
static bool is_enough_for_a_process(const Case *k)
{
	return !strstr(k->cgroup, "15aa6e53");
}

static void test_each_runtime_confirms_its_own(void **state)
{
	Tree *t = *state;

	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		const Case *k = &cases[i];

		for (size_t f = 0; f < ELEMENTSOF(k->files) && k->files[f]; f += 2)
			tree_put(t, k->files[f], k->files[f + 1]);
		if (strstr(k->cgroup, "user-1000"))
			tree_chown(t, 1000);
		check_case(t, k, false);
		if (is_enough_for_a_process(k))
			check_case(t, k, true);
		tree_empty(t);
	}
}

static void test_without_state_nothing_is_confirmed(void **state)
{
	Tree *t = *state;

	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_container_ Container c = { 0 };
		SubjectKey key;
		Diag d;

		assert_int_equal(find(t, cases[i].cgroup, &c, &key, &d), -ENOENT);
	}
}

static void test_an_init_process_confirms_by_its_start_time(void **state)
{
	_cleanup_container_ Container c = { 0 }, later = { 0 };
	Tree *t = *state;
	SubjectKey key;
	Diag d;

	t->roots.proc_fd = t->proc_fd;
	tree_put(t, "run/docker/runtime-runc/moby/" A "/state.json",
		 "{\"id\":\"" A "\",\"init_process_pid\":7,\"init_process_start\":4242}");
	tree_put(t, "run/containerd" TASKS "moby/" A "/config.json",
		 "{\"linux\":{\"cgroupsPath\":\"relative/" A "\"}}");
	tree_put(t, "proc/7/stat", "7 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0\n");
	tree_put(t, "proc/7/cgroup", "0::/up/relative/" A "\n");
	assert_int_equal(find(t, "/up/relative/" A, &c, &key, &d), 0);
	assert_int_equal(c.basis, CONTAINER_BY_INIT);
	assert_true(c.confirmed && container_runs(&t->roots, &c));
	/* the pid is another process's by now */
	tree_put(t, "proc/7/stat", "7 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4243 0\n");
	assert_int_equal(find(t, "/up/relative/" A, &later, &key, &d), 0);
	assert_false(later.confirmed || container_runs(&t->roots, &later));
}

/* What runc keeps for an engine is no container of its own. */
static int count(const Container *c, void *userdata)
{
	char *seen = userdata;

	snprintf(seen + strlen(seen), 512 - strlen(seen), "%s:%s%s%s ", c->runtime,
		 c->names.name[0] ? c->names.name : "-", c->names.user[0] ? "@" : "",
		 c->names.user);
	return 0;
}

static void test_each_lists_all_runtimes_and_users(void **state)
{
	Tree *t = *state;
	char seen[512] = "";
	Diag d;

	tree_put(t, "run/containerd" TASKS "default/one/config.json", "{}");
	tree_put(t, "run/containerd" TASKS "moby/" A "/config.json", "{}");
	tree_put(t, "run/runc/two/state.json", "{\"id\":\"two\"}");
	tree_put(t, "run/runc/" A "/state.json",
		 "{\"id\":\"" A "\",\"config\":{\"labels\":[\"bundle="
		 "/var/lib/containers/storage/overlay-containers/" A "/userdata\"]}}");
	tree_put(t, "run/crun/three/status", "{}");
	tree_put(t, "run/crun/" A "/status", "{}");
	tree_put(t, "run/crun/" A "/config.json",
		 "{\"annotations\":{\"io.container.manager\":\"libpod\"}}");
	tree_put(t, "var/lib/lxc/four/config", "");
	tree_put(t, "run/systemd/machines/five", "NAME=five\nCLASS=container\n");
	tree_put(t, "run/systemd/machines/six", "NAME=six\nCLASS=vm\n");
	tree_put(t, "run/user/1000/crun/seven/status", "{}");
	tree_chown(t, 1000);
	assert_int_equal(container_each(&t->roots, count, seen, &d), 0);
	assert_string_equal(seen, "containerd:one runc:two crun:three lxc:four nspawn:five "
				  "crun:seven@1000 ");
}

static void test_homes(void **state)
{
	static const char passwd[] =
		"root:x:0:0:root:/root:/bin/sh\nx:x:7\nu:x:1000:7:G:/home/u:/b\n"
		"v:x:1001:7:G:/home/v\nw:x:1002:7:G:relative:/b\n";
	char home[32];

	(void)state;
	assert_true(rootless_home_parse(span_of(passwd), 1000, home, sizeof(home)));
	assert_string_equal(home, "home/u");
	assert_false(rootless_home_parse(span_of(passwd), 7, home, sizeof(home)));
	assert_false(rootless_home_parse(span_of(passwd), 1001, home, sizeof(home)));
	assert_false(rootless_home_parse(span_of(passwd), 1002, home, sizeof(home)));
	assert_false(rootless_home_parse(SPAN_LIT(""), 0, home, sizeof(home)));
}

static void test_crio_init_process(void **state)
{
	Container c = { 0 };
	Diag d;

	(void)state;
	assert_int_equal(
		crio_state_parse(SPAN_LIT("{\"pid\":5,\"initPid\":7,\"initStartTime\":\"4242\"}"),
				 &c, &d),
		0);
	assert_int_equal(c.init_pid, 7);
	assert_int_equal(c.init_start, 4242);
	assert_int_equal(crio_state_parse(SPAN_LIT("[]"), &c, &d), -EBADMSG);
}

UNIT_MAIN(WITH_TREE(test_each_runtime_confirms_its_own),
	  WITH_TREE(test_without_state_nothing_is_confirmed),
	  WITH_TREE(test_an_init_process_confirms_by_its_start_time),
	  WITH_TREE(test_each_lists_all_runtimes_and_users), cmocka_unit_test(test_homes),
	  cmocka_unit_test(test_crio_init_process))
