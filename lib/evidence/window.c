/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "evidence/stretches.h"
#include "evidence/window.h"

/* Of two instances, one behind the other; a companion of theirs may run under another filter. */
#define RESTART_MAX (60 * USEC_PER_SEC)

bool window_counts(const LedgerLoss *loss)
{
	return loss->count != 0 && strcmp(loss->kind, "unobservable") != 0;
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

/* When it was on a host. */
typedef struct HostSpan {
	int64_t host;
	usec_t first; /* watched */
	usec_t until; /* it ran, watched or not */
	const LedgerLifetime *oldest;
} HostSpan;

/* What is asked, and what is found on the way. */
typedef struct Search {
	const WindowInput *in;
	const LedgerLifetime *present; /* the newest under the profile that is asked about */
	HostSpan *spans;               /* by host; those on which it was watched */
	size_t n_spans;
	const LedgerLifetime **variants; /* the first of each that is in use */
	size_t n_variants;
	Window w;
} Search;

static void search_done(Search *s)
{
	free(s->spans);
	free(s->variants);
}

static HostSpan *find_span(const Search *s, int64_t host)
{
	size_t low = 0, high = s->n_spans;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->spans[middle].host < host)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->n_spans && s->spans[low].host == host ? &s->spans[low] : NULL;
}

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

/* When ours ran, or what is not ours. */
static int find_ran(const Search *s, bool ours, Stretches *ret)
{
	const WindowInput *in = s->in;
	int r = stretches_new(in->n_lifetimes, ret);

	for (size_t i = 0; r == 0 && i < in->n_lifetimes; i++)
		if (is_ours(s, &in->lifetimes[i]) == ours)
			stretches_add(ret, in->lifetimes[i].host_id, in->lifetimes[i].from,
				      end_of(&in->lifetimes[i], in->now));
	if (r == 0)
		stretches_join(ret);
	return r;
}

static int find_observed(const Search *s, Stretches *ret)
{
	_cleanup_stretches_ Stretches ran = { 0 }, watched = { 0 };
	const WindowInput *in = s->in;
	int r = find_ran(s, true, &ran);

	if (r == 0)
		r = stretches_new(in->n_runs, &watched);
	if (r < 0)
		return r;
	for (size_t i = 0; i < in->n_runs; i++)
		stretches_add(&watched, in->runs[i].host, in->runs[i].from, in->runs[i].to);
	stretches_join(&watched);
	return stretches_cross(&ran, &watched, ret);
}

/* Each host's, and the end of all. */
static int find_spans(Search *s, const Stretches *observed)
{
	s->spans = calloc(observed->n + 1, sizeof(*s->spans));
	if (!s->spans)
		return -ENOMEM;
	for (size_t i = 0; i < observed->n; i++) {
		const Stretch *o = &observed->rows[i];

		if (i == 0 || o->host != o[-1].host)
			s->spans[s->n_spans++] = (HostSpan){ .host = o->host, .first = o->from };
		s->w.to = MAX(s->w.to, o->to);
	}
	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		const LedgerLifetime *f = &s->in->lifetimes[i];
		HostSpan *span = is_ours(s, f) ? find_span(s, f->host_id) : NULL;

		if (!span)
			continue;
		span->until = MAX(span->until, end_of(f, s->in->now));
		if (!span->oldest || f->from < span->oldest->from)
			span->oldest = f;
	}
	return 0;
}

