/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <time.h>

#include "daemon/ancestry.h"
#include "daemon/sight.h"
#include "daemon/source-proc.h"
#include "util/parse.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

/* Records wait while we look: what is behind this many looks in one go is told by inheritance and,
 * at the record, by a look of its own. */
#define LOOKS_PER_UPDATE 256

/* Who makes us lose events must not keep us scanning. */
#define SCAN_INTERVAL (1 * NSEC_PER_SEC)

/* Between a look that shows a runtime's child in its container and the first call of what it then
 * starts lie some milliseconds, and no event. So children that are not there yet are looked at
 * again and again, for a second, and in at most a fifth of our time. */
#define UNDECIDED_MAX 64
#define UNDECIDED_FOR (1 * NSEC_PER_SEC)
#define UNDECIDED_INTERVAL (NSEC_PER_SEC / 1000)
#define UNDECIDED_SHARE 4

typedef struct Undecided {
	int32_t pid;
	uint64_t since;
} Undecided;

struct Ancestry {
	int proc_fd;
	SourceProc *source;
	Lineage *lineage;
	ExitRing *exits; /* may be NULL, as the next */
	JoinRing *joins;
	unsigned looks;
	uint64_t next_scan;
	bool kept;           /* events of before us wait */
	uint64_t keep_until; /* so long nobody of then is dropped */
	Undecided undecided[UNDECIDED_MAX];
	size_t n_undecided;
	uint64_t next_look;
	Sight sight; /* scratch: too large for a stack */
};

