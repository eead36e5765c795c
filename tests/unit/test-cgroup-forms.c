/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/cgroup*: one path or file for each form that a runtime, systemd or a forger writes. */
#include "tests/unit/unit.h"
#include "who/cgroup.h"

#define A "5f3c1e0a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e"
#define B "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define UID_DASHES "7d3b2a10-4c5e-4f60-8a9b-0c1d2e3f4a5b"
#define UID_UNDERS "7d3b2a10_4c5e_4f60_8a9b_0c1d2e3f4a5b"
#define HEX32 "0123456789abcdef0123456789abcdef"
#define USER "/user.slice/user-1000.slice/user@1000.service"
#define POD_SLICE \
	"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_UNDERS ".slice"

/* "": must be empty; NULL: of no interest here. */
typedef struct Form {
	const char *text;
	CgroupKind kind;
	const char *runtime, *id, *outer_id, *pod_uid, *unit;
} Form;

/* Only these kinds are attributed to a container. */
static bool is_container_kind(CgroupKind kind)
{
	return kind == CGROUP_CONTAINER || kind == CGROUP_BUILD_STEP;
}

static bool text_fits(const char *want, const char *have)
{
	return !want || strcmp(want, have ?: "") == 0;
}

static unsigned check(const Form *f, const CgroupIdentity *id)
{
	if (f->kind == id->kind && is_container_kind(f->kind) == id->container &&
	    text_fits(f->runtime, id->runtime) && text_fits(f->id, id->id) &&
	    text_fits(f->outer_id, id->outer_id) && text_fits(f->pod_uid, id->pod_uid) &&
	    text_fits(f->unit, id->unit))
		return 0;
	print_error("%s: kind %s%s runtime %s id %s outer %s pod %s unit %s\n", f->text,
		    cgroup_kind_name(id->kind), id->container ? " (container)" : "",
		    id->runtime ?: "-", id->id, id->outer_id, id->pod_uid, id->unit);
	return 1;
}

static void check_paths(const Form *forms, size_t n)
{
	unsigned bad = 0;

	for (size_t i = 0; i < n; i++) {
		CgroupIdentity id;

		cgroup_identify_path(span_of(forms[i].text), &id);
		bad += check(&forms[i], &id);
	}
	assert_int_equal(bad, 0);
}

static void test_engines(void **state)
{
	static const Form forms[] = {
		{ "/docker/" A, CGROUP_CONTAINER, "docker", A, "", "", NULL },
		{ "/wsl-user/distro-2/docker/" A, CGROUP_CONTAINER, "docker", A, "", "", NULL },
		{ "/system.slice/docker-" A ".scope", CGROUP_CONTAINER, "docker", A, "", "", NULL },
		{ "/ci.slice/ci-build.slice/docker-" A ".scope", CGROUP_CONTAINER, "docker", A, "",
		  "", NULL },
		{ USER "/user.slice/docker-" A ".scope", CGROUP_CONTAINER, "docker", A, "", "",
		  NULL },
		{ "/docker/" A "/init.scope", CGROUP_CONTAINER, "docker", A, "", "", NULL },
		{ "/docker/" A "/system.slice/nginx.service", CGROUP_CONTAINER, "docker", A, "", "",
		  NULL },
		{ "/docker/buildkit/abcdefghij0123456789klmno", CGROUP_BUILD_STEP, "buildkit",
		  "abcdefghij0123456789klmno", "", "", NULL },
		{ "/system.slice/nerdctl-" A ".scope", CGROUP_CONTAINER, "containerd", A, "", "",
		  NULL },
		{ USER "/user.slice/nerdctl-" A ".scope", CGROUP_CONTAINER, "containerd", A, "", "",
		  NULL },
		{ "/machine.slice/libpod-" A ".scope", CGROUP_CONTAINER, "podman", A, "", "",
		  NULL },
		{ "/machine.slice/libpod-" A ".scope/container", CGROUP_CONTAINER, "podman", A, "",
		  "", NULL },
		{ USER "/user.slice/libpod-" A ".scope/container", CGROUP_CONTAINER, "podman", A,
		  "", "", NULL },
		{ USER "/user.slice/user-libpod_pod_" B ".slice/libpod-" A ".scope",
		  CGROUP_CONTAINER, "podman", A, "", "", NULL },
		{ "/libpod_parent/libpod-" A, CGROUP_CONTAINER, "podman", A, "", "", NULL },
		{ USER "/app.slice/web.service/libpod-payload-" A, CGROUP_CONTAINER, "podman", A,
		  "", "", "user@1000.service" },
		{ "/system.slice/db.service/libpod-payload-" A "/container", CGROUP_CONTAINER,
		  "podman", A, "", "", "db.service" },
		{ "/system.slice/crio-" A ".scope", CGROUP_CONTAINER, "crio", A, "", "", NULL },
		{ "/crio/crio-" A, CGROUP_CONTAINER, "crio", A, "", "", NULL },
		{ "/ecs/" HEX32 "/" A, CGROUP_CONTAINER, NULL, A, "", "", NULL },
		{ "/ecstasks.slice/ecstasks-" HEX32 ".slice/docker-" A ".scope", CGROUP_CONTAINER,
		  "docker", A, "", "", NULL },
		{ "/ecs/" HEX32 "/" HEX32 "-1234567890", CGROUP_CONTAINER, "ecs",
		  HEX32 "-1234567890", "", "", NULL },
		{ "/actions_job/" A, CGROUP_CONTAINER, NULL, A, "", "", NULL },
		{ "/garden/6f265890-5165-7fab-6b52-18d1", CGROUP_CONTAINER, "garden",
		  "6f265890-5165-7fab-6b52-18d1", "", "", NULL },
	};

	(void)state;
	check_paths(forms, ELEMENTSOF(forms));
}

