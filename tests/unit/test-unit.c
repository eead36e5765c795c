/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/state/unit: against a service manager of our own, over a socket of our own. */
#include <pthread.h>
#include <sys/socket.h>

#include "state/unit.h"
#include "tests/unit/fake-systemd.h"
#include "tests/unit/unit.h"

static FakeUnit units[] = {
	{ .name = "web@1.service",
	  .filter_allows = 1,
	  .filter = "read write ptrace:EPERM",
	  .log_allows = 1,
	  .log = "write",
	  .arches = "native",
	  .error_number = UNIT_ERROR_KILL },
	{ .name = "plain.service",
	  .error_number = UNIT_ERROR_KILL,
	  .result = "core-dump",
	  .invocation = 0xa7 },
	{ .name = "quiet.service", .filter = "mount umount2", .error_number = 1 },
	{ 0 },
};

typedef struct World {
	sd_bus *bus;
	int ends[2];
	pthread_t thread;
	int stop;
} World;

static void *serve(void *userdata)
{
	World *w = userdata;
	sd_id128_t id = { 0 };
	sd_bus *bus = NULL;

	if (sd_bus_new(&bus) < 0 || sd_bus_set_fd(bus, w->ends[1], w->ends[1]) < 0 ||
	    sd_bus_set_server(bus, 1, id) < 0 || sd_bus_set_anonymous(bus, 1) < 0 ||
	    fake_systemd_add(bus, units) < 0 || sd_bus_start(bus) < 0)
		abort();
	fake_systemd_serve(bus, &w->stop);
	sd_bus_close_unref(bus);
	return NULL;
}

static void connect_client(World *w)
{
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, w->ends), 0);
	assert_true(sd_bus_new(&w->bus) >= 0);
	assert_true(sd_bus_set_fd(w->bus, w->ends[0], w->ends[0]) >= 0);
	assert_true(sd_bus_start(w->bus) >= 0);
}

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	connect_client(w);
	assert_int_equal(pthread_create(&w->thread, NULL, serve, w), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	__atomic_store_n(&w->stop, 1, __ATOMIC_RELAXED);
	pthread_join(w->thread, NULL);
	sd_bus_close_unref(w->bus);
	free(w);
	return 0;
}

static void read_unit(World *w, const char *name, UnitFilter *ret)
{
	Diag d = { 0 };

	assert_int_equal(unit_bus_wait(w->bus, 5 * USEC_PER_SEC), 0);
	assert_int_equal(unit_read(w->bus, name, 5 * USEC_PER_SEC, ret, &d), 0);
}

static void test_a_service_tells_its_filters(void **state)
{
	_cleanup_unit_filter_ UnitFilter f = { 0 };

	read_unit(*state, "web@1.service", &f);
	assert_true(f.filter.inclusive);
	assert_int_equal(f.filter.n, 3);
	assert_string_equal(f.filter.names[2], "ptrace:EPERM");
	assert_true(f.log.inclusive);
	assert_int_equal(f.log.n, 1);
	assert_int_equal(f.arches.n, 1);
	assert_string_equal(f.arches.names[0], "native");
	assert_int_equal(f.error_number, UNIT_ERROR_KILL);
	assert_true(f.no_new_privs);
	assert_true(f.capabilities == 0x21);
}

static void test_without_any_there_is_none(void **state)
{
	_cleanup_unit_filter_ UnitFilter plain = { 0 }, scope = { 0 };

	read_unit(*state, "plain.service", &plain);
	assert_false(unit_filter_exists(&plain));
	read_unit(*state, "session-1.scope", &scope);
	assert_false(unit_filter_exists(&scope));
}

static void test_an_unknown_unit_is_one_sentence(void **state)
{
	UnitFilter f;
	World *w = *state;
	Diag d = { 0 };

	assert_int_equal(unit_bus_wait(w->bus, 5 * USEC_PER_SEC), 0);
	assert_true(unit_read(w->bus, "none.service", 5 * USEC_PER_SEC, &f, &d) < 0);
	assert_non_null(strstr(d.text, "systemd does not answer: "));
}

static void test_how_the_last_run_ended(void **state)
{
	World *w = *state;
	UnitEnd end;
	Diag d = { 0 };

	assert_int_equal(unit_bus_wait(w->bus, 5 * USEC_PER_SEC), 0);
	assert_int_equal(unit_read_end(w->bus, "plain.service", 5 * USEC_PER_SEC, &end, &d), 0);
	assert_string_equal(end.result, "core-dump");
	assert_string_equal(end.invocation, "a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7");
	/* read anew from its file, it has not run */
	assert_int_equal(unit_read_end(w->bus, "quiet.service", 5 * USEC_PER_SEC, &end, &d), 0);
	assert_string_equal(end.result, "success");
	assert_string_equal(end.invocation, "");
	assert_true(unit_read_end(w->bus, "none.service", 5 * USEC_PER_SEC, &end, &d) < 0);
	assert_int_equal(unit_read_end(w->bus, "a.scope", 5 * USEC_PER_SEC, &end, &d), -ENOENT);
}

static int note(const char *unit, const UnitFilter *filter, void *userdata)
{
	char *seen = userdata;

	assert_true(unit_filter_exists(filter));
	strcat(seen, unit);
	strcat(seen, " ");
	return 0;
}

static void test_the_list_has_those_with_a_filter(void **state)
{
	char seen[256] = "";
	World *w = *state;
	Diag d = { 0 };

	assert_int_equal(unit_bus_wait(w->bus, 5 * USEC_PER_SEC), 0);
	assert_int_equal(unit_each(w->bus, 5 * USEC_PER_SEC, note, seen, &d), 0);
	assert_string_equal(seen, "web@1.service quiet.service ");
}

/* The other end never says a word. */
static void test_a_silent_bus_costs_its_timeout(void **state)
{
	World w = { 0 };

	(void)state;
	connect_client(&w);
	assert_int_equal(unit_bus_wait(w.bus, USEC_PER_SEC / 5), -ETIMEDOUT);
	sd_bus_close_unref(w.bus);
	close(w.ends[1]);
}

#define BUS_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(BUS_TEST(test_a_service_tells_its_filters), BUS_TEST(test_without_any_there_is_none),
	  BUS_TEST(test_an_unknown_unit_is_one_sentence), BUS_TEST(test_how_the_last_run_ended),
	  BUS_TEST(test_the_list_has_those_with_a_filter),
	  cmocka_unit_test(test_a_silent_bus_costs_its_timeout))
