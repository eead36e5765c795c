/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "state/rootless.h"
#include "state/state-file.h"
#include "util/parse.h"

/* NAME:PASSWORD:UID:GID:GECOS:HOME:SHELL */
static bool line_home(Span line, uint32_t uid, Span *ret)
{
	Span field = SPAN_NULL;
	uint32_t number;

	for (unsigned i = 0; i < 6 && span_split(&line, ':', &field); i++)
		if (i == 2 && (parse_u32(field, &number) < 0 || number != uid))
			return false;
	*ret = field;
	return line.p && field.n > 1 && field.p[0] == '/';
}

bool rootless_home_parse(Span passwd, uint32_t uid, char *ret, size_t size)
{
	Span line, home;

	while (span_split(&passwd, '\n', &line))
		if (line_home(line, uid, &home))
			return span_copy(span_from(home, 1), ret, size);
	return false;
}

static void find_home(const StateRoots *system, uint32_t uid, Rootless *r)
{
	_cleanup_folder_ StateFolder etc = STATE_FOLDER_NULL;
	_cleanup_free_ char *text = NULL;
	size_t n;

	if (state_open_folder(system, "etc", &etc) < 0 ||
	    state_read(&etc, "passwd", &text, &n, NULL) < 0 ||
	    !rootless_home_parse(span_make(text, n), uid, r->home, sizeof(r->home)))
		r->home[0] = '\0';
}

void rootless_roots(const StateRoots *system, uint32_t uid, Rootless *ret)
{
	static const struct {
		size_t offset;
		bool in_home;
		const char *path;
	} places[ROOTLESS_PLACES] = {
		{ offsetof(StateRoots, docker_root), true, ".local/share/docker" },
		{ offsetof(StateRoots, docker_exec_root), false, "docker" },
		{ offsetof(StateRoots, containerd_state), false, "containerd" },
		{ offsetof(StateRoots, podman_root), true, ".local/share/containers/storage" },
		{ offsetof(StateRoots, podman_run_root), false, "containers" },
		{ offsetof(StateRoots, runc_root), false, "runc" },
		{ offsetof(StateRoots, crun_root), false, "crun" },
	};

	*ret = (Rootless){ 0 };
	ret->roots = (StateRoots){
		.proc_fd = system->proc_fd,
		.root_fd = system->root_fd,
		.guarded = true,
		.uid = uid,
		.home = ret->home,
		.runtime_dir = ret->runtime_dir,
		.lxc_root = "-", /* nowhere */
		.machines_root = "-",
		.trace = system->trace,
		.opener = system->opener,
	};
	find_home(system, uid, ret);
	snprintf(ret->runtime_dir, sizeof(ret->runtime_dir), "run/user/%u", uid);
	for (size_t i = 0; i < ROOTLESS_PLACES; i++) {
		const char *own = places[i].in_home ? ret->home : ret->runtime_dir;

		snprintf(ret->places[i], sizeof(ret->places[i]), "%s%s%s", own, own[0] ? "/" : "-",
			 places[i].path);
		*(const char **)((char *)&ret->roots + places[i].offset) = ret->places[i];
	}
}
