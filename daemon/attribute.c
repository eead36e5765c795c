/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/limits.h>
#include <sys/syscall.h>

#include "daemon/attribute.h"
#include "daemon/filter-base.h"
#include "daemon/now.h"
#include "daemon/sight.h"
#include "util/hash.h"
#include "who/stamp-clock.h"

/* Entries of the cache: direct-mapped sets of WAYS. */
#define SETS 1024
#define WAYS 4

/*
 * How long after a check its answer still holds for later stamps. Within it a pid would have to be
 * handed round the whole pid space (32,768 forks at the least) to fool us.
 */
#define TRUST_AFTER_CHECK (100 * USEC_PER_MSEC)

/* A start time counts ticks of 10 ms; a stamp is of the coarse clock, up to one jiffy behind. */
#define STAMP_TOLERANCE (20 * USEC_PER_MSEC)

/* An older record is no live one: asking /proc about it would be guessing. */
#define LIVE_AGE_MAX (30 * USEC_PER_SEC)

/* Two looks at clocks are of the same moment when no more lies between them. */
#define CLOCK_SPREAD_MAX (1 * USEC_PER_MSEC)
#define CLOCK_TRIES 4

/* How often a process may make us look again because it may have loaded a filter. */
#define DOUBTS_MAX 8

/* A name costs its process one call, and a look at that process ten times as much. So these many
 * looks at new names are worth while in the time for which a check is trusted; a program that was
 * started has another file, or took longer than that. */
#define RENAMES_MAX 16

#define COMM_MAX 64
#define NSEC_PER_USEC UINT64_C(1000)

typedef struct Entry {
	int32_t pid; /* 0 = free */
	usec_t start, checked;
	uint64_t names, exe; /* hashes of the record's comm and exe, and of its exe alone */
	usec_t renaming;     /* when the first look of .renames was */
	uint8_t renames;     /* looks for no other reason than a new comm */
	SubjectKind kind;
	Means means;
	Cause cause;
	Origin origin;
	bool own_filter;
	bool doubtful; /* behind the look it may have loaded a filter */
	uint8_t doubts;
	uint32_t subject, generation;
} Entry;

struct Attributor {
	int proc_fd;
	bool live, any_age;
	long hz;
	uint64_t seed;
	Tally *tally;
	usec_t now; /* as of the last look at the clock */
	/* Index + 1 of the subjects of those who are not known: the tally never evicts them. */
	uint32_t nobody[_CAUSE_MAX];
	Lineage *lineage;
	FilterBases *bases;
	uint32_t filters; /* of the process that .sight is of; 0 = not known */
	StampClock clock;
	usec_t monotonic; /* as of the last look at the clocks */
	Sight sight;      /* scratch: too large for a stack */
	Entry sets[SETS][WAYS];
};

int attributor_new(int proc_fd, bool live, uint64_t seed, Tally *tally, Attributor **ret)
{
	_cleanup_(attributor_freep) Attributor *a = calloc(1, sizeof(*a));

	if (!a || filter_bases_new(proc_fd, &a->bases) < 0)
		return -ENOMEM;
	a->proc_fd = proc_fd;
	a->live = live;
	a->seed = seed;
	a->tally = tally;
	a->hz = sysconf(_SC_CLK_TCK);
	*ret = STEAL(a);
	return 0;
}

Attributor *attributor_free(Attributor *a)
{
	if (!a)
		return NULL;
	filter_bases_free(a->bases);
	free(a);
	return NULL;
}

void attributor_use_lineage(Attributor *a, Lineage *lineage)
{
	a->lineage = lineage;
}

void attributor_allow_age(Attributor *a, bool allow)
{
	a->any_age = allow;
}

/* We may be kept from running between the two looks: then look again. */
void attributor_note_clocks(Attributor *a)
{
	usec_t before, wall, behind;
	unsigned tries = 0;

	do {
		before = now_of(CLOCK_MONOTONIC);
		wall = now_of(CLOCK_REALTIME);
		behind = now_of(CLOCK_MONOTONIC);
	} while (behind - before > CLOCK_SPREAD_MAX && ++tries < CLOCK_TRIES);
	if (behind - before > CLOCK_SPREAD_MAX)
		return;
	stamp_clock_note(&a->clock, wall, before + (behind - before) / 2);
	a->monotonic = behind;
}

static usec_t look_at_clock(Attributor *a)
{
	a->now = now_of(CLOCK_REALTIME_COARSE);
	return a->now;
}

static uint64_t names_of(const Attributor *a, const Record *record, uint64_t exe)
{
	return hash_bytes(record->comm, a->seed) ^ hash_u64(exe + 1);
}

