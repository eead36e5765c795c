/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What an administrator says of the gate; where it is written: config/gate-section.h. */
#include "evidence/gate.h"
#include "suggest/suspect.h"

typedef struct GatePolicy {
	GateThresholds thresholds;
	SuspectPolicy suspect;         /* which calls are marked, and so wait for a person */
	char exercises[GATE_TEXT_MAX]; /* words: what its owner must have tried and ticked */
	char exercised[GATE_TEXT_MAX]; /* what is ticked */
	bool rollback_tested;
	usec_t silence; /* of a host, see history_read() */
} GatePolicy;

/* The words of .exercises that are not among .exercised, with blanks between them. */
void gate_policy_unexercised(const GatePolicy *p, char ret[static GATE_TEXT_MAX]);
