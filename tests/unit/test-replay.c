/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/replay: the same lines make the same ledger, in whichever order and pieces they come
 * and however often; a ledger of logs and one of a daemon stay apart. */
#include <sqlite3.h>

#include "evidence/replay.h"
#include "evidence/replay-calls.h"
#include "evidence/replay-hours.h"
#include "tests/unit/ledger-fixture.h"
#include "util/buffer.h"

/* ---- the content of a ledger, without its row ids ---- */

#define CALL_OF(s) s ".arch, " s ".nr, " s ".action, " s ".origin"

static const char *const content[] = {
	"SELECT name, runtime, stage, dialect, made, refreshed, n_sightings, dropped FROM workload"
	" ORDER BY name",
	"SELECT w.name, " CALL_OF("s") ", s.means, s.count, s.first, s.last, s.serial, s.subjects"
				       " FROM sighting s JOIN workload w ON w.id=s.workload ORDER "
				       "BY w.name, " CALL_OF("s"),
	"SELECT w.name, " CALL_OF("s") ", hex(e.comm), hex(e.exe), e.ip, e.pid, e.time"
				       " FROM example e JOIN sighting s ON s.id=e.sighting JOIN "
				       "workload w ON w.id=s.workload"
				       " ORDER BY w.name, " CALL_OF("s") ", e.time, e.comm, e.exe",
	"SELECT kind, workload, start, stop, count FROM loss ORDER BY kind, start",
	"SELECT w.name, r.hour, r.records, r.sightings FROM rollup r"
	" JOIN workload w ON w.id=r.workload ORDER BY w.name, r.hour",
	"SELECT r.stretch, w.name, hex(r.keys) FROM replayed r"
	" LEFT JOIN workload w ON w.id=r.workload ORDER BY r.stretch, w.name",
	"SELECT key, value FROM meta WHERE key NOT IN ('clean', 'ledger_id') ORDER BY key",
	"SELECT name FROM host",
	"SELECT kind, cause, runtime, name, first, last FROM subject",
	"SELECT count(*) FROM sighting_subject",
	"SELECT count(*) FROM run",
};

static int add_row(void *userdata, int n, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < n; i++)
		buffer_printf(userdata, "%s%c", values[i] ? values[i] : "NULL",
			      i + 1 < n ? '|' : '\n');
	return 0;
}

static char *dump(const char *path)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (size_t i = 0; i < ELEMENTSOF(content); i++)
		if (sqlite3_exec(db, content[i], add_row, &b, NULL) != SQLITE_OK)
			fail_msg("%s: %s", content[i], sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return buffer_steal(&b);
}

/* ---- logs ---- */

typedef struct Log {
	char *lines[4096];
	size_t n;
} Log;

static void log_done(Log *log)
{
	for (size_t i = 0; i < log->n; i++)
		free(log->lines[i]);
}
#define _cleanup_log_ _cleanup_(log_done)

_printf_(2, 3) static void add_line(Log *log, const char *fmt, ...)
{
	va_list ap;

	assert_true(log->n < ELEMENTSOF(log->lines));
	va_start(ap, fmt);
	assert_true(vasprintf(&log->lines[log->n++], fmt, ap) > 0);
	va_end(ap);
}

#define RECORD_FORMAT                                                                             \
	"auid=1 uid=2 gid=3 ses=4 subj=x pid=%d comm=\"%s\" exe=\"/bin/%s\" sig=0 arch=c000003e " \
	"syscall=%d compat=0 ip=0x%d code=0x7ffc0000"

static uint64_t random_state;

static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 20) % n;
}

/* What a machine writes in a while: several programs, other types, reboots, gaps, damage, and lines
 * that stand there twice. */
