/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/runtime-*, store, rootless: one state tree for each runtime, and what it must say. */
#include <errno.h>
#include <sys/stat.h>

#include "state/rootless.h"
#include "state/runtime.h"
#include "tests/unit/state-tree.h"
#include "tests/unit/unit.h"

#define A "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define B "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000"
#define POD "7d3b2a10-4c5e-4f60-8a9b-0c1d2e3f4a5b"
#define POD_ "7d3b2a10_4c5e_4f60_8a9b_0c1d2e3f4a5b"
#define TASKS "/io.containerd.runtime.v2.task/"
#define USER_1000 "/user.slice/user-1000.slice/user@1000.service"
#define LOG_FILTER "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\"}"
#define PROCESS \
	"\"process\":{\"noNewPrivileges\":true,\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}"

typedef struct Case {
	const char *cgroup;   /* seen */
	const char *files[9]; /* path, text, path, text... */
	const char *runtime, *id, *name, *workload;
	bool filter; /* the LOG filter, CAP_KILL and no_new_privs are known */
	const char *source;
} Case;

static const Case cases[] = {
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_
	  ".slice/cri-containerd-" A ".scope",
	  { "run/containerd" TASKS "k8s.io/" A "/config.json",
	    "{" PROCESS ",\"linux\":{\"cgroupsPath\":\"kubepods-burstable-pod" POD_
	    ".slice:cri-containerd:" A "\"," LOG_FILTER "},\"annotations\":{"
	    "\"com.docker.compose.project\":\"forged\",\"com.docker.compose.service\":\"x\","
	    "\"io.kubernetes.cri.container-type\":\"container\","
	    "\"io.kubernetes.cri.container-name\":\"app\","
	    "\"io.kubernetes.cri.image-name\":\"r.example/app:1\","
	    "\"io.kubernetes.cri.sandbox-namespace\":\"prod\","
	    "\"io.kubernetes.cri.sandbox-name\":\"web\"}}" },
	  "containerd",
	  A,
	  "app",
	  "k8s:prod/web/app",
	  true,
	  NULL },
	{ "/kubepods/besteffort/pod" POD "/" A,
	  { "run/k3s/containerd" TASKS "k8s.io/" A "/config.json",
	    "{" PROCESS ",\"linux\":{\"cgroupsPath\":\"/kubepods/besteffort/pod" POD "/" A
	    "\"," LOG_FILTER "},\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\","
	    "\"io.kubernetes.cri.sandbox-namespace\":\"prod\","
	    "\"io.kubernetes.cri.sandbox-name\":\"web\"}}" },
	  "containerd",
	  A,
	  "",
	  "k8s:prod/web/POD",
	  true,
	  NULL },
	{ "/system.slice/nerdctl-" A ".scope",
	  { "run/containerd" TASKS "default/" A "/config.json",
	    "{" PROCESS ",\"linux\":{\"cgroupsPath\":\"system.slice:nerdctl:" A "\"," LOG_FILTER
	    "},\"annotations\":{\"nerdctl/name\":\"db\"}}" },
	  "containerd",
	  A,
	  "db",
	  "containerd:db",
	  true,
	  NULL },
	{ "/kubepods.slice/kubepods-pod" POD_ ".slice/crio-" A ".scope/container",
	  { "run/containers/storage/overlay-containers/" A "/userdata/config.json",
	    "{" PROCESS ",\"linux\":{\"cgroupsPath\":\"kubepods-pod" POD_ ".slice:crio:" A
	    "\"," LOG_FILTER "},\"annotations\":{\"io.container.manager\":\"cri-o\","
	    "\"io.kubernetes.cri-o.ContainerType\":\"container\","
	    "\"io.kubernetes.cri-o.Name\":\"k8s_app\","
	    "\"io.kubernetes.cri-o.Labels\":\"{\\\"io.kubernetes.pod.name\\\":\\\"web\\\","
	    "\\\"io.kubernetes.pod.namespace\\\":\\\"prod\\\","
	    "\\\"io.kubernetes.container.name\\\":\\\"app\\\"}\","
	    "\"io.kubernetes.cri-o.SeccompProfilePath\":\"localhost/a.json\"}}",
	    "var/lib/containers/storage/overlay-containers/containers.json", "[]" },
	  "crio",
	  A,
	  "k8s_app",
	  "k8s:prod/web/app",
	  true,
	  "localhost/a.json" },
	{ "/default/redis.one",
	  { "run/containerd" TASKS "default/redis.one/config.json",
	    "{" PROCESS ",\"linux\":{\"cgroupsPath\":\"/default/redis.one\"," LOG_FILTER "}}",
	    /* the same id elsewhere is another container */
	    "run/containerd" TASKS "other/redis.one/config.json",
	    "{\"linux\":{\"cgroupsPath\":\"/other/redis.one\"}}" },
	  "containerd",
	  "redis.one",
	  "redis.one",
	  "containerd:redis.one",
	  true,
	  NULL },
	{ "/k8s.io/only-a-bundle",
	  { "run/containerd" TASKS "k8s.io/only-a-bundle/address", "" },
	  "containerd",
	  "only-a-bundle",
	  "only-a-bundle",
	  "containerd:only-a-bundle",
	  false,
	  NULL },
	{ "/kubepods/besteffort/pod" POD "/15aa6e53-b09a-40c7-8558-c6c31e36c88a",
	  { "run/containerd" TASKS "k8s.io/15aa6e53-b09a-40c7-8558-c6c31e36c88a/config.json",
	    "{}" },
	  "containerd",
	  "15aa6e53-b09a-40c7-8558-c6c31e36c88a",
	  "15aa6e53-b09a-40c7-8558-c6c31e36c88a",
	  "containerd:15aa6e53-b09a-40c7-8558-c6c31e36c88a",
	  false,
	  NULL },
	{ "/my/cgroup",
	  { "srv/bundle/config.json", "{" PROCESS ",\"linux\":{" LOG_FILTER "}}",
	    "run/runc/box/state.json",
	    "{\"id\":\"box\",\"init_process_pid\":7,\"init_process_start\":9,\"cgroup_paths\":{"
	    "\"\":\"/sys/fs/cgroup/unified/else\",\"pids\":\"/sys/fs/cgroup/pids/my/cgroup\"},"
	    "\"config\":{\"labels\":[\"bundle=/srv/bundle\"]}}" },
	  "runc",
	  "box",
	  "box",
	  "runc:box",
	  true,
	  NULL },
	{ "/system.slice/runc-box.scope",
	  { "run/runc/box/state.json", "{\"id\":\"box\",\"cgroup_paths\":{\"\":\"/sys/fs/cgroup/"
				       "system.slice/runc-box.scope\"}}" },
	  "runc",
	  "box",
	  "box",
	  "runc:box",
	  false,
	  NULL },
	{ "/user.slice/user-0.slice/session-3.scope/box",
	  { "run/runc/box/state.json",
	    "{\"id\":\"box\",\"cgroup_paths\":{\"\":"
	    "\"/sys/fs/cgroup/user.slice/user-0.slice/session-3.scope/box\"}}" },
	  "runc",
	  "box",
	  "box",
	  "runc:box",
	  false,
	  NULL },
	{ "/system.slice/crun-box.scope/container",
	  { "run/crun/box/status",
	    "{\"pid\":7,\"process-start-time\":9,"
	    "\"cgroup-path\":\"/system.slice/crun-box.scope/container\"}",
	    "run/crun/box/config.json", "{" PROCESS ",\"linux\":{" LOG_FILTER "}}" },
	  "crun",
	  "box",
	  "box",
	  "crun:box",
	  true,
	  NULL },
	{ "/elsewhere/x",
	  { "run/crun/box/status", "{\"pid\":7,\"cgroup-path\":\"/elsewhere/x\"}" },
	  "crun",
	  "box",
	  "box",
	  "crun:box",
	  false,
	  NULL },
	{ "/lxc.payload.web/init.scope",
	  { "var/lib/lxc/web/config",
	    "# comment\nlxc.uts.name = web\nlxc.seccomp.profile = /etc/lxc/web.seccomp\n" },
	  "lxc",
	  "web",
	  "web",
	  "lxc:web",
	  false,
	  "/etc/lxc/web.seccomp" },
	{ "/lxc.payload.web-1",
	  { "var/lib/lxc/web/config", "lxc.uts.name = web\n" },
	  "lxc",
	  "web-1",
	  "web",
	  "lxc:web",
	  false,
	  NULL },
	{ "/lxc.payload.ci_web",
	  { "var/lib/incus/security/seccomp/ci_web", "2\n" },
	  "lxc",
	  "ci_web",
	  "ci_web",
	  "lxc:ci_web",
	  false,
	  "/var/lib/incus/security/seccomp/ci_web" },
	{ "/machine.slice/machine-my\\x2dbox.scope/payload",
	  { "run/systemd/machines/my-box",
	    "# This is private data. Do not parse.\nNAME=my-box\nSCOPE=machine-my\\x2dbox.scope\n"
	    "LEADER=12\nCLASS=container\n" },
	  "nspawn",
	  "my-box",
	  "my-box",
	  "nspawn:my-box",
	  false,
	  NULL },
	{ USER_1000 "/user.slice/libpod-" A ".scope/container",
	  { "etc/passwd", "root:x:0:0::/root:/bin/sh\nu:x:1000:1000:U:/home/u:/bin/sh\n",
	    "home/u/.local/share/containers/storage/overlay-containers/containers.json",
	    "[{\"id\":\"" A "\",\"names\":[\"web\"]}]",
	    "home/u/.local/share/containers/storage/overlay-containers/" A "/userdata/config.json",
	    "{" PROCESS ",\"linux\":{\"cgroupsPath\":\"user.slice:libpod:" A "\"," LOG_FILTER
	    "}}" },
	  "podman",
	  A,
	  "web",
	  "podman:web@1000",
	  true,
	  NULL },
	{ USER_1000 "/user.slice/crun-box.scope",
	  { "run/user/1000/crun/box/status",
	    "{\"pid\":7,\"cgroup-path\":\"" USER_1000 "/user.slice/crun-box.scope\"}" },
	  "crun",
	  "box",
	  "box",
	  "crun:box@1000",
	  false,
	  NULL },
	/* the bundle alone, when the data root is elsewhere; and no bundle, when it has ended */
	{ "/docker/" A,
	  { "run/containerd" TASKS "moby/" A "/config.json",
	    "{" PROCESS ",\"linux\":{\"cgroupsPath\":\"/docker/" A "\"," LOG_FILTER "}}" },
	  "docker",
	  A,
	  "",
	  "docker:" A,
	  true,
	  NULL },
	{ "/docker/" A,
	  { "var/lib/docker/containers/" A "/config.v2.json",
	    "{\"ID\":\"" A "\",\"Name\":\"/web\",\"Image\":\"sha256:1\"}" },
	  "docker",
	  A,
	  "web",
	  "docker:web",
	  false,
	  NULL },
};

