/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/thread.h"
#include "daemon/watch-thread.h"

struct WatchThread {
	sd_event *event;
	sd_event_source *wake;
	int wake_fd;
	WatchLock *lock;
	ContainerWatch *watch;
	pthread_t thread;
	bool running;
	bool ending, rescan; /* with the lock held */
};

static int on_wake(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	WatchThread *t = userdata;
	bool ending, rescan;
	uint64_t n;

	(void)source;
	(void)events;
	if (read(fd, &n, sizeof(n)) < 0 && errno != EAGAIN)
		return -errno;
	watch_lock(t->lock);
	ending = t->ending;
	rescan = t->rescan;
	t->rescan = false;
	watch_unlock(t->lock);
	if (ending)
		return sd_event_exit(t->event, 0);
	if (rescan)
		container_watch_rescan(t->watch);
	return 0;
}

/* Cgroups that come and go without an end must not keep us from ending. */
static int add_wake(WatchThread *t)
{
	int r = sd_event_add_io(t->event, &t->wake, t->wake_fd, EPOLLIN, on_wake, t);

	return r < 0 ? r : sd_event_source_set_priority(t->wake, SD_EVENT_PRIORITY_IMPORTANT - 1);
}

int watch_thread_new(const ContainerWatchSetup *setup, WatchThread **ret)
{
	_cleanup_(watch_thread_freep) WatchThread *t = calloc(1, sizeof(*t));
	ContainerWatchSetup own = *setup;
	int r;

	if (!t)
		return -ENOMEM;
	t->lock = setup->lock;
	t->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->wake_fd < 0)
		return -errno;
	r = sd_event_new(&t->event);
	if (r >= 0)
		r = add_wake(t);
	own.event = t->event;
	if (r >= 0)
		r = container_watch_new(&own, &t->watch);
	if (r < 0)
		return r;
	*ret = STEAL(t);
	return 0;
}

static void wake(const WatchThread *t)
{
	uint64_t one = 1;

	/* A counter that is full is readable too, which is all that is asked. */
	if (write(t->wake_fd, &one, sizeof(one)) < 0)
		return;
}

WatchThread *watch_thread_free(WatchThread *t)
{
	if (!t)
		return NULL;
	if (t->running) {
		watch_lock(t->lock);
		t->ending = true;
		watch_unlock(t->lock);
		wake(t);
		pthread_join(t->thread, NULL);
	}
	container_watch_free(t->watch);
	sd_event_source_unref(t->wake);
	sd_event_unref(t->event);
	closep(&t->wake_fd);
	free(t);
	return NULL;
}

static void *thread_main(void *userdata)
{
	WatchThread *t = userdata;
	int r = sd_event_loop(t->event);

	if (r < 0)
		log_line(LOG_WARNING, "cannot follow the cgroups of containers any more: %s",
			 strerrordesc_np(-r));
	return NULL;
}

int watch_thread_start(WatchThread *t)
{
	int r = thread_start(&t->thread, thread_main, t);

	t->running = r == 0;
	return r;
}

ContainerWatch *watch_thread_watch(WatchThread *t)
{
	return t->watch;
}

void watch_thread_set_roots(WatchThread *t, const StateRoots *roots)
{
	container_watch_set_roots(t->watch, roots);
	t->rescan = true;
	wake(t);
}
