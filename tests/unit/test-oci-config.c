/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/oci-config, docker, podman: parsers on bytes, and when two paths agree. */
#include <errno.h>

#include "state/runtime.h"
#include "tests/unit/unit.h"

#define ID_A "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define ID_B "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000"

static void test_both_forms_of_cgroups_path(void **state)
{
	static const struct {
		const char *recorded, *seen;
		bool fits;
	} cases[] = {
		{ "/docker/A", "/docker/A", true },
		{ "/docker/A", "/docker/A/init (deleted)", true },
		{ "/docker/A", "/docker/A (deleted)", true },
		{ "/docker/A", "/outer/docker/A", true },
		{ "/docker/A", "/docker/AB", false },
		{ "/docker/A", "/xdocker/A", false },
		{ "/libpod_parent/libpod-A", "/docker/A", false },
		{ "/A", "/docker/A", true },
		{ "system.slice:docker:A", "/system.slice/docker-A.scope", true },
		{ "machine.slice:libpod:A", "/machine.slice/libpod-A.scope/container", true },
		{ "a-b.slice:libpod:A", "/a.slice/a-b.slice/libpod-A.scope", true },
		{ ":runc:A", "/system.slice/runc-A.scope", true },
		{ "machine.slice:libpod:A", "/system.slice/libpod-A.scope", false },
		{ "system.slice:docker:A", "/system.slice/docker-B.scope", false },
		{ "system.slice:docker:A", "/x/system.slice:docker:A", true },
		{ "::", "/x", false },
		{ "", "/x", false },
		{ "a:b", "/x", false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++)
		if (cgroups_path_fits(cases[i].recorded, span_of(cases[i].seen)) != cases[i].fits)
			fail_msg("%s in %s", cases[i].recorded, cases[i].seen);
}

static void test_filter_is_kept_as_text(void **state)
{
	_cleanup_container_ Container c = { 0 };
	OciConfig oci;
	Diag d;

	(void)state;
	assert_int_equal(
		oci_config_parse(SPAN_LIT("{\"linux\":{\"cgroupsPath\":\"/docker/x\",\"seccomp\": {"
					  "\"defaultAction\" : \"SCMP_ACT_LOG\", \"p\":\"a/b\"}},"
					  "\"annotations\":{\"io.container.manager\":\"libpod\","
					  "\"io.podman.annotations.seccomp\":\"/etc/p.json\"}}\n"),
				 &c, &oci, &d),
		0);
	assert_string_equal(c.seccomp, "{\"defaultAction\":\"SCMP_ACT_LOG\",\"p\":\"a/b\"}");
	assert_string_equal(c.cgroups_path, "/docker/x");
	assert_string_equal(c.profile_source, "/etc/p.json");
	assert_string_equal(oci.manager, "libpod");
}

static int parse(const char *text)
{
	_cleanup_container_ Container c = { 0 };
	OciConfig oci;
	Diag d = { 0 };

	return oci_config_parse(span_of(text), &c, &oci, &d);
}

static void test_what_is_no_config_is_refused(void **state)
{
	static const char *const broken[] = {
		"[]",
		"{\"linux\":[]}",
		"{\"linux\":{\"seccomp\":\"unconfined\"}}",
		"{}x",
		"nonsense",
		"{\"a\":1,}}",

		"{\"linux\":{\"seccomp\":[]}}",
	};
	static const char *const half[] = { "", "{", "{\"linux\":{\"secc", "{\"linux\":{}" };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(broken); i++)
		if (parse(broken[i]) != -EBADMSG)
			fail_msg("accepted: %s", broken[i]);
	for (size_t i = 0; i < ELEMENTSOF(half); i++)
		assert_int_equal(parse(half[i]), -EAGAIN);
	assert_int_equal(parse("{}"), 0);
	assert_int_equal(parse("{\"linux\":{\"seccomp\":null}}"), 0);
}

static void test_docker_names(void **state)
{
	_cleanup_container_ Container c = { .id = ID_A };
	Diag d;

	(void)state;
	assert_int_equal(
		docker_config_parse(SPAN_LIT("{\"ID\":\"" ID_A
					     "\",\"Name\":\"/web\",\"State\":{\"Pid\":42},"
					     "\"Config\":{\"Image\":\"nginx:1\",\"Labels\":{"
					     "\"com.docker.compose.project\":\"p\","
					     "\"com.docker.compose.service\":\"s\","
					     "\"com.docker.swarm.service.name\":7}}}"),
				    &c, &d),
		0);
	assert_string_equal(c.names.name, "web");
	assert_string_equal(c.names.image, "nginx:1");
	assert_string_equal(c.names.compose_project, "p");
	assert_string_equal(c.names.compose_service, "s");
	assert_string_equal(c.names.swarm_service, "");
	assert_int_equal(c.init_pid, 42);
	assert_int_equal(docker_config_parse(SPAN_LIT("{\"ID\":\"" ID_B "\"}"), &c, &d), -EBADMSG);
	assert_int_equal(docker_config_parse(SPAN_LIT("{\"ID\":7}"), &c, &d), -EBADMSG);
	assert_int_equal(docker_config_parse(SPAN_LIT("[]"), &c, &d), -EBADMSG);
}

static void test_podman_names(void **state)
{
	_cleanup_container_ Container c = { .id = ID_A };
	Diag d;

	(void)state;
	assert_int_equal(
		podman_list_parse(
			SPAN_LIT("[7,{\"id\":\"" ID_B "\",\"names\":[\"other\"]},{\"id\":\"" ID_A
				 "\",\"names\":[\"web\"],\"metadata\":\"{\\\"image-name\\\":"
				 "\\\"localhost/t:1\\\"}\"}]"),
			&c, &d),
		0);
	assert_string_equal(c.names.name, "web");
	assert_string_equal(c.names.image, "localhost/t:1");
	assert_int_equal(podman_list_parse(SPAN_LIT("[]"), &c, &d), -ENOENT);
	assert_int_equal(podman_list_parse(SPAN_LIT("{}"), &c, &d), -EBADMSG);
	assert_int_equal(podman_list_parse(SPAN_LIT("[{\"id\":\"" ID_A
						    "\",\"names\":7,\"metadata\":\"{x\"}]"),
					   &c, &d),
			 0);
}

UNIT_MAIN(cmocka_unit_test(test_both_forms_of_cgroups_path),
	  cmocka_unit_test(test_filter_is_kept_as_text),
	  cmocka_unit_test(test_what_is_no_config_is_refused), cmocka_unit_test(test_docker_names),
	  cmocka_unit_test(test_podman_names))
