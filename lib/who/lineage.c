/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "who/lineage-private.h"

/* The first process of the host adopts whoever is left behind. */
#define FIRST_PROCESS 1

int lineage_new(uint64_t seed, uint32_t max_entries, Lineage **ret)
{
	_cleanup_(lineage_freep) Lineage *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return -ENOMEM;
	l->seed = seed;
	l->max_entries = max_entries;
	l->lost = true;
	r = lineage_table_init(l);
	if (r < 0)
		return r;
	*ret = STEAL(l);
	return 0;
}

Lineage *lineage_free(Lineage *l)
{
	if (!l)
		return NULL;
	lineage_table_done(l);
	lineage_places_done(l);
	free(l);
	return NULL;
}

bool lineage_is_lost(const Lineage *l)
{
	return l->lost;
}

LineageCounters lineage_counters(const Lineage *l)
{
	return l->counters;
}

/* Another process has the pid of entry @i from @time on. */
static void succeed(Lineage *l, uint32_t i, uint64_t time)
{
	LineageEntry *e = lineage_at(l, i);

	lineage_bury(l, i, time);
	/* Who was looked at later than that may have been the other one already. */
	if (e->checked >= time)
		lineage_set_place(l, i, 0);
}

/* A scan found whoever has the pid of a process whose fork is told only now: that process, or a
 * later one, whose own fork will be told. What the scan said of its time is of no use. */
static void make_room(Lineage *l, uint32_t i, uint64_t time)
{
	LineageEntry *e = lineage_at(l, i);
	bool from_scan = !(e->flags & ENTRY_TOLD) && e->checked > time;

	succeed(l, i, time);
	if (from_scan)
		e->start = e->end = 0;
}

static void inherit(Lineage *l, uint32_t child, const LineageEntry *parent)
{
	LineageEntry *e = lineage_at(l, child);

	e->flags |= parent->flags & (ENTRY_UNSETTLED | ENTRY_MOVED | ENTRY_WEAK | ENTRY_OF_WEAK);
	e->flags |= parent->flags & ENTRY_WEAK ? ENTRY_OF_WEAK : 0;
	e->role = parent->role;
	e->entered = parent->entered;
	if ((e->flags & ENTRY_UNSETTLED) && !(e->flags & ENTRY_MOVED))
		return;
	lineage_place_ref(l, parent->place);
	lineage_set_place(l, child, parent->place);
}

static bool has_children_elsewhere(const LineageEntry *e)
{
	return (e->flags & ENTRY_MIXED) || e->pid == FIRST_PROCESS || e->place == 0;
}

/* A leader that has ended may still fork through its threads, unless it was not seen to end. */
static uint32_t parent_at_fork(const Lineage *l, const ProcEvent *event)
{
	uint32_t p = lineage_newest(l, event->parent);
	const LineageEntry *e;

	if (p == 0)
		return 0;
	e = lineage_at(l, p);
	/* A scan may have found the next owner of the parent's pid. */
	return (e->flags & ENTRY_CLOSED) || e->start > event->time ? 0 : p;
}

static int take_fork(Lineage *l, const ProcEvent *event)
{
	uint32_t old = lineage_newest(l, event->pid), i, p;
	LineageEntry *e;

	if (old != 0)
		make_room(l, old, event->time);
	i = lineage_add(l, event->pid, event->time);
	if (i == 0) {
		old = lineage_newest(l, event->pid);
		if (old != 0)
			lineage_at(l, old)->flags |= ENTRY_CLOSED;
		return 0;
	}
	e = lineage_at(l, i);
	e->parent = event->parent;
	e->flags |= l->lost ? 0 : ENTRY_TOLD;
	p = l->lost ? 0 : parent_at_fork(l, event);
	if (p == 0 || has_children_elsewhere(lineage_at(l, p)))
		e->flags |= ENTRY_UNSETTLED;
	if (p != 0 && lineage_at(l, p)->role == LINEAGE_ROLE_RUNTIME)
		e->role = LINEAGE_ROLE_RUNTIME;
	if (p != 0 && !(e->flags & ENTRY_UNSETTLED))
		inherit(l, i, lineage_at(l, p));
	return (e->flags & (ENTRY_UNSETTLED | ENTRY_WEAK)) && !l->lost ? LINEAGE_LOOK : 0;
}

