/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* daemon/tell-lifetime, and what is made from it again: a ledger from the journal alone holds what
 * the daemon's own does, its gates say the same, and whatever is missing makes them say less. */
#include <sqlite3.h>

#include "daemon/sink-journal.h"
#include "evidence/journal-replay.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger-merge.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"
#include "suggest/gate-figures.h"
#include "suggest/workload-lookup.h"
#include "tests/unit/fake-journal.h"
#include "tests/unit/watched-fixture.h"

#define ENTRIES_MAX 4096
#define MACHINE "0123456789abcdef0123456789abcdef"
#define SECOND USEC_PER_SEC

typedef struct Told {
	char *text;
	size_t n;
	usec_t at;
} Told;

typedef struct World {
	Folder folder;
	FakeJournal journal;
	Ledger *l;
	SinkJournal sink;
	int64_t run;
	usec_t now;
	Told told[ENTRIES_MAX];
	size_t n;
	char buffer[1 << 18];
} World;

static int setup(void **state)
{
	World *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	folder_make(&w->folder);
	fake_journal_make(&w->journal);
	w->l = must_write(&w->folder);
	assert_int_equal(ledger_know_machine(w->l, MACHINE), 0);
	w->sink = (SinkJournal){ .socket = w->journal.path };
	w->now = NOW;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	World *w = *state;

	ledger_free(w->l);
	fake_journal_remove(&w->journal);
	folder_remove(&w->folder);
	for (size_t i = 0; i < w->n; i++)
		free(w->told[i].text);
	free(w);
	return 0;
}

/* ---- SQL behind everybody's back ---- */