static void test_pods(void **state)
{
	static const Form forms[] = {
		{ POD_SLICE "/cri-containerd-" A ".scope", CGROUP_CONTAINER, "containerd", A, "",
		  UID_DASHES, NULL },
		{ POD_SLICE "/docker-" A ".scope", CGROUP_CONTAINER, "docker", A, "", UID_DASHES,
		  NULL },
		{ POD_SLICE "/crio-" A ".scope/container", CGROUP_CONTAINER, "crio", A, "",
		  UID_DASHES, NULL },
		{ POD_SLICE "/crio-" A ".scope/exec", CGROUP_CONTAINER, "crio", A, "", UID_DASHES,
		  NULL },
		{ "/kubepods.slice/kubepods-pod" UID_UNDERS ".slice/cri-containerd-" A ".scope",
		  CGROUP_CONTAINER, "containerd", A, "", UID_DASHES, NULL },
		{ "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/"
		  "kubelet-kubepods-besteffort-pod" UID_UNDERS ".slice/cri-containerd-" A ".scope",
		  CGROUP_CONTAINER, "containerd", A, "", UID_DASHES, NULL },
		{ "/kubepods/burstable/pod" UID_DASHES "/" A, CGROUP_CONTAINER, "cri-unknown", A,
		  "", UID_DASHES, NULL },
		{ "/kubepods/pod" UID_DASHES "/crio-" A, CGROUP_CONTAINER, "crio", A, "",
		  UID_DASHES, NULL },
		{ "/kubepods/besteffort/pod" HEX32 "/" A, CGROUP_CONTAINER, "cri-unknown", A, "",
		  HEX32, NULL },
		{ "/system.slice/containerd.service/kubepods-besteffort-pod" UID_UNDERS
		  ".slice:cri-containerd:" A,
		  CGROUP_CONTAINER, "containerd", A, "", UID_DASHES, NULL },
		{ POD_SLICE, CGROUP_POD, NULL, "", "", UID_DASHES, NULL },
		{ "/kubepods.slice/kubepods-burstable.slice", CGROUP_POD_ROOT, NULL, "", "", "",
		  NULL },
		/* kind, and docker in docker: the innermost is told, the outermost owns */
		{ "/docker/" A
		  "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" UID_UNDERS
		  ".slice/cri-containerd-" B ".scope",
		  CGROUP_CONTAINER, "containerd", B, A, NULL, NULL },
		{ "/system.slice/docker-" A ".scope/docker/" B, CGROUP_CONTAINER, "docker", B, A,
		  "", NULL },
	};

	(void)state;
	check_paths(forms, ELEMENTSOF(forms));
}

