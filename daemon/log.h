/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* One line on standard error; with a priority where that is the journal. Each failure is logged
 * once, here at the edge. Never waits: lines that nobody takes are counted, and the next that is
 * taken is preceded by their number. */
#include <syslog.h>

#include "util/error.h"

/* Before anything is said: auditd gives its plugins no standard error, so they talk to the journal.
 */
void log_begin(void);

void log_line(int priority, const char *fmt, ...) _printf_(2, 3);