static int take_exec(Lineage *l, const ProcEvent *event)
{
	uint32_t i = lineage_newest(l, event->pid);

	bool doubtful = l->lost || i == 0 || (lineage_at(l, i)->flags & ENTRY_DEAD);

	/* A thread that execs takes its leader's place, whose end was told before. Or a fork was
	 * not told: a look will show. */
	if (i != 0)
		lineage_revive(l, i);
	else
		i = lineage_add(l, event->pid, event->time);
	if (i == 0)
		return 0;
	if (doubtful) {
		lineage_at(l, i)->flags |= ENTRY_UNSETTLED;
		lineage_at(l, i)->flags &= (uint16_t)~ENTRY_MOVED;
	}
	if (!l->lost)
		return LINEAGE_LOOK;
	lineage_set_place(l, i, 0);
	return 0;
}

static void take_exit(Lineage *l, const ProcEvent *event)
{
	uint32_t i = lineage_newest(l, event->pid);
	LineageEntry *e = i != 0 ? lineage_at(l, i) : NULL;

	if (!e || (e->flags & ENTRY_DEAD)) {
		/* Without memory the kernel drops an event, and nobody is told. Who ended before
		 * the scan was not in it. */
		l->counters.untold += !l->lost && event->time > l->scanned;
		return;
	}
	if (e->start > event->time)
		return;
	if (!l->lost) {
		lineage_bury(l, i, event->time);
		return;
	}
	/* Whose end it was is not known. */
	e->flags |= ENTRY_CLOSED;
	lineage_bury(l, i, MAX(e->start, l->lost_from));
}

int lineage_event(Lineage *l, const ProcEvent *event)
{
	int r = 0;

	l->newest_event = MAX(l->newest_event, event->time);
	l->pending = *event;
	if (event->kind == PROCESS_FORK)
		r = take_fork(l, event);
	else if (event->kind == PROCESS_EXEC)
		r = take_exec(l, event);
	else if (event->kind == PROCESS_EXIT)
		take_exit(l, event);
	return r;
}

/* A runtime starts itself anew from a sealed copy, whose name is that of a link or a descriptor. */
static bool is_runtime_again(const LineageEntry *e, Span comm)
{
	if (e->role != LINEAGE_ROLE_RUNTIME)
		return false;
	for (size_t i = 0; i < comm.n; i++)
		if (comm.p[i] < '0' || comm.p[i] > '9')
			return span_is(comm, "exe");
	return comm.n > 0;
}

/* Places differ: then siblings of @e may be elsewhere too. */
static bool is_away_from_parent(Lineage *l, const LineageEntry *e, uint32_t place)
{
	uint32_t p = lineage_newest(l, e->parent);
	LineageEntry *parent = p != 0 ? lineage_at(l, p) : NULL;

	if (!parent || parent->place == 0 || parent->place == place)
		return false;
	if (parent->role != LINEAGE_ROLE_RUNTIME)
		parent->flags |= ENTRY_MIXED;
	return true;
}

/* Where a runtime's child may have been put for good. In a monitor's place, or in the root, it is
 * on its way. */
static bool is_destination(const Lineage *l, uint32_t place)
{
	const LineagePlace *p = place != 0 ? lineage_place_at(l, place) : NULL;

	return p &&
	       (p->kind == SUBJECT_CONTAINER || p->kind == SUBJECT_UNIT || p->runtime[0] != '\0');
}

static bool has_arrived(const Lineage *l, const LineageEntry *e, uint32_t place)
{
	return e->role != LINEAGE_ROLE_RUNTIME || is_destination(l, place);
}

/* A runtime's child has its namespaces before it is put into its cgroup: only what it starts there
 * is known to have been given none. */
static uint32_t place_of_sight(Lineage *l, const LineageEntry *e, const LineageSight *sight,
			       bool placed)
{
	SubjectKey key = sight->key;
	uint32_t place;
	bool is_new;

	if (sight->nested && placed)
		subject_set_nested(&key);
	place = lineage_place_get(l, &key, sight->path, &is_new);
	/* A container in which a runtime's child is the first that we see begins now. */
	if (is_new && e->role == LINEAGE_ROLE_RUNTIME && key.kind == SUBJECT_CONTAINER)
		lineage_place_at(l, place)->watched = true;
	return place;
}

