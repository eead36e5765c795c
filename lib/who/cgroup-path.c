/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "who/cgroup-path.h"

typedef struct Walk {
	PathFacts *facts;
	CgroupElement element;
	char pod_uid[40];        /* of the last pod directory, until a container takes it */
	const char *pod_runtime; /* "docker" for /docker/podUID */
	bool terminal;
	const CgroupObserver *observer;
} Walk;

static bool skip_parent_steps(Span *path)
{
	bool any = false;

	while (span_is(*path, "/..") || span_starts(*path, SPAN_LIT("/../"))) {
		*path = span_from(*path, 3);
		any = true;
	}
	return any;
}

/* The kernel never writes an empty, "." or ".." element, nor a NUL or newline. */
static bool is_well_formed(Span path)
{
	Span part;

	while (span_split(&path, '/', &part))
		if (part.n == 0 || span_is(part, ".") || span_is(part, "..") ||
		    memchr(part.p, '\0', part.n) || memchr(part.p, '\n', part.n))
			return false;
	return true;
}

static void take_container(Walk *w, const CgroupMatch *m)
{
	PathFacts *f = w->facts;

	if (f->depth == 0) {
		f->outer = *m;
		if (m->pattern->flags & PATTERN_KEEP_UNIT)
			f->kept_unit = f->unit.system_unit;
	}
	f->inner = *m;
	f->depth++;
	if (cgroup_pod_uid(w->element.text, w->pod_uid) || w->pod_uid[0])
		memcpy(f->pod_uid, w->pod_uid, sizeof(f->pod_uid));
	w->pod_uid[0] = '\0';
}

static void take_pod(Walk *w, const CgroupMatch *m)
{
	w->pod_runtime = m->runtime;
	w->element.below_pod = true;
	if (!cgroup_pod_uid(w->element.text, w->pod_uid))
		w->pod_uid[0] = '\0';
	if (w->facts->depth == 0) {
		w->facts->pod = m->pattern;
		memcpy(w->facts->pod_uid, w->pod_uid, sizeof(w->pod_uid));
	}
}

static void take_special(Walk *w, const CgroupMatch *m)
{
	/* Below a container it would be the container's own claim, and its processes are the
	 * container's. */
	if (w->facts->depth > 0)
		return;
	w->facts->special = *m;
	w->terminal = true;
	if (m->pattern->flags & PATTERN_KEEP_UNIT)
		w->facts->kept_unit = w->facts->unit.unit;
}

static void take_match(Walk *w, CgroupMatch *m)
{
	PathFacts *f = w->facts;
	bool below_pod = w->element.below_pod;

	w->element.below_pod = false;
	switch (m->pattern->kind) {
	case CGROUP_CONTAINER:
	case CGROUP_BUILD_STEP:
		if (below_pod && w->pod_runtime && strcmp(m->runtime, "cri-unknown") == 0)
			m->runtime = w->pod_runtime;
		/* only a unit of the host can hold a container that says nothing but "payload" */
		if (f->depth == 0 || !(m->pattern->flags & PATTERN_UNIT_PARENT))
			take_container(w, m);
		break;
	case CGROUP_POD:
		take_pod(w, m);
		break;
	case CGROUP_POD_ROOT:
		if (f->depth == 0 && !f->pod)
			f->pod = m->pattern;
		break;
	case CGROUP_NONE:
		break;
	default:
		take_special(w, m);
	}
}

/* The row's fixed text around what it takes: "docker-*.scope". */
static void tell(const Walk *w, int result, const CgroupMatch *m)
{
	const CgroupPattern *p = result > 0 ? m->pattern : NULL;
	CgroupStep step = { .path = w->facts->path,
			    .element = w->element.text,
			    .result = result > 0   ? CGROUP_STEP_FITS
				      : result < 0 ? CGROUP_STEP_NEAR_MISS
						   : CGROUP_STEP_NOTHING };

	if (p) {
		step.kind = p->kind;
		step.runtime = m->runtime;
		snprintf(step.form, sizeof(step.form), "%s%s%s%s%s", p->prefix ?: "",
			 p->form == ID_NONE ? "" : "*", p->suffix ?: "", p->child ? "/" : "",
			 p->child ?: "");
	}
	w->observer->f(&step, w->observer->userdata);
}

static void take_element(Walk *w)
{
	PathFacts *f = w->facts;
	CgroupMatch m = { 0 };
	int r;

	w->element.below_unit = unit_name_is_valid(w->element.parent, ".service") ||
				unit_name_is_valid(w->element.parent, ".scope");
	r = cgroup_pattern_match(&w->element, &m);
	if (w->observer)
		tell(w, r, &m);
	if (r > 0) {
		take_match(w, &m);
	} else {
		w->element.below_pod = false;
		/* An element that is no container's does not spoil one further on, and what a
		 * container's root writes below its own cgroup does not spoil the owner. */
		if (r < 0)
			f->near_miss = true;
	}
	if (f->depth == 0)
		unit_walk_add(&f->unit, w->element.text, f->relative);
}

