/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>

#include "daemon/loss.h"
#include "daemon/loss-counter.h"
#include "evidence/serial.h"
#include "util/parse.h"

/* Keys of the ledger's meta table. */
#define META_REPORTED "loss_reported" /* "TALLY-ID N N N N N" */
#define META_LAST_ALIVE "last_alive"
#define META_LAST_SERIAL "last_serial"
#define META_KERNEL_LOST "kernel_lost"

/* The reader gives serials up that are missing after 2 s of silence. */
#define SETTLED_AFTER (4 * USEC_PER_SEC)

static uint64_t load(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static const char *const state_kinds[_LOSS_STATE_MAX] = {
	[LOSS_NO_LINEAGE] = "lineage",
	[LOSS_UNOBSERVABLE] = "unobservable",
	[LOSS_NOT_LOGGED] = "not-logged",
};

/* ---- beginning ---- */

/* What another run has reported of this same tally; of another tally it says nothing. */
static void read_reported(Loss *l, const char *text)
{
	Span rest = span_of(text), part;

	if (!span_split(&rest, ' ', &part) || !span_is(part, tally_id(l->setup.tally)))
		return;
	for (unsigned i = 0; i < _LOSS_COUNTER_MAX; i++) {
		if (!loss_counters[i].kept)
			continue;
		/* An older daemon did not report all of these: what was before us stays untold. */
		if (!span_split(&rest, ' ', &part) || parse_u64(part, &l->reported[i]) < 0)
			l->reported[i] = l->seen[i];
	}
}

static void read_counters(Loss *l)
{
	const TallyTotals *totals = tally_totals_view(l->setup.tally);

	for (unsigned i = 0; i < _LOSS_COUNTER_MAX; i++) {
		l->seen[i] = loss_counters[i].read(l, totals);
		/* Whose own it is, is read behind the sum, and told ahead of it. */
		if (i != LOSS_TALLY_FULL)
			l->reported[i] = MIN(l->reported[i], l->seen[i]);
	}
}

static int read_number(Loss *l, const char *key, uint64_t *ret)
{
	char text[32];
	int r = ledger_get_meta(l->setup.ledger, key, text, sizeof(text));

	if (r < 0)
		return r;
	return parse_u64(span_of(text), ret) == 0;
}

/* The tally's last serial is newer than the ledger's, where there is a tally. */
static int read_last_serial(Loss *l)
{
	const TallyTotals *totals = tally_totals_view(l->setup.tally);
	uint64_t serial = 0;
	int r = read_number(l, META_LAST_SERIAL, &serial);

	if (r < 0 || !l->setup.same_boot || !l->setup.live)
		return r;
	l->has_serial = totals->has_serial || (r > 0 && serial <= UINT32_MAX);
	l->serial = totals->has_serial ? totals->last_serial : (uint32_t)serial;
	return 0;
}

/*
 * Nobody keeps records over a reboot, whoever holds the socket; and of a daemon that was ended
 * while it took in what was kept, nobody knows how far it was.
 */
static void note_stop(Loss *l, usec_t last_alive)
{
	uint64_t was = tally_totals_view(l->setup.tally)->filling;
	bool interrupted = was != TALLY_FILLED && !(l->setup.fills && was == TALLY_FILLING_WHOLE);

	l->since = l->moved = l->burst_from = MIN(last_alive, l->started);
	l->setup.fills &= !interrupted;
	if (!l->setup.note_stop && l->setup.same_boot && !interrupted)
		return;
	l->stopped_from = l->since;
	if (!l->setup.same_boot || !l->has_serial || interrupted)
		return;
	l->pending = "not-running";
	l->pending_serial = l->serial;
}

/* What the run before this one has left. */
static int read_ledger(Loss *l)
{
	const LossSetup *setup = &l->setup;
	uint64_t last_alive = 0;
	char text[256];
	int r = ledger_get_meta(setup->ledger, META_REPORTED, text, sizeof(text));

	if (r < 0)
		return r;
	read_counters(l);
	read_reported(l, text);
	r = read_last_serial(l);
	if (r >= 0)
		r = read_number(l, META_LAST_ALIVE, &last_alive);
	if (r >= 0 && setup->live && setup->same_boot && l->kernel_total == UINT64_MAX)
		r = read_number(l, META_KERNEL_LOST, &l->kernel_total);
	if (r < 0)
		return r;
	if (setup->live && last_alive > 0)
		note_stop(l, last_alive);
	l->unread = false;
	return 0;
}

int loss_init(Loss *l, const LossSetup *setup, usec_t now)
{
	*l = (Loss){ .setup = *setup, .settled = true, .kernel_total = UINT64_MAX };
	l->since = l->committed = l->sampled = l->moved = l->burst_from = l->started = now;
	l->unread = !ledger_is_open(setup->ledger);
	return l->unread ? 0 : read_ledger(l);
}

/* A run goes on where the last commit was: what came since is in the tally, and will be in there.
 */
int loss_renewed(Loss *l, bool same_boot, usec_t *ret)
{
	uint64_t last_alive = 0;
	char text[256];
	int r = ledger_get_meta(l->setup.ledger, META_REPORTED, text, sizeof(text));

	if (r >= 0)
		r = read_number(l, META_LAST_ALIVE, &last_alive);
	if (r < 0)
		return r;
	*ret = last_alive;
	if (l->unread) {
		l->setup.same_boot = same_boot;
		return read_ledger(l);
	}
	for (unsigned i = 0; i < _LOSS_COUNTER_MAX; i++)
		if (loss_counters[i].kept)
			l->reported[i] = 0;
	read_reported(l, text);
	read_counters(l);
	l->started = l->committed;
	l->run = l->writing_run = 0;
	l->pending = NULL;
	l->pending_count = l->over_limit = l->assigned = 0;
	return 0;
}

/* ---- looking ---- */

static bool has_grown(const Loss *l)
{
	for (unsigned i = 0; i < _LOSS_COUNTER_MAX; i++)
		if (l->seen[i] > l->reported[i])
			return true;
	return l->kernel_uncounted;
}

/* How much of the records that found the tally full is nobody's. */
static uint64_t overflow_of_all(const Loss *l)
{
	uint64_t n = l->seen[LOSS_TALLY_FULL] -
		     MIN(l->reported[LOSS_TALLY_FULL], l->seen[LOSS_TALLY_FULL]);

	return n - MIN(n, l->assigned + l->deferred);
}

static bool has_grown_for_all(const Loss *l)
{
	for (unsigned i = 0; i < _LOSS_COUNTER_MAX; i++)
		if (i != LOSS_TALLY_FULL && l->seen[i] > l->reported[i])
			return true;
	return l->kernel_uncounted || overflow_of_all(l) > 0;
}

/*
 * A gap is counted when the reader has given its serials up: behind silence, or when a window of
 * them has passed. It began behind the last serial that came before the present burst of them.
 */
static void follow_serials(Loss *l, usec_t now)
{
	const TallyTotals *totals = tally_totals_view(l->setup.tally);
	uint32_t serial = __atomic_load_n(&totals->last_serial, __ATOMIC_RELAXED);

	if (!__atomic_load_n(&totals->has_serial, __ATOMIC_RELAXED) || !l->setup.live)
		return;
	if (l->has_serial && serial == l->serial) {
		l->settled |= now >= l->moved + SETTLED_AFTER;
		return;
	}
	if (l->settled)
		l->burst_from = l->moved;
	l->settled = false;
	l->has_serial = true;
	l->serial = serial;
	l->moved = now;
}

static bool is_resolved(const Loss *l)
{
	return l->pending && !l->filling && l->has_serial && l->serial != l->pending_serial &&
	       (l->settled || l->serial - l->pending_serial >= SERIAL_WINDOW);
}

void loss_sample(Loss *l, usec_t now)
{
	const TallyTotals *totals = tally_totals_view(l->setup.tally);

	l->filling = __atomic_load_n(&totals->filling, __ATOMIC_ACQUIRE);
	read_counters(l);
	l->deferred = 0;
	follow_serials(l, now);
	l->resolved = is_resolved(l);
	l->states[LOSS_NO_LINEAGE] = load(&totals->lineage.state) == TALLY_LINEAGE_UNAVAILABLE;
	l->sampled = now;
	if (l->clock_was_set) {
		l->started = now;
		l->run = 0;
		l->clock_was_set = false;
	}
	if (!has_grown(l))
		l->since = now;
}

/* Over a reboot, what was kept makes it shorter, as does what is filled in: its end is awaited. */
static bool stop_is_due(const Loss *l)
{
	return l->stopped_from != 0 && ((l->setup.same_boot && !l->setup.fills) || !l->filling);
}

bool loss_is_due(const Loss *l)
{
	return has_grown(l) || stop_is_due(l) || l->gone > 0 || l->over_limit > 0 || l->resolved ||
	       memcmp(l->states, l->reported_states, sizeof(l->states)) != 0;
}

bool loss_has_overflow(const Loss *l)
{
	return l->seen[LOSS_TALLY_FULL] > l->reported[LOSS_TALLY_FULL];
}

bool loss_is_clean(const Loss *l)
{
	return !has_grown_for_all(l) && !l->states[LOSS_NO_LINEAGE] &&
	       !l->states[LOSS_NOT_LOGGED] && l->stopped_from == 0;
}

void loss_note_gone(Loss *l, uint64_t count)
{
	l->gone += count;
}

void loss_note_workload_limit(Loss *l, uint64_t count)
{
	l->over_limit += count;
}

void loss_note_kernel(Loss *l, uint64_t count)
{
	if (count == LEDGER_COUNT_UNKNOWN)
		l->kernel_uncounted = true;
	else
		l->kernel += count;
}

void loss_note_kernel_total(Loss *l, uint64_t total)
{
	l->kernel_total = total;
}

bool loss_kernel_total(const Loss *l, uint64_t *ret)
{
	*ret = l->kernel_total;
	return l->kernel_total <= UINT32_MAX;
}

void loss_set_state(Loss *l, LossState which, bool is)
{
	l->states[which] = is;
}

void loss_note_clock_set(Loss *l)
{
	l->clock_was_set = true;
}

/* ---- writing ---- */

static int write_one(Loss *l, const char *kind, int64_t workload, usec_t from, uint64_t count)
{
	return ledger_add_loss(l->setup.ledger, &(LedgerLoss){ .kind = kind,
							       .workload = workload,
							       .from = MIN(from, l->sampled),
							       .to = l->sampled,
							       .count = count });
}

int loss_write_overflow(Loss *l, int64_t workload, uint64_t count)
{
	usec_t from = l->deferred_from ? MIN(l->deferred_from, l->since) : l->since;

	l->assigned += count;
	return write_one(l, loss_counters[LOSS_TALLY_FULL].kind, workload, from, count);
}

void loss_defer_overflow(Loss *l, uint64_t count)
{
	l->deferred += count;
}

int loss_write_sighting_limit(Loss *l, int64_t workload, uint64_t count)
{
	return write_one(l, "sighting-limit", workload, l->since, count);
}

static bool is_overrun(const Loss *l)
{
	return l->seen[LOSS_ENOBUFS] > l->reported[LOSS_ENOBUFS];
}

/* How much of a counter's growth is a row of its own: what belongs to a loss of unknown size, or to
 * one workload, is not. */
static uint64_t growth(const Loss *l, unsigned i)
{
	if (i == LOSS_SERIAL_GAP && (l->pending || is_overrun(l)))
		return 0;
	return i == LOSS_TALLY_FULL ? overflow_of_all(l) : l->seen[i] - l->reported[i];
}

/* Up to where a counter is told behind this transaction. */
static uint64_t told(const Loss *l, unsigned i)
{
	if (i != LOSS_TALLY_FULL)
		return l->seen[i];
	return l->reported[i] + l->assigned + growth(l, i);
}

static int write_counters(Loss *l)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < _LOSS_COUNTER_MAX; i++) {
		uint64_t n = growth(l, i);
		bool serial = i == LOSS_SERIAL_GAP || i == LOSS_ENOBUFS;

		if (n > 0)
			r = write_one(l, loss_counters[i].kind, 0,
				      serial ? MIN(l->since, l->burst_from) : l->since,
				      loss_counters[i].uncounted ? LEDGER_COUNT_UNKNOWN : n);
	}
	if (r == 0 && l->kernel_uncounted)
		r = write_one(l, loss_counters[LOSS_KERNEL].kind, 0, l->since,
			      LEDGER_COUNT_UNKNOWN);
	if (r == 0 && l->over_limit > 0)
		r = write_one(l, "workload-limit", 0, l->since, l->over_limit);
	return r;
}