uint64_t attributor_names(const Attributor *a, const Record *record)
{
	return names_of(a, record, hash_bytes(record->exe, a->seed));
}

static int find_subject(Attributor *a, const SubjectKey *key, Span cgroup, usec_t now, Entry *e)
{
	int r = tally_subject(a->tally, key, cgroup, now, &e->subject);

	if (r < 0)
		return r;
	e->kind = key->kind;
	e->cause = key->cause;
	e->generation = tally_subject_generation(a->tally, e->subject);
	return 0;
}

static int make_nobody(Attributor *a, Cause cause, usec_t now)
{
	SubjectKey key = { .kind = SUBJECT_UNATTRIBUTED, .cause = cause };
	uint32_t subject;
	int r = tally_subject(a->tally, &key, SPAN_NULL, now, &subject);

	if (r == 0)
		a->nobody[cause] = subject + 1;
	return r;
}

static int find_nobody(Attributor *a, Cause cause, usec_t now, uint32_t *ret)
{
	int r = a->nobody[cause] == 0 ? make_nobody(a, cause, now) : 0;

	*ret = a->nobody[cause] - 1;
	return r;
}

static int set_unattributed(Attributor *a, Cause cause, usec_t now, Entry *e)
{
	e->kind = SUBJECT_UNATTRIBUTED;
	e->cause = cause;
	e->origin = ORIGIN_UNKNOWN;
	e->own_filter = false;
	return find_nobody(a, cause, now, &e->subject);
}

/* What a record says of its process, decoded. */
typedef struct Names {
	char comm[COMM_MAX], exe[PATH_MAX];
	Span comm_text, exe_text;
} Names;

static void decode_names(const Record *record, Names *n)
{
	int n_comm = record_text(record->comm, n->comm, sizeof(n->comm));
	int n_exe = record_text(record->exe, n->exe, sizeof(n->exe));

	n->comm_text = span_make(n->comm, n_comm < 0 ? 0 : (size_t)n_comm);
	n->exe_text = span_make(n->exe, n_exe < 0 ? 0 : (size_t)n_exe);
}

static int set_subject(Attributor *a, const SubjectKey *key, Span path, Means means, Entry *e)
{
	int r = find_subject(a, key, path, e->checked, e);

	e->means = means;
	return r == -ENOSPC ? set_unattributed(a, CAUSE_LIMIT, e->checked, e) : r;
}

/* Both meanings of a doubtful stamp must come to the same; one that is still to come is none. */
static int ask_lineage(Attributor *a, int32_t pid, usec_t time, LineageAnswer *ret,
		       uint64_t *ret_stamp)
{
	usec_t times[2];
	unsigned n = stamp_clock_times(&a->clock, time, a->monotonic, times);
	int result = -ENOENT;

	for (unsigned i = 0; i < n; i++) {
		LineageAnswer answer;
		int r;

		if (n > 1 && times[i] > a->monotonic + STAMP_TOLERANCE)
			continue;
		r = lineage_find(a->lineage, pid, times[i] * NSEC_PER_USEC, &answer);
		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		if (result == 0 && !subject_equal(&answer.key, &ret->key))
			return -ENOTUNIQ;
		if (result == 0 && answer.role != ret->role)
			answer.role = LINEAGE_ROLE_UNKNOWN;
		result = 0;
		*ret = answer;
		*ret_stamp = times[i] * NSEC_PER_USEC;
	}
	return result;
}

/* What the history adds to a look: where in its container the process belongs. */
static void set_part(Attributor *a, const Record *record, usec_t time, const SubjectKey *key,
		     const Names *names, Entry *e)
{
	Origin by_name = origin_of_comm(key->kind, names->comm_text, names->exe_text);
	LineageAnswer answer = { .key = *key };
	uint64_t stamp = 0;

	e->origin = by_name;
	if (!a->lineage || key->kind != SUBJECT_CONTAINER)
		return;
	if (ask_lineage(a, record->pid, time, &answer, &stamp) < 0 ||
	    !subject_equal(&answer.key, key))
		answer = (LineageAnswer){ .key = *key };
	e->origin = lineage_origin(&answer, stamp, by_name);
	e->own_filter = filter_bases_exceeds(a->bases, &answer, a->filters);
}

/* The cgroup was read: who is it? */
static int set_from_sight(Attributor *a, const Record *record, usec_t time, Entry *e)
{
	SubjectKey key;
	Names names;

	decode_names(record, &names);
	subject_of_identity(&a->sight.identity, names.exe_text, &key);
	if (a->sight.nested)
		subject_set_nested(&key);
	set_part(a, record, time, &key, &names, e);
	return set_subject(a, &key, a->sight.identity.path, MEANS_PROC, e);
}

