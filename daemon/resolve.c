/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/resolve.h"
#include "state/container.h"
#include "util/text.h"

/* A runtime writes its state at about the time of the first call. */
#define ATTEMPTS_MAX 4
#define ATTEMPT_INTERVAL (150 * USEC_PER_MSEC)

/* A unit that makes calls is looked at again after this time. */
#define UNIT_INTERVAL (60 * USEC_PER_SEC)
#define UNIT_SOON (5 * USEC_PER_SEC) /* when systemd did not answer */

typedef struct Slot {
	uint32_t generation;
	bool settled;
	uint8_t attempts;
	usec_t next_attempt;
	usec_t next_look; /* at a unit; 0 = never again */
	Resolved resolved;
} Slot;

struct Resolver {
	StateRoots roots;
	const WorkloadRules *rules;
	const char *node;
	const ContainerCache *cache;
	UnitBus *units;
	uint64_t unreadable;
	bool hurry;
	Slot slots[TALLY_SUBJECTS];
};

int resolver_note_roots(StateRoots *roots, Ledger *ledger)
{
	char key[64];
	int r = ledger_begin(ledger);

	for (size_t i = 0; r >= 0 && state_roots_name(i); i++) {
		snprintf(key, sizeof(key), "state.%s", state_roots_name(i));
		r = ledger_set_meta(ledger, key, *state_roots_place(roots, i) ?: "");
	}
	return r < 0 ? r : ledger_commit(ledger);
}

int resolver_new(const StateRoots *roots, Resolver **ret)
{
	Resolver *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->roots = *roots;
	*ret = r;
	return 0;
}

Resolver *resolver_free(Resolver *r)
{
	free(r);
	return NULL;
}

void resolver_use_names(Resolver *r, const WorkloadRules *rules, const char *node)
{
	r->rules = rules;
	r->node = node;
}

void resolver_set_roots(Resolver *r, const StateRoots *roots)
{
	r->roots = *roots;
}

void resolver_set_cache(Resolver *r, const ContainerCache *cache)
{
	r->cache = cache;
}

void resolver_set_units(Resolver *r, UnitBus *units)
{
	r->units = units;
}

void resolver_forget(Resolver *r)
{
	memset(r->slots, 0, sizeof(r->slots));
}

uint64_t resolver_unreadable(const Resolver *r)
{
	return r->unreadable;
}

void resolver_hurry(Resolver *r)
{
	r->hurry = true;
}

/* What is known of a subject while its rows are written. */
typedef struct Facts {
	const TallySubject *subject;
	Container container;
	bool found;
	AppliedProfile profile;
	bool has_profile;
	bool open;     /* its cgroup alone is known, and asked for already */
	bool answered; /* by systemd */
	bool idle;     /* it made no call that we know of */
} Facts;

static void facts_done(Facts *f)
{
	container_done(&f->container);
}

/* Its time has come; one that is further ahead than it was put was put before the clock was set. */
static bool is_reached(usec_t at, usec_t interval, usec_t now)
{
	return now >= at || at - now > interval;
}

static void set_container(TallySubject *subject, Span runtime, Span id)
{
	subject->key.kind = SUBJECT_CONTAINER;
	span_copy(runtime, subject->key.runtime, sizeof(subject->key.runtime));
	text_fit(id, subject->key.name, sizeof(subject->key.name));
}

/* It is in a container of which no runtime says anything any more. Who is in there makes cgroups
 * below its own, so no part of the path stands for all of it. */
static void set_unconfirmed(TallySubject *subject)
{
	Span cgroup = span_of(subject->cgroup);
	char hash[sizeof(subject->key.runtime)];

	(void)span_skip(&cgroup, SPAN_LIT("/"));
	/* It was too long to be kept: two of them stay two. */
	snprintf(hash, sizeof(hash), "%s", subject->key.runtime);
	set_container(subject, SPAN_NULL, cgroup.n > 0 ? cgroup : span_of(hash));
}

/* The state of all runtimes is a lot to read: not at each pass. */
static bool may_look(const Resolver *r, const Slot *slot, usec_t now)
{
	return slot->attempts == 0 || r->hurry ||
	       is_reached(slot->next_attempt, ATTEMPT_INTERVAL, now);
}

