/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runtime state as somebody may have left it on the disk. */
#include <assert.h>
#include <errno.h>

#include "state/confirm.h"
#include "state/runtime.h"

#define ID "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff0000000011111111"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(Container *c, int r)
{
	assert(r == 0 || r == -EBADMSG || r == -EAGAIN || r == -ENOENT);
	assert(memchr(c->names.name, '\0', sizeof(c->names.name)));
	assert(memchr(c->names.image, '\0', sizeof(c->names.image)));
	assert(c->init_pid >= 0);
	cgroups_path_fit(c->cgroups_path, SPAN_LIT("/system.slice/docker-" ID ".scope"));
	container_done(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Span text = { (const char *)data, size };
	Container c = { .id = ID };
	OciConfig oci;
	Diag d = { 0 };

	check(&c, docker_config_parse(text, &c, &d));
	c = (Container){ .id = ID };
	check(&c, podman_list_parse(text, &c, &d));
	c = (Container){ .id = ID };
	check(&c, oci_config_parse(text, &c, &oci, &d));
	return 0;
}