static uint64_t now_of(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

int ancestry_new(int proc_fd, uint64_t seed, int connector, bool kept, Ancestry **ret)
{
	_cleanup_(ancestry_freep) Ancestry *a = calloc(1, sizeof(*a));
	int r;

	if (!a || lineage_new(seed, LINEAGE_ENTRIES_MAX, &a->lineage) < 0)
		return -ENOMEM;
	a->proc_fd = proc_fd;
	a->kept = kept;
	r = source_proc_new(connector, &a->source);
	if (r < 0)
		return r;
	*ret = STEAL(a);
	return 0;
}

Ancestry *ancestry_free(Ancestry *a)
{
	if (!a)
		return NULL;
	source_proc_free(a->source);
	lineage_free(a->lineage);
	free(a);
	return NULL;
}

void ancestry_note_exits(Ancestry *a, ExitRing *exits)
{
	a->exits = exits;
}

void ancestry_note_joins(Ancestry *a, JoinRing *joins)
{
	a->joins = joins;
}

void ancestry_stays(Ancestry *a)
{
	source_proc_stays(a->source);
}

int ancestry_fd(const Ancestry *a)
{
	return source_proc_fd(a->source);
}

Lineage *ancestry_lineage(Ancestry *a)
{
	return a->lineage;
}

/* The time that counts for a look is that before it. */
static int look(Ancestry *a, int32_t pid, LineageSight *ret, uint64_t *ret_now)
{
	_cleanup_close_ int fd = proc_open(a->proc_fd, pid);
	uint64_t now = now_of(CLOCK_MONOTONIC);
	int r = fd < 0 ? fd : sight_take(fd, &a->sight);

	if (r != 0)
		return r < 0 ? r : -ESRCH;
	sight_for_lineage(&a->sight, pid, ret);
	*ret_now = now;
	return 0;
}

static void tell_whether_first(Ancestry *a, int32_t pid)
{
	_cleanup_close_ int fd = proc_open(a->proc_fd, pid);

	lineage_init(a->lineage, pid, fd >= 0 && proc_is_first(fd) > 0);
}

static void no_longer_undecided(Ancestry *a, size_t i)
{
	a->undecided[i] = a->undecided[--a->n_undecided];
}

static void note_exec(Ancestry *a, int32_t pid)
{
	for (size_t i = 0; i < a->n_undecided; i++)
		if (a->undecided[i].pid == pid) {
			no_longer_undecided(a, i);
			return;
		}
}

static void note_undecided(Ancestry *a, int32_t pid, uint64_t now)
{
	if (a->n_undecided == UNDECIDED_MAX || !lineage_is_undecided(a->lineage, pid))
		return;
	if (a->n_undecided == 0)
		a->next_look = now + UNDECIDED_INTERVAL;
	a->undecided[a->n_undecided++] = (Undecided){ pid, now };
}

static void look_at_undecided(Ancestry *a, uint64_t now)
{
	uint64_t seen_at;
	LineageSight sight;

	if (a->n_undecided == 0 || now < a->next_look)
		return;
	for (size_t i = a->n_undecided; i-- > 0;) {
		const Undecided *u = &a->undecided[i];
		bool worth = now - u->since < UNDECIDED_FOR &&
			     lineage_is_undecided(a->lineage, u->pid) &&
			     look(a, u->pid, &sight, &seen_at) == 0;

		if (worth)
			lineage_seen_again(a->lineage, &sight, seen_at);
		if (!worth || !lineage_is_undecided(a->lineage, u->pid))
			no_longer_undecided(a, i);
	}
	seen_at = now_of(CLOCK_MONOTONIC);
	a->next_look = seen_at + MAX(UNDECIDED_INTERVAL, UNDECIDED_SHARE * (seen_at - now));
}

static void look_for_lineage(Ancestry *a, const ProcEvent *event)
{
	LineageSight sight;
	uint64_t now;

	if (a->looks == LOOKS_PER_UPDATE || look(a, event->pid, &sight, &now) < 0) {
		lineage_missed(a->lineage, event->pid);
		return;
	}
	a->looks++;
	if (lineage_seen(a->lineage, &sight, now) == LINEAGE_IS_INIT)
		tell_whether_first(a, event->pid);
	if (event->kind == PROCESS_FORK)
		note_undecided(a, event->pid, now);
}

static void on_event(const ProcEvent *event, void *userdata)
{
	Ancestry *a = userdata;
	SubjectKey key;

	if (event->kind == PROCESS_EXEC)
		note_exec(a, event->pid);
	if (event->kind == PROCESS_EXIT && a->exits)
		exit_ring_note(a->exits, event->pid, event->status);
	if (lineage_event(a->lineage, event) != LINEAGE_LOOK)
		return;
	look_for_lineage(a, event);
	if (lineage_take_joined(a->lineage, &key) && a->joins)
		join_ring_note(a->joins, join_ring_hash(span_of(key.name)));
}

static void on_lost(void *userdata)
{
	Ancestry *a = userdata;

	lineage_lost(a->lineage);
}

static int scan(Ancestry *a)
{
	int fd = openat(a->proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	uint32_t cursor = 0, pid;
	const struct dirent *e;
	LineageSight sight;
	uint64_t now;
	int32_t open;

	if (!dir) {
		closep(&fd);
		return -errno;
	}
	lineage_scan_begin(a->lineage);
	while ((e = readdir(dir)) != NULL)
		if (parse_u32(span_of(e->d_name), &pid) == 0 && pid <= INT32_MAX &&
		    look(a, (int32_t)pid, &sight, &now) == 0)
			lineage_scan_seen(a->lineage, &sight, now);
	closedir(dir);
	while ((open = lineage_scan_next(a->lineage, &cursor)) > 0)
		tell_whether_first(a, open);
	lineage_scan_end(a->lineage, now_of(CLOCK_MONOTONIC));
	return 0;
}

/* Who forked while nobody looked is mostly there still, so the scan goes first; and records of then
 * wait as well, however long ago that is. */
static int scan_before_events(Ancestry *a)
{
	int r = scan(a);

	a->kept = false;
	a->keep_until = now_of(CLOCK_MONOTONIC) + LINEAGE_KEEP;
	return r;
}

int ancestry_update(Ancestry *a)
{
	const SourceProcSink sink = { on_event, on_lost, a };
	uint64_t now;
	int r = a->kept ? scan_before_events(a) : 0;

	if (r < 0)
		return r;
	a->looks = 0;
	r = source_proc_drain(a->source, &sink);
	if (r < 0)
		return r;
	now = now_of(CLOCK_MONOTONIC);
	if (lineage_is_lost(a->lineage) && now >= a->next_scan) {
		r = scan(a);
		a->next_scan = now_of(CLOCK_MONOTONIC) + SCAN_INTERVAL;
	}
	look_at_undecided(a, now_of(CLOCK_MONOTONIC));
	if (now > a->keep_until)
		lineage_expire(a->lineage, now);
	return r;
}

uint64_t ancestry_due(const Ancestry *a)
{
	return a->n_undecided > 0 ? a->next_look : 0;
}
