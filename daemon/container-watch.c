/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/inotify.h>

#include "daemon/container-watch.h"
#include "daemon/log.h"
#include "daemon/now.h"

/* State that is not there yet, or half written, is read again after 5 ms, and then each time after
 * a quarter more, for some 5 s: how long a container of runc's has its state may be not much longer
 * than runc took to write it. */
#define FIRST_INTERVAL (5 * USEC_PER_MSEC)
#define LAST_INTERVAL (1 * USEC_PER_SEC)

#define PENDING_MAX 4096

/* So long at a time, and as long a pause: a host full of containers is read beside the rest. */
#define STRETCH (20 * USEC_PER_MSEC)

typedef struct Pending {
	char *path;
	usec_t due;      /* CLOCK_MONOTONIC */
	usec_t interval; /* 0 = not read yet */
	bool seen;       /* it was made while we watched */
	usec_t from;     /* when that was, or when it was found */
	usec_t gone;     /* 0 = it is there */
} Pending;

struct ContainerWatch {
	sd_event_source *source, *timer;
	WatchLock *lock;
	StateRoots roots;
	ContainerCache *cache;
	Lifetimes *lifetimes; /* may be NULL */
	CgroupWatch *cgroups;

	int inotify_fd;
	Pending *pending; /* the newest last */
	size_t n_pending;
	usec_t rests_until; /* CLOCK_MONOTONIC */
	ContainerWatchStats stats;
};

/* The key that a record from this cgroup gets, or subject_open_key() of it. */
static bool key_of(Span path, SubjectKey *ret)
{
	CgroupIdentity id;

	cgroup_identify_path(path, &id);
	subject_of_identity(&id, SPAN_NULL, ret);
	if (!subject_is_open(ret))
		return ret->kind == SUBJECT_CONTAINER;
	*ret = subject_open_key(ret);
	return true;
}

static int find_container(const ContainerWatch *w, const SubjectKey *key, Span path, Container *c)
{
	CgroupIdentity id;

	if (!subject_is_open(key))
		return container_find(&w->roots, key->runtime[0] ? key->runtime : NULL, key->name,
				      path, c, NULL);
	cgroup_identify_path(path, &id);
	return container_find_open(&w->roots, &id, false, c, NULL);
}

/* ---- what waits to be read ---- */

static Pending *find_pending(ContainerWatch *w, Span path)
{
	for (size_t i = w->n_pending; i-- > 0;)
		if (span_is(path, w->pending[i].path))
			return &w->pending[i];
	return NULL;
}

static void forget_pending(ContainerWatch *w, Pending *p)
{
	size_t at = (size_t)(p - w->pending);

	free(p->path);
	w->n_pending--;
	memmove(p, p + 1, (w->n_pending - at) * sizeof(*p));
}

static void add_pending(ContainerWatch *w, Span path, bool seen)
{
	Pending p = { .seen = seen, .from = now_of(CLOCK_REALTIME) };

	if (w->n_pending == PENDING_MAX) {
		w->stats.dropped++;
		return;
	}
	p.path = span_dup(path);
	if (p.path)
		w->pending[w->n_pending++] = p;
}

static void on_container(ContainerWatch *w, Span path, bool seen)
{
	SubjectKey key;
	Pending *p;

	if (!key_of(path, &key) || container_cache_runs(w->cache, &key, path))
		return;
	p = find_pending(w, path);
	/* Another of this name: what was asked of the one before counts for nothing. */
	if (p && p->gone)
		*p = (Pending){ .path = p->path, .seen = seen, .from = now_of(CLOCK_REALTIME) };
	if (p)
		return;
	w->stats.appeared++;
	add_pending(w, path, seen);
}

static void on_end(ContainerWatch *w, Span path)
{
	Pending *p = find_pending(w, path);
	usec_t now = now_of(CLOCK_REALTIME);
	SubjectKey key;

	if (key_of(path, &key))
		container_cache_end(w->cache, &key, path, now);
	if (w->lifetimes)
		lifetimes_end(w->lifetimes, path, now);
	if (p) {
		p->gone = now;
		p->due = 0;
	}
}

/* What came and went while events were lost: the scan has told which run. */
static bool runs(const SubjectKey *key, Span path, void *userdata)
{
	ContainerWatch *w = userdata;

	return container_cache_runs(w->cache, key, path);
}

static void end_lifetimes(ContainerWatch *w)
{
	if (w->lifetimes)
		lifetimes_end_others(w->lifetimes, runs, w, now_of(CLOCK_REALTIME));
}

