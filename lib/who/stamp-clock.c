/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "who/stamp-clock.h"

bool stamp_clock_note(StampClock *c, usec_t wall, usec_t monotonic)
{
	int64_t offset = (int64_t)(wall - monotonic), change = offset - c->offset;
	bool step =
		c->known && (change > (int64_t)STAMP_STEP_MIN || change < -(int64_t)STAMP_STEP_MIN);

	if (step) {
		/* Two steps in short order: what was doubtful stays so, by the first. */
		if (monotonic >= c->doubt_until)
			c->before = c->offset;
		c->doubt_until = monotonic + STAMP_DOUBT;
	}
	c->known = true;
	c->offset = offset;
	return step;
}

static usec_t subtract(usec_t stamp, int64_t offset)
{
	int64_t t = (int64_t)stamp - offset;

	return t < 0 ? 0 : (usec_t)t;
}

unsigned stamp_clock_times(const StampClock *c, usec_t stamp, usec_t now, usec_t ret[static 2])
{
	ret[0] = subtract(stamp, c->offset);
	if (now >= c->doubt_until)
		return 1;
	ret[1] = subtract(stamp, c->before);
	return 2;
}

usec_t stamp_clock_set_back(const StampClock *c, usec_t now)
{
	return now < c->doubt_until && c->before > c->offset ? (usec_t)(c->before - c->offset) : 0;
}
