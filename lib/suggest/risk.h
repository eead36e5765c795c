/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* How dangerous it is to allow a call. The table is ours: risk-table.h. */
#include "util/span.h"

typedef enum Risk { RISK_LOW, RISK_MEDIUM, RISK_HIGH, RISK_CRITICAL, _RISK_MAX } Risk;

typedef struct RiskFact {
	const char *syscall;
	Risk risk;
	bool known;         /* false: in no table of ours, so high and for a person to review */
	bool by_default;    /* Docker's and Podman's default profiles both allow it to everybody */
	bool by_setting;    /* the administrator's own (risk-settings.h) */
	const char *reason; /* one sentence, our own words; NULL for low */
} RiskFact;

/* Always answers; .syscall is @name. */
RiskFact risk_of(const char *name);

/* The calls of the table, one after the other; false behind the last. */
bool risk_each(size_t i, RiskFact *ret);

const char *risk_name(Risk r) _const_;
