/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fnmatch.h>
#include <linux/limits.h>

#include "audit/action.h"
#include "audit/arch.h"
#include "evidence/ledger-history.h"
#include "evidence/ledger-schema.h"
#include "evidence/replay.h"
#include "evidence/replay-calls.h"
#include "evidence/replay-hours.h"
#include "evidence/replay-loss.h"
#include "evidence/replay-write.h"

#define NOBODY "unattributed"

/* The end of the year 9999: no log is of later, and the ledger could not hold much more. */
#define TIME_MAX (UINT64_C(253402300800) * USEC_PER_SEC)

#define BATCH REPLAY_CALLS_BETWEEN

/* A line that waits to be looked up. */
typedef struct Pending {
	RecordKey key;
	uint32_t call; /* of a record */
} Pending;

/* The stretch that was looked up last: the next line is mostly of the same. */
typedef struct Held {
	bool is, changed;
	uint64_t stretch;
	int64_t workload;
	RecordKeys keys;
} Held;

typedef struct Batch {
	size_t n;
	Pending rows[BATCH];
	Held held;
} Batch;

struct Replay {
	ReplaySelection selection;
	SubjectKind kind; /* of the workload, as far as origins depend on it */
	Origin usual_origin;
	Ledger *ledger;
	int64_t workload; /* its row; 0: not made yet */
	uint64_t dropped; /* of the workload, ever */
	ReplayCalls *calls;
	ReplayHours hours;
	ReplayCounts counts;
	bool changed;
	int error;
	Batch records, others;
	RecordKey keys[BATCH]; /* of one stretch, and whether they are new */
	bool is_new[BATCH];
};

/* ---- beginning: what the ledger has of the workload ---- */

static int load_example(const LedgerExampleRow *row, void *userdata)
{
	return replay_call_load_example(userdata, row);
}

static int load_sighting(const LedgerSightingRow *row, void *userdata)
{
	Replay *r = userdata;
	uint32_t i;
	int e = replay_calls_find(r->calls, row->arch, row->nr, row->action, row->origin, &i);

	if (e == 0 && i == REPLAY_CALL_DROPPED)
		e = -EBADMSG;
	if (e < 0)
		return e;
	replay_call_load(replay_calls_at(r->calls, i), row);
	return ledger_each_example(r->ledger, row->id, load_example, replay_calls_at(r->calls, i));
}

static int load_hour(const LedgerHour *row, void *userdata)
{
	Replay *r = userdata;

	return replay_hours_add(&r->hours, row->from, row->records);
}

static const char *name_of(const Replay *r)
{
	return r->selection.workload ?: NOBODY;
}

static int find_workload(const LedgerWorkloadRow *row, void *userdata)
{
	Replay *r = userdata;

	if (strcmp(row->name, name_of(r)) == 0) {
		r->workload = row->id;
		r->dropped = row->dropped;
	}
	return 0;
}

static int load(Replay *r)
{
	int e = ledger_each_workload(r->ledger, find_workload, r);

	if (e < 0 || r->workload == 0)
		return e;
	e = ledger_each_sighting(r->ledger, r->workload, load_sighting, r);
	return e < 0 ? e : ledger_each_hour(r->ledger, r->workload, 0, load_hour, r);
}

static SubjectKind kind_of_name(const char *name)
{
	static const struct {
		const char *prefix;
		SubjectKind kind;
	} kinds[] = { { "unit:", SUBJECT_UNIT }, { "host:", SUBJECT_HOST } };

	for (size_t i = 0; name && i < ELEMENTSOF(kinds); i++)
		if (span_starts(span_of(name), span_of(kinds[i].prefix)))
			return kinds[i].kind;
	return name ? SUBJECT_CONTAINER : SUBJECT_UNATTRIBUTED;
}

int replay_new(const ReplaySelection *s, Ledger *l, uint64_t seed, Replay **ret)
{
	_cleanup_(replay_freep) Replay *r = calloc(1, sizeof(*r));
	int e;

	if (!r)
		return -ENOMEM;
	r->selection = *s;
	r->kind = kind_of_name(s->workload);
	r->usual_origin = origin_of_comm(r->kind, SPAN_LIT("-"), SPAN_LIT("-"));
	r->ledger = l;
	r->hours.max = LEDGER_HOURS_PER_WORKLOAD;
	e = replay_calls_new(seed, LEDGER_SIGHTINGS_DEFAULT, &r->calls);
	if (e == 0)
		e = load(r);
	if (e < 0)
		return e;
	*ret = STEAL(r);
	return 0;
}

Replay *replay_free(Replay *r)
{
	if (!r)
		return NULL;
	replay_calls_free(r->calls);
	replay_hours_done(&r->hours);
	record_keys_done(&r->records.held.keys);
	record_keys_done(&r->others.held.keys);
	free(r);
	return NULL;
}

int replay_error(const Replay *r)
{
	return r->error;
}

