/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "audit/arch.h"
#include "suggest/fallback.h"
#include "suggest/safe-rule.h"
#include "suggest/suspect-private.h"

static const char *const names[_MARK_MAX] = {
	[MARK_EXEC_ONLY] = "exec-only",
	[MARK_ONE_REPLICA] = "one-replica",
	[MARK_AFTER_RISK] = "after-risk",
	[MARK_BURST] = "burst",
};

const char *mark_name(Mark m)
{
	return (unsigned)m < _MARK_MAX ? names[m] : "?";
}

int mark_parse(Span word, Mark *ret)
{
	for (unsigned m = 0; m < _MARK_MAX; m++)
		if (span_is(word, names[m])) {
			*ret = (Mark)m;
			return 0;
		}
	return -EINVAL;
}

void suspect_policy_default(SuspectPolicy *ret)
{
	*ret = (SuspectPolicy){
		.marks = (1U << _MARK_MAX) - 1,
		.replicas = 3,
		.burst = 10,
		.burst_time = USEC_PER_SEC,
	};
}

bool suspect_is_risky(const RiskSettings *risks, const char *name)
{
	static const uint32_t arch = ARCH_WORD_X86_64;
	RiskFact fact = risk_settings_ask(risks, name);
	SafeRule ignored;

	if (!fact.known || fact.risk < RISK_HIGH)
		return false;
	return fact.by_setting ||
	       (!fallback_for(name) && safe_rule_for(name, &arch, 1, &ignored) < 0);
}

/* ---- rows to calls ---- */

static int compare_rows(const void *a, const void *b)
{
	const SuspectRow *x = *(const SuspectRow *const *)a, *y = *(const SuspectRow *const *)b;

	if (x->arch != y->arch)
		return x->arch < y->arch ? -1 : 1;
	return (x->nr > y->nr) - (x->nr < y->nr);
}

static void add_row(SuspectCall *c, const SuspectRow *row)
{
	c->n_rows++;
	c->origins |= 1U << row->origin;
	if (row->first > 0 && (c->first == 0 || row->first < c->first))
		c->first = row->first;
}

static void group_rows(const SuspectInput *in, Suspects *s)
{
	for (size_t i = 0; i < in->n_rows; i++)
		s->rows[i] = &in->rows[i];
	qsort(s->rows, in->n_rows, sizeof(*s->rows), compare_rows);
	for (size_t i = 0; i < in->n_rows; i++) {
		if (i == 0 || compare_rows(&s->rows[i - 1], &s->rows[i]) != 0)
			s->calls[s->n_calls++] = (SuspectCall){ .rows = &s->rows[i] };
		add_row(&s->calls[s->n_calls - 1], s->rows[i]);
		s->origins |= 1U << s->rows[i]->origin;
	}
}

static int compare_names(const void *a, const void *b)
{
	const LedgerLifetime *x = *(const LedgerLifetime *const *)a,
			     *y = *(const LedgerLifetime *const *)b;

	return strcmp(x->name, y->name);
}

static void sort_lifetimes(const SuspectInput *in, Suspects *s)
{
	for (size_t i = 0; i < in->n_lifetimes; i++)
		s->lifetimes[i] = &in->lifetimes[i];
	qsort(s->lifetimes, in->n_lifetimes, sizeof(*s->lifetimes), compare_names);
}

/* ---- by whom ---- */

static void mark_exec_only(const SuspectInput *in, Suspects *s)
{
	(void)in;
	for (size_t i = 0; i < s->n_calls; i++)
		if (s->calls[i].origins == 1U << ORIGIN_EXEC)
			s->calls[i].found.marks |= 1U << MARK_EXEC_ONLY;
}

/* ---- bursts ---- */

/* Made by nobody who descends from the container's first program. Where nobody at all is known to,
 * the history of processes was not there to tell. */
static bool is_strangers(const Suspects *s, const SuspectCall *c)
{
	uint32_t strangers = 1U << ORIGIN_EXEC;

	if (s->origins & 1U << ORIGIN_WORKLOAD)
		strangers |= 1U << ORIGIN_UNKNOWN;
	return c->first > 0 && (c->origins & ~strangers) == 0;
}

