/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
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
		{ 100 * 24 * 3600, 24 * 3600, "d" },
	};
	char date[CLOCK_RFC3339_SIZE];
	usec_t age;

	if (t == 0 || t > now + USEC_PER_SEC) {
		snprintf(buf, size, "%s", t == 0 ? "not known" : "in the future");
		return buf;
	}
	age = t > now ? 0 : (now - t) / USEC_PER_SEC;
	for (size_t i = 0; i < ELEMENTSOF(steps); i++)
		if (age < steps[i].below) {
			snprintf(buf, size, "%llu %s ago",
				 (unsigned long long)(age / steps[i].unit), steps[i].name);
			return buf;
		}
	snprintf(buf, size, "%.10s", clock_format_rfc3339(t, date));
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

/* ---- moments ---- */

/* @n digits, no more and no less. */
static int take_digits(Span *s, size_t n, int *ret)
{
	uint32_t value = 0;
	int r = s->n < n ? -EINVAL : parse_u32(span_first(*s, n), &value);

	*s = span_from(*s, n);
	*ret = (int)value;
	return r;
}

/* "-22", or nothing changed but the result. */
static int take_part(Span *s, const char *mark, int *ret)
{
	return span_skip(s, span_of(mark)) ? take_digits(s, 2, ret) : -EINVAL;
}

/* ".123456" or nothing; what is finer than a microsecond is cut. */
static int take_fraction(Span *s, usec_t *ret)
{
	usec_t unit = USEC_PER_SEC / 10;
	size_t n = 0;

	*ret = 0;
	if (!span_skip(s, SPAN_LIT(".")))
		return 0;
	for (; s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; *s = span_from(*s, 1), n++) {
		*ret += (usec_t)(s->p[0] - '0') * unit;
		unit /= 10;
	}
	return n > 0 ? 0 : -EINVAL;
}

static int take_date(Span *s, struct tm *tm)
{
	int r = take_digits(s, 4, &tm->tm_year);

	if (r == 0)
		r = take_part(s, "-", &tm->tm_mon);
	if (r == 0)
		r = take_part(s, "-", &tm->tm_mday);
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	return r;
}

static int take_clock(Span *s, struct tm *tm, usec_t *ret_fraction)
{
	int r = take_digits(s, 2, &tm->tm_hour);

	if (r == 0)
		r = take_part(s, ":", &tm->tm_min);
	if (r < 0 || s->n == 0 || s->p[0] != ':')
		return r;
	r = take_part(s, ":", &tm->tm_sec);
	return r < 0 ? r : take_fraction(s, ret_fraction);
}

/* Seconds east of Greenwich. */
static int take_zone(Span *s, int *ret)
{
	int sign = span_skip(s, SPAN_LIT("+")) ? 1 : span_skip(s, SPAN_LIT("-")) ? -1 : 0;
	int hours = 0, minutes = 0, r;

	*ret = 0;
	if (sign == 0) {
		(void)span_skip(s, SPAN_LIT("Z"));
		return 0;
	}
	r = take_digits(s, 2, &hours);
	if (r == 0)
		r = take_part(s, ":", &minutes);
	*ret = sign * (hours * 3600 + minutes * 60);
	return r == 0 && (hours > 23 || minutes > 59) ? -EINVAL : r;
}

/* 30 February is the 2nd of March for timegm(). */
static int make_time(const struct tm *tm, time_t *ret)
{
	struct tm copy = *tm;

	*ret = timegm(&copy);
	return copy.tm_mon == tm->tm_mon && copy.tm_mday == tm->tm_mday &&
			       copy.tm_hour == tm->tm_hour && copy.tm_min == tm->tm_min &&
			       copy.tm_sec == tm->tm_sec
		       ? 0
		       : -EINVAL;
}

static int parse_epoch(Span s, usec_t *ret)
{
	usec_t fraction = 0;
	uint64_t seconds;
	size_t n = 0;
	int r;

	while (n < s.n && s.p[n] != '.')
		n++;
	r = parse_u64(span_first(s, n), &seconds);
	s = span_from(s, n);
	if (r == 0)
		r = take_fraction(&s, &fraction);
	if (r < 0 || s.n > 0)
		return r < 0 ? r : -EINVAL;
	if (seconds > INT64_MAX / USEC_PER_SEC - 1)
		return -ERANGE;
	*ret = seconds * USEC_PER_SEC + fraction;
	return 0;
}

int clock_parse_time(Span s, usec_t *ret)
{
	struct tm tm = { 0 };
	usec_t fraction = 0;
	time_t seconds = 0;
	int zone = 0, r;

	if (span_skip(&s, SPAN_LIT("@")))
		return parse_epoch(s, ret);
	r = take_date(&s, &tm);
	if (r == 0 && (span_skip(&s, SPAN_LIT("T")) || span_skip(&s, SPAN_LIT(" "))))
		r = take_clock(&s, &tm, &fraction);
	if (r == 0)
		r = take_zone(&s, &zone);
	if (r == 0)
		r = make_time(&tm, &seconds);
	if (r < 0 || s.n > 0)
		return r < 0 ? r : -EINVAL;
	if (seconds < zone)
		return -ERANGE;
	*ret = (usec_t)(seconds - zone) * USEC_PER_SEC + fraction;
	return 0;
}

int clock_parse_date(Span s, usec_t *ret)
{
	if (s.n != strlen("2026-12-31") || s.p[0] == '@')
		return -EINVAL;
	return clock_parse_time(s, ret) < 0 ? -EINVAL : 0;
}
