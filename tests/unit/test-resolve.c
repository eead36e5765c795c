/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/resolve: when what is not found is looked for again, and what becomes known of it. */
#include <fcntl.h>
#include <sys/stat.h>

#include "daemon/publish.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/tally-fixture.h"

typedef struct World {
	Folder folder;
	Ledger *ledger;
	Resolver *resolver;
	TallySubject subject;
} World;

static int setup(void **state)
{
	const StateRoots roots = { .proc_fd = -1, .root_fd = -1 };
	World *w = calloc(1, sizeof(*w));

	folder_make(&w->folder);
	w->ledger = must_write(&w->folder);
	assert_int_equal(resolver_new(&roots, &w->resolver), 0);
	w->subject = (TallySubject){
		.generation = 2,
		.key = { .kind = SUBJECT_CONTAINER, .runtime = "docker" },
		.cgroup = "/docker/x",
	};
	memset(w->subject.key.name, 'a', 64);
	assert_int_equal(ledger_begin(w->ledger), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	ledger_rollback(w->ledger);
	resolver_free(w->resolver);
	ledger_free(w->ledger);
	folder_remove(&w->folder);
	free(w);
	return 0;
}

static int get(World *w, usec_t now)
{
	Resolved r;

	return resolver_get(w->resolver, w->ledger, 0, &w->subject, now, &r);
}

/* How many looks in a row are in vain, @step apart, until its rows are written without a name. */
static unsigned looks_in_vain(World *w, usec_t from, usec_t step)
{
	unsigned n = 0;
	int r;

	while ((r = get(w, from + n * step)) == RESOLVE_LATER && n < 1000)
		n++;
	assert_int_equal(r, 0);
	return n;
}

static void test_a_state_that_is_not_there_yet_is_waited_for(void **state)
{
	unsigned n = looks_in_vain(*state, NOW, 10 * USEC_PER_MSEC);

	assert_in_range(n, 30, 60);
}

/* Its counts would wait in the tally for as long as the clock was set back. */
static void test_a_clock_set_back_keeps_nobody_waiting(void **state)
{
	World *w = *state;

	assert_int_equal(get(w, NOW), RESOLVE_LATER);
	assert_in_range(looks_in_vain(w, NOW - 3600 * USEC_PER_SEC, 10 * USEC_PER_MSEC), 15, 60);
}

/* A state of Docker's with this text; the folder's fd. */
static int make_state(const World *w, const char *text)
{
	char command[1024];
	int fd;

	snprintf(command, sizeof(command),
		 "d=%s/root/var/lib/docker/containers/%s; mkdir -p $d && "
		 "echo '%s' >$d/config.v2.json",
		 w->folder.dir, w->subject.key.name, text);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof(command), "%s/root", w->folder.dir);
	fd = open(command, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void remove_state(const World *w)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s/root", w->folder.dir);
	assert_int_equal(system(command), 0);
}

static void test_a_state_that_cannot_be_read_is_counted_and_told(void **state)
{
	World *w = *state;
	/* It says that it is another's. */
	_cleanup_close_ int root = make_state(w, "{\"ID\":\"x\"}"), fd = tally_memory();
	const Config config = { 0 };
	Tally *t = NULL;
	Publisher p;

	resolver_set_roots(w->resolver, &(StateRoots){ .proc_fd = -1, .root_fd = root });
	assert_true(looks_in_vain(w, NOW, 10 * USEC_PER_MSEC) > 0);
	assert_int_equal(resolver_unreadable(w->resolver), 1);
	assert_int_equal(tally_open(fd, 1, &t), 0);
	publisher_init(&p, &config, t, w->ledger, NULL, w->resolver);
	p.metrics.last = NOW; /* they are not due */
	publish_pass(&p, 0, NOW);
	assert_int_equal(tally_totals_view(t)->state_unreadable, 1);
	tally_free(t);
	remove_state(w);
}

/* While it may be half written it is read again; in the end it was cut off. */
static void test_a_state_that_ends_in_the_middle_is_counted_in_the_end(void **state)
{
	World *w = *state;
	_cleanup_close_ int root = make_state(w, "{\"ID\":\"");

	resolver_set_roots(w->resolver, &(StateRoots){ .proc_fd = -1, .root_fd = root });
	assert_int_equal(get(w, NOW), RESOLVE_LATER);
	assert_int_equal(resolver_unreadable(w->resolver), 0);
	assert_true(looks_in_vain(w, NOW, 10 * USEC_PER_MSEC) > 0);
	assert_int_equal(resolver_unreadable(w->resolver), 1);
	remove_state(w);
}

static int note_name(const LedgerWorkloadRow *row, void *userdata)
{
	snprintf(userdata, WORKLOAD_NAME_MAX, "%s", row->name);
	return 0;
}

static void expect_workload(const World *w, const char *name)
{
	char got[WORKLOAD_NAME_MAX] = "";

	assert_int_equal(ledger_each_workload(w->ledger, note_name, got), 0);
	assert_string_equal(got, name);
}

static void open_subject(World *w, bool nested)
{
	CgroupIdentity id;

	snprintf(w->subject.cgroup, sizeof(w->subject.cgroup), "/default/box");
	w->subject.key = (SubjectKey){ 0 };
	cgroup_identify_path(span_of(w->subject.cgroup), &id);
	subject_of_identity(&id, SPAN_LIT("/bin/x"), &w->subject.key);
	if (nested)
		subject_set_nested(&w->subject.key);
}

static void test_who_is_in_a_container_that_no_state_names_is_unconfirmed(void **state)
{
	World *w = *state;

	open_subject(w, true);
	/* The runtime may write its state yet. */
	assert_true(looks_in_vain(w, NOW, 10 * USEC_PER_MSEC) > 0);
	expect_workload(w, "unconfirmed:default\\x2Fbox");
}

/* What is known of another, whose cgroup has the same short hash, is not of this one. */
static void test_a_path_that_was_too_long_to_be_kept_names_nobody_else(void **state)
{
	World *w = *state;
	_cleanup_(container_cache_freep) ContainerCache *cache = NULL;
	Container c = { .runtime = "runc", .id = "web", .confirmed = true, .spec_found = true };
	char name[64];
	SubjectKey key;

	open_subject(w, true);
	key = subject_open_key(&w->subject.key);
	assert_int_equal(container_cache_new(1, &cache), 0);
	assert_int_equal(container_cache_put(cache, &key, SPAN_LIT("/web"), &c, NOW), 0);
	resolver_set_cache(w->resolver, cache);
	w->subject.cgroup[0] = '\0';
	snprintf(name, sizeof(name), "unconfirmed:%s", w->subject.key.runtime);
	looks_in_vain(w, NOW, 10 * USEC_PER_MSEC);
	expect_workload(w, name);
}

static void test_a_cgroup_of_a_free_name_alone_makes_no_container(void **state)
{
	World *w = *state;

	open_subject(w, false);
	assert_int_equal(looks_in_vain(w, NOW, 10 * USEC_PER_MSEC), 0);
	expect_workload(w, "host:/bin/x");
}

UNIT_MAIN(
	cmocka_unit_test_setup_teardown(
		test_who_is_in_a_container_that_no_state_names_is_unconfirmed, setup, teardown),
	cmocka_unit_test_setup_teardown(test_a_path_that_was_too_long_to_be_kept_names_nobody_else,
					setup, teardown),
	cmocka_unit_test_setup_teardown(test_a_cgroup_of_a_free_name_alone_makes_no_container,
					setup, teardown),
	cmocka_unit_test_setup_teardown(test_a_state_that_cannot_be_read_is_counted_and_told, setup,
					teardown),
	cmocka_unit_test_setup_teardown(test_a_state_that_ends_in_the_middle_is_counted_in_the_end,
					setup, teardown),
	cmocka_unit_test_setup_teardown(test_a_state_that_is_not_there_yet_is_waited_for, setup,
					teardown),
	cmocka_unit_test_setup_teardown(test_a_clock_set_back_keeps_nobody_waiting, setup,
					teardown))
