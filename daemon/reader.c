/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/eventfd.h>
#include <systemd/sd-event.h>

#include "audit/arch.h"
#include "daemon/attribute.h"
#include "daemon/now.h"
#include "daemon/reader.h"
#include "daemon/thread.h"
#include "evidence/serial.h"

/* What is queued at the stop is taken, but who goes on writing cannot keep us from ending. */
#define DRAIN_TIME_AT_STOP (3 * USEC_PER_SEC)

/* A regular file that is followed is looked at this often. */
#define FOLLOW_INTERVAL (200 * USEC_PER_MSEC)

/* With the priority that our unit has, a flood wakes us for each record. Behind so many wake-ups,
 * each so soon after the one before, we rest for so long, and take what has come at once: but not
 * while we are behind. */
#define FLOOD_WAKES 16
#define FLOOD_GAP ((usec_t)100)
#define FLOOD_REST ((usec_t)1000)

/* Serials still missing after this long without news are gone. */
#define SERIAL_PATIENCE (2 * USEC_PER_SEC)

#define EXAMPLES_PER_SLOT 8

/* sd-event's default of 250 ms is for timers that nobody waits for; this one paces a whole log. */
#define TIMER_ACCURACY ((usec_t)1)

/* Which example a slot has sent last, and how many, so that a slot is no flood of its own. */
typedef struct SlotMemory {
	uint32_t generation;
	uint16_t sent, renewals;
	uint64_t names;
} SlotMemory;

struct Reader {
	ReaderSetup setup;
	Attributor *attributor;
	SerialTracker serials;
	SlotMemory *memory; /* TALLY_SLOTS of them, touched when used */
	uint16_t renewals;  /* what .memory holds of before the last one is over; any thread's */
	int stop_fd, done_fd;
	pthread_t thread;
	bool running;
	int result;
	sd_event *event;
	sd_event_source *io, *follow, *stop, *patience, *ancestry, *look_again;
	LineageCounters counted;
	usec_t slept_at; /* CLOCK_MONOTONIC */
	unsigned wakes;
	bool behind; /* there was more than one wake-up may take */
};

int reader_new(const ReaderSetup *setup, Reader **ret)
{
	_cleanup_(reader_freep) Reader *r = calloc(1, sizeof(*r));
	const TallyTotals *totals = tally_totals_view(setup->tally);
	int e;

	if (!r)
		return -ENOMEM;
	r->setup = *setup;
	r->stop_fd = r->done_fd = -1;
	r->memory = calloc(TALLY_SLOTS, sizeof(*r->memory));
	if (!r->memory)
		return -ENOMEM;
	r->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->stop_fd < 0 || r->done_fd < 0)
		return -errno;
	e = attributor_new(setup->proc_fd, setup->source->live, setup->seed, setup->tally,
			   &r->attributor);
	if (e < 0)
		return e;
	if (setup->ancestry)
		attributor_use_lineage(r->attributor, ancestry_lineage(setup->ancestry));
	r->serials.missing = totals->serial_gaps;
	if (setup->resume && totals->has_serial &&
	    !serial_restore(&r->serials, &totals->serials, totals->last_serial))
		serial_resume(&r->serials, totals->last_serial);
	*ret = STEAL(r);
	return 0;
}

Reader *reader_free(Reader *r)
{
	if (!r)
		return NULL;
	if (r->running) {
		reader_stop(r);
		reader_join(r);
	}
	attributor_free(r->attributor);
	free(r->memory);
	if (r->stop_fd >= 0)
		close(r->stop_fd);
	if (r->done_fd >= 0)
		close(r->done_fd);
	free(r);
	return NULL;
}

static void keep_serials(Reader *r)
{
	TallyTotals *totals = tally_totals(r->setup.tally);

	serial_keep(&r->serials, &totals->serials);
	tally_store(&totals->serial_gaps, r->serials.missing);
}

static void note_serial(Reader *r, const Line *line)
{
	TallyTotals *totals = tally_totals(r->setup.tally);

	if (!line->has_stamp || !r->setup.source->live)
		return;
	(void)serial_add(&r->serials, line->record.serial);
	keep_serials(r);
	__atomic_store_n(&totals->last_serial, r->serials.highest, __ATOMIC_RELAXED);
	__atomic_store_n(&totals->has_serial, 1, __ATOMIC_RELAXED);
}

/* What nobody waits for any longer. */
static void give_up_serials(Reader *r)
{
	(void)serial_flush(&r->serials);
	keep_serials(r);
}

