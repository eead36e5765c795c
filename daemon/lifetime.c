/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>

#include "daemon/host-facts.h"
#include "daemon/join-ring.h"
#include "daemon/lifetime.h"
#include "profile/context.h"
#include "state/cgroup-dir.h"
#include "util/hash.h"

#define BUCKETS 1024 /* a power of two */

/* An exit is told by another thread, a little before or after the cgroup goes. */
#define EXIT_PATIENCE (1 * USEC_PER_SEC)

/* Within it a runtime has set a container up. */
#define START_TIME (2 * USEC_PER_SEC)

/* Records of a container that has ended are folded so long at most after it. */
#define KEEP_ENDED (60 * USEC_PER_SEC)

#define INCARNATION_SIZE 40

typedef struct Entry {
	struct Entry *next;
	SubjectKey key; /* with which its state was cached */
	char id[SUBJECT_KEY_MAX];
	char *path;
	char incarnation[INCARNATION_SIZE];
	int32_t pid;
	usec_t from, to; /* .to is 0 while it runs */
	bool seen;
	bool dead; /* nothing to write, ever */
	bool end_written, writing_end;
	int64_t row, writing_row, workload; /* 0 = not in the ledger yet */
} Entry;

/* What an older daemon left open. */
typedef struct Old {
	int64_t row, workload;
	char *name, *incarnation;
} Old;

struct Lifetimes {
	LifetimesSetup setup;
	HostFacts host;
	Entry *buckets[BUCKETS];
	Old *olds;
	size_t n_olds, allocated_olds;
	bool settled;
	bool olds_closed, writing_olds_closed;
	usec_t rolled, writing_rolled; /* hours are written up to here */
	LifetimesStats stats;
	size_t n;
};

/* ---- what was there before ---- */

static int take_old(const LedgerLifetime *row, void *userdata)
{
	Lifetimes *t = userdata;
	Old old = { row->id, row->workload, strdup(row->name), strdup(row->incarnation) };

	if (t->n_olds == t->allocated_olds) {
		size_t n = t->allocated_olds ? 2 * t->allocated_olds : 32;
		Old *more = reallocarray(t->olds, n, sizeof(*more));

		if (more) {
			t->olds = more;
			t->allocated_olds = n;
		}
	}
	if (!old.name || !old.incarnation || t->n_olds == t->allocated_olds) {
		free(old.name);
		free(old.incarnation);
		return -ENOMEM;
	}
	t->olds[t->n_olds++] = old;
	return 0;
}

static void forget_old(Lifetimes *t, size_t i)
{
	free(t->olds[i].name);
	free(t->olds[i].incarnation);
	t->olds[i] = t->olds[--t->n_olds];
}

int lifetimes_new(const LifetimesSetup *setup, Lifetimes **ret)
{
	_cleanup_(lifetimes_freep) Lifetimes *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return -ENOMEM;
	t->setup = *setup;
	r = ledger_each_open_lifetime(setup->ledger, take_old, t);
	if (r < 0)
		return r;
	*ret = STEAL(t);
	return 0;
}

static void free_entry(Entry *e)
{
	free(e->path);
	free(e);
}

Lifetimes *lifetimes_free(Lifetimes *t)
{
	if (!t)
		return NULL;
	for (size_t i = 0; i < BUCKETS; i++)
		for (Entry *e = t->buckets[i], *next; e; e = next) {
			next = e->next;
			free_entry(e);
		}
	while (t->n_olds > 0)
		forget_old(t, 0);
	free(t->olds);
	free(t);
	return NULL;
}

/* ---- the table ---- */

static Entry **bucket_of(const Lifetimes *t, const char *id)
{
	return (Entry **)(uintptr_t)&t->buckets[hash_bytes(span_of(id), 0) % BUCKETS];
}

static Entry *find_path(const Lifetimes *t, Span path)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (Entry *e = t->buckets[i]; e; e = e->next)
			if (e->to == 0 && span_is(path, e->path))
				return e;
	return NULL;
}

