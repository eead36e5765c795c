/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "audit/syscall.h"
#include "daemon/now.h"
#include "daemon/writer.h"

/* Slots per transaction: bounds its time and the list of what to mark after it. */
#define FOLD_MAX 8192

/* Examples that wait for their sighting's row. */
#define PENDING_MAX 2048

/* So long at most before somebody else has a turn of the lock. */
#define TURN (5 * USEC_PER_MSEC)

#define HEARTBEAT (30 * USEC_PER_SEC)

typedef struct Folded {
	uint32_t slot, generation;
	uint64_t total;
} Folded;

/* The row that a slot was folded into, so that a later example finds it. */
typedef struct Row {
	uint32_t generation;
	int64_t sighting;
} Row;

/* How much of a subject's share of what the tally could not count is told. */
typedef struct Overflow {
	uint32_t generation;
	uint64_t told, telling;
} Overflow;

struct Writer {
	WriterSetup setup;
	Loss *loss;
	Joins joins;
	Overflow *overflow; /* TALLY_SUBJECTS of them */
	Row *rows;          /* TALLY_SLOTS of them, touched when used */
	Folded *listed;     /* what this pass may fold, as of one moment */
	size_t n_listed;
	uint64_t unfolded; /* records counted by then that this transaction has not got */
	PositionMark mark; /* how far the source was then */
	Folded *folded;
	size_t n_folded;
	QueueExample *pending;
	size_t n_pending;
	uint64_t new_by_risk[_RISK_MAX];
	usec_t last_heartbeat;
};

/*
 * The ledger knows what it holds; the mark in the tally may be behind (killed after a commit) or
 * ahead (the ledger was replaced).
 */
static int align_mark(uint32_t slot, uint32_t generation, uint64_t total, void *userdata)
{
	Writer *w = userdata;

	tally_align_folded(w->setup.tally, slot, generation, total);
	return 0;
}

static int align_marks(Writer *w)
{
	Tally *t = w->setup.tally;

	for (uint32_t i = 0; i < tally_n_slots(t); i++)
		tally_align_folded(t, i, tally_slot_generation(t, i), 0);
	if (!ledger_is_open(w->setup.ledger))
		return 0;
	return ledger_each_folded(w->setup.ledger, tally_id(t), align_mark, w);
}

/* What subjects could not be counted for before us is told, or stays told of all. */
static void note_old_overflow(Writer *w)
{
	TallySubject subject;

	for (uint32_t i = 0; i < tally_n_subjects(w->setup.tally); i++)
		if (tally_subject_copy(w->setup.tally, i, &subject) == 0)
			w->overflow[i] = (Overflow){ subject.generation, subject.overflow,
						     subject.overflow };
}

int writer_new(const WriterSetup *setup, usec_t now, Writer **ret)
{
	_cleanup_(writer_freep) Writer *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->setup = *setup;
	w->last_heartbeat = now;
	w->rows = calloc(TALLY_SLOTS, sizeof(*w->rows));
	w->folded = calloc(FOLD_MAX, sizeof(*w->folded));
	w->listed = calloc(FOLD_MAX, sizeof(*w->listed));
	w->pending = calloc(PENDING_MAX, sizeof(*w->pending));
	w->overflow = calloc(TALLY_SUBJECTS, sizeof(*w->overflow));
	if (!w->rows || !w->folded || !w->listed || !w->pending || !w->overflow)
		return -ENOMEM;
	w->loss = setup->loss;
	if (setup->lifetimes)
		w->joins = (Joins){ .ring = setup->joins,
				    .ledger = setup->ledger,
				    .lifetimes = setup->lifetimes };
	note_old_overflow(w);
	r = align_marks(w);
	if (r < 0)
		return r;
	*ret = STEAL(w);
	return 0;
}

/* Examples stay: those of slots that have no row now find theirs when it is made. */
int writer_renewed(Writer *w, bool same_boot)
{
	usec_t last_alive = 0;
	int r;

	memset(w->rows, 0, TALLY_SLOTS * sizeof(*w->rows));
	resolver_forget(w->setup.resolver);
	r = loss_renewed(w->loss, same_boot, &last_alive);
	if (r >= 0 && w->setup.lifetimes) {
		watch_lock(w->setup.lock);
		r = lifetimes_renewed(w->setup.lifetimes, same_boot, last_alive);
		watch_unlock(w->setup.lock);
	}
	return r < 0 ? r : align_marks(w);
}

Writer *writer_free(Writer *w)
{
	if (!w)
		return NULL;
	free(w->rows);
	free(w->folded);
	free(w->listed);
	free(w->pending);
	free(w->overflow);
	free(w);
	return NULL;
}

void writer_hurry(Writer *w)
{
	resolver_hurry(w->setup.resolver);
}

