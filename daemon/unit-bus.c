/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "daemon/log.h"
#include "daemon/unit-bus.h"

#define TIMEOUT USEC_PER_SEC

/* After a failure; a bus that is only busy is asked again soon, one that is not there less and less
 * often. */
#define REST_MIN (5 * USEC_PER_SEC)
#define REST_MAX (60 * USEC_PER_SEC)

struct UnitBus {
	WatchLock *held;
	sd_bus *bus;   /* NULL until it is needed, and after a failure */
	usec_t failed; /* 0 = it works, as far as is known */
	usec_t rest;   /* from then on; 0 = none yet */
	bool told;
};

int unit_bus_new(WatchLock *held, UnitBus **ret)
{
	*ret = calloc(1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	(*ret)->held = held;
	return 0;
}

UnitBus *unit_bus_free(UnitBus *b)
{
	if (!b)
		return NULL;
	sd_bus_close_unref(b->bus);
	free(b);
	return NULL;
}

/* A host without systemd is no fault. */
static void note_failure(UnitBus *b, int r, const char *why, usec_t now)
{
	b->bus = sd_bus_close_unref(b->bus);
	b->failed = now;
	b->rest = b->rest == 0 ? REST_MIN : MIN(2 * b->rest, REST_MAX);
	if (!b->told && r != -ENOENT && r != -ECONNREFUSED)
		log_line(LOG_WARNING, "cannot read the system call filters of units: %s", why);
	b->told = true;
}

/* The bus lives: what it said is about this one unit. */
static bool is_about_the_unit(int r)
{
	return r != -ETIMEDOUT && r != -ENOTCONN && r != -ECONNRESET && r != -EPIPE;
}

static int prepare(UnitBus *b, usec_t now)
{
	int r = 0;

	if (b->failed > 0 && now >= b->failed && now < b->failed + b->rest)
		return -EHOSTDOWN;
	b->failed = 0;
	if (!b->bus)
		r = unit_bus_open(TIMEOUT, &b->bus);
	if (r < 0)
		note_failure(b, r, strerror(-r), now);
	return r;
}

static int note_answer(UnitBus *b, int r, const Diag *d, usec_t now)
{
	if (r < 0 && !is_about_the_unit(r))
		note_failure(b, r, d->text[0] ? d->text : strerror(-r), now);
	else
		b->rest = 0;
	return r;
}

bool unit_bus_rests(const UnitBus *b)
{
	return b->failed > 0;
}

int unit_bus_read(UnitBus *b, const char *unit, usec_t now, UnitFilter *ret)
{
	Diag d = { 0 };
	int r;

	watch_unlock(b->held);
	r = prepare(b, now);
	if (r >= 0)
		r = note_answer(b, unit_read(b->bus, unit, TIMEOUT, ret, &d), &d, now);
	watch_lock(b->held);
	return r;
}

int unit_bus_read_end(UnitBus *b, const char *unit, usec_t now, UnitEnd *ret)
{
	Diag d = { 0 };
	int r;

	watch_unlock(b->held);
	r = prepare(b, now);
	if (r >= 0)
		r = note_answer(b, unit_read_end(b->bus, unit, TIMEOUT, ret, &d), &d, now);
	watch_lock(b->held);
	return r;
}