/* A runtime's own call, made while it was on its way to a container: whoever it descends from. */
static bool is_of_runtime(const Names *names)
{
	return origin_of_comm(SUBJECT_CONTAINER, names->comm_text, names->exe_text) ==
	       ORIGIN_RUNTIME_INIT;
}

/* 1 when the history does not answer. */
static int set_from_lineage(Attributor *a, const Record *record, usec_t time, Entry *e)
{
	LineageAnswer answer;
	uint64_t stamp;
	Names names;

	if (!a->lineage || ask_lineage(a, record->pid, time, &answer, &stamp) < 0)
		return 1;
	decode_names(record, &names);
	if (answer.means == MEANS_INFERRED && answer.key.kind != SUBJECT_CONTAINER &&
	    is_of_runtime(&names))
		return 1;
	subject_set_exe(&answer.key, names.exe_text);
	e->origin = lineage_origin(
		&answer, stamp, origin_of_comm(answer.key.kind, names.comm_text, names.exe_text));
	return set_subject(a, &answer.key, answer.path, answer.means, e);
}

static Cause cause_of_error(int error)
{
	return error == -ENOENT || error == -ESRCH ? CAUSE_GONE : CAUSE_UNREADABLE;
}

/* Reads /proc now: .sight is good, or why it is not. */
static Cause read_live(Attributor *a, const Record *record, usec_t time, Entry *e)
{
	_cleanup_close_ int fd = proc_open(a->proc_fd, record->pid);
	usec_t now = now_of(CLOCK_REALTIME), boot = now - now_of(CLOCK_BOOTTIME);
	int r = fd < 0 ? fd : sight_take(fd, &a->sight);

	e->checked = now;
	if (r < 0)
		return cause_of_error(r);
	e->start = proc_start_time(a->sight.info.stat.start_ticks, boot, a->hz);
	if (e->start + stamp_clock_set_back(&a->clock, a->monotonic) > time + STAMP_TOLERANCE)
		return CAUSE_PID_REUSED;
	/* One that ends shows none; older kernels do not tell. */
	if (!a->lineage || !a->sight.identity.container || a->sight.info.stat.exiting ||
	    proc_read_filters(fd, &a->filters) < 0)
		a->filters = 0;
	return r == SIGHT_ZOMBIE ? CAUSE_ZOMBIE : CAUSE_NONE;
}

/* A runtime's child is put into its cgroup before it loads the filter: where it makes a record it
 * is for good, also when its program ends before anybody can look at that. */
static void tell_lineage(Attributor *a, int32_t pid)
{
	LineageSight sight;

	if (!a->lineage || !lineage_is_undecided(a->lineage, pid))
		return;
	sight_for_lineage(&a->sight, pid, &sight);
	lineage_seen_again(a->lineage, &sight, a->monotonic * NSEC_PER_USEC);
}

/* Fills @e, attributed or with the cause. */
static int look_up(Attributor *a, const Record *record, usec_t time, Entry *e)
{
	Cause cause;
	int r;

	attributor_note_clocks(a);
	cause = read_live(a, record, time, e);
	if (cause == CAUSE_NONE) {
		tell_lineage(a, (int32_t)record->pid);
		return set_from_sight(a, record, time, e);
	}
	r = set_from_lineage(a, record, time, e);
	if (r == 1 && cause == CAUSE_GONE && proc_hides_others(a->proc_fd))
		cause = CAUSE_UNREADABLE;
	return r == 1 ? set_unattributed(a, cause, e->checked, e) : r;
}

static bool is_of_another_time(Attributor *a, usec_t time)
{
	usec_t now;

	if (!a->live && time == 0)
		return true;
	if (a->any_age)
		return false;
	/* What was too old a while ago still is: a log of the past needs no clock. */
	if (!a->live && a->now > time + LIVE_AGE_MAX)
		return true;
	now = look_at_clock(a);
	/* The live stream stays live when somebody sets the clock back. */
	return now > time + LIVE_AGE_MAX || (!a->live && time > now + LIVE_AGE_MAX);
}

/* A later look would show the same. */
static bool is_certain(const Entry *e)
{
	return e->means == MEANS_PROC &&
	       (e->kind != SUBJECT_UNATTRIBUTED || e->cause == CAUSE_NO_CGROUP);
}