/* There is room, and nobody else pushes. */
static void send_example(Reader *r, const Record *record, usec_t time, uint32_t slot,
			 uint32_t generation)
{
	QueueExample e = {
		.slot = slot,
		.generation = generation,
		.pid = record->pid,
		.serial = record->serial,
		.ip = record->ip,
		.time = time,
	};

	if (record_text(record->comm, e.comm, sizeof(e.comm)) < 0)
		e.comm[0] = '\0';
	if (record_text(record->exe, e.exe, sizeof(e.exe)) < 0)
		e.exe[0] = '\0';
	(void)queue_push(r->setup.queue, &e);
}

static void consider_example(Reader *r, const Record *record, usec_t time, uint32_t slot,
			     uint64_t names)
{
	uint32_t generation = tally_slot_generation(r->setup.tally, slot);
	uint16_t renewals = __atomic_load_n(&r->renewals, __ATOMIC_RELAXED);
	SlotMemory *m = &r->memory[slot];

	if (m->generation != generation || m->renewals != renewals)
		*m = (SlotMemory){ .generation = generation, .renewals = renewals };
	if (m->sent == EXAMPLES_PER_SLOT)
		return;
	if (names == 0)
		names = attributor_names(r->attributor, record);
	if (m->sent > 0 && m->names == names)
		return;
	/* Who fills the queue takes nobody's examples for good: the next of this slot is tried. */
	if (queue_has_room(r->setup.queue)) {
		send_example(r, record, time, slot, generation);
		m->sent++;
	} else if (m->names != names) {
		tally_add(&tally_totals(r->setup.tally)->examples_dropped, 1);
	}
	m->names = names;
}

static void count_record(Reader *r, const Line *line)
{
	TallyTotals *totals = tally_totals(r->setup.tally);
	const Record *record = &line->record;
	usec_t time = line_time(line);
	Attribution who;
	uint32_t slot;
	int e;

	tally_add(&totals->records, 1);
	if (time > totals->last_record)
		tally_store(&totals->last_record, time);
	if (attributor_find(r->attributor, record, time, &who) < 0) {
		tally_add(&totals->overflow, 1);
		return;
	}
	tally_add(&totals->by_means[who.means], 1);
	if (who.means == MEANS_NONE)
		tally_add(&totals->by_cause[who.cause], 1);
	e = tally_count(r->setup.tally,
			&(TallyCall){
				.subject = who.subject,
				.arch = arch_of_call(record->arch, record->nr),
				.nr = record->nr,
				.action = action_of_code(record->code),
				.origin = who.origin,
				.own_filter = who.own_filter,
				.means = who.means,
				.time = time,
				.serial = record->serial,
			},
			&slot);
	if (e >= 0)
		consider_example(r, record, time, slot, who.names);
}

static void count_line(Reader *r, const Line *line)
{
	TallyTotals *totals = tally_totals(r->setup.tally);

	if (line->status == LINE_RECORD)
		count_record(r, line);
	else
		tally_add(line->status == LINE_SKIP ? &totals->skipped : &totals->rejected, 1);
}

static void on_line(const Line *line, void *userdata)
{
	Reader *r = userdata;

	count_line(r, line);
	/* Last: a record in the midst of which we are killed is then missing, not forgotten. */
	note_serial(r, line);
}

/* Marked before and behind, so that the next daemon knows where we were killed. */
static void on_kept(const Line *line, bool steady, void *userdata)
{
	Reader *r = userdata;
	TallyTotals *totals = tally_totals(r->setup.tally);

	tally_store(&totals->counted_before, tally_counted(r->setup.tally));
	tally_store(&totals->begun, totals->consumed + 1);
	attributor_allow_age(r->attributor, steady);
	on_line(line, r);
	attributor_allow_age(r->attributor, false);
	tally_store(&totals->consumed, totals->begun);
}

/* A record that was counted and not noted when we are killed moves the tally's last serial ahead of
 * what is kept of the tracker (backfill_settle()): holes before it are forgotten then. */
static void note_hole(TallyTotals *totals, bool had_serial, uint32_t before)
{
	if (had_serial && totals->last_serial - before > 1)
		tally_store(&totals->filling, TALLY_FILLING);
}

static void on_filled(const Line *line, bool here, bool steady, void *userdata)
{
	Reader *r = userdata;
	TallyTotals *totals = tally_totals(r->setup.tally);
	bool had_serial = totals->has_serial;
	uint32_t before = totals->last_serial;

	tally_store(&totals->fill_counted_before, tally_counted(r->setup.tally));
	tally_store(&totals->fill_begun, here ? (uint64_t)line->record.serial + 1 : 0);
	attributor_allow_age(r->attributor, steady);
	count_line(r, line);
	if (here)
		note_serial(r, line);
	attributor_allow_age(r->attributor, false);
	tally_store(&totals->fill_begun, 0);
	note_hole(totals, had_serial, before);
}

