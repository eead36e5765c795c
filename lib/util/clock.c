/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <time.h>

#include "util/clock.h"

char *clock_format_rfc3339(usec_t t, char buf[static CLOCK_RFC3339_SIZE])
{
	time_t sec = (time_t)(t / USEC_PER_SEC);
	char date[CLOCK_RFC3339_SIZE - 10];
	struct tm tm;

	buf[0] = '\0';
	if (t == 0 || !gmtime_r(&sec, &tm) || strftime(date, sizeof(date), "%FT%T", &tm) == 0)
		return buf;
	snprintf(buf, CLOCK_RFC3339_SIZE, "%s.%06uZ", date, (unsigned)(t % USEC_PER_SEC));
	return buf;
}

char *clock_format_ago(usec_t t, usec_t now, char *buf, size_t size)
{
	static const struct {
		usec_t below, unit;
		const char *name;
	} steps[] = {
		{ 60, 1, "s" },
		{ 3600, 60, "min" },
		{ 48 * 3600, 3600, "h" },
		{ UINT64_MAX, 24 * 3600, "d" },
	};
	usec_t age;

	if (t == 0 || t > now + USEC_PER_SEC) {
		snprintf(buf, size, "%s", t == 0 ? "never" : "in the future");
		return buf;
	}
	age = t > now ? 0 : (now - t) / USEC_PER_SEC;
	for (size_t i = 0; i < ELEMENTSOF(steps); i++)
		if (age < steps[i].below) {
			snprintf(buf, size, "%llu %s ago",
				 (unsigned long long)(age / steps[i].unit), steps[i].name);
			break;
		}
	return buf;
}
