/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/evidence/window: random cases against an oracle that asks of each microsecond alone. */
#include "tests/unit/window-fixture.h"

enum { TIME = 60, LIFETIMES = 7, RUNS = 4, LOSSES = 4, NOW_US = TIME };

static uint64_t random_state = 88172645463325252ULL;

static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 20) % n;
}

typedef struct Case {
	LedgerLifetime lifetimes[LIFETIMES];
	LedgerRun runs[RUNS];
	LedgerLoss losses[LOSSES];
	WindowInput in;
} Case;

static LedgerLifetime random_lifetime(void)
{
	static const char *const profiles[] = { "p", "p", "p", "q" };
	static const char *const kernels[] = { "6.1.0-18", "6.1.0-20", "6.12.1" };
	usec_t from = 1 + random_below(TIME - 1);
	LedgerLifetime f = make_lifetime(from, random_below(3) ? from + random_below(20) : 0);

	if (f.to > NOW_US)
		f.to = NOW_US;
	f.profile_hash = profiles[random_below(4)];
	f.kernel = kernels[random_below(3)];
	f.start_seen = random_below(3) > 0;
	f.stop_seen = f.to && random_below(3) > 0;
	f.exit = (LifetimeExit)random_below(_LIFETIME_EXIT_MAX);
	f.host = random_below(2) ? "h" : "g";
	return f;
}

static void make_case(Case *c)
{
	static const char *const kinds[] = { "enobufs", "not-running", "unobservable" };

	*c = (Case){ .in = { .now = NOW_US } };
	c->in.lifetimes = c->lifetimes;
	c->in.runs = c->runs;
	c->in.losses = c->losses;
	c->in.n_lifetimes = random_below(LIFETIMES + 1);
	c->in.n_runs = random_below(RUNS + 1);
	c->in.n_losses = random_below(LOSSES + 1);
	for (size_t i = 0; i < c->in.n_lifetimes; i++)
		c->lifetimes[i] = random_lifetime();
	for (size_t i = 0; i < c->in.n_runs; i++) {
		usec_t from = random_below(TIME);

		c->runs[i] = (LedgerRun){ "b", from, MIN(from + random_below(50), NOW_US) };
	}
	for (size_t i = 0; i < c->in.n_losses; i++) {
		usec_t from = random_below(TIME);

		c->losses[i] = (LedgerLoss){ kinds[random_below(3)], 0, from,
					     MIN(from + random_below(8), NOW_US),
					     random_below(4) ? 1 : 0 };
	}
}

static const LedgerLifetime *newest(const Case *c)
{
	const LedgerLifetime *f = NULL;

	for (size_t i = 0; i < c->in.n_lifetimes; i++)
		if (!f || c->lifetimes[i].from >= f->from)
			f = &c->lifetimes[i];
	return f;
}

static bool ours(const Case *c, const LedgerLifetime *f)
{
	return strcmp(f->profile_hash, newest(c)->profile_hash) == 0;
}

static bool runs_at(const LedgerLifetime *f, usec_t t)
{
	return f->from <= t && (f->to == 0 || t < f->to);
}

static bool observed_at(const Case *c, usec_t t)
{
	bool ran = false, watched = false;

	for (size_t i = 0; i < c->in.n_lifetimes; i++)
		ran |= ours(c, &c->lifetimes[i]) && runs_at(&c->lifetimes[i], t);
	for (size_t i = 0; i < c->in.n_runs; i++)
		watched |= c->runs[i].from <= t && t < c->runs[i].to;
	return ran && watched;
}

static bool is_loss(const LedgerLoss *l)
{
	return l->count != 0 && strcmp(l->kind, "unobservable") != 0;
}

static bool lost_at(const Case *c, usec_t t)
{
	for (size_t i = 0; i < c->in.n_losses; i++)
		if (is_loss(&c->losses[i]) && c->losses[i].from <= t && t < c->losses[i].to)
			return true;
	return false;
}

static int minor(const LedgerLifetime *f)
{
	return atoi(strchr(f->kernel, '.') + 1);
}

static bool in_use(const Case *c, const LedgerLifetime *f)
{
	return ours(c, f) && (f->to == 0 || f == newest(c));
}

