/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* What the running daemon says that it cannot do. */
#include "evidence/tally.h"
#include "profile/json-line.h"

/* Appends the array "faults": kind, since, reason. */
void faults_json(const TallyTotals *t, JsonLine *j);

/* A paragraph, when there is any. */
void faults_print(const TallyTotals *t, usec_t now, FILE *f);