static uint64_t gap_growth(const Loss *l)
{
	return l->seen[LOSS_SERIAL_GAP] - l->reported[LOSS_SERIAL_GAP];
}

/* One record at least did not fit, also when another one came that has its serial. */
static int write_size(Loss *l)
{
	bool overrun = strcmp(l->pending, loss_counters[LOSS_ENOBUFS].kind) == 0;

	return ledger_size_loss(l->setup.ledger, l->pending,
				MAX(l->pending_count + gap_growth(l), overrun ? 1U : 0U));
}

static int write_stop(Loss *l, usec_t from, uint64_t count)
{
	return ledger_add_loss(
		l->setup.ledger,
		&(LedgerLoss){ .kind = l->setup.same_boot ? "not-running" : "rebooted",
			       .from = from,
			       .to = l->started,
			       .count = count });
}

static usec_t filled_until(const Loss *l)
{
	return l->setup.same_boot && !l->setup.fills
		       ? 0
		       : load(&tally_totals_view(l->setup.tally)->filled_until);
}

/* No record of it is missing, but nobody watched processes. */
static bool stop_is_filled(const Loss *l)
{
	return l->setup.fills && l->setup.same_boot && filled_until(l) >= l->started;
}

static int write_filled_stop(Loss *l)
{
	const TallyTotals *totals = tally_totals_view(l->setup.tally);

	if (load(&totals->lineage.state) == TALLY_LINEAGE_OFF)
		return 0;
	return ledger_add_loss(l->setup.ledger, &(LedgerLoss){ .kind = state_kinds[LOSS_NO_LINEAGE],
							       .from = l->stopped_from,
							       .to = l->started,
							       .count = LEDGER_COUNT_UNKNOWN });
}

