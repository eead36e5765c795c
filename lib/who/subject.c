/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/hash.h"
#include "util/text.h"
#include "who/subject.h"

/* How the .runtime of an open subject begins. */
enum { OPEN = '~', OPEN_NESTED = '^' };

/* What becomes of each kind when it names no container to attribute to. */
static const struct {
	SubjectKind kind;
	Cause cause;
} outcomes[_CGROUP_KIND_MAX] = {
	[CGROUP_NONE] = { SUBJECT_HOST, CAUSE_NONE },
	[CGROUP_CONTAINER] = { SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
	/* No runtime puts a process into a pod's own directory. */
	[CGROUP_POD] = { SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
	[CGROUP_POD_ROOT] = { SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
	[CGROUP_CONMON] = { SUBJECT_UNATTRIBUTED, CAUSE_MONITOR },
	[CGROUP_MONITOR] = { SUBJECT_UNATTRIBUTED, CAUSE_MONITOR },
	[CGROUP_VM] = { SUBJECT_HOST, CAUSE_NONE },
	[CGROUP_HOST_SERVICE] = { SUBJECT_UNIT, CAUSE_NONE },
	[CGROUP_USER_SERVICE] = { SUBJECT_UNIT, CAUSE_NONE },
	[CGROUP_USER_SESSION] = { SUBJECT_HOST, CAUSE_NONE },
	[CGROUP_USER_SLICE] = { SUBJECT_HOST, CAUSE_NONE },
	[CGROUP_MOUNT_UNIT] = { SUBJECT_UNIT, CAUSE_NONE },
	[CGROUP_JOB] = { SUBJECT_HOST, CAUSE_NONE },
	[CGROUP_BUILD_STEP] = { SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
	/* Seen from within a cgroup namespace: the name does not tell whose it is. */
	[CGROUP_RELATIVE] = { SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
	[CGROUP_CONFLICT] = { SUBJECT_UNATTRIBUTED, CAUSE_CONFLICT },
	[CGROUP_INVALID] = { SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
	[CGROUP_UNKNOWN] = { SUBJECT_UNATTRIBUTED, CAUSE_INVALID },
};

static void set_name(SubjectKey *key, Span name)
{
	text_fit(name, key->name, sizeof(key->name));
}

/* A user may call a unit of their own as one of the host's is called. */
static void set_unit(SubjectKey *key, const CgroupIdentity *id)
{
	char name[CGROUP_UNIT_MAX + 32];

	if (id->kind != CGROUP_USER_SERVICE) {
		set_name(key, span_of(id->unit));
		return;
	}
	if (id->uid == UINT32_MAX)
		snprintf(name, sizeof(name), "user@.service/%s", id->unit);
	else
		snprintf(name, sizeof(name), "user@%u.service/%s", id->uid, id->unit);
	set_name(key, span_of(name));
}

static void set_container(const CgroupIdentity *id, SubjectKey *key)
{
	bool nested = id->outer_runtime != NULL;
	const char *runtime = nested ? id->outer_runtime : id->runtime;
	const char *owner = nested ? id->outer_id : id->id;

	key->kind = SUBJECT_CONTAINER;
	if (owner[0] == '\0') {
		/* A payload without a name: the unit that holds it is all that is known. */
		key->kind = id->unit[0] ? SUBJECT_UNIT : SUBJECT_UNATTRIBUTED;
		key->cause = id->unit[0] ? CAUSE_NONE : CAUSE_INVALID;
		set_name(key, span_of(id->unit));
		return;
	}
	span_copy(span_of(runtime ? runtime : ""), key->runtime, sizeof(key->runtime));
	set_name(key, span_of(owner));
}

static void set_place(SubjectKey *key, Span cgroup)
{
	cgroup = cgroup_strip_deleted(cgroup);
	snprintf(key->runtime, sizeof(key->runtime), "%c%014llx", OPEN,
		 (unsigned long long)hash_bytes(cgroup, 0) >> 8);
}

bool subject_is_open(const SubjectKey *key)
{
	return key->kind != SUBJECT_CONTAINER &&
	       (key->runtime[0] == OPEN || key->runtime[0] == OPEN_NESTED);
}

bool subject_is_open_nested(const SubjectKey *key)
{
	return subject_is_open(key) && key->runtime[0] == OPEN_NESTED;
}

SubjectKey subject_open_key(const SubjectKey *key)
{
	SubjectKey open = { .kind = SUBJECT_HOST };

	memcpy(open.runtime, key->runtime, sizeof(open.runtime));
	open.runtime[0] = OPEN;
	return open;
}

void subject_of_identity(const CgroupIdentity *id, Span exe, SubjectKey *ret)
{
	SubjectKey key = { 0 };

	if (id->container) {
		set_container(id, &key);
		*ret = key;
		return;
	}
	key.kind = outcomes[id->kind].kind;
	key.cause = outcomes[id->kind].cause;
	if (key.kind == SUBJECT_UNIT)
		set_unit(&key, id);
	subject_set_exe(&key, exe);
	if (key.kind != SUBJECT_UNATTRIBUTED && cgroup_is_open(id))
		set_place(&key, id->path);
	*ret = key;
}

void subject_set_exe(SubjectKey *key, Span exe)
{
	if (key->kind == SUBJECT_HOST)
		set_name(key, exe);
}

void subject_set_nested(SubjectKey *key)
{
	if (key->kind != SUBJECT_HOST)
		return;
	if (subject_is_open(key))
		key->runtime[0] = OPEN_NESTED;
	else
		*key = (SubjectKey){ .kind = SUBJECT_UNATTRIBUTED, .cause = CAUSE_NO_CGROUP };
}

static bool is_runtime_comm(Span comm)
{
	static const char *const names[] = { "runc", "crun", "runsc", "youki", "exe" };

	for (size_t i = 0; i < ELEMENTSOF(names); i++)
		if (span_is(comm, names[i]))
			return true;
	return span_starts(comm, SPAN_LIT("runc:["));
}

/* A runtime runs from a sealed copy or a detached mount of itself ("/"), so that the container
 * cannot overwrite it. Any process may call itself "runc:[2:INIT]": its exe says otherwise. */
static bool is_runtime_exe(Span exe)
{
	static const char *const whole[] = { "", "/", "exe", "/proc/self/exe" };
	static const char *const tails[] = { "/runc", "/crun", "/runsc", "/youki" };

	for (size_t i = 0; i < ELEMENTSOF(whole); i++)
		if (span_is(exe, whole[i]))
			return true;
	for (size_t i = 0; i < ELEMENTSOF(tails); i++)
		if (span_ends(exe, span_of(tails[i])))
			return true;
	return span_starts(exe, SPAN_LIT("/memfd:runc_cloned:")) ||
	       span_starts(exe, SPAN_LIT("/memfd:crun_cloned:"));
}

Origin origin_of_comm(SubjectKind kind, Span comm, Span exe)
{
	switch (kind) {
	case SUBJECT_CONTAINER:
		return is_runtime_comm(comm) && is_runtime_exe(exe) ? ORIGIN_RUNTIME_INIT
								    : ORIGIN_WORKLOAD;
	case SUBJECT_UNIT:
		return ORIGIN_WORKLOAD;
	default:
		return ORIGIN_UNKNOWN;
	}
}

bool subject_equal(const SubjectKey *a, const SubjectKey *b)
{
	return a->kind == b->kind && a->cause == b->cause && strcmp(a->runtime, b->runtime) == 0 &&
	       strcmp(a->name, b->name) == 0;
}

const char *subject_kind_name(SubjectKind k)
{
	static const char *const names[_SUBJECT_KIND_MAX] = {
		[SUBJECT_UNATTRIBUTED] = "unattributed",
		[SUBJECT_CONTAINER] = "container",
		[SUBJECT_UNIT] = "unit",
		[SUBJECT_HOST] = "host",
	};

	return (unsigned)k < _SUBJECT_KIND_MAX ? names[k] : "unattributed";
}

const char *means_name(Means m)
{
	static const char *const names[_MEANS_MAX] = {
		[MEANS_NONE] = "none",         [MEANS_PROC] = "proc",
		[MEANS_LINEAGE] = "lineage",   [MEANS_PIDFD] = "pidfd",
		[MEANS_INFERRED] = "inferred", [MEANS_ASSERTED] = "asserted",
		[MEANS_IMPORTED] = "imported",
	};

	return (unsigned)m < _MEANS_MAX ? names[m] : "none";
}

const char *cause_name(Cause c)
{
	static const char *const names[_CAUSE_MAX] = {
		[CAUSE_NONE] = "none",
		[CAUSE_GONE] = "gone",
		[CAUSE_ZOMBIE] = "zombie",
		[CAUSE_PID_REUSED] = "pid-reused",
		[CAUSE_CONFLICT] = "conflict",
		[CAUSE_INVALID] = "invalid",
		[CAUSE_MONITOR] = "monitor",
		[CAUSE_REPLAYED] = "replayed",
		[CAUSE_UNREADABLE] = "unreadable",
		[CAUSE_LIMIT] = "limit",
		[CAUSE_NO_CGROUP] = "no-cgroup",
	};

	return (unsigned)c < _CAUSE_MAX ? names[c] : "none";
}

const char *cause_text(Cause c)
{
	static const char *const texts[_CAUSE_MAX] = {
		[CAUSE_NONE] = "it was tied to its maker",
		[CAUSE_GONE] = "the process had ended before it could be looked at",
		[CAUSE_ZOMBIE] = "only a zombie was left of the process",
		[CAUSE_PID_REUSED] = "another process had its pid by then",
		[CAUSE_CONFLICT] = "its cgroups name two containers",
		[CAUSE_INVALID] = "its cgroup path is none that a runtime makes",
		[CAUSE_MONITOR] = "made by a container's monitor, not by the container",
		[CAUSE_REPLAYED] = "read from a log, too late to look at the process",
		[CAUSE_UNREADABLE] = "/proc could not be read, or hides it (hidepid=)",
		[CAUSE_LIMIT] = "too many containers and units to count apart",
		[CAUSE_NO_CGROUP] = "its container has no cgroup of its own",
	};

	return texts[(unsigned)c < _CAUSE_MAX ? c : CAUSE_NONE];
}

const char *origin_name(Origin o)
{
	static const char *const names[_ORIGIN_MAX] = {
		[ORIGIN_UNKNOWN] = "unknown",
		[ORIGIN_RUNTIME_INIT] = "runtime-init",
		[ORIGIN_WORKLOAD] = "workload",
		[ORIGIN_EXEC] = "exec",
	};

	return (unsigned)o < _ORIGIN_MAX ? names[o] : "unknown";
}