/* A cgroup with a free name: the runtime that recorded it makes a container's of it. */
static void find_open(const Resolver *r, const Slot *slot, usec_t now, TallySubject *subject,
		      Facts *f)
{
	SubjectKey key = subject_open_key(&subject->key);
	CgroupIdentity id;

	f->open = subject_is_open(&subject->key);
	if (!f->open)
		return;
	/* A path that was too long to be kept would be within each. */
	f->found =
		r->cache && subject->cgroup[0] &&
		container_cache_get(r->cache, &key, span_of(subject->cgroup), &f->container) == 0;
	cgroup_identify_path(span_of(subject->cgroup), &id);
	if (!f->found && may_look(r, slot, now))
		f->found = container_find_open(&r->roots, &id, true, &f->container, NULL) == 0;
	if (f->found)
		set_container(subject, span_of(f->container.runtime), span_of(f->container.id));
	else if (subject_is_open_nested(&subject->key))
		set_unconfirmed(subject);
	else
		subject->key.runtime[0] = '\0';
}

/* 0, or RESOLVE_LATER while it is worth trying again. */
static int find_container(Resolver *r, Slot *slot, usec_t now, Facts *f)
{
	const SubjectKey *key = &f->subject->key;
	Diag d = { 0 };
	int e = 0;

	if (!f->found && !f->open)
		f->found =
			r->cache && container_cache_get(r->cache, key, span_of(f->subject->cgroup),
							&f->container) == 0;
	if (f->found)
		return 0;
	if (!may_look(r, slot, now))
		return RESOLVE_LATER;
	if (!f->open)
		e = container_find(&r->roots, key->runtime[0] ? key->runtime : NULL, key->name,
				   span_of(f->subject->cgroup), &f->container, &d);
	/* Confirmed by the id and the path: one that is only an id in some state proves little. */
	f->found = !f->open && e == 0 && f->container.confirmed && f->container.cgroups_path[0];
	if (f->found)
		return 0;
	slot->attempts++;
	slot->next_attempt = now + ATTEMPT_INTERVAL;
	if (slot->attempts < ATTEMPTS_MAX && !r->hurry) {
		container_done(&f->container);
		return RESOLVE_LATER;
	}
	/* Half written for so long is cut off. */
	if (e == -EACCES || e == -EPERM || e == -EBADMSG || e == -EAGAIN)
		r->unreadable++;
	return 0;
}

/* The unit of a user's own manager may have the name of one of the system's. */
static bool is_system_unit(const TallySubject *subject)
{
	CgroupIdentity id;

	if (subject->key.kind != SUBJECT_UNIT || !subject->cgroup[0])
		return false;
	cgroup_identify_path(span_of(subject->cgroup), &id);
	return id.uid == UINT32_MAX;
}

/* Its filters as one profile. */
static void take_unit_filter(const UnitFilter *filter, Facts *f)
{
	_cleanup_buffer_ Buffer json = BUFFER_NULL;

	if (unit_filter_render(filter, &json) < 0)
		return;
	f->container.seccomp = buffer_steal(&json);
	f->has_profile =
		f->container.seccomp &&
		applied_unit_profile_read(span_of(f->container.seccomp), &f->profile, NULL) == 0;
}

/* False when systemd did not answer. */
static bool find_unit(Resolver *r, usec_t now, Facts *f)
{
	_cleanup_unit_filter_ UnitFilter filter = { 0 };

	if (!r->units || unit_bus_read(r->units, f->subject->key.name, now, &filter) < 0)
		return false;
	take_unit_filter(&filter, f);
	return true;
}

static const char *dialect_of(const Facts *f, const char *runtime)
{
	if (f->subject->key.kind == SUBJECT_CONTAINER)
		return runtime;
	return f->has_profile ? "systemd" : "";
}

static int put_workload(const Resolver *r, Ledger *ledger, const Facts *f, usec_t now,
			Resolved *ret)
{
	const SubjectKey *key = &f->subject->key;
	const ContainerNames *names = f->found ? &f->container.names : NULL;
	/* A path can leave the runtime open; state decides it. */
	const char *runtime = names && names->runtime[0] ? names->runtime : key->runtime;
	WorkloadName name;
	LedgerWorkload w;

	workload_rules_name(r->rules, &(WorkloadFacts){ key, names, &f->container.labels, r->node },
			    &name);
	w = (LedgerWorkload){
		.name = name.text,
		.heuristic = name.heuristic,
		.runtime = runtime,
		.container_name = names ? names->name : "",
		.image = names ? names->image : "",
		.stage = f->has_profile ? stage_name(f->profile.stage) : "other",
		.visibility = visibility_name(f->has_profile ? f->profile.visibility
							     : VISIBILITY_UNKNOWN),
		.profile_hash = f->has_profile ? f->profile.hash : "",
		.profile_json = f->has_profile ? f->container.seccomp : NULL,
		.profile_source = f->found ? f->container.profile_source : NULL,
		.dialect = dialect_of(f, runtime),
		.now = now,
		.idle = f->idle,
	};
	snprintf(ret->profile_hash, sizeof(ret->profile_hash), "%s", w.profile_hash);
	return ledger_put_workload(ledger, &w, &ret->workload);
}

