/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/parse.h"
#include "who/cgroup-unit.h"

static bool is_unit_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c != '\0' && strchr(":-_.\\@", c));
}

bool unit_name_is_valid(Span name, const char *suffix)
{
	Span stem = name;
	ssize_t at;

	if (!span_ends(name, span_of(suffix)) || name.n >= CGROUP_UNIT_MAX)
		return false;
	stem.n -= strlen(suffix);
	for (size_t i = 0; i < stem.n; i++)
		if (!is_unit_char(stem.p[i]))
			return false;
	at = span_find(stem, SPAN_LIT("@"));
	return stem.n > 0 && at != 0 && at != (ssize_t)stem.n - 1;
}

/* "user-1000.slice", "user@1000.service", "session-2.scope": what stands between, if anything. */
static bool between(Span s, Span prefix, Span suffix, Span *ret)
{
	if (s.n <= prefix.n + suffix.n || !span_starts(s, prefix) || !span_ends(s, suffix))
		return false;
	*ret = span_make(s.p + prefix.n, s.n - prefix.n - suffix.n);
	return true;
}

static void take_uid(UnitWalk *w, Span digits)
{
	uint32_t uid;

	if (parse_u32(digits, &uid) == 0)
		w->uid = uid;
}

static void add_slice(UnitWalk *w, Span element)
{
	bool user = span_is(element, "user.slice");
	Span uid;

	if (between(element, SPAN_LIT("user-"), SPAN_LIT(".slice"), &uid)) {
		take_uid(w, uid);
		user = true;
	}
	w->anchored = true;
	if (w->user_manager)
		return;
	w->kind = user || w->kind == CGROUP_USER_SLICE ? CGROUP_USER_SLICE : CGROUP_HOST_SERVICE;
	w->slice_only = true;
	w->unit = element;
}

static CgroupKind kind_of_unit(Span element)
{
	static const struct {
		const char *suffix;
		CgroupKind kind;
	} types[] = {
		{ ".service", CGROUP_HOST_SERVICE }, { ".scope", CGROUP_HOST_SERVICE },
		{ ".socket", CGROUP_HOST_SERVICE },  { ".swap", CGROUP_HOST_SERVICE },
		{ ".mount", CGROUP_MOUNT_UNIT },
	};

	for (size_t i = 0; i < ELEMENTSOF(types); i++)
		if (unit_name_is_valid(element, types[i].suffix))
			return types[i].kind;
	return CGROUP_NONE;
}

/* Named like a unit, and not a valid name of one. */
static bool is_broken_unit(Span element)
{
	return span_ends(element, SPAN_LIT(".service")) || span_ends(element, SPAN_LIT(".scope")) ||
	       span_ends(element, SPAN_LIT(".slice"));
}

static void add_user_unit(UnitWalk *w, Span element)
{
	if (!span_is(element, "init.scope") && kind_of_unit(element) != CGROUP_NONE)
		w->unit = element;
	w->done = true;
}

static void add_unit(UnitWalk *w, Span element, CgroupKind kind)
{
	Span middle;

	w->slice_only = false;
	w->unit = w->system_unit = element;
	w->kind = kind;
	w->done = true;
	if (between(element, SPAN_LIT("user@"), SPAN_LIT(".service"), &middle)) {
		take_uid(w, middle);
		w->kind = CGROUP_USER_SERVICE;
		w->user_manager = true;
		w->done = false;
	} else if (between(element, SPAN_LIT("session-"), SPAN_LIT(".scope"), &middle)) {
		w->kind = CGROUP_USER_SESSION;
	}
}

void unit_walk_add(UnitWalk *w, Span element, bool relative)
{
	bool anchored = w->anchored || (w->n_elements == 0 && !relative);
	CgroupKind kind;

	if (w->done)
		return;
	/* systemd puts '_' before a name that would clash with a file of the cgroup filesystem */
	if (element.n > 1 && element.p[0] == '_')
		element = span_from(element, 1);
	w->n_elements++;
	w->anchored = false;
	if (unit_name_is_valid(element, ".slice")) {
		add_slice(w, element);
		return;
	}
	if (w->user_manager) {
		add_user_unit(w, element);
		return;
	}
	kind = kind_of_unit(element);
	if (span_is(element, "session-.scope"))
		kind = CGROUP_NONE;
	if (anchored && kind != CGROUP_NONE) {
		add_unit(w, element, kind);
	} else if (anchored && is_broken_unit(element)) {
		w->kind = CGROUP_NONE;
		w->unit = SPAN_NULL;
		w->done = true;
	} else if (w->slice_only) {
		w->done = true; /* a plain directory in a slice: the slice is all we know */
	}
}