static void seen_forked(Lineage *l, uint32_t i, const LineageSight *sight)
{
	LineageEntry *e = lineage_at(l, i);
	uint32_t place = place_of_sight(l, e, sight, e->role != LINEAGE_ROLE_RUNTIME);
	bool away = is_away_from_parent(l, e, place);

	e->flags &= (uint16_t) ~(ENTRY_WEAK | ENTRY_OF_WEAK);
	if (away && (e->flags & ENTRY_UNSETTLED) && has_arrived(l, e, place))
		e->flags |= ENTRY_MOVED;
	if (away && e->role != LINEAGE_ROLE_RUNTIME)
		e->role = LINEAGE_ROLE_UNKNOWN;
	lineage_set_place(l, i, place);
}

static int seen_exec(Lineage *l, uint32_t i, const LineageSight *sight)
{
	LineageEntry *e = lineage_at(l, i);
	bool was_in = (e->flags & (ENTRY_UNSETTLED | ENTRY_MOVED)) != ENTRY_UNSETTLED;
	bool again = is_runtime_again(e, sight->comm), away;
	bool placed = !again && !lineage_is_runtime(sight->comm);
	uint32_t place = place_of_sight(l, e, sight, placed), before = e->place;

	e->parent = sight->parent;
	away = is_away_from_parent(l, e, place);
	lineage_set_place(l, i, place);
	if (again && away && has_arrived(l, e, place))
		e->flags |= ENTRY_MOVED;
	if (again)
		return 0;
	e->flags &= (uint16_t) ~(ENTRY_UNSETTLED | ENTRY_MOVED | ENTRY_WEAK | ENTRY_OF_WEAK);
	/* What starts inside of a container is its own, whatever it calls itself. */
	if (lineage_is_runtime(sight->comm) &&
	    !(was_in && before == place && lineage_is_container(l, place))) {
		e->role = LINEAGE_ROLE_RUNTIME;
		e->flags |= ENTRY_UNSETTLED;
		return 0;
	}
	if (!lineage_is_container(l, place)) {
		e->role = LINEAGE_ROLE_UNKNOWN;
		return 0;
	}
	if (before == place && e->role != LINEAGE_ROLE_RUNTIME && e->role != LINEAGE_ROLE_UNKNOWN)
		return 0;
	return lineage_enter(l, i, l->pending.time) ? LINEAGE_IS_INIT : 0;
}

int lineage_seen(Lineage *l, const LineageSight *sight, uint64_t now)
{
	uint32_t i = lineage_newest(l, sight->pid);
	LineageEntry *e = i != 0 ? lineage_at(l, i) : NULL;

	if (!e || sight->start > l->pending.time) {
		/* Another process has the pid already. */
		lineage_missed(l, sight->pid);
		return 0;
	}
	if (sight->start > e->start) {
		/* It started later than who we think it is. */
		l->counters.untold++;
		succeed(l, i, sight->start);
		i = lineage_add(l, sight->pid, sight->start);
		if (i == 0)
			return 0;
		e = lineage_at(l, i);
		e->flags |= ENTRY_UNSETTLED;
	}
	e->checked = now;
	if (l->pending.kind == PROCESS_EXEC)
		return seen_exec(l, i, sight);
	seen_forked(l, i, sight);
	return 0;
}

/* What one program that nobody has seen starts through another, it may have put anywhere. */
static void miss_outside(Lineage *l, uint32_t i)
{
	LineageEntry *e = lineage_at(l, i);

	if (!(e->flags & ENTRY_OF_WEAK)) {
		e->flags |= ENTRY_WEAK;
		return;
	}
	e->flags |= ENTRY_UNSETTLED;
	e->flags &= (uint16_t) ~(ENTRY_MOVED | ENTRY_WEAK | ENTRY_OF_WEAK);
	lineage_set_place(l, i, 0);
}

