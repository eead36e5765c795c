/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <systemd/sd-id128.h>

#include "daemon/log.h"
#include "daemon/manager-private.h"
#include "daemon/passed-fds.h"
#include "daemon/precondition.h"
#include "daemon/proc-connector.h"
#include "daemon/tally-file.h"
#include "evidence/ledger-host.h"
#include "util/file.h"

static int open_roots(Manager *m, Diag *d)
{
	m->proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->proc_fd < 0)
		return diag_set(d, -errno, "cannot open /proc: %s", strerror(errno));
	m->root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->root_fd < 0)
		return diag_set(d, -errno, "cannot open /: %s", strerror(errno));
	return 0;
}

static void read_boot(Manager *m)
{
	_cleanup_free_ char *boot = NULL;
	size_t n;

	if (file_read_at(m->proc_fd, "sys/kernel/random/boot_id", 4096, false, &boot, &n) < 0)
		return;
	boot[strcspn(boot, "\n")] = '\0';
	snprintf(m->boot, sizeof(m->boot), "%s", boot);
}

static int open_netlink(Manager *m, Diag *d)
{
	int r;

	m->passed = m->audit_fd >= 0;
	r = precondition_check(m->passed, d);
	if (r < 0)
		return r;
	return source_netlink_new(steal_fd(&m->audit_fd), m->config->daemon.receive_buffer,
				  &m->source, d);
}

/* Whoever passes records on to us may have them from another network namespace. */
static int open_auditd(Manager *m, Diag *d)
{
	int r = precondition_check(true, d);

	return r < 0 ? r : source_auditd_new(&m->source, d);
}

static int open_journal(Manager *m, Diag *d)
{
	int r = precondition_check(true, d);

	return r < 0 ? r : source_journal_new(m->boot, &m->source, d);
}

static int open_source(Manager *m, Diag *d)
{
	static const struct {
		const char *name;
		int (*open)(Manager *m, Diag *d);
	} sources[] = {
		{ "netlink", open_netlink },
		{ "auditd", open_auditd },
		{ "journal", open_journal },
	};
	const char *name = m->config->daemon.source;
	PassedFds passed;
	int r = passed_fds_take(&passed, d);

	if (r < 0)
		return r;
	m->audit_fd = passed.audit;
	m->connector_fd = passed.connector;
	for (size_t i = 0; i < ELEMENTSOF(sources); i++)
		if (strcmp(name, sources[i].name) == 0)
			return sources[i].open(m, d);
	return source_file_new(strncmp(name, "file:", 5) == 0 ? name + 5 : name, m->once,
			       &m->source, d);
}

/* A disk that is full or failing, or somebody's transaction: no reason to miss what is recorded
 * meanwhile. All else is a mistake that a person must mend. */
static bool may_pass(int r)
{
	return r == -EDQUOT || r == -ENOSPC || r == -EROFS || r == -EIO || r == -EAGAIN;
}

static int begin_without_ledger(Manager *m)
{
	m->renewal = (LedgerRenewal){ .why = -ESTALE, .first = true, .roots = true };
	return ledger_new(&m->ledger);
}

/* Ledgers of several hosts are told apart by it. What fails here fails again at the first write,
 * which opens the ledger anew, and there it is remembered. */
static void know_machine(Ledger *l)
{
	char text[SD_ID128_STRING_MAX];
	sd_id128_t id;

	if (sd_id128_get_machine(&id) == 0)
		(void)ledger_know_machine(l, sd_id128_to_string(id, text));
}

static int open_evidence(Manager *m, Diag *d)
{
	uint64_t seed;
	int r;

	if (gethostname(m->host, sizeof(m->host) - 1) < 0 || getrandom(&seed, sizeof(seed), 0) < 0)
		return diag_set(d, -errno, "cannot get the host's name or random bytes");
	r = ledger_open_writer(m->config->daemon.ledger, m->host, manager_now(), NULL, &m->ledger,
			       d);
	if (may_pass(r) && m->source->live)
		r = begin_without_ledger(m);
	if (r < 0)
		return r;
	if (r == LEDGER_SET_ASIDE)
		log_line(LOG_WARNING, "%s", d->text);
	know_machine(m->ledger);
	return tally_file_open(m->config->daemon.tally, seed, &m->tally_fd, &m->tally, d);
}