uint64_t writer_new_sightings(const Writer *w)
{
	uint64_t n = 0;

	for (int i = 0; i < _RISK_MAX; i++)
		n += w->new_by_risk[i];
	return n;
}

void writer_new_by_risk(const Writer *w, uint64_t ret[static _RISK_MAX])
{
	memcpy(ret, w->new_by_risk, sizeof(w->new_by_risk));
}

static void take_examples(Writer *w)
{
	queue_acknowledge(w->setup.queue);
	while (w->n_pending < PENDING_MAX && queue_pop(w->setup.queue, &w->pending[w->n_pending]))
		w->n_pending++;
}

/* A record without a time has no hour. */
static int note_hour(Writer *w, int64_t workload, const LedgerCall *call, bool new)
{
	usec_t time = new ? call->first : call->last;

	if (time == 0)
		return 0;
	return ledger_add_hour(
		w->setup.ledger, workload,
		&(LedgerHour){ .from = time, .records = call->count, .sightings = new });
}

/* What has no name may be anything. */
static Risk risk_of_slot(const Writer *w, const TallySlot *slot)
{
	char name[SYSCALL_NAME_MAX];

	if (syscall_name(slot->arch, slot->nr, name) < 0)
		return RISK_HIGH;
	return risk_settings_ask(w->setup.risks, name).risk;
}

static int add_call(Writer *w, const TallySlot *slot, const Resolved *who, int64_t *ret)
{
	LedgerCall call = {
		.workload = who->workload,
		.subject = who->subject,
		.profile_hash = who->profile_hash,
		.arch = slot->arch,
		.nr = slot->nr,
		.action = (Action)slot->action,
		.origin = (Origin)slot->origin,
		.own_filter = slot->own_filter,
		.means = (Means)slot->means,
		.count = slot->total - slot->folded,
		.first = slot->first,
		.last = slot->last,
		.serial = slot->first_serial,
	};
	int64_t sighting = 0;
	int e = 0, r = ledger_add(w->setup.ledger, &call, &sighting);

	if (r == LEDGER_NEW)
		w->new_by_risk[risk_of_slot(w, slot)]++;
	if (r < 0 && r != -ENOSPC)
		return r;
	/* Over the workload's limit: the ledger has counted it as dropped, so it is folded too. */
	*ret = r == -ENOSPC ? 0 : sighting;
	if (ledger_dropped(w->setup.ledger) > 0)
		e = loss_write_sighting_limit(w->loss, who->workload,
					      ledger_dropped(w->setup.ledger));
	if (e < 0 || r == -ENOSPC)
		return e;
	return note_hour(w, who->workload, &call, r == LEDGER_NEW);
}

/* Whose call it is, and in which lifetime: 0, RESOLVE_LATER or -errno. */
static int find_maker(Writer *w, uint32_t subject, const TallySubject *s, usec_t now, Resolved *who,
		      int64_t *ret_lifetime)
{
	int r = resolver_get(w->setup.resolver, w->setup.ledger, subject, s, now, who);

	*ret_lifetime = lifetimes_row(w->setup.lifetimes, &s->key);
	/* Its container was found behind what this pass has written of lifetimes. */
	return r == 0 && *ret_lifetime == -EAGAIN ? RESOLVE_LATER : r;
}

static int tie_lifetime(Writer *w, int64_t sighting, const TallySlot *slot, const SubjectKey *key,
			const Resolved *who, int64_t lifetime, usec_t now)
{
	int r = 0;

	if (key->kind == SUBJECT_UNIT && who->kind == SUBJECT_UNIT && sighting != 0)
		r = lifetimes_put_unit(w->setup.lifetimes, key->name, who, now, &lifetime);
	if (r < 0)
		return r;
	if (sighting == 0 || lifetime <= 0)
		return 0;
	return ledger_note_lifetime(w->setup.ledger, sighting, lifetime, slot->first, slot->last);
}

/* 0, WRITER_MORE when it has to wait, or -errno. */
static int fold_slot(Writer *w, uint32_t i, const TallySlot *slot, usec_t now)
{
	int64_t sighting = 0, lifetime;
	TallySubject subject;
	Resolved who;
	int r;

	if (tally_subject_copy(w->setup.tally, slot->subject, &subject) < 0 ||
	    subject.generation != slot->subject_generation)
		return 0;
	r = find_maker(w, slot->subject, &subject, now, &who, &lifetime);
	if (r == RESOLVE_LATER)
		return WRITER_MORE;
	/* The ledger holds no more workloads: the count is loss, and it is folded as such. */
	if (r == -ENOSPC)
		loss_note_workload_limit(w->loss, slot->total - slot->folded);
	else if (r == 0)
		r = add_call(w, slot, &who, &sighting);
	if (r == 0)
		r = tie_lifetime(w, sighting, slot, &subject.key, &who, lifetime, now);
	if (r < 0 && r != -ENOSPC)
		return r;
	r = ledger_set_folded(w->setup.ledger, tally_id(w->setup.tally), i, slot->generation,
			      slot->total);
	if (r < 0)
		return r;
	w->rows[i] = (Row){ slot->generation, sighting };
	w->folded[w->n_folded++] = (Folded){ i, slot->generation, slot->total };
	return 0;
}

