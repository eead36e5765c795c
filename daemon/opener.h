/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
/*
 * Asks seccompd-open for what we may not open ourselves. It is connected to when it is first
 * needed, and again after a rest when it has gone away. No request waits longer than two seconds,
 * or fifteen until opener_started(). One request at a time: with the lock of watch-lock.h held.
 */
#include "evidence/tally.h"
#include "state/roots.h"

typedef struct Opener Opener;

/* @socket is borrowed. */
int opener_new(const char *socket, Opener **ret);
Opener *opener_free(Opener *o);
DEFINE_CLEANUP(Opener, opener_free);

/* For lib/state; lives as long as @o. */
const StateOpener *opener_for_state(const Opener *o);

/* A socket on the proc connector. An fd, or -errno with a few words in @why. */
int opener_connector(Opener *o, char *why, size_t size);

/* All is asked that a start needs: from now on others wait for us. */
void opener_started(Opener *o);

/* Looks whether it is there when nothing was asked of it for a while, and tells those who look on
 * how it is. */
void opener_report(Opener *o, TallyOpener *t);

/* Have we the capabilities ourselves? */
bool opener_is_needed(int proc_fd);
