/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ctl/next-step.c: one line for each engine, safe to copy. */
#include "ctl/next-step.h"
#include "tests/unit/unit.h"

static void check(const char *name, const char *runtime, const char *path, const char *wanted)
{
	const Workload w = { .name = (char *)(uintptr_t)name,
			     .runtime = (char *)(uintptr_t)runtime };
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	next_step(&w, path, &b);
	assert_int_equal(buffer_error(&b), 0);
	if (!strstr(b.p, wanted))
		fail_msg("%s: \"%s\" is not in: %s", name, wanted, b.p);
}

static void test_engines(void **state)
{
	(void)state;
	check("docker:web", "docker", "/tmp/p.json",
	      "docker run --security-opt seccomp=/tmp/p.json ...");
	check("podman:web", "podman", "p.json", "podman run --security-opt seccomp=p.json ...");
	check("containerd:x", "containerd", "p.json", "ctr run --seccomp --seccomp-profile p.json");
	check("runc:x", "runc", "p.json", "runc run");
	check("crun:x", "crun", "p.json", "crun run");
	check("lxc:x", "lxc", "p.json", "under p.json");
}

/* Whoever runs the containers decides, not the engine below. */
static void test_managers(void **state)
{
	(void)state;
	check("compose:shop/web", "docker", "p.json", "docker compose up -d --force-recreate web");
	check("compose:shop/web", "docker", "p.json", "\"security_opt: [seccomp:p.json]\"");
	check("swarm:web", "docker", "p.json", "docker service update --force web");
	check("k8s:default/web/app", "containerd", "/tmp/p.json",
	      "/var/lib/kubelet/seccomp/p.json");
	check("k8s:default/web/app", "crio", "/tmp/p.json", "localhostProfile: p.json");
}

static void test_words_are_quoted(void **state)
{
	(void)state;
	check("docker:web", "docker", "a b.json", "seccomp='a b.json'");
	check("compose:shop/a b", "docker", NULL, "'a b'");
	check("docker:web", "docker", NULL, "seccomp=FILE");
}

UNIT_MAIN(cmocka_unit_test(test_engines), cmocka_unit_test(test_managers),
	  cmocka_unit_test(test_words_are_quoted))
