/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* State of runtimes in a folder, as each of them keeps it. */
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
static inline int find(Tree *t, const char *cgroup, Container *c, SubjectKey *key, Diag *d)
{
	CgroupIdentity id;

	*d = (Diag){ 0 };
	cgroup_identify_path(span_of(cgroup), &id);
	subject_of_identity(&id, SPAN_LIT("/bin/x"), key);
	if (key->kind == SUBJECT_CONTAINER)
		return container_find(&t->roots, key->runtime, key->name, id.path, c, d);
	return container_find_open(&t->roots, &id, true, c, d);
}

#define WITH_TREE(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)