static void test_what_stands_beside_a_container(void **state)
{
	static const Form forms[] = {
		{ "/machine.slice/libpod-conmon-" A ".scope", CGROUP_CONMON, NULL, NULL, "", "",
		  NULL },
		{ "/libpod_parent/conmon", CGROUP_CONMON, NULL, NULL, "", "", NULL },
		{ USER "/app.slice/web.service/runtime", CGROUP_CONMON, NULL, NULL, "", "",
		  "web.service" },
		{ POD_SLICE "/crio-conmon-" A ".scope", CGROUP_CONMON, NULL, NULL, "", UID_DASHES,
		  NULL },
		{ "/kubepods/pod" UID_DASHES "/crio-conmon-" A, CGROUP_CONMON, NULL, NULL, "",
		  UID_DASHES, NULL },
		{ "/lxc.monitor.web", CGROUP_MONITOR, NULL, NULL, "", "", NULL },
		{ "/machine.slice/machine-web.scope/supervisor", CGROUP_MONITOR, NULL, NULL, "", "",
		  NULL },
		{ "/machine.slice/machine-qemu\\x2d1\\x2dvm1.scope", CGROUP_VM, NULL, NULL, "", "",
		  NULL },
		{ "/kata_overhead/" A, CGROUP_VM, "kata", NULL, "", "", NULL },
		{ "/system.slice/run-docker-netns-4f5a6b7c8d9e.mount", CGROUP_MOUNT_UNIT, NULL, "",
		  "", "", NULL },
		{ "/system.slice/var-lib-docker-overlay2-" A "-merged.mount", CGROUP_MOUNT_UNIT,
		  NULL, "", "", "", NULL },
	};

	(void)state;
	check_paths(forms, ELEMENTSOF(forms));
}

