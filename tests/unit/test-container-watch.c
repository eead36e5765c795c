/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/container-watch: over a made-up hierarchy and made-up state of Docker. */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "daemon/container-watch.h"
#include "tests/unit/made-up-folder.h"

#define ID "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BUNDLE "run/containerd/io.containerd.runtime.v2.task/moby/" ID

typedef struct World {
	char dir[64];
	int root_fd, cgroup_fd;
	sd_event *event;
	ContainerCache *cache;
	ContainerWatch *watch;
} World;

static void start(World *w)
{
	StateRoots roots = { .proc_fd = -1, .root_fd = w->root_fd };

	assert_int_equal(container_watch_new(&(ContainerWatchSetup){ .event = w->event,
								     .roots = &roots,
								     .cgroup_fd = w->cgroup_fd,
								     .cache = w->cache },
					     &w->watch),
			 0);
}

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	snprintf(w->dir, sizeof(w->dir), "/tmp/seccompd-cwatch-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	run_in(w->dir,
	       "mkdir -p cg/docker root/var/lib/docker/containers && : >cg/cgroup.controllers");
	w->root_fd = open_in(w->dir, "root");
	w->cgroup_fd = open_in(w->dir, "cg");
	assert_true(sd_event_new(&w->event) >= 0);
	assert_int_equal(container_cache_new(1, &w->cache), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	container_watch_free(w->watch);
	container_cache_free(w->cache);
	sd_event_unref(w->event);
	run_in(w->dir, "rm -rf -- \"$PWD\"");
	close(w->root_fd);
	close(w->cgroup_fd);
	free(w);
	return 0;
}

static void write_names(const World *w)
{
	run_in(w->dir, "mkdir -p root/var/lib/docker/containers/" ID " && echo '{\"ID\":\"" ID
		       "\",\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx\"}}'"
		       " >root/var/lib/docker/containers/" ID "/config.v2.json");
}

static void write_spec(const World *w, const char *text)
{
	char command[1024];

	snprintf(command, sizeof(command),
		 "mkdir -p root/" BUNDLE " && echo '%s' >root/" BUNDLE "/config.json", text);
	run_in(w->dir, command);
}

#define SPEC                                        \
	"{\"linux\":{\"cgroupsPath\":\"/docker/" ID \
	"\",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\"}}}"

static bool is_cached(const World *w)
{
	_cleanup_container_ Container c = { 0 };
	SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = ID };

	if (container_cache_get(w->cache, &key, SPAN_LIT("/docker/" ID), &c) < 0)
		return false;
	assert_string_equal(c.names.name, "web");
	assert_string_equal(c.seccomp, "{\"defaultAction\":\"SCMP_ACT_LOG\"}");
	return true;
}