static void make_log(Log *log, size_t n)
{
	static const char *const programs[] = {
		"sh", "nginx", "runc:[2:INIT]", "a", "b", "c", "d", "e", "f", "g", "h"
	};
	uint64_t time = UINT64_C(1700000000000) + random_below(100000);
	uint32_t serial = 100;

	while (log->n < n) {
		unsigned kind = random_below(100), program = random_below(ELEMENTSOF(programs));
		char stamp[64];

		time += random_below(20) == 0 ? random_below(3000000) : random_below(3);
		serial += random_below(40) == 0 ? random_below(2000) : 1;
		if (random_below(300) == 0)
			serial = random_below(10), time++;
		snprintf(stamp, sizeof(stamp), "audit(%llu.%03llu:%u)",
			 (unsigned long long)time / 1000, (unsigned long long)time % 1000, serial);
		if (kind < 70)
			add_line(log, "type=SECCOMP msg=%s: " RECORD_FORMAT, stamp,
				 (int)(1000 + program + 100 * random_below(4)), programs[program],
				 programs[program], (int)random_below(12) - 1,
				 (int)random_below(1 << 20));
		else if (kind < 85)
			add_line(log, "type=SYSCALL msg=%s: arch=c000003e syscall=1", stamp);
		else if (kind < 87)
			add_line(log, "type=SECCOMP msg=%s: pid=1 comm", stamp);
		else if (kind < 88)
			add_line(log, "Nov 22 03:06:00 host sshd[1]: hello");
		else if (log->n > 0)
			add_line(log, "%s", log->lines[log->n - 1 - random_below(5) % log->n]);
	}
}

static void shuffle(Log *log)
{
	for (size_t i = log->n - 1; i > 0; i--) {
		size_t k = random_below((uint32_t)i + 1);
		char *swap = log->lines[i];

		log->lines[i] = log->lines[k];
		log->lines[k] = swap;
	}
}

/* ---- replaying ---- */

static const ReplaySelection nobody = { .runtime = "", .dialect = "" };
static const ReplaySelection web = { .workload = "docker:web",
				     .runtime = "docker",
				     .dialect = "docker" };

