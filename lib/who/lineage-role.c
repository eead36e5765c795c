/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "who/lineage-private.h"

/* /proc/PID/comm of who starts containers or moves processes about; the kernel cuts at 15. */
bool lineage_is_runtime(Span comm)
{
	static const char *const names[] = {
		"runc",
		"crun",
		"youki",
		"runsc",
		"conmon",
		"conmonrs",
		"podman",
		"buildah",
		"nerdctl",
		"docker-runc",
		"lxc-start",
		"lxc-attach",
		"lxc-execute",
		"lxd",
		"lxc",
		"incusd",
		"incus",
		"systemd-nspawn",
		"systemd-run",
		"systemd-executo",
		"machinectl",
		"cgexec",
		"starter",
		"starter-suid",
		"apptainer",
		"kata-runtime",
		"nvidia-containe",
		"docker-containe",
	};

	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		if (span_is(comm, names[i]))
			return true;
	return span_starts(comm, SPAN_LIT("containerd-shim")) ||
	       span_starts(comm, SPAN_LIT("runc:["));
}

static LineageEntry *parent_inside(const Lineage *l, const LineageEntry *e)
{
	uint32_t i = e->place != 0 ? lineage_newest(l, e->parent) : 0;

	return i != 0 && lineage_at(l, i)->place == e->place ? lineage_at(l, i) : NULL;
}

static void be_init(Lineage *l, uint32_t i)
{
	LineagePlace *p = lineage_place_at(l, lineage_at(l, i)->place);

	p->init = i;
	p->watched = true;
	lineage_at(l, i)->role = LINEAGE_ROLE_WORKLOAD;
}

bool lineage_enter(Lineage *l, uint32_t i, uint64_t when)
{
	LineageEntry *e = lineage_at(l, i), *parent = parent_inside(l, e);
	LineagePlace *p = lineage_place_at(l, e->place);

	e->entered = when;
	if (parent) {
		/* A runtime's hooks run inside too, before the container's own program. */
		e->role =
			parent->role == LINEAGE_ROLE_RUNTIME ? LINEAGE_ROLE_UNKNOWN : parent->role;
		return false;
	}
	if (p->init == 0 && p->watched) {
		be_init(l, i);
		return false;
	}
	if (p->init != 0 && e->role == LINEAGE_ROLE_RUNTIME) {
		e->role = LINEAGE_ROLE_JOINED;
		l->joined = e->place;
	} else {
		e->role = LINEAGE_ROLE_UNKNOWN;
	}
	return p->init == 0;
}

bool lineage_take_joined(Lineage *l, SubjectKey *ret_key)
{
	uint32_t place = l->joined;

	l->joined = 0;
	if (place == 0)
		return false;
	*ret_key = lineage_place_key(lineage_place_at(l, place));
	return true;
}

void lineage_init(Lineage *l, int32_t pid, bool first)
{
	uint32_t i = lineage_newest(l, pid);
	LineageEntry *e = i != 0 ? lineage_at(l, i) : NULL;

	if (!e || (e->flags & ENTRY_DEAD) || !lineage_is_container(l, e->place))
		return;
	if (first && e->role == LINEAGE_ROLE_UNKNOWN && lineage_place_at(l, e->place)->init == 0)
		be_init(l, i);
}

Origin lineage_origin(const LineageAnswer *a, uint64_t stamp, Origin by_name)
{
	static const Origin origins[] = {
		[LINEAGE_ROLE_UNKNOWN] = ORIGIN_UNKNOWN,
		[LINEAGE_ROLE_RUNTIME] = ORIGIN_RUNTIME_INIT,
		[LINEAGE_ROLE_WORKLOAD] = ORIGIN_WORKLOAD,
		[LINEAGE_ROLE_JOINED] = ORIGIN_EXEC,
	};

	if (a->key.kind != SUBJECT_CONTAINER)
		return by_name;
	/* The record is of before, the role may be of behind the exec; what runs since cannot claim
	 * to be the runtime. */
	if (by_name == ORIGIN_RUNTIME_INIT &&
	    (a->role == LINEAGE_ROLE_UNKNOWN || stamp <= a->entered + LINEAGE_CLOCK_SLACK))
		return ORIGIN_RUNTIME_INIT;
	return origins[a->role];
}
