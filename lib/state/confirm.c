/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "state/confirm.h"
#include "state/proc.h"

/* The end of @part in @path when it stands there as whole elements from @at on, else 0. */
static bool has_elements_at(Span path, size_t at, Span part)
{
	return span_starts(span_from(path, at), part) &&
	       (at + part.n == path.n || path.p[at + part.n] == '/');
}

/* @part begins with a slash. */
static PathFit find_elements(Span seen, Span part)
{
	Span rest = seen;

	if (part.n < 2)
		return FIT_NO;
	if (has_elements_at(seen, 0, part))
		return FIT_WHOLE;
	while (rest.n >= part.n) {
		ssize_t at = span_find(rest, part);

		if (at < 0)
			return FIT_NO;
		if (has_elements_at(rest, (size_t)at, part))
			return FIT_TAIL;
		rest = span_from(rest, (size_t)at + 1);
	}
	return FIT_NO;
}

/* "a-b.slice" lies in a.slice: "/a.slice/a-b.slice". False when there is no room. */
static bool expand_slice(Span slice, char *buf, size_t size)
{
	Span stem = slice;
	size_t n = 0;

	buf[0] = '\0';
	if (!span_ends(slice, SPAN_LIT(".slice")) || span_is(slice, "-.slice"))
		return span_is(slice, "-.slice");
	stem.n -= strlen(".slice");
	for (size_t i = 1; i <= stem.n; i++) {
		int r;

		if (i < stem.n && stem.p[i] != '-')
			continue;
		r = snprintf(buf + n, size - n, "/%.*s.slice", (int)i, stem.p);
		if (r < 0 || (size_t)r >= size - n)
			return false;
		n += (size_t)r;
	}
	return n > 0;
}

/* "system.slice:docker:ID" is the scope docker-ID.scope in system.slice. */
static PathFit systemd_path_fit(Span slice, Span prefix, Span name, Span seen)
{
	char folder[CGROUP_PATH_MAX], expected[CGROUP_PATH_MAX + 512];
	const char *suffix = span_ends(name, SPAN_LIT(".slice")) ? "" : ".scope";
	int n;

	if (slice.n == 0)
		slice = SPAN_LIT("system.slice");
	if (!expand_slice(slice, folder, sizeof(folder)) || prefix.n + name.n > 400)
		return FIT_NO;
	n = snprintf(expected, sizeof(expected), "%s/%.*s%s%.*s%s", folder, (int)prefix.n, prefix.p,
		     prefix.n ? "-" : "", (int)name.n, name.p, suffix);
	return n < 0 ? FIT_NO : find_elements(seen, span_make(expected, (size_t)n));
}

/* From within a cgroup namespace the top of the hierarchy cannot be seen. */
static PathFit no_better_than_tail(PathFit fit)
{
	return fit == FIT_WHOLE ? FIT_TAIL : fit;
}

static PathFit absolute_or_systemd_fit(Span path, Span seen)
{
	Span rest = path, slice, prefix;
	PathFit fit = FIT_NO;
	char relative[CGROUP_PATH_MAX + 1];

	if (path.n > 0 && path.p[0] == '/')
		return find_elements(seen, path);
	if (!memchr(path.p, '/', path.n) && span_split(&rest, ':', &slice) &&
	    span_split(&rest, ':', &prefix) && rest.p)
		fit = systemd_path_fit(slice, prefix, rest, seen);
	if (fit != FIT_NO)
		return fit;
	/* below the runtime's own cgroup, wherever that was; also what was meant for systemd and
	 * became a folder's name */
	snprintf(relative, sizeof(relative), "/%.*s", (int)path.n, path.p);
	return no_better_than_tail(find_elements(seen, span_of(relative)));
}

PathFit cgroups_path_fit(const char *cgroups_path, Span seen)
{
	Span path = span_of(cgroups_path);
	bool from_within = false;

	if (seen.n == 0 || path.n == 0 || path.n >= CGROUP_PATH_MAX)
		return FIT_NO;
	seen = cgroup_strip_deleted(seen);
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	while (span_starts(seen, SPAN_LIT("/../"))) {
		seen = span_from(seen, 3);
		from_within = true;
	}
	return from_within ? no_better_than_tail(absolute_or_systemd_fit(path, seen))
			   : absolute_or_systemd_fit(path, seen);
}