int64_t lifetimes_row(const Lifetimes *t, const SubjectKey *key)
{
	if (!t || key->kind != SUBJECT_CONTAINER)
		return 0;
	/* The newest comes first. */
	for (const Entry *e = *bucket_of(t, key->name); e; e = e->next)
		if (strcmp(e->id, key->name) == 0)
			return e->writing_row;
	return 0;
}

int64_t lifetimes_row_by_hash(const Lifetimes *t, uint64_t hash)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (const Entry *e = t->buckets[i]; e; e = e->next)
			if (join_ring_hash(span_of(e->id)) == hash)
				return e->writing_row;
	return 0;
}

/*
 * The cgroup knows its processes; what a runtime has written down may be of the run before. Without
 * a namespace of its own the oldest is the first, once the runtime is out of there.
 */
static void find_first_process(const Lifetimes *t, Entry *e, usec_t now)
{
	int32_t pid;
	uint64_t start;
	int r;

	if (e->pid > 0 || e->to != 0)
		return;
	r = cgroup_dir_first_process(t->setup.cgroup_fd, t->setup.proc_fd, span_of(e->path), &pid,
				     &start);
	if (r < 0 || (r == CGROUP_DIR_OLDEST && now < e->from + START_TIME))
		return;
	e->pid = pid;
	snprintf(e->incarnation, sizeof(e->incarnation), "%" PRId32 ":%" PRIu64, pid, start);
}

static void adopt(Lifetimes *t, Entry *e)
{
	for (size_t i = 0; t->setup.same_boot && i < t->n_olds; i++) {
		const Old *old = &t->olds[i];

		if (strcmp(old->name, e->id) != 0 ||
		    (old->incarnation[0] && e->incarnation[0] &&
		     strcmp(old->incarnation, e->incarnation) != 0))
			continue;
		e->row = e->writing_row = old->row;
		e->workload = old->workload;
		forget_old(t, i);
		return;
	}
}

void lifetimes_begin(Lifetimes *t, const SubjectKey *key, Span path, const Container *c,
		     usec_t from, bool seen)
{
	Entry *e, **bucket;

	if (c->sandbox || find_path(t, path))
		return;
	e = t->n < LIFETIMES_MAX ? calloc(1, sizeof(*e)) : NULL;
	if (e)
		e->path = span_dup(path);
	if (!e || !e->path) {
		free(e);
		t->stats.dropped++;
		return;
	}
	e->key = *key;
	e->from = from;
	e->seen = seen;
	snprintf(e->id, sizeof(e->id), "%s", c->id[0] ? c->id : key->name);
	find_first_process(t, e, from);
	if (!seen)
		adopt(t, e);
	bucket = bucket_of(t, e->id);
	e->next = *bucket;
	*bucket = e;
	t->n++;
	t->stats.running++;
}

static void end(Lifetimes *t, Entry *e, usec_t now)
{
	e->to = MAX(now, e->from + 1);
	t->stats.running--;
}

void lifetimes_end(Lifetimes *t, Span path, usec_t now)
{
	Entry *e = find_path(t, path);

	if (e)
		end(t, e, now);
}

void lifetimes_end_others(Lifetimes *t,
			  bool (*runs)(const SubjectKey *key, Span path, void *userdata),
			  void *userdata, usec_t now)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (Entry *e = t->buckets[i]; e; e = e->next)
			if (e->to == 0 && !runs(&e->key, span_of(e->path), userdata))
				end(t, e, now);
}

void lifetimes_settle(Lifetimes *t)
{
	t->settled = true;
}

/* ---- writing ---- */

static bool is_due(const Entry *e)
{
	return !e->dead && (e->row == 0 || (e->to != 0 && !e->end_written));
}

