/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/profile/foreign.c: documents that are no profiles. */
#include <errno.h>

#include "tests/unit/profile-help.h"

static void test_other_documents_are_named_for_what_they_are(void **state)
{
	static const struct {
		const char *text, *part;
	} cases[] = {
		{ "[]", "this is an array" },
		{ "[{\"defaultAction\":\"SCMP_ACT_LOG\"}]", "--at /0" },
		{ "[{\"Id\":\"1\",\"HostConfig\":{}}]", "docker inspect" },
		{ "[{\"Id\":\"1\",\"OCIConfigPath\":\"/x\"}]", "podman inspect" },
		{ "\"profile.json\"", "this is a string" },
		{ "{}", "unconfined" },
		{ "{\"ociVersion\":\"1.0\",\n\"linux\":{\n\"seccomp\":{\"syscalls\":[]}}}",
		  "line 3" },
		{ "{\"ociVersion\":\"1.0\",\"linux\":{\"seccomp\":{}}}", "no /linux/seccomp" },
		{ "{\"ociVersion\":\"1.0\",\"linux\":{}}", "no /linux/seccomp" },
		{ "{\"ociVersion\":\"1.0\"}", "no /linux/seccomp" },
		{ "{\"apiVersion\":\"v1\",\"kind\":\"SeccompProfile\",\n\"spec\":{"
		  "\"defaultAction\":0}}",
		  "/spec in line 2" },
		{ "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{}}",
		  "Kubernetes manifest, not" },
		{ "{\"status\":{},\"info\":{\"runtimeSpec\":{\"linux\":{\"seccomp\":{\"syscalls\":["
		  "]}}}}}",
		  "crictl inspect" },
		{ "{\"seccomp-profile\":\"/x\"}", "daemon.json" },
		{ "{\"init_process_pid\":1}", "state.json" },
		{ "{\"syscalls\":[]}", "no \"defaultAction\"" },
		{ "hello", "no JSON" },
		{ "# x\n---\napiVersion: v1\nkind: SeccompProfile\n", "manifest in YAML" },
		{ "{\"apiVersion:\": 1,", "cut off" },
	};

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Profile *p = NULL;
		Diag d = { 0 };

		assert_int_equal(
			profile_read(span_of(cases[i].text), DIALECT_OCI, &help_x86_64, &p, &d),
			-EBADMSG);
		if (!strstr(d.text, cases[i].part))
			fail_msg("%s: %s", cases[i].text, d.text);
	}
}

UNIT_MAIN(cmocka_unit_test(test_other_documents_are_named_for_what_they_are))
