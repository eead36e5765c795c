/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * The system's bus as the writer uses it: a unit's filters, or an error within a second. A bus that
 * failed is left alone for a while, so that it holds up one pass, not each.
 */
#include "daemon/watch-lock.h"
#include "state/unit.h"

typedef struct UnitBus UnitBus;

/* @held: a lock that the caller holds at each call, and that is let go while the bus is waited for;
 * may be NULL. */
int unit_bus_new(WatchLock *held, UnitBus **ret);
UnitBus *unit_bus_free(UnitBus *b);
DEFINE_CLEANUP(UnitBus, unit_bus_free);

/* -EHOSTDOWN while it is left alone. */
int unit_bus_read(UnitBus *b, const char *unit, usec_t now, UnitFilter *ret);

/* How a unit ended; likewise. */
int unit_bus_read_end(UnitBus *b, const char *unit, usec_t now, UnitEnd *ret);

/* Did the last call fail for the bus itself, so that all units are to be asked again? */
bool unit_bus_rests(const UnitBus *b) _pure_;