static int write_stretches(Loss *l)
{
	int r = 0;

	if (l->gone > 0)
		r = write_stop(l, MIN(l->since, l->started), l->gone);
	l->writing_stop = stop_is_due(l);
	if (r == 0 && l->writing_stop && stop_is_filled(l)) {
		r = write_filled_stop(l);
		l->pending = NULL;
		l->resolved = false;
	} else if (r == 0 && l->writing_stop)
		r = write_stop(l, MIN(MAX(l->stopped_from, filled_until(l)), l->started),
			       LEDGER_COUNT_UNKNOWN);
	for (unsigned i = 0; r == 0 && i < _LOSS_STATE_MAX; i++)
		if (l->states[i] || l->reported_states[i])
			r = write_one(l, state_kinds[i], 0, l->committed, LEDGER_COUNT_UNKNOWN);
	/* One more overrun is of unknown size again. */
	if (r == 0 && l->resolved && !is_overrun(l))
		r = write_size(l);
	return r;
}

static int write_reported(Loss *l)
{
	char text[256];
	int at = snprintf(text, sizeof(text), "%s", tally_id(l->setup.tally));

	for (unsigned i = 0; i < _LOSS_COUNTER_MAX; i++)
		if (loss_counters[i].kept)
			at += snprintf(text + at, sizeof(text) - (size_t)at, " %" PRIu64,
				       told(l, i));
	return ledger_set_meta(l->setup.ledger, META_REPORTED, text);
}

