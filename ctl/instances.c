/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "ctl/instances.h"
#include "profile/context.h"
#include "util/array.h"

static void instance_done(Instance *i)
{
	free(i->workload);
	free(i->name);
	free(i->profile_source);
}

void instances_done(Instances *all)
{
	for (size_t i = 0; i < all->n; i++)
		instance_done(&all->rows[i]);
	for (size_t i = 0; i < all->n_filters; i++)
		free(all->filters[i].json);
	free(all->rows);
	free(all->filters);
	*all = (Instances){ 0 };
}

static int find_filter(const Instances *all, const char *hash, size_t *ret)
{
	for (size_t i = 0; i < all->n_filters; i++)
		if (strcmp(all->filters[i].hash, hash) == 0) {
			*ret = i;
			return 0;
		}
	return -ENOENT;
}

static int keep_filter(Instances *all, const char *hash, Span json, size_t *ret)
{
	AppliedFilter f = { 0 }, *rows;

	if (find_filter(all, hash, ret) == 0)
		return 0;
	rows = array_room(all->filters, all->n_filters, &all->allocated_filters, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	all->filters = rows;
	span_copy(span_of(hash), f.hash, sizeof(f.hash));
	f.json = json.p ? span_dup(json) : NULL;
	if (json.p && !f.json)
		return -ENOMEM;
	*ret = all->n_filters;
	all->filters[all->n_filters++] = f;
	return 0;
}

static int add(Instances *all, Instance *i)
{
	Instance *rows = array_room(all->rows, all->n, &all->allocated, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	all->rows = rows;
	all->rows[all->n++] = *i;
	*i = (Instance){ 0 };
	return 0;
}

static int add_copy(Instances *all, Instance i, const char *workload, const char *name,
		    const char *source)
{
	int r = 0;

	i.workload = strdup(workload);
	i.name = strdup(name);
	i.profile_source = source ? strdup(source) : NULL;
	if (!i.workload || !i.name || (source && !i.profile_source))
		r = -ENOMEM;
	if (r == 0)
		r = add(all, &i);
	instance_done(&i);
	return r;
}

int instances_add_container(Instances *all, const StateRoots *roots, const char *workload,
			    const Container *c, bool ended, const char *hash)
{
	Instance i = {
		.engine = c->runtime,
		.oci_runtime = container_oci_runtime(roots, c),
		.ended = ended,
		.has_capabilities = c->capabilities != NULL,
		.capabilities = c->capabilities ? capability_set(c->capabilities) : 0,
		.has_filter = hash[0] != '\0',
		.given = c->seccomp != NULL,
		.no_new_privs = c->no_new_privs,
		.privileged = c->privileged,
		.init_pid = c->init_pid,
		.init_start = c->init_start,
	};
	int r = 0;

	span_copy(span_of(c->id), i.id, sizeof(i.id));
	span_copy(span_of(c->engine_socket), i.engine_socket, sizeof(i.engine_socket));
	if (i.has_filter)
		r = keep_filter(all, hash, c->seccomp ? span_of(c->seccomp) : SPAN_NULL, &i.filter);
	return r < 0 ? r
		     : add_copy(all, i, workload, c->names.name[0] ? c->names.name : c->id,
				c->profile_source);
}

int instances_add_unit(Instances *all, const char *workload, const char *unit, const UnitFilter *f,
		       Span json, const char *hash)
{
	Instance i = {
		.engine = "systemd",
		.has_capabilities = true,
		.capabilities = f->capabilities,
		.has_filter = true,
		.given = true,
		.no_new_privs = f->no_new_privs,
	};
	int r = keep_filter(all, hash, json, &i.filter);

	return r < 0 ? r : add_copy(all, i, workload, unit, NULL);
}

static int by_workload(const void *a, const void *b)
{
	const Instance *x = a, *y = b;
	int r = strcmp(x->workload, y->workload);

	r = r ?: strcmp(x->name, y->name);
	return r ?: strcmp(x->id, y->id);
}

void instances_sort(Instances *all)
{
	if (all->n > 1)
		qsort(all->rows, all->n, sizeof(*all->rows), by_workload);
}

const Instance *instances_of(const Instances *all, const char *workload, size_t *ret_n)
{
	const Instance *first = NULL;

	*ret_n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->rows[i].workload, workload) == 0) {
			first = first ?: &all->rows[i];
			++*ret_n;
		}
	return first;
}

const Instance *instances_with_capabilities(const Instances *all, const char *workload)
{
	size_t n;
	const Instance *first = instances_of(all, workload, &n);

	for (size_t i = 0; i < n; i++)
		if (first[i].has_capabilities)
			return &first[i];
	return NULL;
}
