/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "suggest/lint-risk.h"
#include "suggest/risk.h"

bool lint_risk_of(const char *name, LintSeverity *ret, const char **ret_reason)
{
	RiskFact fact = risk_of(name);

	if (!fact.known || fact.risk < RISK_HIGH || !fact.reason)
		return false;
	*ret = fact.risk == RISK_CRITICAL ? LINT_WARNING : LINT_NOTE;
	*ret_reason = fact.reason;
	return true;
}
