/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "daemon/ancestry.h"
#include "daemon/container-watch.h"
#include "daemon/log.h"
#include "daemon/loss-watch.h"
#include "daemon/manager.h"
#include "daemon/precondition.h"
#include "daemon/publish.h"
#include "daemon/reader.h"
#include "daemon/tally-file.h"
#include "source/byte-reader.h"
#include "util/file.h"

/* Counts reach the ledger this often; a new sighting goes at once, after a pause that gathers its
 * neighbours. */
#define FOLD_INTERVAL (2 * USEC_PER_SEC)
#define FOLD_PAUSE (100 * USEC_PER_MSEC)

/* Passes at the end; each takes thousands of slots. */
#define FINAL_PASSES 64

/* sd-event's default of 250 ms is for timers that nobody waits for. */
#define TIMER_ACCURACY (10 * USEC_PER_MSEC)

struct Manager {
	const Config *config;
	bool once;
	sd_event *event;
	sd_event_source *timer, *queue_source, *done_source, *signals[2];
	int proc_fd, root_fd, cgroup_fd, tally_fd;
	Tally *tally;
	Ledger *ledger;
	Queue *queue;
	ContainerCache *containers;
	ContainerWatch *watch;
	UnitBus *units;
	Resolver *resolver;
	ExitRing *exits;
	JoinRing *joins;
	Lifetimes *lifetimes;
	LossWatch *loss_watch;
	Loss loss;
	Writer *writer;
	Source *source;
	Ancestry *ancestry;
	Reader *reader;
	Publisher publisher;
	bool ending;
	char host[HOST_NAME_MAX + 1];
	char boot[64]; /* its id; "" = not known */
};

static usec_t now_usec(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (usec_t)ts.tv_sec * USEC_PER_SEC + (usec_t)ts.tv_nsec / 1000;
}

Manager *manager_free(Manager *m)
{
	if (!m)
		return NULL;
	reader_free(m->reader);
	ancestry_free(m->ancestry);
	source_free(m->source);
	writer_free(m->writer);
	container_watch_free(m->watch);
	lifetimes_free(m->lifetimes);
	exit_ring_free(m->exits);
	join_ring_free(m->joins);
	loss_watch_free(m->loss_watch);
	resolver_free(m->resolver);
	unit_bus_free(m->units);
	container_cache_free(m->containers);
	queue_free(m->queue);
	ledger_free(m->ledger);
	tally_free(m->tally);
	sd_event_source_unref(m->timer);
	sd_event_source_unref(m->queue_source);
	sd_event_source_unref(m->done_source);
	for (size_t i = 0; i < ELEMENTSOF(m->signals); i++)
		sd_event_source_unref(m->signals[i]);
	sd_event_unref(m->event);
	closep(&m->proc_fd);
	closep(&m->root_fd);
	closep(&m->cgroup_fd);
	closep(&m->tally_fd);
	free(m);
	return NULL;
}

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

