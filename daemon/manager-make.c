/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/manager-private.h"
#include "daemon/precondition.h"
#include "daemon/tally-file.h"
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

static int open_source(Manager *m, Diag *d)
{
	const char *name = m->config->source;
	int n = sd_listen_fds(true), r;

	if (n > 1)
		return diag_set(d, -EINVAL, "the service manager passed %d sockets, one is needed",
				n);
	m->passed = n == 1;
	if (strcmp(name, "netlink") == 0) {
		r = precondition_check(m->passed, d);
		if (r < 0)
			return r;
		return source_netlink_new(n == 1 ? SD_LISTEN_FDS_START : -1,
					  m->config->receive_buffer, &m->source, d);
	}
	return source_file_new(strncmp(name, "file:", 5) == 0 ? name + 5 : name, m->once,
			       &m->source, d);
}

static int open_evidence(Manager *m, Diag *d)
{
	uint64_t seed;
	int r;

	if (gethostname(m->host, sizeof(m->host) - 1) < 0 || getrandom(&seed, sizeof(seed), 0) < 0)
		return diag_set(d, -errno, "cannot get the host's name or random bytes");
	r = ledger_open_writer(m->config->ledger, m->host, manager_now(), NULL, &m->ledger, d);
	if (r < 0)
		return r;
	if (r == LEDGER_SET_ASIDE)
		log_line(LOG_WARNING, "%s", d->text);
	return tally_file_open(m->config->tally, seed, &m->tally_fd, &m->tally, d);
}

int manager_note_boot(Manager *m, bool *ret)
{
	_cleanup_free_ char *boot = NULL;
	char known[64];
	size_t n;
	int r;

	*ret = false;
	if (file_read_at(m->proc_fd, "sys/kernel/random/boot_id", 4096, false, &boot, &n) < 0)
		return 0;
	boot[strcspn(boot, "\n")] = '\0';
	snprintf(m->boot, sizeof(m->boot), "%s", boot);
	r = ledger_get_meta(m->ledger, "boot_id", known, sizeof(known));
	if (r < 0)
		return r;
	*ret = strcmp(boot, known) == 0;
	r = ledger_begin(m->ledger);
	if (r >= 0)
		r = ledger_set_meta(m->ledger, "boot_id", boot);
	/* What is folded of a tally that a reboot took away is of no use any more. */
	if (r >= 0 && !*ret)
		r = ledger_forget_tallies(m->ledger, tally_id(m->tally));
	return r < 0 ? r : ledger_commit(m->ledger);
}

StateRoots manager_state_roots(const Manager *m)
{
	StateRoots roots = { .proc_fd = m->proc_fd, .root_fd = m->root_fd };

	state_section_apply(&m->config->state, &roots);
	return roots;
}

static int make_loss(Manager *m, bool same_boot)
{
	return loss_init(&m->loss,
			 &(LossSetup){ .ledger = m->ledger,
				       .tally = m->tally,
				       .boot = m->boot,
				       .same_boot = same_boot,
				       .live = m->source->live,
				       .note_stop = m->source->live && !m->passed },
			 manager_now());
}

static int make_lifetimes(Manager *m, bool same_boot)
{
	int r = 0;

	if (m->config->lineage)
		r = exit_ring_new(&m->exits);
	if (r == 0 && m->config->lineage)
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
	r = m->cgroup_fd < 0
		    ? -errno
		    : container_watch_new(&(ContainerWatchSetup){ .event = m->event,
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
		r = unit_bus_new(&m->units);
	resolver_set_units(m->resolver, m->units);
	return r;
}

static int make_writer(Manager *m, bool same_boot)
{
	StateRoots roots = manager_state_roots(m);
	int r = queue_new(&m->queue);

	if (r < 0)
		return r;
	r = resolver_note_roots(&roots, m->ledger);
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
				       .lifetimes = m->lifetimes,
				       .joins = m->joins,
				       .loss = &m->loss },
		       manager_now(), &m->writer);
	if (r >= 0)
		publisher_init(&m->publisher, m->config, m->tally, m->ledger, m->writer,
			       m->resolver);
	return r;
}

/* Only records of now are about processes of now. Without the history those that are gone stay
 * without a name, which is no reason not to run. */
static void join_lineage(Manager *m, uint64_t seed)
{
	TallyLineage *t = &tally_totals(m->tally)->lineage;
	Diag d = { 0 };

	*t = (TallyLineage){ .state = TALLY_LINEAGE_OFF };
	if (!m->config->lineage || !m->source->live)
		return;
	if (ancestry_new(m->proc_fd, seed, &m->ancestry, &d) >= 0) {
		ancestry_note_exits(m->ancestry, m->exits);
		ancestry_note_joins(m->ancestry, m->joins);
		tally_store(&t->state, TALLY_LINEAGE_ON);
		return;
	}
	snprintf(t->reason, sizeof(t->reason), "%.*s", (int)sizeof(t->reason) - 1, d.text);
	tally_store(&t->state, TALLY_LINEAGE_UNAVAILABLE);
	log_line(LOG_WARNING,
		 "calls of processes that end at once stay without a name: the kernel's process "
		 "events cannot be had, %s",
		 d.text);
}

static int make_reader(Manager *m, bool resume)
{
	TallyTotals *totals = tally_totals(m->tally);
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) < 0)
		return -errno;
	memset(totals->faults, 0, sizeof(totals->faults));
	join_lineage(m, seed);
	__atomic_store_n(&totals->since, manager_now(), __ATOMIC_RELAXED);
	memcpy(totals->source, m->source->name, sizeof(totals->source));
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

	return r < 0 ? r : open_source(m, d);
}

int manager_make(Manager *m, Diag *d)
{
	bool resume = false;
	int r = open_evidence(m, d);

	if (r < 0)
		return r;
	r = manager_note_boot(m, &resume);
	if (r >= 0)
		r = make_writer(m, resume);
	if (r >= 0)
		r = make_reader(m, resume);
	if (r < 0)
		return diag_set(d, r, "cannot start: %s (%s)", ledger_error(m->ledger),
				strerror(-r));
	return 0;
}
