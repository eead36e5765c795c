/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/cgroup*: the less common forms of each runtime, as its source makes them. */
#include "tests/unit/unit.h"
#include "who/cgroup.h"

#define A "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00"
#define B "0badcafe0badcafe0badcafe0badcafe0badcafe0badcafe0badcafe0badcafe"
#define UID "7d3b2a10-4c5e-4f60-8a9b-0c1d2e3f4a5b"
#define UID_ "7d3b2a10_4c5e_4f60_8a9b_0c1d2e3f4a5b"
#define HEX32 "0123456789abcdef0123456789abcdef"
#define USER "/user.slice/user-1000.slice/user@1000.service"
#define POD "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_ ".slice"

/* NULL: of no interest here. */
static const struct {
	const char *path;
	CgroupKind kind;
	const char *runtime, *id, *name, *outer_id, *pod_uid, *unit;
} rows[] = {
	{ "/foo/" A, CGROUP_CONTAINER, "oci-unknown", A, NULL, "", NULL, NULL },
	{ "/kubepods/burstable/pod" UID "/docker-" A ".scope", CGROUP_CONTAINER, "docker", A, NULL,
	  "", UID, NULL },
	{ POD "/docker-" A ".scope/init.scope", CGROUP_CONTAINER, "docker", A, NULL, "", UID,
	  NULL },
	{ "/docker/" A "/kubepods/besteffort/pod" UID "/" B, CGROUP_CONTAINER, NULL, B, NULL, A,
	  NULL, NULL },
	{ "/docker/" A "/system.slice/kubelet.service", CGROUP_CONTAINER, "docker", A, NULL, "",
	  NULL, NULL },
	{ "/docker/" A "/system.slice/containerd.service/kubepods-besteffort-pod" UID_
	  ".slice:cri-containerd:" B,
	  CGROUP_CONTAINER, "containerd", B, NULL, A, NULL, NULL },
	{ "/system.slice/docker-a1b2c3d4e5f6g7h8i9j0k1l2m.scope", CGROUP_BUILD_STEP, "buildkit",
	  "a1b2c3d4e5f6g7h8i9j0k1l2m", NULL, "", NULL, NULL },
	{ "/system.slice/docker.service/x", CGROUP_HOST_SERVICE, NULL, "", NULL, "", NULL,
	  "docker.service" },
	{ "/system.slice/docker.socket", CGROUP_HOST_SERVICE, NULL, "", NULL, "", NULL,
	  "docker.socket" },
	{ "/docker", CGROUP_NONE, NULL, "", NULL, "", NULL, NULL },
	{ "/docker/buildkit", CGROUP_NONE, NULL, "", NULL, "", NULL, NULL },
	{ "/kubepods/pod" HEX32 "/" A, CGROUP_CONTAINER, "cri-unknown", A, NULL, "", HEX32, NULL },
	{ "/kubepods.slice/kubepods-pod" HEX32 ".slice/cri-containerd-" A ".scope",
	  CGROUP_CONTAINER, "containerd", A, NULL, "", HEX32, NULL },
	{ "/kubepods-burstable-pod" UID_ ".slice:cri-containerd:" A, CGROUP_CONTAINER, "containerd",
	  A, NULL, "", UID, NULL },
	{ "/system.slice/crio.service/kubepods-burstable-pod" UID_ ".slice:crio:" A,
	  CGROUP_CONTAINER, "crio", A, NULL, "", UID, NULL },
	{ "/system.slice:docker:" A, CGROUP_CONTAINER, "docker", A, NULL, "", NULL, NULL },
	{ "/system.slice:cri-containerd:" A, CGROUP_CONTAINER, "containerd", A, NULL, "", NULL,
	  NULL },
	{ "/system.slice:nerdctl:" A, CGROUP_CONTAINER, "containerd", A, NULL, "", NULL, NULL },
	{ "/machine.slice:libpod:" A, CGROUP_CONTAINER, "podman", A, NULL, "", NULL, NULL },
	{ "/k8s.io/" A, CGROUP_CONTAINER, "containerd", A, NULL, "", NULL, NULL },
	{ "/moby/" A, CGROUP_CONTAINER, "docker", A, NULL, "", NULL, NULL },
	{ "/customns/" A, CGROUP_CONTAINER, "oci-unknown", A, NULL, "", NULL, NULL },
	{ USER "/user.slice/nerdctl-" A ".scope", CGROUP_CONTAINER, "containerd", A, NULL, "", NULL,
	  NULL },
	{ USER "/kubepods.slice/kubepods-pod" UID_ ".slice/cri-containerd-" A ".scope",
	  CGROUP_CONTAINER, "containerd", A, NULL, "", UID, NULL },
	{ "/edge.slice/edge-kubepods.slice/edge-kubepods-burstable.slice", CGROUP_POD_ROOT, NULL,
	  "", NULL, "", NULL, NULL },
	{ "/edge.slice/edge-kubepods.slice/edge-kubepods-pod" UID_ ".slice/crio-" A ".scope",
	  CGROUP_CONTAINER, "crio", A, NULL, "", UID, NULL },
	{ POD "/crio-" A, CGROUP_CONTAINER, "crio", A, NULL, "", UID, NULL },
	{ "/system.slice/crio-conmon-" A ".scope", CGROUP_CONMON, NULL, "", NULL, "", NULL, NULL },
	{ "/crio/crio-conmon-" A, CGROUP_CONMON, NULL, "", NULL, "", NULL, NULL },
	{ "/system.slice/crio.scope", CGROUP_HOST_SERVICE, NULL, "", NULL, "", NULL, "crio.scope" },
	{ "/machine.slice/machine-libpod_pod_" B ".slice/libpod-conmon-" A ".scope", CGROUP_CONMON,
	  NULL, "", NULL, "", NULL, NULL },
	{ "/libpod_parent/" B "/conmon", CGROUP_CONMON, NULL, "", NULL, "", NULL, NULL },
	{ "/system.slice/system-web.slice/web@1.service/libpod-payload-" A "/container",
	  CGROUP_CONTAINER, "podman", A, NULL, "", NULL, "web@1.service" },
	{ "/system.slice/web.service/supervisor", CGROUP_MONITOR, NULL, "", NULL, "", NULL,
	  "web.service" },
	{ USER "/user.slice/podman-pause-1a2b3c4d.scope", CGROUP_USER_SERVICE, NULL, "", NULL, "",
	  NULL, NULL },
	{ USER "/user.slice/podman-1234.scope/" A, CGROUP_CONTAINER, "podman", A, NULL, "", NULL,
	  NULL },
	{ "/machine.slice/libpod-" A ".scope/container/system.slice/nginx.service",
	  CGROUP_CONTAINER, "podman", A, NULL, "", NULL, NULL },
	{ "/machine.slice/libpod-" A ".scope/supervisor", CGROUP_CONTAINER, "podman", A, NULL, "",
	  NULL, NULL },
	{ "/user.slice/user-1000.slice/session-2.scope/libpod-" A, CGROUP_CONTAINER, "podman", A,
	  NULL, "", NULL, NULL },
	{ "/system.slice/crun-web.scope", CGROUP_CONTAINER, "crun", "web", "web", "", NULL, NULL },
	{ "/system.slice/runc-" A ".scope", CGROUP_CONTAINER, "runc", A, NULL, "", NULL, NULL },
	{ "/runc-web", CGROUP_NONE, NULL, "", NULL, "", NULL, NULL },
	{ "/lxc.payload.web-1", CGROUP_CONTAINER, "lxc", "web-1", "web-1", "", NULL, NULL },
	{ "/lxc/web/init.scope", CGROUP_CONTAINER, "lxc", "web", "web", "", NULL, NULL },
	{ "/lxc.pivot", CGROUP_NONE, NULL, "", NULL, "", NULL, NULL },
	{ "/user.slice/user-1000.slice/session-2.scope/lxc.monitor.web", CGROUP_MONITOR, NULL, "",
	  NULL, "", NULL, NULL },
	{ "/user.slice/user-1000.slice/session-2.scope/lxc.payload.web", CGROUP_CONTAINER, "lxc",
	  "web", "web", "", NULL, NULL },
	{ "/lxc.payload.web/docker/" A, CGROUP_CONTAINER, "docker", A, NULL, "web", NULL, NULL },
	{ "/lxc.payload.web/lxc.payload.in", CGROUP_CONTAINER, "lxc", "in", "in", "web", NULL,
	  NULL },
	{ "/machine.slice/systemd-nspawn@web.service", CGROUP_HOST_SERVICE, NULL, "", NULL, "",
	  NULL, "systemd-nspawn@web.service" },
	{ "/system.slice/foo.service/payload", CGROUP_CONTAINER, "nspawn", "", NULL, "", NULL,
	  "foo.service" },
	{ "/machine.slice/machine-lxc\\x2d12\\x2dweb.scope/libvirt", CGROUP_CONTAINER,
	  "libvirt-lxc", "web", "web", "", NULL, NULL },
	{ "/machine.slice/machine-qemu\\x2d3\\x2dvm\\x2done.scope/libvirt/emulator", CGROUP_VM,
	  "libvirt-qemu", "", "vm-one", "", NULL, NULL },
	{ "/machine/vm.libvirt-qemu", CGROUP_VM, "libvirt-qemu", "", "vm", "", NULL, NULL },
	{ "/machine/qemu-3-vm.libvirt-qemu/vcpu0", CGROUP_VM, "libvirt-qemu", "", "vm", "", NULL,
	  NULL },
	{ "/machine/web.libvirt-lxc", CGROUP_CONTAINER, "libvirt-lxc", "web", "web", "", NULL,
	  NULL },
	{ "/kubepods/besteffort/pod" UID "/kata_" A, CGROUP_VM, "kata", A, NULL, "", NULL, NULL },
	{ POD "/kata_overhead/" A, CGROUP_VM, "kata", A, NULL, "", NULL, NULL },
	{ "/ecs/mycluster/" HEX32 "/" A, CGROUP_CONTAINER, "docker", A, NULL, "", NULL, NULL },
	{ "/system.slice/garden.service/garden/bad/6f265890-5165-7fab-6b52-18d1", CGROUP_CONTAINER,
	  "garden", "6f265890-5165-7fab-6b52-18d1", NULL, "", NULL, NULL },
	{ "/mesos/" UID "/leaf", CGROUP_CONTAINER, "mesos", UID, NULL, "", NULL, NULL },
	{ "/nomad.slice/reserve.slice/" UID ".web.scope", CGROUP_JOB, "nomad", UID, "web", "", NULL,
	  NULL },
	{ "/nomad.slice/" UID ".web.scope", CGROUP_JOB, "nomad", UID, "web", "", NULL, NULL },
	{ "/nomad/reserved/" UID ".web", CGROUP_JOB, "nomad", UID, "web", "", NULL, NULL },
	{ "/system.slice/slurmstepd.scope/job_12/step_batch/user/task_special", CGROUP_JOB, NULL,
	  "", "12", "", NULL, NULL },
	{ "/system.slice/node1_slurmstepd.scope/job_12/step_0/user/task_0", CGROUP_JOB, NULL, "",
	  "12", "", NULL, NULL },
	{ "/slurm_node1/uid_1000/job_12/step_batch/task_0", CGROUP_JOB, NULL, "", "12", "", NULL,
	  NULL },
	{ "/system.slice/dev-sda2.swap", CGROUP_HOST_SERVICE, NULL, "", NULL, "", NULL,
	  "dev-sda2.swap" },
	{ "/system.slice/run-u12.scope", CGROUP_HOST_SERVICE, NULL, "", NULL, "", NULL,
	  "run-u12.scope" },
	{ "/user.slice/user-0.slice/user@0.service/init.scope", CGROUP_USER_SERVICE, NULL, "", NULL,
	  "", NULL, "user@0.service" },
	{ USER "/app.slice/app-foo\\x2dbar-123.scope", CGROUP_USER_SERVICE, NULL, "", NULL, "",
	  NULL, "app-foo\\x2dbar-123.scope" },
	{ "/../../cri-containerd-" A ".scope", CGROUP_CONTAINER, "containerd", A, NULL, "", NULL,
	  NULL },
	{ "/../../../kubepods-besteffort-pod" UID_ ".slice/cri-containerd-" A ".scope",
	  CGROUP_CONTAINER, "containerd", A, NULL, "", UID, NULL },
	{ "/../" A, CGROUP_CONTAINER, "oci-unknown", A, NULL, "", NULL, NULL },
	{ "/system.slice/foo.service (deleted)", CGROUP_HOST_SERVICE, NULL, "", NULL, "", NULL,
	  "foo.service" },
	{ "/docker/" A ":x", CGROUP_INVALID, NULL, "", NULL, "", NULL, NULL },
	{ "/docker/\x1b" A, CGROUP_INVALID, NULL, "", NULL, "", NULL, NULL },
	{ "/docker/%s" A, CGROUP_INVALID, NULL, "", NULL, "", NULL, NULL },
	{ "/libpod-" A ".scope.scope", CGROUP_INVALID, NULL, "", NULL, "", NULL, NULL },
	{ "/kubepods/pod" UID "/" A "0", CGROUP_INVALID, NULL, "", NULL, "", NULL, NULL },
};