/* May a window that ends at @to begin at @from? */
static bool may_begin(const Case *c, usec_t from, usec_t to)
{
	for (size_t i = 0; i < c->in.n_losses; i++)
		if (is_loss(&c->losses[i]) && c->losses[i].from < to && c->losses[i].to > from)
			return false;
	for (size_t i = 0; i < c->in.n_lifetimes; i++) {
		bool was_there = false;

		if (!in_use(c, &c->lifetimes[i]))
			continue;
		for (size_t k = 0; k < c->in.n_lifetimes; k++)
			was_there |= ours(c, &c->lifetimes[k]) &&
				     minor(&c->lifetimes[k]) == minor(&c->lifetimes[i]) &&
				     c->lifetimes[k].from <= from;
		if (!was_there)
			return false;
	}
	return true;
}

static bool ran_at(const Case *c, bool is_ours, usec_t t)
{
	for (size_t i = 0; i < c->in.n_lifetimes; i++)
		if (ours(c, &c->lifetimes[i]) == is_ours && runs_at(&c->lifetimes[i], t))
			return true;
	return false;
}

/* The last moment before @to in which ours ran again, after something else alone did. */
static usec_t last_return(const Case *c, usec_t to)
{
	bool ran = false, other = false, beside = false;
	usec_t found = 0;

	for (usec_t t = 0; t < to; t++) {
		bool other_runs = ran_at(c, false, t);

		if (ran_at(c, true, t)) {
			/* a companion that ran all the while, and on both sides, changes nothing */
			found = ran && other && !(beside && other_runs) ? t : found;
			ran = true;
			other = false;
			beside = other_runs;
		} else {
			other |= other_runs;
			beside &= other_runs;
		}
	}
	return found;
}

static Window oracle(const Case *c)
{
	usec_t first = 0;
	Window w = { 0 };

	for (usec_t t = NOW_US; newest(c) && t-- > 0;) {
		if (!observed_at(c, t))
			continue;
		w.to = MAX(w.to, t + 1);
		first = t;
		w.observed++;
		w.complete += !lost_at(c, t);
	}
	w.from = MAX(first, last_return(c, w.to));
	while (w.from < w.to && !may_begin(c, w.from, w.to))
		w.from++;
	return w;
}

static bool overlaps(const Case *c, const Window *w, const LedgerLifetime *f)
{
	if (!ours(c, f))
		return false;
	for (usec_t t = w->from; t < w->to; t++)
		if (runs_at(f, t))
			return true;
	/* began and ended within one microsecond */
	return f->from == f->to && f->from > w->from && f->from < w->to;
}

static void count_in(const Case *c, Window *w)
{
	for (size_t i = 0; i < c->in.n_lifetimes; i++) {
		const LedgerLifetime *f = &c->lifetimes[i];
		bool began = f->start_seen && f->from >= w->from;

		if (!overlaps(c, w, f))
			continue;
		w->starts += began;
		w->lifetimes += began && f->stop_seen && f->to <= w->to;
		w->graceful_stops +=
			f->stop_seen && f->to <= w->to && f->exit == LIFETIME_EXIT_GRACEFUL;
	}
	for (usec_t t = w->from; t < w->to; t++) {
		uint64_t n = 0;

		for (size_t i = 0; i < c->in.n_lifetimes; i++)
			n += ours(c, &c->lifetimes[i]) && runs_at(&c->lifetimes[i], t);
		w->replicas = MAX(w->replicas, n);
	}
}

static void test_random_cases_agree_with_the_oracle(void **state)
{
	unsigned with_window = 0;

	(void)state;
	for (int round = 0; round < 100000 / (int)UNIT_SHARE; round++) {
		Window w, o;
		Case c;

		make_case(&c);
		assert_int_equal(window_find(&c.in, &w), 0);
		o = oracle(&c);
		count_in(&c, &o);
		if (w.observed != o.observed || w.complete != o.complete || w.to != o.to ||
		    w.to - w.from != o.to - o.from || w.starts != o.starts ||
		    w.lifetimes != o.lifetimes || w.graceful_stops != o.graceful_stops ||
		    w.replicas != o.replicas)
			fail_msg("round %d: %d..%d observed %d complete %d starts %d whole %d"
				 " replicas %d, the oracle says %d..%d %d %d %d %d %d",
				 round, (int)w.from, (int)w.to, (int)w.observed, (int)w.complete,
				 (int)w.starts, (int)w.lifetimes, (int)w.replicas, (int)o.from,
				 (int)o.to, (int)o.observed, (int)o.complete, (int)o.starts,
				 (int)o.lifetimes, (int)o.replicas);
		with_window += w.from < w.to;
	}
	assert_true(with_window > 20000 / UNIT_SHARE);
}