/* ---- a batch: which of its lines are new ---- */

static int by_key(const void *a, const void *b)
{
	return record_key_compare(&((const Pending *)a)->key, &((const Pending *)b)->key);
}

/* A log is mostly in order. */
static void sort(Batch *b)
{
	for (size_t i = 1; i < b->n; i++)
		if (by_key(&b->rows[i - 1], &b->rows[i]) > 0) {
			qsort(b->rows, b->n, sizeof(b->rows[0]), by_key);
			return;
		}
}

static int let_go(const Replay *r, const Held *h)
{
	return h->changed ? ledger_put_keys(r->ledger, h->stretch, h->workload, &h->keys) : 0;
}

/* Another stretch in place of the one that is held. */
static int hold(const Replay *r, Held *h, int64_t workload, uint64_t stretch)
{
	int e = let_go(r, h);

	h->keys.n = 0;
	h->changed = false;
	h->stretch = stretch;
	h->workload = workload;
	h->is = e == 0;
	return e == 0 ? ledger_get_keys(r->ledger, stretch, workload, &h->keys) : e;
}

/* Marks in .is_new those of the first @n of .keys that the ledger has not got, and adds them. */
static int add_stretch(Replay *r, Held *h, int64_t workload, size_t n)
{
	uint64_t stretch = record_key_stretch(&r->keys[0]);
	size_t before;
	int e = 0;

	if (!h->is || h->stretch != stretch)
		e = hold(r, h, workload, stretch);
	before = h->keys.n;
	if (e == 0)
		e = record_keys_join(&h->keys, r->keys, n, r->is_new);
	if (e == 0 && h->keys.n > before)
		r->changed = h->changed = true;
	return e;
}

static int count(Replay *r, const Pending *p)
{
	ReplayCall *call;

	if (p->call == REPLAY_CALL_DROPPED) {
		r->dropped++;
		r->counts.dropped++;
		return 0;
	}
	call = replay_calls_at(r->calls, p->call);
	call->count++;
	call->changed = true;
	r->counts.counted++;
	return replay_hours_add(&r->hours, p->key.time * USEC_PER_MSEC, 1);
}

static int take_batch(Replay *r, Batch *b, int64_t workload)
{
	int e = 0;

	sort(b);
	for (size_t from = 0, to; e == 0 && from < b->n; from = to) {
		uint64_t stretch = record_key_stretch(&b->rows[from].key);

		for (to = from; to < b->n && record_key_stretch(&b->rows[to].key) == stretch; to++)
			r->keys[to - from] = b->rows[to].key;
		e = add_stretch(r, &b->held, workload, to - from);
		for (size_t i = from; e == 0 && workload != 0 && i < to; i++)
			if (r->is_new[i - from])
				e = count(r, &b->rows[i]);
	}
	b->n = 0;
	return e;
}

static int make_workload(Replay *r)
{
	return ledger_put_workload(r->ledger,
				   &(LedgerWorkload){ .name = name_of(r),
						      .runtime = r->selection.runtime,
						      .dialect = r->selection.dialect },
				   &r->workload);
}

/* What it counted is as much dropped as what was never kept. */
static int drop_call(const ReplayCall *call, void *userdata)
{
	Replay *r = userdata;

	r->dropped += call->count;
	return call->row > 0 ? ledger_forget_sighting(r->ledger, call->row) : 0;
}

static int flush(Replay *r)
{
	int e = 0;

	if (r->records.n > 0 && r->workload == 0)
		e = make_workload(r);
	if (e == 0 && r->records.n > 0)
		e = take_batch(r, &r->records, r->workload);
	if (e == 0)
		e = take_batch(r, &r->others, 0);
	return e == 0 ? replay_calls_trim(r->calls, drop_call, r) : e;
}

static void push(Replay *r, Batch *b, const Pending *p)
{
	b->rows[b->n++] = *p;
	if (b->n == BATCH)
		r->error = flush(r);
}

/* ---- a line ---- */

static RecordKey key_of(const Line *line, int32_t pid)
{
	const Record *record = &line->record;

	return (RecordKey){ record->sec * 1000 + record->msec, record->serial, pid };
}

/* An event has several lines of one serial, mostly one after another. */
static void push_other(Replay *r, const Line *line, int32_t pid)
{
	Pending p = { .key = key_of(line, pid) };
	Batch *b = &r->others;

	if (b->n == 0 || record_key_compare(&b->rows[b->n - 1].key, &p.key) != 0)
		push(r, b, &p);
}

static bool is_within(const Replay *r, usec_t time)
{
	const ReplaySelection *s = &r->selection;

	return time >= s->since && (s->until == 0 || time < s->until);
}

static bool is_wanted(const Replay *r, const Record *record)
{
	char exe[PATH_MAX];

	if (!r->selection.exe)
		return true;
	return record_text(record->exe, exe, sizeof(exe)) > 0 &&
	       fnmatch(r->selection.exe, exe, 0) == 0;
}

