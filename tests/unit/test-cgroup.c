/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/who/cgroup*: whom a path names, and above all whom it does not. */
#include <json-c/json.h>

#include "tests/unit/unit.h"
#include "who/cgroup.h"

#define ID_A "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define ID_B "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000"
#define VECTORS "../shared/data/cgroup_vectors.json"

static CgroupIdentity of_file(const char *text)
{
	CgroupIdentity id;

	cgroup_identify_file(span_of(text), &id);
	return id;
}

static CgroupIdentity of_path(const char *path)
{
	CgroupIdentity id;

	cgroup_identify_path(span_of(path), &id);
	return id;
}

/* As Docker's and Podman's cgroupfs drivers make them on a host with v1 and v2 hierarchies. */
static void test_hybrid_host_names_the_container(void **state)
{
	CgroupIdentity id = of_file("9:name=systemd:/docker/" ID_A "\n8:pids:/docker/" ID_A
				    "\n3:cpuset:/\n0::/docker/" ID_A "\n");

	(void)state;
	assert_true(id.container && id.kind == CGROUP_CONTAINER);
	assert_string_equal(id.runtime, "docker");
	assert_string_equal(id.id, ID_A);
	assert_int_equal(id.path.n, strlen("/docker/" ID_A));
	id = of_file("9:name=systemd:/libpod_parent/libpod-" ID_B "\n0::/libpod_parent/libpod-" ID_B
		     "\n");
	assert_string_equal(id.runtime, "podman");
	assert_string_equal(id.id, ID_B);
	/* conmon: v1 controllers moved, systemd's and the unified hierarchy not */
	id = of_file("9:name=systemd:/\n8:pids:/libpod_parent/conmon\n"
		     "1:cpu:/libpod_parent/conmon\n0::/\n");
	assert_int_equal(id.kind, CGROUP_CONMON);
	assert_false(id.container);
}

static void test_v1_lines_win_over_a_service_in_v2(void **state)
{
	CgroupIdentity id =
		of_file("4:memory:/docker/" ID_A "\n0::/system.slice/containerd.service\n");

	(void)state;
	assert_true(id.container);
	assert_string_equal(id.id, ID_A);
	id = of_file("4:memory:/user.slice\n1:name=systemd:/system.slice/cups.service\n0::/\n");
	assert_int_equal(id.kind, CGROUP_HOST_SERVICE);
	assert_string_equal(id.unit, "cups.service");
}

static void test_podman_pods_and_split_payloads(void **state)
{
	CgroupIdentity id = of_path("/libpod_parent/" ID_B "/libpod-" ID_A);

	(void)state;
	assert_true(id.container);
	assert_string_equal(id.id, ID_A);
	assert_string_equal(id.outer_id, "");
	id = of_path("/machine.slice/machine-libpod_pod_" ID_B ".slice/libpod-" ID_A
		     ".scope/container");
	assert_true(id.container);
	assert_string_equal(id.id, ID_A);
	id = of_path("/system.slice/web.service/libpod-payload-" ID_A "/container");
	assert_true(id.container);
	assert_string_equal(id.unit, "web.service");
	id = of_path("/system.slice/web.service/runtime");
	assert_int_equal(id.kind, CGROUP_CONMON);
	assert_string_equal(id.unit, "web.service");
}

static void test_outermost_is_the_owner(void **state)
{
	CgroupIdentity id = of_path("/docker/" ID_A "/docker/" ID_B);

	(void)state;
	assert_true(id.container);
	assert_string_equal(id.outer_id, ID_A);
	assert_string_equal(id.id, ID_B);
	/* two claims inside of one owner do not hide the owner */
	id = of_file("2:cpu:/docker/" ID_A "/docker/" ID_B "\n1:pids:/docker/" ID_A "/lxc/x\n");
	assert_true(id.container);
	assert_string_equal(id.id, ID_A);
	assert_string_equal(id.outer_id, "");
}

static void test_a_container_cannot_hide_by_names_of_its_own(void **state)
{
	static const char *const inside[] = {
		"/libpod-conmon-" ID_B ".scope",
		"/conmon",
		"/runtime",
		"/docker/not-an-id",
		"/docker-" ID_B "00.scope",
		"/payload",
		"/x.service/runtime",
		"/x.scope/payload",
		"/\x1b[31m",
		"/lxc.payload...",
	};
	char path[512];

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(inside); i++) {
		CgroupIdentity id;

		snprintf(path, sizeof(path), "/system.slice/docker-" ID_A ".scope%s", inside[i]);
		id = of_path(path);
		assert_int_equal(id.kind, CGROUP_CONTAINER);
		assert_string_equal(id.id, ID_A);
	}
}