/* As identify does it. */
static int find(Tree *t, const char *cgroup, Container *c, SubjectKey *key, Diag *d)
{
	CgroupIdentity id;

	*d = (Diag){ 0 };
	cgroup_identify_path(span_of(cgroup), &id);
	subject_of_identity(&id, SPAN_LIT("/bin/x"), key);
	if (key->kind == SUBJECT_CONTAINER)
		return container_find(&t->roots, key->runtime, key->name, id.path, c, d);
	return container_find_open(&t->roots, &id, true, c, d);
}

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

#define WITH_TREE(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

UNIT_MAIN(WITH_TREE(test_each_runtime_confirms_its_own),
	  WITH_TREE(test_without_state_nothing_is_confirmed),
	  WITH_TREE(test_hostile_files_confirm_nothing),
	  WITH_TREE(test_what_was_recorded_elsewhere_confirms_nothing),
	  WITH_TREE(test_a_container_cannot_be_another_by_a_name),
	  WITH_TREE(test_one_id_in_two_namespaces_is_nobodys),
	  WITH_TREE(test_an_init_process_confirms_by_its_start_time),
	  WITH_TREE(test_state_that_says_nothing_ends_no_container),
	  WITH_TREE(test_a_bundle_that_was_edited_since_says_nothing),
	  WITH_TREE(test_each_lists_all_runtimes_and_users),
	  WITH_TREE(test_a_user_s_files_are_guarded), cmocka_unit_test(test_homes),
	  cmocka_unit_test(test_crio_init_process))