static uint64_t now_msec(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* Lets the loop work until @wanted holds, or for a while at most. */
static bool wait_for(World *w, bool (*wanted)(const World *w), uint64_t msec)
{
	uint64_t end = now_msec() + msec;

	while (!wanted(w) && now_msec() < end)
		assert_true(sd_event_run(w->event, 10 * USEC_PER_MSEC) >= 0);
	return wanted(w);
}

static bool has_ended(const World *w)
{
	return container_cache_stats(w->cache).ended == 1;
}

static bool is_settled(const World *w)
{
	return container_watch_stats(w->watch).unknown == 1;
}

static void test_it_is_read_at_once_and_outlives_its_state(void **state)
{
	World *w = *state;

	start(w);
	write_names(w);
	write_spec(w, SPEC);
	run_in(w->dir, "mkdir cg/docker/" ID);
	assert_true(wait_for(w, is_cached, 5000));
	run_in(w->dir,
	       "rmdir cg/docker/" ID " && rm -r root/run root/var/lib/docker/containers/" ID);
	assert_true(wait_for(w, has_ended, 5000));
	assert_true(is_cached(w));
}

static void test_what_runs_already_is_read_too(void **state)
{
	World *w = *state;

	write_names(w);
	write_spec(w, SPEC);
	run_in(w->dir, "mkdir cg/docker/" ID);
	start(w);
	assert_false(is_cached(w));
	assert_true(wait_for(w, is_cached, 5000));
}

static void test_half_written_state_is_read_again(void **state)
{
	World *w = *state;

	start(w);
	write_names(w);
	write_spec(w, "{\"linux\":{\"cgroupsPath\":\"/docker/");
	run_in(w->dir, "mkdir cg/docker/" ID);
	assert_false(wait_for(w, is_cached, 60));
	write_spec(w, SPEC);
	assert_true(wait_for(w, is_cached, 5000));
}

static void test_it_is_gone_before_the_loop_came_round(void **state)
{
	World *w = *state;

	start(w);
	write_names(w);
	write_spec(w, SPEC);
	run_in(w->dir, "mkdir cg/docker/" ID " && rmdir cg/docker/" ID);
	assert_true(wait_for(w, is_cached, 5000));
	assert_int_equal(container_cache_stats(w->cache).running, 0);
}

static void test_its_figures_are_told(void **state)
{
	TallyContainers t = { .appeared = 99 };
	World *w = *state;

	start(w);
	write_names(w);
	write_spec(w, SPEC);
	run_in(w->dir, "mkdir cg/docker/" ID);
	assert_true(wait_for(w, is_cached, 5000));
	container_watch_count(w->watch, w->cache, &t);
	assert_int_equal(t.running, 1);
	assert_int_equal(t.filters, 1);
	assert_int_equal(t.appeared, 1);
	assert_true(t.bytes > 0 && t.watches > 1);
	run_in(w->dir, "rmdir cg/docker/" ID);
	assert_true(wait_for(w, has_ended, 5000));
	container_watch_count(w->watch, w->cache, &t);
	assert_int_equal(t.running, 0);
	assert_int_equal(t.ended, 1);
	container_watch_count(NULL, w->cache, &t);
	assert_int_equal(t.appeared + t.watches, 0);
	assert_int_equal(t.ended, 1);
}

/* State of this id says another cgroup: whoever made this one is somebody else. */
static void test_a_cgroup_of_another_name_is_not_believed(void **state)
{
	World *w = *state;

	start(w);
	write_names(w);
	write_spec(w, "{\"linux\":{\"cgroupsPath\":\"/elsewhere/" ID "\"}}");
	run_in(w->dir, "mkdir cg/docker/" ID " && rmdir cg/docker/" ID);
	assert_true(wait_for(w, is_settled, 5000));
	assert_int_equal(container_cache_stats(w->cache).running, 0);
	assert_int_equal(container_cache_stats(w->cache).ended, 0);
}

/* Renames, removes and half writes what the reader reads, until it is killed. */
static void shake_state(const World *w)
{
	static const char spec[] = SPEC;
	char bundle[256], aside[256], config[256];

	snprintf(bundle, sizeof(bundle), "%s/root/" BUNDLE, w->dir);
	snprintf(aside, sizeof(aside), "%s/root/" BUNDLE ".away", w->dir);
	snprintf(config, sizeof(config), "%s/root/" BUNDLE "/config.json", w->dir);
	for (unsigned i = 0;; i++) {
		int fd = -1;

		if (rename(bundle, aside) < 0 || rename(aside, bundle) < 0 || unlink(config) < 0)
			_exit(1);
		fd = open(config, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, spec, i % sizeof(spec)) < 0 ||
		    pwrite(fd, spec, sizeof(spec) - 1, 0) < 0)
			_exit(1);
		close(fd);
	}
}

static void test_state_that_comes_and_goes_is_read_whole_or_not_at_all(void **state)
{
	World *w = *state;
	StateRoots roots = { .proc_fd = -1, .root_fd = w->root_fd };
	unsigned found = 0, missed = 0;
	int status;
	pid_t pid;

	write_names(w);
	write_spec(w, SPEC);
	pid = fork();
	if (pid == 0)
		shake_state(w);
	for (uint64_t end = now_msec() + 300; now_msec() < end;) {
		_cleanup_container_ Container c = { 0 };
		Diag d = { 0 };
		int r = container_find(&roots, "docker", ID, SPAN_LIT("/docker/" ID), &c, &d);

		if (r < 0 || !c.confirmed || !c.spec_found) {
			missed++;
			continue;
		}
		found++;
		assert_string_equal(c.names.name, "web");
		assert_string_equal(c.seccomp, "{\"defaultAction\":\"SCMP_ACT_LOG\"}");
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(found > 0 && missed > 0);
}

#define WATCH_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(WATCH_TEST(test_state_that_comes_and_goes_is_read_whole_or_not_at_all),
	  WATCH_TEST(test_it_is_read_at_once_and_outlives_its_state),
	  WATCH_TEST(test_what_runs_already_is_read_too),
	  WATCH_TEST(test_half_written_state_is_read_again),
	  WATCH_TEST(test_it_is_gone_before_the_loop_came_round),
	  WATCH_TEST(test_its_figures_are_told),
	  WATCH_TEST(test_a_cgroup_of_another_name_is_not_believed))
