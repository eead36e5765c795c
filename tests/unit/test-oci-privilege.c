/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/oci-privilege.c */
#include "state/runtime.h"
#include "tests/unit/unit.h"
#include "util/buffer.h"

static void read_config(const char *text, Container *c)
{
	OciConfig oci;
	Diag d;

	assert_int_equal(oci_config_parse(span_of(text), c, &oci, &d), 0);
}

#define ADMIN "\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\",\"CAP_SYS_ADMIN\"]}}"
#define KILLER "\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}"
#define DEVICES(rules) "\"resources\":{\"devices\":[" rules "]}"
#define NO_DEVICE "{\"allow\":false,\"access\":\"rwm\"}"
#define ALL_DEVICES "{\"allow\":true,\"access\":\"rwm\"}"

static void test_privileged(void **state)
{
	static const struct {
		const char *text;
		bool privileged;
	} rows[] = {
		{ "{" ADMIN ",\"linux\":{" DEVICES(ALL_DEVICES) "}}", true },
		{ "{" ADMIN
		  ",\"linux\":{\"maskedPaths\":[]," DEVICES(NO_DEVICE "," ALL_DEVICES) "}}",
		  true },
		{ "{" ADMIN
		  ",\"linux\":{" DEVICES("{\"allow\":true,\"type\":\"a\",\"access\":\"rwm\"}") "}}",
		  true },
		/* one capability is not all there is to it */
		{ "{" ADMIN ",\"linux\":{" DEVICES(NO_DEVICE) "}}", false },
		{ "{" ADMIN
		  ",\"linux\":{\"maskedPaths\":[\"/proc/kcore\"]," DEVICES(ALL_DEVICES) "}}",
		  false },
		{ "{" KILLER ",\"linux\":{" DEVICES(ALL_DEVICES) "}}", false },
		{ "{" ADMIN
		  ",\"linux\":{" DEVICES("{\"allow\":true,\"type\":\"c\",\"access\":\"m\"}") "}}",
		  false },
		{ "{" ADMIN ",\"linux\":{" DEVICES("{\"allow\":true,\"major\":1,\"minor\":3}") "}}",
		  false },
		{ "{" ADMIN ",\"linux\":{" DEVICES("7,[]") "}}", false },
		{ "{" ADMIN ",\"linux\":{\"resources\":7}}", false },
		{ "{" ADMIN "}", false },
		{ "{}", false },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		_cleanup_container_ Container c = { 0 };

		read_config(rows[i].text, &c);
		if (c.privileged != rows[i].privileged)
			fail_msg("wrong: %s", rows[i].text);
	}
}

/* A bind mount from @source to @destination. */
static const char *mounted(const char *source, const char *destination, const char *more)
{
	static Container c;
	char text[1024];

	container_done(&c);
	snprintf(text, sizeof(text),
		 "{\"mounts\":[{\"type\":\"proc\",\"source\":\"proc\",\"destination\":\"/proc\"},"
		 "{\"source\":\"%s\",\"destination\":\"%s\",%s}]}",
		 source, destination, more);
	read_config(text, &c);
	return c.engine_socket;
}

static void test_sockets(void **state)
{
	static const struct {
		const char *source, *destination;
		bool found;
	} rows[] = {
		{ "/var/run/docker.sock", "/var/run/docker.sock", true },
		{ "/run//docker.sock", "/x", true },
		{ "/srv/../run/./podman/podman.sock", "/x", true },
		{ "/run/user/1000/podman/podman.sock", "/x", true },
		{ "/srv/data/innocent", "/var/run/docker.sock", true },
		{ "/opt/proxy", "/run/containerd/../containerd/containerd.sock", true },
		{ "/run", "/host", true },
		{ "/var/run/", "/host", true },
		{ "/", "/host", true },
		{ "/..", "/host", true },
		{ "/run/containerd", "/host", true },
		{ "/run/lock/../crio/crio.sock", "/host", true },
		{ "/srv/docker.sock.d", "/x", false },
		{ "/srv/run", "/run", false }, /* the container's own /run is its own */
		{ "/srv/notdocker.sock", "/x", false },
		{ "/run/../srv", "/x", false },
		{ "run/docker.sock", "x", false }, /* is no path of the host's */
		{ "", "", false },
	};
	const char bind[] = "\"type\":\"bind\"";

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(rows); i++) {
		const char *got = mounted(rows[i].source, rows[i].destination, bind);

		if ((got[0] != '\0') != rows[i].found)
			fail_msg("wrong: %s on %s: %s", rows[i].source, rows[i].destination, got);
		if (rows[i].found)
			assert_string_equal(got, rows[i].source);
	}
}

static void test_only_what_is_bound_counts(void **state)
{
	(void)state;
	assert_string_equal(mounted("/run", "/run", "\"type\":\"tmpfs\""), "");
	assert_string_equal(mounted("/run", "/run", "\"options\":[\"ro\",7,\"nosuid\"]"), "");
	assert_string_equal(mounted("/run", "/run", "\"options\":[\"ro\",\"rbind\"]"), "/run");
	assert_string_equal(mounted("/run", "/run", "\"type\":\"none\",\"options\":[\"bind\"]"),
			    "/run");
}

static void test_hostile_paths(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	_cleanup_container_ Container c = { 0 };

	(void)state;
	assert_string_equal(mounted("/a\\u001b[2J\\n/docker.sock", "/x", "\"type\":\"bind\""),
			    "/a\x1b[2J\n/docker.sock");
	buffer_add_str(&b,
		       "{\"mounts\":[7,{\"type\":\"bind\"},{\"type\":7,\"source\":[]},{\"type\":"
		       "\"bind\",\"source\":\"/");
	for (unsigned i = 0; i < 300; i++)
		buffer_add_str(&b, "long/");
	buffer_add_str(&b, "docker.sock\"}]}");
	assert_int_equal(buffer_error(&b), 0);
	read_config(b.p, &c);
	assert_true(strlen(c.engine_socket) < sizeof(c.engine_socket));
	assert_memory_equal(c.engine_socket, "/long/", 6);
}

UNIT_MAIN(cmocka_unit_test(test_privileged), cmocka_unit_test(test_sockets),
	  cmocka_unit_test(test_only_what_is_bound_counts), cmocka_unit_test(test_hostile_paths))
