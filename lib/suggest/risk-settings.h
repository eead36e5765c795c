/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The administrator's own risks ([risk] of seccompd.conf(5)), which come before those of our table.
 */
#include "suggest/risk.h"
#include "util/error.h"

#define RISK_SETTINGS_MAX 512 /* more than there are calls */

typedef struct RiskSetting {
	char *syscall;
	Risk risk;
} RiskSetting;

typedef struct RiskSettings {
	RiskSetting *items; /* in the order of strcmp() */
	size_t n;
} RiskSettings;

/* "keyctl", "high". A second setting of a call takes the place of the first, and "" takes it back.
 * -EINVAL with a
 * sentence for a call that no table here has and a word that is no risk, -E2BIG, -ENOMEM. */
int risk_settings_add(RiskSettings *s, const char *syscall, const char *risk, Diag *d);
void risk_settings_done(RiskSettings *s);

/* Is there a call of this name anywhere? */
bool risk_knows_call(const char *syscall);

/* risk_of(), where @s (may be NULL) does not say otherwise. */
RiskFact risk_settings_ask(const RiskSettings *s, const char *syscall);