static void on_serials(bool known, uint32_t last, void *userdata)
{
	Reader *r = userdata;

	give_up_serials(r);
	r->serials = (SerialTracker){ .missing = r->serials.missing };
	if (known)
		serial_resume(&r->serials, last);
}

static void on_caught_up(uint64_t until, void *userdata)
{
	Reader *r = userdata;
	TallyTotals *totals = tally_totals(r->setup.tally);

	tally_store(&totals->filled_until, until);
	__atomic_store_n(&totals->filling, 0, __ATOMIC_RELEASE);
}

static void on_enobufs(void *userdata)
{
	Reader *r = userdata;

	tally_add(&tally_totals(r->setup.tally)->enobufs, 1);
}

static void on_other_sender(void *userdata)
{
	Reader *r = userdata;

	tally_add(&tally_totals(r->setup.tally)->other_sender, 1);
}

static void count_lineage(Reader *r)
{
	TallyLineage *t = &tally_totals(r->setup.tally)->lineage;
	LineageCounters c = lineage_counters(ancestry_lineage(r->setup.ancestry));

	if (memcmp(&c, &r->counted, sizeof(c)) == 0)
		return;
	r->counted = c;
	tally_store(&t->living, c.living);
	tally_store(&t->dead, c.dead);
	tally_store(&t->places, c.places);
	tally_store(&t->dropped, c.evicted);
	tally_store(&t->lost, c.lost);
	tally_store(&t->untold, c.untold);
	tally_store(&t->hits, c.hits);
	tally_store(&t->misses, c.misses);
	tally_store(&tally_totals(r->setup.tally)->lineage_bytes, c.bytes);
}

/* Without events the history is soon wrong: go on without it. */
static void give_up_lineage(Reader *r, int error)
{
	TallyLineage *t = &tally_totals(r->setup.tally)->lineage;

	attributor_use_lineage(r->attributor, NULL);
	r->ancestry = sd_event_source_disable_unref(r->ancestry);
	r->look_again = sd_event_source_disable_unref(r->look_again);
	r->setup.ancestry = NULL;
	snprintf(t->reason, sizeof(t->reason), "process events cannot be read any more: %s",
		 strerrordesc_np(-error));
	tally_store(&t->state, TALLY_LINEAGE_UNAVAILABLE);
}

static void plan_next_look(Reader *r)
{
	uint64_t due = ancestry_due(r->setup.ancestry);

	if (due == 0 || sd_event_source_set_time(r->look_again, due / 1000 + 1) < 0)
		return;
	sd_event_source_set_enabled(r->look_again, SD_EVENT_ONESHOT);
}

static void update_lineage(Reader *r)
{
	int e;

	if (!r->setup.ancestry)
		return;
	e = ancestry_update(r->setup.ancestry);
	count_lineage(r);
	if (e < 0)
		give_up_lineage(r, e);
	else if (r->look_again)
		plan_next_look(r);
}

/* Whatever led to the records of this batch has happened by now, and waits to be taken in. */
static void on_batch(void *userdata)
{
	Reader *r = userdata;

	update_lineage(r);
	attributor_note_clocks(r->attributor);
}

static int on_look_again(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	update_lineage(userdata);
	return 0;
}

static int on_ancestry(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	(void)source;
	(void)fd;
	(void)events;
	update_lineage(userdata);
	return 0;
}

static int drain_once(Reader *r)
{
	const SourceSink sink = {
		.batch = on_batch,
		.line = on_line,
		.kept = on_kept,
		.filled = on_filled,
		.serials = on_serials,
		.caught_up = on_caught_up,
		.enobufs = on_enobufs,
		.other_sender = on_other_sender,
		.userdata = r,
	};
	Source *s = r->setup.source;

	return s->ops->drain(s, &sink);
}

/* Ends the loop when the source has ended or failed. */
static int take_result(Reader *r, int result)
{
	if (result < 0 || result == SOURCE_END)
		return sd_event_exit(r->event, result < 0 ? result : 0);
	return 0;
}