/* Runtimes' names begin with these; most programs' do not. */
static bool may_be_runtime(Span comm)
{
	return comm.n < 2 || comm.p[0] != '"' || comm.p[1] == 'r' || comm.p[1] == 'c' ||
	       comm.p[1] == 'y' || comm.p[1] == 'e';
}

static Origin origin_by_names(const Replay *r, const Record *record)
{
	char comm[REPLAY_COMM_MAX], exe[REPLAY_EXE_MAX];

	if (record_text(record->comm, comm, sizeof(comm)) < 0)
		comm[0] = '\0';
	if (record_text(record->exe, exe, sizeof(exe)) < 0)
		exe[0] = '\0';
	return origin_of_comm(r->kind, span_of(comm), span_of(exe));
}

static Origin origin_of(const Replay *r, const Record *record)
{
	return r->kind == SUBJECT_CONTAINER && may_be_runtime(record->comm)
		       ? origin_by_names(r, record)
		       : r->usual_origin;
}

static int take_record(Replay *r, const Line *line, usec_t time)
{
	const Record *record = &line->record;
	Pending p = { .key = key_of(line, record->pid) };
	int e = replay_calls_find(r->calls, arch_of_call(record->arch, record->nr), record->nr,
				  action_of_code(record->code), origin_of(r, record), &p.call);

	if (e == 0 && p.call != REPLAY_CALL_DROPPED)
		e = replay_call_note(replay_calls_at(r->calls, p.call), record, time);
	if (e == 0)
		push(r, &r->records, &p);
	return e < 0 ? e : r->error;
}

static int choose_record(Replay *r, const Line *line, usec_t time)
{
	if (time == 0) {
		r->counts.undated++;
		return 0;
	}
	if (!is_within(r, time)) {
		r->counts.outside++;
		return 0;
	}
	if (is_wanted(r, &line->record))
		return take_record(r, line, time);
	r->counts.other_exe++;
	push_other(r, line, 0);
	return r->error;
}

/* Its serial was not lost, whatever it is. */
static int take_other(Replay *r, const Line *line, usec_t time)
{
	bool rejected = line->status == LINE_REJECT;

	if (line->status == LINE_SKIP && strcmp(line->reason, "loss-notice") == 0)
		r->counts.loss_notices++;
	if (rejected && time == 0)
		r->counts.damaged++;
	if (time > 0 && is_within(r, time))
		push_other(r, line, rejected ? RECORD_KEY_REJECTED : 0);
	return r->error;
}

void replay_line(Replay *r, const Line *line)
{
	ReplayCounts *c = &r->counts;
	uint64_t *const counts[_LINE_STATUS_MAX] = { &c->records, &c->skipped, &c->rejected };
	usec_t time = line_time(line);

	if (r->error < 0)
		return;
	(*counts[line->status])++;
	c->stamped += line->has_stamp;
	if (time >= TIME_MAX)
		time = 0;
	r->error = line->status == LINE_RECORD ? choose_record(r, line, time)
					       : take_other(r, line, time);
}

/* ---- the end ---- */

static int write_flags(Replay *r)
{
	const uint64_t met[_REPLAY_FLAG_MAX] = {
		[REPLAY_DAMAGED] = r->counts.damaged,
		[REPLAY_UNDATED] = r->counts.undated,
		[REPLAY_NOTICED] = r->counts.loss_notices,
	};
	int e = 0;

	for (int i = 0; e == 0 && i < _REPLAY_FLAG_MAX; i++) {
		bool is_new = false;

		if (met[i] > 0)
			e = replay_loss_flag(r->ledger, (ReplayFlag)i, &is_new);
		r->changed |= is_new;
	}
	return e;
}

int replay_finish(Replay *r, ReplayReport *ret)
{
	ReplayReport report = { 0 };
	LedgerReplayed figures;
	int e = r->error < 0 ? r->error : flush(r);
	const ReplayTarget into = { .ledger = r->ledger,
				    .workload = r->workload,
				    .asserted = r->selection.workload != NULL,
				    .calls = r->calls,
				    .hours = &r->hours };

	if (e == 0)
		e = let_go(r, &r->records.held);
	if (e == 0)
		e = let_go(r, &r->others.held);
	if (e == 0)
		e = write_flags(r);
	figures = replay_figures(r->calls, r->dropped);
	if (e == 0 && r->changed)
		e = replay_write(&into, &figures);
	if (e == 0)
		e = replay_loss_write(r->ledger, &report.serial_gaps);
	if (e == 0 && r->changed)
		e = ledger_set_replayed(r->ledger);
	if (e < 0)
		return e;
	report.counts = r->counts;
	report.changed = r->changed;
	report.calls = figures.sightings;
	report.first = figures.first;
	report.last = figures.last;
	*ret = report;
	return 0;
}