static int write_rows(const Resolver *r, Ledger *ledger, const Facts *f, usec_t now, Resolved *ret)
{
	int e = put_workload(r, ledger, f, now, ret);

	ret->kind = f->subject->key.kind;
	if (e < 0)
		return e;
	return ledger_put_subject(ledger, ret->workload, &f->subject->key, f->subject->cgroup,
				  f->found, now, &ret->subject);
}

static bool is_due(const Slot *slot, usec_t now)
{
	return slot->next_look > 0 && is_reached(slot->next_look, UNIT_INTERVAL, now);
}

static void read_profile(Facts *f)
{
	f->has_profile = f->found && f->container.spec_found &&
			 applied_profile_read(f->container.seccomp ? span_of(f->container.seccomp)
								   : SPAN_NULL,
					      &f->profile, NULL) == 0;
}

/* 0, or RESOLVE_LATER. */
static int gather(Resolver *r, Slot *slot, usec_t now, Facts *f)
{
	int e;

	if (is_system_unit(f->subject)) {
		f->answered = find_unit(r, now, f);
		slot->next_look = now + (f->answered ? UNIT_INTERVAL : UNIT_SOON);
	}
	if (f->subject->key.kind != SUBJECT_CONTAINER)
		return 0;
	e = find_container(r, slot, now, f);
	if (e != 0)
		return e;
	read_profile(f);
	return 0;
}

int resolver_get(Resolver *r, Ledger *ledger, uint32_t index, const TallySubject *subject,
		 usec_t now, Resolved *ret)
{
	TallySubject named = *subject;
	_cleanup_(facts_done) Facts f = { .subject = &named };
	Slot *slot = &r->slots[index];
	int e;

	if (slot->generation != subject->generation)
		*slot = (Slot){ .generation = subject->generation };
	if (slot->settled && !is_due(slot, now)) {
		*ret = slot->resolved;
		return 0;
	}
	find_open(r, slot, now, &named, &f);
	e = gather(r, slot, now, &f);
	if (e != 0)
		return e;
	if (slot->settled && !f.answered) {
		*ret = slot->resolved;
		return 0;
	}
	e = write_rows(r, ledger, &f, now, &slot->resolved);
	if (e < 0)
		return e;
	slot->settled = true;
	*ret = slot->resolved;
	return 0;
}

int resolver_put_container(const Resolver *r, Ledger *ledger, const char *path, const Container *c,
			   usec_t now, Resolved *ret)
{
	TallySubject subject = { .key = { .kind = SUBJECT_CONTAINER } };
	/* Borrowed: facts_done() is not for these. */
	Facts f = { .subject = &subject, .container = *c, .found = true, .idle = true };

	*ret = (Resolved){ 0 };
	span_copy(span_of(c->runtime), subject.key.runtime, sizeof(subject.key.runtime));
	span_copy(span_of(c->id), subject.key.name, sizeof(subject.key.name));
	span_copy(span_of(path), subject.cgroup, sizeof(subject.cgroup));
	read_profile(&f);
	return put_workload(r, ledger, &f, now, ret);
}

int resolver_put_unit(const Resolver *r, Ledger *ledger, const char *unit, const UnitFilter *filter,
		      usec_t now, Resolved *ret)
{
	TallySubject subject = { .key = { .kind = SUBJECT_UNIT } };
	_cleanup_(facts_done) Facts f = { .subject = &subject, .idle = true };

	*ret = (Resolved){ .kind = SUBJECT_UNIT };
	span_copy(span_of(unit), subject.key.name, sizeof(subject.key.name));
	take_unit_filter(filter, &f);
	return put_workload(r, ledger, &f, now, ret);
}