static int open_source(Manager *m, bool *ret_passed, Diag *d)
{
	const char *name = m->config->source;
	int n = sd_listen_fds(true), r;

	if (n > 1)
		return diag_set(d, -EINVAL, "the service manager passed %d sockets, one is needed",
				n);
	*ret_passed = n == 1;
	if (strcmp(name, "netlink") == 0) {
		r = precondition_check(n == 1, d);
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
	r = ledger_open_writer(m->config->ledger, m->host, now_usec(), NULL, &m->ledger, d);
	if (r < 0)
		return r;
	if (r == LEDGER_SET_ASIDE)
		log_line(LOG_WARNING, "%s", d->text);
	return tally_file_open(m->config->tally, seed, &m->tally_fd, &m->tally, d);
}

/* Serials start anew with each boot. Says whether the tally's last one is of this one. */
static int same_boot(Manager *m, bool *ret)
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

static StateRoots state_roots(const Manager *m)
{
	StateRoots roots = { .proc_fd = m->proc_fd, .root_fd = m->root_fd };

	state_section_apply(&m->config->state, &roots);
	return roots;
}

static int make_loss(Manager *m, bool passed, bool same_boot)
{
	return loss_init(&m->loss,
			 &(LossSetup){ .ledger = m->ledger,
				       .tally = m->tally,
				       .boot = m->boot,
				       .same_boot = same_boot,
				       .live = m->source->live,
				       .note_stop = m->source->live && !passed },
			 now_usec());
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

static int make_writer(Manager *m, bool passed, bool same_boot)
{
	StateRoots roots = state_roots(m);
	int r = queue_new(&m->queue);

	if (r < 0)
		return r;
	r = resolver_note_roots(&roots, m->ledger);
	if (r >= 0)
		r = make_resolver(m, &roots);
	if (r >= 0)
		r = make_loss(m, passed, same_boot);
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
		       now_usec(), &m->writer);
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
	join_lineage(m, seed);
	__atomic_store_n(&totals->since, now_usec(), __ATOMIC_RELAXED);
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

/* A ledger that is damaged or gone is mended by opening it; what is counted waits in the tally. */
static void end_for_new_ledger(Manager *m)
{
	if (m->ending)
		return;
	m->ending = true;
	log_line(LOG_ERR, "ending, because only the next start can begin a new ledger");
	reader_stop(m->reader);
}

static int fold(Manager *m)
{
	int r;

	if (m->loss_watch)
		loss_watch_look(m->loss_watch, now_usec());
	r = writer_fold(m->writer, now_usec());
	if (m->containers)
		container_watch_count(m->watch, m->containers, &tally_totals(m->tally)->containers);
	publish_pass(&m->publisher, r, now_usec());
	if (r == -ESTALE || r == -EBADMSG)
		end_for_new_ledger(m);
	return r;
}

static int rearm(sd_event_source *timer, usec_t in)
{
	int r = sd_event_source_set_time_relative(timer, in);

	return r < 0 ? r : sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *timer, uint64_t usec, void *userdata)
{
	Manager *m = userdata;
	int r = fold(m);

	(void)usec;
	return rearm(timer, r == WRITER_MORE ? FOLD_PAUSE : FOLD_INTERVAL);
}

static int on_queue(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	Manager *m = userdata;
	uint64_t due, now;

	(void)source;
	(void)fd;
	(void)events;
	queue_acknowledge(m->queue);
	/* Never put a pass off that is due sooner: a steady trickle would starve it. */
	if (sd_event_source_get_time(m->timer, &due) < 0 ||
	    sd_event_now(m->event, CLOCK_MONOTONIC, &now) < 0)
		return 0;
	return due > now + FOLD_PAUSE ? rearm(m->timer, FOLD_PAUSE) : 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata)
{
	Manager *m = userdata;

	(void)source;
	(void)info;
	sd_notify(0, "STOPPING=1\nSTATUS=Taking what is queued, and committing it");
	reader_stop(m->reader);
	return 0;
}

static int on_reader_done(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	Manager *m = userdata;
	int reader_result = reader_join(m->reader), r = WRITER_MORE;

	(void)source;
	(void)fd;
	(void)events;
	if (reader_result < 0)
		log_line(LOG_ERR, "reading from %s failed: %s", m->source->name,
			 byte_reader_error(reader_result));
	writer_hurry(m->writer);
	for (unsigned i = 0; i < FINAL_PASSES && r == WRITER_MORE; i++)
		r = fold(m);
	publish_metrics(&m->publisher, now_usec());
	return sd_event_exit(m->event, reader_result < 0 ? reader_result : MIN(r, 0));
}

/* Before there is a ledger to close: a signal that comes while it is opened waits for the loop. Not
 * before the source, because the opening of a pipe that nobody writes must end with a signal. */
static int add_signals(Manager *m)
{
	static const int signals[] = { SIGTERM, SIGINT };
	int r;

	r = sd_event_new(&m->event);
	for (size_t i = 0; r >= 0 && i < ELEMENTSOF(signals); i++)
		r = sd_event_add_signal(m->event, &m->signals[i],
					signals[i] | SD_EVENT_SIGNAL_PROCMASK, on_signal, m);
	return r;
}

static int add_sources(Manager *m)
{
	int r;

	r = sd_event_add_time_relative(m->event, &m->timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY,
				       on_timer, m);
	if (r >= 0)
		r = sd_event_add_io(m->event, &m->queue_source, queue_fd(m->queue), EPOLLIN,
				    on_queue, m);
	if (r >= 0)
		r = sd_event_add_io(m->event, &m->done_source, reader_done_fd(m->reader), EPOLLIN,
				    on_reader_done, m);
	if (r >= 0)
		r = sd_event_set_watchdog(m->event, true);
	return r;
}

static int build(Manager *m, Diag *d)
{
	bool passed = false, resume = false;
	int r;

	r = open_roots(m, d);
	if (r < 0)
		return r;
	r = open_source(m, &passed, d);
	if (r < 0)
		return r;
	r = add_signals(m);
	if (r < 0)
		return diag_set(d, r, "cannot set up the event loop: %s", strerror(-r));
	r = open_evidence(m, d);
	if (r < 0)
		return r;
	r = same_boot(m, &resume);
	if (r >= 0)
		r = make_writer(m, passed, resume);
	if (r >= 0)
		r = make_reader(m, resume);
	if (r < 0)
		return diag_set(d, r, "cannot start: %s (%s)", ledger_error(m->ledger),
				strerror(-r));
	r = add_sources(m);
	if (r < 0)
		return diag_set(d, r, "cannot set up the event loop: %s", strerror(-r));
	return 0;
}

int manager_new(const ManagerOptions *options, Manager **ret, Diag *d)
{
	_cleanup_(manager_freep) Manager *m = calloc(1, sizeof(*m));
	int r;

	if (!m)
		return diag_set(d, -ENOMEM, "out of memory");
	m->config = options->config;
	m->once = options->once;
	m->proc_fd = m->root_fd = m->cgroup_fd = m->tally_fd = -1;
	r = build(m, d);
	if (r < 0)
		return r;
	*ret = STEAL(m);
	return 0;
}

int manager_run(Manager *m)
{
	Diag d;
	int r;

	if (m->source->live && precondition_warn(&d) > 0)
		log_line(LOG_WARNING, "%s", d.text);
	r = reader_start(m->reader);
	if (r < 0)
		return r;
	sd_notify(0, "READY=1");
	return sd_event_loop(m->event);
}
