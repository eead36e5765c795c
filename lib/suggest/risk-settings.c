/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "audit/arch.h"
#include "audit/syscall-closest.h"
#include "profile/filter.h"
#include "suggest/risk-settings.h"

void risk_settings_done(RiskSettings *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->items[i].syscall);
	free(s->items);
	*s = (RiskSettings){ 0 };
}

/* A typing error would otherwise leave a call as it was, without a word. Calls that are newer than
 * libseccomp and our table of risks have one number everywhere. */
bool risk_knows_call(const char *syscall)
{
	int64_t nr;

	return risk_of(syscall).known || filter_knows_name(syscall) ||
	       syscall_number_seen(ARCH_WORD_X86_64, syscall, &nr) == 0;
}

static int read_risk(const char *word, Risk *ret)
{
	for (unsigned r = 0; r < _RISK_MAX; r++)
		if (strcmp(word, risk_name((Risk)r)) == 0) {
			*ret = (Risk)r;
			return 0;
		}
	return -EINVAL;
}

/* Where @syscall is, or would be. */
static size_t find(const RiskSettings *s, const char *syscall)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(s->items[middle].syscall, syscall) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const RiskSettings *s, size_t i, const char *syscall)
{
	return i < s->n && strcmp(s->items[i].syscall, syscall) == 0;
}

static int insert(RiskSettings *s, size_t at, const char *syscall, Risk risk)
{
	RiskSetting *more = reallocarray(s->items, s->n + 1, sizeof(*more));
	char *copy;

	if (!more)
		return -ENOMEM;
	s->items = more;
	copy = strdup(syscall);
	if (!copy)
		return -ENOMEM;
	memmove(more + at + 1, more + at, (s->n - at) * sizeof(*more));
	more[at] = (RiskSetting){ copy, risk };
	s->n++;
	return 0;
}

static int remove_at(RiskSettings *s, size_t at, const char *syscall)
{
	if (!is_at(s, at, syscall))
		return 0;
	free(s->items[at].syscall);
	memmove(s->items + at, s->items + at + 1, (--s->n - at) * sizeof(*s->items));
	return 0;
}

int risk_settings_add(RiskSettings *s, const char *syscall, const char *word, Diag *d)
{
	size_t at = find(s, syscall);
	char hint[SYSCALL_HINT_MAX];
	Risk risk;

	if (!*word)
		return remove_at(s, at, syscall);
	if (read_risk(word, &risk) < 0)
		return diag_set(d, -EINVAL,
				"%s=%s is no good value: low, medium, high or critical is needed",
				syscall, word);
	if (!risk_knows_call(syscall))
		return diag_set(d, -EINVAL, "no system call here has the name %s%s", syscall,
				syscall_hint(syscall, hint));
	if (is_at(s, at, syscall)) {
		s->items[at].risk = risk;
		return 0;
	}
	if (s->n == RISK_SETTINGS_MAX)
		return diag_set(d, -E2BIG, "there are more than %d risks", RISK_SETTINGS_MAX);
	return insert(s, at, syscall, risk) < 0 ? diag_set(d, -ENOMEM, "out of memory") : 0;
}

RiskFact risk_settings_ask(const RiskSettings *s, const char *syscall)
{
	RiskFact fact = risk_of(syscall);
	size_t at = s ? find(s, syscall) : 0;

	if (s && is_at(s, at, syscall)) {
		fact.reason = fact.known ? fact.reason : NULL;
		fact.risk = s->items[at].risk;
		fact.by_setting = fact.known = true;
	}
	return fact;
}