static void ask(const char *path, const char *attached, const char *text, Buffer *ret)
{
	sqlite3_stmt *s = NULL;
	sqlite3 *db = NULL;
	char attach[256];

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	snprintf(attach, sizeof(attach), "ATTACH '%s' AS own", attached);
	if (attached)
		assert_int_equal(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(db, text, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	while (sqlite3_step(s) == SQLITE_ROW) {
		for (int c = 0; c < sqlite3_column_count(s); c++)
			buffer_printf(ret, "%s|",
				      (const char *)sqlite3_column_text(s, c) ?: "NULL");
		buffer_add_char(ret, '\n');
	}
	assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(buffer_error(ret), 0);
}

/* Hashes and boots are hexadecimal, but not in the fixture. */
static void rename_hashes(World *w)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;

	w->l = ledger_free(w->l);
	ask(w->folder.path, NULL, "UPDATE profile SET hash='abc0' WHERE hash='sha256:1'", &b);
	ask(w->folder.path, NULL, "UPDATE run SET boot='01'", &b);
	w->l = must_write(&w->folder);
	assert_int_equal(ledger_know_machine(w->l, MACHINE), 0);
}

/* ---- telling ---- */

static void receive(World *w)
{
	size_t n;

	while ((n = fake_journal_receive(&w->journal, w->buffer, sizeof(w->buffer))) > 0) {
		Told *t = &w->told[w->n++];

		assert_true(w->n < ENTRIES_MAX);
		*t = (Told){ .text = malloc(n), .n = n, .at = w->now };
		assert_non_null(t->text);
		memcpy(t->text, w->buffer, n);
	}
}

static void tell(World *w, bool final)
{
	int r;

	do {
		r = sink_journal_tell(&w->sink, w->l, w->now, final);
		assert_true(r >= 0);
		receive(w);
	} while (r > 0);
}

/* However many periods of the limit that takes. */
static void tell_all(World *w)
{
	size_t before;

	do {
		before = w->n;
		w->now += JOURNAL_LIMIT_PERIOD;
		tell(w, true);
	} while (w->n > before);
}

static Span field(const Told *t, const char *name)
{
	return fake_journal_span(t->text, t->n, name);
}

static bool is_of(const Told *t, const char *id)
{
	return span_is(field(t, "MESSAGE_ID"), id);
}

static size_t count_of(const World *w, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += is_of(&w->told[i], id);
	return n;
}

/* ---- the two ledgers that are made ---- */

static void read_fields(const Told *t, Span ret[_JOURNAL_NAME_MAX])
{
	for (unsigned i = 0; i < _JOURNAL_NAME_MAX; i++)
		ret[i] = field(t, journal_names[i].p);
	ret[JOURNAL_NAME_TRANSPORT] = SPAN_LIT("journal");
	ret[JOURNAL_NAME_UNIT] = SPAN_LIT("seccompd.service");
	ret[JOURNAL_NAME_UID] = SPAN_LIT("990");
	ret[JOURNAL_NAME_HOSTNAME] = SPAN_LIT("host-a");
	ret[JOURNAL_NAME_MACHINE] = SPAN_LIT(MACHINE);
}

static void replay(const char *path, const Told *const *told, size_t n, JournalReplayReport *ret)
{
	_cleanup_(journal_replay_freep) JournalReplay *r = NULL;
	_cleanup_(ledger_freep) Ledger *l = NULL;
	Diag d = { 0 };

	if (ledger_open_journal(path, &l, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(journal_replay_new(l, UINT32_MAX, NULL, &r), 0);
	for (size_t i = 0; i < n; i++) {
		Span fields[_JOURNAL_NAME_MAX];

		read_fields(told[i], fields);
		assert_int_equal(journal_replay_entry(r, fields, false, told[i]->at), 0);
	}
	assert_int_equal(journal_replay_finish(r, ret), 0);
	assert_int_equal(ledger_commit(l), 0);
	if (ret->counts.rejected > 0)
		fail_msg("rejected: %s %s", ret->fault.field, ret->fault.what);
	ret->tellers = NULL;
}

/* All of it, or all but what has the number @without. */
static void replay_all(const World *w, const char *path, uint64_t without, JournalReplayReport *ret)
{
	static const Told *order[ENTRIES_MAX];
	char number[24];
	size_t n = 0;

	snprintf(number, sizeof(number), "%llu", (unsigned long long)without);
	for (size_t i = 0; i < w->n; i++)
		if (!span_is(field(&w->told[i], SECCOMPD_FIELD_SEQUENCE), number))
			order[n++] = &w->told[i];
	replay(path, order, n, ret);
}

static void merge(const char *path, const char *from, uint64_t missing)
{
	_cleanup_(ledger_freep) Ledger *l = NULL, *one = NULL;
	_cleanup_(ledger_merge_freep) LedgerMerge *m = NULL;
	LedgerMergeReport report;
	bool source = false;
	Diag d = { 0 };

	if (ledger_open_merge(path, &l, &d) != 0 || ledger_open_reader(from, &one, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ledger_begin(l), 0);
	assert_int_equal(ledger_merge_new(l, &m), 0);
	assert_int_equal(ledger_merge_from(m, one, &source), 0);
	assert_int_equal(ledger_merge_finish(m, &report), 0);
	assert_int_equal(report.untold.entries, missing);
	assert_int_equal(ledger_commit(l), 0);
}

static void new_path(const World *w, const char *name, char ret[static 128])
{
	snprintf(ret, 128, "%s/%s.db", w->folder.dir, name);
}

/* ---- what is compared ---- */

static const char *const queries[] = {
	"SELECT f.id & 0xffffffffff, w.name, p.hash, f.kind, f.runtime, f.name, f.image_digest,"
	" f.runtime_version, f.libseccomp, f.kernel, f.machine, f.capabilities, f.start,"
	" f.start_seen, f.stop, f.stop_seen, f.exit, f.joins, f.joined FROM lifetime f"
	" JOIN workload w ON w.id=f.workload JOIN profile p ON p.id=f.profile ORDER BY 1",
	"SELECT id & 0xffffffffff, boot, start, stop FROM run ORDER BY 1",
	"SELECT l.id & 0xffffffffff, l.kind, w.name, l.start, l.stop, l.count FROM loss l"
	" LEFT JOIN workload w ON w.id=l.workload ORDER BY 1",
	"SELECT w.name, s.nr, s.origin, s.count, s.first, s.last, s.subjects, s.lifetimes"
	" FROM sighting s JOIN workload w ON w.id=s.workload ORDER BY 1, 2, 3",
	"SELECT w.name, s.nr, s.origin, m.lifetime & 0xffffffffff, m.first FROM making m"
	" JOIN sighting s ON s.id=m.sighting JOIN workload w ON w.id=s.workload ORDER BY 1, 2, 3,"
	" 4",
	"SELECT hash, json FROM profile WHERE hash<>'' ORDER BY 1",
	"SELECT hex(keys) FROM replayed WHERE workload=0",
};

static void must_be_alike(const char *a, const char *b, bool sequence)
{
	for (size_t i = 0; i < ELEMENTSOF(queries) - !sequence; i++) {
		_cleanup_buffer_ Buffer one = BUFFER_NULL, other = BUFFER_NULL;

		ask(a, NULL, queries[i], &one);
		ask(b, NULL, queries[i], &other);
		assert_string_equal(one.p ?: "", other.p ?: "");
	}
}

static Ledger *must_open(const char *path)
{
	Ledger *l = NULL;
	Diag d = { 0 };

	if (ledger_open_reader(path, &l, &d) != 0)
		fail_msg("%s", d.text);
	return l;
}

static void print_gate(const GateView *v, GateTarget target, Buffer *ret)
{
	buffer_printf(ret, "%s to %s: %s\n", v->workload->name, gate_target_name(target),
		      gate_verdict_name(v->report.verdict));
	for (size_t i = 0; i < v->report.n; i++) {
		const GateCriterion *c = &v->report.criteria[i];

		/* a daemon's own ledger knows no other hosts */
		if (strcmp(c->name, "hosts") != 0)
			buffer_printf(ret, " %s %s %s %s: %s\n", c->name,
				      gate_verdict_name(c->verdict), c->value, c->threshold,
				      c->sentence);
	}
	buffer_printf(ret, " once %llu twice %llu of %llu\n",
		      (unsigned long long)v->coverage_input.once,
		      (unsigned long long)v->coverage_input.twice,
		      (unsigned long long)v->coverage_input.lifetimes);
}

/* Of each workload, for each stage, all criteria with what is said of them. How many are ready is
 * returned, and how many are not unknown in *ret_known. */
static unsigned ask_gates(const char *path, usec_t now, Buffer *ret, unsigned *ret_known)
{
	_cleanup_(ledger_freep) Ledger *l = must_open(path);
	_cleanup_workloads_ Workloads all = { 0 };
	_cleanup_history_ History h = { 0 };
	GatePolicy policy = { .rollback_tested = true };
	unsigned ready = 0;

	gate_thresholds_default(&policy.thresholds);
	suspect_policy_default(&policy.suspect);
	assert_int_equal(history_read(l, true, now, HISTORY_SILENCE, &h), 0);
	assert_int_equal(workloads_read(l, &all), 0);
	for (size_t i = 0; i < all.n; i++)
		for (GateTarget to = 0; to < _GATE_TARGET_MAX; to++) {
			_cleanup_gate_view_ GateView v = { 0 };

			assert_int_equal(gate_view_read(&(GateQuery){ .ledger = l,
								      .history = &h,
								      .workload = &all.rows[i],
								      .policy = &policy },
							&v),
					 0);
			gate_view_decide(&v, to);
			print_gate(&v, to, ret);
			ready += v.report.verdict == GATE_READY;
			*ret_known += v.report.verdict != GATE_UNKNOWN;
		}
	assert_int_equal(buffer_error(ret), 0);
	return ready;
}

static void gates_must_be_alike(const char *a, const char *b, usec_t now)
{
	_cleanup_buffer_ Buffer one = BUFFER_NULL, other = BUFFER_NULL;
	unsigned ignored = 0;

	ask_gates(a, now, &one, &ignored);
	ask_gates(b, now, &other, &ignored);
	assert_string_equal(one.p, other.p);
}

/* ---- the gate ---- */

/* The fixture's workload, told to the end. */
static void tell_watched(World *w)
{
	assert_int_equal(ledger_begin(w->l), 0);
	put_run(w->l);
	put_watched(w->l, "docker:gate");
	assert_int_equal(ledger_commit(w->l), 0);
	rename_hashes(w);
	tell_all(w);
}

static void test_the_gate_says_the_same(void **state)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	char made[128], merged[128];
	JournalReplayReport report;
	unsigned known = 0;
	World *w = *state;

	tell_watched(w);
	assert_int_equal(count_of(w, SECCOMPD_MESSAGE_LIFETIMES), 1);
	new_path(w, "made", made);
	new_path(w, "merged", merged);
	replay_all(w, made, 0, &report);
	assert_int_equal(report.figures.lifetimes, 4);
	assert_int_equal(report.untold.entries, 0);
	merge(merged, w->folder.path, 0);
	must_be_alike(merged, made, true);
	gates_must_be_alike(merged, made, NOW);
	gates_must_be_alike(w->folder.path, made, NOW);
	assert_int_equal(ask_gates(made, NOW, &b, &known), 1);
}

/* What ran when is not known: then nothing is. */
static void test_without_one_entry_no_gate_is_known(void **state)
{
	JournalReplayReport report;
	World *w = *state;
	uint64_t n = 0;

	tell_watched(w);
	/* it is seen by what comes behind it */
	w->now = NOW + 2 * TELL_LONGER_INTERVAL;
	assert_int_equal(ledger_begin(w->l), 0);
	assert_int_equal(ledger_extend_run(w->l, 1, w->now), 0);
	assert_int_equal(ledger_commit(w->l), 0);
	tell_all(w);
	assert_int_equal(ledger_get_sequence(w->l, &n), 0);
	assert_true(n >= 3);
	for (uint64_t i = 1; i < n; i++) {
		_cleanup_buffer_ Buffer b = BUFFER_NULL;
		unsigned known = 0;
		char made[128], merged[128], name[16];

		snprintf(name, sizeof(name), "made%u", (unsigned)i);
		new_path(w, name, made);
		replay_all(w, made, i, &report);
		assert_int_equal(report.untold.entries, 1);
		assert_int_equal(ask_gates(made, w->now, &b, &known), 0);
		assert_int_equal(known, 0);
		/* who told it knows */
		new_path(w, "merged", merged);
		merge(merged, made, 1);
		merge(merged, w->folder.path, 0);
		assert_int_equal(ask_gates(merged, w->now, &b, &known), 1);
		assert_int_equal(unlink(merged), 0);
		/* until it comes */
		replay_all(w, made, 0, &report);
		assert_int_equal(report.untold.entries, 0);
		assert_int_equal(ask_gates(made, w->now, &b, &known), 1);
	}
}

/* ---- any history ---- */

static int64_t pick_workload(World *w, const char *profile)
{
	static const char *const names[] = { "docker:web", "docker:db", "unit:a.service" };
	LedgerWorkload of = make_workload(names[random() % 3]);
	int64_t id = 0;

	of.profile_hash = profile;
	of.profile_json = "{\"defaultAction\":\"SCMP_ACT_LOG\"}";
	of.now = w->now;
	assert_int_equal(ledger_put_workload(w->l, &of, &id), 0);
	return id;
}

static int64_t begin_lifetime(World *w, int64_t workload, const char *profile)
{
	LedgerLifetime f = { .workload = workload,
			     .profile_hash = profile,
			     .kind = random() % 3 ? SUBJECT_CONTAINER : SUBJECT_UNIT,
			     .runtime = "docker",
			     .incarnation = "1:2",
			     .image_digest = random() % 2 ? "sha256:a" : "",
			     .runtime_version = "1",
			     .libseccomp = "2.5",
			     .kernel = random() % 8 ? "6.1.0" : "6.2.0",
			     .machine = "x86_64",
			     .capabilities = "",
			     .from = w->now,
			     .start_seen = random() % 4 };
	char name[16];
	int64_t id = 0;

	snprintf(name, sizeof(name), "%012ld", random() % 5);
	f.name = name;
	assert_int_equal(ledger_begin_lifetime(w->l, &f, &id), 0);
	return id;
}

static int pick_open(const LedgerLifetime *row, void *userdata)
{
	*(int64_t *)userdata = row->id;
	return random() % 3 == 0;
}

static int64_t open_lifetime(World *w)
{
	int64_t id = 0;

	assert_true(ledger_each_open_lifetime(w->l, pick_open, &id) >= 0);
	return id;
}

static void call(World *w, int64_t workload, int64_t lifetime)
{
	LedgerCall c = make_ledger_call(
		workload, put_subject(w->l, workload, (unsigned)random() % 3), random() % 5, 1);
	int64_t id;

	c.profile_hash = "abc0";
	c.first = c.last = w->now;
	assert_true(ledger_add(w->l, &c, &id) >= 0);
	assert_int_equal(ledger_note_lifetime(w->l, id, lifetime, w->now, w->now), 0);
}

static void live(World *w)
{
	int64_t id = open_lifetime(w), workload;

	w->now += (usec_t)random() % (200 * SECOND);
	assert_int_equal(ledger_begin(w->l), 0);
	if (w->run == 0)
		assert_int_equal(ledger_begin_run(w->l, "01", w->now, &w->run), 0);
	assert_int_equal(ledger_extend_run(w->l, w->run, w->now), 0);
	if (id && random() % 2)
		assert_int_equal(ledger_end_lifetime(w->l, id, w->now, random() % 2,
						     (LifetimeExit)(random() % _LIFETIME_EXIT_MAX)),
				 0);
	else if (id && random() % 2)
		assert_int_equal(ledger_note_join(w->l, id, w->now), 0);
	else if (id && random() % 3 == 0)
		assert_int_equal(ledger_fill_lifetime(w->l, id, "abc1"), 0);
	if (random() % 2) {
		workload = pick_workload(w, random() % 4 ? "abc0" : "abc1");
		call(w, workload, begin_lifetime(w, workload, random() % 4 ? "abc0" : ""));
	}
	if (random() % 20 == 0)
		assert_int_equal(ledger_add_loss(w->l, &(LedgerLoss){ "enobufs", 0, w->now - SECOND,
								      w->now, 1, 0, NULL }),
				 0);
	assert_int_equal(ledger_commit(w->l), 0);
}

/* Killed behind the sending: what was sent is not marked, and is sent again. */
static void die(World *w)
{
	(void)sink_journal_tell(&w->sink, w->l, w->now, false);
	receive(w);
	w->sink = (SinkJournal){ .socket = w->journal.path };
	w->run = 0;
}

/* In any order, some of it twice. */
static void replay_mixed(const World *w, const char *path)
{
	static const Told *order[2 * ENTRIES_MAX];
	JournalReplayReport report;
	size_t n = 0, cut;

	for (size_t i = 0; i < w->n; i++)
		for (long times = 1 + random() % 2; times > 0; times--)
			order[n++] = &w->told[i];
	for (size_t i = n; i > 1; i--) {
		size_t k = (size_t)random() % i;
		const Told *t = order[i - 1];

		order[i - 1] = order[k];
		order[k] = t;
	}
	cut = n / 2;
	replay(path, order, cut, &report);
	replay(path, order + cut, n - cut, &report);
	assert_int_equal(report.untold.entries, 0);
	replay(path, order, n, &report);
	assert_false(report.changed);
}

static void test_the_journal_makes_the_ledger_again(void **state)
{
	char straight[128], mixed[128], merged[128];
	JournalReplayReport report;
	World *w = *state;

	srandom(1);
	/* a filter comes with what ran under it */
	assert_int_equal(ledger_begin(w->l), 0);
	begin_lifetime(w, pick_workload(w, "abc0"), "abc0");
	begin_lifetime(w, pick_workload(w, "abc1"), "abc1");
	assert_int_equal(ledger_commit(w->l), 0);
	for (unsigned i = 0; i < 160 / UNIT_SHARE; i++) {
		live(w);
		if (random() % 3 == 0)
			tell(w, false);
		if (random() % 40 == 0)
			die(w);
	}
	tell_all(w);
	new_path(w, "straight", straight);
	new_path(w, "mixed", mixed);
	new_path(w, "merged", merged);
	replay_all(w, straight, 0, &report);
	assert_int_equal(report.untold.entries, 0);
	assert_true(report.figures.lifetimes > 40 / UNIT_SHARE);
	replay_mixed(w, mixed);
	merge(merged, w->folder.path, 0);
	must_be_alike(straight, mixed, true);
	must_be_alike(straight, merged, true);
	gates_must_be_alike(straight, mixed, w->now);
	gates_must_be_alike(straight, merged, w->now);
	/* and with the ledger itself nothing more */
	merge(merged, straight, 0);
	must_be_alike(straight, merged, true);
}

/* ---- a crowd ---- */

static void lose(World *w, const char *kind, usec_t from)
{
	assert_int_equal(
		ledger_add_loss(
			w->l,
			&(LedgerLoss){ .kind = kind, .from = from, .to = w->now, .count = 1 }),
		0);
}

/* @n workloads of which an instance ends and another begins. */
static void restart_all(World *w, int64_t *running, unsigned n)
{
	char name[32] = "";
	LedgerWorkload of = make_workload(name);

	of.profile_hash = "abc0";
	assert_int_equal(ledger_begin(w->l), 0);
	if (w->run == 0)
		assert_int_equal(ledger_begin_run(w->l, "01", w->now, &w->run), 0);
	assert_int_equal(ledger_extend_run(w->l, w->run, w->now), 0);
	for (unsigned i = 0; i < n; i++) {
		int64_t workload;

		snprintf(name, sizeof(name), "docker:web-%u", i);
		assert_int_equal(ledger_put_workload(w->l, &of, &workload), 0);
		if (running[i])
			assert_int_equal(ledger_end_lifetime(w->l, running[i], w->now, true,
							     LIFETIME_EXIT_GRACEFUL),
					 0);
		running[i] = begin_lifetime(w, workload, "abc0");
	}
	/* One that lasts, and others that come and go. */
	lose(w, "enobufs", w->now - 60 * SECOND);
	lose(w, random() % 2 ? "rejected" : "lineage", w->now - SECOND);
	assert_int_equal(ledger_commit(w->l), 0);
}

/* Up to the end of the run that was told of, the ledger from the journal knows what ran. */
static void must_hold_until_its_end(const World *w, const char *name)
{
	_cleanup_buffer_ Buffer b = BUFFER_NULL;
	JournalReplayReport report;
	char made[128];

	new_path(w, name, made);
	replay_all(w, made, 0, &report);
	ask(made, w->folder.path,
	    "SELECT count(*) FROM own.lifetime o LEFT JOIN lifetime f ON f.id & 0xffffffffff=o.id,"
	    " (SELECT coalesce(max(stop), 0) AS until FROM run) WHERE o.start<=until AND"
	    " (f.id IS NULL OR (o.stop<>0 AND o.stop<=until AND f.stop<>o.stop))"
	    " UNION ALL SELECT count(*) FROM own.loss o LEFT JOIN loss f"
	    " ON f.id & 0xffffffffff=o.id, (SELECT coalesce(max(stop), 0) AS until FROM run)"
	    " WHERE min(o.stop, until)>coalesce(f.stop, o.start)",
	    &b);
	assert_string_equal(b.p, "0|\n0|\n");
}

static size_t most_within(const World *w, usec_t period)
{
	size_t most = 0;

	for (size_t from = 0, to = 0; to < w->n; to++) {
		while (w->told[to].at - w->told[from].at >= period)
			from++;
		most = MAX(most, to + 1 - from);
	}
	return most;
}

/* More workloads than there is room for entries, all of them started over and over. */
static void test_a_run_is_told_no_further_than_what_ran_in_it(void **state)
{
	static int64_t running[300];
	unsigned n = ELEMENTSOF(running) / UNIT_SHARE;
	World *w = *state;
	size_t runs;

	memset(running, 0, sizeof(running));
	for (unsigned i = 0; i < 4; i++) {
		char name[16];

		restart_all(w, running, n);
		for (unsigned k = 0; k < 4; k++) {
			w->now += 15 * SECOND;
			tell(w, false);
		}
		snprintf(name, sizeof(name), "crowd%u", i);
		must_hold_until_its_end(w, name);
	}
	assert_true(most_within(w, JOURNAL_LIMIT_PERIOD) <= JOURNAL_LIMIT);
	tell_all(w);
	runs = count_of(w, SECCOMPD_MESSAGE_WATCHED);
	assert_true(runs >= 2);
	must_hold_until_its_end(w, "end");
}

/* More instances of one workload within seconds than the ledger keeps: of the newest all is told.
 */
static void test_more_instances_than_are_kept_are_folded(void **state)
{
	char made[128], merged[128];
	JournalReplayReport report;
	World *w = *state;

	for (unsigned i = 0; i < 2; i++) {
		int64_t workload, id;

		assert_int_equal(ledger_begin(w->l), 0);
		workload = pick_workload(w, "abc0");
		for (unsigned k = 0; k < 835; k++) {
			w->now += 5000;
			id = begin_lifetime(w, workload, "abc0");
			assert_int_equal(ledger_end_lifetime(w->l, id, w->now + 1000, true,
							     LIFETIME_EXIT_GRACEFUL),
					 0);
		}
		assert_int_equal(ledger_commit(w->l), 0);
		tell(w, false);
	}
	tell_all(w);
	assert_true(most_within(w, JOURNAL_LIMIT_PERIOD) <= JOURNAL_LIMIT);
	new_path(w, "made", made);
	new_path(w, "merged", merged);
	replay_all(w, made, 0, &report);
	assert_int_equal(report.untold.entries, 0);
	merge(merged, w->folder.path, 0);
	must_be_alike(merged, made, true);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
UNIT_MAIN(TEST(test_the_gate_says_the_same), TEST(test_without_one_entry_no_gate_is_known),
	  TEST(test_the_journal_makes_the_ledger_again),
	  TEST(test_a_run_is_told_no_further_than_what_ran_in_it),
	  TEST(test_more_instances_than_are_kept_are_folded))
