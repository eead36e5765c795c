/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/* Times are microseconds since the epoch (UTC) in a uint64_t; 0 means not known. lib/ never asks
 * for the time itself: "now" is always a parameter. */
#include "util/span.h"

typedef uint64_t usec_t;
#define USEC_PER_SEC ((usec_t)1000000)
#define USEC_PER_MSEC ((usec_t)1000)

#define CLOCK_RFC3339_SIZE 40

/* "2026-11-22T03:06:00.123456Z"; "" for 0. Returns @buf. */
char *clock_format_rfc3339(usec_t t, char buf[static CLOCK_RFC3339_SIZE]);

/* "3 s ago", "5 min ago", "2 d ago", from 100 days on the day, "2026-11-22" (UTC); "not known" for 0;
 * "in the future" when @t is past @now. */
char *clock_format_ago(usec_t t, usec_t now, char *buf, size_t size);

/* "3 s", "2 h 5 min", "6 d 23 h": the two largest units, the rest cut; "250 ms" below a second.
 * Returns @buf. */
char *clock_format_span(usec_t t, char *buf, size_t size);

/*
 * A moment: "2026-11-22", "2026-11-22 03:06", "2026-11-22T03:06:00.123456Z", with "+01:00" or
 * "-08:00" in place of the Z; without either it is UTC. "@1700000000.123" is seconds since the
 * epoch. -EINVAL, -ERANGE for one before the epoch.
 */
int clock_parse_time(Span s, usec_t *ret);

/* "90s", "15min", "36h", "7d", "2w", "250ms", also several together ("1h30min"); a number alone is
 * of seconds. -EINVAL, -ERANGE. */
int clock_parse_span(Span s, usec_t *ret);

/* "2026-12-31": its first moment, in UTC. -EINVAL for what is no date from 1970 to 9999. */
int clock_parse_date(Span s, usec_t *ret);
