/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/cgroup-watch: over made-up hierarchies, with the kernel's own inotify. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "state/cgroup-watch.h"
#include "tests/unit/unit.h"

#define ID "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID2 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

typedef struct World {
	char dir[64];
	int cgroup_fd, inotify_fd;
	CgroupWatch *watch;
	char log[65536]; /* one line per event */
} World;

static void run(const World *w, const char *what)
{
	char command[2048];

	snprintf(command, sizeof(command), "cd %s && %s", w->dir, what);
	assert_int_equal(system(command), 0);
}

static void on_event(CgroupEvent event, Span path, void *userdata)
{
	static const char *const words[] = {
		[CGROUP_APPEARED] = "appeared", [CGROUP_FOUND] = "found",
		[CGROUP_VANISHED] = "vanished", [CGROUP_SCAN_BEGINS] = "begins",
		[CGROUP_SCAN_ENDS] = "ends",
	};
	World *w = userdata;
	size_t n = strlen(w->log);

	snprintf(w->log + n, sizeof(w->log) - n, "%s%s%.*s\n", words[event], path.n ? " " : "",
		 (int)path.n, path.n ? path.p : "");
}

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	snprintf(w->dir, sizeof(w->dir), "/tmp/seccompd-watch-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->cgroup_fd = open(w->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	w->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	assert_true(w->cgroup_fd >= 0 && w->inotify_fd >= 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	w->watch = cgroup_watch_free(w->watch);
	run(w, "rm -rf -- \"$PWD\"");
	close(w->cgroup_fd);
	close(w->inotify_fd);
	free(w);
	return 0;
}

static int start(World *w, uint32_t max)
{
	return cgroup_watch_new(&(CgroupWatchSetup){ .inotify_fd = w->inotify_fd,
						     .cgroup_fd = w->cgroup_fd,
						     .watches_max = max,
						     .event = on_event,
						     .userdata = w },
				&w->watch);
}

/* Everything that the kernel has queued so far. */
static const char *drain(World *w)
{
	struct pollfd p = { .fd = w->inotify_fd, .events = POLLIN };

	w->log[0] = '\0';
	while (poll(&p, 1, 0) > 0)
		assert_int_equal(cgroup_watch_read(w->watch), 0);
	return w->log;
}

static void test_what_is_there_is_found_within_one_scan(void **state)
{
	World *w = *state;

	run(w, "mkdir -p docker/" ID " system.slice/docker-" ID2 ".scope && : >cgroup.controllers");
	assert_int_equal(start(w, 0), 0);
	assert_non_null(strstr(w->log, "begins\n"));
	assert_non_null(strstr(w->log, "found /docker/" ID "\n"));
	assert_non_null(strstr(w->log, "found /system.slice/docker-" ID2 ".scope\n"));
	assert_string_equal(w->log + strlen(w->log) - 5, "ends\n");
	assert_string_equal(drain(w), "");
}

static void test_a_container_comes_and_goes(void **state)
{
	World *w = *state;

	run(w, ": >cgroup.controllers && mkdir docker");
	assert_int_equal(start(w, 0), 0);
	run(w, "mkdir docker/" ID);
	assert_string_equal(drain(w), "appeared /docker/" ID "\n");
	run(w, "rmdir docker/" ID);
	assert_string_equal(drain(w), "vanished /docker/" ID "\n");
}

/* ctr and runc by hand: whether it is a container's, the runtime's state must say. */
static void test_free_names_are_told_and_followed(void **state)
{
	World *w = *state;

	run(w, ": >cgroup.controllers && mkdir default");
	assert_int_equal(start(w, 0), 0);
	run(w, "mkdir box default/redis user.slice");
	assert_string_equal(drain(w), "appeared /box\nappeared /default/redis\n");
	run(w, "rmdir box");
	assert_string_equal(drain(w), "vanished /box\n");
}

/* Nobody looked while it lived: its name says who it was. */
static void test_one_that_is_gone_already_is_told(void **state)
{
	World *w = *state;

	run(w, ": >cgroup.controllers && mkdir docker");
	assert_int_equal(start(w, 0), 0);
	run(w, "mkdir docker/" ID " && rmdir docker/" ID " docker");
	assert_string_equal(drain(w), "appeared /docker/" ID "\nvanished /docker/" ID "\n");
	assert_int_equal(cgroup_watch_stats(w->watch).watches, 1);
}

