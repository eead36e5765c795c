/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lifetimes into the ledger: a pass over the table, and what containers write. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>

#include "daemon/lifetime-private.h"
#include "profile/context.h"
#include "state/cgroup-dir.h"

/* An exit is told by another thread, a little before or after the cgroup goes. */
#define EXIT_PATIENCE (1 * USEC_PER_SEC)

/* What systemd is asked in one pass: it may take a while to answer. */
#define ASKS_PER_PASS 16

/* ---- beginnings ---- */

/*
 * The cgroup knows its processes; what a runtime has written down may be of the run before. Without
 * a namespace of its own the oldest is the first, once the runtime is out of there: of one that was
 * there before us, at once, because that tells whether it is still the same run.
 */
static void find_first_process(const Lifetimes *t, LifetimeEntry *e, usec_t now)
{
	int r;

	if (e->pid > 0 || e->to != 0)
		return;
	r = cgroup_dir_first_process(t->setup.cgroup_fd, t->setup.proc_fd, span_of(e->path),
				     &e->pid, &e->pid_start);
	if (r == CGROUP_DIR_OLDEST && e->seen && now < e->from + LIFETIME_START_TIME)
		e->pid = 0;
	if (r < 0 || e->pid == 0)
		return;
	snprintf(e->incarnation, sizeof(e->incarnation), "%" PRId32 ":%" PRIu64, e->pid,
		 e->pid_start);
}

void lifetimes_begin(Lifetimes *t, const SubjectKey *key, Span path, const Container *c,
		     usec_t from, bool seen)
{
	LifetimeEntry *e;

	if (c->sandbox || lifetime_find_path(t, path))
		return;
	e = lifetime_add(t, SUBJECT_CONTAINER, c->id[0] ? c->id : key->name, path, from, seen);
	if (!e)
		return;
	e->key = *key;
	find_first_process(t, e, from);
	if (!seen)
		lifetime_adopt(t, e);
}

void lifetime_name_capabilities(uint64_t set, bool no_new_privs, char *buf, size_t size)
{
	snprintf(buf, size, "%016" PRIx64 "%s", set, no_new_privs ? " nnp" : "");
}

int lifetime_open(Lifetimes *t, LifetimeEntry *e, LedgerLifetime *f)
{
	f->workload = e->workload;
	f->kind = e->kind;
	f->name = e->id;
	f->incarnation = e->incarnation;
	f->libseccomp = t->host.libseccomp;
	f->kernel = t->host.kernel;
	f->machine = t->host.machine;
	f->from = e->from;
	f->start_seen = e->seen;
	return ledger_begin_lifetime(t->setup.ledger, f, &e->writing_row);
}

/* 0 also when it is not known any more, or has no room. */
static int begin_container(Lifetimes *t, LifetimeEntry *e, usec_t now)
{
	_cleanup_container_ Container c = { 0 };
	char capabilities[32] = "";
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
	if (c.capabilities)
		lifetime_name_capabilities(capability_set(c.capabilities), c.no_new_privs,
					   capabilities, sizeof(capabilities));
	e->workload = who.workload;
	return lifetime_open(t, e,
			     &(LedgerLifetime){ .profile_hash = who.profile_hash,
						.runtime = c.runtime,
						.image_digest = c.names.image_digest,
						.runtime_version = t->host.runtimes,
						.capabilities = capabilities });
}

/* ---- ends ---- */

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

int lifetime_read_exit(const Lifetimes *t, const LifetimeEntry *e, usec_t now, LifetimeExit *ret)
{
	uint32_t status;

	*ret = LIFETIME_EXIT_UNKNOWN;
	if (!t->setup.exits || e->pid <= 0)
		return 0;
	if (exit_ring_find(t->setup.exits, e->pid, &status) == 0)
		*ret = exit_of(status);
	else if (now < e->to + EXIT_PATIENCE)
		return -EAGAIN;
	return 0;
}

int lifetime_close(Lifetimes *t, LifetimeEntry *e, LifetimeExit how)
{
	e->writing_end = true;
	return ledger_end_lifetime(t->setup.ledger, e->writing_row, e->to, true, how);
}

/* ---- a pass ---- */

static bool is_due(const LifetimeEntry *e)
{
	return !e->dead && (e->row == 0 || (e->to != 0 && !e->end_written));
}

static bool entry_is_due(const Lifetimes *t, const LifetimeEntry *e, usec_t now)
{
	if (e->kind == SUBJECT_UNIT)
		return lifetime_unit_is_due(t, e, now);
	return is_due(e) &&
	       (e->row == 0 || now >= e->to + EXIT_PATIENCE || e->pid <= 0 || !t->setup.exits);
}

bool lifetimes_are_due(const Lifetimes *t, usec_t now)
{
	if (t->settled && !t->olds_closed && t->n_olds > 0)
		return true;
	for (size_t i = 0; i < LIFETIME_BUCKETS; i++)
		for (const LifetimeEntry *e = t->buckets[i]; e; e = e->next)
			if (entry_is_due(t, e, now))
				return true;
	return false;
}

static int write_container(Lifetimes *t, LifetimeEntry *e, usec_t now)
{
	LifetimeExit how;
	int r = 0;

	find_first_process(t, e, now);
	if (!is_due(e))
		return 0;
	if (e->row == 0)
		r = begin_container(t, e, now);
	if (r < 0 || e->dead || e->to == 0 || lifetime_read_exit(t, e, now, &how) < 0)
		return r;
	return lifetime_close(t, e, how);
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

static int write_entries(Lifetimes *t, usec_t now)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < LIFETIME_BUCKETS; i++)
		for (LifetimeEntry *e = t->buckets[i]; r == 0 && e; e = e->next)
			r = e->kind == SUBJECT_UNIT ? lifetime_write_unit(t, e, now)
						    : write_container(t, e, now);
	return r;
}

int lifetimes_write(Lifetimes *t, usec_t now, bool clean)
{
	int r;

	t->asks = ASKS_PER_PASS;
	host_facts_update(&t->host, t->setup.root_fd, now);
	r = close_olds(t);
	if (r == 0)
		r = write_entries(t, now);
	return r == 0 ? lifetime_write_hours(t, now, clean) : r;
}
