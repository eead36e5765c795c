/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/lifetime: containers and units over made-up cgroups, with true processes in them. */
#include <signal.h>
#include <sys/wait.h>

#include "daemon/joins.h"
#include "tests/unit/ledger-fixture.h"
#include "tests/unit/made-up-folder.h"

#define SEC USEC_PER_SEC
#define ID "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define CONTAINER_PATH "/docker/" ID
#define UNIT "web.service"
#define UNIT_PATH "/system.slice/" UNIT

typedef struct World {
	Folder folder;
	char dir[64];
	Ledger *ledger;
	Resolver *resolver;
	ContainerCache *cache;
	ExitRing *exits;
	Lifetimes *lifetimes;
	int root_fd, proc_fd, cgroup_fd;
	pid_t child;
	usec_t now;
} World;

static void begin_daemon(World *w, bool same_boot)
{
	assert_int_equal(lifetimes_new(&(LifetimesSetup){ .ledger = w->ledger,
							  .resolver = w->resolver,
							  .cache = w->cache,
							  .exits = w->exits,
							  .root_fd = w->root_fd,
							  .proc_fd = w->proc_fd,
							  .cgroup_fd = w->cgroup_fd,
							  .same_boot = same_boot,
							  .last_alive = w->now },
				       &w->lifetimes),
			 0);
}

static pid_t spawn(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	assert_true(pid > 0);
	return pid;
}

static void end_child(World *w)
{
	if (w->child > 0) {
		kill(w->child, SIGKILL);
		waitpid(w->child, NULL, 0);
	}
	w->child = 0;
}

/* The process that the cgroup of @path lists. */
static void put_child(World *w, const char *path)
{
	char command[512];

	if (w->child == 0)
		w->child = spawn();
	snprintf(command, sizeof(command), "mkdir -p cg%s && echo %d >cg%s/cgroup.procs", path,
		 (int)w->child, path);
	run_in(w->dir, command);
}

