/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "state/store.h"

/* A store has one driver; several are left only by a change of it. */
#define DRIVERS_MAX 8

int store_open(const StateRoots *roots, Store *s)
{
	int r = state_open_folder(roots, roots->podman_root ?: "var/lib/containers/storage",
				  &s->graph);

	if (r < 0)
		return r;
	(void)state_open_folder(roots, roots->podman_run_root ?: "run/containers/storage", &s->run);
	return state_open_stream(&s->graph, ".", &s->stream);
}

void store_done(Store *s)
{
	state_folder_done(&s->graph);
	state_folder_done(&s->run);
	if (s->stream)
		closedir(s->stream);
}

bool store_next_driver(Store *s)
{
	struct dirent *entry;

	while (s->n_drivers < DRIVERS_MAX && (entry = readdir(s->stream))) {
		Span name = span_of(entry->d_name);

		if (!span_ends(name, SPAN_LIT("-containers")))
			continue;
		s->n_drivers++;
		return span_copy(name, s->driver, sizeof(s->driver));
	}
	return false;
}