static void replay(const char *path, const ReplaySelection *s, char *const *lines, size_t n,
		   ReplayReport *ret)
{
	_cleanup_(ledger_freep) Ledger *l = NULL;
	_cleanup_(replay_freep) Replay *r = NULL;
	Diag d = { 0 };

	if (ledger_open_replay(path, &l, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(replay_new(s, l, random_below(1000), &r), 0);
	for (size_t i = 0; i < n; i++) {
		Line line;

		line_decode(span_of(lines[i]), &line);
		replay_line(r, &line);
	}
	assert_int_equal(replay_finish(r, ret), 0);
	assert_int_equal(ledger_commit(l), 0);
}

/* In pieces of any size, each a replay of its own. */
static void replay_pieces(const char *path, const ReplaySelection *s, const Log *log)
{
	ReplayReport report;

	for (size_t from = 0, n; from < log->n; from += n) {
		n = 1 + random_below((uint32_t)(log->n - from));
		replay(path, s, log->lines + from, n, &report);
	}
}

static void must_equal(const char *expected, const char *path, uint64_t seed)
{
	_cleanup_free_ char *got = dump(path);
	Span a = span_of(expected), b = span_of(got), x = SPAN_NULL, y = SPAN_NULL;

	if (strcmp(expected, got) == 0)
		return;
	while (span_split(&a, '\n', &x) && span_split(&b, '\n', &y) && span_eq(x, y))
		;
	fail_msg("SEED=%llu: expected\n%.*s\ngot\n%.*s", (unsigned long long)seed, (int)x.n, x.p,
		 (int)y.n, y.p);
}

static void compare_ways(uint64_t seed)
{
	_cleanup_folder_ Folder whole, pieces;
	_cleanup_free_ char *expected = NULL;
	_cleanup_log_ Log log = { 0 };
	ReplayReport report;
	Log half;

	random_state = seed * 0x9e3779b97f4a7c15ULL + 1;
	folder_make(&whole);
	folder_make(&pieces);
	make_log(&log, 200 + random_below(400));
	replay(whole.path, &web, log.lines, log.n, &report);
	replay(whole.path, &nobody, log.lines, log.n / 2, &report);
	expected = dump(whole.path);
	/* the same once more changes nothing, and says so */
	replay(whole.path, &web, log.lines, log.n, &report);
	assert_false(report.changed);
	assert_int_equal(report.counts.counted, 0);
	must_equal(expected, whole.path, seed);

	half = log;
	half.n /= 2;
	replay_pieces(pieces.path, &nobody, &half);
	if (seed % 2 == 0)
		shuffle(&log);
	replay_pieces(pieces.path, &web, &log);
	must_equal(expected, pieces.path, seed);
}

static void test_order_and_pieces_make_no_difference(void **state)
{
	const char *seed = getenv("SEED");

	(void)state;
	for (uint64_t i = 0; i < (seed ? 1 : 6); i++)
		compare_ways(seed ? strtoull(seed, NULL, 10) : i);
}

/* ---- what is counted ---- */

static void add_record(Log *log, unsigned sec, unsigned serial, const char *program, int nr)
{
	add_line(log, "type=SECCOMP msg=audit(%u.000:%u): " RECORD_FORMAT, sec, serial, 77, program,
		 program, nr, 16);
}

static void test_selection(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_log_ Log log = { 0 };
	ReplaySelection s = web;
	ReplayReport report;

	(void)state;
	folder_make(&f);
	for (unsigned i = 0; i < 10; i++)
		add_record(&log, 1000 + i, i + 1, i % 2 ? "sh" : "nginx", 7);
	s.exe = "*/nginx";
	s.since = 1002 * USEC_PER_SEC;
	s.until = 1008 * USEC_PER_SEC;
	replay(f.path, &s, log.lines, log.n, &report);
	assert_int_equal(report.counts.records, 10);
	assert_int_equal(report.counts.outside, 4);
	assert_int_equal(report.counts.other_exe, 3);
	assert_int_equal(report.counts.counted, 3);
	assert_int_equal(report.first, 1002 * USEC_PER_SEC);
	assert_int_equal(report.last, 1006 * USEC_PER_SEC);
	/* those of other programs are not missing */
	assert_int_equal(report.serial_gaps, 0);
	s.since = s.until = 0;
	replay(f.path, &s, log.lines, log.n, &report);
	assert_int_equal(report.counts.counted, 2);
	assert_int_equal(report.calls, 1);
}

static void test_no_time_no_count(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_log_ Log log = { 0 };
	_cleanup_free_ char *text = NULL;
	ReplayReport report;

	(void)state;
	folder_make(&f);
	add_line(&log, "Oct 26 18:47:40 host audit[53400]: SECCOMP " RECORD_FORMAT, 1, "a", "a", 1,
		 1);
	add_line(&log, "type=SECCOMP msg=audit(0.000:1): " RECORD_FORMAT, 1, "a", "a", 1, 1);
	add_line(&log, "type=SECCOMP msg=audit(300000000000.000:1): " RECORD_FORMAT, 1, "a", "a", 1,
		 1);
	replay(f.path, &nobody, log.lines, log.n, &report);
	assert_int_equal(report.counts.records, 3);
	assert_int_equal(report.counts.undated, 3);
	assert_int_equal(report.counts.counted, 0);
	text = dump(f.path);
	assert_non_null(strstr(text, "undated|NULL|0|0|NULL\n"));
}

static void test_what_is_missing_is_told(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_log_ Log log = { 0 };
	_cleanup_free_ char *text = NULL;
	ReplayReport report;

	(void)state;
	folder_make(&f);
	add_record(&log, 1000, 1, "sh", 7);
	add_line(&log, "type=SECCOMP msg=audit(1001.000:2): pid=1 comm");
	add_line(&log, "type=SYSCALL msg=audit(1002.000:3): arch=c000003e syscall=1");
	add_record(&log, 1003, 9, "sh", 7);
	add_line(&log, "audit: backlog limit exceeded");
	replay(f.path, &nobody, log.lines, log.n, &report);
	assert_int_equal(report.counts.rejected, 1);
	assert_int_equal(report.serial_gaps, 5);
	text = dump(f.path);
	assert_non_null(strstr(text, "serial-gap|NULL|1002000000|1003000000|5\n"));
	assert_non_null(strstr(text, "rejected|NULL|1000000000|1003000000|1\n"));
	assert_non_null(strstr(text, "kernel-lost|NULL|1000000000|1003000000|NULL\n"));
}

/* Of records of one moment the lowest of pid and address is the example, and of serial the first.
 */
static void test_records_of_one_moment(void **state)
{
	static const struct {
		unsigned serial;
		int pid, ip;
	} records[] = { { 8, 5, 30 }, { 9, 4, 20 }, { 10, 4, 10 }, { 7, 6, 5 } };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(records); i++) {
		_cleanup_folder_ Folder f;
		_cleanup_log_ Log log = { 0 };
		_cleanup_free_ char *text = NULL;
		ReplayReport report;

		folder_make(&f);
		for (size_t k = 0; k < ELEMENTSOF(records); k++) {
			size_t n = (i * 3 + k) % ELEMENTSOF(records);

			add_line(&log, "type=SECCOMP msg=audit(1000.000:%u): " RECORD_FORMAT,
				 records[n].serial, records[n].pid, "sh", "sh", 7, records[n].ip);
		}
		replay(f.path, &nobody, log.lines, log.n, &report);
		text = dump(f.path);
		assert_non_null(strstr(text, "|0|4|1000000000|1000000000|7|1\n"));
		assert_non_null(strstr(text, "|16|4|1000000000\n"));
	}
}

/* ---- bounds ---- */

static int count_drop(const ReplayCall *call, void *userdata)
{
	*(uint64_t *)userdata += call->count;
	return 0;
}

/* In any order the calls with the lowest numbers stay, and the count of all is the same. */
static void test_too_many_calls(void **state)
{
	enum { MAX_CALLS = 50, N = 400 };

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		_cleanup_(replay_calls_freep) ReplayCalls *c = NULL;
		uint64_t dropped = 0, kept = 0;

		random_state = round + 1;
		assert_int_equal(replay_calls_new(round, MAX_CALLS, &c), 0);
		for (unsigned i = 0; i < 10 * N; i++) {
			/* each of -1 and 0 to 398 at least once */
			int64_t nr = (int64_t)(i < N ? (i * 7 + round) % N : random_below(N)) - 1;
			uint32_t at;

			assert_int_equal(
				replay_calls_find(c, 1, nr, ACTION_LOG, ORIGIN_WORKLOAD, &at), 0);
			if (at == REPLAY_CALL_DROPPED)
				dropped++;
			else
				replay_calls_at(c, at)->count++;
			if (random_below(30) == 0)
				replay_calls_trim(c, count_drop, &dropped);
		}
		replay_calls_trim(c, count_drop, &dropped);
		assert_int_equal(replay_calls_n(c), MAX_CALLS);
		for (uint32_t i = 0; i < MAX_CALLS; i++) {
			assert_int_equal(replay_calls_at(c, i)->nr, i);
			kept += replay_calls_at(c, i)->count;
		}
		assert_int_equal(kept + dropped, 10 * N);
	}
}

