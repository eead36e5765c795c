/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The section [risk] of seccompd.conf(5), for the daemon and the client alike: both must call the
 * same call risky. */
#include "config/config-file.h"
#include "suggest/risk-settings.h"

/* 1 when the line belongs to the section and is in @s now, 0 when it does not, or -errno with a
 * sentence in @d. */
int risk_section_take(const ConfigLine *line, RiskSettings *s, Diag *d);
