/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <systemd/sd-daemon.h>

#include "ctl/ctl.h"
#include "ctl/inventory.h"
#include "evidence/ledger-host.h"
#include "profile/stage.h"
#include "state/container.h"
#include "state/unit.h"
#include "util/array.h"

#define PLACES_MAX 16
#define BUS_TIMEOUT (2 * USEC_PER_SEC)

typedef struct Gathering {
	StateRoots roots;
	char *places[PLACES_MAX]; /* what .roots borrows */
	const WorkloadRules *rules;
	char node[HOST_NAME_MAX + 1];
	Inventory found;
	bool wants_ended;
	char (*ids)[CGROUP_ID_MAX]; /* an engine and the runtime below it both know a container */
	size_t n_ids, allocated_ids;
} Gathering;

#define GATHERING(ctl)                                                               \
	{                                                                            \
		.roots = { .proc_fd = -1, .root_fd = -1 }, .rules = (ctl)->workloads \
	}

static void gathering_done(Gathering *g)
{
	closep(&g->roots.proc_fd);
	closep(&g->roots.root_fd);
	inventory_done(&g->found);
	free(g->ids);
	for (size_t i = 0; i < ELEMENTSOF(g->places); i++)
		free(g->places[i]);
}

void inventory_done(Inventory *i)
{
	workloads_done(&i->workloads);
	instances_done(&i->instances);
	instances_done(&i->ended);
}

/* ---- where ---- */

/* As the daemon that wrote @l reads them, where there is one; else as the configuration says. */
static int open_roots(const Ctl *ctl, Ledger *l, Gathering *g)
{
	StateRoots *roots = &g->roots;
	char key[64], path[PATH_MAX];

	roots->root_fd = open(ctl->state_root ?: "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	roots->proc_fd = openat(roots->root_fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* A copy of a host's state lies where that host's defaults are. */
	if (ctl->state_root)
		return 0;
	if (!l)
		state_section_apply(ctl->state, roots);
	for (size_t i = 0; l && i < PLACES_MAX && state_roots_name(i); i++) {
		snprintf(key, sizeof(key), "state.%s", state_roots_name(i));
		if (ledger_get_meta(l, key, path, sizeof(path)) < 0 || !path[0])
			continue;
		g->places[i] = strdup(path);
		if (!g->places[i])
			return -ENOMEM;
		*state_roots_place(roots, i) = g->places[i];
	}
	return 0;
}

/* ---- rows ---- */

static int add_row(Gathering *g, const SubjectKey *key, const Container *c,
		   const AppliedProfile *profile, const char *dialect, WorkloadName *name)
{
	const ContainerNames *names = c ? &c->names : NULL;

	workload_rules_name(g->rules,
			    &(WorkloadFacts){ key, names, c ? &c->labels : NULL, g->node }, name);
	return workloads_add(
		&g->found.workloads,
		&(LedgerWorkloadRow){
			.name = name->text,
			.heuristic = name->heuristic,
			.runtime = key->runtime,
			.container_name = names ? names->name : "",
			.image = names ? names->image : "",
			.stage = profile ? stage_name(profile->stage) : "",
			.visibility = profile ? visibility_name(profile->visibility) : "",
			.profile_hash = profile ? profile->hash : "",
			.profile_source = c && c->profile_source ? c->profile_source : "",
			.dialect = dialect,
			.host = "",
		});
}

static bool is_known(const Gathering *g, const char *id)
{
	for (size_t i = 0; i < g->n_ids; i++)
		if (strcmp(g->ids[i], id) == 0)
			return true;
	return false;
}

static int note_id(Gathering *g, const char *id)
{
	char(*ids)[CGROUP_ID_MAX] = array_room(g->ids, g->n_ids, &g->allocated_ids, sizeof(*ids));

	if (!ids)
		return -ENOMEM;
	g->ids = ids;
	span_copy(span_of(id), g->ids[g->n_ids++], CGROUP_ID_MAX);
	return 0;
}

/* Its configuration may outlive it. */
static int add_ended(Gathering *g, const SubjectKey *key, const Container *c)
{
	WorkloadName name;

	if (!g->wants_ended || !c->spec_found)
		return 0;
	workload_rules_name(g->rules, &(WorkloadFacts){ key, &c->names, &c->labels, g->node },
			    &name);
	return instances_add_container(&g->found.ended, &g->roots, name.text, c, true, "");
}

static int on_container(const Container *c, void *userdata)
{
	Gathering *g = userdata;
	SubjectKey key = { .kind = SUBJECT_CONTAINER };
	AppliedProfile profile;
	WorkloadName name;
	bool has_profile;

	span_copy(span_of(c->runtime), key.runtime, sizeof(key.runtime));
	span_copy(span_of(c->id), key.name, sizeof(key.name));
	if (c->sandbox || is_known(g, c->id))
		return 0;
	if (!container_runs(&g->roots, c))
		return add_ended(g, &key, c) < 0 ? ENOMEM : 0;
	if (note_id(g, c->id) < 0)
		return ENOMEM;
	has_profile =
		c->spec_found && applied_profile_read(c->seccomp ? span_of(c->seccomp) : SPAN_NULL,
						      &profile, NULL) == 0;
	if (add_row(g, &key, c, has_profile ? &profile : NULL, c->runtime, &name) < 0 ||
	    instances_add_container(&g->found.instances, &g->roots, name.text, c, false,
				    has_profile ? profile.hash : "") < 0)
		return ENOMEM;
	return 0;
}

static int on_unit(const char *unit, const UnitFilter *filter, void *userdata)
{
	_cleanup_buffer_ Buffer json = BUFFER_NULL;
	SubjectKey key = { .kind = SUBJECT_UNIT };
	Gathering *g = userdata;
	AppliedProfile profile;
	WorkloadName name;

	if (unit_filter_render(filter, &json) < 0 ||
	    applied_unit_profile_read(buffer_span(&json), &profile, NULL) < 0)
		return 0;
	span_copy(span_of(unit), key.name, sizeof(key.name));
	if (add_row(g, &key, NULL, &profile, "systemd", &name) < 0 ||
	    instances_add_unit(&g->found.instances, name.text, unit, filter, buffer_span(&json),
			       profile.hash) < 0)
		return ENOMEM;
	return 0;
}

/* ---- reading ---- */

/* @verb NULL: nothing is said of what cannot be read. */
static int read_containers(Gathering *g, const char *verb)
{
	Diag d = { 0 };
	int r = container_each(&g->roots, on_container, g, &d);

	if (r > 0)
		return -r;
	if (r == 0 || r == -ENOENT)
		return 0;
	g->found.partial = true;
	g->found.error = r;
	g->found.fault = d;
	if (verb && (r == -EACCES || r == -EPERM))
		ctl_fail(0, verb,
			 "the state of container runtimes cannot be read, so running containers "
			 "without a record are missing here: be root");
	else if (verb)
		ctl_fail(0, verb,
			 "some of the state of container runtimes cannot be read, so running "
			 "containers may be missing here: %s",
			 d.text[0] ? d.text : strerror(-r));
	return 0;
}

/* A host without systemd has no units to miss. */
static bool has_no_systemd(int r)
{
	return (r == -ENOENT || r == -ECONNREFUSED) && sd_booted() <= 0;
}

static int read_units(Gathering *g, const char *verb)
{
	sd_bus *bus = NULL;
	Diag d = { 0 };
	int r;

	r = unit_bus_open(BUS_TIMEOUT, &bus);
	if (has_no_systemd(r))
		return 0;
	if (r >= 0)
		r = unit_each(bus, BUS_TIMEOUT, on_unit, g, &d);
	sd_bus_close_unref(bus);
	if (r > 0)
		return -r;
	g->found.units_error = MIN(r, 0);
	if (r < 0 && verb)
		ctl_fail(0, verb,
			 "systemd cannot be asked, so units without a record are missing here: %s",
			 d.text[0] ? d.text : strerror(-r));
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const Workload *)a)->name, ((const Workload *)b)->name);
}