static usec_t window_length(const Window *w)
{
	return w->to - w->from;
}

static void test_no_window_covers_a_loss(void **state)
{
	(void)state;
	for (int round = 0; round < 20000 / (int)UNIT_SHARE; round++) {
		Window w;
		Case c;

		make_case(&c);
		assert_int_equal(window_find(&c.in, &w), 0);
		for (usec_t t = w.from; t < w.to; t++)
			assert_false(lost_at(&c, t));
		assert_true(w.complete <= w.observed);
	}
}

/* Nobody gains by what is lost: neither time nor anything that is counted. */
static void test_a_further_loss_never_helps(void **state)
{
	unsigned shorter = 0;

	(void)state;
	for (int round = 0; round < 20000 / (int)UNIT_SHARE; round++) {
		Window before, after;
		Case c;

		do
			make_case(&c);
		while (c.in.n_losses == 0);
		c.in.n_losses--;
		assert_int_equal(window_find(&c.in, &before), 0);
		c.in.n_losses++;
		assert_int_equal(window_find(&c.in, &after), 0);
		assert_true(window_length(&after) <= window_length(&before));
		assert_true(after.complete <= before.complete);
		assert_true(after.last_loss >= before.last_loss);
		assert_true(after.starts <= before.starts);
		assert_true(after.lifetimes <= before.lifetimes);
		assert_true(after.graceful_stops <= before.graceful_stops);
		assert_true(after.replicas <= before.replicas);
		assert_true(after.variants_unseen >= before.variants_unseen ||
			    window_length(&after) == 0);
		assert_true(after.blind_to_loss >= before.blind_to_loss ||
			    window_length(&after) < window_length(&before));
		shorter += window_length(&after) < window_length(&before);
	}
	assert_true(shorter > 1000 / UNIT_SHARE);
}

static void shuffle(void *rows, size_t n, size_t size)
{
	char *p = rows, spare[sizeof(LedgerLifetime)];

	assert_true(size <= sizeof(spare));
	for (size_t i = n; i > 1; i--) {
		size_t k = random_below((uint32_t)i);

		memcpy(spare, p + k * size, size);
		memcpy(p + k * size, p + (i - 1) * size, size);
		memcpy(p + (i - 1) * size, spare, size);
	}
}

/* Of instances that began at once and differ, the last is the newest: none such here. */
static bool has_a_tie(const Case *c)
{
	for (size_t i = 0; i < c->in.n_lifetimes; i++)
		for (size_t k = 0; k < i; k++)
			if (c->lifetimes[i].from == c->lifetimes[k].from)
				return true;
	return false;
}

static void test_the_order_of_what_is_known_does_not_matter(void **state)
{
	(void)state;
	for (int round = 0; round < 20000 / (int)UNIT_SHARE; round++) {
		Window before, after;
		Case c;

		do
			make_case(&c);
		while (has_a_tie(&c));
		assert_int_equal(window_find(&c.in, &before), 0);
		shuffle(c.lifetimes, c.in.n_lifetimes, sizeof(*c.lifetimes));
		shuffle(c.runs, c.in.n_runs, sizeof(*c.runs));
		shuffle(c.losses, c.in.n_losses, sizeof(*c.losses));
		assert_int_equal(window_find(&c.in, &after), 0);
		assert_true(before.from == after.from && before.to == after.to);
		assert_true(before.observed == after.observed);
		assert_true(before.complete == after.complete && before.cause == after.cause);
		assert_true(before.until == after.until && before.last_loss == after.last_loss);
		assert_true(before.starts == after.starts && before.replicas == after.replicas);
		assert_true(before.lifetimes == after.lifetimes);
		assert_true(before.variants_unseen == after.variants_unseen);
		assert_true(before.blind_to_loss == after.blind_to_loss);
	}
}

UNIT_MAIN(cmocka_unit_test(test_random_cases_agree_with_the_oracle),
	  cmocka_unit_test(test_no_window_covers_a_loss),
	  cmocka_unit_test(test_a_further_loss_never_helps),
	  cmocka_unit_test(test_the_order_of_what_is_known_does_not_matter))
