/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/container: looking an id up in trees that a runtime, or somebody else, left. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

#include "state/container.h"
#include "tests/unit/unit.h"
#include "util/file.h"

#define ID_A "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define ID_B "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000"

#define DOCKER_CONFIG "var/lib/docker/containers/" ID_A "/config.v2.json"
#define DOCKER_BUNDLE "run/containerd/io.containerd.runtime.v2.task/moby/" ID_A "/config.json"
#define DOCKER_OWN_BUNDLE \
	"run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/" ID_A "/config.json"
#define PODMAN_LIST "var/lib/containers/storage/overlay-containers/containers.json"
#define PODMAN_CONFIG "var/lib/containers/storage/overlay-containers/" ID_A "/userdata/config.json"
#define PODMAN_PID "run/containers/storage/overlay-containers/" ID_A "/userdata/pidfile"

#define DOCKER_TEXT                                                      \
	"{\"ID\":\"" ID_A "\",\"Name\":\"/web\",\"State\":{\"Pid\":42}," \
	"\"Config\":{\"Image\":\"nginx:1\"}}\n"
#define SPEC(path, manager)                                                       \
	"{\"annotations\":{\"io.container.manager\":\"" manager "\"},"            \
	"\"linux\":{\"cgroupsPath\":\"" path "\",\"seccomp\":{\"defaultAction\":" \
	"\"SCMP_ACT_LOG\"}}}"

typedef struct Tree {
	char dir[64];
	StateRoots roots;
} Tree;

