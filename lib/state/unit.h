/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * What systemd says of its units' filters, over its bus interface (org.freedesktop.systemd1(5)).
 * A bus that does not answer costs @timeout per call, no more. It is what was configured when
 * systemd last read its files: a service that was not restarted since may run under an older one.
 */
#include <systemd/sd-bus.h>

#include "util/unit-filter.h"
#include "util/clock.h"
#include "util/error.h"

/* Connects to the system's bus. -ETIMEDOUT, -errno. End it with sd_bus_close_unref(). */
int unit_bus_open(usec_t timeout, sd_bus **ret);

/* Brings a started connection up: sd-bus itself would wait for a silent bus without end.
 * -ETIMEDOUT, -errno. */
int unit_bus_wait(sd_bus *bus, usec_t timeout);

/*
 * The filters of a loaded unit. A kind of unit that runs no processes of its own, or another's
 * ("session-1.scope"), has none: an empty @ret. -ETIMEDOUT; other errors with a sentence in @d.
 */
int unit_read(sd_bus *bus, const char *unit, usec_t timeout, UnitFilter *ret, Diag *d);

/* How the last run of a unit ended, as long as systemd keeps it. */
typedef struct UnitEnd {
	char invocation[33]; /* of that run, or of the one that came behind it; "" = none */
	char result[32];     /* "success", "exit-code", "signal", ... */
} UnitEnd;

/* Errors as unit_read(); -ENOENT for a kind that has no runs. */
int unit_read_end(sd_bus *bus, const char *unit, usec_t timeout, UnitEnd *ret, Diag *d);

/* Calls @f with each active unit that has a filter. A return other than 0 ends the walk and is
 * returned. */
typedef int (*UnitFn)(const char *unit, const UnitFilter *filter, void *userdata);
int unit_each(sd_bus *bus, usec_t timeout, UnitFn f, void *userdata, Diag *d);