static void test_system_containers_have_names(void **state)
{
	static const struct {
		const char *path, *runtime, *name;
	} rows[] = {
		{ "/lxc.payload.web", "lxc", "web" },
		{ "/lxc.payload.web-1/system.slice/ssh.service", "lxc", "web-1" },
		{ "/lxc/101/ns/init.scope", "lxc", "101" },
		{ "/machine.slice/machine-web.scope/payload", "nspawn", "web" },
		{ "/machine.slice/machine-my\\x2dbox.scope/payload/system.slice/nginx.service",
		  "nspawn", "my-box" },
		{ "/system.slice/systemd-nspawn@web.service/payload", "nspawn", "web" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		CgroupIdentity id;

		cgroup_identify_path(span_of(rows[i].path), &id);
		if (id.kind != CGROUP_CONTAINER || strcmp(id.runtime ?: "", rows[i].runtime) != 0 ||
		    strcmp(id.name, rows[i].name) != 0)
			fail_msg("%s: %s %s \"%s\"", rows[i].path, cgroup_kind_name(id.kind),
				 id.runtime ?: "-", id.name);
	}
}

static void test_units_and_users(void **state)
{
	static const Form forms[] = {
		{ "/", CGROUP_NONE, "", "", "", "", "" },
		{ "/init.scope", CGROUP_HOST_SERVICE, "", "", "", "", "init.scope" },
		{ "/system.slice/nginx.service", CGROUP_HOST_SERVICE, "", "", "", "",
		  "nginx.service" },
		{ "/system.slice/system-getty.slice/getty@tty1.service", CGROUP_HOST_SERVICE, "",
		  "", "", "", "getty@tty1.service" },
		{ "/system.slice/my\\x2dapp.service", CGROUP_HOST_SERVICE, "", "", "", "",
		  "my\\x2dapp.service" },
		{ "/system.slice/docker.service", CGROUP_HOST_SERVICE, "", "", "", "",
		  "docker.service" },
		{ "/user.slice/user-1000.slice/session-3.scope", CGROUP_USER_SESSION, "", "", "",
		  "", NULL },
		{ USER "/app.slice/app-foo.scope", CGROUP_USER_SERVICE, "", "", "", "", NULL },
		{ USER "/init.scope", CGROUP_USER_SERVICE, "", "", "", "", NULL },
		{ "/user.slice/user-1000.slice", CGROUP_USER_SLICE, "", "", "", "", NULL },
	};

	(void)state;
	check_paths(forms, ELEMENTSOF(forms));
}

/* Whatever else these are, they are no container, or none but the owner that is named. */
static void test_hostile_paths(void **state)
{
	static const struct {
		const char *path, *owner;
	} rows[] = {
		{ "/docker/" A "0", "" },
		{ "/docker/5F3C1E0A9B8D7C6E5F4A3B2C1D0E9F8A7B6C5D4E3F2A1B0C9D8E7F6A5B4C3D2E", "" },
		{ "/system.slice/docker-" A ".scope.evil", "" },
		{ "/system.slice/xdocker-" A ".scope", "" },
		{ "/system.slice/docker-" A ".service", "" },
		{ "/docker//" A, "" },
		{ "/docker/./" A, "" },
		{ "/docker/../" A, "" },
		{ "/docker/ " A, "" },
		{ "/docker/" A "\n", "" },
		{ "/libpod_parent/libpod-conmon-" A, "" },
		{ "/lxc.payload.", "" },
		{ "/lxc.payload..", "" },
		{ "/machine.slice/machine-..scope/payload", "" },
		{ "/machine.slice/machine-a\\x2fb.scope/payload", "" },
		{ "/docker/" A " (deleted) (deleted)", "" },
		{ "/docker/" A "/\x1b[2J/docker/x", A },
		/* the parent's name is the administrator's, whatever it is */
		{ "/a\x01/" A, A },
		{ "/docker/" A "/crio-conmon-" B ".scope", A },
		{ "/system.slice/docker-" A ".scope/kubepods/pod" UID_DASHES, A },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		CgroupIdentity id;
		const char *owner;

		cgroup_identify_path(span_of(rows[i].path), &id);
		owner = !id.container ? "" : id.outer_id[0] ? id.outer_id : id.id;
		if (strcmp(owner, rows[i].owner) != 0)
			fail_msg("row %zu %s: %s, owner \"%s\"", i, rows[i].path,
				 cgroup_kind_name(id.kind), owner);
	}
}

static void test_files(void **state)
{
	static const Form forms[] = {
		{ "12:pids:/docker/" A "\n11:cpu,cpuacct:/docker/" A "\n1:name=systemd:/docker/" A
		  "\n0::/system.slice/docker.service\n",
		  CGROUP_CONTAINER, "docker", A, "", "", NULL },
		{ "3:cpuset:/\n1:name=systemd:/\n0::/\n", CGROUP_NONE, "", "", "", "", "" },
		{ "2:cpu:/docker/" A "\n1:pids:/docker/" B "\n", CGROUP_CONFLICT, NULL, "", "", "",
		  NULL },
		{ "2:cpu:/docker/" A "\n1:pids:/kubepods/pod" UID_DASHES "/" B "\n",
		  CGROUP_CONTAINER, "cri-unknown", B, "", UID_DASHES, NULL },
		{ "1:name=systemd:/system.slice/containerd.service/kubepods-pod" UID_UNDERS
		  ".slice:cri-containerd:" A "\n0::/\n",
		  CGROUP_CONTAINER, "containerd", A, "", UID_DASHES, NULL },
		{ "2:cpu:/docker/" A "\n1:pids:/docker/" A "/docker/" B "\n", CGROUP_CONTAINER,
		  "docker", B, A, "", NULL },
		{ "0::/system.slice/sshd.service\n", CGROUP_HOST_SERVICE, "", "", "", "",
		  "sshd.service" },
		{ "0::/docker/" A, CGROUP_CONTAINER, "docker", A, "", "", NULL },
		{ "0::/../docker/" A "\n", CGROUP_CONTAINER, "docker", A, "", "", NULL },
		{ "0::/..\n", CGROUP_RELATIVE, "", "", "", "", NULL },
		{ "", CGROUP_NONE, "", "", "", "", "" },
	};
	CgroupIdentity id;
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(forms); i++) {
		cgroup_identify_file(span_of(forms[i].text), &id);
		bad += check(&forms[i], &id);
	}
	assert_int_equal(bad, 0);
	cgroup_identify_file(SPAN_LIT("0::/system.slice/docker-" A ".scope (deleted)\n"), &id);
	assert_true(id.container && id.deleted);
	cgroup_identify_path(SPAN_LIT(USER "/user.slice/libpod-" A ".scope"), &id);
	assert_int_equal(id.uid, 1000);
	cgroup_identify_path(SPAN_LIT("/machine.slice/libpod-conmon-" A ".scope"), &id);
	assert_string_equal(id.monitor_of, A);
}

UNIT_MAIN(cmocka_unit_test(test_engines), cmocka_unit_test(test_pods),
	  cmocka_unit_test(test_what_stands_beside_a_container),
	  cmocka_unit_test(test_system_containers_have_names),
	  cmocka_unit_test(test_units_and_users), cmocka_unit_test(test_hostile_paths),
	  cmocka_unit_test(test_files))