bool lifetimes_are_due(const Lifetimes *t, usec_t now)
{
	if (t->settled && !t->olds_closed && t->n_olds > 0)
		return true;
	for (size_t i = 0; i < BUCKETS; i++)
		for (const Entry *e = t->buckets[i]; e; e = e->next)
			if (is_due(e) && (e->row == 0 || now >= e->to + EXIT_PATIENCE ||
					  e->pid <= 0 || !t->setup.exits))
				return true;
	return false;
}

/* 128 + 15: a program that ends by the exit code of whom SIGTERM ends. */
static LifetimeExit exit_of(uint32_t status)
{
	int how = (int)status;

	if (WIFEXITED(how)) {
		if (WEXITSTATUS(how) == 0 || WEXITSTATUS(how) == 128 + SIGTERM)
			return LIFETIME_EXIT_GRACEFUL;
		return WEXITSTATUS(how) == 128 + SIGKILL ? LIFETIME_EXIT_KILLED
							 : LIFETIME_EXIT_FAILED;
	}
	switch (WTERMSIG(how)) {
	case SIGTERM:
	case SIGINT:
	case SIGQUIT:
		return LIFETIME_EXIT_GRACEFUL;
	default:
		return LIFETIME_EXIT_KILLED;
	}
}

static int write_end(Lifetimes *t, Entry *e, usec_t now)
{
	LifetimeExit how = LIFETIME_EXIT_UNKNOWN;
	uint32_t status;

	if (t->setup.exits && e->pid > 0) {
		if (exit_ring_find(t->setup.exits, e->pid, &status) == 0)
			how = exit_of(status);
		else if (now < e->to + EXIT_PATIENCE)
			return 0;
	}
	e->writing_end = true;
	return ledger_end_lifetime(t->setup.ledger, e->writing_row, e->to, true, how);
}

/* As ledger-history.h has it. */
static void name_capabilities(const Container *c, char *buf, size_t size)
{
	if (c->capabilities)
		snprintf(buf, size, "%016llx%s",
			 (unsigned long long)capability_set(c->capabilities),
			 c->no_new_privs ? " nnp" : "");
	else
		buf[0] = '\0';
}

/* 0 also when it is not known any more, or has no room. */
static int write_begin(Lifetimes *t, Entry *e, usec_t now)
{
	_cleanup_container_ Container c = { 0 };
	char capabilities[32];
	Resolved who;
	int r;

	if (container_cache_get(t->setup.cache, &e->key, span_of(e->path), &c) < 0) {
		e->dead = true;
		return 0;
	}
	r = resolver_put_container(t->setup.resolver, t->setup.ledger, e->path, &c, now, &who);
	if (r == -ENOSPC) {
		e->dead = true;
		return 0;
	}
	if (r < 0)
		return r;
	name_capabilities(&c, capabilities, sizeof(capabilities));
	e->workload = who.workload;
	return ledger_begin_lifetime(t->setup.ledger,
				     &(LedgerLifetime){
					     .workload = who.workload,
					     .profile_hash = who.profile_hash,
					     .kind = SUBJECT_CONTAINER,
					     .runtime = c.runtime,
					     .name = e->id,
					     .incarnation = e->incarnation,
					     .image_digest = c.names.image_digest,
					     .runtime_version = t->host.runtimes,
					     .libseccomp = t->host.libseccomp,
					     .kernel = t->host.kernel,
					     .machine = t->host.machine,
					     .capabilities = capabilities,
					     .from = e->from,
					     .start_seen = e->seen,
				     },
				     &e->writing_row);
}

static int write_entry(Lifetimes *t, Entry *e, usec_t now)
{
	int r = 0;

	find_first_process(t, e, now);
	if (!is_due(e))
		return 0;
	if (e->row == 0)
		r = write_begin(t, e, now);
	if (r == 0 && !e->dead && e->to != 0)
		r = write_end(t, e, now);
	return r;
}

