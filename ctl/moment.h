/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Times as people read them, in what the client prints: how long ago. Programs get the exact ones,
 * with --json. */
#include "util/clock.h"

#define MOMENT_TEXT_MAX 80

/* "from 3 d ago to 5 min ago"; "5 min ago" where both read alike; "never" without @last. */
char *moment_between(usec_t first, usec_t last, usec_t now, char buf[static MOMENT_TEXT_MAX]);

/* A sentence of ours with each exact time that stands in it as how long ago it was: "the image
 * changed at 2026-11-22T03:06:00.123456Z" is "the image changed 3 h ago". What does not fit is cut.
 */
char *moment_sentence(const char *s, usec_t now, char *buf, size_t size);
