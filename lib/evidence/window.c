/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/window.h"

/* ---- words ---- */

static const struct {
	const char *kind, *text;
} kinds[] = {
	{ "enobufs", "the kernel's queue for seccompd ran over" },
	{ "serial-gap", "audit serials never arrived" },
	{ "rejected", "damaged records came" },
	{ "tally-full", "the table of counters was full" },
	{ "workload-limit", "the ledger held no more workloads" },
	{ "sighting-limit", "too many different calls were made" },
	{ "not-running", "seccompd was not running" },
	{ "rebooted", "seccompd was not running around a reboot" },
	{ "set-aside", "a damaged ledger was set aside" },
	{ "unattributed", "records came of processes that could not be named" },
	{ "lineage", "the history of processes had a hole" },
	{ "kernel-lost", "the kernel dropped audit records" },
	{ "undated", "logs had records without a time" },
	{ "journal-gap", "entries of the journal are gone" },
	{ "not-logged", "kernel.seccomp.actions_logged left actions out" },
	{ "unobservable", "what the kernel drops could not be seen" },
};

const char *loss_kind_text(const char *kind)
{
	for (size_t i = 0; i < ELEMENTSOF(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].text;
	return "something was lost";
}

bool window_counts(const LedgerLoss *loss)
{
	return loss->count != 0 && strcmp(loss->kind, "unobservable") != 0;
}

char *window_explain(const Window *w, char *buf, size_t size)
{
	static const char *const texts[_WINDOW_CAUSE_MAX] = {
		[WINDOW_NOT_WATCHED] = "no instance was watched",
		[WINDOW_FIRST] = "the first instance was watched",
		[WINDOW_PROFILE] = "the profile changed",
		[WINDOW_IMAGE] = "the image changed",
		[WINDOW_CAPABILITIES] = "the capabilities changed",
		[WINDOW_RUNTIME] = "the runtime's version changed",
		[WINDOW_LIBSECCOMP] = "libseccomp changed",
		[WINDOW_KERNEL] = "the kernel's version changed",
		[WINDOW_MACHINE] = "the architecture changed",
	};
	static const char *const of_units[_WINDOW_CAUSE_MAX] = {
		[WINDOW_IMAGE] = "the C library changed",
		[WINDOW_RUNTIME] = "systemd changed",
	};
	const char *text = w->kind == SUBJECT_UNIT ? of_units[w->cause] : NULL;
	char time[CLOCK_RFC3339_SIZE];

	clock_format_rfc3339(w->from, time);
	if (!text)
		text = texts[w->cause];
	if (w->cause == WINDOW_LOSS)
		snprintf(buf, size, "%s until %s", loss_kind_text(w->loss->kind), time);
	else if (w->cause == WINDOW_NOT_WATCHED)
		snprintf(buf, size, "%s", text);
	else
		snprintf(buf, size, "%s at %s", text, time);
	return buf;
}

/* ---- stretches ---- */

typedef struct Stretch {
	usec_t from, to;
} Stretch;

typedef struct Stretches {
	Stretch *rows;
	size_t n;
} Stretches;

static void stretches_done(Stretches *s)
{
	free(s->rows);
}
#define _cleanup_stretches_ _cleanup_(stretches_done)

static int stretches_new(size_t max, Stretches *ret)
{
	*ret = (Stretches){ .rows = calloc(max + 1, sizeof(Stretch)) };
	return ret->rows ? 0 : -ENOMEM;
}

static void add(Stretches *s, usec_t from, usec_t to)
{
	if (from < to)
		s->rows[s->n++] = (Stretch){ from, to };
}

static int by_start(const void *a, const void *b)
{
	const Stretch *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* In order, and none that touches its neighbour. */
static void join(Stretches *s)
{
	size_t kept = 0;

	if (s->n > 1)
		qsort(s->rows, s->n, sizeof(*s->rows), by_start);
	for (size_t i = 0; i < s->n; i++)
		if (kept > 0 && s->rows[i].from <= s->rows[kept - 1].to)
			s->rows[kept - 1].to = MAX(s->rows[kept - 1].to, s->rows[i].to);
		else
			s->rows[kept++] = s->rows[i];
	s->n = kept;
}

/* What lies in both; each is in order. */
static int cross(const Stretches *a, const Stretches *b, Stretches *ret)
{
	int r = stretches_new(a->n + b->n, ret);

	for (size_t i = 0, k = 0; r == 0 && i < a->n && k < b->n;) {
		add(ret, MAX(a->rows[i].from, b->rows[k].from), MIN(a->rows[i].to, b->rows[k].to));
		if (a->rows[i].to < b->rows[k].to)
			i++;
		else
			k++;
	}
	return r;
}

static usec_t length(const Stretches *s)
{
	usec_t sum = 0;

	for (size_t i = 0; i < s->n; i++)
		sum += s->rows[i].to - s->rows[i].from;
	return sum;
}

/* ---- which lifetimes ---- */

static usec_t end_of(const LedgerLifetime *f, usec_t now)
{
	return f->to ? f->to : MAX(now, f->from);
}

/* "6.1" of "6.1.0-18-amd64". */
static Span minor_of(const char *release)
{
	const char *dot = strchr(release, '.');
	const char *end = dot ? strchr(dot + 1, '.') : NULL;

	return end ? span_make(release, (size_t)(end - release)) : span_of(release);
}

static bool same_kernel(const LedgerLifetime *a, const LedgerLifetime *b)
{
	return span_eq(minor_of(a->kernel), minor_of(b->kernel));
}

/* Whose evidence counts at all: the first that differs, WINDOW_FIRST when nothing does. */
static WindowCause differs(const LedgerLifetime *a, const LedgerLifetime *b)
{
	if (strcmp(a->profile_hash, b->profile_hash) != 0)
		return WINDOW_PROFILE;
	if (strcmp(a->image_digest, b->image_digest) != 0)
		return WINDOW_IMAGE;
	return strcmp(a->capabilities, b->capabilities) != 0 ? WINDOW_CAPABILITIES : WINDOW_FIRST;
}

/* What it ran on. */
static WindowCause varies(const LedgerLifetime *a, const LedgerLifetime *b)
{
	if (strcmp(a->runtime_version, b->runtime_version) != 0)
		return WINDOW_RUNTIME;
	if (strcmp(a->libseccomp, b->libseccomp) != 0)
		return WINDOW_LIBSECCOMP;
	if (!same_kernel(a, b))
		return WINDOW_KERNEL;
	return strcmp(a->machine, b->machine) != 0 ? WINDOW_MACHINE : WINDOW_FIRST;
}

/* What is asked, and what is found on the way. */
typedef struct Search {
	const WindowInput *in;
	const LedgerLifetime *present; /* the newest under the profile that is asked about */
	usec_t first;                  /* watched */
	Window w;
} Search;

static const LedgerLifetime *find_present(const WindowInput *in)
{
	const LedgerLifetime *present = NULL;

	for (size_t i = 0; i < in->n_lifetimes; i++)
		if ((!in->profile_hash ||
		     strcmp(in->lifetimes[i].profile_hash, in->profile_hash) == 0) &&
		    (!present || in->lifetimes[i].from >= present->from))
			present = &in->lifetimes[i];
	return present;
}

static bool is_ours(const Search *s, const LedgerLifetime *f)
{
	return differs(f, s->present) == WINDOW_FIRST;
}

/* In use: what runs now, and the newest of all. */
static bool is_in_use(const Search *s, const LedgerLifetime *f)
{
	return is_ours(s, f) && (f->to == 0 || f == s->present);
}

/* ---- measuring ---- */

static int find_observed(const Search *s, Stretches *ret)
{
	_cleanup_stretches_ Stretches ran = { 0 }, watched = { 0 };
	const WindowInput *in = s->in;
	int r = stretches_new(in->n_lifetimes, &ran);

	if (r == 0)
		r = stretches_new(in->n_runs, &watched);
	if (r < 0)
		return r;
	for (size_t i = 0; i < in->n_lifetimes; i++)
		if (is_ours(s, &in->lifetimes[i]))
			add(&ran, in->lifetimes[i].from, end_of(&in->lifetimes[i], in->now));
	for (size_t i = 0; i < in->n_runs; i++)
		add(&watched, in->runs[i].from, in->runs[i].to);
	join(&ran);
	join(&watched);
	return cross(&ran, &watched, ret);
}

static int measure(Search *s, const Stretches *observed)
{
	_cleanup_stretches_ Stretches lost = { 0 }, spoilt = { 0 };
	int r = stretches_new(s->in->n_losses, &lost);

	for (size_t i = 0; r == 0 && i < s->in->n_losses; i++)
		if (window_counts(&s->in->losses[i]))
			add(&lost, s->in->losses[i].from, s->in->losses[i].to);
	if (r == 0) {
		join(&lost);
		r = cross(observed, &lost, &spoilt);
	}
	if (r < 0)
		return r;
	s->w.observed = length(observed);
	s->w.complete = s->w.observed - length(&spoilt);
	return 0;
}

/* ---- where it begins ---- */

static void begin_at(Search *s, usec_t from, WindowCause cause)
{
	if (from <= s->w.from && s->w.cause != WINDOW_NOT_WATCHED)
		return;
	s->w.from = from;
	s->w.cause = cause;
}

/* The newest that ran under something else, before ours: what changed since. */
static void note_change(Search *s)
{
	const LedgerLifetime *other = NULL;

	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		const LedgerLifetime *f = &s->in->lifetimes[i];

		if (!is_ours(s, f) && f->from <= s->w.from && (!other || f->from > other->from))
			other = f;
	}
	if (other)
		s->w.cause = differs(other, s->present);
}

/* Each variant in use must have been there: the window begins with the youngest of them. */
static void note_variants(Search *s)
{
	const WindowInput *in = s->in;

	for (size_t i = 0; i < in->n_lifetimes; i++) {
		usec_t first = in->lifetimes[i].from;
		WindowCause cause = WINDOW_RUNTIME;

		if (!is_in_use(s, &in->lifetimes[i]))
			continue;
		for (size_t k = 0; k < in->n_lifetimes; k++) {
			const LedgerLifetime *f = &in->lifetimes[k];

			if (!is_ours(s, f))
				continue;
			if (varies(f, &in->lifetimes[i]) == WINDOW_FIRST)
				first = MIN(first, f->from);
			else
				cause = varies(f, &in->lifetimes[i]);
		}
		begin_at(s, first, cause);
	}
}

static void note_losses(Search *s)
{
	for (size_t i = 0; i < s->in->n_losses; i++) {
		const LedgerLoss *loss = &s->in->losses[i];

		if (!window_counts(loss) || loss->to < s->first || loss->from >= s->w.until)
			continue;
		if (loss->to >= s->w.last_loss) {
			s->w.last_loss = loss->to;
			s->w.newest_loss = loss;
		}
		if (loss->from >= s->w.to || loss->to <= s->w.from)
			continue;
		s->w.loss = loss;
		begin_at(s, loss->to, WINDOW_LOSS);
	}
	s->w.from = MIN(s->w.from, s->w.to);
}

/* ---- what happened in it ---- */

static bool in_window(const Search *s, const LedgerLifetime *f)
{
	return is_ours(s, f) && f->from < s->w.to && end_of(f, s->in->now) > s->w.from;
}

static bool starts_in_window(const Search *s, const LedgerLifetime *f)
{
	return in_window(s, f) && f->start_seen && f->from >= s->w.from;
}

static void count_stop(Search *s, const LedgerLifetime *f)
{
	if (!f->stop_seen || f->to > s->w.to)
		return;
	s->w.graceful_stops += f->exit == LIFETIME_EXIT_GRACEFUL;
	s->w.killed += f->exit == LIFETIME_EXIT_KILLED;
	s->w.failed += f->exit == LIFETIME_EXIT_FAILED;
	s->w.lifetimes += starts_in_window(s, f);
}

/* Of those that one had before the window and in it only the last is known to lie in it. */
static void count_joins(Search *s, const LedgerLifetime *f)
{
	if (f->joined >= s->w.from)
		s->w.joins += f->from >= s->w.from ? f->joins : 1;
}

/* Most run at once at some start. */
static uint64_t count_beside(const Search *s, const LedgerLifetime *at)
{
	usec_t moment = MAX(at->from, s->w.from);
	uint64_t n = 0;

	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		const LedgerLifetime *f = &s->in->lifetimes[i];

		n += in_window(s, f) && f->from <= moment && end_of(f, s->in->now) > moment;
	}
	return n;
}

