/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* The gate as people and programs read it. */
#include "suggest/gate-figures.h"

/* One object per criterion, and a summary with window, coverage and the curve of discovery. */
int gate_print_json(const GateView *v, int exit_code, FILE *f);

int gate_print_text(const GateView *v, bool color, FILE *f);
