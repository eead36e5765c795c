/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Which colour a risk has. */
#include "ctl/table.h"
#include "suggest/risk.h"

static inline TableTone risk_tone(Risk r)
{
	static const TableTone tones[_RISK_MAX] = {
		[RISK_LOW] = TONE_GOOD,
		[RISK_MEDIUM] = TONE_WARN,
		[RISK_HIGH] = TONE_BAD,
		[RISK_CRITICAL] = TONE_BAD,
	};

	return tones[r];
}