static int setup(void **state)
{
	const StateRoots roots = { .proc_fd = -1, .root_fd = -1 };
	World *w = calloc(1, sizeof(*w));

	folder_make(&w->folder);
	snprintf(w->dir, sizeof(w->dir), "/tmp/seccompd-lifetime-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	run_in(w->dir, "mkdir -p cg/docker cg/system.slice root/run/systemd/units");
	w->root_fd = open_in(w->dir, "root");
	w->cgroup_fd = open_in(w->dir, "cg");
	w->proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	w->ledger = must_write(&w->folder);
	assert_int_equal(resolver_new(&roots, &w->resolver), 0);
	assert_int_equal(container_cache_new(1, &w->cache), 0);
	assert_int_equal(exit_ring_new(&w->exits), 0);
	w->now = NOW;
	begin_daemon(w, true);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	end_child(w);
	lifetimes_free(w->lifetimes);
	exit_ring_free(w->exits);
	container_cache_free(w->cache);
	resolver_free(w->resolver);
	ledger_free(w->ledger);
	close(w->root_fd);
	close(w->proc_fd);
	close(w->cgroup_fd);
	run_in(w->dir, "rm -rf -- \"$PWD\"");
	folder_remove(&w->folder);
	free(w);
	return 0;
}

/* ---- what is done ---- */

static void pass(World *w, unsigned seconds)
{
	w->now += seconds * SEC;
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(lifetimes_write(w->lifetimes, w->now, true), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	lifetimes_committed(w->lifetimes);
}

static void container(World *w, bool seen)
{
	const SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = ID };
	Container c = { .runtime = "docker", .id = ID, .confirmed = true, .spec_found = true };

	snprintf(c.names.name, sizeof(c.names.name), "web");
	snprintf(c.names.runtime, sizeof(c.names.runtime), "docker");
	put_child(w, CONTAINER_PATH);
	assert_int_equal(container_cache_put(w->cache, &key, SPAN_LIT(CONTAINER_PATH), &c, w->now),
			 0);
	lifetimes_begin(w->lifetimes, &key, SPAN_LIT(CONTAINER_PATH), &c, w->now, seen);
}

static void unit(World *w, bool seen)
{
	lifetimes_begin_unit(w->lifetimes, UNIT, SPAN_LIT(UNIT_PATH), w->now, seen);
}

/* As the writer does it: a call of this unit was counted. */
static int64_t call(World *w, const char *profile)
{
	Resolved who = { .kind = SUBJECT_UNIT };
	LedgerWorkload workload = make_workload("unit:" UNIT);
	int64_t row = -1;

	snprintf(who.profile_hash, sizeof(who.profile_hash), "%s", profile);
	workload.profile_hash = profile;
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(lifetimes_write(w->lifetimes, w->now, true), 0);
	assert_int_equal(ledger_put_workload(w->ledger, &workload, &who.workload), 0);
	assert_int_equal(lifetimes_put_unit(w->lifetimes, UNIT, &who, w->now, &row), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	lifetimes_committed(w->lifetimes);
	return row;
}

/* ---- what the ledger says then ---- */

typedef struct Row {
	LedgerLifetime f;
	char profile[64], incarnation[64], libc[128];
} Row;

typedef struct Rows {
	size_t n;
	Row rows[16];
} Rows;

static int take(const LedgerLifetime *f, void *userdata)
{
	Rows *all = userdata;
	Row *row = &all->rows[all->n++];

	assert_true(all->n <= ELEMENTSOF(all->rows));
	row->f = *f;
	snprintf(row->profile, sizeof(row->profile), "%s", f->profile_hash);
	snprintf(row->incarnation, sizeof(row->incarnation), "%s", f->incarnation);
	snprintf(row->libc, sizeof(row->libc), "%s", f->image_digest);
	return 0;
}

static Rows rows(World *w)
{
	Rows all = { 0 };

	for (int64_t workload = 1; workload < 4; workload++)
		assert_int_equal(ledger_each_lifetime(w->ledger, workload, take, &all), 0);
	return all;
}

static LedgerLifetime only(World *w)
{
	Rows all = rows(w);

	assert_int_equal(all.n, 1);
	return all.rows[0].f;
}

/* ---- containers ---- */

static void test_one_that_is_watched_from_its_start_to_its_end(void **state)
{
	World *w = *state;
	LedgerLifetime f;

	container(w, true);
	assert_true(lifetimes_are_due(w->lifetimes, w->now));
	pass(w, 3);
	assert_false(lifetimes_are_due(w->lifetimes, w->now));
	f = only(w);
	assert_true(f.kind == SUBJECT_CONTAINER && f.start_seen && f.from == NOW && f.to == 0);
	exit_ring_note(w->exits, w->child, 0);
	w->now += 7 * SEC;
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
	pass(w, 0);
	f = only(w);
	assert_true(f.stop_seen && f.to == NOW + 10 * SEC);
	assert_int_equal(f.exit, LIFETIME_EXIT_GRACEFUL);
}

static void test_how_the_first_process_ended_is_how_it_ended(void **state)
{
	static const struct {
		int status; /* as of wait(2) */
		LifetimeExit exit;
	} cases[] = {
		{ 0, LIFETIME_EXIT_GRACEFUL },        { 1 << 8, LIFETIME_EXIT_FAILED },
		{ 143 << 8, LIFETIME_EXIT_GRACEFUL }, { 137 << 8, LIFETIME_EXIT_KILLED },
		{ SIGTERM, LIFETIME_EXIT_GRACEFUL },  { SIGINT, LIFETIME_EXIT_GRACEFUL },
		{ SIGKILL, LIFETIME_EXIT_KILLED },    { SIGSYS, LIFETIME_EXIT_KILLED },
		{ SIGSEGV, LIFETIME_EXIT_KILLED },
	};
	World *w = *state;

	for (size_t i = 0; i < ELEMENTSOF(cases); i++) {
		Rows all;

		container(w, true);
		pass(w, 3);
		exit_ring_note(w->exits, w->child, (uint32_t)cases[i].status);
		lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
		container_cache_end(
			w->cache,
			&(SubjectKey){ .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = ID },
			SPAN_LIT(CONTAINER_PATH), w->now);
		pass(w, 1);
		all = rows(w);
		assert_int_equal(all.n, i + 1);
		assert_int_equal(all.rows[i].f.exit, cases[i].exit);
		end_child(w);
	}
}

static void test_an_exit_is_waited_for_and_not_made_up(void **state)
{
	World *w = *state;

	container(w, true);
	pass(w, 3);
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
	pass(w, 0);
	assert_true(only(w).to == 0);
	pass(w, 1);
	assert_true(only(w).to == NOW + 3 * SEC && only(w).stop_seen);
	assert_int_equal(only(w).exit, LIFETIME_EXIT_UNKNOWN);
}

static void test_what_was_there_before_has_no_start(void **state)
{
	World *w = *state;

	container(w, false);
	pass(w, 3);
	assert_false(only(w).start_seen);
}

static void test_it_goes_on_over_a_restart_of_ours(void **state)
{
	World *w = *state;
	int64_t row;

	container(w, true);
	pass(w, 3);
	row = only(w).id;
	lifetimes_free(w->lifetimes);
	w->now += 10 * SEC;
	begin_daemon(w, true);
	container(w, false);
	lifetimes_settle(w->lifetimes);
	pass(w, 3);
	assert_true(only(w).id == row && only(w).start_seen && only(w).to == 0);
}

static void test_it_goes_on_when_the_ledger_is_opened_anew(void **state)
{
	World *w = *state;
	int64_t row;

	container(w, true);
	pass(w, 3);
	row = only(w).id;
	assert_int_equal(lifetimes_renewed(w->lifetimes, true, w->now), 0);
	lifetimes_settle(w->lifetimes);
	pass(w, 3);
	assert_true(only(w).id == row && only(w).start_seen && only(w).to == 0);
	/* Another ledger has no row of it, and gets one: it was watched from its start. */
	assert_int_equal(ledger_reopen(w->ledger, w->folder.path, "host-a", w->now, true, NULL),
			 LEDGER_SET_ASIDE);
	resolver_forget(w->resolver);
	assert_int_equal(lifetimes_renewed(w->lifetimes, false, 0), 0);
	assert_true(lifetimes_are_due(w->lifetimes, w->now));
	pass(w, 3);
	assert_true(only(w).start_seen && only(w).from == NOW && only(w).to == 0);
	/* What has ended and is told is over. */
	end_child(w);
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
	pass(w, 3);
	assert_true(only(w).to != 0);
	assert_int_equal(lifetimes_renewed(w->lifetimes, true, w->now), 0);
	assert_false(lifetimes_are_due(w->lifetimes, w->now));
	pass(w, 3);
	assert_int_equal(rows(w).n, 1);
}

static void test_what_ended_meanwhile_ended_unseen(void **state)
{
	World *w = *state;
	LedgerLifetime f;

	container(w, true);
	pass(w, 3);
	lifetimes_free(w->lifetimes);
	begin_daemon(w, true);
	pass(w, 5);
	assert_true(only(w).to == 0); /* it may still be found */
	lifetimes_settle(w->lifetimes);
	assert_true(lifetimes_are_due(w->lifetimes, w->now));
	pass(w, 0);
	f = only(w);
	assert_true(f.to == NOW + 3 * SEC && !f.stop_seen);
}

/* The same id, with another first process. */
static void test_another_run_of_the_same_is_another(void **state)
{
	World *w = *state;
	Rows all;

	container(w, true);
	pass(w, 3);
	lifetimes_free(w->lifetimes);
	end_child(w);
	begin_daemon(w, true);
	container(w, false);
	pass(w, 3);
	lifetimes_settle(w->lifetimes);
	pass(w, 0);
	all = rows(w);
	assert_int_equal(all.n, 1 + (all.rows[0].incarnation[0] != '\0'));
}

static void test_after_a_reboot_nothing_goes_on(void **state)
{
	World *w = *state;
	Rows all;

	container(w, true);
	pass(w, 3);
	lifetimes_free(w->lifetimes);
	begin_daemon(w, false);
	container(w, false);
	lifetimes_settle(w->lifetimes);
	pass(w, 3);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].f.to != 0 && !all.rows[0].f.stop_seen);
	assert_true(all.rows[1].f.to == 0 && !all.rows[1].f.start_seen);
}

