/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/open-rule: what seccompd-open lets itself be asked for. */
#include <errno.h>

#include "daemon/open-rule.h"
#include "tests/unit/unit.h"
#include "util/span.h"

#define ID "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define STORE ".local/share/containers/storage"
#define TASKS "io.containerd.runtime.v2.task"

static OpenRequest request(OpenKind kind, uint32_t uid, const char *path)
{
	OpenRequest r = { .version = OPEN_VERSION, .kind = kind, .uid = uid };

	memcpy(r.path, path, strnlen(path, sizeof(r.path)));
	return r;
}

/* The base's length, or -errno. */
static int check(const OpenPlaces *p, OpenKind kind, uint32_t uid, const char *path)
{
	const OpenRequest r = request(kind, uid, path);
	size_t base = SIZE_MAX;
	int e = open_rule_check(p, &r, &base);

	if (e == 0)
		assert_true(base <= strlen(path));
	return e < 0 ? e : (int)base;
}

typedef struct Case {
	OpenKind kind;
	uint32_t uid;
	const char *path;
	const char *base; /* NULL: refused */
} Case;

static void run(const OpenPlaces *p, const Case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const Case *c = &cases[i];
		int e = check(p, c->kind, c->uid, c->path);

		if (e != (c->base ? (int)strlen(c->base) : -EACCES))
			fail_msg("%s: %d", c->path, e);
	}
}

static void test_what_the_runtimes_keep_is_allowed(void **state)
{
	static const Case cases[] = {
#define SYSTEM(kind, base, rest) { kind, OPEN_SYSTEM, base rest, base }
		SYSTEM(OPEN_FOLDER, "var/lib/docker", ""),
		SYSTEM(OPEN_FOLDER, "var/lib/docker", "/containers"),
		SYSTEM(OPEN_FILE, "var/lib/docker", "/containers/" ID "/config.v2.json"),
		SYSTEM(OPEN_FILE, "var/lib/docker", "/image/overlay2/imagedb/content/sha256/" ID),
		SYSTEM(OPEN_FILE, "run/docker", "/runtime-runc/moby/" ID "/state.json"),
		SYSTEM(OPEN_FILE, "run/docker",
		       "/containerd/daemon/" TASKS "/moby/" ID "/config.json"),
		SYSTEM(OPEN_FOLDER, "run/containerd", "/" TASKS "/k8s.io/web"),
		SYSTEM(OPEN_FILE, "run/containerd", "/" TASKS "/k8s.io/web/config.json"),
		SYSTEM(OPEN_FILE, "run/k3s/containerd", "/" TASKS "/k8s.io/web/init.pid"),
		SYSTEM(OPEN_FILE, "var/lib/containers/storage",
		       "/overlay-containers/containers.json"),
		SYSTEM(OPEN_FILE, "run/containers/storage",
		       "/vfs-containers/" ID "/userdata/pidfile"),
		SYSTEM(OPEN_FILE, "run/runc", "/web/state.json"),
		SYSTEM(OPEN_FILE, "run/crun", "/web/status"),
		SYSTEM(OPEN_FILE, "var/lib/lxc", "/web/config"),
		SYSTEM(OPEN_FILE, "var/snap/lxd/common/lxd/security/seccomp", "/web"),
#undef SYSTEM
		{ OPEN_FOLDER, 1000, "home/ann/" STORE, "home/ann" },
		{ OPEN_FILE, 1000, "srv/homes/a/ann/" STORE "/overlay-containers/containers.json",
		  "srv/homes/a/ann" },
		{ OPEN_FILE, 1000, "home/ann/.local/share/docker/containers/" ID "/config.v2.json",
		  "home/ann" },
		{ OPEN_FOLDER, 1000, "run/user/1000/containers", "run/user/1000" },
		{ OPEN_FILE, 1000, "run/user/1000/crun/" ID "/status", "run/user/1000" },
	};
	OpenPlaces p = { 0 };

	(void)state;
	run(&p, cases, ELEMENTSOF(cases));
}

static void test_all_else_is_refused(void **state)
{
	static const Case cases[] = {
		{ OPEN_FILE, OPEN_SYSTEM, "etc/shadow", NULL },
		{ OPEN_FOLDER, OPEN_SYSTEM, "var/lib", NULL },
		{ OPEN_FOLDER, OPEN_SYSTEM, "var/lib/dockerx", NULL },
		{ OPEN_FOLDER, OPEN_SYSTEM, "root/var/lib/docker", NULL },
		{ OPEN_FOLDER, OPEN_SYSTEM, "var/lib/docker/containers/" ID, NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "var/lib/docker", NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "var/lib/docker/containers", NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "var/lib/docker/containers/" ID "/hosts", NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "var/lib/docker/containers/" ID "a/config.v2.json",
		  NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "var/lib/docker/containers/web/config.v2.json", NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "var/lib/docker/containers/" ID "/config.v2.json/x",
		  NULL },
		/* a container's own files */
		{ OPEN_FILE, OPEN_SYSTEM, "run/containerd/" TASKS "/k8s.io/web/rootfs/config.json",
		  NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "var/lib/lxc/web/rootfs/config", NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "run/runc/.hidden/state.json", NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "var/lib/containers/storage/containers/containers.json",
		  NULL },
		/* a user's are a user's, and not in another's folder */
		{ OPEN_FOLDER, OPEN_SYSTEM, "home/ann/" STORE, NULL },
		{ OPEN_FOLDER, OPEN_SYSTEM, "run/user/1000/crun", NULL },
		{ OPEN_FOLDER, 1001, "run/user/1000/crun", NULL },
		{ OPEN_FOLDER, 1000, "run/user/10000/crun", NULL },
		{ OPEN_FOLDER, 1000, "run/user/1000/x/crun", NULL },
		{ OPEN_FOLDER, 1000, "home/ann/crun", NULL },
		{ OPEN_FOLDER, 1000, "var/lib/docker", NULL },
		{ OPEN_FOLDER, 1000, "var/lib/lxc", NULL },
		{ OPEN_FOLDER, 1000, STORE, NULL },
		{ OPEN_FILE, 1000, "home/ann/.ssh/id_rsa", NULL },
		{ OPEN_FILE, 1000, "home/ann/" STORE "/overlay/" ID "/config.json", NULL },
		/* root has nothing of its own */
		{ OPEN_FOLDER, 0, "root/" STORE, NULL },
		{ OPEN_FOLDER, 0, "run/user/0/crun", NULL },
	};
	OpenPlaces p = { 0 };

	(void)state;
	run(&p, cases, ELEMENTSOF(cases));
}