int manager_note_boot(Manager *m, bool *ret_known)
{
	char known[64];
	int r;

	*ret_known = false;
	if (m->boot[0] == '\0')
		return 0;
	if (!ledger_is_open(m->ledger)) {
		*ret_known = strcmp(m->boot, tally_totals_view(m->tally)->boot) == 0;
		return 0;
	}
	r = ledger_get_meta(m->ledger, "boot_id", known, sizeof(known));
	if (r < 0)
		return r;
	*ret_known = strcmp(m->boot, known) == 0;
	r = ledger_begin(m->ledger);
	if (r >= 0)
		r = ledger_set_meta(m->ledger, "boot_id", m->boot);
	/* What is folded of a tally that a reboot took away is of no use any more. */
	if (r >= 0 && !*ret_known)
		r = ledger_forget_tallies(m->ledger, tally_id(m->tally));
	return r < 0 ? r : ledger_commit(m->ledger);
}

StateRoots manager_state_roots(const Manager *m)
{
	StateRoots roots = { .proc_fd = m->proc_fd, .root_fd = m->root_fd };

	state_section_apply(&m->config->state, &roots);
	if (m->opener)
		roots.opener = opener_for_state(m->opener);
	return roots;
}

/* Only what is there now needs to be opened. */
static int make_opener(Manager *m)
{
	tally_totals(m->tally)->opener = (TallyOpener){ .state = TALLY_OPENER_UNNEEDED };
	if (!m->source->live || !opener_is_needed(m->proc_fd))
		return 0;
	return opener_new(m->opener_socket, &m->opener);
}

static int make_loss(Manager *m, bool same_boot)
{
	return loss_init(&m->loss,
			 &(LossSetup){ .ledger = m->ledger,
				       .tally = m->tally,
				       .boot = m->boot,
				       .same_boot = same_boot,
				       .live = m->source->live,
				       .note_stop = m->source->live && !m->passed && !m->kept,
				       .fills = m->backfill },
			 manager_now());
}

/* A source that keeps its records goes on where the daemon before us was. */
static int begin_source(Manager *m, bool resume, uint64_t *ret_gone)
{
	PositionStart start = { 0 };
	int r;

	*ret_gone = 0;
	if (!m->source->keeps) {
		backfill_settle(m->tally);
		if (m->config->daemon.backfill &&
		    strcmp(m->config->daemon.source, "netlink") == 0 && ledger_is_open(m->ledger))
			m->backfill = backfill_open(m->boot);
		return 0;
	}
	r = position_new(&m->position);
	if (r >= 0)
		r = position_load(m->ledger, m->tally, &start);
	if (r >= 0)
		r = source_journal_begin(m->source, &start, m->position,
					 &tally_totals(m->tally)->consumed, resume, &m->kept);
	if (r >= 0)
		*ret_gone = start.unfolded;
	return r;
}

static int make_lifetimes(Manager *m, bool same_boot)
{
	int r = 0;

	if (m->config->daemon.lineage)
		r = exit_ring_new(&m->exits);
	if (r == 0 && m->config->daemon.lineage)
		r = join_ring_new(&m->joins);
	if (r < 0)
		return r;
	return lifetimes_new(&(LifetimesSetup){ .ledger = m->ledger,
						.resolver = m->resolver,
						.cache = m->containers,
						.units = m->units,
						.exits = m->exits,
						.root_fd = m->root_fd,
						.proc_fd = m->proc_fd,
						.cgroup_fd = m->cgroup_fd,
						.same_boot = same_boot,
						.last_alive = m->loss.since },
			     &m->lifetimes);
}