typedef bool (*SameFn)(const LedgerLifetime *a, const LedgerLifetime *b);

static bool same_host(const LedgerLifetime *a, const LedgerLifetime *b)
{
	return strcmp(a->host, b->host) == 0;
}

static bool same_runtime(const LedgerLifetime *a, const LedgerLifetime *b)
{
	return strcmp(a->runtime_version, b->runtime_version) == 0;
}

static bool same_machine(const LedgerLifetime *a, const LedgerLifetime *b)
{
	return strcmp(a->machine, b->machine) == 0;
}

static uint64_t count_different(const Search *s, SameFn same)
{
	const LedgerLifetime *rows = s->in->lifetimes;
	uint64_t n = 0;

	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		size_t k = 0;

		if (!in_window(s, &rows[i]))
			continue;
		while (k < i && !(in_window(s, &rows[k]) && same(&rows[k], &rows[i])))
			k++;
		n += k == i;
	}
	return n;
}

static bool was_seen_to_start(const Search *s, const LedgerLifetime *like)
{
	for (size_t i = 0; i < s->in->n_lifetimes; i++)
		if (starts_in_window(s, &s->in->lifetimes[i]) &&
		    varies(&s->in->lifetimes[i], like) == WINDOW_FIRST)
			return true;
	return false;
}

