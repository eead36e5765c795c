/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stddef.h>

#include "config/gate-section.h"
#include "suggest/history.h"
#include "util/parse.h"

#define OVERRIDES_MAX 256

static int set_duration(void *target, Span value)
{
	return clock_parse_span(value, target);
}

static int set_count(void *target, Span value)
{
	uint32_t n;
	int r = parse_u32(value, &n);

	if (r == 0)
		*(uint64_t *)target = n;
	return r;
}

static int set_bool(void *target, Span value)
{
	return parse_bool(value, target);
}

static bool is_word(Span word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", word.p[i]))
			return false;
	return true;
}

static int set_words(void *target, Span value)
{
	Span rest = value, word;

	while (span_split(&rest, ' ', &word))
		if (!is_word(word))
			return -EINVAL;
	return span_copy(value, target, GATE_TEXT_MAX) ? 0 : -E2BIG;
}

/* "no" is none. */
static int set_marks(void *target, Span value)
{
	Span rest = value, word;
	uint32_t marks = 0;
	Mark m;

	if (value.n == 0)
		return -EINVAL;
	while (!span_is(value, "no") && span_split(&rest, ' ', &word)) {
		if (word.n > 0 && mark_parse(word, &m) < 0)
			return -EINVAL;
		marks |= word.n > 0 ? 1U << m : 0;
	}
	*(uint32_t *)target = marks;
	return 0;
}

#define DURATION set_duration, sizeof(usec_t), "a time such as 12h, 7d or 2w"
#define COUNT set_count, sizeof(uint64_t), "a whole number"
#define BOOL set_bool, sizeof(bool), "yes or no"
#define WORDS set_words, GATE_TEXT_MAX, "words of a-z, 0-9 and - with blanks between them"
#define MARKS \
	set_marks, sizeof(uint32_t), "no, or words of exec-only, one-replica, after-risk and burst"
#define SUSPECT(member) offsetof(GatePolicy, suspect.member)
#define THRESHOLD(member) offsetof(GatePolicy, thresholds.member)

static const struct {
	const char *key; /* without "Gate" */
	int (*set)(void *target, Span value);
	size_t size;
	const char *wants;
	size_t offset;
	bool own; /* a workload's alone */
	bool all; /* of all workloads alone */
} keys[] = {
	{ "Complete", DURATION, THRESHOLD(complete), false },
	{ "Quiet", DURATION, THRESHOLD(quiet), false },
	{ "Cycle", DURATION, THRESHOLD(cycle), false },
	{ "Starts", COUNT, THRESHOLD(starts), false },
	{ "GracefulStops", COUNT, THRESHOLD(graceful_stops), false },
	{ "Execs", COUNT, THRESHOLD(execs), false },
	{ "Replicas", COUNT, THRESHOLD(replicas), false },
	{ "KillQuiet", DURATION, THRESHOLD(kill_quiet), false },
	{ "KillLifetimes", COUNT, THRESHOLD(kill_lifetimes), false },
	{ "AcceptUnobservableLoss", BOOL, THRESHOLD(accept_unobservable_loss), false },
	{ "Marks", MARKS, SUSPECT(marks), false },
	{ "MarkReplicas", COUNT, SUSPECT(replicas), false },
	{ "MarkBurst", COUNT, SUSPECT(burst), false },
	{ "MarkBurstTime", DURATION, SUSPECT(burst_time), false },
	{ "Silence", DURATION, offsetof(GatePolicy, silence), false, true },
	{ "Exercises", WORDS, offsetof(GatePolicy, exercises), false },
	{ "Exercised", WORDS, offsetof(GatePolicy, exercised), true },
	{ "RollbackTested", BOOL, offsetof(GatePolicy, rollback_tested), true },
};

void gate_section_done(GateSection *s)
{
	free(s->rows);
	*s = (GateSection){ 0 };
}

static int override_of(GateSection *s, Span name, GateOverride **ret, Diag *d)
{
	GateOverride *more;

	for (size_t i = 0; i < s->n; i++)
		if (span_is(name, s->rows[i].workload)) {
			*ret = &s->rows[i];
			return 0;
		}
	if (s->n == OVERRIDES_MAX || name.n >= WORKLOAD_NAME_MAX)
		return diag_set(d, -E2BIG, "more than %d workloads, or too long a name",
				OVERRIDES_MAX);
	more = reallocarray(s->rows, s->n + 1, sizeof(*more));
	if (!more)
		return diag_set(d, -ENOMEM, "out of memory");
	s->rows = more;
	s->rows[s->n] = (GateOverride){ 0 };
	span_copy(name, s->rows[s->n].workload, sizeof(s->rows[s->n].workload));
	*ret = &s->rows[s->n++];
	return 0;
}

static int set_key(Span key, bool own, const ConfigLine *line, uint32_t *set, GatePolicy *policy,
		   Diag *d)
{
	for (size_t i = 0; i < ELEMENTSOF(keys); i++) {
		if (!span_is(key, keys[i].key) || (keys[i].own && !own) || (keys[i].all && own))
			continue;
		if (keys[i].set((char *)policy + keys[i].offset, span_of(line->value)) < 0)
			return diag_set(d, -EINVAL, "%s=%s is no good value: %s is needed",
					line->key, line->value, keys[i].wants);
		*set |= UINT32_C(1) << i;
		return 1;
	}
	return diag_set(d, -EINVAL, "there is no key %s= in section [%s], see seccompd.conf(5)",
			line->key, line->section);
}

int gate_section_take(const ConfigLine *line, GateSection *s, Diag *d)
{
	Span section = span_of(line->section), key = span_of(line->key);
	GateOverride *o = NULL;
	int r;

	if (span_is(section, "gate"))
		return line->key ? set_key(key, false, line, &s->set, &s->policy, d) : 1;
	if (!span_skip(&section, SPAN_LIT("workload ")) || !span_skip(&key, SPAN_LIT("Gate")))
		return 0;
	r = override_of(s, section, &o, d);
	return r < 0 ? r : set_key(key, true, line, &o->set, &o->policy, d);
}

static void copy_set(uint32_t set, const GatePolicy *from, GatePolicy *to)
{
	for (size_t i = 0; i < ELEMENTSOF(keys); i++)
		if (set & UINT32_C(1) << i)
			memcpy((char *)to + keys[i].offset, (const char *)from + keys[i].offset,
			       keys[i].size);
}

void gate_section_policy(const GateSection *s, const char *workload, GatePolicy *ret)
{
	*ret = (GatePolicy){ 0 };
	gate_thresholds_default(&ret->thresholds);
	suspect_policy_default(&ret->suspect);
	ret->silence = HISTORY_SILENCE;
	copy_set(s->set, &s->policy, ret);
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->rows[i].workload, workload) == 0)
			copy_set(s->rows[i].set, &s->rows[i].policy, ret);
}
