/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/store-list: which of two engines made a container, whatever its image says. */
#include <errno.h>

#include "state/runtime.h"
#include "state/store-list.h"
#include "tests/unit/state-tree.h"
#include "tests/unit/unit.h"

#define A "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define B "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000"
#define STORE "var/lib/containers/storage/overlay-containers/"
#define PODMAN_ENTRY(id) \
	"{\"id\":\"" id "\",\"names\":[\"mine\"],\"metadata\":\"{\\\"image-name\\\":\\\"i\\\"}\"}"
#define CRIO_ENTRY(id)                                             \
	"{\"id\":\"" id "\",\"names\":[\"k8s_app\"],\"metadata\":" \
	"\"{\\\"pod-name\\\":\\\"web\\\",\\\"pod-id\\\":\\\"" B "\\\"}\"}"
/* What Podman makes of an image that was annotated to look like CRI-O's. */
#define FORGED                                                 \
	"\"annotations\":{\"io.container.manager\":\"cri-o\"," \
	"\"io.kubernetes.cri-o.ContainerType\":\"container\"," \
	"\"io.kubernetes.cri-o.Name\":\"forged\","             \
	"\"io.kubernetes.cri-o.Namespace\":\"prod\",\"io.kubernetes.cri-o.KubeName\":\"web\"}"
#define SPEC(cgroup) "{\"linux\":{\"cgroupsPath\":\"" cgroup "\"}," FORGED "}"

static int list_one(const Container *c, void *userdata)
{
	char *seen = userdata;

	snprintf(seen + strlen(seen), 256 - strlen(seen), "%s:%s/%s ", c->runtime, c->names.name,
		 c->names.k8s_namespace);
	return 0;
}

static void assert_listed(Tree *t, const char *expected)
{
	char seen[256] = "";
	Diag d;

	assert_int_equal(container_each(&t->roots, list_one, seen, &d), 0);
	assert_string_equal(seen, expected);
}

static void test_annotations_of_an_image_make_no_cri_o(void **state)
{
	static const char *const paths[] = { "machine.slice:libpod:" A, "/libpod_parent/libpod-" A,
					     "" };
	Tree *t = *state;
	Diag d;

	tree_put(t, STORE "containers.json", "[" PODMAN_ENTRY(A) "]");
	for (size_t i = 0; i < ELEMENTSOF(paths); i++) {
		_cleanup_container_ Container c = { 0 };
		char spec[1024];

		snprintf(spec, sizeof(spec), "{\"linux\":{\"cgroupsPath\":\"%s\"}," FORGED "}",
			 paths[i]);
		tree_put(t, STORE A "/userdata/config.json", spec);
		assert_int_equal(container_find(&t->roots, "podman", A,
						SPAN_LIT("/machine.slice/libpod-" A ".scope"), &c,
						&d),
				 0);
		assert_string_equal(c.names.name, "mine");
		assert_string_equal(c.names.k8s_namespace, "");
		assert_int_equal(
			container_find(&t->roots, "crio", A, SPAN_NULL, &(Container){ 0 }, &d),
			-ENOENT);
		assert_listed(t, "podman:mine/ ");
	}
}

static void test_the_engine_s_own_entry_makes_cri_o(void **state)
{
	_cleanup_container_ Container c = { 0 };
	Tree *t = *state;
	Diag d;

	tree_put(t, STORE "volatile-containers.json", "[" CRIO_ENTRY(A) "]");
	tree_put(t, STORE A "/userdata/config.json", SPEC("/anywhere"));
	assert_int_equal(container_find(&t->roots, "podman", A, SPAN_NULL, &c, &d), -ENOENT);
	assert_int_equal(container_find(&t->roots, "crio", A, SPAN_NULL, &c, &d), 0);
	assert_string_equal(c.names.name, "forged");
	assert_listed(t, "crio:forged/prod ");
}

/* Where the list tells nothing, the cgroup that the engine asked for does. */
static void test_without_an_entry_the_cgroup_decides(void **state)
{
	static const struct {
		const char *spec, *seen;
		int r;
	} cases[] = {
		{ SPEC("kubepods.slice:crio:" A), "", 0 },
		{ SPEC("/kubepods/pod1/crio-" A), "", 0 },
		{ SPEC("machine.slice:libpod:" A), "/system.slice/crio-" A ".scope", -ENOENT },
		{ SPEC("/libpod_parent/libpod-" A), "", -ENOENT },
		{ SPEC("/crio-" B "/" A), "", -ENOENT },
		{ SPEC(""), "/system.slice/crio-" A ".scope", 0 },
		{ SPEC(""), "/machine.slice/libpod-" A ".scope", -ENOENT },
		{ SPEC(""), "", -ENOENT },
	};
	Tree *t = *state;
	Diag d;

	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		_cleanup_container_ Container c = { 0 };

		tree_put(t, STORE A "/userdata/config.json", cases[i].spec);
		assert_int_equal(
			container_find(&t->roots, "crio", A, span_of(cases[i].seen), &c, &d),
			cases[i].r);
	}
}

static void test_a_damaged_list_is_told_and_hides_no_other(void **state)
{
	_cleanup_container_ Container c = { 0 };
	char seen[256] = "";
	Tree *t = *state;
	Diag d = { 0 };

	tree_put(t, STORE "containers.json", "{}");
	tree_put(t, STORE "volatile-containers.json",
		 "[1," PODMAN_ENTRY("short") "," PODMAN_ENTRY(B) "]");
	tree_put(t, STORE A "/userdata/config.json", SPEC("kubepods.slice:crio:" A));
	assert_int_equal(container_each(&t->roots, list_one, seen, &d), -EBADMSG);
	assert_string_equal(seen, "podman:mine/ ");
	assert_non_null(strstr(d.text, "containers.json: is no array"));
	assert_int_equal(container_find(&t->roots, "podman", A, SPAN_NULL, &c, &d), -EBADMSG);
	assert_int_equal(container_find(&t->roots, "crio", A, SPAN_NULL, &c, &d), 0);
}

#define WITH_TREE(f) cmocka_unit_test_setup_teardown(f, tree_setup, tree_teardown)

UNIT_MAIN(WITH_TREE(test_annotations_of_an_image_make_no_cri_o),
	  WITH_TREE(test_the_engine_s_own_entry_makes_cri_o),
	  WITH_TREE(test_without_an_entry_the_cgroup_decides),
	  WITH_TREE(test_a_damaged_list_is_told_and_hides_no_other))