static uint64_t count_variants_unseen(const Search *s)
{
	const LedgerLifetime *rows = s->in->lifetimes;
	uint64_t n = 0;

	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		size_t k = 0;

		if (!is_in_use(s, &rows[i]) || was_seen_to_start(s, &rows[i]))
			continue;
		while (k < i &&
		       !(is_in_use(s, &rows[k]) && varies(&rows[k], &rows[i]) == WINDOW_FIRST))
			k++;
		n += k == i;
	}
	return n;
}

static void count_all(Search *s)
{
	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		const LedgerLifetime *f = &s->in->lifetimes[i];

		if (!in_window(s, f))
			continue;
		s->w.starts += starts_in_window(s, f);
		s->w.running += end_of(f, s->in->now) >= s->w.to && f->to == 0;
		count_stop(s, f);
		count_joins(s, f);
		s->w.replicas = MAX(s->w.replicas, count_beside(s, f));
	}
	s->w.hosts = count_different(s, same_host);
	s->w.runtime_versions = count_different(s, same_runtime);
	s->w.kernels = count_different(s, same_kernel);
	s->w.machines = count_different(s, same_machine);
	s->w.variants_unseen = count_variants_unseen(s);
}

static void note_blindness(Search *s)
{
	for (size_t i = 0; i < s->in->n_losses; i++) {
		const LedgerLoss *loss = &s->in->losses[i];

		s->w.blind_to_loss |= strcmp(loss->kind, "unobservable") == 0 &&
				      loss->from < s->w.to && loss->to > s->w.from;
	}
}

static void note_ours(Search *s)
{
	s->w.kind = s->present->kind;
	s->w.present = s->present;
	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		const LedgerLifetime *f = &s->in->lifetimes[i];

		if (!is_ours(s, f))
			continue;
		s->w.until = MAX(s->w.until, end_of(f, s->in->now));
		s->w.started |= f->start_seen;
	}
}

int window_find(const WindowInput *in, Window *ret)
{
	Search s = { .in = in, .present = find_present(in) };
	_cleanup_stretches_ Stretches observed = { 0 };
	int r = s.present ? find_observed(&s, &observed) : 0;

	if (s.present)
		note_ours(&s);
	if (r == 0 && observed.n > 0) {
		r = measure(&s, &observed);
		s.first = observed.rows[0].from;
		s.w.to = observed.rows[observed.n - 1].to;
		begin_at(&s, s.first, WINDOW_FIRST);
		note_change(&s);
		note_variants(&s);
		note_losses(&s);
	}
	if (r < 0)
		return r;
	note_blindness(&s);
	if (s.w.from < s.w.to)
		count_all(&s);
	*ret = s.w;
	return 0;
}
