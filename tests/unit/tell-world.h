/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* A ledger that is told to a journal, and the one that is made of it. */
#include "daemon/sink-journal.h"
#include "evidence/journal-replay.h"
#include "evidence/ledger-host.h"
#include "evidence/ledger-merge.h"
#include "seccompd/journal-fields.h"
#include "seccompd/message-ids.h"
#include "suggest/gate-figures.h"
#include "suggest/workload-lookup.h"
#include "tests/unit/fake-journal.h"
#include "tests/unit/ledger-query.h"
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

static inline int setup(void **state)
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

static inline int teardown(void **state)
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

static inline void receive(World *w)
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

static inline void tell(World *w, bool final)
{
	int r;

	do {
		r = sink_journal_tell(&w->sink, w->l, w->now, final);
		assert_true(r >= 0);
		receive(w);
	} while (r > 0);
}

/* However many periods of the limit that takes. */
static inline void tell_all(World *w)
{
	size_t before;

	do {
		before = w->n;
		w->now += JOURNAL_LIMIT_PERIOD;
		tell(w, true);
	} while (w->n > before);
}

static inline Span field(const Told *t, const char *name)
{
	return fake_journal_span(t->text, t->n, name);
}

static inline void read_fields(const Told *t, Span ret[_JOURNAL_NAME_MAX])
{
	for (unsigned i = 0; i < _JOURNAL_NAME_MAX; i++)
		ret[i] = field(t, journal_names[i].p);
	ret[JOURNAL_NAME_TRANSPORT] = SPAN_LIT("journal");
	ret[JOURNAL_NAME_UNIT] = SPAN_LIT("seccompd.service");
	ret[JOURNAL_NAME_UID] = SPAN_LIT("990");
	ret[JOURNAL_NAME_HOSTNAME] = SPAN_LIT("host-a");
	ret[JOURNAL_NAME_MACHINE] = SPAN_LIT(MACHINE);
}

static inline void replay(const char *path, const Told *const *told, size_t n,
			  JournalReplayReport *ret)
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
static inline void replay_all(const World *w, const char *path, uint64_t without,
			      JournalReplayReport *ret)
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

static inline void merge(const char *path, const char *from, uint64_t missing)
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

static inline void new_path(const World *w, const char *name, char ret[static 128])
{
	snprintf(ret, 128, "%s/%s.db", w->folder.dir, name);
}

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

static inline void must_be_alike(const char *a, const char *b, bool sequence)
{
	for (size_t i = 0; i < ELEMENTSOF(queries) - !sequence; i++) {
		_cleanup_buffer_ Buffer one = BUFFER_NULL, other = BUFFER_NULL;

		ledger_query(a, NULL, queries[i], &one);
		ledger_query(b, NULL, queries[i], &other);
		assert_string_equal(one.p ?: "", other.p ?: "");
	}
}

static inline Ledger *must_open(const char *path)
{
	Ledger *l = NULL;
	Diag d = { 0 };

	if (ledger_open_reader(path, &l, &d) != 0)
		fail_msg("%s", d.text);
	return l;
}

static inline void print_gate(const GateView *v, GateTarget target, Buffer *ret)
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
static inline unsigned ask_gates(const char *path, usec_t now, Buffer *ret, unsigned *ret_known)
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

static inline void gates_must_be_alike(const char *a, const char *b, usec_t now)
{
	_cleanup_buffer_ Buffer one = BUFFER_NULL, other = BUFFER_NULL;
	unsigned ignored = 0;

	ask_gates(a, now, &one, &ignored);
	ask_gates(b, now, &other, &ignored);
	assert_string_equal(one.p, other.p);
}

static inline int64_t begin_lifetime(World *w, int64_t workload, const char *profile)
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

static inline size_t most_within(const World *w, usec_t period)
{
	size_t most = 0;

	for (size_t from = 0, to = 0; to < w->n; to++) {
		while (w->told[to].at - w->told[from].at >= period)
			from++;
		most = MAX(most, to + 1 - from);
	}
	return most;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