static int compare_first(const void *a, const void *b)
{
	const SuspectCall *x = *(SuspectCall *const *)a, *y = *(SuspectCall *const *)b;

	return (x->first > y->first) - (x->first < y->first);
}

static void mark_bursts(const SuspectInput *in, Suspects *s)
{
	const SuspectPolicy *policy = in->policy;
	size_t n = 0, marked = 0;

	for (size_t i = 0; i < s->n_calls; i++)
		if (is_strangers(s, &s->calls[i]))
			s->order[n++] = &s->calls[i];
	qsort(s->order, n, sizeof(*s->order), compare_first);
	for (size_t from = 0, to = 0; from < n; from++) {
		while (to < n && s->order[to]->first - s->order[from]->first <= policy->burst_time)
			to++;
		if (policy->burst == 0 || to - from < policy->burst)
			continue;
		for (size_t i = MAX(from, marked); i < to; i++)
			s->order[i]->found.marks |= 1U << MARK_BURST;
		for (size_t i = from; i < to; i++)
			s->order[i]->found.burst =
				MAX(s->order[i]->found.burst, (uint32_t)(to - from));
		marked = to;
	}
}

/* ---- all of it ---- */

static void hand_out(const SuspectInput *in, const Suspects *s, Suspicion *ret)
{
	for (size_t i = 0; i < s->n_calls; i++)
		for (size_t k = 0; k < s->calls[i].n_rows; k++)
			ret[s->calls[i].rows[k] - in->rows] = s->calls[i].found;
}

int suspect_find(const SuspectInput *in, Suspicion *ret)
{
	static void (*const finders[_MARK_MAX])(const SuspectInput *in, Suspects *s) = {
		[MARK_EXEC_ONLY] = mark_exec_only,
		[MARK_ONE_REPLICA] = suspect_mark_replicas,
		[MARK_AFTER_RISK] = suspect_mark_after_risk,
		[MARK_BURST] = mark_bursts,
	};
	_cleanup_free_ const SuspectRow **rows = calloc(in->n_rows + 1, sizeof(*rows));
	_cleanup_free_ SuspectCall *calls = calloc(in->n_rows + 1, sizeof(*calls));
	_cleanup_free_ SuspectCall **order = calloc(in->n_rows + 1, sizeof(*order));
	_cleanup_free_ const SuspectRow **risky = calloc(in->n_rows + 1, sizeof(*risky));
	_cleanup_free_ const LedgerLifetime **lifetimes =
		calloc(in->n_lifetimes + 1, sizeof(*lifetimes));
	Suspects s = {
		.rows = rows, .calls = calls, .order = order, .lifetimes = lifetimes, .risky = risky
	};

	if (!rows || !calls || !order || !risky || !lifetimes)
		return -ENOMEM;
	group_rows(in, &s);
	sort_lifetimes(in, &s);
	for (unsigned m = 0; m < _MARK_MAX; m++)
		if (in->policy->marks & 1U << m)
			finders[m](in, &s);
	hand_out(in, &s, ret);
	return 0;
}

char *suspicion_tell(const Suspicion *s, char buf[static SUSPICION_TEXT_MAX])
{
	char texts[_MARK_MAX][SUSPICION_TEXT_MAX / _MARK_MAX];
	size_t at = 0;

	snprintf(texts[MARK_EXEC_ONLY], sizeof(texts[0]),
		 "only programs that were brought in from outside (exec) made it");
	snprintf(texts[MARK_ONE_REPLICA], sizeof(texts[0]),
		 "only 1 of %" PRIu32 " instances that ran side by side made it", s->replicas);
	snprintf(texts[MARK_AFTER_RISK], sizeof(texts[0]), "it came only behind the risky %s",
		 s->after ? s->after : "call");
	snprintf(texts[MARK_BURST], sizeof(texts[0]),
		 "it is 1 of %" PRIu32
		 " new calls at once by processes that do not descend from the "
		 "first program",
		 s->burst);
	buf[0] = '\0';
	for (unsigned m = 0; m < _MARK_MAX; m++)
		if (s->marks & 1U << m)
			at += (size_t)snprintf(buf + at, SUSPICION_TEXT_MAX - at, "%s%s",
					       at > 0 ? "; " : "", texts[m]);
	return buf;
}