static void test_too_many_hours(void **state)
{
	ReplayHours h = { .max = 3 };
	static const unsigned hours[] = { 5, 9, 1, 7, 5, 8, 1, 9 };

	(void)state;
	for (size_t i = 0; i < ELEMENTSOF(hours); i++)
		assert_int_equal(replay_hours_add(&h, hours[i] * 3600 * USEC_PER_SEC + 17, 1), 0);
	assert_int_equal(h.n, 3);
	assert_true(h.rows[0].from == 7 * 3600 * USEC_PER_SEC && h.rows[0].records == 1);
	assert_true(h.rows[1].from == 8 * 3600 * USEC_PER_SEC && h.rows[1].records == 1);
	assert_true(h.rows[2].from == 9 * 3600 * USEC_PER_SEC && h.rows[2].records == 2);
	replay_hours_done(&h);
}

/* ---- ledgers ---- */

static void test_ledgers_of_logs_and_of_a_daemon_stay_apart(void **state)
{
	_cleanup_folder_ Folder seen, said;
	_cleanup_log_ Log log = { 0 };
	ReplayReport report;
	Ledger *l = NULL;
	Diag d = { 0 };

	(void)state;
	folder_make(&seen);
	folder_make(&said);
	make_ledger(&seen, 5);
	assert_int_equal(ledger_open_replay(seen.path, &l, &d), -EEXIST);
	assert_non_null(strstr(d.text, "must not mix"));
	add_record(&log, 1000, 1, "sh", 7);
	replay(said.path, &web, log.lines, log.n, &report);
	assert_int_equal(ledger_open_writer(said.path, "h", NOW, NULL, &l, &d), -EEXIST);
	assert_non_null(strstr(d.text, "made from logs"));
	assert_null(l);
	/* nobody was harmed */
	replay(said.path, &web, log.lines, log.n, &report);
	assert_int_equal(report.calls, 1);
	ledger_free(must_write(&seen));
}