/* Nothing of a unit needs to be read while it is there. */
static bool on_unit(ContainerWatch *w, CgroupEvent event, Span path)
{
	usec_t now = now_of(CLOCK_REALTIME);
	CgroupIdentity id;

	if (!w->lifetimes || !cgroup_identify_unit(path, &id))
		return false;
	if (event == CGROUP_VANISHED)
		lifetimes_end(w->lifetimes, path, now);
	else
		lifetimes_begin_unit(w->lifetimes, id.unit, path, now, event == CGROUP_APPEARED);
	return true;
}

static void on_cgroup(CgroupEvent event, Span path, void *userdata)
{
	ContainerWatch *w = userdata;

	if (path.n > 0 && on_unit(w, event, path))
		return;
	switch (event) {
	case CGROUP_APPEARED:
	case CGROUP_FOUND:
		on_container(w, path, event == CGROUP_APPEARED);
		return;
	case CGROUP_VANISHED:
		on_end(w, path);
		return;
	case CGROUP_SCAN_BEGINS:
		container_cache_unmark(w->cache);
		if (w->lifetimes)
			lifetimes_scan_begins(w->lifetimes);
		return;
	case CGROUP_SCAN_ENDS:
		container_cache_sweep(w->cache, now_of(CLOCK_REALTIME));
		end_lifetimes(w);
		return;
	}
}

/* ---- reading ---- */

/* Is it known now? Half of it (a name without the filter, an id without its cgroup) is not. */
static bool read_state(ContainerWatch *w, const Pending *p)
{
	_cleanup_container_ Container c = { 0 };
	Span path = span_of(p->path);
	SubjectKey key;

	if (!key_of(path, &key) || find_container(w, &key, path, &c) < 0 || !c.confirmed ||
	    !c.spec_found)
		return false;
	if (container_cache_put(w->cache, &key, path, &c, now_of(CLOCK_REALTIME)) < 0)
		return true;
	if (w->lifetimes)
		lifetimes_begin(w->lifetimes, &key, path, &c, p->from, p->seen);
	if (p->gone) {
		container_cache_end(w->cache, &key, path, p->gone);
		if (w->lifetimes)
			lifetimes_end(w->lifetimes, path, p->gone);
	}
	return true;
}

/* A free name is rarely a container's. */
static bool is_container(const Pending *p)
{
	SubjectKey key;

	return key_of(span_of(p->path), &key) && !subject_is_open(&key);
}

static void attend(ContainerWatch *w, Pending *p, usec_t now)
{
	if (read_state(w, p)) {
		forget_pending(w, p);
		return;
	}
	p->interval = MAX(p->interval + p->interval / 4, FIRST_INTERVAL);
	p->due = now + p->interval;
	if (p->interval <= LAST_INTERVAL && !p->gone)
		return;
	w->stats.unknown += is_container(p);
	forget_pending(w, p);
}

/* The newest first: the older ones run still, or it is too late for them anyway. */
static void read_due(ContainerWatch *w)
{
	usec_t begin = now_of(CLOCK_MONOTONIC), now = begin;

	if (now < w->rests_until)
		return;
	for (size_t i = w->n_pending; i-- > 0 && now - begin < STRETCH;) {
		if (w->pending[i].due > now)
			continue;
		attend(w, &w->pending[i], now);
		now = now_of(CLOCK_MONOTONIC);
	}
	if (now - begin >= STRETCH)
		w->rests_until = now + STRETCH;
}

static int rearm(ContainerWatch *w)
{
	usec_t now = now_of(CLOCK_MONOTONIC), due = 0;
	int r;

	if (w->n_pending == 0 && w->lifetimes)
		lifetimes_settle(w->lifetimes);
	if (w->n_pending == 0)
		return sd_event_source_set_enabled(w->timer, SD_EVENT_OFF);
	for (size_t i = 0; i < w->n_pending; i++)
		if (i == 0 || w->pending[i].due < due)
			due = w->pending[i].due;
	r = sd_event_source_set_time(w->timer, due > now ? due : now + STRETCH);
	return r < 0 ? r : sd_event_source_set_enabled(w->timer, SD_EVENT_ONESHOT);
}

/* Without it containers are looked up when their first record comes, as best it goes. */
static void give_up(ContainerWatch *w, int r)
{
	log_line(LOG_WARNING, "cannot follow the cgroups of containers any more: %s", strerror(-r));
	sd_event_source_set_enabled(w->source, SD_EVENT_OFF);
}

