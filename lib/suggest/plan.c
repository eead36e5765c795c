/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "suggest/plan.h"

void plan_done(Plan *p)
{
	for (size_t i = 0; i < p->n_keep; i++)
		free(p->keep[i]);
	free(p->keep);
	free(p->allow.names);
	free(p->take_out.names);
	free(p->enosys.names);
	free(p->answered.names);
	free(p->implied.names);
	free(p->errnos);
	*p = (Plan){ 0 };
}

bool plan_is_empty(const Plan *p)
{
	return p->allow.n == 0 && p->take_out.n == 0 && p->enosys.n == 0 && p->n_rules == 0 &&
	       p->n_keep == 0 && p->n_errnos == 0;
}

int plan_names_add(PlanNames *names, const char *name)
{
	const char **more = reallocarray(names->names, names->n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	names->names = more;
	more[names->n++] = name;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_names(PlanNames *names)
{
	size_t kept = 0;

	if (names->n > 0)
		qsort(names->names, names->n, sizeof(*names->names), compare_names);
	for (size_t i = 0; i < names->n; i++)
		if (kept == 0 || strcmp(names->names[kept - 1], names->names[i]) != 0)
			names->names[kept++] = names->names[i];
	names->n = kept;
}

int plan_errno_add(Plan *p, const char *name, uint32_t data)
{
	PlanErrno *more = reallocarray(p->errnos, p->n_errnos + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	p->errnos = more;
	more[p->n_errnos++] = (PlanErrno){ name, data };
	return 0;
}

const PlanErrno *plan_errno(const Plan *p, const char *name)
{
	for (size_t i = 0; i < p->n_errnos; i++)
		if (strcmp(p->errnos[i].name, name) == 0)
			return &p->errnos[i];
	return NULL;
}

static int compare_errnos(const void *a, const void *b)
{
	const PlanErrno *x = a, *y = b;

	if (x->data != y->data)
		return x->data < y->data ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* One call may have been seen on several architectures. */
static void sort_errnos(Plan *p)
{
	size_t kept = 0;

	if (p->n_errnos > 0)
		qsort(p->errnos, p->n_errnos, sizeof(*p->errnos), compare_errnos);
	for (size_t i = 0; i < p->n_errnos; i++)
		if (kept == 0 || compare_errnos(&p->errnos[kept - 1], &p->errnos[i]) != 0)
			p->errnos[kept++] = p->errnos[i];
	p->n_errnos = kept;
}

void plan_sort(Plan *p)
{
	sort_errnos(p);
	sort_names(&p->allow);
	sort_names(&p->take_out);
	sort_names(&p->enosys);
	sort_names(&p->answered);
	sort_names(&p->implied);
}

bool plan_names_have(const PlanNames *names, const char *name)
{
	return names->n > 0 &&
	       bsearch(&name, names->names, names->n, sizeof(*names->names), compare_names);
}

bool plan_keeps(const Plan *p, const char *name)
{
	for (size_t i = 0; i < p->n_keep; i++)
		if (strcmp(p->keep[i], name) == 0)
			return true;
	return false;
}

int plan_keep(Plan *p, const char *name)
{
	char **more;

	if (plan_keeps(p, name))
		return 1;
	more = reallocarray(p->keep, p->n_keep + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->keep = more;
	more[p->n_keep] = strdup(name);
	if (!more[p->n_keep])
		return -ENOMEM;
	p->n_keep++;
	return 0;
}

const SafeRule *plan_rule(const Plan *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (strcmp(p->rules[i].name, name) == 0)
			return &p->rules[i];
	return NULL;
}
