/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /proc/PID/cgroup has one line per hierarchy. They need not agree: on hybrid hosts the v2 line is
 * often just the runtime's service, controllers are missing, and a line "/" says nothing.
 */
#include "util/parse.h"
#include "who/cgroup-path.h"

typedef struct Choice {
	PathFacts best;
	int rank;     /* -1 while there is no line */
	bool systemd; /* .best is from the hierarchy that systemd manages */
	bool conflict, garbage;
} Choice;

/* "ID:CONTROLLERS:PATH": only the first two colons separate. */
static bool split_line(Span line, bool *ret_systemd, Span *ret_path)
{
	Span id, controllers;
	uint32_t number;
	ssize_t at;

	at = span_find(line, SPAN_LIT(":"));
	if (at <= 0)
		return false;
	id = span_first(line, (size_t)at);
	line = span_from(line, (size_t)at + 1);
	at = span_find(line, SPAN_LIT(":"));
	if (at < 0 || parse_u32(id, &number) < 0)
		return false;
	controllers = span_first(line, (size_t)at);
	*ret_systemd = number == 0 || span_is(controllers, "name=systemd");
	*ret_path = span_from(line, (size_t)at + 1);
	return true;
}

static bool same_container(const CgroupMatch *a, const CgroupMatch *b)
{
	return strcmp(a->id, b->id) == 0;
}

/* Two lines of equal rank that both name a container. */
static void weigh_containers(Choice *c, const PathFacts *f)
{
	PathFacts *best = &c->best;

	if (strcmp(best->pod_uid, f->pod_uid) != 0) {
		c->conflict = true;
	} else if (same_container(&best->inner, &f->inner)) {
		if (f->depth > best->depth)
			*best = *f;
	} else if (!same_container(&best->outer, &f->outer)) {
		c->conflict = true;
	} else if (f->depth > best->depth) {
		*best = *f;
	} else if (f->depth == best->depth) {
		/* One owner, who has named its inside twice: the owner is sure. */
		best->inner = best->outer;
		best->depth = 1;
		best->pod_uid[0] = '\0';
	}
}

static void weigh(Choice *c, const PathFacts *f, bool systemd)
{
	int rank = path_facts_rank(f);

	if (rank > c->rank || (rank == c->rank && f->depth == 0 && systemd && !c->systemd)) {
		c->conflict = c->conflict && rank == c->rank;
		c->best = *f;
		c->rank = rank;
		c->systemd = systemd;
	} else if (rank == c->rank && f->depth > 0) {
		weigh_containers(c, f);
	}
}

static bool is_blank(Span line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != ' ' && line.p[i] != '\t' && line.p[i] != '\r')
			return false;
	return true;
}

static void take_line(Choice *c, Span line)
{
	PathFacts f;
	bool systemd;
	Span path;

	if (is_blank(line))
		return;
	if (!split_line(line, &systemd, &path)) {
		c->garbage = true;
		return;
	}
	if (path.n == 0)
		return;
	path_facts_read(path, true, NULL, &f);
	weigh(c, &f, systemd);
}

void cgroup_identify_file(Span text, CgroupIdentity *ret)
{
	Choice c = { .rank = -1 };
	Span line;

	while (span_split(&text, '\n', &line))
		take_line(&c, line);
	if (c.rank >= 0 && !c.conflict) {
		path_facts_identity(&c.best, ret);
		return;
	}
	*ret = (CgroupIdentity){ .kind = CGROUP_NONE, .uid = UINT32_MAX };
	if (c.conflict)
		ret->kind = CGROUP_CONFLICT;
	else if (c.garbage)
		ret->kind = CGROUP_INVALID;
}

static void explain_line(Span line, const CgroupObserver *observer)
{
	CgroupStep step = { .path = line, .result = CGROUP_STEP_LINE };
	Span path = SPAN_NULL;
	PathFacts f;
	bool systemd;

	if (is_blank(line))
		return;
	step.kind = CGROUP_INVALID;
	if (split_line(line, &systemd, &path) && path.n > 0) {
		path_facts_read(path, true, NULL, &f);
		step.kind = path_facts_kind(&f);
		step.runtime = f.depth > 0 ? f.inner.runtime : NULL;
	}
	observer->f(&step, observer->userdata);
	if (path.n > 1)
		path_facts_read(path, true, observer, &f);
}

void cgroup_explain_file(Span text, const CgroupObserver *observer)
{
	Span line;

	while (span_split(&text, '\n', &line))
		explain_line(line, observer);
}