/* While the reader passes over what the tally has beyond the cursor, counts go with no cursor. */
static bool is_passing(const Writer *w)
{
	return w->setup.position && w->setup.position->passing;
}

/* Of one moment, with the reader standing still if its source keeps what it has not read. */
static bool list_slots(Writer *w)
{
	uint32_t n = tally_n_slots(w->setup.tally);
	uint64_t listed = 0;
	TallySlot slot;

	w->n_listed = 0;
	w->unfolded = 0;
	for (uint32_t i = 0; i < n && !is_passing(w); i++) {
		if (tally_slot_is_folded(w->setup.tally, i) ||
		    tally_slot_copy(w->setup.tally, i, &slot) < 0 || slot.total <= slot.folded)
			continue;
		w->unfolded += slot.total - slot.folded;
		listed++;
		if (w->n_listed < FOLD_MAX)
			w->listed[w->n_listed++] = (Folded){ i, slot.generation, slot.total };
	}
	if (w->setup.position)
		w->mark = w->setup.position->mark;
	if (is_passing(w))
		w->mark.cursor[0] = '\0';
	return listed > w->n_listed || is_passing(w);
}

static int fold_listed(Writer *w, const Folded *l, usec_t now)
{
	size_t n_folded = w->n_folded;
	TallySlot slot;
	int r;

	if (tally_slot_copy(w->setup.tally, l->slot, &slot) < 0 || slot.generation != l->generation)
		return 0;
	slot.total = l->total;
	r = fold_slot(w, l->slot, &slot, now);
	if (w->n_folded > n_folded)
		w->unfolded -= slot.total - slot.folded;
	return r;
}

/* Thousands of slots take as long as many a container lives. */
static void give_way(Writer *w, usec_t *since)
{
	if (now_of(CLOCK_MONOTONIC) - *since < TURN)
		return;
	watch_unlock(w->setup.lock);
	watch_lock(w->setup.lock);
	*since = now_of(CLOCK_MONOTONIC);
}

static int fold_slots(Writer *w, usec_t now)
{
	usec_t since;
	bool more;
	int r = 0;

	position_lock(w->setup.position);
	more = list_slots(w);
	position_unlock(w->setup.position);
	watch_lock(w->setup.lock);
	since = now_of(CLOCK_MONOTONIC);
	for (size_t i = 0; r >= 0 && i < w->n_listed; i++) {
		r = fold_listed(w, &w->listed[i], now);
		more |= r == WRITER_MORE;
		give_way(w, &since);
	}
	watch_unlock(w->setup.lock);
	return r < 0 ? r : more ? WRITER_MORE : 0;
}

static bool has_row(const Writer *w, const QueueExample *e)
{
	return w->rows[e->slot].generation == e->generation;
}

/* Examples of slots that are still waiting for their row stay. */
static int write_examples(Writer *w)
{
	for (size_t i = 0; i < w->n_pending; i++) {
		const QueueExample *e = &w->pending[i];
		int64_t sighting = w->rows[e->slot].sighting;
		LedgerExample example = {
			.comm = e->comm,
			.exe = e->exe[0] ? e->exe : NULL,
			.ip = e->ip,
			.pid = e->pid,
			.time = e->time,
		};
		int r;

		if (!has_row(w, e) || sighting == 0)
			continue;
		r = ledger_add_example(w->setup.ledger, sighting, &example);
		if (r < 0)
			return r;
	}
	return 0;
}

/* After the commit: what was written goes, and what can never be, because its slot is another's. */
static void forget_examples(Writer *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n_pending; i++) {
		const QueueExample *e = &w->pending[i];

		if (!has_row(w, e) &&
		    tally_slot_generation(w->setup.tally, e->slot) == e->generation)
			w->pending[kept++] = *e;
	}
	w->n_pending = kept;
}

/* ---- what the tally had no slot for ---- */

/* One that makes more different calls than it may lost its own evidence, not everybody's. */
static int write_overflow_of(Writer *w, uint32_t i, const TallySubject *subject, usec_t now)
{
	Overflow *o = &w->overflow[i];
	uint64_t n;
	Resolved who;
	int r;

	if (o->generation != subject->generation)
		*o = (Overflow){ .generation = subject->generation };
	n = subject->overflow - MIN(o->told, subject->overflow);
	o->telling = subject->overflow;
	if (n == 0)
		return 0;
	watch_lock(w->setup.lock);
	r = resolver_get(w->setup.resolver, w->setup.ledger, i, subject, now, &who);
	watch_unlock(w->setup.lock);
	if (r == 0)
		return loss_write_overflow(w->loss, who.workload, n);
	if (r == RESOLVE_LATER) {
		o->telling = o->told;
		loss_defer_overflow(w->loss, n);
		return 0;
	}
	return r == -ENOSPC ? 0 : r;
}