static int measure(Search *s, const Stretches *observed)
{
	_cleanup_stretches_ Stretches lost = { 0 }, spoilt = { 0 };
	int r = stretches_new(s->in->n_losses, &lost);

	for (size_t i = 0; r == 0 && i < s->in->n_losses; i++)
		if (window_counts(&s->in->losses[i]))
			stretches_add(&lost, s->in->losses[i].host, s->in->losses[i].from,
				      s->in->losses[i].to);
	if (r == 0) {
		stretches_join(&lost);
		r = stretches_cross(observed, &lost, &spoilt);
	}
	if (r == 0)
		r = stretches_length(observed, &s->w.observed);
	if (r == 0)
		r = stretches_length(&spoilt, &s->w.complete);
	if (r < 0)
		return r;
	s->w.complete = s->w.observed - s->w.complete;
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

/* With the first instance that was watched, unless one ran already where others were watched: what
 * that called before, nobody knows. */
static void begin(Search *s)
{
	usec_t first = UINT64_MAX;

	for (size_t i = 0; i < s->n_spans; i++)
		first = MIN(first, s->spans[i].first);
	begin_at(s, first, WINDOW_FIRST);
	for (size_t i = 0; i < s->n_spans; i++)
		if (s->spans[i].oldest && !s->spans[i].oldest->start_seen)
			begin_at(s, s->spans[i].first, WINDOW_FIRST);
}

/* It was started anew beside a companion, which ran all the while. */
static bool is_restart(const Stretch *before, const Stretch *back, const Stretch *companion)
{
	return back->from - before->to <= RESTART_MAX && companion->from < before->to &&
	       companion->to > back->from;
}

/* Ours ran on a host, then something else alone, then ours again: it begins anew with that. */
static int note_returns(Search *s)
{
	_cleanup_stretches_ Stretches ran = { 0 }, others = { 0 };
	int r = find_ran(s, true, &ran);
	size_t k = 0;

	if (r == 0)
		r = find_ran(s, false, &others);
	for (size_t i = 1; r == 0 && i < ran.n; i++) {
		const Stretch *back = &ran.rows[i], *before = back - 1, *o = others.rows;

		if (back->host != before->host || back->from >= s->w.to)
			continue;
		while (k < others.n && (o[k].host < back->host ||
					(o[k].host == back->host && o[k].to <= before->to)))
			k++;
		if (k < others.n && o[k].host == back->host && o[k].from < back->from &&
		    !is_restart(before, back, &o[k]))
			begin_at(s, back->from, WINDOW_PROFILE);
	}
	return r;
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

static int find_variants(Search *s)
{
	const WindowInput *in = s->in;

	s->variants = calloc(in->n_lifetimes, sizeof(*s->variants));
	if (!s->variants)
		return -ENOMEM;
	for (size_t i = 0; i < in->n_lifetimes; i++) {
		const LedgerLifetime *f = &in->lifetimes[i];
		size_t k = 0;

		if (!is_in_use(s, f))
			continue;
		while (k < s->n_variants && varies(s->variants[k], f) != WINDOW_FIRST)
			k++;
		if (k == s->n_variants)
			s->variants[s->n_variants++] = f;
	}
	return 0;
}

static void note_variant(Search *s, const LedgerLifetime *variant)
{
	const WindowInput *in = s->in;
	usec_t first = variant->from;
	WindowCause cause = WINDOW_RUNTIME;

	for (size_t i = 0; i < in->n_lifetimes; i++) {
		const LedgerLifetime *f = &in->lifetimes[i];
		WindowCause other;

		if (!is_ours(s, f))
			continue;
		other = varies(f, variant);
		if (other == WINDOW_FIRST)
			first = MIN(first, f->from);
		else
			cause = other;
	}
	begin_at(s, first, cause);
}

/* Each variant in use must have been there: the window begins with the youngest of them. */
static int note_variants(Search *s)
{
	int r = find_variants(s);

	for (size_t i = 0; i < s->n_variants; i++)
		note_variant(s, s->variants[i]);
	return r;
}

static void note_losses(Search *s)
{
	for (size_t i = 0; i < s->in->n_losses; i++) {
		const LedgerLoss *loss = &s->in->losses[i];
		const HostSpan *span = find_span(s, loss->host);
		/* it may have been started there again since */
		bool silent = strcmp(loss->kind, LOSS_HOST_SILENT) == 0;

		if (!span || !window_counts(loss) || loss->to < span->first ||
		    (loss->from >= span->until && !silent))
			continue;
		s->w.until = MAX(s->w.until, silent ? loss->to : 0);
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

static int by_time(const void *a, const void *b)
{
	const usec_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Most run at once at some start. */
static int count_replicas(const Search *s, uint64_t *ret)
{
	size_t all = s->in->n_lifetimes + 1, n = 0, ended = 0;
	_cleanup_free_ usec_t *from = calloc(all, sizeof(*from)), *to = calloc(all, sizeof(*to));

	if (!from || !to)
		return -ENOMEM;
	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		const LedgerLifetime *f = &s->in->lifetimes[i];

		if (!in_window(s, f))
			continue;
		from[n] = MAX(f->from, s->w.from);
		to[n++] = end_of(f, s->in->now);
	}
	qsort(from, n, sizeof(*from), by_time);
	qsort(to, n, sizeof(*to), by_time);
	*ret = 0;
	for (size_t i = 0; i < n; i++) {
		while (ended < n && to[ended] <= from[i])
			ended++;
		*ret = MAX(*ret, (uint64_t)(i + 1 - MIN(ended, i + 1)));
	}
	return 0;
}

/* ---- how many different ones ---- */

static const LedgerLifetime *row_at(const void *p)
{
	return *(const LedgerLifetime *const *)p;
}

static int by_host(const void *a, const void *b)
{
	return strcmp(row_at(a)->host, row_at(b)->host);
}

static int by_runtime(const void *a, const void *b)
{
	return strcmp(row_at(a)->runtime_version, row_at(b)->runtime_version);
}

static int by_kernel(const void *a, const void *b)
{
	return span_compare(minor_of(row_at(a)->kernel), minor_of(row_at(b)->kernel));
}

static int by_machine(const void *a, const void *b)
{
	return strcmp(row_at(a)->machine, row_at(b)->machine);
}

static uint64_t count_different(const LedgerLifetime **rows, size_t n,
				int (*compare)(const void *a, const void *b))
{
	uint64_t different = n > 0;

	qsort(rows, n, sizeof(*rows), compare);
	for (size_t i = 1; i < n; i++)
		different += compare(&rows[i - 1], &rows[i]) != 0;
	return different;
}

static int count_kinds(Search *s)
{
	_cleanup_free_ const LedgerLifetime **rows = calloc(s->in->n_lifetimes + 1, sizeof(*rows));
	size_t n = 0;

	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < s->in->n_lifetimes; i++)
		if (in_window(s, &s->in->lifetimes[i]))
			rows[n++] = &s->in->lifetimes[i];
	s->w.hosts = count_different(rows, n, by_host);
	s->w.runtime_versions = count_different(rows, n, by_runtime);
	s->w.kernels = count_different(rows, n, by_kernel);
	s->w.machines = count_different(rows, n, by_machine);
	return 0;
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
	uint64_t n = 0;

	for (size_t i = 0; i < s->n_variants; i++)
		n += !was_seen_to_start(s, s->variants[i]);
	return n;
}

static int count_all(Search *s)
{
	int r;

	for (size_t i = 0; i < s->in->n_lifetimes; i++) {
		const LedgerLifetime *f = &s->in->lifetimes[i];

		if (!in_window(s, f))
			continue;
		s->w.starts += starts_in_window(s, f);
		s->w.running += end_of(f, s->in->now) >= s->w.to && f->to == 0;
		count_stop(s, f);
		count_joins(s, f);
	}
	s->w.variants_unseen = count_variants_unseen(s);
	r = count_kinds(s);
	return r == 0 ? count_replicas(s, &s->w.replicas) : r;
}

static void note_blindness(Search *s)
{
	for (size_t i = 0; i < s->in->n_losses; i++) {
		const LedgerLoss *loss = &s->in->losses[i];

		s->w.blind_to_loss |= strcmp(loss->kind, "unobservable") == 0 &&
				      find_span(s, loss->host) && loss->from < s->w.to &&
				      loss->to > s->w.from;
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
	_cleanup_(search_done) Search s = { .in = in, .present = find_present(in) };
	_cleanup_stretches_ Stretches observed = { 0 };
	int r = s.present ? find_observed(&s, &observed) : 0;

	if (s.present)
		note_ours(&s);
	if (r == 0 && observed.n > 0) {
		r = measure(&s, &observed);
		if (r == 0)
			r = find_spans(&s, &observed);
	}
	if (r == 0 && observed.n > 0) {
		begin(&s);
		r = note_returns(&s);
	}
	if (r == 0 && observed.n > 0) {
		note_change(&s);
		r = note_variants(&s);
		note_losses(&s);
	}
	if (r < 0)
		return r;
	note_blindness(&s);
	if (s.w.from < s.w.to)
		r = count_all(&s);
	if (r == 0)
		*ret = s.w;
	return r;
}