static void follow(ContainerWatch *w)
{
	uint64_t unwatched = cgroup_watch_stats(w->cgroups).unwatched;
	int r = cgroup_watch_read(w->cgroups);

	if (r < 0)
		give_up(w, r);
	else if (unwatched == 0 && cgroup_watch_stats(w->cgroups).unwatched > 0)
		log_line(LOG_WARNING, "too many cgroups to follow: short containers may go unnamed "
				      "(see fs.inotify.max_user_watches)");
}

static int on_inotify(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	ContainerWatch *w = userdata;
	int r;

	(void)source;
	(void)fd;
	(void)events;
	watch_lock(w->lock);
	follow(w);
	read_due(w);
	r = rearm(w);
	watch_unlock(w->lock);
	return r;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	ContainerWatch *w = userdata;
	int r;

	(void)source;
	(void)usec;
	watch_lock(w->lock);
	read_due(w);
	r = rearm(w);
	watch_unlock(w->lock);
	return r;
}

/* ---- beginning and end ---- */

static int add_sources(ContainerWatch *w, sd_event *event)
{
	int r;

	r = sd_event_add_io(event, &w->source, w->inotify_fd, EPOLLIN, on_inotify, w);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &w->timer, CLOCK_MONOTONIC, 0, USEC_PER_MSEC,
					       on_timer, w);
	/* A container may be gone any moment; the ledger can wait. */
	if (r >= 0)
		r = sd_event_source_set_priority(w->source, SD_EVENT_PRIORITY_IMPORTANT);
	return r < 0 ? r : sd_event_source_set_priority(w->timer, SD_EVENT_PRIORITY_IMPORTANT);
}

int container_watch_new(const ContainerWatchSetup *setup, ContainerWatch **ret)
{
	_cleanup_(container_watch_freep) ContainerWatch *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->lock = setup->lock;
	w->roots = *setup->roots;
	w->cache = setup->cache;
	w->lifetimes = setup->lifetimes;
	w->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->inotify_fd < 0)
		return -errno;
	w->pending = calloc(PENDING_MAX, sizeof(*w->pending));
	if (!w->pending)
		return -ENOMEM;
	r = add_sources(w, setup->event);
	if (r >= 0)
		r = cgroup_watch_new(&(CgroupWatchSetup){ .inotify_fd = w->inotify_fd,
							  .cgroup_fd = setup->cgroup_fd,
							  .event = on_cgroup,
							  .userdata = w },
				     &w->cgroups);
	if (r < 0)
		return r;
	*ret = STEAL(w);
	return 0;
}

ContainerWatch *container_watch_free(ContainerWatch *w)
{
	if (!w)
		return NULL;
	sd_event_source_unref(w->source);
	sd_event_source_unref(w->timer);
	cgroup_watch_free(w->cgroups);
	closep(&w->inotify_fd);
	for (size_t i = 0; i < w->n_pending; i++)
		free(w->pending[i].path);
	free(w->pending);
	free(w);
	return NULL;
}

void container_watch_set_roots(ContainerWatch *w, const StateRoots *roots)
{
	w->roots = *roots;
}

void container_watch_rescan(ContainerWatch *w)
{
	int r;

	watch_lock(w->lock);
	r = cgroup_watch_scan(w->cgroups);
	if (r < 0)
		give_up(w, r);
	(void)rearm(w);
	watch_unlock(w->lock);
}

ContainerWatchStats container_watch_stats(const ContainerWatch *w)
{
	ContainerWatchStats stats = w->stats;

	stats.cgroups = cgroup_watch_stats(w->cgroups);
	return stats;
}

void container_watch_count(const ContainerWatch *w, const ContainerCache *cache, TallyContainers *t)
{
	ContainerWatchStats seen = w ? container_watch_stats(w) : (ContainerWatchStats){ 0 };
	ContainerCacheStats kept = container_cache_stats(cache);

	tally_store(&t->running, kept.running);
	tally_store(&t->ended, kept.ended);
	tally_store(&t->filters, kept.filters);
	tally_store(&t->bytes, kept.bytes);
	tally_store(&t->evicted, kept.evicted);
	tally_store(&t->refused, kept.refused);
	tally_store(&t->appeared, seen.appeared);
	tally_store(&t->unknown, seen.unknown);
	tally_store(&t->dropped, seen.dropped);
	tally_store(&t->watches, seen.cgroups.watches);
	tally_store(&t->unwatched, seen.cgroups.unwatched);
	tally_store(&t->overflows, seen.cgroups.overflows);
	tally_store(&t->untimed, w && w->lifetimes ? lifetimes_stats(w->lifetimes).dropped : 0);
}
