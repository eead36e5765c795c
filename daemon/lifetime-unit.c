/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lifetimes of units. When one begins and ends, its cgroup tells; which run it is, systemd's
 * link below /run/systemd/units, which everybody may read; what filter it has and how it ended,
 * systemd over the bus. Without systemd there is the cgroup still.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/lifetime-private.h"
#include "state/cgroup-dir.h"
#include "state/proc.h"

/* Of which systemd knows nothing is asked again then; all are, soon, when it was the bus that did
 * not answer. */
#define ASK_AGAIN (60 * USEC_PER_SEC)
#define ASK_SOON (5 * USEC_PER_SEC)

#define INVOCATION_SIZE 33

/* ---- which run it is ---- */

/* Its 32 hex digits and when systemd wrote them down. False when there are none. */
static bool read_invocation(int root_fd, const char *unit, char ret[INVOCATION_SIZE],
			    usec_t *ret_since)
{
	char path[SUBJECT_KEY_MAX + 64], id[INVOCATION_SIZE + 1];
	struct stat st;
	ssize_t n;

	snprintf(path, sizeof(path), "run/systemd/units/invocation:%s", unit);
	n = readlinkat(root_fd, path, id, sizeof(id));
	if (n != INVOCATION_SIZE - 1 || fstatat(root_fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	id[n] = '\0';
	if (strspn(id, "0123456789abcdef") != (size_t)n)
		return false;
	memcpy(ret, id, INVOCATION_SIZE);
	*ret_since = (usec_t)st.st_mtim.tv_sec * USEC_PER_SEC + (usec_t)st.st_mtim.tv_nsec / 1000;
	return true;
}

static bool has_invocation(const LifetimeEntry *e)
{
	return strlen(e->incarnation) == INVOCATION_SIZE - 1 && !strchr(e->incarnation, ':');
}

/* Started anew while something of the run before kept the cgroup. Its end was not seen by itself,
 * but it lies before the new beginning, of which systemd's link has the time. */
static void begin_anew(Lifetimes *t, LifetimeEntry *e, const char *invocation, usec_t since)
{
	LifetimeEntry *next;

	lifetime_end(t, e, since);
	next = lifetime_add(t, SUBJECT_UNIT, e->id, span_of(e->path), e->to, true);
	if (!next)
		return;
	snprintf(next->incarnation, sizeof(next->incarnation), "%s", invocation);
	next->next_ask = e->to + LIFETIME_START_TIME;
	next->marked = e->marked;
}

static void follow_invocation(Lifetimes *t, LifetimeEntry *e)
{
	char invocation[INVOCATION_SIZE];
	usec_t since;

	if (e->to != 0 || !read_invocation(t->setup.root_fd, e->id, invocation, &since))
		return;
	if (has_invocation(e) && strcmp(e->incarnation, invocation) != 0)
		begin_anew(t, e, invocation, since);
	else
		snprintf(e->incarnation, sizeof(e->incarnation), "%s", invocation);
}

/* ---- its first process ---- */

static bool runs_still(const Lifetimes *t, const LifetimeEntry *e)
{
	_cleanup_close_ int fd = proc_open(t->setup.proc_fd, e->pid);
	uint64_t start;

	return fd >= 0 && proc_read_start(fd, &start) == 0 && start == e->pid_start;
}

static bool runs_anything(const Lifetimes *t, const LifetimeEntry *e)
{
	return cgroup_dir_is_populated(t->setup.cgroup_fd, span_of(e->path)) > 0;
}

/*
 * The oldest, once systemd has set it up. It is not the main one where a program that starts others
 * is first: what ends before the others says nothing of the unit's end. An empty cgroup is only not
 * taken away yet.
 */
static void follow_first_process(Lifetimes *t, LifetimeEntry *e, usec_t now)
{
	if (e->to != 0 || e->pid_lost)
		return;
	if (e->pid > 0) {
		e->pid_lost = !runs_still(t, e) && runs_anything(t, e);
		return;
	}
	if (e->seen && now < e->from + LIFETIME_START_TIME)
		return;
	if (cgroup_dir_first_process(t->setup.cgroup_fd, t->setup.proc_fd, span_of(e->path),
				     &e->pid, &e->pid_start) < 0)
		return;
	if (!e->incarnation[0])
		snprintf(e->incarnation, sizeof(e->incarnation), "%" PRId32 ":%" PRIu64, e->pid,
			 e->pid_start);
}

/* ---- beginning ---- */

static void add_unit(Lifetimes *t, const char *unit, Span path, usec_t from, bool seen)
{
	LifetimeEntry *e = NULL;

	if (t->n_units == LIFETIMES_UNITS_MAX)
		t->stats.dropped++;
	else
		e = lifetime_add(t, SUBJECT_UNIT, unit, path, from, seen);
	if (!e)
		return;
	e->marked = true;
	if (seen)
		return;
	follow_invocation(t, e);
	follow_first_process(t, e, from);
	lifetime_adopt(t, e);
}

void lifetimes_begin_unit(Lifetimes *t, const char *unit, Span path, usec_t from, bool seen)
{
	LifetimeEntry *e = lifetime_find_path(t, path);

	if (e)
		e->marked = true;
	else
		add_unit(t, unit, path, from, seen);
}

void lifetimes_scan_begins(Lifetimes *t)
{
	for (size_t i = 0; i < LIFETIME_BUCKETS; i++)
		for (LifetimeEntry *e = t->buckets[i]; e; e = e->next)
			e->marked = false;
}

/* ---- the row ---- */

static int open_row(Lifetimes *t, LifetimeEntry *e, const Resolved *who, const UnitFilter *filter)
{
	char capabilities[32] = "";

	if (filter)
		lifetime_name_capabilities(filter->capabilities, filter->no_new_privs, capabilities,
					   sizeof(capabilities));
	e->workload = who->workload;
	e->has_filter = who->profile_hash[0];
	return lifetime_open(t, e,
			     &(LedgerLifetime){ .profile_hash = who->profile_hash,
						.runtime = "systemd",
						.image_digest = t->host.libc,
						.runtime_version = t->host.manager,
						.capabilities = capabilities });
}

static bool ask(Lifetimes *t, LifetimeEntry *e, usec_t now, UnitFilter *ret)
{
	if (!t->setup.units) {
		e->next_ask = UINT64_MAX;
		return false;
	}
	if (unit_bus_read(t->setup.units, e->id, now, ret) == 0) {
		e->next_ask = UINT64_MAX;
		return true;
	}
	e->next_ask = now + (unit_bus_rests(t->setup.units) ? ASK_SOON : ASK_AGAIN);
	return false;
}

/* Also one that made its only call while the bus was busy. */
static bool is_to_be_asked(const LifetimeEntry *e, usec_t now)
{
	return !e->has_filter && e->to == 0 && !e->dead && now >= e->next_ask &&
	       now >= e->from + LIFETIME_START_TIME;
}

static int fill_row(Lifetimes *t, LifetimeEntry *e, const Resolved *who)
{
	e->has_filter = e->writing_filter = true;
	return ledger_fill_lifetime(t->setup.ledger, e->writing_row, who->profile_hash);
}

/* One that has a filter is followed whether it makes a call or not. */
static int look_for_filter(Lifetimes *t, LifetimeEntry *e, usec_t now)
{
	_cleanup_unit_filter_ UnitFilter filter = { 0 };
	Resolved who;
	int r;

	if (!is_to_be_asked(e, now) || t->asks == 0)
		return 0;
	t->asks--;
	if (!ask(t, e, now, &filter) || !unit_filter_exists(&filter))
		return 0;
	r = resolver_put_unit(t->setup.resolver, t->setup.ledger, e->id, &filter, now, &who);
	e->dead = r == -ENOSPC && e->writing_row == 0;
	if (r < 0)
		return r == -ENOSPC ? 0 : r;
	return e->writing_row == 0 ? open_row(t, e, &who, &filter) : fill_row(t, e, &who);
}

int lifetimes_put_unit(Lifetimes *t, const char *unit, const Resolved *who, usec_t now,
		       int64_t *ret)
{
	_cleanup_unit_filter_ UnitFilter filter = { 0 };
	LifetimeEntry *e = t ? lifetime_find_name(t, SUBJECT_UNIT, unit) : NULL;
	int r = 0;

	if (e && e->writing_row == 0)
		r = open_row(t, e, who, ask(t, e, now, &filter) ? &filter : NULL);
	/* The bus was not up yet when the row was begun. */
	else if (e && !e->has_filter && who->profile_hash[0])
		r = ledger_fill_lifetime(t->setup.ledger, e->writing_row, who->profile_hash);
	if (r < 0)
		return r;
	if (e && who->profile_hash[0])
		e->has_filter = true;
	*ret = e ? e->writing_row : 0;
	return 0;
}

/* ---- a pass ---- */

bool lifetime_unit_is_due(const Lifetimes *t, const LifetimeEntry *e, usec_t now)
{
	(void)t;
	return is_to_be_asked(e, now) || (e->row != 0 && e->to != 0 && !e->end_written);
}

/* systemd knows best, as long as it has not started it anew. */
static LifetimeExit ask_for_end(Lifetimes *t, const LifetimeEntry *e, usec_t now)
{
	static const struct {
		const char *result;
		LifetimeExit exit;
	} results[] = {
		{ "success", LIFETIME_EXIT_GRACEFUL }, { "exit-code", LIFETIME_EXIT_FAILED },
		{ "protocol", LIFETIME_EXIT_FAILED },  { "resources", LIFETIME_EXIT_FAILED },
		{ "signal", LIFETIME_EXIT_KILLED },    { "core-dump", LIFETIME_EXIT_KILLED },
		{ "watchdog", LIFETIME_EXIT_KILLED },  { "timeout", LIFETIME_EXIT_KILLED },
		{ "oom-kill", LIFETIME_EXIT_KILLED },
	};
	UnitEnd end;

	if (!t->setup.units || !has_invocation(e) ||
	    unit_bus_read_end(t->setup.units, e->id, now, &end) < 0 ||
	    strcmp(end.invocation, e->incarnation) != 0)
		return LIFETIME_EXIT_UNKNOWN;
	for (size_t i = 0; i < ELEMENTSOF(results); i++)
		if (strcmp(end.result, results[i].result) == 0)
			return results[i].exit;
	return LIFETIME_EXIT_UNKNOWN;
}

static int write_end(Lifetimes *t, LifetimeEntry *e, usec_t now)
{
	LifetimeExit how = ask_for_end(t, e, now);

	if (how == LIFETIME_EXIT_UNKNOWN && !e->pid_lost && lifetime_read_exit(t, e, now, &how) < 0)
		return 0;
	return lifetime_close(t, e, how);
}

int lifetime_write_unit(Lifetimes *t, LifetimeEntry *e, usec_t now)
{
	int r;

	follow_invocation(t, e);
	if (e->writing_row != 0)
		follow_first_process(t, e, now);
	r = look_for_filter(t, e, now);
	if (r == 0 && e->writing_row != 0 && e->to != 0 && !e->end_written)
		r = write_end(t, e, now);
	return r;
}