static void walk_elements(PathFacts *f, Span path, const CgroupObserver *observer)
{
	Walk w = { .facts = f,
		   .element = { .parent = SPAN_LIT(""), .before = { path.p, 0 } },
		   .observer = observer };
	Span rest = path, part;

	while (!w.terminal && span_split(&rest, '/', &part)) {
		if (f->cut && !rest.p)
			break; /* the last element was cut somewhere: it proves nothing */
		w.element.text = part;
		w.element.before.n = (size_t)(part.p - path.p);
		take_element(&w);
		w.element.parent = part;
	}
}

void path_facts_read(Span path, bool strict, const CgroupObserver *observer, PathFacts *ret)
{
	PathFacts f = { .path = path, .unit = UNIT_WALK_NULL };

	/* The kernel cuts a longer path without a word. */
	f.cut = path.n >= CGROUP_PATH_MAX - 1;
	path = cgroup_strip_deleted(path);
	f.deleted = path.n < f.path.n;
	f.relative = skip_parent_steps(&path);
	if (path.n > 0 && path.p[0] == '/')
		path = span_from(path, 1);
	else
		f.invalid = strict && !f.relative;
	if (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	if (path.n > 0 && !is_well_formed(path))
		f.invalid = true;
	if (path.n > 0 && !f.invalid)
		walk_elements(&f, path, observer);
	if ((f.cut || f.near_miss) && f.depth == 0 && !f.special.pattern)
		f.invalid = true;
	*ret = f;
}

CgroupKind path_facts_kind(const PathFacts *f)
{
	if (f->invalid)
		return CGROUP_INVALID;
	if (f->depth > 0)
		return f->inner.pattern->kind;
	if (f->special.pattern)
		return f->special.pattern->kind;
	if (f->pod && f->pod->kind == CGROUP_POD && f->pod->form != ID_POD_BAD)
		return CGROUP_POD;
	if (f->unit.kind != CGROUP_NONE && !f->unit.slice_only)
		return f->unit.kind;
	if (f->pod)
		return CGROUP_POD_ROOT;
	if (f->relative)
		return CGROUP_RELATIVE;
	return f->unit.kind;
}

int path_facts_rank(const PathFacts *f)
{
	static const int ranks[_CGROUP_KIND_MAX] = {
		[CGROUP_INVALID] = 100,     [CGROUP_CONMON] = 90,       [CGROUP_MONITOR] = 90,
		[CGROUP_CONTAINER] = 70,    [CGROUP_BUILD_STEP] = 70,   [CGROUP_VM] = 60,
		[CGROUP_JOB] = 55,          [CGROUP_POD] = 50,          [CGROUP_HOST_SERVICE] = 40,
		[CGROUP_USER_SERVICE] = 40, [CGROUP_USER_SESSION] = 40, [CGROUP_MOUNT_UNIT] = 40,
		[CGROUP_POD_ROOT] = 30,     [CGROUP_USER_SLICE] = 20,   [CGROUP_RELATIVE] = 10,
	};
	int rank = ranks[path_facts_kind(f)];

	if (rank == 70 && f->pod_uid[0])
		return 80;
	return rank == 40 && f->unit.slice_only ? 20 : rank;
}

static void identify_match(const CgroupMatch *m, CgroupIdentity *ret)
{
	ret->runtime = m->runtime;
	if (!(m->pattern->flags & PATTERN_NO_ID))
		memcpy(ret->id, m->id, sizeof(ret->id));
	if (m->pattern->flags & PATTERN_IS_NAME)
		memcpy(ret->name, m->id, sizeof(ret->name));
	else
		span_copy(m->name, ret->name, sizeof(ret->name));
}

static void identify_special(const PathFacts *f, CgroupIdentity *ret)
{
	identify_match(&f->special, ret);
	if (ret->kind == CGROUP_CONMON || ret->kind == CGROUP_MONITOR) {
		memcpy(ret->monitor_of, f->special.id, sizeof(ret->monitor_of));
		ret->id[0] = ret->name[0] = '\0';
	}
}

static void identify_container(const PathFacts *f, CgroupIdentity *ret)
{
	ret->container = true;
	identify_match(&f->inner, ret);
	if (f->depth > 1) {
		ret->outer_runtime = f->outer.runtime;
		memcpy(ret->outer_id, f->outer.id, sizeof(ret->outer_id));
	}
}

void path_facts_identity(const PathFacts *f, CgroupIdentity *ret)
{
	Span unit = f->kept_unit;

	*ret = (CgroupIdentity){
		.kind = path_facts_kind(f),
		.deleted = f->deleted,
		.path = f->path,
		.uid = f->unit.uid,
	};
	if (ret->kind == CGROUP_INVALID)
		return;
	if (f->depth > 0)
		identify_container(f, ret);
	else if (f->special.pattern)
		identify_special(f, ret);
	else if (ret->kind != CGROUP_POD && ret->kind != CGROUP_RELATIVE)
		unit = f->unit.unit;
	memcpy(ret->pod_uid, f->pod_uid, sizeof(ret->pod_uid));
	if (unit.n > 0 && !span_copy(unit, ret->unit, sizeof(ret->unit)))
		ret->unit[0] = '\0';
}