static void test_a_transaction_that_failed_is_written_again(void **state)
{
	World *w = *state;

	container(w, true);
	unit(w, true);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ledger_begin(w->ledger), 0);
		assert_int_equal(lifetimes_write(w->lifetimes, w->now + 3 * SEC, true), 0);
		ledger_rollback(w->ledger);
		lifetimes_rolled_back(w->lifetimes);
		assert_true(lifetimes_are_due(w->lifetimes, w->now));
	}
	pass(w, 3);
	assert_true(only(w).from == NOW);
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now);
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(lifetimes_write(w->lifetimes, w->now + 2 * SEC, true), 0);
	ledger_rollback(w->ledger);
	lifetimes_rolled_back(w->lifetimes);
	assert_true(only(w).to == 0);
	pass(w, 2);
	assert_true(only(w).to == NOW + 3 * SEC);
}

typedef struct Hours {
	usec_t observed, complete;
} Hours;

static int take_hour(const LedgerHour *row, void *userdata)
{
	Hours *h = userdata;

	h->observed += row->observed;
	h->complete += row->complete;
	return 0;
}

static void test_instances_side_by_side_are_one_time(void **state)
{
	const SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = "b" };
	Container c = { .runtime = "docker", .id = "b", .confirmed = true, .spec_found = true };
	World *w = *state;
	Hours h = { 0 };

	container(w, true);
	snprintf(c.names.name, sizeof(c.names.name), "web");
	snprintf(c.names.runtime, sizeof(c.names.runtime), "docker");
	assert_int_equal(container_cache_put(w->cache, &key, SPAN_LIT("/docker/b"), &c, w->now), 0);
	lifetimes_begin(w->lifetimes, &key, SPAN_LIT("/docker/b"), &c, w->now, true);
	pass(w, 0);
	pass(w, 10);
	assert_int_equal(ledger_begin(w->ledger), 0);
	w->now += 10 * SEC;
	assert_int_equal(lifetimes_write(w->lifetimes, w->now, false), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	assert_int_equal(rows(w).n, 2);
	assert_int_equal(ledger_each_hour(w->ledger, rows(w).rows[0].f.workload, 0, take_hour, &h),
			 0);
	assert_true(h.observed == 20 * SEC && h.complete == 10 * SEC);
}