void lineage_missed(Lineage *l, int32_t pid)
{
	uint32_t i = lineage_newest(l, pid);
	LineageEntry *e = i != 0 ? lineage_at(l, i) : NULL;

	if (!e || l->pending.kind != PROCESS_EXEC)
		return;
	if ((e->flags & (ENTRY_UNSETTLED | ENTRY_MOVED)) == ENTRY_UNSETTLED) {
		lineage_set_place(l, i, 0);
		return;
	}
	/* Nobody leaves a container; anyone else may have been moved before it started this. */
	if (!lineage_is_container(l, e->place)) {
		miss_outside(l, i);
		return;
	}
	e->flags &= (uint16_t) ~(ENTRY_UNSETTLED | ENTRY_MOVED);
	if (e->role == LINEAGE_ROLE_RUNTIME)
		lineage_enter(l, i, l->pending.time);
}

bool lineage_is_undecided(const Lineage *l, int32_t pid)
{
	uint32_t i = l->lost ? 0 : lineage_newest(l, pid);
	const LineageEntry *e = i != 0 ? lineage_at(l, i) : NULL;

	return e && e->role == LINEAGE_ROLE_RUNTIME &&
	       (e->flags & (ENTRY_DEAD | ENTRY_UNSETTLED | ENTRY_MOVED)) == ENTRY_UNSETTLED;
}

void lineage_seen_again(Lineage *l, const LineageSight *sight, uint64_t now)
{
	uint32_t i = lineage_newest(l, sight->pid);

	if (!lineage_is_undecided(l, sight->pid) || sight->start > lineage_at(l, i)->start)
		return;
	lineage_at(l, i)->checked = now;
	seen_forked(l, i, sight);
}

static bool answers(const LineageEntry *e, uint64_t stamp)
{
	if (e->place == 0)
		return false;
	/* It may have been moved behind our look. */
	return (e->flags & (ENTRY_UNSETTLED | ENTRY_MOVED)) != ENTRY_UNSETTLED ||
	       stamp + LINEAGE_STALL <= e->checked;
}

/* Could @e have had its pid then? Its successor, if any, started at @until. A leader may end before
 * its threads; but nobody tells of a fork that the kernel had no memory to tell of, and then the
 * pid is already another's. */
static bool holds(const LineageEntry *e, uint64_t stamp, uint64_t until)
{
	uint64_t earliest = stamp > LINEAGE_CLOCK_SLACK ? stamp - LINEAGE_CLOCK_SLACK : 0;

	uint64_t lag = e->flags & ENTRY_TOLD ? LINEAGE_STALL : LINEAGE_STAMP_LAG;

	if (e->start > stamp + lag + LINEAGE_CLOCK_SLACK || until <= earliest)
		return false;
	return !(e->flags & ENTRY_DEAD) || e->end >= earliest;
}

static void fill_answer(const Lineage *l, const LineageEntry *e, LineageAnswer *ret)
{
	const LineagePlace *p = lineage_place_at(l, e->place);

	*ret = (LineageAnswer){
		.key = lineage_place_key(p),
		.path = lineage_place_path(p),
		.means = e->flags & ENTRY_WEAK ? MEANS_INFERRED : MEANS_LINEAGE,
		.role = (LineageRole)e->role,
		.entered = e->entered,
	};
	if (p->init != 0) {
		ret->init = lineage_at(l, p->init)->pid;
		ret->init_start = lineage_at(l, p->init)->start;
	}
}

static int find(const Lineage *l, int32_t pid, uint64_t stamp, LineageAnswer *ret)
{
	const LineageEntry *found = NULL;
	uint64_t until = UINT64_MAX;

	for (uint32_t i = lineage_newest(l, pid); i != 0; i = lineage_before(l, i)) {
		const LineageEntry *e = lineage_at(l, i);
		bool is_in = holds(e, stamp, until);

		until = e->start;
		if (!is_in)
			continue;
		if (!answers(e, stamp))
			return found ? -ENOTUNIQ : -ENODATA;
		if (found && found->place != e->place)
			return -ENOTUNIQ;
		found = found ? found : e;
	}
	if (!found)
		return -ENOENT;
	fill_answer(l, found, ret);
	return 0;
}

int lineage_find(Lineage *l, int32_t pid, uint64_t stamp, LineageAnswer *ret)
{
	/* While events are missing nobody's pid is sure. */
	int r = l->lost ? -ENODATA : find(l, pid, stamp, ret);

	if (r < 0)
		l->counters.misses++;
	else
		l->counters.hits++;
	return r;
}
