/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "config/state-section.h"

static const struct {
	const char *key;
	size_t offset; /* in StateRoots */
} keys[STATE_SECTION_KEYS] = {
	{ "DockerRoot", offsetof(StateRoots, docker_root) },
	{ "DockerExecRoot", offsetof(StateRoots, docker_exec_root) },
	{ "ContainerdState", offsetof(StateRoots, containerd_state) },
	{ "PodmanRoot", offsetof(StateRoots, podman_root) },
	{ "PodmanRunRoot", offsetof(StateRoots, podman_run_root) },
};

void state_section_done(StateSection *s)
{
	for (size_t i = 0; i < ELEMENTSOF(s->places); i++)
		free(s->places[i]);
	*s = (StateSection){ 0 };
}

static int set_place(char **place, const ConfigLine *line, Diag *d)
{
	char *copy;

	if (line->value[0] != '/')
		return diag_set(d, -EINVAL, "%s=%s is no good value: an absolute path is needed",
				line->key, line->value);
	copy = strdup(line->value);
	if (!copy)
		return diag_set(d, -ENOMEM, "out of memory");
	free(*place);
	*place = copy;
	return 1;
}

int state_section_take(const ConfigLine *line, StateSection *s, Diag *d)
{
	if (strcmp(line->section, "state") != 0)
		return 0;
	if (!line->key)
		return 1;
	for (size_t i = 0; i < ELEMENTSOF(keys); i++)
		if (strcmp(keys[i].key, line->key) == 0)
			return set_place(&s->places[i], line, d);
	return diag_set(d, -EINVAL, "there is no key %s= in section [state], see seccompd.conf(5)",
			line->key);
}

void state_section_apply(const StateSection *s, StateRoots *roots)
{
	for (size_t i = 0; i < ELEMENTSOF(keys); i++)
		if (s->places[i])
			*(const char **)((char *)roots + keys[i].offset) =
				s->places[i] + strspn(s->places[i], "/");
}