/* ---- units ---- */

/* Another thread tells of ends while a pass is on its way. */
static void test_an_end_behind_the_time_of_a_pass_is_counted_once(void **state)
{
	World *w = *state;
	Hours h = { 0 };

	container(w, true);
	pass(w, 0);
	lifetimes_end(w->lifetimes, SPAN_LIT(CONTAINER_PATH), w->now + 15 * SEC);
	pass(w, 10);
	pass(w, 10);
	pass(w, 10);
	assert_int_equal(ledger_each_hour(w->ledger, only(w).workload, 0, take_hour, &h), 0);
	assert_true(h.observed == 15 * SEC);
}

static void test_one_that_was_found_behind_a_pass_gets_its_row_with_the_next(void **state)
{
	const SubjectKey key = { .kind = SUBJECT_CONTAINER, .runtime = "docker", .name = ID };
	uint64_t hash = join_ring_hash(SPAN_LIT(ID));
	_cleanup_(join_ring_freep) JoinRing *ring = NULL;
	World *w = *state;
	Joins joins = { .ledger = w->ledger, .lifetimes = w->lifetimes };

	assert_int_equal(join_ring_new(&ring), 0);
	joins.ring = ring;
	assert_int_equal(lifetimes_row(w->lifetimes, &key), 0);
	container(w, true);
	assert_int_equal(lifetimes_row(w->lifetimes, &key), -EAGAIN);
	assert_int_equal(lifetimes_row_by_hash(w->lifetimes, hash), -EAGAIN);
	/* Who was brought into it is kept until then, */
	join_ring_note(ring, hash);
	assert_int_equal(joins_write(&joins, w->now), 0);
	joins_committed(&joins);
	assert_true(joins_are_due(&joins));
	pass(w, 1);
	assert_true(lifetimes_row(w->lifetimes, &key) > 0);
	/* and told then. */
	assert_int_equal(ledger_begin(w->ledger), 0);
	assert_int_equal(joins_write(&joins, w->now), 0);
	assert_int_equal(ledger_commit(w->ledger), 0);
	joins_committed(&joins);
	assert_false(joins_are_due(&joins));
	assert_int_equal(only(w).joins, 1);
}