static bool fits(const char *want, const char *have)
{
	return !want || strcmp(want, have ?: "") == 0;
}

static void test_forms(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		CgroupIdentity id;
		bool container =
			rows[i].kind == CGROUP_CONTAINER || rows[i].kind == CGROUP_BUILD_STEP;

		cgroup_identify_path(span_of(rows[i].path), &id);
		if (id.kind == rows[i].kind && id.container == container &&
		    fits(rows[i].runtime, id.runtime) && fits(rows[i].id, id.id) &&
		    fits(rows[i].name, id.name) && fits(rows[i].outer_id, id.outer_id) &&
		    fits(rows[i].pod_uid, id.pod_uid) && fits(rows[i].unit, id.unit))
			continue;
		bad++;
		fprintf(stderr, "# %s: %s runtime %s id %s name %s outer %s pod %s unit %s\n",
			rows[i].path, cgroup_kind_name(id.kind), id.runtime ?: "-", id.id, id.name,
			id.outer_id, id.pod_uid, id.unit);
	}
	assert_int_equal(bad, 0);
}

static void test_what_may_have_a_free_name(void **state)
{
	static const struct {
		const char *path;
		bool open;
	} cases[] = {
		{ "/default/redis", true },
		{ "/box", true },
		{ "/user.slice/user-0.slice/session-1.scope/box", true },
		{ "/user.slice/user-0.slice/box", true },
		{ "/system.slice/ci.service/box", true },
		{ "/system.slice/some-box.scope", true },
		{ "/kubepods/pod" UID "/odd", true },
		{ "/", false },
		{ "/system.slice", false },
		{ "/system.slice/a.service", false },
		{ "/init.scope", false },
		{ "/user.slice/user-0.slice/session-1.scope", false },
		{ USER "/app.slice/box", false },
		{ "/docker/" A, false },
		{ "/docker/short", false },
		{ "/docker", false },
		{ "/libpod_parent", false },
		{ "/machine.slice/libpod-conmon-" A ".scope", false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		CgroupIdentity id;

		cgroup_identify_path(span_of(cases[i].path), &id);
		if (cgroup_is_open(&id) != cases[i].open)
			fail_msg("%s", cases[i].path);
	}
}

static void test_the_own_cgroup_of_a_unit(void **state)
{
	static const struct {
		const char *path, *unit;
	} cases[] = {
		{ "/system.slice/a.service", "a.service" },
		{ "/system.slice/a@1.service", "a@1.service" },
		{ "/system.slice/system-a.slice/a@1.service", "a@1.service" },
		{ "/a.service", "a.service" },
		{ "/init.scope", "init.scope" },
		{ "/system.slice/run-1.scope", "run-1.scope" },
		{ "/system.slice/a.socket", "a.socket" },
		{ "/system.slice/var-lib.mount", "var-lib.mount" },
		{ "/system.slice/_cgroup.service", "cgroup.service" },
		{ "/", NULL },
		{ "/system.slice", NULL },
		{ "/system.slice/a.service/box", NULL },
		{ "/system.slice/a.service/a.service", NULL },
		{ "/system.slice/a.service/b.service", NULL },
		{ "/system.slice/a.service/system.slice/a.service", NULL },
		{ "/system.slice/docker-" A ".scope", NULL },
		{ "/system.slice/docker-" A ".scope/a.service", NULL },
		{ "/docker/" A "/system.slice/a.service", NULL },
		{ "/machine.slice/libpod-conmon-" A ".scope", NULL },
		{ "/user.slice/user-0.slice/session-1.scope", NULL },
		{ USER, NULL },
		{ USER "/app.slice/a.service", NULL },
		{ "/system.slice/@.service", NULL },
		{ "/elsewhere/a.service", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		CgroupIdentity id;
		bool is = cgroup_identify_unit(span_of(cases[i].path), &id);

		if (is != (cases[i].unit != NULL))
			fail_msg("%s", cases[i].path);
		if (is)
			assert_string_equal(id.unit, cases[i].unit);
	}
}

static void note(const CgroupStep *step, void *userdata)
{
	static const char *const results[] = { "line", "fits", "near", "nothing" };
	char *seen = userdata;

	snprintf(seen + strlen(seen), 256 - strlen(seen), "%s %s;", results[step->result],
		 step->form);
}

static void test_steps_are_told(void **state)
{
	const CgroupObserver o = { note, (char[256]){ "" } };

	(void)state;
	cgroup_explain_file(SPAN_LIT("0::/system.slice/docker-" A ".scope/x" A "\n"), &o);
	assert_string_equal(o.userdata, "line ;nothing ;fits docker-*.scope;near ;");
}

UNIT_MAIN(cmocka_unit_test(test_forms), cmocka_unit_test(test_what_may_have_a_free_name),
	  cmocka_unit_test(test_the_own_cgroup_of_a_unit), cmocka_unit_test(test_steps_are_told))