/* Records of a file are of long ago: the containers of now are none of theirs. */
static int watch_containers(Manager *m, const StateRoots *roots, bool same_boot)
{
	uint64_t seed;
	int r;

	tally_totals(m->tally)->containers = (TallyContainers){ 0 };
	tally_totals(m->tally)->state_unreadable = 0;
	if (!m->source->live)
		return 0;
	if (getrandom(&seed, sizeof(seed), 0) < 0)
		return -errno;
	r = container_cache_new(seed, &m->containers);
	m->cgroup_fd = open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r >= 0)
		r = make_lifetimes(m, same_boot);
	if (r < 0)
		return r;
	r = m->cgroup_fd < 0 ? -errno
			     : watch_thread_new(&(ContainerWatchSetup){ .lock = &m->watch_lock,
									.roots = roots,
									.cgroup_fd = m->cgroup_fd,
									.cache = m->containers,
									.lifetimes = m->lifetimes },
						&m->watch);
	if (r < 0)
		log_line(LOG_WARNING,
			 "cannot follow the cgroups of containers, so very short ones may go "
			 "unnamed: %s",
			 strerror(-r));
	return 0;
}

static int make_resolver(Manager *m, const StateRoots *roots)
{
	int r = resolver_new(roots, &m->resolver);

	if (r < 0)
		return r;
	resolver_use_names(m->resolver, &m->config->workloads, m->host);
	if (m->source->live)
		r = unit_bus_new(&m->watch_lock, &m->units);
	resolver_set_units(m->resolver, m->units);
	return r;
}

static int make_writer(Manager *m, bool same_boot)
{
	StateRoots roots;
	int r = queue_new(&m->queue);

	if (r >= 0)
		r = make_opener(m);
	if (r < 0)
		return r;
	roots = manager_state_roots(m);
	r = ledger_is_open(m->ledger) ? resolver_note_roots(&roots, m->ledger) : 0;
	if (r >= 0)
		r = make_resolver(m, &roots);
	if (r >= 0)
		r = make_loss(m, same_boot);
	if (r >= 0 && m->source->live)
		r = loss_watch_new(&m->loss, &m->loss_watch);
	if (r >= 0)
		r = watch_containers(m, &roots, same_boot);
	if (r < 0)
		return r;
	resolver_set_cache(m->resolver, m->containers);
	r = writer_new(&(WriterSetup){ .tally = m->tally,
				       .queue = m->queue,
				       .ledger = m->ledger,
				       .resolver = m->resolver,
				       .lock = &m->watch_lock,
				       .lifetimes = m->lifetimes,
				       .joins = m->joins,
				       .loss = &m->loss,
				       .position = m->position,
				       .risks = &m->config->risks },
		       manager_now(), &m->writer);
	if (r >= 0)
		publisher_init(&m->publisher, m->config, m->tally, m->ledger, m->writer,
			       m->resolver);
	return r;
}

/* Whoever has the capability: without it newer kernels let us join, but with a small buffer. */
static int open_connector(Manager *m, char *why, size_t size)
{
	int fd = m->opener ? opener_connector(m->opener, why, size) : -1;
	const char *own_why;

	if (fd >= 0)
		return fd;
	fd = proc_connector_open(&own_why);
	if (fd < 0 && !m->opener)
		snprintf(why, size, "%s", own_why);
	return fd;
}

static int join_events(Manager *m, uint64_t seed, char *why, size_t size)
{
	bool kept = m->connector_fd >= 0;
	int r;

	if (!kept)
		m->connector_fd = open_connector(m, why, size);
	if (m->connector_fd < 0)
		return m->connector_fd;
	r = ancestry_new(m->proc_fd, seed, m->connector_fd, kept, &m->ancestry);
	if (r < 0)
		return r;
	if (kept || passed_fds_keep(m->connector_fd))
		ancestry_stays(m->ancestry);
	m->connector_fd = -1; /* it is its now */
	return 0;
}

/* Only records of now are about processes of now. Without the history those that are gone stay
 * without a name, which is no reason not to run. */
static void join_lineage(Manager *m, uint64_t seed)
{
	TallyLineage *t = &tally_totals(m->tally)->lineage;
	char why[sizeof(t->reason)] = "";
	int r;

	*t = (TallyLineage){ .state = TALLY_LINEAGE_OFF };
	tally_totals(m->tally)->lineage_bytes = 0;
	if (!m->config->daemon.lineage || !m->source->live)
		return;
	r = join_events(m, seed, why, sizeof(why));
	if (r >= 0) {
		ancestry_note_exits(m->ancestry, m->exits);
		ancestry_note_joins(m->ancestry, m->joins);
		tally_store(&t->state, TALLY_LINEAGE_ON);
		return;
	}
	memcpy(t->reason, why, sizeof(t->reason));
	tally_store(&t->state, TALLY_LINEAGE_UNAVAILABLE);
	log_line(LOG_WARNING,
		 "calls of processes that end at once stay without a name: the kernel's process "
		 "events cannot be had, %s (%s)",
		 why, strerror(-r));
}

