/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "config/risk-section.h"

int risk_section_take(const ConfigLine *line, RiskSettings *s, Diag *d)
{
	int r = 0;

	if (strcmp(line->section, "risk") != 0)
		return 0;
	if (line->key)
		r = risk_settings_add(s, line->key, line->value, d);
	return r < 0 ? r : 1;
}