/*
 * Is it this container that the path names as its outermost, in the tree of whoever runs it? Root's
 * own session is the system's. An open path names nobody; in a user's tree it could be anything.
 */
static bool is_owner(const StateRoots *roots, const Container *c, Span cgroup, bool open)
{
	CgroupIdentity seen;
	uint32_t uid;

	cgroup_identify_path(cgroup, &seen);
	uid = seen.uid == 0 ? UINT32_MAX : seen.uid;
	if (open)
		return !seen.container && seen.kind != CGROUP_USER_SERVICE && !roots->guarded;
	if (!seen.container || uid != (roots->guarded ? roots->uid : UINT32_MAX))
		return false;
	return strcmp(seen.outer_runtime ? seen.outer_id : seen.id, c->id) == 0;
}

/* A user's manager places what it is asked for below its own service. */
static Span without_user_manager(const StateRoots *roots, Span cgroup)
{
	char manager[96];

	snprintf(manager, sizeof(manager), "/user.slice/user-%u.slice/user@%u.service", roots->uid,
		 roots->uid);
	if (roots->guarded)
		span_skip(&cgroup, span_of(manager));
	return cgroup;
}

static bool has_line_within(Span text, Span cgroup)
{
	Span line, part;

	while (span_split(&text, '\n', &line)) {
		if (!span_split(&line, ':', &part) || !span_split(&line, ':', &part) || !line.p)
			continue;
		if (line.n > 1 && has_elements_at(cgroup, 0, line))
			return true;
	}
	return false;
}

/* The init process that was recorded, and no later one of its pid, is in @cgroup or above it. */
static bool init_is_in(const StateRoots *roots, const Container *c, Span cgroup)
{
	_cleanup_close_ int pid_fd = -1;
	ProcInfo info;

	if (roots->proc_fd < 0 || c->init_pid <= 0 || c->init_start == 0)
		return false;
	pid_fd = proc_open(roots->proc_fd, c->init_pid);
	return pid_fd >= 0 && proc_read(pid_fd, &info) == 0 &&
	       info.stat.start_ticks == c->init_start &&
	       has_line_within(span_make(info.cgroup, info.cgroup_n), cgroup);
}

static ContainerBasis find_basis(const StateRoots *roots, const Container *c, Span cgroup,
				 bool open)
{
	PathFit fit;

	if (cgroup.n == 0)
		return CONTAINER_BY_ID;
	if (!is_owner(roots, c, cgroup, open))
		return CONTAINER_UNCONFIRMED;
	if (init_is_in(roots, c, cgroup))
		return CONTAINER_BY_INIT;
	fit = cgroups_path_fit(c->cgroups_path, without_user_manager(roots, cgroup));
	if (fit == FIT_NO && roots->guarded)
		fit = cgroups_path_fit(c->cgroups_path, cgroup);
	if (fit == FIT_WHOLE)
		return CONTAINER_BY_CGROUP;
	return fit == FIT_TAIL || c->cgroups_path[0] == '\0' ? CONTAINER_BY_ID
							     : CONTAINER_UNCONFIRMED;
}

void container_confirm(const StateRoots *roots, Container *c, Span cgroup, bool open)
{
	c->basis = find_basis(roots, c, cgroup, open);
	c->confirmed = c->basis >= (roots->proc_fd >= 0 ? CONTAINER_BY_CGROUP : CONTAINER_BY_ID);
}

bool container_runs(const StateRoots *roots, const Container *c)
{
	_cleanup_close_ int pid_fd = -1;
	uint64_t start;

	if (roots->proc_fd < 0 || c->init_pid <= 0)
		return false;
	pid_fd = proc_open(roots->proc_fd, c->init_pid);
	return pid_fd >= 0 && proc_read_start(pid_fd, &start) == 0 &&
	       (c->init_start == 0 || c->init_start == start);
}
