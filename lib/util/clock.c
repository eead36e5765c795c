/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <time.h>

#include "util/clock.h"
#include "util/parse.h"

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

/* The largest first. */
static const struct {
	const char *name;
	usec_t length;
	bool shown;
} units[] = {
	{ "w", 7 * 24 * 3600 * USEC_PER_SEC, false },
	{ "d", 24 * 3600 * USEC_PER_SEC, true },
	{ "h", 3600 * USEC_PER_SEC, true },
	{ "min", 60 * USEC_PER_SEC, true },
	{ "s", USEC_PER_SEC, true },
	{ "ms", USEC_PER_MSEC, true },
};

char *clock_format_span(usec_t t, char *buf, size_t size)
{
	size_t at = 0, said = 0;

	snprintf(buf, size, "0 s");
	for (size_t i = 0; i < ELEMENTSOF(units) && said < 2; i++) {
		usec_t n = t / units[i].length;

		/* Units that follow each other: "6 d 23 h", never "6 d 3 s". */
		if (!units[i].shown || (n == 0 && said == 0))
			continue;
		said++;
		t %= units[i].length;
		if (n == 0 || at >= size || (said == 2 && units[i].length < USEC_PER_SEC))
			continue;
		at += (size_t)snprintf(buf + at, size - at, "%s%llu %s", at > 0 ? " " : "",
				       (unsigned long long)n, units[i].name);
	}
	return buf;
}

static size_t count_digits(Span s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n;
}

static usec_t unit_of(Span name)
{
	for (size_t i = 0; i < ELEMENTSOF(units); i++)
		if (span_is(name, units[i].name))
			return units[i].length;
	return name.n == 0 ? USEC_PER_SEC : 0;
}

int clock_parse_span(Span s, usec_t *ret)
{
	usec_t sum = 0;

	do {
		size_t digits = count_digits(s), letters = 0;
		usec_t unit, part;
		uint64_t n;
		int r = parse_u64(span_first(s, digits), &n);

		if (r < 0)
			return r;
		s = span_from(s, digits);
		while (letters < s.n && (s.p[letters] < '0' || s.p[letters] > '9'))
			letters++;
		unit = unit_of(span_first(s, letters));
		s = span_from(s, letters);
		if (unit == 0)
			return -EINVAL;
		if (__builtin_mul_overflow(n, unit, &part) ||
		    __builtin_add_overflow(sum, part, &sum) || sum > INT64_MAX)
			return -ERANGE;
	} while (s.n > 0);
	*ret = sum;
	return 0;
}

/* Years, months and days, each with its digits. */
static int parse_date_parts(Span s, uint32_t part[static 3])
{
	static const size_t digits[] = { 4, 2, 2 };
	Span word;

	for (size_t i = 0; i < 3; i++) {
		span_split(&s, '-', &word);
		if (word.n != digits[i] || parse_u32(word, &part[i]) < 0)
			return -EINVAL;
	}
	return s.p ? -EINVAL : 0;
}

int clock_parse_date(Span s, usec_t *ret)
{
	struct tm tm = { 0 }, day;
	uint32_t part[3];
	time_t t;

	if (parse_date_parts(s, part) < 0 || part[0] < 1970)
		return -EINVAL;
	tm.tm_year = (int)part[0] - 1900;
	tm.tm_mon = (int)part[1] - 1;
	tm.tm_mday = (int)part[2];
	day = tm;
	t = timegm(&day);
	/* the 31st of February has become another day */
	if (t < 0 || day.tm_mon != tm.tm_mon || day.tm_mday != tm.tm_mday)
		return -EINVAL;
	*ret = (usec_t)t * USEC_PER_SEC;
	return 0;
}