/* The instances of a workload become one row: the first that knows its filter. */
static void join_instances(Workloads *w)
{
	size_t kept = 0;

	if (w->n > 1)
		qsort(w->rows, w->n, sizeof(*w->rows), by_name);
	for (size_t i = 0; i < w->n; i++) {
		Workload *last = kept > 0 ? &w->rows[kept - 1] : NULL;
		Workload row = w->rows[i];

		if (!last || strcmp(last->name, row.name) != 0) {
			w->rows[kept++] = row;
			continue;
		}
		if (!last->profile_hash[0]) {
			Workload other = *last;

			*last = row;
			row = other;
		}
		workload_done(&row);
	}
	w->n = kept;
}

static int gather(Gathering *g, const Ctl *ctl, Ledger *l, const char *verb)
{
	int r;

	(void)gethostname(g->node, sizeof(g->node) - 1);
	r = open_roots(ctl, l, g);
	return r < 0 ? r : read_containers(g, verb);
}

static void hand_out(Gathering *g, Inventory *ret)
{
	join_instances(&g->found.workloads);
	instances_sort(&g->found.instances);
	instances_sort(&g->found.ended);
	*ret = g->found;
	g->found = (Inventory){ 0 };
}

/* What runs here says nothing of many hosts. */
int inventory_read(const Ctl *ctl, Ledger *l, const char *verb, Inventory *ret)
{
	_cleanup_(gathering_done) Gathering g = GATHERING(ctl);
	int r;

	if (ledger_hosts(l) > 1) {
		*ret = (Inventory){ 0 };
		return 0;
	}
	r = gather(&g, ctl, l, verb);
	if (r == 0 && !ctl->state_root)
		r = read_units(&g, verb);
	if (r == 0)
		hand_out(&g, ret);
	return r;
}

int inventory_read_containers(const Ctl *ctl, Ledger *l, Inventory *ret)
{
	_cleanup_(gathering_done) Gathering g = GATHERING(ctl);
	int r;

	if (ledger_hosts(l) > 1) {
		*ret = (Inventory){ 0 };
		return 0;
	}
	g.wants_ended = true;
	r = gather(&g, ctl, l, NULL);
	if (r == 0)
		hand_out(&g, ret);
	return r;
}

const Instance *inventory_example(const Inventory *i, const char *workload)
{
	return instances_with_capabilities(&i->instances, workload)
		       ?: instances_with_capabilities(&i->ended, workload);
}

static int copy_filter(const Instances *all, const char *workload, char **ret_json)
{
	size_t n;
	const Instance *rows = instances_of(all, workload, &n);

	for (size_t i = 0; i < n; i++) {
		const char *json = rows[i].has_filter ? all->filters[rows[i].filter].json : NULL;

		if (!rows[i].has_filter)
			continue;
		*ret_json = json ? strdup(json) : NULL;
		return json && !*ret_json ? -ENOMEM : 0;
	}
	return -ENOENT;
}

int inventory_filter(const Ctl *ctl, Ledger *l, const char *verb, const char *workload,
		     char **ret_json)
{
	_cleanup_(gathering_done) Gathering g = GATHERING(ctl);
	int r = gather(&g, ctl, l, verb);

	if (r < 0)
		return r;
	instances_sort(&g.found.instances);
	return copy_filter(&g.found.instances, workload, ret_json);
}
