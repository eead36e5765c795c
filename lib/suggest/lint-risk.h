/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The table of risks as lint() asks for it. */
#include "profile/lint.h"

/* A critical call is a warning, one of high risk a note; names that no table of ours has are left
 * to a person's judgement. */
bool lint_risk_of(const char *name, LintSeverity *ret, const char **ret_reason);