static int write_overflows(Writer *w, usec_t now)
{
	TallySubject subject;
	int r = 0;

	if (!loss_has_overflow(w->loss))
		return 0;
	for (uint32_t i = 0; r == 0 && i < tally_n_subjects(w->setup.tally); i++)
		if (tally_subject_copy(w->setup.tally, i, &subject) == 0)
			r = write_overflow_of(w, i, &subject, now);
	return r;
}

static void settle_overflows(Writer *w, bool committed)
{
	for (uint32_t i = 0; i < TALLY_SUBJECTS; i++)
		if (committed)
			w->overflow[i].told = w->overflow[i].telling;
		else
			w->overflow[i].telling = w->overflow[i].told;
}

/* ---- one pass ---- */

static bool lifetimes_due(const Writer *w, usec_t now)
{
	bool due;

	if (!w->setup.lifetimes)
		return false;
	watch_lock(w->setup.lock);
	due = lifetimes_are_due(w->setup.lifetimes, now);
	watch_unlock(w->setup.lock);
	return due;
}

static bool anything_to_do(Writer *w, usec_t now)
{
	if (w->n_pending > 0 || loss_is_due(w->loss) || now >= w->last_heartbeat + HEARTBEAT ||
	    now < w->last_heartbeat)
		return true;
	if (lifetimes_due(w, now))
		return true;
	if (joins_are_due(&w->joins))
		return true;
	for (uint32_t i = 0; i < tally_n_slots(w->setup.tally); i++)
		if (!tally_slot_is_folded(w->setup.tally, i))
			return true;
	return false;
}

/* Joins behind the lifetimes that they belong to. */
static int write_lifetimes(Writer *w, usec_t now)
{
	int r = 0;

	watch_lock(w->setup.lock);
	if (w->setup.lifetimes)
		r = lifetimes_write(w->setup.lifetimes, now, loss_is_clean(w->loss));
	if (r >= 0)
		r = joins_write(&w->joins, now);
	watch_unlock(w->setup.lock);
	return r;
}

/* What one workload lost by its own doing first, since hours are complete without it; lifetimes
 * before calls, so that these find theirs. */
static int fill_transaction(Writer *w, usec_t now)
{
	int r = write_overflows(w, now), e;

	if (r >= 0)
		r = write_lifetimes(w, now);
	if (r < 0)
		return r;
	r = fold_slots(w, now);
	if (r < 0)
		return r;
	e = write_examples(w);
	if (e >= 0)
		e = loss_write(w->loss);
	if (e >= 0 && w->setup.position)
		e = position_store(&w->mark, w->setup.ledger, w->setup.tally, w->unfolded);
	if (e < 0)
		return e;
	return joins_wait(&w->joins) ? WRITER_MORE : r;
}

static void settle_lifetimes(Writer *w, void (*settle)(Lifetimes *t))
{
	watch_lock(w->setup.lock);
	if (w->setup.lifetimes)
		settle(w->setup.lifetimes);
	watch_unlock(w->setup.lock);
}

/* Rows of earlier transactions stay good: examples of slots that rest may be waiting for them. */
static void after_rollback(Writer *w)
{
	for (size_t i = 0; i < w->n_folded; i++)
		w->rows[w->folded[i].slot] = (Row){ 0 };
	resolver_forget(w->setup.resolver);
	loss_rolled_back(w->loss);
	settle_overflows(w, false);
	settle_lifetimes(w, lifetimes_rolled_back);
}

static void after_commit(Writer *w, usec_t now)
{
	for (size_t i = 0; i < w->n_folded; i++)
		tally_mark_folded(w->setup.tally, w->folded[i].slot, w->folded[i].generation,
				  w->folded[i].total);
	forget_examples(w);
	w->last_heartbeat = now;
	loss_committed(w->loss);
	settle_overflows(w, true);
	joins_committed(&w->joins);
	settle_lifetimes(w, lifetimes_committed);
}

int writer_fold(Writer *w, usec_t now)
{
	int r, e;

	take_examples(w);
	loss_sample(w->loss, now);
	if (!anything_to_do(w, now))
		return 0;
	w->n_folded = 0;
	r = ledger_begin(w->setup.ledger);
	if (r < 0)
		return r;
	r = fill_transaction(w, now);
	e = r < 0 ? r : ledger_commit(w->setup.ledger);
	if (e < 0) {
		ledger_rollback(w->setup.ledger);
		after_rollback(w);
		return e;
	}
	after_commit(w, now);
	return r;
}
