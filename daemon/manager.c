/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <signal.h>
#include <systemd/sd-daemon.h>

#include "daemon/log.h"
#include "daemon/manager-private.h"
#include "daemon/now.h"
#include "daemon/precondition.h"
#include "daemon/reload.h"
#include "daemon/tally-file.h"
#include "source/byte-reader.h"

/* Counts reach the ledger this often; a new sighting goes at once, after a pause that gathers its
 * neighbours. */
#define FOLD_INTERVAL (2 * USEC_PER_SEC)
#define FOLD_PAUSE (100 * USEC_PER_MSEC)

/* Passes at the end; each takes thousands of slots. */
#define FINAL_PASSES 64
#define FINAL_PATIENCE (3 * USEC_PER_SEC)

/* sd-event's default of 250 ms is for timers that nobody waits for. */
#define TIMER_ACCURACY (10 * USEC_PER_MSEC)

usec_t manager_now(void)
{
	return now_of(CLOCK_REALTIME);
}

Manager *manager_free(Manager *m)
{
	if (!m)
		return NULL;
	reader_free(m->reader);
	ancestry_free(m->ancestry);
	source_free(m->source);
	journal_audit_free(m->backfill);
	writer_free(m->writer);
	position_free(m->position);
	watch_thread_free(m->watch);
	lifetimes_free(m->lifetimes);
	exit_ring_free(m->exits);
	join_ring_free(m->joins);
	loss_watch_free(m->loss_watch);
	resolver_free(m->resolver);
	unit_bus_free(m->units);
	container_cache_free(m->containers);
	opener_free(m->opener);
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
	closep(&m->audit_fd);
	closep(&m->connector_fd);
	watch_lock_done(&m->watch_lock);
	free(m);
	return NULL;
}

/* Only the reader's thread could go over to another one, between two records. With the socket held
 * by the service manager nothing is lost by a restart. */
static void end_for_new_tally(Manager *m)
{
	log_line(
		LOG_ERR,
		"the tally %s was deleted or moved away: ending when all counts are in the ledger, "
		"the next start makes a new one",
		m->config->daemon.tally);
	m->failed = -ESTALE;
	reader_stop(m->reader);
}

static void note_clock_set(Manager *m)
{
	watch_lock(&m->watch_lock);
	if (m->lifetimes)
		lifetimes_note_clock_set(m->lifetimes);
	watch_unlock(&m->watch_lock);
}

/* What is known of containers, behind a pass that @began then. */
static void count_containers(Manager *m, bool folded, usec_t began)
{
	TallyTotals *totals = tally_totals(m->tally);
	const ContainerWatch *watch = m->watch ? watch_thread_watch(m->watch) : NULL;

	watch_lock(&m->watch_lock);
	if (m->containers && folded)
		container_cache_settle(m->containers, began);
	if (m->containers)
		container_watch_count(watch, m->containers, &totals->containers);
	if (m->opener)
		opener_report(m->opener, &totals->opener);
	watch_unlock(&m->watch_lock);
}

static int fold(Manager *m)
{
	usec_t began = manager_now();
	int r;

	if (m->loss_watch && loss_watch_look(m->loss_watch, manager_now()))
		note_clock_set(m);
	r = ledger_renewal_fold(m);
	count_containers(m, r == 0, began);
	publish_pass(&m->publisher, r, manager_now());
	/* Behind a pass that the ledger took: the rest is taken at the end. */
	if (r >= 0 && m->failed == 0 && tally_file_is_lost(m->config->daemon.tally, m->tally_fd))
		end_for_new_tally(m);
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
	if (info->ssi_signo == SIGHUP) {
		reload(m);
		return 0;
	}
	sd_notify(0, "STOPPING=1\nSTATUS=Taking what is queued, and committing it");
	reader_stop(m->reader);
	return 0;
}

/* Whoever holds the ledger just then is waited for, longer than between two passes. */
static int fold_all(Manager *m)
{
	usec_t end = now_of(CLOCK_MONOTONIC) + FINAL_PATIENCE;
	int r = WRITER_MORE;

	for (unsigned i = 0; i < FINAL_PASSES && r == WRITER_MORE; i++) {
		uint64_t unreadable = resolver_unreadable(m->resolver);

		do
			r = fold(m);
		while (r == -EBUSY && now_of(CLOCK_MONOTONIC) < end);
		/* What this pass could not read is a loss that the next one writes. */
		if (r == 0 && resolver_unreadable(m->resolver) > unreadable)
			r = WRITER_MORE;
	}
	return r;
}

static int on_reader_done(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	Manager *m = userdata;
	int reader_result = reader_join(m->reader), r;

	(void)source;
	(void)fd;
	(void)events;
	if (reader_result < 0)
		log_line(LOG_ERR, "reading from %s failed: %s", m->source->name,
			 byte_reader_error(reader_result));
	writer_hurry(m->writer);
	r = fold_all(m);
	publish_end(&m->publisher, manager_now());
	return sd_event_exit(m->event, reader_result < 0 ? reader_result : r < 0 ? r : m->failed);
}

/* Cgroups that come and go without an end must not keep us from ending. */
static int add_signal(Manager *m, int number, sd_event_source **ret)
{
	int r = sd_event_add_signal(m->event, ret, number | SD_EVENT_SIGNAL_PROCMASK, on_signal, m);

	return r < 0 ? r : sd_event_source_set_priority(*ret, SD_EVENT_PRIORITY_IMPORTANT);
}

/* Before there is a ledger to close: a signal that comes while it is opened waits for the loop. Not
 * before the source, because the opening of a pipe that nobody writes must end with a signal. */
static int add_signals(Manager *m)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	int r;

	r = sd_event_new(&m->event);
	for (size_t i = 0; r >= 0 && i < ELEMENTSOF(signals); i++)
		r = add_signal(m, signals[i], &m->signals[i]);
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
		r = sd_event_source_set_priority(m->done_source, SD_EVENT_PRIORITY_IMPORTANT);
	if (r >= 0)
		r = sd_event_set_watchdog(m->event, true);
	return r;
}

static int build(Manager *m, Diag *d)
{
	int r = manager_open(m, d);

	if (r < 0)
		return r;
	r = add_signals(m);
	if (r < 0)
		return diag_set(d, r, "cannot set up the event loop: %s", strerror(-r));
	r = manager_make(m, d);
	if (r < 0)
		return r;
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
	m->origin = options->origin;
	m->once = options->once;
	m->opener_socket = options->opener;
	m->proc_fd = m->root_fd = m->cgroup_fd = m->tally_fd = -1;
	m->audit_fd = m->connector_fd = -1;
	watch_lock_init(&m->watch_lock);
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
	r = m->watch ? watch_thread_start(m->watch) : 0;
	if (r >= 0)
		r = reader_start(m->reader);
	if (r < 0) {
		log_line(LOG_ERR, "cannot start a thread: %s", strerror(-r));
		return r;
	}
	sd_notify(0, "READY=1");
	r = sd_event_loop(m->event);
	/* Whoever ends it has said why. */
	if (r < 0 && sd_event_get_state(m->event) != SD_EVENT_FINISHED)
		log_line(LOG_ERR, "ending, the event loop failed: %s", strerror(-r));
	return r;
}