/* A run before this one has left where the gap begins. */
static bool find_gap(const Manager *m, bool resume, BackfillGap *ret)
{
	*ret = (BackfillGap){ .has_last = resume && m->loss.has_serial,
			      .last = m->loss.serial,
			      .stopped = m->loss.since,
			      .held = m->passed };
	if (!resume && m->loss.stopped_from != 0)
		ret->earlier = m->loss.stopped_from + BACKFILL_REBOOT_MARGIN;
	return m->backfill && (ret->has_last || ret->earlier != 0);
}

static int begin_filling(Manager *m, bool resume)
{
	TallyTotals *totals = tally_totals(m->tally);
	bool whole = resume && totals->filling != TALLY_FILLING;
	BackfillGap gap;

	tally_store(&totals->filled_until, 0);
	if (find_gap(m, resume, &gap)) {
		tally_store(&totals->filling, whole ? TALLY_FILLING_WHOLE : TALLY_FILLING);
		return backfill_begin(&m->source, STEAL(m->backfill), &gap);
	}
	m->loss.setup.fills = false;
	/* Where nothing is missing there is nothing to be awaited. */
	tally_store(&totals->filling,
		    m->source->keeps && !(m->kept && resume) ? TALLY_FILLING : TALLY_FILLED);
	return 0;
}

static int make_reader(Manager *m, bool resume)
{
	TallyTotals *totals = tally_totals(m->tally);
	uint64_t seed;
	int r;

	if (getrandom(&seed, sizeof(seed), 0) < 0)
		return -errno;
	memset(totals->faults, 0, sizeof(totals->faults));
	join_lineage(m, seed);
	r = begin_filling(m, resume);
	if (r < 0)
		return r;
	__atomic_store_n(&totals->since, manager_now(), __ATOMIC_RELAXED);
	memcpy(totals->source, m->source->name, sizeof(totals->source));
	if (m->source->live)
		snprintf(totals->boot, sizeof(totals->boot), "%.*s", (int)sizeof(totals->boot) - 1,
			 m->boot);
	/* A tally that is new knows no serial; the ledger may. */
	if (m->source->live && m->loss.has_serial) {
		__atomic_store_n(&totals->last_serial, m->loss.serial, __ATOMIC_RELAXED);
		__atomic_store_n(&totals->has_serial, 1, __ATOMIC_RELAXED);
	} else if (!resume) {
		__atomic_store_n(&totals->has_serial, 0, __ATOMIC_RELAXED);
	}
	return reader_new(&(ReaderSetup){ .source = m->source,
					  .tally = m->tally,
					  .queue = m->queue,
					  .proc_fd = m->proc_fd,
					  .ancestry = m->ancestry,
					  .seed = seed,
					  .resume = resume && m->source->live },
			  &m->reader);
}

int manager_open(Manager *m, Diag *d)
{
	int r = open_roots(m, d);

	if (r < 0)
		return r;
	read_boot(m);
	return open_source(m, d);
}

int manager_make(Manager *m, Diag *d)
{
	bool resume = false;
	uint64_t gone = 0;
	int r = open_evidence(m, d);

	if (r < 0)
		return r;
	r = manager_note_boot(m, &resume);
	if (r >= 0)
		r = begin_source(m, resume, &gone);
	if (r >= 0)
		r = make_writer(m, resume);
	loss_note_gone(&m->loss, gone);
	if (r >= 0)
		r = make_reader(m, resume);
	if (m->opener)
		opener_started(m->opener);
	if (r < 0 && ledger_error(m->ledger)[0] == '\0')
		return diag_set(d, r, "cannot start: %s", strerror(-r));
	if (r < 0)
		return diag_set(d, r, "cannot start: %s (%s)", ledger_error(m->ledger),
				strerror(-r));
	return 0;
}
