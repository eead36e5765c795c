/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* lint() of the settings of a unit: codes S01 and on, explained in seccompctl-lint(7). */
#include "profile/lint.h"

/* -ENOMEM. What systemd does not load is a finding, too. */
int systemd_lint(const LintInput *in, LintReport *ret);