static int setup(void **state)
{
	Tree *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	strcpy(t->dir, "/tmp/seccompd-test-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	t->roots.proc_fd = -1;
	t->roots.root_fd = open(t->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(t->roots.root_fd >= 0);
	*state = t;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int teardown(void **state)
{
	Tree *t = *state;

	close(t->roots.root_fd);
	nftw(t->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(t);
	return 0;
}

/* The full path of @name below the tree, with the folders before it made. */
static const char *place(Tree *t, const char *name)
{
	static char path[512];
	int n = snprintf(path, sizeof(path), "%s/%s", t->dir, name);

	assert_true(n > 0 && (size_t)n < sizeof(path));
	for (char *c = path + strlen(t->dir) + 1; (c = strchr(c, '/')); c++) {
		*c = '\0';
		mkdir(path, 0755);
		*c = '/';
	}
	return path;
}

static void put(Tree *t, const char *name, const char *text)
{
	assert_int_equal(file_replace(place(t, name), span_of(text), 0600), 0);
}

static int find(Tree *t, const char *runtime, const char *cgroup, Container *c, Diag *d)
{
	*d = (Diag){ 0 };
	return container_find(&t->roots, runtime, ID_A, span_of(cgroup), c, d);
}

static void test_docker_is_found_and_confirmed(void **state)
{
	Tree *t = *state;
	Diag d;

	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	put(t, DOCKER_BUNDLE, SPEC("/docker/" ID_A, ""));
	for (int i = 0; i < 2; i++) {
		_cleanup_container_ Container c = { 0 };

		assert_int_equal(find(t, i ? "docker" : NULL, "/docker/" ID_A, &c, &d), 0);
		assert_string_equal(c.runtime, "docker");
		assert_string_equal(c.id, ID_A);
		assert_true(c.confirmed && c.spec_found);
		assert_string_equal(c.names.name, "web");
		assert_string_equal(c.names.image, "nginx:1");
		assert_string_equal(c.seccomp, "{\"defaultAction\":\"SCMP_ACT_LOG\"}");
		assert_int_equal(c.init_pid, 42);
	}
}

static void test_docker_with_a_containerd_of_its_own(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;

	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	put(t, DOCKER_OWN_BUNDLE, SPEC("system.slice:docker:" ID_A, ""));
	assert_int_equal(find(t, "docker", "/system.slice/docker-" ID_A ".scope (deleted)", &c, &d),
			 0);
	assert_true(c.confirmed && c.spec_found);
}

static void test_podman_is_found_and_confirmed(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;

	put(t, PODMAN_LIST,
	    "[{\"id\":\"" ID_A
	    "\",\"names\":[\"web\"],\"metadata\":\"{\\\"image-name\\\":\\\"i\\\"}\"}]");
	put(t, PODMAN_CONFIG, SPEC("/libpod_parent/libpod-" ID_A, "libpod"));
	put(t, PODMAN_PID, "4711");
	assert_int_equal(find(t, "podman", "/libpod_parent/libpod-" ID_A, &c, &d), 0);
	assert_string_equal(c.runtime, "podman");
	assert_true(c.confirmed && c.spec_found);
	assert_string_equal(c.names.name, "web");
	assert_string_equal(c.names.image, "i");
	assert_int_equal(c.init_pid, 4711);
}

/* Podman copies what an image is annotated with, whatever that is. */
static void test_annotations_of_a_podman_image_name_nobody(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;

	put(t, PODMAN_LIST, "[{\"id\":\"" ID_A "\",\"names\":[\"innocent\"]}]");
	put(t, PODMAN_CONFIG,
	    "{\"linux\":{\"cgroupsPath\":\"/libpod_parent/libpod-" ID_A "\"},\"annotations\":{"
	    "\"io.container.manager\":\"cri-o\",\"com.docker.compose.project\":\"shop\","
	    "\"com.docker.compose.service\":\"web\",\"io.kubernetes.cri.container-name\":\"web\","
	    "\"io.kubernetes.cri.container-type\":\"sandbox\",\"tier\":\"db\"}}");
	assert_int_equal(find(t, "podman", "/libpod_parent/libpod-" ID_A, &c, &d), 0);
	assert_true(c.confirmed && c.spec_found && !c.sandbox);
	assert_string_equal(c.names.name, "innocent");
	assert_string_equal(c.names.compose_project, "");
	assert_string_equal(c.names.k8s_container, "");
	assert_string_equal(labels_get(&c.labels, "tier"), "db");
}

static void test_cri_o_in_the_same_store_is_not_podman(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;

	put(t, PODMAN_LIST,
	    "[{\"id\":\"" ID_A "\",\"names\":[\"k8s_web\"],\"metadata\":"
	    "\"{\\\"pod-name\\\":\\\"web\\\",\\\"pod-id\\\":\\\"" ID_B "\\\"}\"}]");
	put(t, PODMAN_CONFIG, SPEC("/x", "cri-o"));
	assert_int_equal(find(t, "podman", "", &c, &d), -ENOENT);
}

static void test_another_path_contradicts(void **state)
{
	static const char *const others[] = {
		"/elsewhere/" ID_A,
		"/system.slice/docker-" ID_A ".scope",
		/* made inside of another container */
		"/docker/" ID_B "/docker/" ID_A,
		/* the monitor of it */
		"/machine.slice/libpod-conmon-" ID_A ".scope",
	};
	Tree *t = *state;
	Diag d;

	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	put(t, DOCKER_BUNDLE, SPEC("/docker/" ID_A, ""));
	for (size_t i = 0; i < ELEMENTSOF(others); i++) {
		_cleanup_container_ Container c = { 0 };

		assert_int_equal(find(t, NULL, others[i], &c, &d), 0);
		assert_false(c.confirmed);
	}
}

static void test_a_user_s_tree_is_not_the_systems(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;

	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	put(t, DOCKER_BUNDLE, SPEC("/docker/" ID_A, ""));
	assert_int_equal(
		find(t, NULL, "/user.slice/user-7.slice/user@7.service/docker/" ID_A, &c, &d),
		-ENOENT);
}

static int note(const Container *c, void *userdata)
{
	char *seen = userdata;

	strcat(seen, c->runtime);
	strcat(seen, " ");
	strcat(seen, c->names.name);
	strcat(seen, c->id[0] == 'a' ? " a\n" : " b\n");
	return 0;
}

static int stop(const Container *c, void *userdata)
{
	(void)c;
	++*(int *)userdata;
	return 7;
}

static void test_each_container_is_shown_once(void **state)
{
	Tree *t = *state;
	char seen[256] = "";
	Diag d = { 0 };
	int n = 0;

	assert_int_equal(container_each(&t->roots, note, seen, &d), 0);
	assert_string_equal(seen, "");
	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	put(t, PODMAN_LIST,
	    "[{\"id\":\"" ID_A "\",\"names\":[\"db\"]},{\"id\":\"" ID_B
	    "\",\"names\":[\"mq\"]},{\"id\":\"../x\"}]");
	assert_int_equal(container_each(&t->roots, note, seen, &d), 0);
	assert_string_equal(seen, "docker web a\npodman db a\npodman mq b\n");
	assert_int_equal(container_each(&t->roots, stop, &n, &d), 7);
	assert_int_equal(n, 1);
}

static void test_one_broken_entry_hides_no_other(void **state)
{
	Tree *t = *state;
	char seen[256] = "";
	Diag d = { 0 };

	put(t, "var/lib/docker/containers/" ID_B "/config.v2.json", "nonsense");
	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	put(t, PODMAN_LIST, "[{\"id\":\"" ID_A "\",\"names\":[\"db\"]}]");
	assert_int_equal(container_each(&t->roots, note, seen, &d), -EBADMSG);
	assert_string_equal(seen, "docker web a\npodman db a\n");
	assert_non_null(strstr(d.text, ID_B));
}

static void test_unknown_ids(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d = { 0 };

	assert_int_equal(find(t, NULL, "", &c, &d), -ENOENT);
	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	assert_int_equal(find(t, "podman", "", &c, &d), -ENOENT);
	assert_int_equal(find(t, "lxc", "", &c, &d), -ENOENT);
	assert_int_equal(container_find(&t->roots, NULL, ID_B, SPAN_NULL, &c, &d), -ENOENT);
	assert_int_equal(container_find(&t->roots, NULL, "../" ID_A, SPAN_NULL, &c, &d), -ENOENT);
	assert_int_equal(container_find(&t->roots, NULL, "..", SPAN_NULL, &c, &d), -ENOENT);
	assert_int_equal(find(t, "oci-unknown", "/x/" ID_A, &c, &d), 0);
	assert_false(c.spec_found);
	assert_null(c.seccomp);
}

static void refused(Tree *t, const char *what)
{
	Container c = { 0 };
	Diag d;

	assert_int_equal(find(t, NULL, "", &c, &d), -EBADMSG);
	if (!strstr(d.text, what))
		fail_msg("\"%s\" does not say \"%s\"", d.text, what);
	assert_null(c.seccomp);
}

static void test_links_are_not_followed(void **state)
{
	Tree *t = *state;

	put(t, "elsewhere", DOCKER_TEXT);
	assert_int_equal(symlink("../../../../../elsewhere", place(t, DOCKER_CONFIG)), 0);
	refused(t, "symbolic link");
	assert_int_equal(unlink(place(t, DOCKER_CONFIG)), 0);
	assert_int_equal(rmdir(place(t, "var/lib/docker/containers/" ID_A)), 0);
	put(t, "folder/config.v2.json", DOCKER_TEXT);
	assert_int_equal(symlink("../../../../folder", place(t, "var/lib/docker/containers/" ID_A)),
			 0);
	refused(t, "symbolic link");
}

static void test_the_way_to_the_state_may_be_a_link(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;

	put(t, "data/containers/" ID_A "/config.v2.json", DOCKER_TEXT);
	/* absolute: within the root that was given, not the host's */
	assert_int_equal(symlink("/data", place(t, "var/lib/docker")), 0);
	assert_int_equal(find(t, NULL, "", &c, &d), 0);
	assert_string_equal(c.names.name, "web");
}

static void test_fifo_and_folder_are_refused(void **state)
{
	Tree *t = *state;

	assert_int_equal(mkfifo(place(t, DOCKER_CONFIG), 0600), 0);
	refused(t, "no regular file");
	assert_int_equal(unlink(place(t, DOCKER_CONFIG)), 0);
	assert_int_equal(mkdir(place(t, DOCKER_CONFIG), 0700), 0);
	refused(t, "no regular file");
}

static void test_large_file_is_refused(void **state)
{
	Tree *t = *state;

	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	assert_int_equal(truncate(place(t, DOCKER_CONFIG), 5 << 20), 0);
	refused(t, "too large");
}

static void test_half_written_file_asks_for_patience(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;

	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	put(t, DOCKER_BUNDLE, "{\"linux\":{\"seccomp\":{\"defaultAct");
	assert_int_equal(find(t, NULL, "/docker/" ID_A, &c, &d), -EAGAIN);
	put(t, DOCKER_BUNDLE, "");
	assert_int_equal(find(t, NULL, "/docker/" ID_A, &c, &d), -EAGAIN);
}

static void test_wrong_types_are_refused(void **state)
{
	Tree *t = *state;

	put(t, DOCKER_CONFIG, "[1]");
	refused(t, "another container");
	put(t, DOCKER_CONFIG, "not json");
	refused(t, "invalid JSON");
	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	put(t, DOCKER_BUNDLE, "{\"linux\":{\"seccomp\":\"none\"}}");
	refused(t, "seccomp is no object");
}

static void test_no_permission_is_said(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;
	int r;

	/* root can be anybody for a while; anybody else just locks himself out */
	bool root = geteuid() == 0;

	put(t, DOCKER_CONFIG, DOCKER_TEXT);
	assert_int_equal(chmod(place(t, "var/lib/docker"), root ? 0700 : 0), 0);
	assert_int_equal(chmod(t->dir, 0755), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	r = find(t, NULL, "", &c, &d);
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(place(t, "var/lib/docker"), 0700), 0);
	assert_int_equal(r, -EACCES);
}

#define WITH_TREE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(WITH_TREE(test_docker_is_found_and_confirmed),
	  WITH_TREE(test_docker_with_a_containerd_of_its_own),
	  WITH_TREE(test_podman_is_found_and_confirmed),
	  WITH_TREE(test_annotations_of_a_podman_image_name_nobody),
	  WITH_TREE(test_cri_o_in_the_same_store_is_not_podman),
	  WITH_TREE(test_each_container_is_shown_once),
	  WITH_TREE(test_one_broken_entry_hides_no_other), WITH_TREE(test_another_path_contradicts),
	  WITH_TREE(test_a_user_s_tree_is_not_the_systems), WITH_TREE(test_unknown_ids),
	  WITH_TREE(test_links_are_not_followed),
	  WITH_TREE(test_the_way_to_the_state_may_be_a_link),
	  WITH_TREE(test_fifo_and_folder_are_refused), WITH_TREE(test_large_file_is_refused),
	  WITH_TREE(test_half_written_file_asks_for_patience),
	  WITH_TREE(test_wrong_types_are_refused), WITH_TREE(test_no_permission_is_said))