static void test_a_unit_gets_its_row_with_its_first_call(void **state)
{
	World *w = *state;
	LedgerLifetime f;
	int64_t row;
	Rows all;

	put_child(w, UNIT_PATH);
	unit(w, true);
	unit(w, true); /* each hierarchy tells of it */
	pass(w, 5);
	assert_int_equal(rows(w).n, 0);
	row = call(w, "p");
	assert_true(row > 0);
	assert_int_equal(call(w, "p"), row);
	all = rows(w);
	f = only(w);
	assert_true(f.id == row && f.kind == SUBJECT_UNIT && f.start_seen && f.from == NOW);
	assert_string_equal(all.rows[0].profile, "p");
	pass(w, 1);
	exit_ring_note(w->exits, w->child, SIGTERM);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now + SEC);
	pass(w, 0);
	f = only(w);
	assert_true(f.stop_seen && f.to == NOW + 6 * SEC && f.exit == LIFETIME_EXIT_GRACEFUL);
}

/* Its record is folded a little after it is gone. */
static void test_a_short_unit_is_known_a_while_longer(void **state)
{
	World *w = *state;

	unit(w, true);
	w->now += SEC;
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
	pass(w, 2);
	assert_true(call(w, "p") > 0);
	pass(w, 2);
	assert_true(only(w).to == NOW + SEC && only(w).stop_seen);
	/* but not for ever */
	w->now += 100 * SEC;
	unit(w, true);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now + SEC);
	pass(w, 100);
	pass(w, 1);
	assert_int_equal(call(w, "p"), 0);
}

static void test_each_start_of_a_unit_is_one(void **state)
{
	World *w = *state;

	for (int i = 0; i < 3; i++) {
		unit(w, true);
		assert_true(call(w, "p") > 0);
		pass(w, 10);
		lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
		pass(w, 2);
	}
	assert_int_equal(rows(w).n, 3);
	for (int i = 0; i < 3; i++)
		assert_true(rows(w).rows[i].f.to == rows(w).rows[i].f.from + 10 * SEC);
}

/* What took the oldest process's exit for the unit's would call a crash graceful. */
static void test_a_first_process_that_is_gone_before_says_nothing(void **state)
{
	World *w = *state;
	pid_t first;

	put_child(w, UNIT_PATH);
	unit(w, true);
	call(w, "p");
	pass(w, 3);
	first = w->child;
	end_child(w);
	exit_ring_note(w->exits, first, 0);
	put_child(w, UNIT_PATH);
	pass(w, 3);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
	pass(w, 2);
	assert_true(only(w).stop_seen);
	assert_int_equal(only(w).exit, LIFETIME_EXIT_UNKNOWN);
}

/* Whoever takes the cgroup away may be slow. */
static void test_the_last_process_tells_how_it_ended(void **state)
{
	World *w = *state;
	pid_t last;

	put_child(w, UNIT_PATH);
	unit(w, true);
	call(w, "p");
	pass(w, 3);
	last = w->child;
	end_child(w);
	exit_ring_note(w->exits, last, SIGTERM);
	run_in(w->dir, ": >cg" UNIT_PATH "/cgroup.procs");
	pass(w, 3);
	lifetimes_end(w->lifetimes, SPAN_LIT(UNIT_PATH), w->now);
	pass(w, 2);
	assert_true(only(w).stop_seen);
	assert_int_equal(only(w).exit, LIFETIME_EXIT_GRACEFUL);
}

static void invocation(World *w, char digit)
{
	char command[256], id[33];

	memset(id, digit, 32);
	id[32] = '\0';
	snprintf(command, sizeof(command),
		 "ln -sfn %s root/run/systemd/units/invocation:" UNIT
		 " && touch -h -d @%llu root/run/systemd/units/invocation:" UNIT,
		 id, (unsigned long long)(w->now / SEC));
	run_in(w->dir, command);
}