static int close_olds(Lifetimes *t)
{
	int r = 0;

	if (!t->settled || t->olds_closed)
		return 0;
	for (size_t i = 0; r == 0 && i < t->n_olds; i++)
		r = ledger_end_lifetime(t->setup.ledger, t->olds[i].row, t->setup.last_alive, false,
					LIFETIME_EXIT_UNKNOWN);
	t->writing_olds_closed = true;
	return r;
}

/* ---- hours ---- */

typedef struct Stretch {
	int64_t workload;
	usec_t from, to;
} Stretch;

static int by_workload(const void *a, const void *b)
{
	const Stretch *x = a, *y = b;

	if (x->workload != y->workload)
		return x->workload < y->workload ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

/* What ran since the last time; ended ones were there for a part of it. */
static size_t list_running(const Lifetimes *t, usec_t now, Stretch *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		for (const Entry *e = t->buckets[i]; e; e = e->next) {
			Stretch s = { e->workload, MAX(e->from, t->rolled), e->to ? e->to : now };

			if (e->workload != 0 && s.from < s.to)
				ret[n++] = s;
		}
	return n;
}

/* Instances side by side are one stretch of their workload. */
static int write_hours(Lifetimes *t, usec_t now, bool clean)
{
	_cleanup_free_ Stretch *rows = calloc(t->n + 1, sizeof(*rows));
	size_t n;
	int r = 0;

	if (!rows)
		return -ENOMEM;
	n = t->rolled ? list_running(t, now, rows) : 0;
	qsort(rows, n, sizeof(*rows), by_workload);
	for (size_t i = 0, k; r == 0 && i < n; i = k) {
		usec_t sum = 0, to = 0;

		for (k = i; k < n && rows[k].workload == rows[i].workload; k++) {
			usec_t from = MAX(rows[k].from, to);

			sum += rows[k].to > from ? rows[k].to - from : 0;
			to = MAX(to, rows[k].to);
		}
		r = ledger_add_hour(t->setup.ledger, rows[i].workload,
				    &(LedgerHour){ .from = rows[i].from,
						   .observed = sum,
						   .complete = clean ? sum : 0 });
	}
	t->writing_rolled = now;
	return r;
}

int lifetimes_write(Lifetimes *t, usec_t now, bool clean)
{
	int r;

	host_facts_update(&t->host, t->setup.root_fd, now);
	r = close_olds(t);
	for (size_t i = 0; r == 0 && i < BUCKETS; i++)
		for (Entry *e = t->buckets[i]; r == 0 && e; e = e->next)
			r = write_entry(t, e, now);
	return r == 0 ? write_hours(t, now, clean) : r;
}

static bool is_over(const Entry *e, usec_t now)
{
	return e->to != 0 && (e->end_written || e->dead) && now > e->to + KEEP_ENDED;
}

static void sweep(Lifetimes *t, Entry **at)
{
	while (*at) {
		Entry *e = *at;

		if (is_over(e, t->rolled)) {
			*at = e->next;
			free_entry(e);
			t->n--;
		} else {
			at = &e->next;
		}
	}
}

void lifetimes_committed(Lifetimes *t)
{
	t->rolled = t->writing_rolled;
	t->olds_closed = t->writing_olds_closed;
	for (size_t i = 0; i < BUCKETS; i++) {
		for (Entry *e = t->buckets[i]; e; e = e->next) {
			e->row = e->writing_row;
			e->end_written = e->writing_end;
		}
		sweep(t, &t->buckets[i]);
	}
}

void lifetimes_rolled_back(Lifetimes *t)
{
	t->writing_olds_closed = t->olds_closed;
	for (size_t i = 0; i < BUCKETS; i++)
		for (Entry *e = t->buckets[i]; e; e = e->next) {
			if (e->row == 0)
				e->workload = 0;
			e->writing_row = e->row;
			e->writing_end = e->end_written;
			e->dead = false;
		}
}

LifetimesStats lifetimes_stats(const Lifetimes *t)
{
	return t->stats;
}
