/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/oci-config, docker, podman: parsers on bytes. */
#include <errno.h>

#include "state/runtime.h"
#include "tests/unit/unit.h"

#define ID_A "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"
#define ID_B "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000"

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

static void test_process(void **state)
{
	static const struct {
		const char *text, *capabilities;
		bool no_new_privs;
	} rows[] = {
		{ "{\"process\":{\"noNewPrivileges\":true,\"capabilities\":{\"bounding\":["
		  "\"CAP_CHOWN\",\"CAP_KILL\"]}}}",
		  "CAP_CHOWN CAP_KILL", true },
		{ "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_\\u001b\",7,\"kill\","
		  "\"CAP_BPF\"]}}}",
		  "CAP_BPF", false },
		{ "{\"process\":{\"capabilities\":[\"CAP_KILL\"]}}", "", false },
		{ "{\"process\":{}}", "", false },
		{ "{\"process\":7}", NULL, false },
		{ "{}", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_container_ Container c = { 0 };
		OciConfig oci;
		Diag d;

		assert_int_equal(oci_config_parse(span_of(rows[i].text), &c, &oci, &d), 0);
		assert_int_equal(c.no_new_privs, rows[i].no_new_privs);
		if (rows[i].capabilities)
			assert_string_equal(c.capabilities, rows[i].capabilities);
		else
			assert_null(c.capabilities);
	}
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

UNIT_MAIN(cmocka_unit_test(test_process), cmocka_unit_test(test_filter_is_kept_as_text),
	  cmocka_unit_test(test_what_is_no_config_is_refused), cmocka_unit_test(test_docker_names),
	  cmocka_unit_test(test_podman_names))