/* Something of the run before keeps the cgroup; systemd's word tells that it is another. */
static void test_a_new_invocation_in_the_same_cgroup_is_another(void **state)
{
	World *w = *state;
	Rows all;

	unit(w, true);
	invocation(w, 'a');
	assert_true(call(w, "p") > 0);
	pass(w, 10);
	assert_int_equal(rows(w).n, 1);
	w->now += 10 * SEC;
	invocation(w, 'b');
	w->now += 5 * SEC;
	assert_true(call(w, "p") > 0);
	pass(w, 2);
	all = rows(w);
	assert_int_equal(all.n, 2);
	assert_true(all.rows[0].f.to == NOW + 20 * SEC && all.rows[1].f.from == NOW + 20 * SEC);
	assert_true(all.rows[1].f.start_seen && all.rows[1].f.to == 0);
	assert_string_equal(all.rows[1].incarnation, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
}

static void restart_daemon(World *w)
{
	lifetimes_free(w->lifetimes);
	w->now += SEC;
	begin_daemon(w, true);
	unit(w, false);
	lifetimes_settle(w->lifetimes);
	pass(w, 3);
}

static void test_over_a_restart_of_ours_the_invocation_decides(void **state)
{
	World *w = *state;

	unit(w, true);
	invocation(w, 'a');
	pass(w, 1);
	assert_true(call(w, "p") > 0);
	restart_daemon(w);
	assert_true(only(w).to == 0 && only(w).start_seen);
	invocation(w, 'b');
	restart_daemon(w);
	assert_true(only(w).to != 0 && !only(w).stop_seen);
	assert_true(call(w, "p") > 0);
	assert_int_equal(rows(w).n, 2);
	assert_false(rows(w).rows[1].f.start_seen);
}

static void test_what_no_scan_tells_of_has_ended(void **state)
{
	World *w = *state;

	unit(w, true);
	assert_true(call(w, "p") > 0);
	lifetimes_scan_begins(w->lifetimes);
	unit(w, false);
	lifetimes_end_others(w->lifetimes, NULL, NULL, w->now);
	pass(w, 2);
	assert_true(only(w).to == 0 && only(w).start_seen);
	lifetimes_scan_begins(w->lifetimes);
	lifetimes_end_others(w->lifetimes, NULL, NULL, w->now);
	pass(w, 2);
	assert_true(only(w).to != 0);
}

/* systemd's bus may come up behind the first unit. */
static void test_a_filter_that_is_told_later_is_filled_in_once(void **state)
{
	World *w = *state;

	unit(w, true);
	assert_true(call(w, "") > 0);
	assert_string_equal(rows(w).rows[0].profile, "");
	assert_true(call(w, "p") > 0);
	assert_string_equal(rows(w).rows[0].profile, "p");
	assert_true(call(w, "q") > 0);
	assert_string_equal(rows(w).rows[0].profile, "p");
}

static void test_a_flood_of_units_leaves_room_for_containers(void **state)
{
	World *w = *state;
	char name[64], path[128];

	for (unsigned i = 0; i < LIFETIMES_UNITS_MAX + 10; i++) {
		snprintf(name, sizeof(name), "run-%u.service", i);
		snprintf(path, sizeof(path), "/system.slice/%s", name);
		lifetimes_begin_unit(w->lifetimes, name, span_of(path), w->now, true);
	}
	assert_int_equal(lifetimes_stats(w->lifetimes).running, LIFETIMES_UNITS_MAX);
	assert_int_equal(lifetimes_stats(w->lifetimes).dropped, 10);
	container(w, true);
	pass(w, 3);
	assert_true(only(w).kind == SUBJECT_CONTAINER);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

UNIT_MAIN(TEST(test_one_that_is_watched_from_its_start_to_its_end),
	  TEST(test_how_the_first_process_ended_is_how_it_ended),
	  TEST(test_an_exit_is_waited_for_and_not_made_up),
	  TEST(test_what_was_there_before_has_no_start),
	  TEST(test_it_goes_on_over_a_restart_of_ours),
	  TEST(test_it_goes_on_when_the_ledger_is_opened_anew),
	  TEST(test_what_ended_meanwhile_ended_unseen),
	  TEST(test_another_run_of_the_same_is_another), TEST(test_after_a_reboot_nothing_goes_on),
	  TEST(test_a_transaction_that_failed_is_written_again),
	  TEST(test_instances_side_by_side_are_one_time),
	  TEST(test_an_end_behind_the_time_of_a_pass_is_counted_once),
	  TEST(test_one_that_was_found_behind_a_pass_gets_its_row_with_the_next),
	  TEST(test_a_unit_gets_its_row_with_its_first_call),
	  TEST(test_a_short_unit_is_known_a_while_longer), TEST(test_each_start_of_a_unit_is_one),
	  TEST(test_a_first_process_that_is_gone_before_says_nothing),
	  TEST(test_the_last_process_tells_how_it_ended),
	  TEST(test_a_new_invocation_in_the_same_cgroup_is_another),
	  TEST(test_over_a_restart_of_ours_the_invocation_decides),
	  TEST(test_what_no_scan_tells_of_has_ended),
	  TEST(test_a_filter_that_is_told_later_is_filled_in_once),
	  TEST(test_a_flood_of_units_leaves_room_for_containers))