static void test_one_writer_at_a_time(void **state)
{
	_cleanup_folder_ Folder f;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	Ledger *other = NULL;
	Diag d = { 0 };

	(void)state;
	folder_make(&f);
	assert_int_equal(ledger_open_replay(f.path, &l, &d), 0);
	assert_int_equal(ledger_open_replay(f.path, &other, &d), -EBUSY);
	assert_int_equal(ledger_open_writer(f.path, "h", NOW, NULL, &other, &d), -EBUSY);
	assert_null(other);
}

static void test_a_damaged_ledger_stays_where_it_is(void **state)
{
	_cleanup_folder_ Folder f;
	Ledger *l = NULL;
	Diag d = { 0 };
	int fd;

	(void)state;
	folder_make(&f);
	make_ledger(&f, 5);
	fd = open(f.path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "nonsense", 8, 24), 8);
	assert_int_equal(pwrite(fd, "nonsense nonsense", 17, 4096 + 3), 17);
	close(fd);
	assert_true(ledger_open_replay(f.path, &l, &d) < 0);
	assert_null(l);
	assert_int_equal(folder_count(&f, "ledger.db.corrupt-", NULL, 0), 0);
}

static void test_a_ledger_that_got_nothing_is_removed(void **state)
{
	_cleanup_folder_ Folder f;
	Ledger *l = NULL;
	Diag d = { 0 };

	(void)state;
	folder_make(&f);
	assert_int_equal(ledger_open_replay(f.path, &l, &d), 0);
	ledger_discard(l, f.path);
	assert_int_equal(folder_count(&f, "", NULL, 0), 0);
}

UNIT_MAIN(cmocka_unit_test(test_order_and_pieces_make_no_difference),
	  cmocka_unit_test(test_selection), cmocka_unit_test(test_records_of_one_moment),
	  cmocka_unit_test(test_what_is_missing_is_told), cmocka_unit_test(test_no_time_no_count),
	  cmocka_unit_test(test_too_many_calls), cmocka_unit_test(test_too_many_hours),
	  cmocka_unit_test(test_ledgers_of_logs_and_of_a_daemon_stay_apart),
	  cmocka_unit_test(test_one_writer_at_a_time),
	  cmocka_unit_test(test_a_damaged_ledger_stays_where_it_is),
	  cmocka_unit_test(test_a_ledger_that_got_nothing_is_removed))