static void test_what_is_no_path_makes_no_sense(void **state)
{
	static const char *const paths[] = {
		"",
		"/var/lib/docker",
		"var/lib/docker/",
		"var//lib/docker",
		"var/lib/./docker",
		"var/lib/docker/..",
		"..",
		"var/lib/docker/containers/../containers",
		"var/lib/lxc/a\nb/config",
		"var/lib/lxc/\x1b[2J/config",
	};
	OpenPlaces p = { 0 };
	OpenRequest r;
	size_t base;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(paths); i++)
		assert_int_equal(check(&p, OPEN_FILE, OPEN_SYSTEM, paths[i]), -EINVAL);
	r = request(OPEN_FOLDER, OPEN_SYSTEM, "var/lib/docker");
	assert_int_equal(open_rule_check(&p, &r, &base), 0);
	r.path[sizeof(r.path) - 1] = 'x';
	assert_int_equal(open_rule_check(&p, &r, &base), -EINVAL);
	memset(r.path, 'x', sizeof(r.path));
	assert_int_equal(open_rule_check(&p, &r, &base), -EINVAL);
}

static void test_a_request_of_another_form_makes_no_sense(void **state)
{
	OpenPlaces p = { 0 };
	OpenRequest r = request(OPEN_CONNECTOR, OPEN_SYSTEM, "");
	size_t base;

	(void)state;
	assert_int_equal(open_rule_check(&p, &r, &base), 0);
	r.version++;
	assert_int_equal(open_rule_check(&p, &r, &base), -EINVAL);
	r = request(OPEN_CONNECTOR, OPEN_SYSTEM, "");
	r.reserved = 1;
	assert_int_equal(open_rule_check(&p, &r, &base), -EINVAL);
	r = request(_OPEN_KIND_MAX, OPEN_SYSTEM, "");
	assert_int_equal(open_rule_check(&p, &r, &base), -EINVAL);
	r = request(OPEN_CONNECTOR, 1000, "");
	assert_int_equal(open_rule_check(&p, &r, &base), -EINVAL);
	r = request(OPEN_HELLO, OPEN_SYSTEM, "x");
	assert_int_equal(open_rule_check(&p, &r, &base), -EINVAL);
}

static void test_a_place_that_was_moved_is_nowhere_else(void **state)
{
	char moved[] = "docker-root=//srv/docker/", bundles[] = "bundles=/srv/bundles";
	static char bad[][40] = { "docker-root",       "docker-root=", "docker-root=srv",
				  "docker-root=/",     "nothing=/srv", "docker-root=/srv/../etc",
				  "docker-root=//a//b" };
	static const Case cases[] = {
		{ OPEN_FOLDER, OPEN_SYSTEM, "srv/docker", "srv/docker" },
		{ OPEN_FOLDER, OPEN_SYSTEM, "var/lib/docker", NULL },
		{ OPEN_FILE, OPEN_SYSTEM, "srv/bundles/web/config.json", "srv/bundles" },
		{ OPEN_FOLDER, OPEN_SYSTEM, "srv/bundles/web", "srv/bundles" },
		{ OPEN_FOLDER, OPEN_SYSTEM, "srv/bundles", NULL },
		/* a user's own does not move */
		{ OPEN_FOLDER, 1000, "home/ann/.local/share/docker", "home/ann" },
	};
	OpenPlaces p = { 0 };

	(void)state;
	assert_int_equal(check(&p, OPEN_FILE, OPEN_SYSTEM, "srv/bundles/web/config.json"), -EACCES);
	assert_true(open_places_set(&p, moved));
	assert_true(open_places_set(&p, bundles));
	run(&p, cases, ELEMENTSOF(cases));
	for (size_t i = 0; i < ELEMENTSOF(bad); i++)
		assert_false(open_places_set(&p, bad[i]));
}

UNIT_MAIN(cmocka_unit_test(test_what_the_runtimes_keep_is_allowed),
	  cmocka_unit_test(test_all_else_is_refused),
	  cmocka_unit_test(test_what_is_no_path_makes_no_sense),
	  cmocka_unit_test(test_a_request_of_another_form_makes_no_sense),
	  cmocka_unit_test(test_a_place_that_was_moved_is_nowhere_else))