static int write_number(Loss *l, const char *key, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return ledger_set_meta(l->setup.ledger, key, text);
}

/* Only who listens to the kernel was alive: reading a log meanwhile says nothing. */
static int write_alive(Loss *l)
{
	int r = 0;

	if (!l->setup.live)
		return 0;
	l->writing_run = l->run;
	/* Nobody may take the gap before it for watched while its loss is not written either. */
	if (l->stopped_from != 0 && !l->writing_stop)
		return 0;
	if (l->run == 0)
		r = ledger_begin_run(l->setup.ledger, l->setup.boot, l->started, &l->writing_run);
	if (r == 0)
		r = ledger_extend_run(l->setup.ledger, l->writing_run, l->sampled);
	if (r == 0 && l->has_serial && !l->filling)
		r = write_number(l, META_LAST_SERIAL, l->serial);
	if (r == 0 && l->kernel_total <= UINT32_MAX)
		r = write_number(l, META_KERNEL_LOST, l->kernel_total);
	/* Until then what was made before the start may still be missing. */
	if (r < 0 || l->filling)
		return r;
	return write_number(l, META_LAST_ALIVE, l->sampled);
}

int loss_write(Loss *l)
{
	int r = write_counters(l);

	if (r == 0)
		r = write_stretches(l);
	if (r == 0)
		r = write_reported(l);
	return r < 0 ? r : write_alive(l);
}

/* What the kernel's queue lost shows when the next serial comes; until then the size is open. */
static void note_pending(Loss *l)
{
	const char *kind = loss_counters[LOSS_ENOBUFS].kind;

	if (is_overrun(l)) {
		if (!l->pending || strcmp(l->pending, kind) != 0)
			l->pending_count = 0;
		l->pending = kind;
		l->pending_serial = l->committed_serial;
	} else if (l->resolved) {
		l->pending = NULL;
	}
	l->pending_count += gap_growth(l);
}

void loss_committed(Loss *l)
{
	note_pending(l);
	for (unsigned i = 0; i < _LOSS_COUNTER_MAX; i++)
		l->reported[i] = told(l, i);
	memcpy(l->reported_states, l->states, sizeof(l->reported_states));
	if (l->deferred == 0 || l->deferred_from == 0)
		l->deferred_from = l->deferred > 0 ? l->since : 0;
	l->since = l->committed = l->sampled;
	l->committed_serial = l->serial;
	l->kernel_uncounted = l->resolved = false;
	l->over_limit = l->assigned = l->gone = 0;
	if (l->writing_stop)
		l->stopped_from = 0;
	l->run = l->writing_run;
}

void loss_rolled_back(Loss *l)
{
	l->over_limit = l->assigned = l->deferred = 0;
}
