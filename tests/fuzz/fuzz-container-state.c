/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runtime state as somebody may have left it on the disk. */
#include <assert.h>
#include <errno.h>

#include "state/rootless.h"
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

static void check_bundle(Span text)
{
	_cleanup_free_ char *bundle = NULL;
	Container c = { .id = ID };
	Diag d = { 0 };

	check(&c, runc_state_parse(text, SPAN_LIT("/box"), &c, &bundle, &d));
}

/* What is recorded and what is seen, both a stranger's. */
static void check_paths(Span text)
{
	const StateRoots roots = { .proc_fd = -1, .root_fd = -1 };
	Container c = { .id = ID };
	Span recorded = text;

	if (!span_split(&text, '\n', &recorded) || !text.p)
		return;
	span_copy(recorded, c.cgroups_path, sizeof(c.cgroups_path));
	container_confirm(&roots, &c, text, false);
	assert(!c.confirmed || c.basis >= CONTAINER_BY_ID);
	container_confirm(&roots, &c, text, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const parsers[])(Span text, Container * c, Diag * d) = {
		docker_config_parse, podman_list_parse, crun_status_parse,
		crio_state_parse,    lxc_config_parse,  machine_parse,
	};
	Span text = { (const char *)data, size };
	Container c = { .id = ID };
	OciConfig oci;
	Diag d = { 0 };
	char home[64];

	for (size_t i = 0; i < ELEMENTSOF(parsers); i++) {
		check(&c, parsers[i](text, &c, &d));
		c = (Container){ .id = ID };
	}
	check(&c, oci_config_parse(text, &c, &oci, &d));
	check_bundle(text);
	check_paths(text);
	if (rootless_home_parse(text, 1000, home, sizeof(home)))
		assert(strlen(home) < sizeof(home));
	return 0;
}
