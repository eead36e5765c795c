/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/watch-thread: containers are read whatever the one who started it is doing. */
#include <poll.h>
#include <sys/stat.h>

#include "daemon/now.h"
#include "daemon/watch-thread.h"
#include "tests/unit/made-up-folder.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define DEADLINE (20 * USEC_PER_SEC)

typedef struct World {
	char dir[64];
	int root_fd, cgroup_fd;
	WatchLock lock;
	ContainerCache *cache;
	WatchThread *thread;
} World;

/* What Docker writes of a container, below @root. */
static void write_state(const World *w, const char *root, const char *id)
{
	char command[2048];

	snprintf(command, sizeof(command),
		 "c=%s/var/lib/docker/containers/%s "
		 "b=%s/run/containerd/io.containerd.runtime.v2.task/moby/%s; mkdir -p $c $b && "
		 "echo '{\"ID\":\"%s\",\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx\"}}' "
		 ">$c/config.v2.json && echo '{\"linux\":{\"cgroupsPath\":\"/docker/%s\","
		 "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\"}}}' >$b/config.json",
		 root, id, root, id, id, id);
	run_in(w->dir, command);
}

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));
	StateRoots roots = { .proc_fd = -1 };

	snprintf(w->dir, sizeof(w->dir), "/tmp/seccompd-wthread-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	run_in(w->dir, "mkdir -p cg/docker root other && : >cg/cgroup.controllers");
	w->root_fd = open_in(w->dir, "root");
	w->cgroup_fd = open_in(w->dir, "cg");
	watch_lock_init(&w->lock);
	assert_int_equal(container_cache_new(1, &w->cache), 0);
	roots.root_fd = w->root_fd;
	assert_int_equal(watch_thread_new(&(ContainerWatchSetup){ .lock = &w->lock,
								  .roots = &roots,
								  .cgroup_fd = w->cgroup_fd,
								  .cache = w->cache },
					  &w->thread),
			 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	watch_thread_free(w->thread);
	container_cache_free(w->cache);
	watch_lock_done(&w->lock);
	run_in(w->dir, "rm -rf -- \"$PWD\"");
	close(w->root_fd);
	close(w->cgroup_fd);
	free(w);
	return 0;
}

static bool is_cached(World *w, const char *id)
{
	_cleanup_container_ Container c = { 0 };
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" };
	char cgroup[128];
	int r;

	snprintf(key.name, sizeof(key.name), "%s", id);
	snprintf(cgroup, sizeof(cgroup), "/docker/%s", id);
	watch_lock(&w->lock);
	r = container_cache_get(w->cache, &key, span_of(cgroup), &c);
	watch_unlock(&w->lock);
	return r == 0;
}

/* We run no loop of ours. */
static bool gets_cached(World *w, const char *id)
{
	usec_t end = now_of(CLOCK_MONOTONIC) + DEADLINE;

	while (!is_cached(w, id))
		if (now_of(CLOCK_MONOTONIC) > end || poll(NULL, 0, 2) < 0)
			return false;
	return true;
}

static bool somebody_waits(WatchLock *l)
{
	if (pthread_mutex_trylock(&l->turn) != 0)
		return true;
	pthread_mutex_unlock(&l->turn);
	return false;
}

static bool gets_waited_for(WatchLock *l)
{
	usec_t end = now_of(CLOCK_MONOTONIC) + DEADLINE;

	while (!somebody_waits(l))
		if (now_of(CLOCK_MONOTONIC) > end || poll(NULL, 0, 2) < 0)
			return false;
	return true;
}

static void test_a_container_is_read_while_nobody_asks(void **state)
{
	World *w = *state;

	assert_int_equal(watch_thread_start(w->thread), 0);
	write_state(w, "root", ID_A);
	run_in(w->dir, "mkdir cg/docker/" ID_A);
	assert_true(gets_cached(w, ID_A));
}

/* All that it shares is its holder's for as long as that has it. */
static void test_it_waits_for_who_has_the_lock(void **state)
{
	World *w = *state;
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = ID_B };
	_cleanup_container_ Container c = { 0 };

	assert_int_equal(watch_thread_start(w->thread), 0);
	write_state(w, "root", ID_A);
	write_state(w, "root", ID_B);
	run_in(w->dir, "mkdir cg/docker/" ID_A);
	assert_true(gets_cached(w, ID_A));
	watch_lock(&w->lock);
	run_in(w->dir, "mkdir cg/docker/" ID_B);
	assert_true(gets_waited_for(&w->lock));
	assert_int_equal(container_cache_get(w->cache, &key, SPAN_LIT("/docker/" ID_B), &c),
			 -ENOENT);
	watch_unlock(&w->lock);
	assert_true(gets_cached(w, ID_B));
}

static void test_other_places_of_state_are_looked_at_anew(void **state)
{
	World *w = *state;
	_cleanup_close_ int other = open_in(w->dir, "other");
	StateRoots roots = { .proc_fd = -1, .root_fd = other };

	assert_int_equal(watch_thread_start(w->thread), 0);
	write_state(w, "other", ID_A);
	run_in(w->dir, "mkdir cg/docker/" ID_A);
	watch_lock(&w->lock);
	watch_thread_set_roots(w->thread, &roots);
	watch_unlock(&w->lock);
	assert_true(gets_cached(w, ID_A));
	/* Before its descriptor goes. */
	w->thread = watch_thread_free(w->thread);
}

typedef struct Race {
	WatchLock lock;
	unsigned turns; /* that the other thread had */
} Race;

static void *take_turn(void *userdata)
{
	Race *race = userdata;

	watch_lock(&race->lock);
	race->turns++;
	watch_unlock(&race->lock);
	return NULL;
}

/* Whoever gives it back and wants it at once comes behind who waits already. */
static void test_nobody_keeps_the_other_out(void **state)
{
	usec_t end = now_of(CLOCK_MONOTONIC) + DEADLINE;
	Race race = { 0 };
	pthread_t other;

	(void)state;
	watch_lock_init(&race.lock);
	watch_lock(&race.lock);
	assert_int_equal(pthread_create(&other, NULL, take_turn, &race), 0);
	while (!somebody_waits(&race.lock))
		assert_true(now_of(CLOCK_MONOTONIC) < end && poll(NULL, 0, 1) >= 0);
	watch_unlock(&race.lock);
	watch_lock(&race.lock);
	assert_int_equal(race.turns, 1);
	watch_unlock(&race.lock);
	pthread_join(other, NULL);
	watch_lock_done(&race.lock);
}

static void test_one_that_was_never_started_ends(void **state)
{
	World *w = *state;

	assert_non_null(watch_thread_watch(w->thread));
}

UNIT_MAIN(cmocka_unit_test_setup_teardown(test_a_container_is_read_while_nobody_asks, setup,
					  teardown),
	  cmocka_unit_test_setup_teardown(test_it_waits_for_who_has_the_lock, setup, teardown),
	  cmocka_unit_test_setup_teardown(test_other_places_of_state_are_looked_at_anew, setup,
					  teardown),
	  cmocka_unit_test(test_nobody_keeps_the_other_out),
	  cmocka_unit_test_setup_teardown(test_one_that_was_never_started_ends, setup, teardown))
