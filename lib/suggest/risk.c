/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "suggest/risk-table.h"

static int compare_risky(const void *name, const void *entry)
{
	return strcmp(name, ((const __typeof__(risky_calls[0]) *)entry)->name);
}

static int compare_harmless(const void *name, const void *entry)
{
	return strcmp(name, *(const char *const *)entry);
}

/* Risky to some degree, and yet in both default profiles without a condition. */
static bool is_everyday(const char *name)
{
	static const char *const everyday[] = { "execveat", "ioctl", "mknod", "mknodat",
						"socketcall" };

	for (size_t i = 0; i < ELEMENTSOF(everyday); i++)
		if (strcmp(name, everyday[i]) == 0)
			return true;
	return false;
}

RiskFact risk_of(const char *name)
{
	const __typeof__(risky_calls[0]) *risky;

	risky = bsearch(name, risky_calls, ELEMENTSOF(risky_calls), sizeof(risky_calls[0]),
			compare_risky);
	if (risky)
		return (RiskFact){ .syscall = name,
				   .risk = risky->risk,
				   .known = true,
				   .by_default = is_everyday(name),
				   .reason = risky->reason };
	if (bsearch(name, harmless_calls, ELEMENTSOF(harmless_calls), sizeof(harmless_calls[0]),
		    compare_harmless))
		return (RiskFact){
			.syscall = name, .risk = RISK_LOW, .known = true, .by_default = true
		};
	return (RiskFact){ .syscall = name,
			   .risk = RISK_HIGH,
			   .reason = "nothing is known about it here" };
}

bool risk_each(size_t i, RiskFact *ret)
{
	if (i >= ELEMENTSOF(risky_calls) + ELEMENTSOF(harmless_calls))
		return false;
	*ret = risk_of(i < ELEMENTSOF(risky_calls) ? risky_calls[i].name
						   : harmless_calls[i - ELEMENTSOF(risky_calls)]);
	return true;
}

const char *risk_name(Risk r)
{
	static const char *const names[_RISK_MAX] = {
		[RISK_LOW] = "low",
		[RISK_MEDIUM] = "medium",
		[RISK_HIGH] = "high",
		[RISK_CRITICAL] = "critical",
	};

	return (unsigned)r < _RISK_MAX ? names[r] : "?";
}