static bool still_proves(const Attributor *a, const Entry *e, uint64_t names, uint64_t exe,
			 usec_t time)
{
	if (!is_certain(e) || time + STAMP_TOLERANCE < e->start)
		return false;
	if (e->generation != tally_subject_generation(a->tally, e->subject))
		return false;
	/* An exec may have moved the process, or be what moved it: look again. */
	if (e->names != names && (e->exe != exe || e->renames < RENAMES_MAX))
		return false;
	/* The clock was set back since: stamps do not tell any more what was before the check. */
	if (e->checked > now_of(CLOCK_REALTIME_COARSE) + STAMP_TOLERANCE)
		return false;
	return time <= e->checked + TRUST_AFTER_CHECK;
}

static Entry *choose_victim(Entry *set)
{
	Entry *oldest = &set[0];

	for (unsigned i = 1; i < WAYS; i++)
		if (set[i].checked < oldest->checked)
			oldest = &set[i];
	return oldest;
}

static void answer(const Entry *e, uint64_t names, Attribution *ret)
{
	*ret = (Attribution){
		.subject = e->subject,
		.means = e->kind == SUBJECT_UNATTRIBUTED ? MEANS_NONE : e->means,
		.cause = e->cause,
		.origin = e->origin,
		.own_filter = e->own_filter,
		.names = names,
	};
}

/* The cached answer for @record, or NULL; *@ret_mine is the entry of its pid, if there is one. */
static const Entry *find_cached(Attributor *a, const Record *record, const Entry *fresh,
				usec_t time, Entry *set, Entry **ret_mine)
{
	for (unsigned i = 0; i < WAYS; i++)
		if (set[i].pid == record->pid)
			*ret_mine = &set[i];
	if (!*ret_mine || !still_proves(a, *ret_mine, fresh->names, fresh->exe, time))
		return NULL;
	return *ret_mine;
}

/* Its record is made before the call is: a look at the process may come between. Another
 * architecture's numbers cost a look at the most. */
static bool loads_filter(const Record *record)
{
	return record->nr == SYS_seccomp || record->nr == SYS_prctl;
}

static void doubt(Entry *e)
{
	if (e->kind != SUBJECT_CONTAINER || e->doubts == DOUBTS_MAX)
		return;
	e->doubts++;
	e->doubtful = true;
}

/* Of the wall clock, a start is no exact figure. */
static bool is_same_process(const Entry *a, const Entry *b)
{
	return a->start < b->start + STAMP_TOLERANCE && b->start < a->start + STAMP_TOLERANCE;
}

static void count_rename(const Entry *before, Entry *fresh)
{
	bool recent = fresh->checked < before->renaming + TRUST_AFTER_CHECK;

	if (before->exe != fresh->exe || before->names == fresh->names)
		return;
	fresh->renaming = recent ? before->renaming : fresh->checked;
	fresh->renames = recent ? MIN(before->renames + 1, RENAMES_MAX) : 1;
}

static void keep(const Record *record, Entry *set, Entry *mine, Entry *fresh)
{
	fresh->pid = record->pid;
	if (mine && is_same_process(mine, fresh)) {
		fresh->doubts = mine->doubts;
		count_rename(mine, fresh);
	}
	if (loads_filter(record))
		doubt(fresh);
	*(mine ? mine : choose_victim(set)) = *fresh;
}

static int find_live(Attributor *a, const Record *record, usec_t time, Attribution *ret)
{
	Entry *set = a->sets[hash_u64((uint64_t)record->pid) % SETS], *mine = NULL;
	Entry fresh = { .exe = hash_bytes(record->exe, a->seed) };
	const Entry *known;
	int r;

	fresh.names = names_of(a, record, fresh.exe);
	known = find_cached(a, record, &fresh, time, set, &mine);
	if (known && (!known->doubtful || loads_filter(record))) {
		answer(known, fresh.names, ret);
		if (loads_filter(record))
			doubt(mine);
		return 0;
	}
	if (is_of_another_time(a, time))
		r = set_unattributed(a, CAUSE_REPLAYED, a->now, &fresh);
	else
		r = look_up(a, record, time, &fresh);
	if (r < 0)
		return r;
	answer(&fresh, fresh.names, ret);
	if (is_certain(&fresh))
		keep(record, set, mine, &fresh);
	return 0;
}

int attributor_find(Attributor *a, const Record *record, usec_t time, Attribution *ret)
{
	if (a->live || !is_of_another_time(a, time))
		return find_live(a, record, time, ret);
	*ret = (Attribution){ .cause = CAUSE_REPLAYED };
	return find_nobody(a, CAUSE_REPLAYED, a->now, &ret->subject);
}