static int rearm(sd_event_source *timer, usec_t in)
{
	int e = sd_event_source_set_time_relative(timer, in);

	return e < 0 ? e : sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static void rest_in_flood(Reader *r)
{
	const struct timespec rest = { .tv_nsec = (long)FLOOD_REST * 1000 };
	usec_t now = now_of(CLOCK_MONOTONIC);

	r->wakes = now - r->slept_at < FLOOD_GAP ? r->wakes + 1 : 0;
	if (r->wakes >= FLOOD_WAKES && !r->behind && r->setup.source->live)
		nanosleep(&rest, NULL);
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	Reader *r = userdata;
	int result;

	(void)source;
	(void)fd;
	(void)events;
	rest_in_flood(r);
	result = drain_once(r);
	r->slept_at = now_of(CLOCK_MONOTONIC);
	r->behind = result != SOURCE_IDLE;
	if (r->serials.started)
		rearm(r->patience, SERIAL_PATIENCE);
	return take_result(r, result);
}

static int on_follow(sd_event_source *timer, uint64_t usec, void *userdata)
{
	Reader *r = userdata;
	int result = drain_once(r);

	(void)usec;
	rearm(timer, result == SOURCE_IDLE ? FOLLOW_INTERVAL : 0);
	return take_result(r, result);
}

static int on_patience(sd_event_source *timer, uint64_t usec, void *userdata)
{
	Reader *r = userdata;

	(void)timer;
	(void)usec;
	give_up_serials(r);
	return 0;
}

static int on_stop(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	Reader *r = userdata;
	usec_t until = now_of(CLOCK_MONOTONIC) + DRAIN_TIME_AT_STOP;
	int result;

	(void)source;
	(void)fd;
	(void)events;
	do
		result = drain_once(r);
	while (result == SOURCE_MORE && now_of(CLOCK_MONOTONIC) < until);
	return sd_event_exit(r->event, result < 0 ? result : 0);
}

static int add_ancestry(Reader *r)
{
	int e = sd_event_add_io(r->event, &r->ancestry, ancestry_fd(r->setup.ancestry), EPOLLIN,
				on_ancestry, r);

	if (e >= 0)
		e = sd_event_add_time(r->event, &r->look_again, CLOCK_MONOTONIC, 0, TIMER_ACCURACY,
				      on_look_again, r);
	return e < 0 ? e : sd_event_source_set_enabled(r->look_again, SD_EVENT_OFF);
}

static int add_sources(Reader *r)
{
	int e;

	e = sd_event_add_io(r->event, &r->stop, r->stop_fd, EPOLLIN, on_stop, r);
	if (e < 0)
		return e;
	e = sd_event_add_time_relative(r->event, &r->patience, CLOCK_MONOTONIC, 0, TIMER_ACCURACY,
				       on_patience, r);
	if (e < 0)
		return e;
	/* What the last daemon waited for may never come, nor anything behind it. */
	e = r->serials.started ? rearm(r->patience, SERIAL_PATIENCE)
			       : sd_event_source_set_enabled(r->patience, SD_EVENT_OFF);
	if (e < 0)
		return e;
	if (r->setup.ancestry)
		e = add_ancestry(r);
	if (e < 0)
		return e;
	if (r->setup.source->pollable)
		return sd_event_add_io(r->event, &r->io, r->setup.source->fd, EPOLLIN, on_io, r);
	return sd_event_add_time_relative(r->event, &r->follow, CLOCK_MONOTONIC, 0, TIMER_ACCURACY,
					  on_follow, r);
}

static int run_loop(Reader *r)
{
	int e = sd_event_new(&r->event);

	if (e >= 0)
		e = add_sources(r);
	update_lineage(r);
	if (e >= 0)
		e = sd_event_loop(r->event);
	sd_event_source_unref(r->io);
	sd_event_source_unref(r->follow);
	sd_event_source_unref(r->stop);
	sd_event_source_unref(r->patience);
	sd_event_source_unref(r->ancestry);
	sd_event_source_unref(r->look_again);
	sd_event_unref(r->event);
	return e;
}

static void *thread_main(void *userdata)
{
	Reader *r = userdata;
	uint64_t one = 1;

	r->result = run_loop(r);
	give_up_serials(r);
	if (write(r->done_fd, &one, sizeof(one)) < 0)
		r->result = -errno;
	return NULL;
}

int reader_start(Reader *r)
{
	int e = thread_start(&r->thread, thread_main, r);

	r->running = e == 0;
	return e;
}

int reader_done_fd(const Reader *r)
{
	return r->done_fd;
}

void reader_send_examples_again(Reader *r)
{
	(void)__atomic_fetch_add(&r->renewals, 1, __ATOMIC_RELAXED);
}

void reader_stop(Reader *r)
{
	uint64_t one = 1;

	/* A counter that is full is readable too, which is all that is asked. */
	if (write(r->stop_fd, &one, sizeof(one)) < 0)
		return;
}

int reader_join(Reader *r)
{
	if (!r->running)
		return r->result;
	pthread_join(r->thread, NULL);
	r->running = false;
	return r->result;
}