static void test_two_owners_are_a_conflict(void **state)
{
	CgroupIdentity id = of_file("2:cpu:/docker/" ID_A "\n1:pids:/docker/" ID_B "\n");

	(void)state;
	assert_int_equal(id.kind, CGROUP_CONFLICT);
	assert_false(id.container);
	id = of_file("2:cpu:/docker/" ID_A "\n1:pids:/docker/" ID_B "/docker/" ID_A "\n");
	assert_true(id.container); /* the same innermost: one tree seen from two depths */
	assert_string_equal(id.outer_id, ID_B);
}

static void test_forged_paths_are_invalid(void **state)
{
	static const char *const paths[] = {
		"/docker/" ID_A "0",
		"/docker/short",
		"/system.slice/xdocker-" ID_A ".scope",
		"/system.slice/docker-" ID_A ".scope (deleted)x",
		"/docker/" ID_A "/../" ID_B,
		"/docker//" ID_A,
		"/docker/./" ID_A,
		"/libpod-" ID_A "0.scope",
		"/libpod_parent/"
		"libpod-AAAAaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111",
		"/lxc.payload.../etc",
		"/machine.slice/machine-a\\x2f..\\x2fb.scope/payload",
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(paths); i++) {
		CgroupIdentity id = of_path(paths[i]);

		assert_int_equal(id.kind, CGROUP_INVALID);
		assert_false(id.container);
		assert_string_equal(id.id, "");
	}
	assert_int_equal(of_file("0::docker/" ID_A "\n").kind, CGROUP_INVALID);
	assert_int_equal(of_file("x:pids:/docker/" ID_A "\n").kind, CGROUP_INVALID);
}

static void test_a_cut_path_proves_only_its_start(void **state)
{
	static char path[CGROUP_PATH_MAX];
	CgroupIdentity id;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	assert_int_equal(of_path(path).kind, CGROUP_INVALID);
	memcpy(path, "/docker/" ID_A "/", strlen("/docker/" ID_A "/"));
	id = of_path(path);
	assert_true(id.container);
	assert_string_equal(id.id, ID_A);
}