/* The directory and what is in it are made at once: the watch may come late, the look never. */
static void test_parents_that_are_new_hide_nothing(void **state)
{
	static const char pod[] =
		"kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-"
		"pod12345678_1234_1234_1234_123456789abc.slice/cri-containerd-" ID ".scope";
	char command[512];
	World *w = *state;

	run(w, ": >cgroup.controllers");
	assert_int_equal(start(w, 0), 0);
	snprintf(command, sizeof(command), "mkdir -p %s", pod);
	run(w, command);
	drain(w);
	assert_non_null(strstr(w->log, pod));
	assert_non_null(strstr(w->log, "appeared /kubepods.slice"));
}

static void test_no_watch_where_others_rule(void **state)
{
	World *w = *state;

	run(w, ": >cgroup.controllers && mkdir -p docker/" ID "/docker/" ID2
	       " user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID2 ".scope"
	       " libpod_parent/libpod-conmon-" ID "/docker/" ID2);
	assert_int_equal(start(w, 0), 0);
	assert_null(strstr(w->log, ID2));
	/* the top, docker, user.slice, libpod_parent */
	assert_int_equal(cgroup_watch_stats(w->watch).watches, 4);
	run(w, "mkdir docker/" ID "/docker/x");
	assert_string_equal(drain(w), "");
}

static void test_hybrid_hosts_have_two(void **state)
{
	World *w = *state;

	run(w, "mkdir -p systemd/docker unified/docker cpu/docker");
	assert_int_equal(start(w, 0), 0);
	run(w, "mkdir systemd/docker/" ID " unified/docker/" ID2 " cpu/docker/" ID2);
	drain(w);
	assert_string_equal(w->log, "appeared /docker/" ID "\nappeared /docker/" ID2 "\n");
}

static void test_without_a_hierarchy_there_is_nothing(void **state)
{
	World *w = *state;

	assert_int_equal(start(w, 0), -ENOENT);
}

/* A service that makes cgroups without end takes half of the watches, not those of runtimes. */
static void test_watches_are_bounded(void **state)
{
	World *w = *state;

	run(w, ": >cgroup.controllers && mkdir -p system.slice/a.service && "
	       "cd system.slice/a.service && seq -f x%g 100 | xargs mkdir");
	assert_int_equal(start(w, 20), 0);
	assert_int_equal(cgroup_watch_stats(w->watch).watches, 13);
	assert_int_equal(cgroup_watch_stats(w->watch).unwatched, 90);
	run(w, "mkdir -p docker && mkdir docker/" ID);
	drain(w);
	assert_non_null(strstr(w->log, "appeared /docker/" ID "\n"));
	run(w, "seq -f y%g 100 | xargs mkdir");
	drain(w);
	assert_int_equal(cgroup_watch_stats(w->watch).watches, 20);
	assert_true(cgroup_watch_stats(w->watch).unwatched > 180);
}

static long queue_size(void)
{
	char text[32] = "";
	int fd = open("/proc/sys/fs/inotify/max_queued_events", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return 0;
	close(fd);
	return strtol(text, NULL, 10);
}

static void test_a_queue_that_ran_over_loses_nothing(void **state)
{
	World *w = *state;
	long n = queue_size();

	if (n <= 0 || n > 65536)
		skip();
	run(w, ": >cgroup.controllers && mkdir -p docker/" ID " old");
	assert_int_equal(start(w, 0), 0);
	/* files: no watch, no container, an event each when they come and when they go */
	for (long i = 0; i <= n; i += 2) {
		assert_return_code(mknodat(w->cgroup_fd, "old/file", S_IFREG | 0600, 0), errno);
		assert_return_code(unlinkat(w->cgroup_fd, "old/file", 0), errno);
	}
	run(w, "rmdir docker/" ID " && mkdir docker/" ID2 " && rm -r old");
	drain(w);
	assert_int_equal(cgroup_watch_stats(w->watch).overflows, 1);
	assert_int_equal(cgroup_watch_stats(w->watch).watches, 2);
	assert_null(strstr(w->log, ID "\n"));
	assert_non_null(strstr(w->log, "begins\nfound /docker/" ID2 "\nends\n"));
	run(w, "mkdir docker/" ID);
	assert_string_equal(drain(w), "appeared /docker/" ID "\n");
}

#define WATCH_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(WATCH_TEST(test_what_is_there_is_found_within_one_scan),
	  WATCH_TEST(test_a_container_comes_and_goes),
	  WATCH_TEST(test_free_names_are_told_and_followed),
	  WATCH_TEST(test_one_that_is_gone_already_is_told),
	  WATCH_TEST(test_parents_that_are_new_hide_nothing),
	  WATCH_TEST(test_no_watch_where_others_rule), WATCH_TEST(test_hybrid_hosts_have_two),
	  WATCH_TEST(test_without_a_hierarchy_there_is_nothing),
	  WATCH_TEST(test_watches_are_bounded),
	  WATCH_TEST(test_a_queue_that_ran_over_loses_nothing))