static void test_units(void **state)
{
	static const struct {
		const char *path, *unit;
		CgroupKind kind;
		uint32_t uid;
	} cases[] = {
		{ "/system.slice/nginx.service", "nginx.service", CGROUP_HOST_SERVICE, UINT32_MAX },
		{ "/system.slice/crio-wipe.service", "crio-wipe.service", CGROUP_HOST_SERVICE,
		  UINT32_MAX },
		{ "/system.slice/" ID_A ".service", ID_A ".service", CGROUP_HOST_SERVICE,
		  UINT32_MAX },
		{ "/init.scope", "init.scope", CGROUP_HOST_SERVICE, UINT32_MAX },
		{ "/user.slice/user-7.slice/user@7.service/app.slice/a.service", "a.service",
		  CGROUP_USER_SERVICE, 7 },
		{ "/user.slice/user-7.slice/session-c1.scope", "session-c1.scope",
		  CGROUP_USER_SESSION, 7 },
		{ "/user.slice/user-7.slice", "user-7.slice", CGROUP_USER_SLICE, 7 },
		{ "/system.slice/run-x.mount", "run-x.mount", CGROUP_MOUNT_UNIT, UINT32_MAX },
		{ "/", "", CGROUP_NONE, UINT32_MAX },
		{ "/../c/d", "", CGROUP_RELATIVE, UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		CgroupIdentity id = of_path(cases[i].path);

		assert_string_equal(cgroup_kind_name(id.kind), cgroup_kind_name(cases[i].kind));
		assert_string_equal(id.unit, cases[i].unit);
		assert_int_equal(id.uid, cases[i].uid);
		assert_false(id.container);
	}
}

static void test_deleted_is_stripped_once(void **state)
{
	CgroupIdentity id = of_file("0::/docker/" ID_A " (deleted)\n");

	(void)state;
	assert_true(id.container && id.deleted);
	id = of_file("0::/docker/" ID_A " (deleted) (deleted)\n");
	assert_int_equal(id.kind, CGROUP_INVALID);
}

/* ---- the reference vectors ----------------------------------------------------------------------
 */

static const char *text_of(json_object *o, const char *key)
{
	json_object *v = NULL;

	return json_object_object_get_ex(o, key, &v) && v ? json_object_get_string(v) : "";
}

static bool has_key(json_object *o, const char *key)
{
	return json_object_object_get_ex(o, key, NULL);
}

/* Without state these are what the path alone shows. */
static json_object *expectation(json_object *vector)
{
	json_object *expect = json_object_object_get(vector, "expect"), *without = NULL;

	return json_object_object_get_ex(expect, "without_state", &without) ? without : expect;
}

static bool vector_fits(json_object *expect, const CgroupIdentity *id)
{
	if (strcmp(text_of(expect, "kind"), cgroup_kind_name(id->kind)) != 0 ||
	    json_object_get_boolean(json_object_object_get(expect, "container")) != id->container)
		return false;
	if (has_key(expect, "runtime") &&
	    strcmp(text_of(expect, "runtime"), id->runtime ? id->runtime : "") != 0)
		return false;
	if (has_key(expect, "id") && strcmp(text_of(expect, "id"), id->id) != 0)
		return false;
	if (has_key(expect, "pod_uid") && strcmp(text_of(expect, "pod_uid"), id->pod_uid) != 0)
		return false;
	if (has_key(expect, "unit") && strcmp(text_of(expect, "unit"), id->unit) != 0)
		return false;
	return strcmp(text_of(expect, "outer_id"), id->outer_id) == 0;
}

/* What this version must answer exactly; the rest may only never invent a container. */
static bool is_required(json_object *expect)
{
	static const char *const kinds[] = { "host-service", "user-service", "user-session",
					     "user-slice",   "none",         "invalid",
					     "conflict",     "conmon",       "relative",
					     "mount-unit" };
	const char *runtime = text_of(expect, "runtime"), *kind = text_of(expect, "kind");

	/* Depends on the reader's own place in the tree, which is no part of the path. */
	if (strcmp(kind, "invalid") == 0 && has_key(expect, "prefix"))
		return false;
	if (strcmp(runtime, "docker") == 0 || strcmp(runtime, "podman") == 0)
		return true;
	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (strcmp(kind, kinds[i]) == 0)
			return true;
	return false;
}

static CgroupIdentity identify_vector(json_object *vector)
{
	json_object *text = json_object_object_get(vector, "cgroup");
	Span span = { json_object_get_string(text), (size_t)json_object_get_string_len(text) };
	CgroupIdentity id;

	if (strcmp(text_of(vector, "form"), "file") == 0)
		cgroup_identify_file(span, &id);
	else
		cgroup_identify_path(span, &id);
	return id;
}

static void check_vectors(json_object *all, size_t *ret_pass, size_t *ret_failed)
{
	size_t n = json_object_array_length(all);

	for (size_t i = 0; i < n; i++) {
		json_object *vector = json_object_array_get_idx(all, i);
		json_object *expect = expectation(vector);
		CgroupIdentity id = identify_vector(vector);
		bool fits = vector_fits(expect, &id);
		bool invented =
			id.container &&
			!json_object_get_boolean(json_object_object_get(expect, "container"));

		*ret_pass += fits;
		if (fits)
			continue;
		fprintf(stderr,
			"# vector %zu%s: %s: kind %s runtime %s id %s pod %s unit %s outer %s\n", i,
			is_required(expect) || invented ? "" : " (not required)",
			json_object_to_json_string_ext(expect, JSON_C_TO_STRING_PLAIN),
			cgroup_kind_name(id.kind), id.runtime ? id.runtime : "-", id.id, id.pod_uid,
			id.unit, id.outer_id);
		*ret_failed += is_required(expect) || invented;
	}
}

static void test_reference_vectors(void **state)
{
	char *path = unit_source_path(VECTORS);
	json_object *all = json_object_from_file(path);
	size_t pass = 0, failed = 0;

	(void)state;
	if (!all)
		fprintf(stderr, "# %s is not here\n", path);
	free(path);
	if (!all)
		skip();
	check_vectors(all, &pass, &failed);
	fprintf(stderr, "# %zu of %zu reference vectors\n", pass, json_object_array_length(all));
	json_object_put(all);
	assert_int_equal(failed, 0);
	assert_true(pass > 0);
}

static void test_the_mark_of_a_removed_cgroup_is_none_of_its_path(void **state)
{
	(void)state;
	assert_true(span_is(cgroup_strip_deleted(SPAN_LIT("/box (deleted)")), "/box"));
	assert_true(span_is(cgroup_strip_deleted(SPAN_LIT("/box")), "/box"));
	assert_true(span_is(cgroup_strip_deleted(SPAN_LIT("/ (deleted) x")), "/ (deleted) x"));
}

UNIT_MAIN(cmocka_unit_test(test_the_mark_of_a_removed_cgroup_is_none_of_its_path),
	  cmocka_unit_test(test_hybrid_host_names_the_container),
	  cmocka_unit_test(test_v1_lines_win_over_a_service_in_v2),
	  cmocka_unit_test(test_podman_pods_and_split_payloads),
	  cmocka_unit_test(test_outermost_is_the_owner),
	  cmocka_unit_test(test_a_container_cannot_hide_by_names_of_its_own),
	  cmocka_unit_test(test_two_owners_are_a_conflict),
	  cmocka_unit_test(test_forged_paths_are_invalid),
	  cmocka_unit_test(test_a_cut_path_proves_only_its_start), cmocka_unit_test(test_units),
	  cmocka_unit_test(test_deleted_is_stripped_once), cmocka_unit_test(test_reference_vectors))
